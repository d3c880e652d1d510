"""까닭보다 오래갈 유예: holds whose reason is over, or will be over before anybody ends them, each with the act that mends it.

A hold ends by a dated decision and never by itself, so what nobody decides keeps footage of people for ever. Here stands
every hold in force that waits for nothing but an act of the office: the case is over and nobody let its footage go, a day
has passed on which something was to be written down, a camera was left out and is still held, or it was placed by hand
and nobody has looked since. What the law itself still needs is not here.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from footage import holds
from footage.models import Hold
from ordinance import parameters
from records.enums import TOLD, NoticeWay, RequestState
from records.models import (
    PERSONAL,
    PROVISION_PERSONAL,
    Incident,
    Provision,
    ProvisionCamera,
    RequestedCamera,
    ViewingAppointment,
    ViewingNotice,
    ViewingRequest,
    ViewingSupplement,
)
from records.provision import ending
from records.provision_enums import OVER, ProvisionState
from records.viewing import keeping, postponement, release

REVIEW_DAYS = "hold_review_days"
REQUEST, PROVISION, BY_HAND, INCIDENT = "열람등 청구", "이용·제공", "손으로 건 유예", "관제 중 상황"
RELEASE, ASK, HANDLE, DECIDE, PROVIDE = (
    "footage.release_hold",
    "footage.place_hold",
    "records.read_viewing_person",
    "records.decide_viewingrequest",
    "records.handle_provision",
)


@dataclass(frozen=True, slots=True)
class Outliving:
    """One case (or one hold): why its holds will outlive their reason, and what ends that. `needs`: whose right it is."""

    kind: str
    name: str
    why: str
    act: str
    needs: str
    url_name: str
    url_arg: int
    # Where the case itself is shown.
    page: str
    page_arg: int
    since: dt.date | None
    holds: int = 1


def lines(now: dt.datetime) -> list[Outliving]:
    """The longest overdue first."""
    found = [*_of_requests(now), *_of_provisions(), *_by_hand(now)]
    return sorted(found, key=lambda each: (each.since or timezone.localdate(now), each.name))


# -- requests of citizens


def _of_requests(now: dt.datetime) -> Iterator[Outliving]:
    today = timezone.localdate(now)
    held = _held_by_request()
    for request, kept in release.may_go(now):
        yield _request(
            request, held, kept.sentence, "유예 해제", RELEASE, "viewing:release", since=kept.until
        )
    asked = ViewingSupplement.objects.filter(
        ended_at__isnull=True, until_on__lt=today, request__state=RequestState.SUPPLEMENT
    )
    for supplement in asked.select_related("request").defer(*(f"request__{name}" for name in PERSONAL)):
        why = f"{supplement.until_on}까지 보완하지 않았습니다."
        yield _request(
            supplement.request,
            held,
            why,
            "종결 또는 보완 접수",
            DECIDE,
            "viewing:lapse",
            since=supplement.until_on,
        )
    for request in ViewingRequest.objects.filter(state=RequestState.POSTPONED).defer(*PERSONAL):
        postponed = postponement.last_of(request)
        if postponed and postponed.expected_end_on and postponed.expected_end_on < today:
            why = f"연기한 날({postponed.expected_end_on})이 지났습니다."
            yield _request(
                request,
                held,
                why,
                "연기 사유 종료",
                DECIDE,
                "viewing:resume",
                since=postponed.expected_end_on,
            )
    past = ViewingAppointment.objects.awaited().filter(at__lte=now).select_related("request")
    for appointment in past.defer(*(f"request__{name}" for name in PERSONAL)):
        on = timezone.localdate(appointment.at)
        why, what, url_name = f"{on}의 열람 결과를 기록하지 않았습니다.", "열람 결과 기록", "viewing:shown"
        if appointment.has_open_wish:
            why = f"{on}에 오지 못한 청구인이 원하는 일시를 정하지 않았습니다."
            what, url_name = "열람 일시 변경", "viewing:reschedule"
        yield _request(appointment.request, held, why, what, HANDLE, url_name, appointment.pk, since=on)
    yield from _unarrived(today, held)
    yield from _left_out()


def _unarrived(today: dt.date, held: dict[int, int]) -> Iterator[Outliving]:
    """While nobody knows when a letter came the longest period counts: the day of its arrival shortens it."""
    rows = ViewingNotice.objects.filter(
        way=NoticeWay.POST, arrived_on__isnull=True, request__in=list(held), request__state__in=TOLD
    ).exclude(how_to_object="")
    periods = keeping.Periods(today)
    for notice in rows.select_related("request").defer("reply", *(f"request__{name}" for name in PERSONAL)):
        usual = periods.end("appeal_days", notice.on)
        if usual < today:
            until = periods.end("appeal_longest_days", notice.on)
            why = f"통지({notice.on})가 도달한 날을 몰라 {until}까지 유예합니다."
            yield _request(
                notice.request, held, why, "도달한 날 기록", HANDLE, "viewing:arrive", notice.pk, since=usual
            )


def _left_out() -> Iterator[Outliving]:
    rows = RequestedCamera.objects.filter(dropped_at__isnull=False, hold__released_at__isnull=True)
    rows = rows.filter(hold__isnull=False).select_related("request", "camera")
    for line in rows.defer(*(f"request__{name}" for name in PERSONAL)).order_by("dropped_at"):
        request = line.request
        yield Outliving(
            REQUEST,
            request.receipt_number,
            f"청구에서 뺀 카메라 {line.camera.number}의 유예가 남았습니다.",
            "뺀 카메라의 유예 해제",
            RELEASE,
            "viewing:request",
            request.pk,
            "viewing:request",
            request.pk,
            timezone.localdate(line.dropped_at) if line.dropped_at else None,
        )


def _held_by_request() -> dict[int, int]:
    rows = Hold.objects.filter(released_at__isnull=True, requested_camera__dropped_at__isnull=True)
    rows = rows.filter(requested_camera__isnull=False).order_by()
    counted = rows.values(request=F("requested_camera__request")).annotate(many=Count("pk"))
    return {row["request"]: row["many"] for row in counted}


def _request(
    request: ViewingRequest,
    held: dict[int, int],
    why: str,
    act: str,
    needs: str,
    url_name: str,
    url_arg: int | None = None,
    *,
    since: dt.date | None,
) -> Outliving:
    return Outliving(
        REQUEST,
        request.receipt_number,
        why,
        act,
        needs,
        url_name,
        url_arg or request.pk,
        "viewing:request",
        request.pk,
        since,
        held.get(request.pk, 0),
    )


# -- use and provision


def _of_provisions() -> Iterator[Outliving]:
    held = ProvisionCamera.objects.filter(
        provision=OuterRef("pk"), hold__isnull=False, hold__released_at__isnull=True
    )
    states = (*OVER, ProvisionState.HANDED_OVER)
    rows = Provision.objects.filter(Exists(held), state__in=states).defer(*PROVISION_PERSONAL)
    counted = rows.annotate(
        many=Count("cameras", filter=Q(cameras__hold__isnull=False, cameras__hold__released_at__isnull=True))
    )
    for row in counted.order_by("pk"):
        last = row.moves.order_by("at", "pk").last()
        since = timezone.localdate(last.at) if last else None
        if row.state in OVER:
            why = f"‘{row.get_state_display()}’ 상태인데 유예가 남았습니다. 끝낸 사람이 아닌 사람이 풉니다."
            yield _provision(row, why, "유예 해제", RELEASE, "provision:release", since)
        elif not ending.unfinished(row):
            why = "나간 사본도 남은 의무도 없는데 종결하지 않았습니다."
            yield _provision(row, why, "종결", PROVIDE, "provision:end", since)


def _provision(
    row: Provision, why: str, act: str, needs: str, url_name: str, since: dt.date | None
) -> Outliving:
    many: int = getattr(row, "many", 1)
    return Outliving(
        PROVISION, row.number, why, act, needs, url_name, row.pk, "provision:page", row.pk, since, many
    )


# -- without a case that ends it


def _by_hand(now: dt.datetime) -> Iterator[Outliving]:
    """No case ends it: somebody looks every so many days whether its reason still stands."""
    days = int(parameters.value(REVIEW_DAYS, timezone.localdate(now)).value)
    rows = Hold.objects.filter(
        released_at__isnull=True,
        requested_camera__isnull=True,
        provided_camera__isnull=True,
        placed_at__lt=now - dt.timedelta(days=days),
    )
    incidents = dict(Incident.objects.filter(hold__in=rows).values_list("hold", "number"))
    asked = {hold.pk for hold, _ in holds.asked()}
    for hold in rows.order_by("placed_at", "pk"):
        number = incidents.get(hold.pk)
        placed = timezone.localdate(hold.placed_at)
        is_asked = hold.pk in asked
        yield Outliving(
            INCIDENT if number else BY_HAND,
            number or f"#{hold.pk}",
            f"{placed}에 건 뒤 {days}일이 넘었습니다. 사유: {hold.reason}",
            "요청을 살펴 해제" if is_asked else "까닭을 살펴 해제 요청",
            RELEASE if is_asked else ASK,
            "footage:hold_release" if is_asked else "footage:hold_release_ask",
            hold.pk,
            "footage:hold",
            hold.pk,
            placed,
        )
