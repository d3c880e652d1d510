"""파기 실행: what each sweep destroyed, how late, under which line of the ledger; a rehearsal and a sweep by hand."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from casework import shares
from footage import clock, manifests, starting, tasks
from footage.errors import Refused
from footage.models import Storage, Sweep
from ledger import continuity
from portal import longruns, worker
from portal.access import may, officer, requires
from portal.findings import findings_of
from portal.listing import paginate
from portal.pages import Action, crumb, page
from portal.reauthentication import asks_again_unless

FILES_PER_PAGE = 100
HOME = ("파기 실행", "footage:sweeps")
# What a person filters the list by; sweeps that found nothing due are the great majority.
SHOWN = {
    "work": "파기했거나 이상이 있는 실행",
    "trouble": "오류·거부·실패만",
    "rehearsals": "모의 실행",
    "all": "모두",
}


@requires("footage.view_sweep")
def sweep_list(request: HttpRequest) -> HttpResponse:
    shown = request.GET.get("shown", "work")
    sweeps = _shown(shown).select_related("requested_by", "storage")
    return page(
        request,
        "portal/footage/sweeps.html",
        {
            "links": paginate(request, sweeps),
            "shown": shown if shown in SHOWN else "work",
            "choices": SHOWN.items(),
            "last": Sweep.objects.filter(is_dry_run=False).order_by("-pk").first(),
            "check": clock.check(),
            "is_restored": bool(continuity.lost()),
            "storages": Storage.objects.count(),
        },
        title="파기 실행",
        intro="보관기간이 끝난 영상을 매분 찾아 파기합니다. 실행마다 파기 목록을 남기고, 파기한 것이 있으면 원장에 한 줄을 적습니다.",
        icon="bin",
        actions=_actions(request),
    )


def _shown(shown: str) -> QuerySet[Sweep]:
    sweeps = Sweep.objects.order_by("-pk")
    if shown == "all":
        return sweeps
    if shown == "rehearsals":
        return sweeps.filter(is_dry_run=True)
    trouble = sweeps.filter(state="failed") | sweeps.filter(errors__gt=0) | sweeps.filter(is_refused=True)
    if shown == "trouble":
        return trouble
    return trouble | sweeps.filter(destroyed__gt=0) | sweeps.filter(requested_by__isnull=False)


def _actions(request: HttpRequest) -> list[Action]:
    if not may(request.user, ["footage.run_sweep"]):
        return []
    return [Action("지금 실행…", reverse("footage:sweep_now"), "bin", is_primary=True)]


@requires("footage.view_sweep")
def sweep_page(request: HttpRequest, pk: int) -> HttpResponse:
    sweep = get_object_or_404(Sweep.objects.select_related("requested_by", "storage"), pk=pk)
    links = paginate(request, _Files(sweep), FILES_PER_PAGE)
    return page(
        request,
        "portal/footage/sweep.html",
        {
            "sweep": sweep,
            "run": sweep,
            "findings": findings_of(sweep.report),
            "on_time_percent": shares.percent(sweep.on_time, sweep.destroyed),
            "blocks": sweep.blocks.defer("lines").select_related("storage").order_by("pk")[:50],
            "links": links,
            "worker_is_alive": worker.is_alive(),
            "may_cancel": may(request.user, ["footage.run_sweep"]),
            "may_see_ledger": may(request.user, ["ledger.view_entry"]),
        },
        title=f"{'모의 실행' if sweep.is_dry_run else '파기 실행'} #{sweep.pk}",
        icon="bin",
        crumbs=[crumb(*HOME)],
    )


class _Files:
    """The destroyed files of a sweep, cut into pages without reading them all."""

    ordered = True

    def __init__(self, sweep: Sweep) -> None:
        self.sweep = sweep

    def __len__(self) -> int:
        return 0 if self.sweep.is_dry_run else int(self.sweep.destroyed)

    def __getitem__(self, portion: slice) -> list[manifests.DestroyedFile]:
        return manifests.lines(self.sweep, portion.start, portion.stop - portion.start)


@requires("footage.view_sweep")
def sweep_progress(request: HttpRequest, pk: int) -> HttpResponse:
    return longruns.progress_response(get_object_or_404(Sweep, pk=pk))


@requires("footage.run_sweep")
def sweep_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    sweep = get_object_or_404(Sweep, pk=pk)
    back = reverse("footage:sweep", args=[pk])
    if request.method != "POST":
        return redirect(back)
    # Destroying cannot be taken back: whoever may start a sweep may stop any.
    return longruns.cancel_response(request, sweep, back, besides="footage.run_sweep")


def _is_rehearsal(request: HttpRequest, pk: int | None = None) -> bool:
    """A rehearsal only counts: nobody has to show again who they are."""
    if pk is None:
        return request.POST.get("step") == "rehearse"
    return Sweep.objects.filter(pk=pk, is_dry_run=True).exists()


@requires("footage.run_sweep")
@asks_again_unless(_is_rehearsal)
def sweep_run_here(request: HttpRequest, pk: int) -> HttpResponse:
    sweep = get_object_or_404(Sweep, pk=pk)
    if request.method == "POST":
        tasks.sweep(sweep.pk)
    return redirect("footage:sweep", pk)


@requires("footage.run_sweep")
@asks_again_unless(_is_rehearsal)
def sweep_now(request: HttpRequest) -> HttpResponse:
    """A rehearsal shows what would go; the sweep itself is confirmed on the same page."""
    if request.method == "POST":
        return _start(request)
    rehearsal = Sweep.objects.filter(is_dry_run=True, state="succeeded").order_by("-pk").first()
    return page(
        request,
        "portal/footage/sweep_now.html",
        {
            "check": clock.check(),
            "is_restored": bool(continuity.lost()),
            "rehearsal": rehearsal,
            "back_url": reverse("footage:sweeps"),
        },
        title="지금 파기 실행",
        icon="bin",
        crumbs=[crumb(*HOME)],
    )


def _start(request: HttpRequest) -> HttpResponse:
    by = officer(request)
    if request.POST.get("step") == "rehearse":
        return redirect("footage:sweep", starting.rehearsal(by=by).pk)
    if request.POST.get("confirmed") != "yes":
        messages.error(request, "되돌릴 수 없음을 확인하는 칸에 표시해야 실행합니다.")
        return redirect("footage:sweep_now")
    try:
        run = starting.sweep(by=by)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("ledger:continuity" if continuity.lost() else "footage:clock")
    return redirect("footage:sweep", run.pk)
