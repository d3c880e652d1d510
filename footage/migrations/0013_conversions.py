import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("footage", "0012_shorter_periods"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Conversion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "대기"),
                            ("running", "진행 중"),
                            ("succeeded", "완료"),
                            ("failed", "실패"),
                            ("cancelled", "취소"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="상태",
                    ),
                ),
                ("requested_at", models.DateTimeField(auto_now_add=True, verbose_name="요청 시각")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="시작 시각")),
                ("heartbeat_at", models.DateTimeField(blank=True, null=True, verbose_name="최근 신호")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="종료 시각")),
                ("done", models.PositiveBigIntegerField(default=0, verbose_name="처리")),
                ("total", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="전체")),
                ("step", models.CharField(blank=True, max_length=100, verbose_name="단계")),
                ("cancel_requested", models.BooleanField(default=False, verbose_name="취소 요청")),
                ("error", models.TextField(blank=True, verbose_name="오류")),
                ("pieces", models.JSONField(blank=True, default=dict, verbose_name="준비한 조각")),
                ("wanted_piece", models.PositiveIntegerField(default=0, verbose_name="먼저 만들 조각")),
                ("seconds", models.FloatField(blank=True, null=True, verbose_name="길이(초)")),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversion",
                        to="footage.vaultfile",
                        verbose_name="보관한 파일",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="요청자",
                    ),
                ),
            ],
            options={
                "verbose_name": "재생 준비",
                "verbose_name_plural": "재생 준비",
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
    ]
