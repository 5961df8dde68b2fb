"""Signals that a target may reach too far: what raises one, and that the group alone ever sees it."""

import io
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse
from docx import Document
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from applications.models import Indicator
from portal import blobs, outbox
from review import overreach
from review.models import PlanExport
from review.overreach import National, on_indicator, signals
from review.services import exports
from review.states import State as S
from tests.builders import Walk
from tests.review.printing.sample import text_of

ROW = {
    "id": "1", "name": "网络零售额", "unit": "亿元",
    "baseline_year": 2025, "baseline_value": "320", "target_year": 2028, "target_value": "480",
}  # fmt: skip
SHARE = ROW | {"name": "电子认证覆盖率", "unit": "%", "baseline_value": "38", "target_value": "65"}
RETAIL = National(("网络零售额",), "万亿元", Decimal("0.5"), 2024, "示例来源")
ADOPTION = National(("电子认证覆盖率",), "%", Decimal("40"), 2024, "示例来源")
TITLE = "可能偏高的目标"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW, []),
        (ROW | {"target_value": "960", "target_year": 2034}, []),  # three times, and slowly
        (ROW | {"target_value": "961", "target_year": 2034}, ["目标是基期的 3 倍（超过 3 倍）。"]),
        (ROW | {"target_value": "1600", "target_year": 2035}, ["目标是基期的 5 倍（超过 3 倍）。"]),
        (ROW | {"target_value": "704"}, ["年均要增长 30.1%（超过 30%）。"]),
        (ROW | {"target_value": "703"}, []),
        (ROW | {"target_value": "1280"}, ["目标是基期的 4 倍（超过 3 倍）。", "年均要增长 58.7%（超过 30%）。"]),
        (ROW | {"baseline_value": "", "target_value": "9999"}, []),
        (ROW | {"baseline_value": "0", "target_value": "9999"}, []),
        (ROW | {"target_value": "100"}, []),  # meant to fall
        (ROW | {"baseline_year": "", "target_value": "1000"}, ["目标是基期的 3.1 倍（超过 3 倍）。"]),
        (SHARE, []),
        (SHARE | {"target_value": "78"}, []),
        (SHARE | {"target_value": "78.5"}, ["占比要提高 40.5 个百分点。"]),
        (SHARE | {"target_value": "100.01"}, ["目标占比超过 100%。"]),
        (SHARE | {"unit": "％", "target_value": "120"}, ["目标占比超过 100%。"]),
        (SHARE | {"unit": "‰", "baseline_value": "3", "target_value": "900"}, []),
        (SHARE | {"unit": "‰", "target_value": "1001"}, ["目标占比超过 1000‰。"]),
        (ROW | {"target_value": ""}, []),
    ],
)
def test_what_raises_a_signal(row, said):
    assert on_indicator(row) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW, []),
        (ROW | {"target_value": "500"}, []),
        (ROW | {"target_value": "501"}, ["相当于 2024 年全国 0.5 万亿元的 10%（示例来源）。"]),
        (ROW | {"unit": "万元", "baseline_value": "", "target_value": "10000000"},
         ["相当于 2024 年全国 0.5 万亿元的 20%（示例来源）。"]),
        (ROW | {"name": "农村网络零售额", "target_value": "600"}, []),
        (ROW | {"unit": "家", "target_value": "600"}, []),
        (SHARE | {"target_value": "70"}, []),
        (SHARE | {"target_value": "70.1"}, ["2024 年全国为 40%（示例来源）。"]),
    ],
)  # fmt: skip
def test_against_the_country(row, said):
    assert [s for s in on_indicator(row, (RETAIL, ADOPTION)) if "全国" in s] == said


def test_national_figures_name_their_year_and_source():
    assert overreach.national()
    for known in overreach.national():
        assert all(known.names)
        assert known.source
        assert known.value > 0


def test_only_rows_with_a_signal_are_named():
    high = ROW | {"id": "2", "target_value": "1600", "target_year": 2035}
    assert signals({"indicators": [ROW, high]}, ()) == {"2": ["目标是基期的 5 倍（超过 3 倍）。"]}


@bounded(max_examples=40)
@given(st.decimals(1, 10**9, places=2), st.decimals(0, 10**9, places=2), st.sampled_from(["亿元", "%", "家"]))
def test_a_higher_target_never_says_less(first, last, unit):
    row = ROW | {"unit": unit, "baseline_value": str(first)}
    lower, higher = (len(on_indicator(row | {"target_value": str(v)})) for v in (last, 4 * last + 5 * first + 101))
    assert lower <= higher


def shared(world):
    case = world.draft()
    Indicator.objects.filter(plan=case.plan).update(target_value=3200)
    return Walk(world, case, world.lead).to(S.UNDER_DISCUSSION)


def test_the_group_alone_is_told(client, world, case):
    page = reverse("plan_read", args=[case.plan.reference, 1])
    seen = {}
    for name in ("group_office", "leader", "lead", "editor", "channel"):
        client.force_login(getattr(world, name).user)
        html = client.get(page).content.decode()
        assert "网络零售额" in html
        seen[name] = TITLE in html
    assert seen == {"group_office": True, "leader": True, "lead": False, "editor": False, "channel": False}
    client.force_login(world.group_office.user)
    assert "目标是基期的 10 倍（超过 3 倍）。" in client.get(page).content.decode()


def test_no_page_of_the_city_tells(client, world, case):
    ref = case.plan.reference
    client.force_login(world.lead.user)
    for address in (
        reverse("plan", args=[ref]), reverse("plan_checks", args=[ref]), reverse("plan_rows", args=[ref, "indicators"]),
        reverse("plan_section", args=[ref, "applications"]), reverse("plan_versions", args=[ref]),
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200
        assert TITLE not in answer.content.decode()
        assert "超过 3 倍" not in answer.content.decode()


def test_no_file_tells_not_even_one_the_group_asked_for(world, case):
    for kind in PlanExport.Format.values:
        exports.ask(case.plan, case.latest_version, kind, by=world.group_office)
    assert outbox.sweep(kind="export") == 2
    for row in PlanExport.objects.select_related("file"):
        with blobs.open_blob(row.file.sha256, settings.PRIVATE_ROOT) as stream:
            data = stream.read()
        said = "".join(text_of(data)) if row.format == "pdf" else Document(io.BytesIO(data)).element.xml
        assert "网络零售额" in said
        assert TITLE not in said
        assert "超过 3 倍" not in said.replace("\n", "")
