"""보관기간 단축: shorter periods that wait for a second person before footage of before follows them."""

from typing import Any

from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from footage import shortenings
from footage.models import Shortening
from portal.access import may, officer, requires, roles_with
from portal.pages import crumb
from portal.reauthentication import asks_again
from portal.screens import confirm_screen, list_screen

CONFIRM = "footage.release_hold"
HOME = ("보관기간 단축", "footage:shortenings")


@requires("footage.view_hold")
def shortening_list(request: HttpRequest) -> HttpResponse:
    found = Shortening.objects.select_related("by", "confirmed_by").annotate(
        count=Count("cameras"),
        longest_before=Max("cameras__days_before"),
        shortest_after=Min("cameras__days_after"),
        lapses_at=Max("cameras__lapses_at"),
    )
    return list_screen(
        request,
        "portal/footage/shortenings.html",
        found.order_by("-at", "-pk"),
        title=HOME[0],
        intro="카메라의 보관일수를 줄여도 이미 녹화된 영상은 이전 보관기간을 따릅니다. 다른 사람이 확인하면 그 영상도 새 보관기간을 따릅니다.",
        icon="time",
        may_confirm=may(request.user, [CONFIRM]),
        confirmers=[role.label for role in roles_with([CONFIRM])],
        now=timezone.now(),
    )


@requires(CONFIRM)
@asks_again
def shortening_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person's word, after looking at what goes."""
    shortening = get_object_or_404(Shortening.objects.select_related("by"), pk=pk)
    found = shortenings.footage_of(shortening)
    return confirm_screen(
        request,
        lambda form: shortenings.confirm(shortening, by=officer(request)),
        question="이미 녹화된 영상에도 새 보관기간을 적용할까요?",
        consequences=_consequences(shortening, found),
        confirm="확인하고 적용",
        title="보관기간 단축 확인",
        back=reverse(HOME[1]),
        done="보관기간 단축을 확인했습니다. 이미 녹화된 영상도 새 보관기간을 따릅니다.",
        is_dangerous=True,
        crumbs=[crumb(*HOME)],
    )


def _consequences(shortening: Shortening, found: shortenings.Footage) -> list[str]:
    changes: Any = shortening.cameras.values_list("days_before", "days_after").annotate(Count("pk"))
    return [
        *(
            f"카메라 {count:,}대: {before}일 → {after}일"
            for before, after, count in changes.order_by("days_before", "days_after")
        ),
        f"줄인 사람: {shortening.by or '담당자 없음(명령)'}. 사유: {shortening.reason or '없음'}",
        f"{found}가 다음 파기 실행(1분 안)에서 파기되고 되살릴 수 없습니다."
        if found
        else "기록으로는 지금 바로 파기될 영상이 없습니다.",
        "줄인 사람은 확인할 수 없습니다. 확인하지 않으면 이미 녹화된 영상은 이전 보관기간이 지나 파기됩니다.",
    ]
