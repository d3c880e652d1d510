"""열람등 청구: list by due date, one request, decision, release of its footage."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from footage import holds
from footage.errors import FootageError
from ordinance import duedates
from ordinance.models import DueDate
from portal.access import may, officer, requires
from portal.forms.citizens import DecisionForm, PersonPurposeForm, ViewingFilter
from portal.forms.footage import ReasonForm
from portal.forms.refusals import refuse
from portal.listing import paginate
from portal.pages import Action, crumb, page
from records.enums import RequestState
from records.models import ViewingRequest
from records.viewing import decisions, intake, persons

HOME = ("열람등 청구", "viewing:list")


@requires("records.view_viewingrequest")
def request_list(request: HttpRequest) -> HttpResponse:
    form = ViewingFilter(request.GET)
    links = paginate(request, _filtered(form))
    rows = list(links.page.object_list)
    return page(
        request,
        "portal/citizens/viewing_requests.html",
        {
            "form": form,
            "links": links,
            "rows": _with_dues(rows),
            "reset_url": reverse("viewing:list"),
            "is_filtered": bool(request.GET),
            "open_count": ViewingRequest.objects.exclude(state=RequestState.DECIDED).count(),
        },
        title="열람등 청구",
        intro="접수한 순간부터 청구한 영상은 파기되지 않으며, 기한 안에 답해야 합니다(조례 제22조, 법 제35조).",
        icon="user",
    )


def _filtered(form: ViewingFilter) -> "QuerySet[ViewingRequest]":
    found = ViewingRequest.objects.select_related("site").defer(*persons.COLUMNS)
    if state := form.value("state"):
        found = found.filter(state=state)
    if words := form.value("q"):
        found = found.filter(
            Q(receipt_number__iexact=words.strip())
            | Q(site__number__icontains=words)
            | Q(site__road_address__icontains=words)
            | Q(site__lot_address__icontains=words)
        )
    return found.order_by("-received_at", "-pk")


def _with_dues(rows: list[ViewingRequest]) -> list[tuple[ViewingRequest, DueDate | None, int | None]]:
    """Each request with its open due date and the days left; one query for the page."""
    numbers = [row.receipt_number for row in rows]
    dues = {
        due.subject_number: due
        for due in DueDate.objects.open().filter(subject_kind=intake.SUBJECT_KIND, subject_number__in=numbers)
    }
    today = timezone.localdate()
    found = []
    for row in rows:
        due = dues.get(row.receipt_number)
        found.append((row, due, (due.due_on - today).days if due else None))
    return found


@requires("records.view_viewingrequest")
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(pk)
    due = intake.due_of(shown)
    left = (due.due_on - timezone.localdate()).days if due and due.is_open else None
    return page(
        request,
        "portal/citizens/viewing_request.html",
        {
            "shown": shown,
            "due": due,
            "left": left,
            "overdue_by": -left if left is not None and left < 0 else 0,
            "reckoning": duedates.deadline_of(due).explain().splitlines() if due else [],
            "cameras": list(shown.cameras.select_related("camera", "hold")),
            "decisions": list(shown.decisions.select_related("ground", "national_ground", "decided_by")),
            "may_see_holds": may(request.user, ["footage.view_hold"]),
            "may_read_person": may(request.user, ["records.read_viewing_person"]),
        },
        title=f"열람등 청구 {shown.receipt_number}",
        icon="user",
        crumbs=[crumb(*HOME)],
        actions=_actions(request, shown),
    )


def _get(pk: int) -> ViewingRequest:
    rows = ViewingRequest.objects.select_related("site").defer(*persons.COLUMNS)
    found: ViewingRequest = get_object_or_404(rows, pk=pk)
    return found


def _actions(request: HttpRequest, shown: ViewingRequest) -> list[Action]:
    actions = []
    if shown.person_erased_at is None and may(request.user, ["records.read_viewing_person"]):
        actions.append(Action("인적사항 보기", reverse("viewing:person", args=[shown.pk]), "view"))
    may_decide = may(request.user, ["records.decide_viewingrequest"])
    if shown.state == RequestState.POSTPONED and may_decide:
        actions.append(Action("연기 사유 종료", reverse("viewing:resume", args=[shown.pk]), "calendar"))
    if shown.is_open and may_decide:
        actions.append(
            Action("결정하기", reverse("viewing:decide", args=[shown.pk]), "check", is_primary=True)
        )
    if not shown.is_open and shown.holds_released_at is None and may(request.user, ["footage.release_hold"]):
        actions.append(Action("영상 유예 해제…", reverse("viewing:release", args=[shown.pk]), "lock-open"))
    return actions


@requires("records.read_viewing_person")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(ViewingRequest, pk=pk)
    back = reverse("viewing:request", args=[pk])
    if shown.person_erased_at is not None:
        messages.info(request, "보관기간이 지나 인적사항을 파기한 청구입니다.")
        return redirect(back)
    form = PersonPurposeForm(request.POST or None)
    rows: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        rows = persons.read(shown, purpose=form.cleaned_data["purpose"], by=officer(request))
    answer = page(
        request,
        "portal/citizens/person.html",
        {"form": form, "rows": rows, "submit_label": "인적사항 보기", "back_url": back},
        title=f"청구인 인적사항: {shown.receipt_number}",
        icon="view",
        crumbs=[crumb(*HOME), crumb(shown.receipt_number, "viewing:request", pk)],
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@requires("records.decide_viewingrequest")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(pk)
    back = reverse("viewing:request", args=[pk])
    if not shown.is_open:
        messages.info(request, "이미 결정한 청구입니다.")
        return redirect(back)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _decide(request, shown, form):
        return redirect(back)
    return page(
        request,
        "portal/registers/form.html",
        {
            "form": form,
            "submit_label": "결정 기록",
            "back_url": back,
            "notes": [
                "결정은 고칠 수 없습니다. 청구인은 누리집에서 바로 볼 수 있습니다.",
                "영상의 삭제 유예는 결정한 뒤에도 이어지며, 이의제기 기간이 지나면 따로 해제합니다.",
            ],
        },
        title=f"열람등 청구 {shown.receipt_number} 결정",
        icon="check",
        crumbs=[crumb(*HOME), crumb(shown.receipt_number, "viewing:request", pk)],
    )


def _decide(request: HttpRequest, shown: ViewingRequest, form: DecisionForm) -> bool:
    given: dict[str, Any] = form.cleaned_data
    try:
        decisions.decide(
            shown,
            given["outcome"],
            reply=given["reply"],
            reason=given["reason"],
            how_to_object=given["how_to_object"],
            ground=given["ground"],
            national_ground=given["national_ground"],
            by=officer(request),
        )
    except ValidationError as error:
        refuse(form, error)
        return False
    messages.success(request, f"열람등 청구 {shown.receipt_number}의 결정을 기록했습니다.")
    return True


@requires("records.decide_viewingrequest")
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(pk)
    back = reverse("viewing:request", args=[pk])
    if request.method == "POST":
        try:
            decisions.end_postponement(shown, by=officer(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "연기 사유가 끝난 것을 기록했습니다. 오늘부터 새 기한을 셉니다.")
        return redirect(back)
    return page(
        request,
        "portal/confirm.html",
        {
            "question": f"열람등 청구 {shown.receipt_number}의 연기 사유가 끝났습니까?",
            "consequences": ["지금부터 답할 기한을 새로 셉니다(시행령 제42조). 되돌릴 수 없습니다."],
            "form": None,
            "confirm_label": "연기 사유 종료",
            "back_url": back,
            "is_dangerous": False,
        },
        title="연기 사유 종료",
        icon="calendar",
        crumbs=[crumb(*HOME), crumb(shown.receipt_number, "viewing:request", pk)],
    )


@requires("footage.release_hold")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(pk)
    back = reverse("viewing:request", args=[pk])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            count = decisions.release_holds(shown, reason=form.cleaned_data["reason"], by=officer(request))
        except ValidationError as error:
            refuse(form, error)
        except FootageError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                f"삭제 유예 {count}건을 해제했습니다. 보관기간이 지난 영상은 다음 파기 실행에서 파기됩니다.",
            )
            return redirect(back)
    kept = decisions.holds_in_force(shown)
    would_go = [hold for hold in kept if holds.would_become_due(hold)]
    return page(
        request,
        "portal/confirm.html",
        {
            "question": f"열람등 청구 {shown.receipt_number}이 붙들고 있는 영상의 유예를 해제할까요?",
            "consequences": [
                f"유예 중인 카메라는 {len(kept)}대입니다.",
                f"그 가운데 {len(would_go)}대의 영상은 보관기간이 지나, 다음 파기 실행(1분 안)에서 파기되고 되살릴 수 없습니다.",
                "이의제기나 소송에 필요하지 않은지 확인하십시오.",
            ],
            "form": form,
            "confirm_label": "유예 해제" + (" (영상이 파기됩니다)" if would_go else ""),
            "back_url": back,
            "is_dangerous": bool(would_go),
        },
        title="청구한 영상의 유예 해제",
        icon="lock-open",
        crumbs=[crumb(*HOME), crumb(shown.receipt_number, "viewing:request", pk)],
    )
