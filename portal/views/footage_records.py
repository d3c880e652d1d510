"""Records of footage: days, destroyed files, daily proofs, the periodic confirmation, the clock."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cameras.enums import IN_SERVICE, CameraState
from cameras.models import Camera
from cameras.querysets import CameraQuerySet
from footage import clock, confirmations, manifests, sightings
from footage.models import ClockConfirmation, DailyProof, DeletionConfirmation, FootageDay, Storage
from portal.access import may, requires, roles_with
from portal.forms.footage import ConfirmationForm, Filter, ProofFilter, RangeFilter
from portal.listing import PAGE_ARGUMENT, PageLinks, query_without
from portal.pages import Action, crumb, page
from portal.reauthentication import asks_again
from portal.row_keys import key
from portal.screens import export_screen, filled_in, form_screen, list_screen

FILES_PER_PAGE = 100
PROOF_DAYS = 14
CAMERAS_PER_PAGE = 50


@requires("footage.view_footageday")
def days(request: HttpRequest) -> HttpResponse:
    form = RangeFilter(request.GET)
    found = FootageDay.objects.select_related("camera", "storage").order_by(
        "-on", "camera__sort_key", "storage_id"
    )
    if camera := form.value("camera"):
        found = found.filter(camera=camera)
    if storage := form.value("storage"):
        found = found.filter(storage=storage)
    if since := form.value("since"):
        found = found.filter(on__gte=since)
    if until := form.value("until"):
        found = found.filter(on__lte=until)
    return list_screen(
        request,
        "portal/footage/days.html",
        found,
        title="일자별 영상",
        intro="저장소를 읽어 확인한 카메라별·날짜별 영상입니다. 날짜는 한국 시각입니다.",
        icon="calendar",
        form=form,
        each=lambda row: (row, timedelta(seconds=row.recorded_seconds)),
        unread=sightings.unread(),
        read_at=sightings.whole_look(),
        sums=found.order_by().aggregate(
            segments=Sum("segments"), bytes=Sum("bytes"), destroyed=Sum("destroyed"), held=Sum("held")
        ),
    )


@requires("footage.view_sweep")
def destroyed(request: HttpRequest) -> HttpResponse:
    """Every destroyed file once, from the manifests. Pages are cut from the stream; there is no table of files."""
    form = DestroyedFilter(request.GET)
    number = _page_number(request)
    first = (number - 1) * FILES_PER_PAGE
    with closing(form.destroyed_files()) as files:
        found = list(islice(files, first, first + FILES_PER_PAGE + 1))
    query = query_without(request.GET, PAGE_ARGUMENT)
    prefix = f"?{query}&" if query else "?"
    return page(
        request,
        "portal/footage/destroyed.html",
        {
            "form": form,
            "files": found[:FILES_PER_PAGE],
            "number": number,
            "previous": f"{prefix}{PAGE_ARGUMENT}={number - 1}" if number > 1 else "",
            "next": f"{prefix}{PAGE_ARGUMENT}={number + 1}" if len(found) > FILES_PER_PAGE else "",
            "first_index": first + 1,
            "reset_url": reverse("footage:destroyed"),
        },
        title="파기 목록",
        intro="파기한 파일을 파기한 차례로 보입니다. 파일마다 한 줄이며, 원장 번호로 위변조를 검증할 수 있습니다.",
        icon="list-ol",
        actions=[Action("내려받기", f"{reverse('footage:destroyed_export')}?{query}", "download")],
    )


def _page_number(request: HttpRequest) -> int:
    return min(key(request.GET.get(PAGE_ARGUMENT)) or 1, 10_000)


class DestroyedFilter(RangeFilter):
    """Without days the last thirty are shown: the manifests of years are long."""

    DEFAULT_DAYS = 30

    def __init__(self, data: Any) -> None:
        given = data.copy()
        if not given.get("since") and not given.get("until"):
            given["since"] = f"{timezone.localdate() - timedelta(days=2 * self.DEFAULT_DAYS):%Y-%m-%d}"
        super().__init__(given)
        self.fields["since"].label = "촬영일 (부터)"
        self.fields["until"].label = "촬영일 (까지)"

    def destroyed_files(self) -> Generator[manifests.DestroyedFile]:
        """None where the filter cannot be understood: all of them would be taken for the answer."""
        if not self.is_valid():
            return
        storage = self.value("storage")
        with closing(manifests.destroyed(self.value("camera"), self.from_at, self.until_at)) as found:
            for file in found:
                if storage is None or file.storage == storage.name:
                    yield file


@requires("footage.view_sweep")
def destroyed_export(request: HttpRequest) -> HttpResponseBase:
    filters = DestroyedFilter(request.GET)
    return export_screen(
        request,
        ["저장소", "카메라 번호", "경로", "용량(바이트)", "촬영 시각", "파기 시각", "원장 번호"],
        (_as_row(file) for file in filters.destroyed_files()),
        count=sum(1 for _ in filters.destroyed_files()),
        name="파기목록",
        what="파기 파일 {rows}개",
        title="파기 목록 내려받기",
        back=reverse("footage:destroyed"),
        crumbs=[crumb("파기 목록", "footage:destroyed")],
    )


def _as_row(file: manifests.DestroyedFile) -> list[Any]:
    start, destroyed_at = timezone.localtime(file.start), timezone.localtime(file.destroyed_at)
    return [
        file.storage,
        file.camera or "",
        file.path,
        file.bytes,
        f"{start:%Y-%m-%d %H:%M:%S}",
        f"{destroyed_at:%Y-%m-%d %H:%M:%S}",
        file.ledger_entry,
    ]


Result = DailyProof.Result
_LOOKS = {
    Result.IN_ORDER: ("is-ok", "✓"),
    Result.NOT_IN_ORDER: ("is-failed", "✗"),
    Result.NOT_SEEN: ("is-unseen", "?"),
}


@dataclass(frozen=True)
class ProofCell:
    """One camera on one day: in order, not in order, could not be seen, or nobody looked. Each looks its own way."""

    on: date
    proof: DailyProof | None
    is_expected: bool

    @property
    def look(self) -> str:
        if self.proof is None:
            return "is-missing" if self.is_expected else "is-none"
        return _LOOKS[self.proof.result][0]

    @property
    def sign(self) -> str:
        if self.proof is None:
            return "없음" if self.is_expected else ""
        return _LOOKS[self.proof.result][1]

    @property
    def words(self) -> str:
        if self.proof is None:
            return f"{self.on:%Y-%m-%d} " + (
                "확인 없음" if self.is_expected else "확인할 때가 아니었음(등록·운영 전)"
            )
        if self.proof.is_in_order:
            return f"{self.on:%Y-%m-%d} 적정, 파기 {self.proof.destroyed_count:,}개"
        return f"{self.on:%Y-%m-%d} {self.proof.get_result_display()}: {self.proof.reason}"


@requires("footage.view_dailyproof")
def proofs(request: HttpRequest) -> HttpResponse:
    """Cameras down, days across: in order, not in order, not seen, or without a proof."""
    form = ProofFilter(request.GET)
    last = form.value("until") or timezone.localdate() - timedelta(days=1)
    # The newest first: on a phone it is the one that is seen beside the camera.
    shown = [last - timedelta(days=n) for n in range(PROOF_DAYS)]
    links = PageLinks(
        Paginator(_proof_cameras(form, last), CAMERAS_PER_PAGE).get_page(request.GET.get(PAGE_ARGUMENT)),
        query_without(request.GET, PAGE_ARGUMENT),
    )
    rows = _matrix(list(links.page.object_list), shown)
    return page(
        request,
        "portal/footage/proofs.html",
        {
            "form": form,
            "days": shown,
            "last": last,
            "rows": rows,
            "links": links,
            "counts": _counts(last),
            "beginning": _beginning(),
            "failures": [
                cell.proof for _, cells in rows for cell in cells if cell.proof and not cell.proof.is_in_order
            ][:FILES_PER_PAGE],
            "reset_url": reverse("footage:proofs"),
            "earlier": f"?until={last - timedelta(days=PROOF_DAYS):%Y-%m-%d}",
        },
        title="일일 파기 확인",
        intro="카메라마다 하루 한 번, 남아 있어도 되는 가장 오래된 영상과 실제로 발견된 가장 오래된 영상을 견줍니다. 영상을 찾지 못한 날과 확인이 없는 날은 적정으로 보지 않고 따로 셉니다.",
        icon="success",
    )


def _beginning() -> dict[str, Any] | None:
    """What a newcomer reads as long as there is no proof at all: what comes when, and what is missing for it."""
    if DailyProof.objects.exists():
        return None
    waiting = Camera.objects.exclude(state__in=(CameraState.OPERATING, CameraState.REMOVED))
    return {
        "has_storage": Storage.objects.exists(),
        "waits_for_confirmation": Storage.objects.filter(confirmed_at=None).exists(),
        "unread": sightings.unread(),
        "not_operating": waiting.count(),
    }


def must_be_proved() -> CameraQuerySet:
    """Cameras that film, and every camera that still has footage on record."""
    with_footage = FootageDay.objects.filter(segments__gt=0).order_by().values("camera")
    return Camera.objects.filter(Q(state=CameraState.OPERATING) | Q(pk__in=with_footage))


def _proof_cameras(form: Filter, last: date) -> QuerySet[Camera]:
    found = must_be_proved().in_order()
    if camera := form.value("camera"):
        return Camera.objects.filter(pk=camera.pk)
    if form.value("result") == "failed":
        return found.exclude(
            pk__in=DailyProof.objects.filter(on=last, result=Result.IN_ORDER).values("camera")
        )
    return found


def _matrix(cameras: list[Camera], shown: list[date]) -> list[tuple[Camera, list[ProofCell]]]:
    keys = [camera.pk for camera in cameras]
    found = {
        (proof.camera_id, proof.on): proof
        for proof in DailyProof.objects.filter(camera__in=keys, on__in=shown).select_related("camera")
    }
    since = _known_since(keys)
    # A planned camera films nothing: nobody has to prove anything of it. One that stopped did film on days before.
    ran = Q(state__in=(*IN_SERVICE, CameraState.REMOVED)) | Q(pk__in=must_be_proved())
    due = set(Camera.objects.filter(ran, pk__in=keys).values_list("pk", flat=True))
    yesterday = timezone.localdate() - timedelta(days=1)

    def cell(camera: Camera, on: date) -> ProofCell:
        # Today is not over, and before camera and storage were known there was nothing to prove.
        is_expected = camera.pk in due and camera.pk in since and since[camera.pk] <= on <= yesterday
        return ProofCell(on, found.get((camera.pk, on)), is_expected)

    return [(camera, [cell(camera, on) for on in shown]) for camera in cameras]


def _known_since(keys: list[int]) -> dict[int, date]:
    """The day from which each camera has to be proved; nothing as long as there is no storage."""
    first = Storage.objects.aggregate(first=Min("created_at"))["first"]
    if first is None:
        return {}
    entered = Camera.history.filter(id__in=keys).order_by().values_list("id").annotate(Min("history_date"))
    return {key: timezone.localdate(max(first, at)) for key, at in entered}


def _counts(on: date) -> dict[str, int]:
    """Of that day: cameras to be proved, and the four classes; cameras that may have left since are counted too."""
    cameras = must_be_proved()
    made = DailyProof.objects.filter(on=on)
    found = dict(made.order_by().values_list("result").annotate(Count("pk")))
    is_due = Storage.objects.filter(created_at__date__lte=on).exists()
    return {
        "cameras": cameras.count(),
        "fine": found.get(Result.IN_ORDER, 0),
        "failed": found.get(Result.NOT_IN_ORDER, 0),
        "unseen": found.get(Result.NOT_SEEN, 0),
        "missing": cameras.exclude(pk__in=made.values("camera")).count() if is_due else 0,
    }


@requires("footage.view_deletionconfirmation")
def confirmation_list(request: HttpRequest) -> HttpResponse:
    add = Action("확인 기록하기", reverse("footage:confirm"), "plus", is_primary=True)
    return list_screen(
        request,
        "portal/footage/confirmations.html",
        DeletionConfirmation.objects.select_related("confirmed_by").order_by("-confirmed_at"),
        title="자동삭제 확인",
        intro="자동삭제 주기와, 영상이 제때 지워지는지 담당자가 확인한 때와 결과의 기록입니다 (표준 개인정보 보호지침 제42조제2항).",
        icon="clipboard-list",
        actions=[add if may(request.user, ["footage.confirm_deletion"]) else None],
    )


@requires("footage.confirm_deletion")
@asks_again
def confirm(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    start = {"period_from": today.replace(day=1), "period_until": today, "cycle": confirmations.CYCLE}
    counts = _counts(today - timedelta(days=1))
    return form_screen(
        request,
        filled_in(request, ConfirmationForm, initial=start),
        lambda form: confirmations.confirm(**form.cleaned_data, by=request.user),
        title="자동삭제 확인 기록",
        back=reverse("footage:confirmations"),
        done="자동삭제 확인을 기록했습니다.",
        submit="확인 기록",
        notes=[
            f"어제 일일 파기 확인: 카메라 {counts['cameras']:,}대 가운데 적정 {counts['fine']:,}, 부적정 {counts['failed']:,}, 영상을 볼 수 없음 {counts['unseen']:,}, 확인 없음 {counts['missing']:,}.",
            f"확인한 사람으로 {request.user}, 확인한 때로 지금이 기록됩니다. 기록은 고치거나 지울 수 없습니다.",
        ],
        icon="clipboard-list",
        crumbs=[crumb("자동삭제 확인", "footage:confirmations")],
    )


@requires("footage.view_sweep", post="footage.confirm_clock")
@asks_again
def clock_page(request: HttpRequest) -> HttpResponse:
    """What the guard knows of the time; a person may say that a refused clock is right."""
    check = clock.check()
    if request.method == "POST":
        return _confirm_clock(request, check)
    return page(
        request,
        "portal/footage/clock.html",
        {
            "check": check,
            "confirmations": ClockConfirmation.objects.select_related("confirmed_by").order_by("-pk")[:20],
            "may_confirm": may(request.user, ["footage.confirm_clock"]),
            "confirmers": [role.label for role in roles_with(["footage.confirm_clock"])],
        },
        title="시계 확인",
        intro="서버 시계가 잘못되면 보관 중인 영상을 잘못 파기할 수 있으므로, 시계가 의심스러우면 파기를 멈추고 사람의 확인을 기다립니다.",
        icon="time",
    )


def _confirm_clock(request: HttpRequest, check: Any) -> HttpResponse:
    if check:
        messages.info(request, "시계에 이상이 없어 확인할 것이 없습니다.")
    elif request.POST.get("confirmed") != "yes":
        messages.error(request, "지금 시각이 맞는지 확인하는 칸에 표시해야 합니다.")
    else:
        clock.confirm(request.user)
        messages.success(request, "시계가 맞다고 확인했습니다. 다음 파기 실행부터 이 시계를 따릅니다.")
    return redirect("footage:clock")
