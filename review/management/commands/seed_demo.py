import time

from django.core.management.base import BaseCommand, CommandError

from review.demo import stories
from review.models import Case, Letter


class Command(BaseCommand):
    help = "Load the sample programme into an empty database: 24 cities in every state, two batches, real letters."

    def handle(self, **_options):
        began = time.monotonic()
        try:
            stories.run()
        except stories.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        cities, letters = Case.objects.count(), Letter.objects.filter(file__isnull=False).count()
        self.stdout.write(f"{cities} cities, {letters} letters, in {time.monotonic() - began:.0f} s")
