"""A row that is there: only the columns that changed are written."""

import pytest
from django.db import IntegrityError

from portal.models import Organisation
from portal.models.organisations import OrganisationKind as Kind
from portal.saving import write

pytestmark = pytest.mark.django_db


def test_what_others_wrote_meanwhile_stays():
    mine = Organisation(kind=Kind.EXPERTS, name="示例研究院", short_name="示例研究院")
    write(mine, [])
    Organisation.objects.filter(pk=mine.pk).update(short_name="别人的改动")
    mine.name = "示例研究总院"
    write(mine, ["name"])
    mine.refresh_from_db()
    assert (mine.name, mine.short_name) == ("示例研究总院", "别人的改动")


def test_without_changed_columns_nothing_is_written(django_assert_num_queries):
    mine = Organisation.objects.first()
    mine.name = "没有写下去"
    with django_assert_num_queries(0):
        write(mine, [])


def test_a_new_row_never_writes_over_one_that_is_there():
    there = Organisation.objects.first()
    again = Organisation(kind=there.kind, region_code=there.region_code, name=there.name, short_name=there.short_name)
    with pytest.raises(IntegrityError):
        write(again, [])
