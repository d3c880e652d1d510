"""Where the subject of a finding and its remedy are found on screen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from cameras.models import Camera, EntrustmentContract
from committee.models import Meeting, Resolution, Term
from ordinance import rules
from ordinance.models import Finding
from ordinance.rules import SUBJECT_LABELS, Rule, Subject
from portal import district, remedies
from portal.access import may
from records.models import (
    PERSONAL,
    PROVISION_PERSONAL,
    CaseCopy,
    Incident,
    Provision,
    StaffMember,
    ViewingRequest,
    Visit,
)


@dataclass(frozen=True)
class Place:
    """A subject as a list shows it: what, where, and the address of its page (may be empty)."""

    label: str
    detail: str = ""
    url: str = ""
    pk: int | None = None


def places_of(findings: Iterable[Finding]) -> Mapping[tuple[str, str], Place]:
    """By (kind, number), in one query per kind of subject."""
    numbers: dict[str, set[str]] = {}
    for finding in findings:
        numbers.setdefault(finding.rule.subject_kind, set()).add(finding.number)
    return {
        (kind, number): place
        for kind, chosen in numbers.items()
        for number, place in _FINDERS.get(kind, _unknown)(chosen).items()
    }


def place_of(kind: str, number: str) -> Place:
    found = _FINDERS.get(kind, _unknown)({number})
    return found.get(number, Place(f"{SUBJECT_LABELS.get(Subject(kind), kind)} {number}", "대장에 없음"))


def _cameras(numbers: set[str]) -> dict[str, Place]:
    rows = Camera.objects.filter(number__in=numbers).select_related("site")
    return {
        camera.number: Place(
            camera.number, camera.site.address, reverse("cameras:page", args=[camera.pk]), camera.pk
        )
        for camera in rows
    }


def _contracts(numbers: set[str]) -> dict[str, Place]:
    rows = EntrustmentContract.objects.filter(number__in=numbers)
    return {row.number: Place(row.number, row.title, _contract_url(row.pk), row.pk) for row in rows}


def _contract_url(pk: int) -> str:
    return _reverse("contracts:contract", pk)


def _provisions(numbers: set[str]) -> dict[str, Place]:
    rows = Provision.objects.filter(number__in=numbers).select_related("unit__agency", "department")
    return {
        row.number: Place(row.number, row.recipient, _reverse("provision:page", row.pk), row.pk)
        for row in rows.defer(*PROVISION_PERSONAL)
    }


def _copies(numbers: set[str]) -> dict[str, Place]:
    rows = CaseCopy.objects.filter(number__in=numbers).select_related("request", "provision")
    rows = rows.defer(
        *(f"request__{name}" for name in PERSONAL), *(f"provision__{name}" for name in PROVISION_PERSONAL)
    )
    return {
        row.number: Place(row.number, row.case_number, _reverse("copies:page", row.pk), row.pk)
        for row in rows
    }


def _terms(numbers: set[str]) -> dict[str, Place]:
    rows = Term.objects.filter(number__in=numbers)
    return {
        row.number: Place(row.number, row.get_ground_display(), _reverse("committee:term", row.pk), row.pk)
        for row in rows
    }


def _meetings(numbers: set[str]) -> dict[str, Place]:
    rows = Meeting.objects.filter(number__in=numbers)
    return {
        row.number: Place(row.number, str(row), _reverse("committee:meeting", row.pk), row.pk) for row in rows
    }


def _incidents(numbers: set[str]) -> dict[str, Place]:
    rows = Incident.objects.filter(number__in=numbers).defer("told_to").order_by("-pk")
    return {
        row.number: Place(row.number, row.kind, _reverse("incidents:page", row.pk), row.pk) for row in rows
    }


def _visits(numbers: set[str]) -> dict[str, Place]:
    rows = Visit.objects.filter(number__in=numbers).defer("name", "phone")
    return {
        row.number: Place(row.number, row.organisation, _reverse("visits:page", row.pk), row.pk)
        for row in rows
    }


def _resolutions(numbers: set[str]) -> dict[str, Place]:
    rows = Resolution.objects.filter(number__in=numbers)
    return {
        row.number: Place(row.number, row.title, _reverse("committee:resolution", row.pk), row.pk)
        for row in rows
    }


def _requests(numbers: set[str]) -> dict[str, Place]:
    rows = ViewingRequest.objects.filter(receipt_number__in=numbers).defer(*PERSONAL)
    return {
        row.receipt_number: Place(
            row.receipt_number, row.get_state_display(), _reverse("viewing:request", row.pk), row.pk
        )
        for row in rows
    }


def _staff(numbers: set[str]) -> dict[str, Place]:
    rows = StaffMember.objects.filter(number__in=numbers).defer("name", "address")
    return {
        row.number: Place(
            row.number,
            f"{row.get_kind_display()} {row.employer}".strip(),
            _reverse("training:person", row.pk),
            row.pk,
        )
        for row in rows
    }


def _district(numbers: set[str]) -> dict[str, Place]:
    return {number: Place(district.name() or number, "자치구 전체") for number in numbers}


def _unknown(numbers: set[str]) -> dict[str, Place]:
    return {number: Place(number) for number in numbers}


_FINDERS: dict[str, Any] = {
    Subject.CAMERA.value: _cameras,
    Subject.CONTRACT.value: _contracts,
    Subject.COPY.value: _copies,
    Subject.DISTRICT.value: _district,
    Subject.INCIDENT.value: _incidents,
    Subject.MEETING.value: _meetings,
    Subject.MEMBER.value: _terms,
    Subject.RESOLUTION.value: _resolutions,
    Subject.PROVISION.value: _provisions,
    Subject.REQUEST.value: _requests,
    Subject.STAFF.value: _staff,
    Subject.VISIT.value: _visits,
}


def remedy_url(code: str, place: Place | None = None) -> str:
    """The screen where the duty is met: the subject's own where the rule names one, else the list; or nothing."""
    try:
        rule: Rule = rules.get(code)
    except LookupError:
        return ""
    if rule.remedy_url and place and place.pk is not None and (own := _reverse(rule.remedy_url, place.pk)):
        return own
    numbers = [place.label] if place and rule.subject == Subject.CAMERA else []
    return remedies.url_of(rule.remedy_url, None, numbers, rule=code)


def way_to_mend(person: Any, code: str, place: Place | None = None) -> str:
    """The same for who may do what mends it; nothing for those who only read."""
    try:
        rule = rules.get(code)
    except LookupError:
        return ""
    return remedy_url(code, place) if may(person, [rule.mended_by]) else ""


def _reverse(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
