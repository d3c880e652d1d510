import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def carry_over(apps, schema_editor):
    """Consultations of before get their state, and a row for each step that was kept of them."""
    Consultation = apps.get_model("cameras", "PublicConsultation")
    published = Consultation.objects.exclude(published_at=None).order_by("pk")
    for consultation in published.iterator(chunk_size=500):
        for step in sorted(_steps(consultation), key=lambda step: step["at"]):
            _write_step(apps, consultation, **step)
        consultation.save(update_fields=["state"])


def _steps(consultation):
    yield {
        "event": "publish",
        "to_state": "published",
        "at": consultation.published_at,
        "by_id": consultation.published_by_id,
    }
    for extension in consultation.extensions.all():
        yield {
            "event": "extend",
            "to_state": "published",
            "at": extension.extended_at,
            "by_id": extension.extended_by_id,
            "reason": extension.reason,
        }
    if consultation.closed_early_at:
        yield {
            "event": "close",
            "to_state": "closed",
            "at": consultation.closed_early_at,
            "by_id": consultation.closed_early_by_id,
            "reason": consultation.closed_early_reason,
        }
    if consultation.result_published_at:
        yield {
            "event": "publish_result",
            "to_state": "result",
            "at": consultation.result_published_at,
            "by_id": consultation.result_published_by_id,
        }
    for correction in consultation.corrections.all():
        yield {
            "event": "correct",
            "to_state": "result",
            "at": correction.corrected_at,
            "by_id": correction.corrected_by_id,
            "reason": correction.reason,
        }


def _write_step(apps, consultation, **step):
    apps.get_model("cameras", "PublicConsultationMove").objects.create(
        consultation=consultation, from_state=consultation.state, on=timezone.localdate(step["at"]), **step
    )
    consultation.state = step["to_state"]


class Migration(migrations.Migration):
    dependencies = [
        ("cameras", "0033_experts_heard"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="publicconsultation",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "작성 중"),
                    ("published", "공고"),
                    ("closed", "조기 종료"),
                    ("result", "결과 공고"),
                ],
                default="draft",
                editable=False,
                max_length=24,
                verbose_name="상태",
            ),
        ),
        migrations.CreateModel(
            name="PublicConsultationMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event", models.CharField(max_length=24, verbose_name="처리")),
                ("from_state", models.CharField(blank=True, max_length=24, verbose_name="이전 상태")),
                ("to_state", models.CharField(max_length=24, verbose_name="다음 상태")),
                ("on", models.DateField(verbose_name="처리일")),
                ("at", models.DateTimeField(verbose_name="기록 시각")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="사유")),
                ("document_number", models.CharField(blank=True, max_length=100, verbose_name="문서번호")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="처리자",
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="cameras.publicconsultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "의견수렴의 처리",
                "verbose_name_plural": "의견수렴의 처리",
                "ordering": ["at", "pk"],
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
