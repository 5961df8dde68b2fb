from django.core.management.base import BaseCommand

from portal.filework import sweeping

MEBIBYTE = 1024 * 1024


class Command(BaseCommand):
    help = "Name what belongs to nothing in the private store and is older than a day; --delete takes it away."

    def add_arguments(self, parser):
        parser.add_argument("--delete", action="store_true")

    def handle(self, *, delete: bool, **_options):
        count = size = 0
        for orphan in sweeping.sweep(delete=delete):
            self.stdout.write(f"{orphan.what} {orphan.name} ({orphan.size} bytes)")
            count, size = count + 1, size + orphan.size
        done = "deleted" if delete else "found; --delete takes them away"
        self.stdout.write(f"{count} orphans, {size / MEBIBYTE:.1f} MB, {done}")
