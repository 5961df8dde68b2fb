from django.db import migrations

from review import triggers_words


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0005_kept_text"),
        ("portal", "0002_audit_head"),
        ("applications", "0001_initial"),
    ]
    operations = [migrations.RunSQL(triggers_words.everything())]
