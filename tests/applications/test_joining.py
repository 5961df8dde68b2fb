"""A city joins from the command line, and may begin its plan from then on."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from applications.models import City, Plan
from portal import audit
from portal.models import AuditEntry, Membership, Organisation, User
from portal.models.organisations import OrganisationKind as Kind
from tests.review.test_channel_and_checks import draft_docx

LEAD = {"lead": "sjz", "name": "示例·石家庄市牵头人", "email": "sjz@portal.example"}
EDITOR = {"editor": "sjz-editor", "editor_name": "示例·石家庄市填报人", "editor_email": "sjz-e@portal.example"}


def join(code: str = "130100", **more) -> str:
    said = StringIO()
    call_command("join_city", code, stdout=said, **more)
    return said.getvalue()


def test_a_city_joins_with_lead_and_editor(world):
    said = join(**LEAD, **EDITOR, department="石家庄市商务局")
    city = City.objects.get(code="130100")
    assert (city.government.name, city.government.kind) == ("石家庄市人民政府", Kind.CITY)
    lead, editor = Membership.objects.get(user__username="sjz"), Membership.objects.get(user__username="sjz-editor")
    assert (lead.role, lead.organisation) == ("city_lead", city.government)
    assert (editor.role, editor.organisation.parent) == ("city_editor", city.government)
    assert said.count("changepassword") == 2
    actions = AuditEntry.objects.order_by("-seq").values_list("action", flat=True)[:6]
    assert list(actions) == [
        "post:give", "person:enrol", "organisation:establish", "post:give", "person:enrol", "city:join",
    ]  # fmt: skip
    assert list(audit.offenders()) == []


def test_a_word_draft_opens_the_plan_of_a_city_that_has_just_joined(world, tmp_path):
    path = tmp_path / "plan.docx"
    draft_docx(str(path))
    with pytest.raises(CommandError, match="石家庄市尚未参加.*join_city 130100"):
        call_command("import_plan", str(path), city="130100")
    join(**LEAD)
    call_command("import_plan", str(path), city="130100", stdout=StringIO())
    assert Plan.objects.get().created_by.user.username == "sjz"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"code": "139999", **LEAD}, "没有代码为139999的城市"),
        ({"lead": "sjz"}, "请同时写明姓名和电子邮箱"),
        ({**LEAD, "editor": "sjz-editor"}, "请同时写明姓名和电子邮箱"),
    ],
)
def test_a_refusal_says_why_and_leaves_nothing(world, given, words):
    before = (Organisation.objects.count(), User.objects.count(), AuditEntry.objects.count())
    with pytest.raises(CommandError, match=words):
        join(**given)
    assert (Organisation.objects.count(), User.objects.count(), AuditEntry.objects.count()) == before
    assert City.objects.get(code="130100").government is None


def test_a_second_lead_joins_the_same_government(world):
    join(**LEAD)
    join(lead="sjz-2", name="示例·石家庄市副牵头人", email="sjz-2@portal.example")
    assert Organisation.objects.filter(kind=Kind.CITY, region_code="130100").count() == 1
    assert AuditEntry.objects.filter(action="city:join").count() == 1
