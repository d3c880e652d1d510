"""Requests of agencies, as officers enter, review, approve and hand over."""

import uuid
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Role
from cameras.models import Camera
from ordinance.models import Ground
from records.models import AgencyUnit, HandOver, Provision
from records.provision import approval, authority, bodies, handover, intake, restrictions, review
from records.provision.approval import Signature
from records.provision.handover import Digest, Given
from records.provision.intake import Letter
from records.provision.ranges import Range
from records.provision.review import Opinion
from tests.accounts.factories import DepartmentFactory, OfficerFactory

NAME, PHONE = "김경위", "010-9876-5432"
PDF = b"%PDF-1.4\n%%EOF\n"
SHA = "ab" * 32
CONSENT = "동의서 2026-1호, 2026-11-02"


def official() -> Officer:
    return OfficerFactory(role=Role.OFFICIAL)


def head(step: str = "head", capacity: str = "holder", **changes: Any) -> Officer:
    """An officer with the right to sign that step."""
    officer = OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))
    granted = {"from_on": timezone.localdate() - timedelta(days=30), "document_number": "안전-1", **changes}
    authority.grant(officer, step, capacity, by=official(), **granted)
    return officer


def unit(by: Officer) -> AgencyUnit:
    return AgencyUnit.objects.first() or bodies.add_unit(
        "서울강서경찰서", "형사과", phone="02-2620-0000", by=by
    )


def hour(camera: Camera, days_ago: float = 1, hours: float = 1) -> Range:
    until = timezone.now().replace(microsecond=0) - timedelta(days=days_ago)
    return Range(camera, until - timedelta(hours=hours), until)


def letter(camera: Camera, by: Officer, **changes: Any) -> Letter:
    given: dict[str, Any] = {
        "submission": uuid.uuid4(),
        "came_at": timezone.now() - timedelta(hours=2),
        "number": "형사과-1234",
        "on": timezone.localdate(),
        "unit": unit(by),
        "requester_rank": "경위",
        "requester_name": NAME,
        "requester_phone": PHONE,
        "target": "빨간 모자를 쓴 사람",
        "purpose": "절도 사건 수사",
        "items": "해당 시간의 영상",
        "form": "copy",
        "use_until_on": timezone.localdate() + timedelta(days=30),
        "ranges": [hour(camera)],
        **changes,
    }
    return Letter(**given)


def received(camera: Camera, by: Officer | None = None, **changes: Any) -> Provision:
    by = by or official()
    return intake.receive(letter(camera, by, **changes), by=by)


def ground(layer: str, item: str) -> Ground:
    return Ground.objects.filter(layer=layer, item=item, profile__in=["", "gangseo"]).latest("effective_on")


def opinion(**changes: Any) -> Opinion:
    """The usual route: an investigation, outside the purpose."""
    given: dict[str, Any] = {
        "relation": "outside",
        "balance": "사건 시간의 영상에 한정하여 침해가 작습니다.",
        "ground": ground("ordinance21", "3"),
        "national_ground": ground("pipa18", "7"),
        **changes,
    }
    return Opinion(**given)


def urgent_opinion(**changes: Any) -> Opinion:
    given = {
        "ground": ground("ordinance21", "6"),
        "national_ground": ground("pipa18", "3"),
        "is_urgent": True,
    }
    return opinion(**given | changes)


def reviewed(
    camera: Camera, by: Officer | None = None, using: Opinion | None = None, **changes: Any
) -> Provision:
    by = by or official()
    provision = received(camera, by, **changes)
    review.put_forward(provision, using or opinion(), by=by)
    provision.refresh_from_db()
    return provision


def approved(
    camera: Camera, by: Officer | None = None, using: Opinion | None = None, **changes: Any
) -> Provision:
    provision = reviewed(camera, by, using, **changes)
    approval.approve(provision, by=head())
    provision.refresh_from_db()
    return provision


def restricted(provision: Provision, by: Officer) -> Provision:
    text = restrictions.draft(provision)
    restrictions.ask(provision, text=text, document_number="안전-7", on=timezone.localdate(), by=by)
    return provision


def given(**changes: Any) -> Given:
    what: dict[str, Any] = {
        "at": timezone.now(),
        "file_name": "GS-00001-1_절도_1",
        "receiver_name": "이순경",
        "medium": "usb",
        "file_count": 1,
        "unmasked_why": "수사에 인상착의가 필요함",
        "files": [Digest("clip.mp4", SHA)],
        **changes,
    }
    return Given(**what)


def seen(**changes: Any) -> Given:
    """Seen in the centre just now: nothing is taken along."""
    at = timezone.now()
    what = {
        "medium": "none",
        "file_count": 0,
        "files": [],
        "at": at,
        "until_at": at + timedelta(microseconds=1),
    }
    return given(**what | changes)


def handed(provision: Provision, by: Officer, **changes: Any) -> HandOver:
    if restrictions.is_owed(provision) and restrictions.of(provision) is None:
        restricted(provision, by)
    return handover.hand_over(provision, given(**changes), by=by)


def released(
    camera: Camera, by: Officer | None = None, using: Opinion | None = None, **changes: Any
) -> Provision:
    """From the letter to the copy in the agency's hands."""
    by = by or official()
    provision = approved(camera, by, using, **changes)
    handed(provision, by)
    provision.refresh_from_db()
    return provision


def signed_document(**changes: Any) -> Signature:
    what = {"way": "document", "capacity": "holder", "document_number": "안전-99", "on": timezone.localdate()}
    return Signature(**what | changes)


def paper(name: str = "회신.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")
