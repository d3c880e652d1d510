"""영상 보기: through the one door (`records.access`), the player, and who looked when."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from accounts import networks
from accounts.networks import Kind
from cameras.models import Camera
from casework.refusals import Refused
from portal.access import may, officer, requires
from portal.camera_sections import Section
from portal.forms.looks import LookFilter, LookForm
from portal.pages import Action, Crumb, crumb, page
from portal.screens import button, filled_in, form_screen, list_screen
from records.access import cases, looks, reading
from records.access.cases import Case
from records.access.gates import PERMISSION, Wish
from records.look_enums import LookCase, LookEnd, LookStep
from records.models import FootageLook
from reports.fonts import font_file

LOOK, SEE = PERMISSION, "records.view_footagelook"
PAGES = {
    LookCase.VIEWING: ("viewing:request", "열람등 청구"),
    LookCase.PROVISION: ("provision:page", "이용·제공"),
    LookCase.HOLD: ("footage:hold", "삭제 유예"),
}
STILL_FONT = "NanumGothic"
GONE = 410
# Of a file; no recorder writes one of months.
LATEST_SECOND = 10_000_000
RECENT = 10
RATES = (
    ("0.125", "1/8배"),
    ("0.25", "1/4배"),
    ("0.5", "1/2배"),
    ("1", "1배"),
    ("2", "2배"),
    ("4", "4배"),
    ("8", "8배"),
)


def session_key(request: HttpRequest) -> str:
    return str(request.session.session_key or "")


def action(request: HttpRequest, kind: LookCase, row: Any) -> Action | None:
    """The button on the page of a matter; None where its state or this person's role leaves nothing to look at."""
    case = cases.find(kind, row.pk) if may(request.user, [LOOK]) else None
    if case is None or not may(request.user, [case.permission]) or not case.steps() or not case.ranges():
        return None
    return Action("영상 보기…", reverse("looks:ask", args=[kind, row.pk]), "view")


# ---------------------------------------------------------------- asking


