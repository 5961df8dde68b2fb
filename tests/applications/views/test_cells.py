"""A table written in its cells: every changed row is saved or none, and nothing typed is lost."""

from datetime import date

import pytest

from applications.models import Indicator, Milestone
from applications.services import rows
from portal.models import AuditEntry
from review.states import State as S
from tests.applications.views.test_malformed import MILESTONE, NO_DAYS, NO_FIGURES, NO_LINES, state
from tests.pages import counted, text

NEW = {
    "name": "电子认证覆盖率", "area": "support", "kind": "soft", "unit": "%", "baseline_year": "２０２５年",
    "baseline_value": "３８", "target_year": "2028", "target_value": "65％", "source": "", "department": "",
}  # fmt: skip


def page(case, table="indicators"):
    return f"/plans/{case.plan.reference}/tables/{table}/cells/"


def sent(answer, **changes):
    """Return what the page would send; ``changes`` are given as line__field=value."""
    grid = answer.context["formset"]
    found = {f"form-{n}": v for n, v in grid.management_form.initial.items()}
    for line in grid:
        for name in line.fields:
            value = line[name].value()
            if value not in (None, False):
                found[line.add_prefix(name)] = str(value)
    for name, value in changes.items():
        number, field = name.removeprefix("row").split("__")
        found[f"form-{number}-{field}"] = value
    return found


def added(number, values=NEW):
    return {f"row{number}__{name}": value for name, value in values.items()}


@pytest.fixture
def three(city, world, case):
    """Return the plan's indicators, three of them."""
    for n in (2, 3):
        city.post(page(case).replace("cells/", "add/"), NEW | {"name": f"示例指标{n}"})
    return list(case.plan.indicators.all())


def test_changed_and_new_rows_are_saved_together_and_only_they(city, case, three):
    before = AuditEntry.objects.count()
    shown = city.get(page(case))
    assert len(shown.context["formset"].forms) == 6
    answer = city.post(page(case), sent(shown, row1__target_value="70", row2__unit="家", **added(3)))
    assert answer.status_code == 302
    assert [str(row.target_value) for row in case.plan.indicators.all()] == [
        str(three[0].target_value),
        "70.00",
        "65.00",
        "65.00",
    ]
    assert case.plan.indicators.get(pk=three[2].pk).unit == "家"
    assert case.plan.indicators.last().name == "电子认证覆盖率"
    assert "已保存 3 行。" in city.get(page(case)).content.decode()
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))[before:]
    assert actions == ["row:save", "row:save", "row:add"]


def test_nothing_changed_writes_nothing(city, case, three):
    before = AuditEntry.objects.count()
    assert city.post(page(case), sent(city.get(page(case)))).status_code == 302
    assert AuditEntry.objects.count() == before
    assert "没有改动，不需要保存。" in city.get(page(case)).content.decode()


def test_one_wrong_cell_keeps_all_from_being_written_and_hands_everything_back(city, case, three):
    data = sent(city.get(page(case)), row1__target_value="70", row2__target_value="约六成", row2__target_year="28")
    answer = city.post(page(case), data)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert Indicator.objects.get(pk=three[1].pk).target_value == 65
    assert "第 3 行：“目标值”要填数字，如 480。单位是%。" in html
    assert 'href="#id_form-2-target_value"' in html
    assert 'aria-describedby="id_form-2-target_value-error"' in html
    assert 'value="70"' in html
    assert 'value="约六成"' in html
    answer = city.post(page(case), data | {"form-2-target_value": "60", "form-2-target_year": "2028"})
    assert answer.status_code == 302
    assert [row.target_value for row in case.plan.indicators.all()][1:] == [70, 60]


def test_row_that_somebody_else_changed_shows_both_values_and_may_be_sent_again(city, world, case, three):
    shown = city.get(page(case))
    other = city.get(page(case))
    assert city.post(page(case), sent(other, row1__target_value="66")).status_code == 302
    answer = city.post(page(case), data := sent(shown, row0__target_value="481", row1__target_value="77"))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "别人已存为：目标值 66" in html
    assert 'value="77"' in html
    assert Indicator.objects.get(pk=three[0].pk).target_value == three[0].target_value
    data["form-1-seen"] = answer.context["formset"].forms[1].data["form-1-seen"]
    assert data["form-1-seen"] in html
    assert city.post(page(case), data).status_code == 302
    assert [row.target_value for row in case.plan.indicators.all()][:2] == [481, 77]


def test_untouched_row_that_somebody_else_changed_stays_as_they_left_it(city, case, three):
    shown = city.get(page(case))
    city.post(page(case), sent(city.get(page(case)), row1__target_value="66"))
    assert city.post(page(case), sent(shown, row2__target_value="61")).status_code == 302
    assert [row.target_value for row in case.plan.indicators.all()][1:] == [66, 61]


def test_row_deleted_meanwhile_is_handed_back_as_a_new_one(city, world, case, three):
    shown = city.get(page(case))
    rows.delete(case.plan, "indicators", three[1].pk, by=world.lead)
    answer = city.post(page(case), sent(shown, row1__target_value="77"))
    assert answer.status_code == 302
    assert [(r.name, r.target_value) for r in case.plan.indicators.all()][-1] == (three[1].name, 77)


def test_untouched_row_deleted_meanwhile_stays_deleted(city, world, case, three):
    shown = city.get(page(case))
    rows.delete(case.plan, "indicators", three[1].pk, by=world.lead)
    city.post(page(case), sent(shown, row2__target_value="61"))
    assert three[1].name not in {r.name for r in case.plan.indicators.all()}


