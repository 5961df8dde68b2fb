from django.db import migrations

from review import triggers


class Migration(migrations.Migration):
    """What was written in a part is kept for ever."""

    dependencies = [("review", "0004_frozen_text"), ("applications", "0004_history")]

    operations = [
        migrations.RunSQL(
            triggers.refuse_sql("applications_sectionrevision", append_only=False),
            "DROP TRIGGER applications_sectionrevision_kept ON applications_sectionrevision;"
            "DROP TRIGGER applications_sectionrevision_not_truncated ON applications_sectionrevision;",
        )
    ]
