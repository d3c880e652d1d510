import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def carry_over(apps, schema_editor):
    """Requests of before get their state, and a row for each step that their days tell of."""
    Reentrustment = apps.get_model("cameras", "Reentrustment")
    for request in Reentrustment.objects.select_related("contract").order_by("pk").iterator(chunk_size=500):
        for step in _steps(request):
            _write_step(apps, request, *step)
        request.save(update_fields=["state"])


def _steps(request):
    yield "ask", "asked", request.asked_on or request.contract.starts_on, "", ""
    if request.refused_on:
        yield "refuse", "refused", request.refused_on, request.refusal_reason, ""
        return
    if request.consented_on:
        yield "consent", "consented", request.consented_on, "", request.consent_document
    if request.ended_on:
        event = "lapse" if request.ended_on == request.contract.ended_early_on else "end"
        yield event, "ended", request.ended_on, "", ""


def _write_step(apps, request, event, to_state, on, reason, document_number):
    apps.get_model("cameras", "ReentrustmentMove").objects.create(
        reentrustment=request,
        event=event,
        from_state=request.state,
        to_state=to_state,
        on=on,
        # Who did it and at which hour was not kept.
        at=timezone.make_aware(datetime.datetime.combine(on, datetime.time())),
        reason=reason,
        document_number=document_number,
    )
    request.state = to_state


class Migration(migrations.Migration):
    dependencies = [
        ("cameras", "0026_places_as_people_compare_them"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="reentrustment",
            name="state",
            field=models.CharField(
                blank=True,
                choices=[("asked", "결정 전"), ("consented", "동의"), ("refused", "거부"), ("ended", "끝남")],
                default="",
                max_length=24,
                verbose_name="상태",
            ),
        ),
        migrations.CreateModel(
            name="ReentrustmentMove",
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
                    "reentrustment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="cameras.reentrustment",
                    ),
                ),
            ],
            options={
                "verbose_name": "재위탁의 처리",
                "verbose_name_plural": "재위탁의 처리",
                "ordering": ["at", "pk"],
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
