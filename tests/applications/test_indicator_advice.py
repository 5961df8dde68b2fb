"""What a row of the indicator table should still be looked at for; and the indicators a city may begin with."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from applications import advice, library
from applications.areas import Area, Softness
from applications.models import Indicator
from applications.units import UNITS

SAMPLES = Path(__file__).parents[2] / "review" / "samples"
GOOD = {
    "name": "示例指标",
    "area": "support",
    "kind": "soft",
    "unit": "家",
    "baseline_year": 2025,
    "baseline_value": Decimal(100),
    "target_year": 2028,
    "target_value": Decimal(150),
    "source": "市统计局",
    "department": "市商务局",
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"target_value": Decimal(90)}, ["目标低于基期值，是下降目标吗？"]),
        ({"target_value": Decimal(500)}, []),
        ({"target_value": Decimal("500.01")}, ["目标超过基期值的 5 倍，请在数据来源里写明依据。"]),
        ({"baseline_value": Decimal(0)}, []),
        ({"baseline_value": None}, ["还没有基期值。没有统计的，请在数据来源里写明何时开始统计。"]),
        ({"target_year": 2025}, ["目标年不晚于基期年。"]),
        ({"target_year": 2024}, ["目标年不晚于基期年。"]),
        ({"baseline_year": None}, []),
        ({"unit": "%"}, ["百分比超过 100。"]),
        ({"unit": "％"}, ["百分比超过 100。"]),
        ({"unit": "%", "target_value": Decimal(100)}, []),
        ({"unit": "笸箩"}, ["“笸箩”不是常用单位，请核对。"]),
        ({"name": "网络零售额", "unit": "万元"}, ["这个指标通常以亿元计，这里用的是万元。"]),
        ({"name": " 网络零售额 ", "unit": "亿元"}, []),
        ({"source": " "}, ["请写明数据从哪里来。"]),
        ({"department": ""}, ["请写明由哪个部门负责。"]),
    ],
)
def test_words_about_a_row(changed, said):
    assert advice.on_indicator(Indicator(**(GOOD | changed))) == said


@pytest.mark.parametrize(
    ("years", "values", "unit", "zh", "en"),
    [
        ((2025, 2029), (72, 95), "%", "4 年共提高 23 个百分点", "up 23 percentage points in 4 years"),
        ((2025, 2028), (65, Decimal("60.5")), "％", "3 年共下降 4.5 个百分点", "down 4.5 percentage points in 3 years"),
        ((2027, 2028), (1, 2), "%", "1 年共提高 1 个百分点", "up 1 percentage point in 1 year"),
        ((None, 2028), (38, 65), "%", "共提高 27 个百分点", "up 27 percentage points in all"),
        ((2028, 2028), (38, 65), "%", "共提高 27 个百分点", "up 27 percentage points in all"),
        ((2025, 2028), (65, 65), "%", "没有变化", "no change"),
        ((2025, 2028), (0, 65), "%", "3 年共提高 65 个百分点", "up 65 percentage points in 3 years"),
        ((2025, 2028), (None, 65), "%", "", ""),
        ((2025, 2028), (100, 150), "家", "", ""),
    ],
)
def test_how_far_a_share_moves_and_in_how_many_years(years, values, unit, zh, en):
    names = ("baseline_year", "target_year", "baseline_value", "target_value")
    row = Indicator(**GOOD | dict(zip(names, (*years, *values), strict=True)) | {"unit": unit})
    assert advice.share_change(row) == zh
    with translation.override("en"):
        assert advice.share_change(row) == en


def test_the_table_shows_the_whole_change_with_its_years(client, world):
    case = world.draft()
    share = {"unit": "%", "target_value": 65, "baseline_value": 38}
    Indicator.objects.filter(plan=case.plan).update(**share, baseline_year=2025, target_year=2028)
    client.force_login(world.editor.user)
    page = client.get(f"/plans/{case.plan.reference}/tables/indicators/").content.decode()
    assert '<td class="n" data-label="年均增速">3 年共提高 27 个百分点</td>' in page


def test_the_library_has_three_for_each_area():
    found = library.suggestions()
    assert Counter(s.area for s in found) == dict.fromkeys(Area.values, 3)
    assert len({s.name for s in found}) == len(found)
    assert {s.kind for s in found} <= set(Softness.values)
    assert {s.unit for s in found} <= UNITS
    assert max(len(s.name) for s in found) <= 60


def test_what_is_missing():
    assert [area for area, _found in library.missing(["policy", "services"])] == [
        Area.SUPPORT, Area.INFRASTRUCTURE, Area.APPLICATIONS,
    ]  # fmt: skip
    numbers = [n for _area, found in library.missing([]) for n, _one in found]
    assert numbers == list(range(15))


def test_one_click_fills_in_a_suggestion(client, world):
    case = world.draft()
    client.force_login(world.editor.user)
    at = f"/plans/{case.plan.reference}/tables/indicators/"
    page = client.get(at).content.decode()
    assert "还没有指标的任务：推荐指标" in page
    assert page.count("?suggested=") == 12, "applications has one already"
    form = client.get(f"{at}add/?suggested=3").content.decode()
    assert 'value="电子认证覆盖率"' in form
    assert '<option value="support" selected>' in form
    assert 'value="2029"' in form
    for wrong in ("99", "x", "-1"):
        assert client.get(f"{at}add/?suggested={wrong}").status_code == 200
    Indicator.objects.all().delete()
    empty = client.get(at).content.decode()
    assert ("推荐指标" in empty, empty.count("?suggested=")) == (True, 15)


def test_the_sample_plans_use_usual_units():
    found = [
        row
        for name in ("plan", "cities")
        for row in everything(json.loads((SAMPLES / f"{name}.json").read_text("utf-8")))
        if {"unit", "name"} <= row.keys()
    ]
    assert len(found) > 10
    odd = [advice.on_unit(Indicator(name=row["name"], unit=row["unit"])) for row in found]
    assert [words for words in odd if words] == []


def everything(data):
    """Yield every object of a JSON document."""
    if isinstance(data, dict):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from everything(part)
