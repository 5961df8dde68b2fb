"""Infrastructure is construction or platform, fiscal policy says whom it helps, rules show that firms were heard."""

import pytest
from django.utils import translation

from applications import differences, snapshot
from applications.models import Consultation, Measure
from applications.services import versions
from review import reading
from review.printing import tables as printed
from review.states import State as S
from tests.builders import Walk
from tests.pages import text

HARD = {"title": "建设公共信息平台", "area": "infrastructure", "kind": "hard", "place": "示例园区", "money": "1200"}
FISCAL = {"title": "出台帮扶措施", "area": "policy", "kind": "soft", "instrument": "fiscal"}


def add(city, case, **values):
    return city.post(f"/plans/{case.plan.reference}/tables/measures/add/", values)


def listed(city, case):
    return text(city.get(f"/plans/{case.plan.reference}/tables/measures/"))


def test_infrastructure_is_told_apart(city, case):
    assert add(city, case, **HARD).status_code == 302
    assert "请选择是建设改造还是公共平台。" in listed(city, case)
    assert add(city, case, **HARD | {"title": "改造仓储", "facility": "construction"}).status_code == 302
    Measure.objects.filter(title=HARD["title"]).update(facility="platform")
    said = listed(city, case)
    assert "请选择是建设改造还是公共平台。" not in said
    assert "硬性 公共平台" in said
    assert "硬性 建设改造" in said


def test_fiscal_policy_says_whom_it_helps(city, case):
    assert add(city, case, **FISCAL).status_code == 302
    assert "请选择扶持对象类别。" in listed(city, case)
    Measure.objects.filter(title=FISCAL["title"]).update(helped="weak_groups", helped_group="残疾人网店")
    said = listed(city, case)
    assert "软性 困难群体 残疾人网店" in said
    assert "请选择扶持对象类别。" not in said
    assert add(city, case, **FISCAL | {"title": "另一项", "helped": "nobody"}).status_code == 422


def test_rule_shows_when_firms_were_heard_on_it(city, case):
    assert "听取企业意见： 2026年2月3日 座谈会" in listed(city, case)
    Consultation.objects.filter(plan=case.plan).update(parts=["services"])
    said = listed(city, case)
    assert "征求意见情况中看不出就此听取过电子商务企业的意见。" in said
    assert "听取企业意见" not in said
    Consultation.objects.get(plan=case.plan).measures.set([case.plan.measures.get()])
    assert "听取企业意见" in listed(city, case)
    assert "核对：" not in text(city.get(f"/plans/{case.plan.reference}/")).split("任务分解表")[1].split("重点工程")[0]


def measure_of(version):
    (row,) = versions.read(version)["measures"]
    return row


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_version_reading_page_and_print_hold_all_three(world, see, prefix):
    case = world.draft()
    case.plan.measures.update(instrument="fiscal", helped="small_firms", helped_group="示例网店")
    Walk(world, case, world.lead).to(S.WITH_CHANNEL)
    version = case.plan.versions.get()
    assert {n: measure_of(version)[n] for n in ("facility", "helped", "helped_group")} == {
        "facility": "", "helped": "small_firms", "helped_group": "示例网店",
    }  # fmt: skip
    said = text(see(world.channel, f"{prefix}/plans/{case.plan.reference}/v1/read/"))
    english = ("Whom it helps: Small and medium-sized firms", "Firms heard:")
    assert all(words in said for words in (english if prefix else ("扶持对象：中小企业", "听取企业意见：")))
    with translation.override("zh-hans"):
        cells = ["".join(cell) for cell in printed.measures(versions.read(version)).rows[0]]
    assert "扶持对象：中小企业" in cells[3]
    assert "听取企业意见：2026年2月3日座谈会" in cells[3]


def test_version_from_before_the_fields_still_reads_and_compares(world):
    case = world.case(S.WITH_CHANNEL)
    now = versions.read(case.plan.versions.get())
    old = {
        **now,
        "measures": [{k: v for k, v in row.items() if k not in {"facility", "helped"}} for row in now["measures"]],
        "consultations": [
            {k: v for k, v in row.items() if k not in {"parts", "measures", "outcome", "dissenting"}}
            for row in now["consultations"]
        ],
    }
    assert [r.kind for r in differences.compare_measures(old["measures"], now["measures"])] == ["same"]
    changed = [now["measures"][0] | {"helped": "weak_groups"}]
    (row,) = differences.compare_measures(old["measures"], changed)
    assert [(c.field, c.new) for c in row.changes] == [("helped", "weak_groups")]
    assert "听取企业意见" not in "".join("".join(cell) for cell in printed.measures(old).rows[0])
    (shown,) = [part for part in reading.parts(old, [], files={}) if part["key"] == "measures"]
    assert shown["blocks"][0]["cells"]["heard"] == ""
    assert snapshot.characters(old) == snapshot.characters(now)
