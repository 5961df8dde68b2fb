from django.db import migrations

from review import triggers_words


class Migration(migrations.Migration):
    dependencies = [("review", "0010_filing_and_batch_name")]
    operations = [migrations.RunSQL(triggers_words.signed_texts())]
