from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("footage", "0006_proofs_in_four_classes")]

    operations = [migrations.RemoveField("dailyproof", "is_ok")]
