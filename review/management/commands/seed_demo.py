import time

from django.core.management.base import BaseCommand, CommandError

from review.demo import stories
from review.models import Case, Letter


class Command(BaseCommand):
    help = "Load the sample programme into an empty database: 24 cities in every state, two batches, real letters."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are plans already")

    def handle(self, *, if_empty: bool = False, **_options):
        if if_empty and Case.objects.exists():
            self.stdout.write("The database holds plans already; nothing is loaded.")
            return
        began = time.monotonic()
        try:
            stories.run()
        except stories.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        cities, letters = Case.objects.count(), Letter.objects.filter(file__isnull=False).count()
        self.stdout.write(f"{cities} cities, {letters} letters, in {time.monotonic() - began:.0f} s")
