"""What the codes of the audit trail, the outbox and the access table are called on the page."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

# Acts as they are audited, then kinds of objects (``object:…``) and of outbox work (``work:…``).
WORDS: dict[str, Any] = {
    "access:refused": _("Access refused"),
    "account:password": _("Password changed"),
    "account:post": _("Post chosen"),
    "account:sign_in": _("Signed in"),
    "account:sign_out": _("Signed out"),
    "file:keep": _("File kept"),
    "file:scan": _("File searched for malicious programs"),
    "organisation:establish": _("Organisation entered"),
    "organisation:rename": _("Organisation renamed"),
    "organisation:strike": _("Organisation entered by mistake, taken out"),
    "outbox:again": _("Waiting work sent again"),
    "person:enrol": _("Person enrolled"),
    "post:give": _("Post given"),
    "person:reinstate": _("Person reinstated"),
    "person:suspend": _("Person suspended"),
    "post:end": _("Post ended"),
    "post:hand_over": _("Work handed over"),
    "object:membership": _("Post"),
    "object:organisation": _("Organisation"),
    "object:outbox": _("Waiting work"),
    "object:storedfile": _("File"),
    "object:user": _("Account"),
    "work:copy": _("Copy of a file without personal data"),
    "work:export": _("Plan as a file"),
    "work:invitation": _("Invitation by mail"),
    "work:mail": _("Mail"),
    "work:letter": _("Letter"),
    "work:preview": _("Preview of a file"),
    "work:scan": _("Search for malicious programs"),
    "work:opinion": _("Formal review opinion as a file"),
}


@cache
def table() -> dict[str, Any]:
    """Return the words of every layer by code; a code named twice is an error."""
    found: dict[str, Any] = {}
    for path in settings.ACT_WORDS:
        words = import_string(path)
        if twice := found.keys() & words.keys():
            raise ValueError(f"acts named twice: {sorted(twice)}")
        found |= words
    return found


def word(code: str) -> str:
    """Return what a code is called; nothing when it has no words, so that the code stands alone."""
    return str(table().get(code, ""))


def named(text: str) -> set[str]:
    """Return the codes whose words contain ``text``, in the language of the page."""
    return {code for code in table() if text in word(code)}
