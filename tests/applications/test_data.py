"""The reference data: cities, organisations and the example call."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "applications" / "data"


def load(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


CITIES = load("cities.json")["cities"]
PROVINCES = load("cities.json")["provinces"]
AGENCIES = load("organisations.json")["agencies"]
OFFICES = load("organisations.json")["offices"]
CALL = load("call_2026.json")
BY_CODE = {city["code"]: city for city in CITIES}


def test_counts_by_level():
    assert Counter(city["level"] for city in CITIES) == {"municipality": 4, "prefecture": 333, "county": 33}
    assert len(PROVINCES) == 34


@pytest.mark.parametrize(
    ("code", "name", "slug", "initials"),
    [
        ("110000", "北京市", "beijing", "bj"),
        ("330100", "杭州市", "hangzhou", "hz"),
        ("330782", "义乌市", "yiwu", "yw"),
        ("441900", "东莞市", "dongguan", "dg"),
        ("500000", "重庆市", "chongqing", "cq"),
        ("350200", "厦门市", "xiamen", "xm"),
        ("341500", "六安市", "luan", "la"),
        ("340300", "蚌埠市", "bengbu", "bb"),
        ("211300", "朝阳市", "chaoyang", "cy"),
        ("411100", "漯河市", "luohe", "lh"),
        ("220100", "长春市", "changchun", "cc"),
        ("140400", "长治市", "changzhi", "cz"),
        ("511100", "乐山市", "leshan", "ls"),
        ("540300", "昌都市", "changdu", "cd"),
        ("331100", "丽水市", "lishui", "ls"),
        ("331000", "台州市", "taizhou-zhejiang", "tz"),
        ("321200", "泰州市", "taizhou-jiangsu", "tz"),
        ("152500", "锡林郭勒盟", "xilinguole", "xlgl"),
        ("513200", "阿坝藏族羌族自治州", "aba", "ab"),
        ("659004", "五家渠市", "wujiaqu", "wjq"),
    ],
)
def test_known_cities(code, name, slug, initials):
    city = BY_CODE[code]
    assert (city["name"], city["slug"], city["initials"]) == (name, slug, initials)


def test_codes_and_slugs_are_unique_and_well_formed():
    assert len(BY_CODE) == len(CITIES)
    assert len({city["slug"] for city in CITIES}) == len(CITIES)
    for city in CITIES:
        assert re.fullmatch(r"\d{6}", city["code"])
        assert re.fullmatch(r"[a-z]+(-[a-z]+)?", city["slug"]), city
        assert re.fullmatch(r"[a-z]{2,6}", city["initials"]), city
        assert 2 <= len(city["short"]) <= 5, city


def test_every_city_lies_in_its_province():
    provinces = {province["code"] for province in PROVINCES}
    for city in CITIES:
        assert city["province"] in provinces
        assert city["province"][:2] == city["code"][:2]


def test_the_level_shows_in_the_code():
    for city in CITIES:
        expected = {
            "municipality": r"\d\d0000",
            "prefecture": r"\d\d(?!00)\d\d00",
            "county": r"\d{4}(?!00)\d\d",
        }
        assert re.fullmatch(expected[city["level"]], city["code"]), city


def test_the_corps_cities_are_marked():
    assert sorted(city["code"] for city in CITIES if city.get("corps")) == [f"6590{n:02}" for n in range(1, 13)]


def test_tiles_do_not_clash():
    tiles = Counter((province["column"], province["row"]) for province in PROVINCES)
    assert set(tiles.values()) == {1}
    beijing = next(province for province in PROVINCES if province["code"] == "110000")
    assert (beijing["abbreviation"], beijing["column"], beijing["row"]) == ("京", 6, 2)
    assert {province["pinyin"] for province in PROVINCES} >= {"shanxi", "shaanxi", "chongqing", "xizang"}


def test_every_provincial_unit_has_both_offices():
    mainland = {p["code"] for p in PROVINCES if p["code"][:2] not in {"71", "81", "82"}}
    assert len(mainland) == 31
    for kind in ("province_drc", "province_commerce"):
        plain = [office for office in OFFICES if office["kind"] == kind and not office.get("corps")]
        assert {office["province"] for office in plain} == mainland
        assert len(plain) == 31
        assert len([office for office in OFFICES if office["kind"] == kind and office.get("corps")]) == 1


def test_direct_cities_have_both_offices():
    direct = set(CALL["direct_filing_cities"])
    assert len(direct) == 15
    assert direct <= set(BY_CODE)
    for kind in ("city_drc", "city_commerce"):
        assert {office["city"] for office in OFFICES if office["kind"] == kind} == direct
    assert {"210200", "330200", "350200", "370200", "440300"} <= direct


def test_office_keys_and_names_are_unique():
    assert len({office["key"] for office in OFFICES}) == len(OFFICES) == 94
    assert len({office["name"] for office in OFFICES}) == 94


def names_on(day):
    valid = [a for a in AGENCIES if a["valid_from"] <= day and (not a["valid_to"] or day <= a["valid_to"])]
    return {agency["key"]: agency["name"] for agency in valid}


def test_agencies_of_the_call_in_order():
    names = names_on("2026-06-01")
    assert [names[key] for key in CALL["agencies"]] == [
        "国家发展和改革委员会",
        "商务部",
        "中国人民银行",
        "国家税务总局",
        "国家市场监督管理总局",
    ]
    assert CALL["agencies"][0] == CALL["lead"]


def test_agencies_of_the_founding_document():
    names = names_on(CALL["founding"]["date"])
    assert names[CALL["founding"]["agencies"][-1]] == "国家工商行政管理总局"
    assert "samr" not in names


def test_old_agencies_name_a_successor_that_starts_when_they_end():
    by_key = {agency["key"]: agency for agency in AGENCIES}
    ended = [agency for agency in AGENCIES if agency["valid_to"]]
    assert {agency["key"] for agency in ended} == {"saic", "aqsiq"}
    for agency in ended:
        start = date.fromisoformat(by_key[agency["successor"]]["valid_from"])
        assert (start - date.fromisoformat(agency["valid_to"])).days == 1


def test_the_lead_agency_has_a_series_for_each_genre():
    lead = next(agency for agency in AGENCIES if agency["key"] == CALL["lead"])
    assert lead["series"]["复函"] == "发改办高技"
    assert set(lead["series"]) == {"复函", "批复", "通知"}


def test_deadlines_of_the_call():
    assert CALL["deadlines"] == {
        "with_channel": 10,
        "awaiting_discussion": 5,
        "under_discussion": 20,
        "opinion_drafting": 10,
        "under_revision": 20,
        "recheck": 10,
        "ready": 20,
        "checking": 5,
        "formal_review": 10,
        "cosigning": 7,
    }
    assert CALL["genre"] == "复函"
