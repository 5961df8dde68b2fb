"""The consultation ledger: what a hearing was about, what became of it, and dissent beside the text."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Consultation, Measure
from applications.services import versions
from portal.models import AuditEntry
from review.states import State as S
from tests.builders import Walk

HEARD = {
    "held_on": "2026-02-10",
    "form": "部门会商",
    "who": "示例市十四个部门",
    "participants": "14",
    "parts": ["services", "policy"],
    "opinions": "建议写明转接次序",
    "outcome": "partly",
    "adopted": "转接次序已写入；用房比例未写入，因为各区县差别大",
    "dissenting": "市规划和自然资源局",
    "dissent": "末端配送用房比例宜由区县确定",
}


def ledger(case, tail="add/"):
    return f"/plans/{case.plan.reference}/tables/consultations/{tail}"


def entered():
    """The draft has an entry of its own already."""
    return Consultation.objects.filter(form=HEARD["form"])


@pytest.fixture
def measure(case):
    return Measure.objects.create(plan=case.plan, title="制定配送管理规定", area="policy", kind="soft")


def test_entry_names_its_parts_and_measures_in_the_order_of_the_plan(city, case, measure):
    assert city.post(ledger(case), HEARD | {"measures": [measure.pk]}).status_code == 302
    row = entered().get()
    assert row.parts == ["policy", "services"]
    assert list(row.measures.all()) == [measure]
    assert (row.outcome, row.dissenting) == ("partly", "市规划和自然资源局")
    entry = AuditEntry.objects.get(action="row:add")
    assert {"parts", "measures", "outcome", "dissenting"} <= set(json.loads(entry.text)["data"]["fields"])
    page = city.get(ledger(case, "")).content.decode()
    for words in (
        "完善政策环境、培育电子商务服务",
        "制定配送管理规定",
        "部分采纳：转接",
        "市规划和自然资源局保留不同意见",
    ):
        assert words in page
    form = city.get(ledger(case, f"{row.pk}/")).content.decode()
    assert form.count('name="parts"') > 10
    assert form.count(" checked") == 3


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"outcome": ""}, "请说明所提意见是否采纳。"),
        ({"dissenting": ""}, "请写明是哪个部门保留这一意见。"),
        ({"dissent": ""}, "请写明这个部门的意见和理由。"),
        ({"parts": []}, "请勾选不同意见涉及的部分，它将显示在这些部分的正文旁。"),
        ({"parts": ["attachments"]}, "“attachments”不是方案的组成部分，请重新勾选。"),
        ({"adopted": ""}, "请写明采纳了什么、没有采纳什么。"),
    ],
)
def test_bad_entry_is_refused_in_words(city, case, changes, says):
    answer = city.post(ledger(case), HEARD | changes)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not entered().exists()


def test_entry_without_dissent_may_be_about_the_plan_as_a_whole(city, case):
    agreed = HEARD | {"parts": [], "dissent": "", "dissenting": "", "outcome": "nothing_asked"}
    assert city.post(ledger(case), agreed).status_code == 302
    assert "方案整体" in city.get(ledger(case, "")).content.decode()


def test_measure_of_another_plan_cannot_be_named(city, world, case):
    other = world.draft(world.far, world.far_lead)
    foreign = Measure.objects.create(plan=other.plan, title="别市措施", area="policy", kind="soft")
    assert city.post(ledger(case), HEARD | {"measures": [foreign.pk]}).status_code == 422
    assert not entered().exists()


def test_dissent_stands_beside_its_parts_in_the_editor_and_nowhere_else(city, case, measure):
    city.post(ledger(case), HEARD)
    city.post(ledger(case), HEARD | {"parts": [], "measures": [measure.pk], "dissent": "措施宜推迟一年"})
    at = f"/plans/{case.plan.reference}/"
    for part in ("sections/policy/", "sections/services/"):
        page = city.get(at + part).content.decode()
        assert "市规划和自然资源局" in page
        assert "末端配送用房比例宜由区县确定" in page
        assert "措施宜推迟一年" not in page
    assert "末端配送用房比例" not in city.get(at + "sections/support/").content.decode()
    page = city.get(at + "tables/measures/").content.decode()
    assert "措施宜推迟一年" in page
    assert "末端配送用房比例" not in page


def test_every_reader_of_a_version_sees_the_dissent_beside_the_part(world, case, client, city, measure):
    city.post(ledger(case), HEARD | {"measures": [measure.pk]})
    Walk(world, case, world.lead).to(S.UNDER_DISCUSSION)
    for reader in (world.lead, world.experts[0], world.channel):
        client.force_login(reader.user)
        page = client.get(f"/plans/{case.plan.reference}/v1/read/").content.decode()
        parts = {
            key: page.split(f'id="part-{key}"')[1].split("</section>")[0] for key in ("policy", "support", "measures")
        }
        assert "市规划和自然资源局保留不同意见" in parts["policy"]
        assert "市规划和自然资源局保留不同意见" in parts["measures"]
        assert "不同意见" not in parts["support"]


def test_version_keeps_what_the_ledger_said_then(world, case, city, measure):
    city.post(ledger(case), HEARD | {"measures": [measure.pk]})
    row = entered().get()
    Walk(world, case, world.lead).to(S.WITH_CHANNEL)
    frozen = versions.read(case.plan.versions.get())["consultations"][-1]
    assert frozen["parts"] == ["policy", "services"]
    assert frozen["measures"] == [str(measure.pk)]
    assert (frozen["outcome"], frozen["dissenting"], frozen["id"]) == ("partly", "市规划和自然资源局", str(row.pk))


def test_deleting_a_measure_says_which_entries_name_it(city, case, measure):
    city.post(ledger(case), HEARD | {"measures": [measure.pk]})
    at = f"/plans/{case.plan.reference}/tables/measures/{measure.pk}/delete/"
    assert "1 条征求意见记录将不再指向它。" in city.get(at).content.decode()
    assert city.post(at).status_code == 302
    row = entered().get()
    assert (row.measures.count(), row.parts) == (0, ["policy", "services"])


def test_editor_asks_as_often_with_three_entries_as_with_one(city, case):
    counts = []
    for number in (1, 2):
        for _entry in range(number):
            city.post(ledger(case), HEARD)
        with CaptureQueriesContext(connection) as asked:
            city.get(f"/plans/{case.plan.reference}/sections/policy/")
        counts.append(len(asked))
    assert entered().count() == 3
    assert counts[0] == counts[1]
