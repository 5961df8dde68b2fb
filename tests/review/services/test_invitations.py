"""A link opened by many at once lets one in; an address is asked once however often the button is pressed."""

from portal import audit
from portal.models import Membership, Outbox
from review.machine import NotAllowed
from review.models import Invitation
from review.services import invitations
from tests.review.test_machine_races import together

ASKED = {
    "full_name": "示例·市商务局经办人",
    "post_title": "处长",
    "email": "invited@portal.example",
    "department": "示例市商务局",
}


def test_one_link_lets_one_person_in_however_many_press_at_once(live_world):
    token = invitations.token_of(invitations.invite(**ASKED, by=live_world.lead))
    calls = [
        lambda n=n: invitations.open_account(token, account=f"shangwu-{n:02}", password="示例Password-9")
        for n in range(6)
    ]
    results = together(calls)
    (post,) = [r for r in results if isinstance(r, Membership)]
    refused = [r for r in results if isinstance(r, NotAllowed)]
    assert {r.reasons[0] for r in refused} == {"这份邀请已经使用，链接只能用一次。请用你的账号登录。"}
    assert Membership.objects.filter(organisation__name="示例市商务局").get() == post
    assert Invitation.objects.get().accepted_as == post
    assert list(audit.offenders()) == []


def test_one_address_is_asked_once_however_often_the_button_is_pressed(live_world):
    results = together([lambda: invitations.invite(**ASKED, by=live_world.lead)] * 6)
    (asked,) = [r for r in results if isinstance(r, Invitation)]
    assert sum(isinstance(r, NotAllowed) for r in results) == 5
    assert Invitation.objects.get() == asked
    assert Outbox.objects.filter(kind="invitation").count() == 1


def test_taking_back_and_joining_at_once_leave_one_truth(live_world):
    asked = invitations.invite(**ASKED, by=live_world.lead)
    token = invitations.token_of(asked)
    together(
        [
            lambda: invitations.revoke(asked, by=live_world.lead),
            lambda: invitations.open_account(token, account="shangwu-01", password="示例Password-9"),
        ]
    )
    found = Invitation.objects.get()
    assert (found.accepted_at is None) != (found.revoked_at is None)
    assert Membership.objects.filter(user__username="shangwu-01").count() == (found.accepted_at is not None)
