"""삭제 유예: list, place, release. Releasing may let footage be destroyed, so it names what would go."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cameras.models import Camera
from footage import holds
from footage.errors import FootageError
from footage.models import FootageDay, Hold
from ordinance import parameters
from portal.access import may, requires
from portal.forms.footage import HoldFilter, HoldForm, ReasonForm
from portal.listing import paginate
from portal.pages import Action, crumb, page

HOME = ("삭제 유예", "footage:holds")
ALREADY_GONE = "hold_already_gone"


@requires("footage.view_hold")
def hold_list(request: HttpRequest) -> HttpResponse:
    form = HoldFilter(request.GET)
    found = _filtered(form).select_related("camera__site", "placed_by", "released_by")
    actions = []
    if may(request.user, ["footage.place_hold"]):
        actions.append(Action("유예 등록", reverse("footage:hold_place"), "plus", is_primary=True))
    return page(
        request,
        "portal/footage/holds.html",
        {
            "form": form,
            "links": paginate(request, found),
            "reset_url": reverse("footage:holds"),
            "in_force": Hold.objects.filter(released_at__isnull=True).count(),
            "is_filtered": bool(request.GET),
            "may_release": may(request.user, ["footage.release_hold"]),
        },
        title="삭제 유예",
        intro="열람 청구나 수사 협조처럼 남길 까닭이 있는 영상은 보관기간이 지나도 파기하지 않습니다. 겹친 유예는 마지막 것이 해제될 때까지 이어집니다.",
        icon="lock",
        actions=actions,
    )


def _filtered(form: HoldFilter) -> QuerySet[Hold]:
    found = Hold.objects.order_by("-placed_at")
    state = form.value("state")
    if state == HoldFilter.RELEASED:
        found = found.filter(released_at__isnull=False)
    elif state:
        found = found.filter(released_at__isnull=True)
    if state == HoldFilter.EXPIRED:
        found = _past_period(found)
    if camera := form.value("camera"):
        found = found.filter(camera=camera)
    if words := form.value("q"):
        found = found.filter(
            Q(reason__icontains=words) | Q(case_reference__icontains=words) | Q(article__icontains=words)
        )
    return found


def _past_period(found: QuerySet[Hold]) -> QuerySet[Hold]:
    """Holds whose range is older than the period of its camera: they alone keep it."""
    lengths = set(Camera.objects.filter(holds__in=found).order_by().values_list("retention_days", flat=True))
    now = timezone.now()
    condition = Q(pk__in=[])
    for days in lengths:
        condition |= Q(camera__retention_days=days, from_at__lt=now - timedelta(days=days))
    return found.filter(condition)


@requires("footage.view_hold")
def hold_page(request: HttpRequest, pk: int) -> HttpResponse:
    hold = get_object_or_404(Hold.objects.select_related("camera__site", "placed_by", "released_by"), pk=pk)
    actions = []
    if hold.released_at is None and may(request.user, ["footage.release_hold"]):
        actions.append(Action("유예 해제…", reverse("footage:hold_release", args=[pk]), "lock-open"))
    return page(
        request,
        "portal/footage/hold.html",
        {
            "hold": hold,
            "kept": _kept(hold),
            "others": _overlapping(hold),
            "already_gone": request.session.pop(f"{ALREADY_GONE}:{pk}", None),
        },
        title=f"삭제 유예 #{hold.pk}",
        icon="lock",
        crumbs=[crumb(*HOME)],
        actions=actions,
    )


def _kept(hold: Hold) -> dict[str, Any]:
    """Footage on record on the days that the hold touches."""
    last = timezone.localdate(hold.until_at - timedelta(microseconds=1))
    return FootageDay.objects.filter(
        camera=hold.camera, on__range=(timezone.localdate(hold.from_at), last)
    ).aggregate(segments=Sum("segments"), bytes=Sum("bytes"), held=Sum("held"))


def _overlapping(hold: Hold) -> QuerySet[Hold]:
    return (
        Hold.objects.filter(
            camera=hold.camera, released_at__isnull=True, from_at__lt=hold.until_at, until_at__gt=hold.from_at
        )
        .exclude(pk=hold.pk)
        .order_by("pk")
    )


@requires("footage.place_hold")
def hold_place(request: HttpRequest) -> HttpResponse:
    form = HoldForm(request.POST or None, initial={"camera": request.GET.get("camera", "")[:50]})
    if request.method == "POST" and form.is_valid() and (hold := _place(request, form)):
        # Told once, on the page that follows: the ledger keeps it.
        request.session[f"{ALREADY_GONE}:{hold.pk}"] = hold.already_gone
        messages.success(
            request, f"삭제 유예 #{hold.pk}을(를) 걸었습니다. 이제 이 구간은 해제할 때까지 파기되지 않습니다."
        )
        return redirect("footage:hold", hold.pk)
    maximum = parameters.value("retention_max_days")
    return page(
        request,
        "portal/registers/form.html",
        {
            "form": form,
            "submit_label": "유예 걸기",
            "back_url": reverse("footage:holds"),
            "notes": [
                "유예를 거는 순간부터 이 구간의 영상은 파기되지 않습니다. 이미 파기된 파일은 되살릴 수 없으며, 몇 개인지 다음 화면에서 알려 드립니다.",
                f"보관기간은 카메라마다 다르며 최대 {maximum.value}일입니다 ({maximum.citation}).",
            ],
        },
        title="삭제 유예 등록",
        icon="lock",
        crumbs=[crumb(*HOME)],
    )


def _place(request: HttpRequest, form: HoldForm) -> Hold | None:
    given = form.cleaned_data
    try:
        return holds.place(
            given["camera"],
            given["from_at"],
            given["until_at"],
            reason=given["reason"],
            by=request.user,
            article=given["article"],
            case_reference=given["case_reference"],
        )
    except FootageError as error:
        form.add_error(None, str(error))
        return None


@requires("footage.release_hold")
def hold_release(request: HttpRequest, pk: int) -> HttpResponse:
    hold = get_object_or_404(Hold.objects.select_related("camera"), pk=pk)
    back = reverse("footage:hold", args=[pk])
    if hold.released_at is not None:
        messages.info(request, "이미 해제된 유예입니다.")
        return redirect(back)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _release(request, hold, form):
        return redirect(back)
    would_go = holds.would_become_due(hold)
    return page(
        request,
        "portal/confirm.html",
        {
            "question": f"카메라 {hold.camera.number}의 {_range(hold)} 유예를 해제할까요?",
            "consequences": _consequences(hold, would_go),
            "form": form,
            "confirm_label": "유예 해제" + (" (영상이 파기됩니다)" if would_go else ""),
            "back_url": back,
            "is_dangerous": would_go,
        },
        title=f"삭제 유예 #{hold.pk} 해제",
        icon="lock-open",
        crumbs=[crumb(*HOME)],
    )


def _release(request: HttpRequest, hold: Hold, form: ReasonForm) -> bool:
    try:
        holds.release(hold, reason=form.cleaned_data["reason"], by=request.user)
    except FootageError as error:
        form.add_error(None, str(error))
        return False
    messages.success(
        request,
        f"삭제 유예 #{hold.pk}을(를) 해제했습니다. 보관기간이 지난 영상은 다음 파기 실행에서 파기됩니다.",
    )
    return True


def _consequences(hold: Hold, would_go: bool) -> list[str]:
    kept = _kept(hold)
    lines = [f"이 구간이 걸친 날에 기록된 영상은 {kept['segments'] or 0:,}개입니다."]
    if others := [f"#{other.pk}" for other in _overlapping(hold)]:
        lines.append(f"같은 카메라에 겹치는 유예가 있습니다: {', '.join(others)}. 그 구간은 계속 보관됩니다.")
    if would_go:
        lines.append(
            f"보관기간 {hold.camera.retention_days}일이 지난 부분이 있어, 해제하면 다음 파기 실행(1분 안)에서 파기되고 되살릴 수 없습니다."
        )
    else:
        lines.append("지금 파기할 때가 된 부분은 없습니다. 보관기간이 끝나면 파기됩니다.")
    return lines


def _range(hold: Hold) -> str:
    return f"{timezone.localtime(hold.from_at):%Y-%m-%d %H:%M:%S} ~ {timezone.localtime(hold.until_at):%Y-%m-%d %H:%M:%S}"
