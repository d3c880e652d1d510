"""개인영상정보 관리대장 (Guideline art. 42, 44, 45, form 3): every use, provision, viewing and destruction is exactly one line.

A release whose copy is later destroyed is two lines. The automatic deletion of the period has one line for each confirmation
(art. 42(2)): its cycle, and when who confirmed it.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from accounts.models import Officer
from footage.models import DeletionConfirmation
from ordinance.periods import SEOUL
from records.enums import TAKEN_ALONG, AppointmentResult, DecisionOutcome, RequestKind
from records.models import (
    CopyEnding,
    CopyLeaving,
    HandOver,
    Provision,
    RangeDecision,
    RequestedCamera,
    ViewingAppointment,
    ViewingDecision,
    ViewingNotice,
    ViewingRequest,
)
from records.provision_enums import EndingKind, ReleaseKind

ERASED = "인적사항 파기"
FOOTAGE = "request__cameras__camera"
SHOWN = (DecisionOutcome.GRANTED, DecisionOutcome.PARTLY)
AUTOMATIC = "보관기간이 지난 영상의 자동삭제"


class LineKind(StrEnum):
    """구분: one of the four is ticked."""

    USE = "use"
    PROVISION = "provision"
    VIEWING = "viewing"
    DESTRUCTION = "destruction"

    @property
    def label(self) -> str:
        return {"use": "이용", "provision": "제공", "viewing": "열람", "destruction": "파기"}[self.value]


@dataclass(frozen=True)
class Line:
    """One line of form 3, in its columns; a column that the law leaves open is empty.

    `at` says which of two comes first: a moment, or the day where no more is known.
    """

    kind: LineKind
    at: dt.datetime | dt.date
    file_name: str
    officer: str
    reason: str
    recipient: str = ""
    basis: str = ""
    form: str = ""
    period: str = ""
    # What a list without persons shows instead of recipient and reason, and what it is searched by.
    reference: str = ""
    is_reason_personal: bool = False
    agency: str = ""
    cameras: tuple[str, ...] = ()


@dataclass(frozen=True)
class Where:
    """Which lines; empty is no condition."""

    kind: str = ""
    camera: str = ""
    agency: str = ""

    def takes(self, kind: LineKind, cameras: tuple[str, ...], agency: str) -> bool:
        return (
            (not self.kind or kind == self.kind)
            and (not self.camera or self.camera in cameras)
            and (not self.agency or agency == self.agency)
        )


HEADINGS = (
    "번호",
    "구분",
    "일시",
    "파일명/형태",
    "담당자",
    "목적/사유",
    "이용·제공받는 제3자/열람 등 요구자",
    "이용·제공 근거",
    "이용·제공 형태",
    "기간",
)


def lines(from_on: dt.date, until_on: dt.date, where: Where | None = None) -> list[Line]:
    """Of the days from the first to the last, both included, in Seoul's days; in the order in which it happened."""
    wanted = where or Where()
    span = span_of(from_on, until_on)
    told = _refused(from_on, until_on)
    found = [*_handed_over(span), *_ended(span), *_shown(span), *_copied(span), *told, *_deleted(span)]
    taken = (line for line in found if wanted.takes(line.kind, line.cameras, line.agency))
    return sorted(taken, key=lambda line: _moment(line.at))


def without_persons(number: int, line: Line) -> tuple[object, ...]:
    """The same columns for those who have not said why they look at persons."""
    named = list(cells(number, line))
    named[6] = line.reference
    if line.is_reason_personal:
        named[5] = ""
    return tuple(named)


def cells(number: int, line: Line) -> tuple[object, ...]:
    """As the form has them."""
    return (
        number,
        line.kind.label,
        line.at,
        line.file_name,
        line.officer,
        line.reason,
        line.recipient,
        line.basis,
        line.form,
        line.period,
    )


Span = tuple[dt.datetime, dt.datetime]


def span_of(from_on: dt.date, until_on: dt.date) -> Span:
    """From the first day to the last, both included, in Seoul's days."""
    first = dt.datetime.combine(from_on, dt.time.min, SEOUL)
    return first, dt.datetime.combine(until_on, dt.time.min, SEOUL) + dt.timedelta(days=1)


def _moment(at: dt.datetime | dt.date) -> dt.datetime:
    """A day comes before its moments."""
    return at if isinstance(at, dt.datetime) else dt.datetime.combine(at, dt.time.min, SEOUL)


def _handed_over(span: Span) -> Iterator[Line]:
    rows = HandOver.objects.filter(at__gte=span[0], at__lt=span[1]).select_related(
        "provision__unit__agency",
        "provision__department",
        "provision__ground",
        "provision__national_ground",
        "handed_by__department",
    )
    for row in rows.prefetch_related("provision__cameras__camera").order_by("at", "pk"):
        case = row.provision
        kind = LineKind.USE if case.kind == ReleaseKind.USE else LineKind.PROVISION
        receiver = " ".join(filter(None, (row.receiver_rank, row.receiver_name))) or ERASED
        yield Line(
            kind=kind,
            at=row.at,
            file_name=_with_count(row.file_name, row.file_count),
            officer=named(row.handed_by),
            reason=case.purpose,
            recipient=f"{case.recipient} {receiver}",
            basis=f"{case.basis} ({case.letter_number})" if case.basis else case.letter_number,
            form=f"{case.get_form_display()} ({row.get_medium_display()})",
            period=_until(row.use_until_on),
            reference=case.recipient,
            agency=agency_of(case),
            cameras=_cameras_of(case),
        )


