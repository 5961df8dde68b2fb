from django.db import migrations

from review import triggers


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        triggers.fill_transitions(cursor)


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial"), ("portal", "0002_audit_head"), ("applications", "0001_initial")]
    operations = [
        migrations.RunSQL(triggers.everything()),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
