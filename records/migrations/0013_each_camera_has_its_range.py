import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0012_ranges_of_before")]

    operations = [
        migrations.RemoveConstraint(model_name="viewingrequest", name="viewing_period_ends_after_start"),
        migrations.RemoveConstraint(model_name="requestedcamera", name="viewing_camera_once"),
        migrations.RemoveField(model_name="viewingrequest", name="site"),
        migrations.RemoveField(model_name="viewingrequest", name="from_at"),
        migrations.RemoveField(model_name="viewingrequest", name="until_at"),
        migrations.RemoveField(model_name="viewingrequest", name="fits_until_at"),
        migrations.AlterField(
            model_name="requestedcamera",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="viewing_requests",
                to="cameras.site",
                verbose_name="설치장소",
            ),
        ),
        migrations.AlterField(
            model_name="requestedcamera",
            name="from_at",
            field=models.DateTimeField(verbose_name="영상정보 기록기간 시작"),
        ),
        migrations.AlterField(
            model_name="requestedcamera",
            name="until_at",
            field=models.DateTimeField(verbose_name="영상정보 기록기간 끝"),
        ),
        migrations.AddConstraint(
            model_name="requestedcamera",
            constraint=models.UniqueConstraint(
                fields=("request", "camera", "from_at"), name="viewing_range_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="requestedcamera",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_at__gt", models.F("from_at"))),
                name="viewing_range_ends_after_start",
            ),
        ),
    ]
