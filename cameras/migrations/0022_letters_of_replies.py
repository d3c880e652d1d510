"""Letters of prior consultations that were replied to before they were frozen: as the register was at the reply."""

from django.db import migrations


def freeze_letters(apps, schema_editor):
    Consultation = apps.get_model("cameras", "PriorConsultation")
    replied = Consultation.objects.exclude(reply="").filter(letter={})
    for consultation in replied.select_related(
        "project", "requesting_department", "replying_department", "replied_by"
    ).iterator():
        consultation.letter = _letter(apps, consultation)
        consultation.save(update_fields=["letter"])


def _letter(apps, consultation):
    project = _as_of(apps, "InstallationProject", consultation.project_id, consultation.replied_at)
    replying = consultation.replying_department
    return {
        "project": {"number": consultation.project.number, "title": (project or consultation.project).title},
        "requesting_department": consultation.requesting_department.name,
        "replying_department": {
            "name": replying.name if replying else "",
            "full_name": replying.name if replying else "",
            "phone": replying.phone if replying else "",
        },
        "position": consultation.replied_by.position if consultation.replied_by else "",
        "cameras": _cameras(apps, consultation),
    }


def _cameras(apps, consultation):
    Camera = apps.get_model("cameras", "Camera")
    History = apps.get_model("cameras", "HistoricalCamera")
    purposes = dict(Camera._meta.get_field("install_purpose").choices)
    ever = set(History.objects.filter(project=consultation.project_id).values_list("id", flat=True))
    ever |= set(Camera.objects.filter(project=consultation.project_id).values_list("pk", flat=True))
    found = []
    for key in sorted(ever):
        row = _as_of(apps, "Camera", key, consultation.replied_at)
        # A register that was brought in without history knows today's camera only.
        row = row or Camera.objects.filter(pk=key).first()
        if row is None or row.project_id != consultation.project_id or row.state == "removed":
            continue
        site = _as_of(apps, "Site", row.site_id, consultation.replied_at)
        site = site or apps.get_model("cameras", "Site").objects.get(pk=row.site_id)
        found.append(
            {
                "number": row.number,
                "purpose": str(purposes.get(row.install_purpose, row.install_purpose)),
                "address": site.road_address or site.lot_address,
            }
        )
    return found


def _as_of(apps, model, key, at):
    history = apps.get_model("cameras", f"Historical{model}")
    rows = history.objects.filter(id=key, history_date__lte=at) if at else history.objects.none()
    return rows.order_by("-history_date", "-history_id").first()


class Migration(migrations.Migration):
    dependencies = [("cameras", "0021_signs_of_what_stands")]

    operations = [migrations.RunPython(freeze_letters, migrations.RunPython.noop)]
