import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Where and when it is stands on the cameras of a request; the columns are filled by the next migration."""

    dependencies = [
        ("cameras", "0035_who_published_stands_in_moves"),
        ("records", "0010_arrival_of_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="RequestedPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "words",
                    models.TextField(verbose_name="장소"),
                ),
                (
                    "position",
                    models.TextField(verbose_name="위치"),
                ),
                ("radius_metres", models.PositiveIntegerField(verbose_name="반경(m)")),
                ("from_at", models.DateTimeField(verbose_name="영상정보 기록기간 시작")),
                ("until_at", models.DateTimeField(verbose_name="영상정보 기록기간 끝")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="records.viewingrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "청구한 둘레",
                "verbose_name_plural": "청구한 둘레",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_at__gt", models.F("from_at"))),
                        name="viewing_place_ends_after_start",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="requestedcamera",
            name="place",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cameras",
                to="records.requestedplace",
                verbose_name="청구한 둘레",
            ),
        ),
        migrations.AddField(
            model_name="requestedcamera",
            name="site",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cameras.site",
                verbose_name="설치장소",
            ),
        ),
        migrations.AddField(
            model_name="requestedcamera",
            name="from_at",
            field=models.DateTimeField(null=True, verbose_name="영상정보 기록기간 시작"),
        ),
        migrations.AddField(
            model_name="requestedcamera",
            name="until_at",
            field=models.DateTimeField(null=True, verbose_name="영상정보 기록기간 끝"),
        ),
        migrations.AddField(
            model_name="requestedcamera",
            name="fits_until_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="한도에 드는 구간의 끝"),
        ),
    ]
