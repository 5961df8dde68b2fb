from django.db import migrations

from review import triggers, triggers_moves


def fill(apps, schema_editor):
    """Who takes each step is added, and kept up to date, by later migrations."""
    with schema_editor.connection.cursor() as cursor:
        for table, legal in triggers_moves.rows().items():
            cursor.executemany(f"INSERT INTO {table} VALUES (%s, %s, %s)", list(legal))


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial"), ("portal", "0002_audit_head"), ("applications", "0001_initial")]
    operations = [
        migrations.RunSQL(triggers.everything()),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
