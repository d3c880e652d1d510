import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cameras", "0035_who_published_stands_in_moves"),
        ("footage", "0012_shorter_periods"),
        ("records", "0018_staff_duty_incidents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FootageLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "group",
                    models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name="묶음"),
                ),
                (
                    "session_digest",
                    models.CharField(editable=False, max_length=64, verbose_name="접속의 식별값"),
                ),
                (
                    "case_kind",
                    models.CharField(
                        choices=[
                            ("viewing", "열람등 청구"),
                            ("provision", "이용·제공"),
                            ("hold", "삭제 유예 (카메라 점검)"),
                        ],
                        max_length=10,
                        verbose_name="구분",
                    ),
                ),
                ("case_key", models.PositiveBigIntegerField(verbose_name="사건의 식별값")),
                ("case_number", models.CharField(max_length=100, verbose_name="사건 번호")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("search", "영상 확인"),
                            ("prepare", "가림·제공 준비"),
                            ("show", "본인·기관에 보여 줌"),
                            ("check", "카메라 점검"),
                        ],
                        max_length=10,
                        verbose_name="하는 일",
                    ),
                ),
                ("from_at", models.DateTimeField(verbose_name="시작")),
                ("until_at", models.DateTimeField(verbose_name="끝")),
                ("purpose", models.CharField(max_length=500, verbose_name="목적")),
                ("salt", models.CharField(blank=True, editable=False, max_length=32)),
                (
                    "is_clear",
                    models.BooleanField(default=False, verbose_name="다른 사람이 알아볼 수 없음을 확인함"),
                ),
                ("granted_at", models.DateTimeField(db_index=True, verbose_name="허가한 때")),
                ("expires_at", models.DateTimeField(verbose_name="허가가 끝나는 때")),
                ("read", models.JSONField(blank=True, default=list, verbose_name="읽은 구간")),
                ("frames_stepped", models.PositiveIntegerField(default=0, verbose_name="한 장면씩 본 수")),
                ("stills", models.PositiveIntegerField(default=0, verbose_name="정지화면 수")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="마친 때")),
                (
                    "closed_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("button", "마침"),
                            ("replaced", "이어서 봄"),
                            ("expired", "허가 시간이 지남"),
                            ("refused", "사건·권한이 끝남"),
                        ],
                        max_length=10,
                        verbose_name="마친 방법",
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks",
                        to="cameras.camera",
                        verbose_name="카메라",
                    ),
                ),
                (
                    "hold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks",
                        to="footage.hold",
                        verbose_name="삭제 유예",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="담당자",
                    ),
                ),
            ],
            options={
                "verbose_name": "영상 재생",
                "verbose_name_plural": "영상 재생",
                "ordering": ["-granted_at", "-pk"],
                "permissions": [("look_at_footage", "사건의 영상을 재생할 수 있음")],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["expires_at"],
                        name="look_to_close",
                    ),
                    models.Index(fields=["case_kind", "case_key"], name="look_by_case"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_at__gt", models.F("from_at"))),
                        name="look_ends_after_start",
                    )
                ],
            },
        ),
    ]
