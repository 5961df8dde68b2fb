"""What the machine finds, on the pages: beside the text, with every autosave, on the task list, before submitting."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.finding import advising
from applications.finding.advising import Check
from applications.models import Indicator, Measure, Milestone, Section
from applications.models.records import RECORDS
from portal import charts
from tests.builders import Walk

TEXT = "（一）示例目标。到2028年，网络零售额达到500亿元。\n加强电子认证体系建设，推进互联互通。"


def address(case, tail):
    return f"/plans/{case.plan.reference}/{tail}"


def write(case, key, text):
    paragraphs = [{"id": f"x{n}", "text": line} for n, line in enumerate(text.split("\n"))]
    Section.objects.filter(plan=case.plan, key=key).update(paragraphs=paragraphs)


def sent(client, case, key="policy"):
    form = client.get(address(case, f"sections/{key}/")).context["form"]
    return {name: form.initial.get(name, "") for name in form.fields}


def test_the_editor_says_what_the_table_says(city, case):
    write(case, "policy", TEXT)
    page = city.get(address(case, "sections/policy/")).content.decode()
    assert "指标表：480 亿元" in page
    assert "有 2 处建议再看看。" in page
    assert re.findall(r'id="(p-x\d)"', page) == ["p-x0", "p-x1"]
    assert 'data-find="网络零售额达到500亿元"' in page


def test_a_closed_part_has_its_paragraphs_for_links_and_no_findings(client, world):
    case = world.case("under_discussion")
    write(case, "policy", TEXT)
    client.force_login(world.editor.user)
    page = client.get(address(case, "sections/policy/")).content.decode()
    assert re.findall(r'id="(p-x\d)"', page) == ["p-x0", "p-x1"]
    assert "data-findings" not in page


def seen(city, case, key="policy"):
    answer = city.get(address(case, f"sections/{key}/findings/"))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"
    return answer.json()


def saved(city, case, **values):
    answer = city.post(address(case, "sections/policy/save/"), sent(city, case) | values)
    assert answer.status_code == 200
    assert "findings" not in answer.json()


def test_the_page_asks_after_a_save_what_is_seen_in_this_part(city, case):
    saved(city, case, text=TEXT)
    answer = seen(city, case)
    assert answer["words"] == "有 2 处建议再看看。"
    assert "指标表：480 亿元" in answer["html"]
    Indicator.objects.filter(plan=case.plan).update(target_value=500)
    answer = seen(city, case)
    assert answer["words"] == "有 1 处建议再看看。"
    assert "指标表：500 亿元" in answer["html"]


def test_what_people_write_is_escaped_in_the_answer(city, case):
    saved(city, case, text="加强<b>建设</b>，推进互联互通。")
    answer = seen(city, case)
    assert "<b>" not in answer["html"]
    assert "加强&lt;b&gt;建设" in answer["html"]


@pytest.mark.parametrize("key", ["indicators", "assessment", "no_such_part"])
def test_what_is_no_prose_has_no_findings_of_its_own(city, case, key):
    assert city.get(address(case, f"sections/{key}/findings/")).status_code == 404


def test_findings_are_asked_and_never_sent(city, case):
    assert city.post(address(case, "sections/policy/findings/")).status_code == 405


def test_autosave_asks_as_much_of_a_long_plan_as_of_a_short_one(city, case):
    def asked(text):
        draft = sent(city, case) | {"text": text}
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert city.post(address(case, "sections/policy/save/"), draft).status_code == 200
        return len(seen)

    asked(TEXT)
    short = asked(TEXT + "再写一句。")
    for number in range(30):
        Indicator.objects.create(
            plan=case.plan, name=f"示例指标{number}", area="policy", kind="soft", unit="家",
            target_year=2028, target_value=number,
        )  # fmt: skip
    assert asked("\n".join(f"{TEXT}第{n}段。" for n in range(40))) == short


def test_the_next_save_of_a_page_takes_twelve_statements(city, case):
    """Who asks for which plan: 4; the division: 2; plan and part locked: 2; part, plan, sign-off and history: 4."""
    draft = sent(city, case) | {"text": TEXT, "page": "one"}
    draft["base"] = city.post(address(case, "sections/policy/save/"), draft).json()["base"]
    with CaptureQueriesContext(connection) as asked:
        city.post(address(case, "sections/policy/save/"), draft | {"text": TEXT + "再写一句。"})
    said = [q["sql"].split(" ")[0] for q in asked if "SAVEPOINT" not in q["sql"]]
    assert said == ["SELECT"] * 8 + ["UPDATE", "UPDATE", "DELETE", "UPDATE"]
    text = [q["sql"] for q in asked if "再写一句" in q["sql"]]
    assert len(text) == 1, "the text goes to the database once, and the history copies it there"


def band(response, name):
    return [(line["text"], line["url"]) for line in response.context[name]]


def test_the_check_page_leads_to_the_exact_place(city, case):
    write(case, "positioning", TEXT)
    measure = Measure.objects.get(plan=case.plan)
    Measure.objects.filter(pk=measure.pk).update(post="")
    RECORDS["assessment"].objects.filter(plan=case.plan).update(method="")
    response = city.get(address(case, "checks/"))
    advice = band(response, "advice")
    for line in (
        (
            "“定位和目标”第 1 段“网络零售额达到500亿元”与指标表（480 亿元）不一致。",
            address(case, "sections/positioning/#p-x0"),
        ),
        ("措施“制定网络交易管理办法”偏虚：没有责任岗位", address(case, f"tables/measures/#row-{measure.pk}")),
        ("硬性要求“考核机制”还缺：考核办法", address(case, "records/assessment/#id_method")),
    ):
        assert line in advice
    assert ("征求意见情况表明已听取电子商务企业意见。", address(case, "tables/consultations/")) in band(
        response, "passed"
    )
    page = response.content.decode()
    for _text, url in advice:
        assert f'href="{url}"' in page
    for _text, url in advice:
        place, _hash, anchor = url.partition("#")
        assert not anchor or f'id="{anchor}"' in city.get(place).content.decode(), url


def test_a_check_that_fails_says_so_and_stops_nobody(client, world, case, monkeypatch):
    def breaks(snapshot):
        raise KeyError("示例")

    monkeypatch.setattr(advising, "CHECKS", (Check("broken", "示例检查", breaks, "policy"), *advising.CHECKS))
    client.force_login(world.lead.user)
    response = client.get(address(case, "checks/"))
    assert response.status_code == 200
    page = response.content.decode()
    assert "“示例检查”这项检查没有做成，不影响提交。" in page
    assert response.context["blocking"] == []
    assert address(case, "moves/submit/") in page
    answer = client.post(
        address(case, "moves/submit/"), {"seen": case.moves, "op_key": "s-1", "declared": "on", "declared_name": "示例"}
    )
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == "with_channel"


@pytest.mark.parametrize("missing", [True, False])
def test_the_task_list_shows_gauge_and_hard_requirements(city, case, missing):
    if missing:
        RECORDS["assessment"].objects.filter(plan=case.plan).update(frequency="", method="")
    response = city.get(address(case, ""))
    first, second = response.context["standing"]["hard"]
    assert (first["lacks"], second["lacks"]) == ("频次、考核办法" if missing else "", "")
    page = response.content.decode()
    assert (f'href="{address(case, "records/assessment/#id_frequency")}"' in page) is missing
    assert "软性目标 100%（1/1）" in page


def test_the_task_list_asks_as_much_for_many_rows(city, case):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            city.get(address(case, ""))
        return len(seen)

    asked()
    few = asked()
    for number in range(20):
        made = Measure.objects.create(plan=case.plan, area="policy", kind="soft", title=f"示例措施{number}")
        made.indicators.add(Indicator.objects.get(plan=case.plan))
    assert asked() == few


def test_the_picture_of_milestones_stands_on_both_pages(client, world):
    case = world.draft()
    for kind, title in (("soft", "示例办法印发"), ("hard", "示例中心开工")):
        Milestone.objects.create(
            plan=case.plan, title=title, area="policy", kind=kind, starts=date(2026, 9, 1), ends=date(2027, 6, 30)
        )
    client.force_login(world.lead.user)
    frozen = Walk(world, case, world.lead)
    listed = client.get(address(case, "tables/milestones/"))
    assert ">2026年9月1日<" in listed.content.decode(), "a plan is read in other years"
    pictures = [drawn(listed)]
    frozen.submit()
    pictures.append(drawn(client.get(address(case, "v1/read/"))))
    assert pictures[0] == pictures[1]
    assert [(fill, stroke) for fill, stroke in re.findall(r'rx="2" fill="(#\w+)" stroke="(#\w+)"', pictures[0])] == [
        (charts.BRAND, charts.BRAND), (charts.RAMP[2], charts.BRAND),
    ]  # fmt: skip
    assert "示例办法印发" in pictures[0]
    assert "今天" in pictures[0]


def drawn(response) -> str:
    (found,) = re.findall(r'<svg class="chart".*?</svg>', response.content.decode(), re.S)
    return found


def test_without_milestones_the_page_says_how_to_begin(city, case):
    page = city.get(address(case, "tables/milestones/")).content.decode()
    assert "先为每个必备目标写一个时间节点。" in page
    assert "<svg class=" not in page


def test_priority_goals_are_chosen_counted_and_frozen(city, world, case):
    row = Indicator.objects.get(plan=case.plan)
    assert "还没有选定重点目标。" in city.get(address(case, "")).content.decode()
    form = city.get(address(case, f"tables/indicators/{row.pk}/")).context["form"]
    values = {name: form[name].value() or "" for name in form.fields} | {"is_priority": "on"}
    assert city.post(address(case, f"tables/indicators/{row.pk}/"), values).status_code == 302
    row.refresh_from_db()
    assert row.is_priority
    assert "重点目标 1 个（建议不超过 8 个）" in city.get(address(case, "")).content.decode()
    tag = '<span class="tag teal">重点目标</span>'
    assert tag in city.get(address(case, "tables/indicators/")).content.decode()
    Walk(world, case, world.lead).submit()
    assert '<br><span class="small">重点目标</span>' in city.get(address(case, "v1/read/")).content.decode()
