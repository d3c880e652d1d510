import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.FileField(max_length=300, upload_to="attachments/%Y/%m/", verbose_name="파일"),
                ),
                ("name", models.CharField(max_length=255, verbose_name="파일 이름")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("size", models.PositiveBigIntegerField(verbose_name="크기 (바이트)")),
                ("added_at", models.DateTimeField(auto_now_add=True, verbose_name="올린 시각")),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="올린 사람",
                    ),
                ),
            ],
            options={
                "verbose_name": "첨부 파일",
                "verbose_name_plural": "첨부 파일",
                "ordering": ["pk"],
            },
        ),
    ]
