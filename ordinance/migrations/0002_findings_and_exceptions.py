"""Findings, their care, assessments and exceptions."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


def compare_by_bytes(apps, schema_editor):
    """Numbers are compared and sorted by their bytes: the assessment does that some hundred million times."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            'ALTER TABLE ordinance_finding ALTER COLUMN number TYPE varchar(100) COLLATE "C"'
        )


class Migration(migrations.Migration):
    dependencies = [
        ("ordinance", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AssessedRule",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="규칙")),
                ("article", models.PositiveSmallIntegerField(verbose_name="조")),
                ("title", models.CharField(max_length=100, verbose_name="의무")),
                ("subject_kind", models.CharField(max_length=20, verbose_name="대상 종류")),
            ],
            options={
                "verbose_name": "점검 규칙",
                "verbose_name_plural": "점검 규칙",
                "ordering": ["article", "code"],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
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
                ("on", models.DateField(verbose_name="기준일")),
                ("is_nightly", models.BooleanField(default=False, verbose_name="정기 점검")),
                ("result", models.JSONField(blank=True, default=dict, verbose_name="결과")),
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
                "verbose_name": "조례 점검",
                "verbose_name_plural": "조례 점검",
                "ordering": ["-pk"],
                "permissions": [("run_assessment", "조례 점검을 실행할 수 있음")],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=100, verbose_name="대상 번호")),
                ("opened_on", models.DateField(verbose_name="발견일")),
                ("evidence", models.CharField(blank=True, max_length=200, verbose_name="발견 근거")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="종결일")),
                (
                    "closing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("met", "이행"),
                            ("excepted", "예외 인정"),
                            ("not_covered", "적용 대상 아님"),
                            ("rule_gone", "규칙 폐지"),
                        ],
                        max_length=12,
                        null=True,
                        verbose_name="종결 사유",
                    ),
                ),
                (
                    "closing_evidence",
                    models.CharField(blank=True, max_length=200, null=True, verbose_name="종결 근거"),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opened",
                        to="ordinance.assessment",
                        verbose_name="발견한 점검",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="ordinance.assessedrule",
                        verbose_name="규칙",
                    ),
                ),
            ],
            options={
                "verbose_name": "미이행 사항",
                "verbose_name_plural": "미이행 사항",
                "ordering": ["rule", "number", "pk"],
                "permissions": [("care_for_finding", "미이행 사항의 담당자와 기한을 정할 수 있음")],
            },
        ),
        migrations.CreateModel(
            name="HistoricalFindingCare",
            fields=[
                ("due_on", models.DateField(blank=True, db_index=True, null=True, verbose_name="조치 기한")),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="비고")),
                ("changed_at", models.DateTimeField(verbose_name="변경 시각")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="변경자",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ordinance.finding",
                        verbose_name="미이행 사항",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="담당자",
                    ),
                ),
            ],
            options={
                "verbose_name": "변경 이력",
                "verbose_name_plural": "historical 미이행 사항의 담당",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="RuleException",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=40, verbose_name="규칙")),
                ("subject_kind", models.CharField(max_length=20, verbose_name="대상 종류")),
                ("number", models.CharField(max_length=100, verbose_name="대상 번호")),
                ("reason", models.CharField(max_length=500, verbose_name="사유")),
                ("citation", models.CharField(max_length=200, verbose_name="근거 조항")),
                ("approver", models.CharField(max_length=100, verbose_name="승인자(직위)")),
                ("document_number", models.CharField(blank=True, max_length=100, verbose_name="문서번호")),
                ("from_on", models.DateField(verbose_name="시작일")),
                ("until_on", models.DateField(verbose_name="마지막 날")),
                ("granted_at", models.DateTimeField(verbose_name="등록 시각")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="취소 시각")),
                ("revoked_reason", models.CharField(blank=True, max_length=500, verbose_name="취소 사유")),
                (
                    "granted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="등록자",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="취소자",
                    ),
                ),
            ],
            options={
                "verbose_name": "점검 예외",
                "verbose_name_plural": "점검 예외",
                "ordering": ["-granted_at", "-pk"],
                "permissions": [("grant_exception", "점검 예외를 인정하고 취소할 수 있음")],
            },
        ),
        migrations.CreateModel(
            name="FindingCare",
            fields=[
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="care",
                        serialize=False,
                        to="ordinance.finding",
                        verbose_name="미이행 사항",
                    ),
                ),
                ("due_on", models.DateField(blank=True, db_index=True, null=True, verbose_name="조치 기한")),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="비고")),
                ("changed_at", models.DateTimeField(verbose_name="변경 시각")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="변경자",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="담당자",
                    ),
                ),
            ],
            options={
                "verbose_name": "미이행 사항의 담당",
                "verbose_name_plural": "미이행 사항의 담당",
                "ordering": ["finding"],
            },
        ),
        migrations.RunPython(compare_by_bytes, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", False)), fields=["number"], name="finding_closed"
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on__isnull", True)),
                fields=("rule", "number"),
                name="finding_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", True), ("closing__isnull", True)),
                    models.Q(("closed_on__isnull", False), ("closing__isnull", False)),
                    _connector="OR",
                ),
                name="finding_closed_for_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="ruleexception",
            index=models.Index(fields=["rule", "number"], name="exception_subject"),
        ),
        migrations.AddIndex(
            model_name="ruleexception",
            index=models.Index(fields=["until_on"], name="exception_until"),
        ),
        migrations.AddConstraint(
            model_name="ruleexception",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_on__gte", models.F("from_on"))),
                name="exception_ends_after_start",
                violation_error_message="마지막 날은 시작일보다 앞설 수 없습니다.",
            ),
        ),
    ]
