from django.db import migrations

from review import triggers_moves


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        triggers_moves.fill_transitions(cursor)


class Migration(migrations.Migration):
    dependencies = [("review", "0006_guards_of_words")]
    operations = [
        migrations.RunSQL(triggers_moves.everything()),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
