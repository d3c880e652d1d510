"""Whoever has attachments points to their new home."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cameras", "0012_attachments_copied")]

    operations = [
        migrations.AlterField(
            model_name="opinion",
            name="attachment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework.attachment",
            ),
        ),
        migrations.AlterField(
            model_name="consultationcondition",
            name="attachments",
            field=models.ManyToManyField(
                blank=True, related_name="conditions", to="casework.attachment", verbose_name="첨부"
            ),
        ),
        migrations.AlterField(
            model_name="contractorinspection",
            name="attachments",
            field=models.ManyToManyField(blank=True, related_name="inspections", to="casework.attachment"),
        ),
        migrations.AlterField(
            model_name="contractortraining",
            name="attachments",
            field=models.ManyToManyField(blank=True, related_name="trainings", to="casework.attachment"),
        ),
        migrations.AlterField(
            model_name="entrustmentcontract",
            name="attachments",
            field=models.ManyToManyField(
                blank=True, related_name="contracts", to="casework.attachment", verbose_name="첨부"
            ),
        ),
        migrations.AlterField(
            model_name="lifecycleact",
            name="attachments",
            field=models.ManyToManyField(
                blank=True, related_name="acts", to="casework.attachment", verbose_name="첨부"
            ),
        ),
        migrations.AlterField(
            model_name="paper",
            name="attachments",
            field=models.ManyToManyField(
                blank=True, related_name="papers", to="casework.attachment", verbose_name="첨부"
            ),
        ),
        migrations.AlterField(
            model_name="priorconsultation",
            name="attachments",
            field=models.ManyToManyField(
                blank=True, related_name="prior_consultations", to="casework.attachment", verbose_name="첨부"
            ),
        ),
        migrations.AlterField(
            model_name="publicconsultation",
            name="attachments",
            field=models.ManyToManyField(
                blank=True, related_name="public_consultations", to="casework.attachment", verbose_name="첨부"
            ),
        ),
    ]
