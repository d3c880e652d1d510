"""안내판 신고: receiving, closing, reading the contact, erasing it (ordinance art. 9, PIPA art. 25(4)).

Several reports of one site are one matter for the office: it goes there once. Contact, photograph and
position, which may tell of people, are erased after `sign_report_contact_days`; what was wrong and what was done stays.
"""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from accounts import encryption, resealing
from accounts.models import Officer
from accounts.resealing import Resealed
from cameras.enums import SignProblem, SignReportOutcome
from cameras.models import SignReport, Site
from cameras.whereabouts.bearings import Position
from cameras.whereabouts.finding import near
from cameras.whereabouts.register import known_places
from casework import acts, persons, portions, receipts, refusals
from casework.refusals import Refusal
from ledger import kinds
from ledger.append import record
from ledger.files import replacing
from ordinance import due, parameters
from ordinance.due import DueItem, Severity

CODE = "sign_report"
PHOTO_PURPOSE = "sign_report_photo"
MAX_TEXT = 1_000
MAX_CONTACT = 200
MAX_PLACE = 300
MAX_NOTE = 500
ERASED_AT_ONCE = 500
TOLD = timedelta(days=365)
MOST_TOLD = 5
LEDGER_KINDS = {
    "cameras.sign_reported": "안내판 신고 접수",
    "cameras.sign_report_placed": "안내판 신고의 설치장소 확인",
    "cameras.sign_report_closed": "안내판 신고 처리",
    "cameras.sign_report_contact_read": "안내판 신고자 연락처 열람",
    "cameras.sign_report_persons_erased": "안내판 신고자 연락처·사진·위치 파기",
}
# Why an officer looks at a contact; nothing else is a reason.
CONTACT_PURPOSES = {"answer": "처리 결과 안내", "ask": "사실 확인"}


class Damaged(Exception):
    """The photograph is not there, or does not open."""


def listen() -> None:
    resealing.register("cameras.sign_reports", reseal_photos)
    for kind, label in LEDGER_KINDS.items():
        kinds.register(kind, label)
    due.register("cameras.sign_reports", due_items)
    persons.register(
        persons.PersonalData(
            code=CODE,
            title="안내판 신고의 처리",
            model=SignReport,
            columns=("contact",),
            items="연락처, 사진, 알려 준 위치 (모두 선택)",
            purpose="신고한 곳을 확인하고 처리 결과를 알리는 데 씁니다.",
            ground="정보주체의 동의 (개인정보 보호법 제15조제1항제1호)",
            is_consented=True,
            days="sign_report_contact_days",
            kept_from="접수한 날부터",
            erase=erase_persons,
            count_due=lambda now: due_persons(now).count(),
            purposes=CONTACT_PURPOSES,
            read_kind="cameras.sign_report_contact_read",
            permission="cameras.read_signreport_contact",
            subject=lambda report: report.ledger_subject,
        )
    )


def receive(
    site: Site | None,
    problem: str,
    *,
    place: str = "",
    position: Position | None = None,
    text: str = "",
    contact: str = "",
    photo: bytes | None = None,
    submission: uuid.UUID,
) -> SignReport:
    """Keep a report. The same form sent again gives the report that is there already.

    `photo` is a JPEG from `pictures.stripped`. Without a site the words for the place or its position are needed.
    """
    if site is None and not place.strip() and position is None:
        raise ValidationError("어디인지 적거나 위치를 알려 주십시오.")
    known = SignReport.objects.filter(submission=submission).first()
    if known is not None:
        return known
    now = timezone.now()
    report = SignReport(
        receipt_number=receipts.new_number("S", timezone.localdate(now)),
        submission=submission,
        site=site,
        place=place.strip()[:MAX_PLACE],
        latitude=position.latitude if position else None,
        longitude=position.longitude if position else None,
        problem=SignProblem(problem),
        text=text.strip()[:MAX_TEXT],
        contact=contact.strip()[:MAX_CONTACT],
        has_contact=bool(contact.strip()),
        received_at=now,
    )
    if photo:
        name = f"{uuid.uuid4().hex}.jpg"
        report.photo.save(name, ContentFile(_sealed(photo, name)), save=False)
    try:
        with acts.begin(
            "cameras.sign_reported",
            report,
            subject=f"site:{site.number}" if site else report.ledger_subject,
            actor="system:website",
            at=now,
        ) as act:
            report.save()
            act.payload |= {"report": report.receipt_number, "problem": report.problem}
    except BaseException:
        # A photograph without a report would never be erased.
        report.photo.delete(save=False)
        raise
    return report


def _sealed(photo: bytes, stored_as: str) -> bytes:
    return encryption.seal_bytes(photo, purpose=PHOTO_PURPOSE, place=stored_as)


def photo_of(report: SignReport) -> bytes:
    """What was sent, or `Damaged`. Those of before photographs were sealed lie as they came until `reencrypt` has run."""
    try:
        with report.photo.open("rb") as file:
            stored = file.read()
        if not encryption.is_sealed(stored):
            return bytes(stored)
        place = PurePosixPath(str(report.photo.name)).name
        return encryption.unseal_bytes(stored, purpose=PHOTO_PURPOSE, place=place)
    except (OSError, encryption.Undecryptable) as error:
        raise Damaged(str(error)) from error


