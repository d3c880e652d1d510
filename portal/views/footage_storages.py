"""저장소: where footage lies, whether the disk is there and how long it will last; reading the tree."""

import shutil
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.korean import josa
from accounts.longrun import RunState
from footage import capacity, clock_offsets, second_words, starting, storages, tasks
from footage.errors import FootageError
from footage.models import Scan, Storage
from portal import longruns, worker
from portal.access import may, officer, requires, roles_with
from portal.findings import findings_of
from portal.forms.footage import ReasonForm, StorageForm, TimezoneForm
from portal.forms.seen import SeenForm
from portal.pages import Action, crumb, page
from portal.reauthentication import asks_again
from portal.row_keys import key
from portal.screens import carry_out, confirm_screen, filled_in, form_screen

EXAMPLES = 12
CONFIRM = "footage.confirm_destroying"
HOME = ("저장소", "footage:storages")


@dataclass(frozen=True)
class Disk:
    total: int
    free: int

    @property
    def used_percent(self) -> int:
        return (self.total - self.free) * 100 // self.total if self.total else 0


@dataclass(frozen=True)
class StorageState:
    """A storage as a person wants to know it."""

    storage: Storage
    absence: str
    disk: Disk | None
    forecast: capacity.Forecast | None
    not_on_record: str

    @property
    def needs_word(self) -> bool:
        return self.storage.confirmed_at is None or bool(self.not_on_record)

    @property
    def full_at(self) -> datetime | None:
        """Only when it is an alarm: a disk that fills up in years is no news."""
        return self.forecast.full_at if self.forecast and self.forecast.is_alarm else None


def state_of(storage: Storage) -> StorageState:
    absence = storages.absence(storage)
    return StorageState(
        storage,
        absence,
        None if absence else _disk(storage),
        capacity.forecast(storage),
        second_words.why_not_on_record(storage),
    )


def _disk(storage: Storage) -> Disk | None:
    try:
        usage = shutil.disk_usage(storage.root)
    except OSError:
        return None
    return Disk(usage.total, usage.free)


@requires("footage.view_storage")
def storage_list(request: HttpRequest) -> HttpResponse:
    actions = []
    if may(request.user, ["footage.add_storage"]):
        actions.append(Action("저장소 등록", reverse("footage:storage_add"), "plus", is_primary=True))
    return page(
        request,
        "portal/footage/storages.html",
        {
            "states": [state_of(storage) for storage in Storage.objects.all()],
            "may_scan": may(request.user, ["footage.scan_storage"]),
            "may_add": may(request.user, ["footage.add_storage"]),
            "scans": Scan.objects.select_related("storage", "requested_by")[:10],
        },
        title="영상 저장소",
        intro="녹화기가 쓰는 폴더입니다. 파일 목록은 따로 저장하지 않고, 경로의 카메라와 시각을 그때그때 읽습니다.",
        icon="folder-inverse",
        actions=actions,
    )


@requires("footage.view_storage")
def storage_page(request: HttpRequest, pk: int) -> HttpResponse:
    storage = get_object_or_404(Storage, pk=pk)
    return page(
        request,
        "portal/footage/storage.html",
        {
            "state": state_of(storage),
            "storage": storage,
            "figures": storage.days.aggregate(
                cameras=Count("camera", distinct=True),
                days=Count("pk"),
                segments=Sum("segments"),
                bytes=Sum("bytes"),
                scanned=Max("scanned_at"),
            ),
            "open_folders": storage.unclaimed.filter(decision="open").count(),
            "scans": storage.scans.select_related("requested_by")[:5],
            "examples": _examples(storage),
            "hours_apart": clock_offsets.in_words(storage),
            "fitting_zone": clock_offsets.zone_that_fits(storage, timezone.now()),
            "has_fixed_zone": storages.layout_of(storage).has_fixed_zone,
            "may_change": may(request.user, ["footage.change_storage"]),
            "may_scan": may(request.user, ["footage.scan_storage"]),
            "may_confirm": may(request.user, [CONFIRM]) and storage.added_by_id != request.user.pk,
            "may_write_off": may(request.user, [CONFIRM]) and storages.has_footage_on_record(storage),
            "confirmers": [role.label for role in roles_with([CONFIRM])],
        },
        title=f"저장소 {storage.name}",
        intro=storage.root,
        icon="folder-inverse",
        crumbs=[crumb(*HOME)],
    )


def _examples(storage: Storage) -> list[storages.Example]:
    """What the layout makes of the folder now; an absent folder has no examples."""
    try:
        return storages.examples(storage.root, storage.layout, storage.timezone, limit=6, besides=storage)
    except (FootageError, OSError):
        return []


