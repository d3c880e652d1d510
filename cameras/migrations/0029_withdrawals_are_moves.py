from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cameras", "0028_moves_of_prior_consultation")]

    operations = [
        migrations.RemoveField(
            model_name="priorconsultation",
            name="withdrawn_at",
        ),
        migrations.RemoveField(
            model_name="priorconsultation",
            name="withdrawn_reason",
        ),
    ]
