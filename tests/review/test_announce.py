"""Whoever's turn it is learns it by notice and by mail: what happened, and until when to act."""

import pytest
from django.utils import translation

from portal import notices, outbox, words
from portal.models import Notice, User
from review.models import Case
from review.states import State as S
from tests.builders import Walk


def told(case: Case, mails: list, kind: str, person: User) -> tuple[str, str]:
    """Return the body of the newest notice of this kind in its reader's language, and the text of its mail."""
    outbox.sweep()
    notice = Notice.objects.filter(kind=kind, recipient=person, path=case.plan.path).first()
    with translation.override(person.language):
        title, body = notices.words(notice)
    (mail,) = [m for m in mails if m.to == [person.email] and m.subject == title]
    return body, mail.body


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("zh-hans", "方案现为“修改中”，轮到你办理。请于{due}前办理。"),
        ("en", "and it is your turn. Please act by {due}."),
    ],
)
def test_a_turn_names_its_deadline_in_notice_and_mail(world, mailoutbox, language, asked):
    User.objects.filter(pk=world.lead.user_id).update(language=language)
    case = world.case(S.UNDER_REVISION)
    due = words.full_moment(case.due, english=language == "en")
    body, mail = told(case, mailoutbox, "turn", User.objects.get(pk=world.lead.user_id))
    assert body.endswith(asked.format(due=due))
    assert body in mail


def test_a_turn_without_a_deadline_names_none(world, mailoutbox):
    case = world.draft()
    walk = Walk(world, case, world.lead)
    walk.submit()
    walk.return_()
    assert case.due is None
    body, mail = told(case, mailoutbox, "turn", world.lead.user)
    assert body.endswith("轮到你办理。")
    assert body in mail
