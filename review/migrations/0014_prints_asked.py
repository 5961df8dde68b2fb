from django.db import migrations


def ask(apps, schema_editor):
    """Formal review opinions signed before they were printed are printed by the next sweep."""
    prints, work = apps.get_model("review", "OpinionPrint").objects, apps.get_model("portal", "Outbox").objects
    for opinion in apps.get_model("review", "Opinion").objects.filter(kind="formal", signed_at__isnull=False):
        row, _new = prints.get_or_create(opinion=opinion, digest=opinion.digest, signed_at=opinion.signed_at)
        work.get_or_create(key=f"opinion:{row.pk}", defaults={"kind": "opinion", "payload": {"print_id": row.pk}})


class Migration(migrations.Migration):
    dependencies = [("review", "0013_opinion_prints"), ("portal", "0002_audit_head")]
    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
