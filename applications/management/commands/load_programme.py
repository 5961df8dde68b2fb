from django.core.management.base import BaseCommand

from applications.services import programme


class Command(BaseCommand):
    help = "Load regions, offices, agencies, working days and the call; running it again changes nothing."

    def handle(self, **_options):
        call = programme.load()
        self.stdout.write(f"loaded: {call.title}")
