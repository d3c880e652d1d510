import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0031_copies_that_leave"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ViewingTransfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("disclosure", "정보공개 청구"),
                            ("petition", "민원"),
                            ("other_body", "다른 기관"),
                        ],
                        max_length=12,
                        verbose_name="이송한 곳",
                    ),
                ),
                ("number", models.CharField(max_length=100, verbose_name="그곳의 접수번호나 이송 문서번호")),
                ("on", models.DateField(verbose_name="이송을 알린 날")),
                (
                    "extended_on",
                    models.DateField(blank=True, null=True, verbose_name="그곳에서 기한을 늘린 날"),
                ),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="끝난 날")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "그 경로에서 답함"),
                            ("moved_on", "또 다른 경로로 이송"),
                            ("taken_back", "다시 열람등 청구로 처리"),
                        ],
                        max_length=12,
                        verbose_name="끝",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="이송한 사람",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="records.viewingrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "열람등 청구의 이송",
                "verbose_name_plural": "열람등 청구의 이송",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("request",),
                        name="one_open_transfer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on__isnull", True), ("outcome", "")),
                            models.Q(("ended_on__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="transfer_ends_with_an_outcome",
                    ),
                ],
            },
        ),
    ]
