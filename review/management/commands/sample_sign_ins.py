import unicodedata

from django.core.management.base import BaseCommand, CommandError

from review.demo import people


class Command(BaseCommand):
    help = "Print the accounts of the sample programme, at least one for each role, with their common password."

    def handle(self, **_options):
        rows = people.sign_ins()
        if not rows:
            raise CommandError("There is no sample programme in this database; manage.py seed_demo loads it.")
        accounts = max(_width(row[0]) for row in rows)
        names = max(_width(row[1]) for row in rows)
        self.stdout.write(f"Sample accounts, all with the password {people.PASSWORD}")
        for account, name, who in rows:
            self.stdout.write(f"  {_padded(account, accounts)}  {_padded(name, names)}  {who}")


def _width(text: str) -> int:
    """Return the columns a terminal needs: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