def _ended(span: Span) -> Iterator[Line]:
    """A copy that came back is in the office again; one that was destroyed is a line of its own."""
    rows = CopyEnding.objects.filter(kind=EndingKind.DESTROYED, at__gte=span[0], at__lt=span[1])
    rows = rows.select_related("hand_over__provision__unit__agency", "recorded_by__department")
    for row in rows.prefetch_related("hand_over__provision__cameras__camera").order_by("at", "pk"):
        yield Line(
            kind=LineKind.DESTRUCTION,
            at=row.at,
            file_name=_with_count(row.hand_over.file_name, row.hand_over.file_count),
            officer=named(row.recorded_by),
            reason=f"제공한 사본의 파기 확인 ({row.hand_over.provision.number})",
            agency=agency_of(row.hand_over.provision),
            cameras=_cameras_of(row.hand_over.provision),
        )


def _shown(span: Span) -> Iterator[Line]:
    rows = ViewingAppointment.objects.filter(
        result=AppointmentResult.SHOWN, shown_at__gte=span[0], shown_at__lt=span[1]
    ).select_related("request", "notice", "ended_by__department")
    viewing = ViewingDecision.objects.filter(kind=RequestKind.VIEWING).defer("reason").order_by("pk")
    granted = Prefetch("notice__decisions", viewing.prefetch_related("ranges"))
    for row in rows.prefetch_related(FOOTAGE, granted).order_by("shown_at", "pk"):
        if row.shown_at is not None:
            shown = _ranges_of(row.notice.decisions.all(), SHOWN)
            yield Line(
                kind=LineKind.VIEWING,
                at=row.shown_at,
                file_name=_footage_of(row.request, shown),
                officer=named(row.ended_by),
                reason=_reason_shown(row),
                recipient=_requester(row.request),
                form=_form_shown(row),
                **_of_request(row.request, shown, is_reason_personal=True),
            )


def _form_shown(row: ViewingAppointment) -> str:
    """Until when it was shown, and what was given along; of viewings of before neither is on record."""
    until = f" ~ {timezone.localtime(row.shown_until, SEOUL):%H:%M}" if row.shown_until else ""
    if row.fee_form not in TAKEN_ALONG:
        return f"열람{until} (사본 없음)"
    return f"열람{until}, {row.get_fee_form_display()} {row.fee_units or 1}"


def _reason_shown(row: ViewingAppointment) -> str:
    """Of a copy also what was given and why (Guideline art. 44(5) no. 5)."""
    purpose = row.request.purpose or ERASED
    return f"{purpose}; 사본: {row.note}" if row.fee_form in TAKEN_ALONG and row.note else purpose


def _copied(span: Span) -> Iterator[Line]:
    """A copy that a citizen got otherwise than at a viewing: which video and why (Guideline art. 44(5) no. 5)."""
    rows = CopyLeaving.objects.filter(
        at__gte=span[0], at__lt=span[1], hand_over__isnull=True, appointment__isnull=True
    ).select_related("copy__request", "copy__package", "by__department")
    for row in rows.prefetch_related("copy__parts__camera", "copy__request__cameras__camera").order_by(
        "at", "pk"
    ):
        if row.at is None or row.copy.request is None:
            continue
        parts = sorted(row.copy.parts.all(), key=lambda part: part.pk)
        spans = (f"{part.camera.number} {_minute(part.from_at)} ~ {_minute(part.until_at)}" for part in parts)
        yield Line(
            kind=LineKind.VIEWING,
            at=row.at,
            file_name=f"{row.copy.number}: {'; '.join(spans)}",
            officer=named(row.by),
            reason=row.copy.request.purpose or ERASED,
            recipient=_requester(row.copy.request),
            form=f"열람(사본 발급), {row.get_way_display()}",
            **_of_request(row.copy.request, is_reason_personal=True),
        )


