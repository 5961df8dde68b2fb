from django.core.management.base import BaseCommand
from django.db import connection, transaction

from review import verify


class Command(BaseCommand):
    help = "Prove that states, versions, audit, numbers, letters and outbox are as they must be; exit 1 if not."

    def handle(self, **_options):
        outermost = not connection.in_atomic_block
        with transaction.atomic():
            if outermost:  # one picture, though people work on meanwhile
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            offenders, counts = verify.first_offenders(), verify.counts()
        for kind, sentence in offenders.items():
            self.stderr.write(f"{kind}: {sentence}")
        if offenders:
            raise SystemExit(1)
        self.stdout.write("all in order: " + ", ".join(f"{number} {name}" for name, number in counts.items()))
