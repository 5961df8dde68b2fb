"""County-level cities beside the committed list: added one by one when they take part (requirement A2)."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal import audit
from portal.models import Membership

from ..models import City, Province


def add_city(code: str, name: str, *, slug: str, initials: str, by: Membership | None = None) -> City:
    """Add a county-level city; its province follows from the code. Raises ``ValidationError`` with all that is wrong.

    ``by`` is ``None`` when the operator adds it at the command line.
    """
    code, name, slug, initials = (value.strip() for value in (code, name, slug, initials))
    with transaction.atomic():
        wrong = [*_code_problems(code), *_name_problems(name, slug, initials)]
        if wrong:
            raise ValidationError(wrong)
        city = City.objects.create(
            code=code, name=name, province_id=f"{code[:2]}0000", level="county", slug=slug, initials=initials
        )
        audit.record("city:add", city, by=by, name=name, province=city.province.name, slug=slug)
    return city


def _code_problems(code: str) -> list[str]:
    if not re.fullmatch(r"[0-9]{6}", code):
        return [_("A code of GB/T 2260 has six digits, such as 330782.")]
    if not Province.objects.select_for_update().filter(pk=f"{code[:2]}0000").exists():
        return [_("No province has a code that begins with %s; look the code up in GB/T 2260.") % code[:2]]
    if code.endswith("00"):
        return [_("%s is the code of a province or prefecture; a county-level city's does not end in 00.") % code]
    if found := City.objects.filter(pk=code).first():
        return [_("%(code)s is in the list already: %(name)s.") % {"code": code, "name": found.name}]
    return []


def _name_problems(name: str, slug: str, initials: str) -> list[str]:
    found = []
    if not re.fullmatch(r"[\u3400-\u9fff]{1,29}市", name):
        found.append(_("Give the full Chinese name of a city, ending in 市, of at most 30 characters."))
    elif City.objects.filter(name=name).exists():
        found.append(_("A city named %s is in the list already.") % name)
    if not re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) or len(slug) > 60:
        found.append(_("The short address is pinyin in small letters, such as yiwu, joined by hyphens if needed."))
    elif City.objects.filter(slug=slug).exists():
        found.append(_("The short address %s is taken; add the province, as in taizhou-zhejiang.") % slug)
    if not re.fullmatch(r"[a-z]{1,20}", initials):
        found.append(_("The initials are 1 to 20 small letters, such as yw."))
    return found