def _refused(from_on: dt.date, until_on: dt.date) -> Iterator[Line]:
    """Guideline art. 44(5): a refusal is on record with its reason, as of the day on which it was told. A line per letter."""
    letters = ViewingNotice.objects.filter(on__range=(from_on, until_on)).order_by("on", "pk")
    of_ranges = RangeDecision.objects.filter(outcome=DecisionOutcome.REFUSED).defer("reason")
    # A camera that is refused beside others that are shown is refused all the same.
    refusals = ViewingDecision.objects.filter(
        Q(outcome=DecisionOutcome.REFUSED) | Exists(of_ranges.filter(decision=OuterRef("pk")))
    ).order_by("pk")
    refusals = refusals.select_related("ground", "national_ground", "decided_by__department")
    refusals = refusals.prefetch_related(
        Prefetch("ranges", of_ranges.select_related("ground", "national_ground").order_by("pk"))
    )
    told = letters.filter(pk__in=refusals.values("notice")).select_related("request")
    for letter in told.prefetch_related(Prefetch("decisions", refusals), FOOTAGE):
        refused = list(letter.decisions.all())
        ranges = _ranges_of(refused, (DecisionOutcome.REFUSED,))
        yield Line(
            kind=LineKind.VIEWING,
            at=letter.on,
            file_name=_footage_of(letter.request, ranges),
            officer=", ".join(dict.fromkeys(named(each.decided_by) for each in refused)),
            reason="; ".join(f"{each.get_kind_display()} 거절: {_grounds_of(each)}" for each in refused),
            recipient=_requester(letter.request),
            form=_form_refused(refused),
            **_of_request(letter.request, ranges),
        )


def _form_refused(decisions: Iterable[ViewingDecision]) -> str:
    """What was refused as a whole, and of what single cameras were."""
    found: dict[str, list[str]] = {"거절": [], "일부 거절": []}
    for each in decisions:
        word = "거절" if each.outcome == DecisionOutcome.REFUSED else "일부 거절"
        found[word].append(each.get_kind_display())
    return ", ".join(f"{', '.join(kinds)} {word}" for word, kinds in found.items() if kinds)


def _grounds_of(decision: ViewingDecision) -> str:
    """Of the whole, and of single cameras that have their own."""
    given: list[ViewingDecision | RangeDecision] = [*decision.ranges.all()]
    if decision.outcome == DecisionOutcome.REFUSED:
        given.insert(0, decision)
    named = (str(ground) for each in given for ground in (each.national_ground, each.ground) if ground)
    return ", ".join(dict.fromkeys(named))


def _ranges_of(decisions: Iterable[ViewingDecision], outcomes: Collection[str]) -> set[int] | None:
    """The cameras and ranges that got one of these; None where nothing is said of single ones: it is all of them."""
    given = [list(decision.ranges.all()) for decision in decisions]
    if not given or not all(given):
        return None
    return {each.line_id for ranges in given for each in ranges if each.outcome in outcomes}


def _deleted(span: Span) -> Iterator[Line]:
    rows = DeletionConfirmation.objects.filter(confirmed_at__gte=span[0], confirmed_at__lt=span[1])
    for row in rows.select_related("confirmed_by__department").order_by("confirmed_at", "pk"):
        how = "정상 작동을 확인함" if row.is_working else "정상으로 작동하지 않음을 확인함"
        yield Line(
            kind=LineKind.DESTRUCTION,
            at=row.confirmed_at,
            file_name=f"{AUTOMATIC} ({row.period_from} ~ {row.period_until})",
            officer=named(row.confirmed_by),
            reason=f"자동삭제 주기 {row.cycle}, {how}",
        )


def named(officer: Officer | None) -> str:
    """Department and name, as they are known today."""
    if officer is None:
        return ""
    department = officer.department.name if officer.department else ""
    return f"{department} {officer.get_full_name() or officer.username}".strip()


def agency_of(case: Provision) -> str:
    """The body, without its department; of a use inside the office nothing."""
    return case.unit.agency.name if case.unit else ""


def _cameras_of(case: Provision) -> tuple[str, ...]:
    standing = (row for row in case.cameras.all() if row.dropped_at is None)
    return tuple(dict.fromkeys(row.camera.number for row in standing))


def _of_request(
    request: ViewingRequest, ranges: set[int] | None = None, *, is_reason_personal: bool = False
) -> dict[str, Any]:
    return {
        "reference": f"열람등 청구 {request.receipt_number}의 청구인",
        "is_reason_personal": is_reason_personal,
        "cameras": tuple(dict.fromkeys(row.camera.number for row in _asked(request, ranges))),
    }


def _asked(request: ViewingRequest, ranges: set[int] | None) -> list[RequestedCamera]:
    """In their order; a camera that was left out of the request is none of it."""
    rows = (row for row in request.cameras.all() if row.dropped_at is None)
    return sorted((row for row in rows if ranges is None or row.pk in ranges), key=lambda row: row.pk)


def _requester(request: ViewingRequest) -> str:
    return " ".join(filter(None, (request.requester_name, request.requester_phone))) or ERASED


def _footage_of(request: ViewingRequest, ranges: set[int] | None = None) -> str:
    """Footage of a viewing has no file of its own: camera and range. `ranges`: only these."""
    rows = _asked(request, ranges)
    return "; ".join(f"{row.camera.number} {_minute(row.from_at)} ~ {_minute(row.until_at)}" for row in rows)


def _with_count(name: str, files: int) -> str:
    return f"{name} (파일 {files}개)" if files > 1 else name


def _minute(at: dt.datetime) -> str:
    return f"{timezone.localtime(at, SEOUL):%Y-%m-%d %H:%M}"


def _until(on: dt.date | None) -> str:
    return f"~ {on}" if on else ""