def reseal_photos(*, is_dry_run: bool) -> Resealed:
    """Every photograph under the first key (`reencrypt`)."""
    done, current = Resealed(), encryption.current_key_mark()
    for report in SignReport.objects.exclude(photo="").order_by("pk").iterator(chunk_size=100):
        done.cells += 1
        try:
            with report.photo.open("rb") as file:
                if file.read(len(current)) == current:
                    continue
            content = photo_of(report)
        except (OSError, Damaged):
            done.unreadable.append(f"sign report {report.pk}")
            continue
        done.rewritten += 1
        if not is_dry_run:
            path = Path(report.photo.path)
            with replacing(path, mode=0o600) as target:
                target.write(_sealed(content, path.name))
    return done


def assign(report: SignReport, site: Site, *, by: Officer) -> SignReport:
    """Say which site a report is about that came without one."""
    with acts.begin("cameras.sign_report_placed", report, subject=f"site:{site.number}", by=by) as act:
        if not act.row.is_open:
            act.refuse([Refusal("closed", "이미 처리한 신고입니다.")])
        act.write(site=site)
        act.payload |= {"report": act.row.receipt_number}
    return act.row


def nearest_sites(report: SignReport, most: int = 5) -> list[tuple[Site, float]]:
    """Sites nearest to the reported position, with metres; none without a position."""
    if report.latitude is None or report.longitude is None:
        return []
    answer = near(Position(report.latitude, report.longitude), known_places(Site.objects.order_by()))
    found = {each.spot.pk: each.metres or 0.0 for each in answer.near[:most]}
    sites = Site.objects.in_bulk(found)
    return [(sites[pk], apart) for pk, apart in found.items() if pk in sites]


def close(report: SignReport, outcome: str, *, note: str, by: Officer) -> SignReport:
    """Say what was done. A closed report stays closed."""
    with acts.begin("cameras.sign_report_closed", report, by=by) as act:
        act.refuse(refusals.unwritten(note, "note", "무엇을 확인하고 무엇을 하였는지 적어 주십시오."))
        if not act.row.is_open:
            act.refuse([Refusal("closed", "이미 처리한 신고입니다.")])
        act.write(
            outcome=SignReportOutcome(outcome),
            closing_note=note.strip()[:MAX_NOTE],
            closed_at=act.at,
            closed_by=by,
        )
        act.payload |= {"report": act.row.receipt_number, "outcome": act.row.outcome}
    return act.row


def told_of(site: Site, now: datetime) -> list[SignReport]:
    """What the page of the site tells: the newest reports, open or seen to within a year."""
    found = SignReport.objects.filter(site=site).exclude(closed_at__lt=now - TOLD)
    return list(found.order_by("-received_at", "-pk")[:MOST_TOLD])


def due_on(report: SignReport) -> date:
    """The day by which the office means to have seen to it."""
    received_on = timezone.localdate(report.received_at)
    return received_on + timedelta(days=int(parameters.value("sign_report_handling_days", received_on).value))


def due_persons(now: datetime) -> "QuerySet[SignReport]":
    """Reports whose contact and photograph have been kept as long as they may."""
    days = int(parameters.value("sign_report_contact_days", timezone.localdate(now)).value)
    return SignReport.objects.filter(
        person_erased_at__isnull=True, received_at__lte=now - timedelta(days=days)
    )


def erase_persons(now: datetime | None = None) -> int:
    """Erase contacts, photographs and positions whose period is over; how many reports it was."""
    at = now or timezone.now()
    with transaction.atomic():
        reports = portions.hold(lambda: due_persons(at).order_by("pk"), ERASED_AT_ONCE)
        if not reports:
            return 0
        photos = [(report.photo.storage, str(report.photo.name)) for report in reports if report.photo]
        for report in reports:
            report.contact, report.photo, report.person_erased_at = "", "", at
            report.latitude = report.longitude = None
        erased = ["contact", "photo", "latitude", "longitude", "person_erased_at"]
        SignReport.objects.bulk_update(reports, erased)
        record(
            "cameras.sign_report_persons_erased",
            actor="system:cameras",
            subject="sign-reports",
            payload={"reports": [report.receipt_number for report in reports]},
        )
        for storage, name in photos:
            transaction.on_commit(partial(storage.delete, name))
    return len(reports)


def due_items(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """One matter per site: whoever goes there sees to all of its reports. Without a site each is its own."""
    waiting = SignReport.objects.filter(closed_at__isnull=True).order_by()
    rows = list(
        waiting.filter(site__isnull=False)
        .values("site__pk", "site__number")
        .annotate(reports=Count("pk"), first_at=Min("received_at"))
        .order_by("first_at")
    )
    unplaced = list(waiting.filter(site__isnull=True).order_by("received_at", "pk"))
    if not rows and not unplaced:
        return
    days = int(parameters.value("sign_report_handling_days", timezone.localdate(now)).value)
    for row in rows:
        yield _due_item(
            now,
            days,
            row["first_at"],
            title=f"안내판 신고: {row['site__number']}",
            detail=f"처리하지 않은 신고 {row['reports']:,}건",
            url_name="sign_reports:site",
            url_args=(row["site__pk"],),
            count=row["reports"],
        )
    for report in unplaced:
        yield _due_item(
            now,
            days,
            report.received_at,
            title=f"안내판 신고 {report.receipt_number}",
            detail=f"어느 설치장소인지 확인하여야 합니다: {report.place_text}",
            url_name="sign_reports:report",
            url_args=(report.pk,),
        )


def _due_item(now: datetime, days: int, received_at: datetime, **facts: Any) -> DueItem:
    due_at = received_at + timedelta(days=days)
    return DueItem(
        code="cameras.sign_report",
        severity=Severity.OVERDUE if due_at <= now else Severity.DUE,
        article="조례 제9조",
        due_on=timezone.localdate(due_at),
        since=received_at,
        kind="안내판",
        **facts,
    )
