"""What every letter must say, for each genre and kind."""

import itertools
import re
from datetime import date

import pytest

from review.letters import wording

GENRES = {"reply": "函复", "approval": "批复", "notice": "通知"}
NOUNS = {"reply": "复函", "approval": "批复", "notice": "通知"}
SHORT = ["国家发展改革委", "商务部", "人民银行"]
FILING = {"title": "关于申请创建国家电子商务示范城市的函", "number": "示例发改〔2026〕9号", "date": date(2026, 8, 3)}


def city(kind, genre):
    return wording.city(
        kind=kind,
        genre=genre,
        city="示例市",
        addressee="示例省发展和改革委员会",
        plan="示例市创建工作方案",
        filing=FILING,
        agencies=SHORT,
        copies=["示例市人民政府"],
        earlier="发改办高技〔2025〕7号",
    )


def joint(kind, genre, names):
    text = wording.joint(kind=kind, genre=genre, agencies=SHORT)
    fields = {"cities": wording.some(names), "count": str(len(names))}
    body = [wording.fill(part, fields) for _level, part in text["body"]]
    return wording.fill(text["title"], fields), body


@pytest.mark.parametrize(("kind", "genre"), list(itertools.product(["approve", "rescind"], GENRES)))
def test_title_opening_and_close_are_of_the_batch_genre(kind, genre):
    act = "同意" if kind == "approve" else "撤销同意"
    text = city(kind, genre)
    for title, body in (
        (text["title"], [part for _level, part in text["body"]]),
        joint(kind, genre, ["示例市"]),
    ):
        assert title == f"关于{act}示例市创建国家电子商务示范城市的{NOUNS[genre]}"
        assert body[-1] == f"特此{GENRES[genre]}。"
        assert GENRES[genre] in body[0]
        assert body[0].endswith("如下：")
        others = [f"另行{verb}" for other, verb in GENRES.items() if other != genre]
        assert not any(other in "".join(body) for other in others)


@pytest.mark.parametrize("genre", GENRES)
def test_city_letter_cites_the_filing_and_names_both_hard_requirements_and_support(genre):
    said = "".join(part for _level, part in city("approve", genre)["body"])
    for needed in (
        "示例发改〔2026〕9号",
        "2026年8月3日",
        "收悉",
        "原则同意《示例市创建工作方案》",
        "考核",
        "定期总结",
        "支持",
        "跟踪",
    ):
        assert needed in said
    assert all(agency in said for agency in SHORT)


@pytest.mark.parametrize("genre", GENRES)
def test_joint_letter_names_both_hard_requirements_and_counts_its_cities_once(genre):
    title, body = joint("approve", genre, ["示例甲市", "示例乙市", "示例丙市"])
    assert "示例甲市等3个城市" in title
    said = "".join(body)
    assert "部门考核机制" in said
    assert "定期总结交流" in said
    assert "跟踪" in said
    assert said.count("3个") == 1


def test_rescinding_letter_names_the_letter_it_ends_and_the_way_back():
    said = "".join(part for _level, part in city("rescind", "reply")["body"])
    assert "发改办高技〔2025〕7号" in said
    assert "再次提出申请" in said


@pytest.mark.parametrize(("kind", "genre"), list(itertools.product(["approve", "rescind"], GENRES)))
def test_no_leading_zero_no_half_width_mark_and_no_open_field(kind, genre):
    text = city(kind, genre)
    said = text["title"] + "".join(part for _level, part in text["body"]) + "".join(joint(kind, genre, ["示例市"])[1])
    assert not re.search(r"年0|月0|[,;:()?!{}]", said)


def test_field_without_a_value_is_an_error():
    with pytest.raises(KeyError):
        wording.fill("同意{cities}", {})
