import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def carry_over(apps, schema_editor):
    """Consultations of before get their state, and a row for each step that was kept of them."""
    Consultation = apps.get_model("cameras", "PriorConsultation")
    for consultation in Consultation.objects.order_by("pk").iterator(chunk_size=500):
        consultation.state = ""
        for step in _steps(consultation):
            _write_step(apps, consultation, **step)
        consultation.save(update_fields=["state"])


def _steps(consultation):
    yield {
        "event": "ask",
        "to_state": "asked",
        "on": consultation.asked_on,
        "at": consultation.asked_at,
        "by_id": consultation.asked_by_id,
        "document_number": consultation.request_document,
    }
    if consultation.reply:
        yield {
            "event": "reply",
            "to_state": "replied",
            "on": consultation.replied_on,
            "at": consultation.replied_at or consultation.asked_at,
            "by_id": consultation.replied_by_id,
            "document_number": consultation.reply_document,
        }
    if consultation.withdrawn_at:
        yield {
            "event": "withdraw",
            "to_state": "withdrawn",
            "on": timezone.localdate(consultation.withdrawn_at),
            "at": consultation.withdrawn_at,
            "reason": consultation.withdrawn_reason,
        }


def _write_step(apps, consultation, **step):
    apps.get_model("cameras", "PriorConsultationMove").objects.create(
        consultation=consultation, from_state=consultation.state, **step
    )
    consultation.state = step["to_state"]


class Migration(migrations.Migration):
    dependencies = [
        ("cameras", "0027_moves_of_reentrustment"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="priorconsultation",
            name="state",
            field=models.CharField(
                blank=True,
                choices=[("asked", "회신 대기"), ("replied", "회신 완료"), ("withdrawn", "철회")],
                default="asked",
                max_length=24,
                verbose_name="상태",
            ),
        ),
        migrations.CreateModel(
            name="PriorConsultationMove",
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
                        to="cameras.priorconsultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "사전협의의 처리",
                "verbose_name_plural": "사전협의의 처리",
                "ordering": ["at", "pk"],
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
