"""Door × bad value: each is refused in words beside its field, nothing is stored, what was typed is handed back."""

from decimal import Decimal

import pytest

from applications.models import Consultation, Indicator, LeadingGroup, Measure, Milestone, Section, Summaries
from portal.models import AuditEntry
from tests.applications.views.test_ledger import HEARD
from tests.applications.views.test_rows import INDICATOR, MEASURE
from tests.applications.views.test_sections import opened
from tests.pages import text

MILESTONE = {"title": "示例平台上线", "starts": "2027-01-01", "ends": "2027-06-30", "department": "市商务局"}
SUMMARIES = {"frequency": "yearly", "lead_department": "市发展改革委", "form": "书面", "recipients": "协调小组"}
GROUP = {"leader_post": "市长", "lead_department": "市发展改革委", "founding_title": "示例通知"}
DOORS = {
    "indicators": ("tables/indicators/add/", INDICATOR),
    "measures": ("tables/measures/add/", MEASURE),
    "milestones": ("tables/milestones/add/", MILESTONE),
    "consultations": ("tables/consultations/add/", HEARD),
    "summaries": ("records/summaries/", SUMMARIES),
    "leading_group": ("records/leading_group/", GROUP),
}
FIGURES = [("indicators", "target_value"), ("indicators", "baseline_value"), ("measures", "money"),
           ("consultations", "participants")]  # fmt: skip
DAYS = [("measures", "due"), ("milestones", "starts"), ("milestones", "ends"), ("consultations", "held_on"),
        ("summaries", "first_due"), ("leading_group", "founding_date")]  # fmt: skip
LINES = [("indicators", "name"), ("indicators", "unit"), ("measures", "title"), ("measures", "post"),
         ("milestones", "title"), ("consultations", "who"), ("summaries", "recipients"),
         ("leading_group", "founding_number")]  # fmt: skip
NO_FIGURES = ["1e309", "NaN", "Infinity", "-Infinity", "9" * 400, "0x10", "1/2", "--5", "五六七八", "1\0"]
NO_DAYS = ["0000-01-01", "0001-01-01", "9999-12-31", "2026-02-30", "2026-13-01", "明年", "2027-06-30\0"]
NO_LINES = ["前\0后", "长" * 3000, "示例\ue000"]
STORED = (Indicator, Measure, Milestone, Consultation, Summaries, LeadingGroup)


def state():
    """Return everything these doors could have written."""
    return [list(model.objects.order_by("pk").values()) for model in STORED], AuditEntry.objects.count()


def refused(city, case, door, field, value):
    path, sent = DOORS[door]
    before = state()
    answer = city.post(f"/plans/{case.plan.reference}/{path}", sent | {field: value})
    assert answer.status_code == 422, (door, field, value)
    errors = answer.context["form"].errors
    assert field in errors, errors
    said = " ".join(errors[field])
    assert said
    assert not set("abcdefghijklmnopqrstuvwxyz") & set(said.replace(value, "")), f"not in Chinese alone: {said}"
    assert said in text(answer).replace("&quot;", '"')
    assert state() == before
    typed = next(v for name, v in sent.items() if name != field and name not in ("frequency",) and len(str(v)) > 1)
    assert str(typed if isinstance(typed, str) else typed[0]) in answer.content.decode()


@pytest.mark.parametrize("value", NO_FIGURES, ids=lambda v: v[:12].replace("\0", "NUL"))
@pytest.mark.parametrize(("door", "field"), FIGURES)
def test_what_is_no_figure(city, case, door, field, value):
    refused(city, case, door, field, value)


@pytest.mark.parametrize("value", NO_DAYS, ids=lambda v: v.replace("\0", "NUL"))
@pytest.mark.parametrize(("door", "field"), DAYS)
def test_what_is_no_day(city, case, door, field, value):
    refused(city, case, door, field, value)


@pytest.mark.parametrize("value", NO_LINES, ids=["NUL", "too long", "private"])
@pytest.mark.parametrize(("door", "field"), LINES)
def test_what_is_no_line(city, case, door, field, value):
    refused(city, case, door, field, value)


@pytest.mark.parametrize(("typed", "value"), [("１.５", "1.5"), ("1,000", "1000"), ("１２．５", "12.5"), ("-0", "0")])
def test_a_figure_as_people_type_it_is_read_exactly(city, case, typed, value):
    sent = INDICATOR | {"unit": "家", "target_value": typed, "baseline_value": "", "baseline_year": ""}
    assert city.post(f"/plans/{case.plan.reference}/tables/indicators/add/", sent).status_code == 302
    assert Indicator.objects.get(name=INDICATOR["name"]).target_value == Decimal(value)


@pytest.mark.parametrize("tail", ["", "save/"])
def test_prose_with_what_cannot_be_stored_is_told_and_kept_on_the_page(city, case, tail):
    before = Section.objects.get(plan=case.plan, key="policy").paragraphs
    sent = opened(city, case) | {"text": "前面的话。\0后面的话。"}
    answer = city.post(f"/plans/{case.plan.reference}/sections/policy/{tail}", sent)
    assert answer.status_code == 422
    assert Section.objects.get(plan=case.plan, key="policy").paragraphs == before
    told = "这里有看不见的控制字符。请删除后重新输入。"
    if tail:
        assert answer.json() == {"error": "invalid", "words": told}
    else:
        assert told in text(answer)
        assert "前面的话。后面的话。" in answer.content.decode().replace("\0", "")


def test_bytes_that_are_no_text_are_stored_as_what_can_be_shown(city, case):
    body = b"title=%ED%A0%80%FF&starts=2027-01-01&ends=2027-06-30&department=%E5%B8%82&area=policy&kind=soft"
    answer = city.post(
        f"/plans/{case.plan.reference}/tables/milestones/add/", body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 302
    assert Milestone.objects.get(department="市").title == "\ufffd" * 4


@pytest.mark.parametrize("key", ["", "undefined", "-1", "9" * 400, "1e9", "\u0663", "x\0"])
def test_addresses_with_what_is_no_number_are_not_found(city, case, key):
    from urllib.parse import quote

    answer = city.get(f"/plans/{case.plan.reference}/tables/indicators/{quote(key)}/")
    assert answer.status_code == 404