@requires(LOOK)
def ask(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    case = cases.find(kind, pk)
    if case is None:
        raise Http404
    form = filled_in(request, LookForm, case=case)
    lift = Action("다른 사람에게 예외 허용…", reverse("permissions:lift", args=[kind, pk]), "warning")
    return form_screen(
        request,
        form,
        lambda form: looks.open_looks(form.wish(officer(request)), session_key=session_key(request)),
        title=f"{case.number}: 영상 보기",
        back=page_of(kind, pk),
        done="",
        to=lambda made: reverse("looks:player", args=[made[0].group]),
        submit="허가받고 보기",
        intro="저장한 영상은 꼭 필요한 때에만 재생합니다(조례 제23조제2항).",
        notes=_notes(case),
        crumbs=crumbs_of(kind, pk, case.number),
        icon="view",
        actions=[lift] if may(request.user, ["records.add_gatelift"]) else (),
    )


def _notes(case: Case) -> list[str]:
    notes = [
        f"허가는 이 접속에서 {looks.minutes()}분 동안 유효합니다. 누가, 무엇을, 왜, 실제로 어디까지 보았는지 원장에 남습니다."
    ]
    notes += [line for line in networks.statements() if line.startswith(Kind.FOOTAGE.label)]
    if not case.ranges():
        notes.insert(0, "이 사건으로 보관하고 있는 영상이 없어 볼 것이 없습니다.")
    elif not case.steps():
        notes[:0] = [refusal.sentence for step in LookStep for refusal in case.refuse(step)][:1]
    return notes


def page_of(kind: str, pk: int) -> str:
    return reverse(PAGES[LookCase(kind)][0], args=[pk])


def crumbs_of(kind: str, pk: int, number: str) -> list[Crumb]:
    name, label = PAGES[LookCase(kind)]
    return [crumb(f"{label} {number}", name, pk)]


# ---------------------------------------------------------------- the player


def _of_group(request: HttpRequest, group: uuid.UUID) -> list[FootageLook]:
    found = FootageLook.objects.filter(group=group).select_related("camera__site", "hold", "officer")
    rows = list(found.order_by("pk"))
    if not rows:
        raise Http404
    return rows


@requires(LOOK)
@csp_update({"media-src": ["'self'", "blob:"]})  # type: ignore[untyped-decorator, unused-ignore]
def player(request: HttpRequest, group: uuid.UUID) -> HttpResponse:
    rows = _of_group(request, group)
    first = rows[0]
    refusals = [
        refusal for row in rows for refusal in looks.refuse_dead(row, officer(request), session_key(request))
    ]
    shown: dict[str, Any] = {
        "first": first,
        "refusals": list(dict.fromkeys(refusal.sentence for refusal in refusals)),
        "may_go_on": first.officer_id == officer(request).pk,
        "case_url": page_of(first.case_kind, first.case_key),
        "rates": RATES,
        "data": None,
    }
    if not refusals:
        shown["data"] = player_data(request, rows)
    answer = page(
        request,
        "portal/looks/player.html",
        shown,
        title=f"{first.case_number}: 영상",
        icon="view",
        crumbs=crumbs_of(first.case_kind, first.case_key, first.case_number),
        status=GONE if refusals else 200,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def player_data(request: HttpRequest, rows: Sequence[FootageLook]) -> dict[str, Any]:
    """What the script needs; times in seconds from `origin` (milliseconds since 1970)."""
    first = rows[0]
    origin = min(row.from_at for row in rows)

    def seconds(at: Any) -> float:
        return float((at - origin).total_seconds())

    case = cases.find(first.case_kind, first.case_key)
    ranges = case.ranges() if case else []
    return {
        "origin": round(origin.timestamp() * 1000),
        "until": max(seconds(row.until_at) for row in rows),
        "left": max((first.expires_at - timezone.now()).total_seconds(), 0),
        "mark": f"{officer(request)} · {first.case_number}",
        "tell": reverse("looks:tell", args=[first.group]),
        "cameras": [
            {
                "look": row.pk,
                "number": row.camera.number,
                "place": row.camera.site.address,
                "from": seconds(row.from_at),
                "until": seconds(row.until_at),
                "part": reverse("looks:part", args=[row.pk]),
                "still": reverse("looks:still", args=[row.pk]),
                "files": [
                    {
                        "key": file.key,
                        "from": seconds(file.from_at),
                        "until": seconds(file.until_at),
                        "gone": file.is_gone,
                        "problem": file.problem,
                    }
                    for file in reading.files(row)
                ],
                "destroyed": [[seconds(at), seconds(at) + length] for at, length in reading.destroyed(row)],
                "asked": [
                    [seconds(one.asked_from), seconds(one.asked_until)]
                    for one in ranges
                    if one.camera.pk == row.camera_id
                ],
            }
            for row in rows
        ],
    }


def _look(pk: int) -> FootageLook:
    return get_object_or_404(FootageLook.objects.select_related("camera", "hold", "officer"), pk=pk)


def _never_kept(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _said(sentence: str, status: int, **more: Any) -> HttpResponse:
    return _never_kept(JsonResponse({"say": sentence, **more}, status=status))


@requires(LOOK)
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Some seconds of a file. A `Range` of the request is not looked at: a part is small, and whole."""
    try:
        key, from_s = int(request.GET.get("file", "")), float(request.GET.get("from", ""))
        if not 0 <= from_s < LATEST_SECOND:
            raise ValueError
    except ValueError:
        return _said("요청한 위치를 알 수 없습니다.", 400)
    try:
        found = reading.part(
            _look(pk), key, from_s, officer=officer(request), session_key=session_key(request)
        )
    except Refused as refused:
        return _said(" ".join(refused.messages), GONE)
    except reading.Busy:
        answer = _said("동시에 보는 사람이 많아 잠시 기다립니다.", 503)
        answer.headers["Retry-After"] = "1"
        return answer
    if isinstance(found, reading.Preparing):
        return _said("재생할 수 있게 바꾸는 중입니다.", 202, percent=found.percent)
    if isinstance(found, reading.Unplayable):
        return _said(found.why, 422, until=found.until_s)
    answer = HttpResponse(found.content, content_type="application/octet-stream")
    return _never_kept(answer)


@requires(LOOK)
@require_POST
def still(request: HttpRequest, pk: int) -> HttpResponse:
    look = _look(pk)
    try:
        key, at_s = int(request.POST.get("file", "")), float(request.POST.get("at", ""))
        if not 0 <= at_s < LATEST_SECOND:
            raise ValueError(at_s)
        content, name = reading.still(
            look,
            key,
            at_s,
            officer=officer(request),
            session_key=session_key(request),
            font=font_file(STILL_FONT) or "",
        )
    except (ValueError, reading.Busy, Refused) as error:
        messages.error(request, _why_no_still(error))
        return redirect("looks:player", look.group)
    answer = HttpResponse(content, content_type="image/png")
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return _never_kept(answer)


def _why_no_still(error: Exception) -> str:
    if isinstance(error, Refused):
        return " ".join(error.messages)
    busy = "동시에 보는 사람이 많습니다. 잠시 뒤에 다시 누르십시오."
    return busy if isinstance(error, reading.Busy) else "어느 장면인지 알 수 없습니다."


@requires(LOOK)
@require_POST
def tell(request: HttpRequest, group: uuid.UUID) -> HttpResponse:
    """How many frames were stepped through so far, of each look of the group."""
    try:
        steps = {int(key): int(count) for key, count in json.loads(request.POST.get("steps", "")).items()}
    except (ValueError, AttributeError, TypeError, OverflowError, RecursionError):
        return _said("알 수 없는 요청입니다.", 400)
    for row in _of_group(request, group):
        if looks.is_of(row, officer(request), session_key(request)):
            looks.note_steps(row, steps.get(row.pk, 0))
    return _never_kept(HttpResponse(status=204))


@requires(LOOK)
@require_POST
def close(request: HttpRequest, group: uuid.UUID) -> HttpResponse:
    rows = _of_group(request, group)
    first = rows[0]
    if first.officer_id == officer(request).pk:
        for row in rows:
            looks.close(row, LookEnd.BUTTON)
    return redirect(page_of(first.case_kind, first.case_key))


@requires(LOOK)
@require_POST
def again(request: HttpRequest, group: uuid.UUID) -> HttpResponse:
    """The same, for another quarter of an hour: every gate is asked anew."""
    rows = _of_group(request, group)
    first = rows[0]
    if first.officer_id != officer(request).pk:
        return redirect("looks:ask", first.case_kind, first.case_key)
    case = looks.case_of(first)
    if case is None:
        raise Http404
    wishes = [looks.wish_of(row, case, officer(request)) for row in rows]
    wish = Wish(
        officer(request),
        case,
        LookStep(first.step),
        first.purpose,
        tuple(one for each in wishes for one in each.ranges),
        first.is_clear,
    )
    return button(
        request,
        lambda: redirect("looks:player", looks.open_looks(wish, session_key=session_key(request))[0].group),
        done="",
        to=reverse("looks:ask", args=[first.case_kind, first.case_key]),
    )


# ---------------------------------------------------------------- who looked when


@requires(SEE)
def look_list(request: HttpRequest) -> HttpResponse:
    form = LookFilter(request.GET)
    return list_screen(
        request,
        "portal/looks/list.html",
        _filtered(form),
        title="영상 재생 기록",
        intro="누가 언제 어느 사건으로 영상을 보았는지입니다(조례 제23조, 개인정보의 안전성 확보조치 기준 제8조). 청구, 이용·제공, 직접 건 유예 가운데 하나가 있어야 재생할 수 있습니다.",
        icon="view",
        form=form,
    )


def _filtered(form: LookFilter) -> QuerySet[FootageLook]:
    found = FootageLook.objects.select_related("officer", "camera")
    if camera := form.value("camera"):
        found = found.filter(camera=camera)
    if kind := form.value("kind"):
        found = found.filter(case_kind=kind)
    if words := form.value("q"):
        found = found.filter(
            Q(case_number__icontains=words)
            | Q(officer__username__iexact=words)
            | Q(officer__last_name__icontains=words)
            | Q(officer__first_name__icontains=words)
        )
    return found


def section(request: HttpRequest, camera: Camera) -> Section | None:
    """On the camera's page: who looked at it, for which case."""
    if not may(request.user, [SEE]):
        return None
    found = list(camera.looks.select_related("officer", "camera")[: RECENT + 1])
    return Section(
        title="영상을 본 기록",
        template="portal/looks/section.html",
        anchor="looks",
        context={
            "rows": found[:RECENT],
            "all_url": f"{reverse('looks:list')}?camera={camera.number}" if len(found) > RECENT else "",
        },
    )
