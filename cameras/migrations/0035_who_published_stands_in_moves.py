from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cameras", "0034_moves_of_public_consultation")]

    operations = [
        migrations.RemoveField(
            model_name="publicconsultation",
            name="closed_early_by",
        ),
        migrations.RemoveField(
            model_name="publicconsultation",
            name="published_by",
        ),
        migrations.RemoveField(
            model_name="publicconsultation",
            name="result_published_by",
        ),
    ]
