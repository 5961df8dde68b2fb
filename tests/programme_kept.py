"""The programme's own rows, loaded once a run and put back whenever the tables were emptied."""

from django.db import connection

from applications.services import programme
from portal.models import AuditHead

SCHEMA = "kept"


def keep() -> None:
    """Load the programme into the fresh test database and set copies of its tables aside."""
    programme.load()
    AuditHead.objects.get_or_create(pk=1, defaults={"seq": 0, "hash": "0" * 64})
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
            if table != "django_migrations" and cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE {SCHEMA}."{table}" AS TABLE public."{table}"')


def put_back(cursor) -> None:
    """Fill the emptied tables again; triggers and foreign keys must be off, since the tables come in any order."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [SCHEMA])
    for (table,) in cursor.fetchall():
        cursor.execute(f'INSERT INTO public."{table}" SELECT * FROM {SCHEMA}."{table}"')
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
            " AND (is_identity = 'YES' OR column_default LIKE 'nextval%%')",
            [table],
        )
        for (column,) in cursor.fetchall():
            cursor.execute(
                f"""SELECT setval(pg_get_serial_sequence('public."{table}"', '{column}'),"""
                f' (SELECT max("{column}") FROM public."{table}"))'
            )
