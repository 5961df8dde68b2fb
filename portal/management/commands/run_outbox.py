import time

from django.core.management.base import BaseCommand

from portal import outbox


class Command(BaseCommand):
    help = "Deliver the outbox in a plain loop, without Redis; --once empties it and ends."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--pause", type=float, default=3.0, help="seconds between two looks")

    def handle(self, *, once: bool, pause: float, **_options):
        while True:
            done = outbox.sweep()
            if once:
                self.stdout.write(f"{done} delivered")
                return
            time.sleep(pause)
