"""Requests of before: objections get rows of their own, granted viewings their appointments, holds of nobody stay."""

from django.db import migrations

OBJECTED = ("objected", "objection_answered")


def carry_over(apps, schema_editor):
    Request = apps.get_model("records", "ViewingRequest")
    for request in Request.objects.filter(state__in=OBJECTED).order_by("pk").iterator(chunk_size=500):
        _write_remedies(apps, request)
    _make_appointments(apps)
    # What the web holds does not end by itself any more because nobody was confirmed in time.
    Request.objects.filter(holds_lapse_at__isnull=False, holds_released_at__isnull=True).update(
        holds_lapse_at=None
    )
    _drop_figure(apps)


def _write_remedies(apps, request):
    moves = apps.get_model("records", "ViewingMove").objects.filter(request=request).order_by("at", "pk")
    filed = moves.filter(event="object").last()
    answered = moves.filter(event="answer_objection").last()
    from_state = filed.from_state if filed else "notified"
    if filed is not None:
        remedy = apps.get_model("records", "ViewingRemedy").objects.create(
            request=request,
            kind="objection",
            against="closing" if from_state == "dismissed" else "decision",
            number=filed.document_number,
            filed_on=filed.on,
            # An answer could be entered with a day before only by hand; the row needs one that is none earlier.
            ended_on=max(answered.on, filed.on) if answered else None,
            recorded_at=filed.at,
            recorded_by_id=filed.by_id,
        )
        dues = apps.get_model("ordinance", "DueDate").objects.filter(
            subject_kind="viewing_request", subject_number=request.receipt_number, purpose="objection"
        )
        dues.update(purpose=f"objection-{remedy.pk}")
    request.state = from_state
    request.save(update_fields=["state"])


def _make_appointments(apps):
    """Of viewings whose footage is still held: whether they took place nobody wrote down yet."""
    Appointment = apps.get_model("records", "ViewingAppointment")
    kept = apps.get_model("records", "ViewingNotice").objects.filter(
        viewing_at__isnull=False,
        request__cameras__hold__isnull=False,
        request__cameras__hold__released_at__isnull=True,
    )
    Appointment.objects.bulk_create(
        Appointment(
            request_id=notice.request_id, notice=notice, at=notice.viewing_at, place=notice.viewing_place
        )
        for notice in kept.distinct().order_by("pk")
    )


def _drop_figure(apps):
    """Nothing asks for it any more."""
    for model in ("Parameter", "ParameterDefinition"):
        apps.get_model("ordinance", model).objects.filter(code="viewing_hold_unconfirmed_hours").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0008_remedies_and_appointments"),
        ("ordinance", "0008_earlier_evidence"),
    ]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
