"""열람등 청구의 카메라와 구간: added, dropped with a reason, taken back, and let go by a second person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.korean import josa
from portal.access import officer, requires
from portal.forms.viewing import ReasonOnlyForm
from portal.forms.viewing_places import RangeForm
from portal.forms.viewing_search import SearchForm
from portal.letting_go import release_screen
from portal.reauthentication import asks_again
from portal.screens import confirm_screen, filled_in
from portal.views.viewing_requests import get
from portal.views.viewing_steps import crumbs_of, span, step_screen
from records.models import RequestedCamera
from records.viewing import narrowing, requested, search_results


@requires("records.read_viewing_person")
def add(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, RangeForm),
        lambda form: requested.add(shown, form.part, by=officer(request)),
        what="카메라·구간 더하기",
        done="카메라와 구간을 더하고 영상을 유예했습니다.",
        submit="더하고 유예",
        icon="plus",
        notes=["더하는 순간 그 영상을 유예합니다. 접수한 날과 답할 기한은 그대로입니다."],
    )


@requires("records.read_viewing_person")
def search(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, SearchForm, shown=shown),
        lambda form: search_results.confirm(shown, form.findings, by=officer(request)),
        what="영상 확인",
        done="영상을 확인한 결과를 기록했습니다.",
        submit="확인 결과 기록",
        icon="search",
        notes=[
            "카메라와 구간마다 영상이 있는지 적습니다. 이 시스템의 기록에서 알 수 있는 것은 미리 골라 두었습니다.",
            "파기됨과 녹화되지 않음은 거절이 아니라 ‘영상 없음’으로, 증명과 함께 알립니다(조례 제22조제2항제2호).",
        ],
    )


def _line(pk: int) -> RequestedCamera:
    line: RequestedCamera = get_object_or_404(RequestedCamera.objects.select_related("camera", "hold"), pk=pk)
    line.request = get(line.request_id)
    return line


@requires("records.read_viewing_person")
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    line = _line(pk)
    return step_screen(
        request,
        line.request,
        filled_in(request, ReasonOnlyForm),
        lambda form: narrowing.drop(line, form.cleaned_data["reason"], by=officer(request)),
        what=f"{line.camera.number} 빼기",
        done=f"{line.camera.number}{josa(line.camera.number, '을/를')} 청구에서 뺐습니다. 유예는 다른 담당자가 풉니다.",
        submit="빼기",
        icon="cross",
        notes=[
            f"{span(line)}. 청구인이 둘레로 청구하여 들어온 카메라만 뺄 수 있습니다. 뺀 것을 청구인이 볼 수 있습니다.",
            "영상은 다른 담당자가 유예를 풀 때까지 남습니다. 그때까지 되돌릴 수 있습니다.",
        ],
    )


@requires("records.read_viewing_person")
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    line = _line(pk)
    return confirm_screen(
        request,
        lambda form: narrowing.take_back(line, by=officer(request)),
        question=f"{line.camera.number}{josa(line.camera.number, '을/를')} 청구에 되돌릴까요?",
        consequences=[span(line), "유예를 이미 풀었으면 되돌린 뒤에 ‘영상 유예’를 하십시오."],
        confirm="되돌리기",
        title="뺀 카메라 되돌리기",
        back=reverse("viewing:request", args=[line.request_id]),
        done=f"{line.camera.number}{josa(line.camera.number, '을/를')} 청구에 되돌렸습니다.",
        crumbs=crumbs_of(line.request),
    )


@requires("footage.release_hold")
@asks_again
def let_go(request: HttpRequest, pk: int) -> HttpResponse:
    line = _line(pk)
    is_held = line.hold is not None and line.hold.released_at is None
    return release_screen(
        request,
        [line.hold] if is_held else [],
        lambda form: narrowing.let_go(line, by=officer(request)),
        question=f"{line.camera.number}의 유예를 해제할까요?",
        title="뺀 카메라의 유예 해제",
        back=reverse("viewing:request", args=[line.request_id]),
        done=f"{line.camera.number}의 유예를 해제했습니다.",
        more=[
            f"{span(line)}. 뺀 사유: {line.drop_reason}",
            "이 카메라를 뺀 사람이 아닌 다른 담당자가 해제합니다.",
        ],
        crumbs=crumbs_of(line.request),
    )
