"""Add a county-level city that the committed list does not hold."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from applications.services import regions


class Command(BaseCommand):
    help = "Add a county-level city: add_city 330782 义乌市 --slug yiwu --initials yw"

    def add_arguments(self, parser) -> None:
        parser.add_argument("code", help="six digits of GB/T 2260")
        parser.add_argument("name", help="full Chinese name")
        parser.add_argument("--slug", required=True, help="pinyin in small letters, for addresses")
        parser.add_argument("--initials", required=True, help="first letters of the pinyin, for searching")

    def handle(self, *args, code: str, name: str, slug: str, initials: str, **options) -> None:
        try:
            city = regions.add_city(code, name, slug=slug, initials=initials)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{city.code} {city.name} ({city.province.name})")
