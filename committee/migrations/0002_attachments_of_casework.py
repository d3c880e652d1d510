from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cameras", "0012_attachments_copied"),
        ("committee", "0001_meetings_and_resolutions"),
    ]
    # The old table goes when nobody points to it any more.
    run_before = [("cameras", "0014_delete_attachment")]

    operations = [
        migrations.AlterField(
            model_name="resolution",
            name="attachments",
            field=models.ManyToManyField(
                blank=True, related_name="resolutions", to="casework.attachment", verbose_name="의결서"
            ),
        ),
    ]