def test_same_name_twice_is_refused_beside_its_line(city, case, three):
    answer = city.post(page(case), sent(city.get(page(case)), **added(3, NEW | {"name": three[1].name})))
    assert answer.status_code == 422
    assert f"表里已有指标“{three[1].name}”，请直接修改那一行。" in answer.content.decode()
    assert case.plan.indicators.count() == 3


def test_milestones_are_written_in_their_cells_too(city, case):
    new = {"title": "示例节点", "area": "policy", "kind": "soft", "starts": "2027-01-01", "ends": "2027-06-30"}
    shown = city.get(page(case, "milestones"))
    first = Milestone.objects.filter(plan=case.plan).count()
    assert city.post(page(case, "milestones"), sent(shown, **added(first, new))).status_code == 302
    assert case.plan.milestones.get(title="示例节点").ends.isoformat() == "2027-06-30"
    wrong = sent(city.get(page(case, "milestones")), **added(first + 1, new | {"ends": "2026-01-01", "title": "另"}))
    assert city.post(page(case, "milestones"), wrong).status_code == 422


def test_damaged_page_says_so_and_writes_nothing(city, case, three):
    answer = city.post(page(case), {"form-0-name": "改名"})
    assert answer.status_code == 422
    assert case.plan.indicators.first().name == three[0].name


@pytest.mark.parametrize("table", ["measures", "consultations", "letters"])
def test_other_tables_have_no_cells(city, case, table):
    assert city.get(page(case, table)).status_code == 404


def test_a_closed_table_hands_back_what_was_typed(city, world, case, three):
    data = sent(city.get(page(case)), row1__target_value="77")
    case.plan.open_parts = ["policy"]
    case.plan.save(update_fields=["open_parts"])
    answer = city.post(page(case), data)
    assert answer.status_code == 409
    assert 'value="77"' in answer.content.decode()
    assert Indicator.objects.get(pk=three[1].pk).target_value == 65
    assert city.get(page(case)).url == page(case).replace("cells/", "")


@pytest.mark.parametrize("table", ["indicators", "milestones"])
def test_many_rows_ask_no_more_than_one(world, see, table):
    case = world.draft()
    rows.save(case.plan, table, None, one_of(table, 0), by=world.lead)
    few = counted(see, world.lead, page(case, table))
    for n in (1, 2, 3):
        rows.save(case.plan, table, None, one_of(table, n), by=world.lead)
    assert counted(see, world.lead, page(case, table)) == few


def one_of(table, n):
    """Return what a row of the table says."""
    if table == "indicators":
        return {
            "name": f"示例{n}", "area": "policy", "kind": "soft", "unit": "%", "target_year": 2028, "target_value": 1,
        }  # fmt: skip
    days = {"starts": date(2027, 1, 1), "ends": date(2027, 6, 30)}
    return {"title": f"示例节点{n}", "area": "policy", "kind": "soft", **days}


def test_a_milestone_is_tied_to_an_indicator_in_its_cell(city, case):
    indicator = case.plan.indicators.get()
    new = {"title": "示例节点", "area": "policy", "kind": "soft", "starts": "2027-01-01", "ends": "2027-06-30"}
    shown = city.get(page(case, "milestones"))
    assert f'<option value="{indicator.pk}">网络零售额</option>' in shown.content.decode()
    number = len(shown.context["formset"].rows)
    data = sent(shown, **added(number, new | {"indicator": str(indicator.pk)}))
    assert city.post(page(case, "milestones"), data).status_code == 302
    assert case.plan.milestones.get(title="示例节点").indicator == indicator
    before = AuditEntry.objects.count()
    again = sent(city.get(page(case, "milestones")))
    assert again[f"form-{number}-indicator"] == str(indicator.pk)
    assert city.post(page(case, "milestones"), again).status_code == 302
    assert AuditEntry.objects.count() == before  # a tied row that nobody touched is not written


def test_nobody_but_the_city_opens_the_cells(world, see):
    case = world.case(S.UNDER_DISCUSSION)
    for post in (world.experts[0], world.group_office, world.channel):
        assert see(post, page(case)).status_code in (403, 404)


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        *(("indicators", "target_value", value) for value in NO_FIGURES),
        *(("milestones", "ends", value) for value in NO_DAYS),
        *(("indicators", "name", value) for value in NO_LINES),
        ("indicators", "area", "weather"),
    ],
)
def test_a_bad_value_in_a_cell_is_refused_in_words(city, case, table, field, value):
    good = NEW if table == "indicators" else MILESTONE | {"area": "policy", "kind": "soft"}
    shown = city.get(page(case, table))
    number = len(shown.context["formset"].rows)
    before = state()
    answer = city.post(page(case, table), sent(shown, **added(number, good | {field: value})))
    assert answer.status_code == 422
    said = list(answer.context["formset"].forms[number].errors[field])[0]
    assert not set("abcdefghijklmnopqrstuvwxyz") & set(said.replace(value, "")), f"not in Chinese alone: {said}"
    assert f"第 {number + 1} 行：{said}" in text(answer).replace("&quot;", '"')
    assert state() == before
    assert good["unit" if field != "unit" and table == "indicators" else "department"] in answer.content.decode()


@pytest.mark.parametrize(
    "marks", [{"form-TOTAL_FORMS": "99999"}, {"form-TOTAL_FORMS": "x"}, {"form-0-pk": "9" * 30}, {"form-0-shown": "\0"}]
)
def test_damaged_marks_end_in_words_and_write_nothing(city, case, marks):
    before = state()
    answer = city.post(page(case), sent(city.get(page(case)), row0__target_value="") | marks)
    assert answer.status_code == 422
    assert state() == before
