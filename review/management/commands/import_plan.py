"""Open a city's plan from a Word document."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from applications.importing import read_plan
from applications.models import Call, City
from applications.services import imports
from applications.services.joining import city_of_code
from portal.models import Membership
from portal.roles import Role
from portal.uploads import Refused
from review.machine import NotAllowed
from review.services import cases


class Command(BaseCommand):
    help = "Open a city's plan in the newest call and fill it from a DOCX; all or nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--city", required=True, help="code of the city (GB/T 2260), such as 330400")
        parser.add_argument("--call", type=int, help="number of the call, such as 2026; without it the newest one")

    def handle(self, *args, file: Path, city: str, call: int | None, **options) -> None:
        try:
            found = city_of_code(city)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if found.government is None:
            told = _("%(name)s does not take part yet: “join_city %(code)s --lead ACCOUNT” lets it.")
            raise CommandError(told % {"name": found.name, "code": city})
        wanted = Call.objects.filter(number=call) if call else Call.objects.all()
        chosen = wanted.first()
        if chosen is None:
            raise CommandError(_("There is no such call; run load_programme first."))
        by = Membership.objects.holding(Role.CITY_LEAD).filter(organisation=found.government).first()
        if by is None:
            raise CommandError(_("%s has no city lead today who could answer for the plan.") % found.name)
        self.take(file, found, chosen, by)

    def take(self, file: Path, city: City, call: Call, by: Membership) -> None:
        try:
            imported = read_plan(file)
            with transaction.atomic():
                case = cases.create(city, call, by=by, title=imported.title[:120])
                outcome = imports.take_over(case.plan, imported, by=by)
        except OSError as error:
            raise CommandError(_("The file cannot be read: %s.") % error.strerror) from error
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        except NotAllowed as refusal:
            raise CommandError(" ".join(refusal.reasons)) from refusal
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            _("%(reference)s: %(count)d parts filled") % {"reference": case.plan.reference, "count": outcome.filled}
        )
        for note in outcome.notes:
            self.stdout.write(f"- {note}")
        for text in outcome.unplaced:
            self.stdout.write(_("  appendix: %s") % text[:60])