@requires("footage.add_storage")
def storage_add(request: HttpRequest) -> HttpResponse:
    """First a look at what the layout reads from the folder, then the registration."""
    form = StorageForm(request.POST or None)
    found: list[storages.Example] | None = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("step") == "add" and (done := _register(request, form)):
            return done
        found = _look(request, form)
    return page(
        request,
        "portal/footage/storage_form.html",
        {
            "form": form,
            "examples": found,
            "readable": sum(1 for example in found or [] if example.camera),
            "back_url": reverse("footage:storages"),
        },
        title="저장소 등록",
        intro="폴더와 경로 형식을 적고 먼저 확인합니다. 폴더에서 찾은 파일을 어느 카메라의 몇 시 영상으로 읽는지 보여 줍니다.",
        icon="folder-inverse",
        crumbs=[crumb(*HOME)],
    )


def _look(request: HttpRequest, form: StorageForm) -> list[storages.Example] | None:
    given = form.cleaned_data
    try:
        return storages.look(given["root"], given["layout"], given["timezone"], EXAMPLES, by=officer(request))
    except (FootageError, OSError) as error:
        form.add_error(None, str(error))
        return None


def _register(request: HttpRequest, form: StorageForm) -> HttpResponse | None:
    given = form.cleaned_data
    return carry_out(
        request,
        form,
        lambda form: storages.add(
            given["name"],
            given["root"],
            given["layout"],
            given["timezone"],
            given["segment_seconds"],
            queue=given["queue"],
            by=officer(request),
        ),
        done=lambda made: (
            f"저장소 {made.name}{josa(made.name, '을/를')} 등록했습니다. 다른 사람이 이 화면에서 확인한 뒤부터 매분 파기 실행이 이 폴더도 살핍니다."
        ),
        to=lambda made: reverse("footage:storage", args=[made.pk]),
    )


@requires(CONFIRM)
@asks_again
def storage_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person's word, after looking at how the folder is read."""
    storage = get_object_or_404(Storage, pk=pk)
    is_swept = storage.confirmed_at is not None
    return confirm_screen(
        request,
        lambda form: storages.confirm(storage, by=officer(request)),
        form=filled_in(
            request,
            SeenForm,
            shown=[storage.root, storage.layout, storage.timezone, storage.segment_seconds],
        ),
        question=f"저장소 {storage.name}의 파기를 두 번째 사람으로 확인할까요?"
        if is_swept
        else f"저장소 {storage.name}에서 파기를 시작할까요?",
        consequences=[
            f"폴더: {storage.root}",
            f"경로 형식: {storage.layout}",
            f"경로 시간대: {storage.timezone}. 이 시간대로 파일 이름의 시각을 읽어 보관기간을 셉니다.",
            f"이 저장소에서는 이미 파기하고 있습니다. {second_words.why_not_on_record(storage)} 확인하면 원장에 남습니다."
            if is_swept
            else "확인하면 다음 파기 실행(1분 안)부터 보관기간이 지난 파일이 파기됩니다. 되살릴 수 없습니다.",
            "등록한 사람은 확인할 수 없습니다.",
        ],
        confirm="확인" if is_swept else "확인하고 파기 시작",
        title="저장소 확인",
        back=reverse("footage:storage", args=[pk]),
        done=f"저장소 {storage.name}{josa(storage.name, '을/를')} 확인했습니다.",
        is_dangerous=True,
        crumbs=[crumb(*HOME)],
    )


def _what_is_lost(storage: Storage) -> list[str]:
    figures = storage.days.aggregate(segments=Sum("segments"), held=Sum("held"))
    if storage.scanned_at is None and not figures["segments"]:
        return ["이 저장소는 한 번도 전체를 읽지 않아 영상이 몇 개 있었는지 모릅니다."]
    return [
        f"기록된 파일 {figures['segments'] or 0:,}개를 ‘사라진 영상’으로 셉니다. 파기한 것으로 세지 않습니다.",
        f"그 가운데 삭제 유예 중인 파일은 {figures['held'] or 0:,}개입니다.",
    ]


@requires(CONFIRM)
@asks_again
def storage_lost(request: HttpRequest, pk: int) -> HttpResponse:
    """The disk does not come back: what was on record of it is written off, as lost and not as destroyed."""
    storage = get_object_or_404(Storage, pk=pk)
    return confirm_screen(
        request,
        lambda form: storages.confirm_empty(storage, by=officer(request), reason=form.cleaned_data["reason"]),
        question=f"저장소 {storage.name}의 영상을 잃은 것으로 확인할까요?",
        consequences=[
            storages.absence(storage) or "지금은 연결되어 있습니다. 연결이 끊긴 저장소만 확인할 수 있습니다.",
            *_what_is_lost(storage),
            "케이블이나 마운트가 빠졌을 뿐이면 확인하지 말고 디스크를 다시 연결하십시오.",
            "확인하면 빈 폴더를 새 저장소처럼 다시 씁니다. 확인한 사람과 사유는 원장에 남고 보고서에 실립니다.",
        ],
        confirm="잃은 것으로 확인",
        title="영상 소실 확인",
        back=reverse("footage:storage", args=[pk]),
        done=f"저장소 {storage.name}의 영상을 잃은 것으로 기록했습니다.",
        form=filled_in(request, ReasonForm),
        is_dangerous=True,
        crumbs=[crumb(*HOME), crumb(storage.name, "footage:storage", pk)],
    )


