"""How a row is written: whole when it is new, afterwards only the columns that changed."""

from collections.abc import Iterable

from django.db.models import Model


def write(row: Model, names: Iterable[str]) -> None:
    """Insert a new row, or update these columns alone: what others wrote into the rest meanwhile stays."""
    if row.pk is None:
        row.save(force_insert=True)
    elif chosen := list(names):
        row.save(update_fields=chosen)
