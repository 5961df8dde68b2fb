from django.db import migrations, models
from django.db.models import Q

from review import triggers_words


class Migration(migrations.Migration):
    dependencies = [("review", "0009_invitations")]
    operations = [
        migrations.RunSQL(triggers_words.FILING, "DROP TRIGGER review_formalfiling_unchanged ON review_formalfiling"),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.UniqueConstraint(
                fields=["call", "title"], condition=~Q(state="cancelled"), name="batch_name_once_per_call"
            ),
        ),
    ]