@requires("footage.change_storage")
def storage_timezone(request: HttpRequest, pk: int) -> HttpResponse:
    """Another zone for the names of a storage; a second person confirms how they are read then."""
    storage = get_object_or_404(Storage, pk=pk)
    fitting = clock_offsets.zone_that_fits(storage, timezone.now())
    return form_screen(
        request,
        filled_in(request, TimezoneForm, initial={"timezone": fitting or storage.timezone}),
        lambda form: storages.change_timezone(storage, by=officer(request), **form.cleaned_data),
        title=f"저장소 {storage.name}: 경로 시간대",
        back=reverse("footage:storage", args=[pk]),
        done="시간대를 바꾸었습니다. 다른 사람이 이 화면에서 확인할 때까지 이 저장소에서는 아무것도 파기하지 않습니다.",
        notes=[
            f"지금 시간대: {storage.timezone}",
            *filter(None, [clock_offsets.in_words(storage)]),
            "시간대를 바꾸면 모든 파일의 시각이 다르게 읽혀 파기되는 때가 달라집니다. 다른 사람이 다시 확인해야 파기가 이어집니다.",
        ],
        icon="time",
        crumbs=[crumb(*HOME), crumb(storage.name, "footage:storage", pk)],
    )


@requires("footage.scan_storage")
def scan_now(request: HttpRequest) -> HttpResponse:
    """Ask for a reading of one storage, or of all."""
    if request.method != "POST":
        return redirect("footage:storages")
    storage = Storage.objects.filter(pk=pk).first() if (pk := key(request.POST.get("storage"))) else None
    return redirect("footage:scan", starting.scan(storage, by=officer(request)).pk)


@requires("footage.view_storage")
def scan_page(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(Scan.objects.select_related("storage", "requested_by"), pk=pk)
    return page(
        request,
        "portal/footage/scan.html",
        {
            "run": run,
            "cancel_url": longruns.cancel_url(request.user, run, "footage:scan_cancel"),
            "findings": findings_of(run.result.get("report", {})),
            "worker_is_alive": worker.is_alive(),
            "may_scan": may(request.user, ["footage.scan_storage"]),
        },
        title=f"저장소 확인 #{run.pk}",
        intro=f"대상: {run.storage.name if run.storage else '모든 저장소'}",
        icon="rotate",
        crumbs=[crumb(*HOME)],
    )


@requires("footage.view_storage")
def scan_progress(request: HttpRequest, pk: int) -> HttpResponse:
    return longruns.progress_response(get_object_or_404(Scan, pk=pk))


@requires("footage.scan_storage")
def scan_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(Scan, pk=pk)
    back = reverse("footage:scan", args=[pk])
    return longruns.cancel_response(request, run, back) if request.method == "POST" else redirect(back)


@requires("footage.scan_storage")
def scan_run_here(request: HttpRequest, pk: int) -> HttpResponse:
    """Where no worker takes the run: do it now, in this request."""
    run = get_object_or_404(Scan, pk=pk)
    if request.method == "POST":
        tasks.scan(run.pk)
    return redirect("footage:scan", pk)


@requires("footage.view_storage")
def unrecognised(request: HttpRequest) -> HttpResponse:
    """Names that no layout reads, links, unreadable folders: from the last reading of each storage."""
    readings = _latest_readings()
    return page(
        request,
        "portal/footage/unrecognised.html",
        {
            "readings": [(scan, findings_of(scan.result.get("report", {}))) for scan in readings],
            "total": sum(scan.result.get("unrecognised", 0) for scan in readings),
        },
        title="인식하지 못한 파일",
        intro="이름이 경로 형식에 맞지 않거나 바로가기(링크)인 파일, 이름의 시각을 믿을 수 없는 파일입니다. 시스템은 손대지 않으며, 사람이 확인해야 합니다.",
        icon="warning",
    )


def _latest_readings() -> list[Scan]:
    """The last finished reading of all storages, and newer ones of single storages."""
    finished = Scan.objects.filter(state=RunState.SUCCEEDED).select_related("storage").order_by("-pk")
    whole = finished.filter(storage=None).first()
    newer = finished.filter(storage__isnull=False, pk__gt=whole.pk if whole else 0)
    single: dict[int | None, Scan] = {}
    for scan in newer[:500]:
        single.setdefault(scan.storage_id, scan)
    return [*([whole] if whole else []), *single.values()]
