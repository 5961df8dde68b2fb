from django.db import migrations


def begin(apps, schema_editor):
    apps.get_model("portal", "AuditHead").objects.get_or_create(pk=1, defaults={"seq": 0, "hash": "0" * 64})


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
