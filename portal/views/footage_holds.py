"""삭제 유예: list, place, release. Releasing may let footage be destroyed, so it names what would go."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.korean import josa
from accounts.models import Officer
from cameras.models import Camera
from footage import holds, sightings
from footage.models import FootageDay, Hold
from footage.vault.intake import case_of
from ordinance import parameters
from portal.access import may, may_open, officer, requires
from portal.forms.footage import HoldFilter, HoldForm, ReasonForm
from portal.letting_go import release_screen
from portal.pages import Action, crumb, page
from portal.reauthentication import asks_again
from portal.screens import filled_in, form_screen, list_screen
from portal.views import looks
from records import outliving
from records.look_enums import LookCase

HOME = ("삭제 유예", "footage:holds")
ALREADY_GONE = "hold_already_gone"


@requires("footage.view_hold")
def hold_list(request: HttpRequest) -> HttpResponse:
    form = HoldFilter(request.GET)
    found = _filtered(form).select_related("camera__site", "placed_by", "released_by")
    place = Action("유예 등록", reverse("footage:hold_place"), "plus", is_primary=True)
    return list_screen(
        request,
        "portal/footage/holds.html",
        found,
        title="삭제 유예",
        intro="열람 청구나 수사 협조처럼 남길 까닭이 있는 영상은 보관기간이 지나도 파기하지 않습니다. 겹친 유예는 마지막 것이 해제될 때까지 이어집니다.",
        icon="lock",
        form=form,
        actions=[
            place if may(request.user, ["footage.place_hold"]) else None,
            Action("까닭보다 오래갈 유예", reverse("footage:holds_outliving"), "warning"),
        ],
        in_force=Hold.objects.filter(released_at__isnull=True).count(),
        may_release=may(request.user, ["footage.release_hold"]),
    )


@requires("footage.view_hold")
def outliving_holds(request: HttpRequest) -> HttpResponse:
    """What will outlive its reason; the act is offered to whose right it is, to all others it is named."""
    found = outliving.lines(timezone.now())
    return page(
        request,
        "portal/footage/outliving.html",
        {
            "lines": [
                (each, may(request.user, [each.needs]), may_open(request.user, each.page, each.page_arg))
                for each in found
            ]
        },
        title="까닭보다 오래갈 유예",
        intro="사건이 끝났거나 적어야 할 것을 적지 않아, 아무도 처리하지 않으면 끝나지 않는 유예입니다. 유예는 저절로 끝나지 않습니다.",
        icon="lock",
        crumbs=[crumb(*HOME)],
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
    if look := looks.action(request, LookCase.HOLD, hold):
        actions.append(look)
    needs_asking = hold.released_at is None and holds.stands_alone(hold)
    asker = holds.asked_by(hold) if needs_asking else None
    if needs_asking and may(request.user, ["footage.place_hold"]):
        actions.append(Action("해제 요청…", reverse("footage:hold_release_ask", args=[pk]), "lock-open"))
    may_release = hold.released_at is None and not (needs_asking and asker in (None, officer(request).pk))
    if may_release and may(request.user, ["footage.release_hold"]):
        actions.append(Action("유예 해제…", reverse("footage:hold_release", args=[pk]), "lock-open"))
    return page(
        request,
        "portal/footage/hold.html",
        {
            "hold": hold,
            "kept": _kept(hold),
            "unread": sightings.unread(),
            "read_at": sightings.whole_look(),
            "case": case_of(hold),
            "others": _overlapping(hold),
            "asker": Officer.objects.filter(pk=asker).first() if asker else None,
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
    maximum = parameters.value("retention_max_days")

    def place(form: HoldForm) -> Hold:
        hold = holds.place(**form.cleaned_data, by=request.user)
        # Told once, on the page that follows: the ledger keeps it.
        request.session[f"{ALREADY_GONE}:{hold.pk}"] = hold.already_gone
        return hold

    return form_screen(
        request,
        filled_in(request, HoldForm, initial={"camera": request.GET.get("camera", "")[:50]}),
        place,
        title="삭제 유예 등록",
        back=reverse("footage:holds"),
        done=lambda hold: (
            f"삭제 유예 #{hold.pk}{josa(hold.pk, '을/를')} 걸었습니다. 이제 이 구간은 해제할 때까지 파기되지 않습니다."
        ),
        to=lambda hold: reverse("footage:hold", args=[hold.pk]),
        submit="유예 걸기",
        notes=[
            "유예를 거는 순간부터 이 구간의 영상은 파기되지 않습니다. 이미 파기된 파일은 되살릴 수 없으며, 몇 개인지 다음 화면에서 알려 드립니다.",
            f"보관기간은 카메라마다 다르며 최대 {maximum.value}일입니다 ({maximum.citation}).",
        ],
        crumbs=[crumb(*HOME)],
        icon="lock",
    )


@requires("footage.place_hold")
def hold_release_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The first of two words on a hold that no case answers for."""
    hold = get_object_or_404(Hold.objects.select_related("camera"), pk=pk)
    return form_screen(
        request,
        filled_in(request, ReasonForm),
        lambda form: holds.ask_release(hold, **form.cleaned_data, by=officer(request)),
        title=f"삭제 유예 #{hold.pk} 해제 요청",
        back=reverse("footage:hold", args=[pk]),
        done="해제를 요청했습니다. 다른 사람이 해제할 때까지 영상은 그대로 남습니다.",
        submit="해제 요청",
        notes=[
            f"카메라 {hold.camera.number}, {_range(hold)}. 유예한 까닭: {hold.reason}",
            "남길 까닭이 끝났음을 적습니다. 요청한 사람이 아닌 다른 사람이 해제합니다.",
        ],
        crumbs=[crumb(*HOME)],
        icon="lock-open",
    )


@requires("footage.release_hold")
@asks_again
def hold_release(request: HttpRequest, pk: int) -> HttpResponse:
    hold = get_object_or_404(Hold.objects.select_related("camera"), pk=pk)
    back = reverse("footage:hold", args=[pk])
    if hold.released_at is not None:
        messages.info(request, "이미 해제된 유예입니다.")
        return redirect(back)
    return release_screen(
        request,
        [hold],
        lambda form: holds.release(hold, **form.cleaned_data, by=request.user),
        form=filled_in(request, ReasonForm, initial={"reason": hold.release_reason}),
        question=f"카메라 {hold.camera.number}의 {_range(hold)} 유예를 해제할까요?",
        title=f"삭제 유예 #{hold.pk} 해제",
        back=back,
        done=(
            f"삭제 유예 #{hold.pk}{josa(hold.pk, '을/를')} 해제했습니다. 보관기간이 지난 영상은 다음 파기 실행에서 파기됩니다."
        ),
        more=_what_it_keeps(hold),
        crumbs=[crumb(*HOME)],
    )


def _what_it_keeps(hold: Hold) -> list[str]:
    kept = _kept(hold)
    unread = sightings.unread()
    if unread and not kept["segments"]:
        lines = [f"이 구간이 걸친 날의 영상이 몇 개인지: {unread}"]
    else:
        lines = [f"이 구간이 걸친 날에 기록된 영상은 {kept['segments'] or 0:,}개입니다."]
    if others := [f"#{other.pk}" for other in _overlapping(hold)]:
        lines.append(f"같은 카메라에 겹치는 유예가 있습니다: {', '.join(others)}. 그 구간은 계속 보관됩니다.")
    return lines


def _range(hold: Hold) -> str:
    return f"{timezone.localtime(hold.from_at):%Y-%m-%d %H:%M:%S} ~ {timezone.localtime(hold.until_at):%Y-%m-%d %H:%M:%S}"
