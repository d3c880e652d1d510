"""의견수렴 공고: what the public is told. Computed from the draft until it is published, frozen from then on."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.utils import timezone

from accounts.models import ResponsibleDesignation
from cameras.consultation import period
from cameras.models import Camera, PublicConsultation
from cameras.querysets import CameraQuerySet
from ordinance import parameters

PERSON_DAYS = "opinion_person_days"
GROUNDS = (
    "조례 제8조",
    "개인정보 보호법 제25조제3항",
    "개인정보 보호법 시행령 제23조제1항",
)
METHOD_GROUND = "행정절차법 제46조·제47조"


def of(consultation: PublicConsultation) -> dict[str, Any]:
    """The frozen notice of a published consultation, else what would be published as things stand."""
    frozen: dict[str, Any] = consultation.notice
    return frozen if consultation.published_at else contents(consultation)


def contents(consultation: PublicConsultation, opens_at: dt.datetime | None = None) -> dict[str, Any]:
    """Plain JSON: texts, period and its reckoning, cameras with place and purpose, files, questions, consent."""
    start = opens_at or consultation.opens_at
    sites = _sites(consultation)
    keeping = parameters.value(PERSON_DAYS, on=timezone.localtime(start).date())
    return {
        "title": consultation.title,
        "method": consultation.method,
        "method_label": consultation.get_method_display(),
        "text": consultation.text,
        "grounds": _grounds(consultation),
        "places": [line.strip() for line in consultation.places.splitlines() if line.strip()],
        "project": _project(consultation),
        "submission": submission(consultation),
        "event": _event(consultation),
        "opens_at": start.isoformat(),
        "closes_at": consultation.closes_at.isoformat(),
        "opens_text": period.start_text(start),
        "closes_text": period.end_text(consultation.closes_at),
        "minimum": _minimum(consultation, start),
        "urgency_reason": consultation.urgency_reason,
        "sites": sites,
        "cameras": sum(len(site["cameras"]) for site in sites),
        "files": [
            {"id": file.pk, "name": file.name, "size": file.size, "sha256": file.sha256}
            for file in consultation.attachments.all()
        ],
        "questions": [
            {
                "id": question.pk,
                "text": question.text,
                "choices": question.choices,
                "is_multiple": question.is_multiple,
                "is_required": question.is_required,
            }
            for question in consultation.questions.all()
        ],
        "person_days": keeping.value,
        "person_citation": keeping.citation,
    }


def opened_on(consultation: PublicConsultation) -> dt.date:
    """The day whose law applies to the consultation."""
    return timezone.localtime(consultation.opens_at).date()


def digest(frozen: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON; the ledger keeps it."""
    canonical = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _grounds(consultation: PublicConsultation) -> list[str]:
    return [*GROUNDS, METHOD_GROUND] if period.may_be_urgent(consultation.method) else list(GROUNDS)


def _project(consultation: PublicConsultation) -> dict[str, str]:
    """The plan and whom to ask: the department that installs, else the responsible one."""
    project = consultation.project
    department = project.installing_department
    phone = department.phone
    if not phone:
        responsible = (
            ResponsibleDesignation.objects.filter(from_on__lte=timezone.localdate())
            .exclude(until_on__lt=timezone.localdate())
            .select_related("department")
            .first()
        )
        phone = responsible.department.phone if responsible else ""
    return {"number": project.number, "title": project.title, "department": department.name, "phone": phone}


def submission(consultation: PublicConsultation) -> dict[str, str]:
    """Where opinions on paper go: the office's addresses, the plan's department. What is not on record is empty."""
    institution = consultation.project.installing_department.institution
    department = _project(consultation)
    return {
        "department": department["department"],
        "phone": department["phone"] or institution.phone,
        "postal_address": institution.postal_address,
        "email": institution.email,
    }


def _event(consultation: PublicConsultation) -> dict[str, str]:
    if not consultation.event_at and not consultation.event_place:
        return {}
    return {
        "place": consultation.event_place,
        "at": consultation.event_at.isoformat() if consultation.event_at else "",
        "at_text": period.start_text(consultation.event_at) if consultation.event_at else "",
    }


def _minimum(consultation: PublicConsultation, start: dt.datetime) -> dict[str, Any] | None:
    found = period.minimum(consultation.method, start, is_urgent=bool(consultation.urgency_reason))
    if found is None:
        return None
    return {
        "days": found.days,
        "citation": found.citation,
        "is_urgent": found.is_urgent,
        "last_on": found.last_on.isoformat(),
        "explanation": found.deadline.explain(is_public=True).splitlines(),
    }


def _sites(consultation: PublicConsultation) -> list[dict[str, Any]]:
    """Places with their cameras. Facilities exempt for security stay out of any public text (PIPA art. 25(4))."""
    cameras = (
        Camera.objects.filter(project=consultation.project, is_sign_exempt=False)
        .select_related("site")
        .order_by("sort_key")
    )
    found: dict[int, dict[str, Any]] = {}
    for camera in cameras:
        site = found.setdefault(
            camera.site_id,
            {
                "number": camera.site.number,
                "address": camera.site.address,
                "latitude": _degrees(camera.site.latitude),
                "longitude": _degrees(camera.site.longitude),
                "cameras": [],
            },
        )
        site["cameras"].append(
            {
                "number": camera.number,
                "purpose": camera.get_install_purpose_display(),
                "detail": camera.purpose_detail,
                "direction": camera.filming_direction,
                "range": camera.filming_range,
                "hours": camera.filming_hours,
                # None: nothing is stored (PIPA art. 25(1) item 6).
                "retention_days": None if camera.stores_nothing else camera.retention_days,
            }
        )
    return list(found.values())


def without_view(consultation: PublicConsultation) -> CameraQuerySet:
    """Cameras of which the notice cannot say what they will film."""
    told: CameraQuerySet = Camera.objects.filter(project=consultation.project, is_sign_exempt=False)
    return told.filter(filming_direction="", filming_range="")


def _degrees(value: Any) -> float | None:
    return None if value is None else float(value)
