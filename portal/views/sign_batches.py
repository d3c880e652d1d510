"""안내판 묶음: signs of chosen sites, of a filtered list or of an installation project in one file."""

from collections.abc import Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import queueing
from accounts.longrun import RunState
from cameras.models import Camera, InstallationProject, SignBatch, Site
from cameras.signs import making
from cameras.signs.contents import address_warning
from portal import longruns, workplace
from portal.access import may, officer, requires
from portal.forms.signs import BatchForm
from portal.pages import crumb, page
from portal.row_keys import key, keys
from portal.screens import confirm_screen, filled_in, list_screen
from portal.views.signs import LIST, MAKE, SEE, filtered_sites, letters_lacking
from reports.documents import sign_batch
from reports.tasks import make_signs

BATCHES = ("안내판 묶음", "signs:batches")


@requires(SEE)
def batch_list(request: HttpRequest) -> HttpResponse:
    return list_screen(
        request,
        "portal/signs/batches.html",
        SignBatch.objects.select_related("requested_by"),
        title="안내판 묶음",
        intro="여러 설치장소의 안내판을 한 파일로 만든 기록입니다.",
        icon="doc-full",
        crumbs=[crumb(*LIST)],
        each=lambda batch: (batch, len(batch.sites)),
    )


@requires(MAKE)
def add(request: HttpRequest) -> HttpResponse:
    """Which sites, which size; then the worker makes the file. The address says what was chosen."""
    sites, title = _chosen(request.GET)
    return confirm_screen(
        request,
        lambda form: _start(request, sites, form),
        question=f"설치장소 {len(sites):,}곳의 안내판을 한 파일로 만들까요?"
        if sites
        else "고른 설치장소가 없습니다. 목록에서 설치장소를 고르십시오.",
        consequences=[
            "대장과 내용이 같은 안내판은 같은 판을 다시 인쇄하고, 다른 안내판은 새 판으로 교체합니다.",
            *([warning] if (warning := address_warning()) else []),
            *([letters] if (letters := _letters_lacking(sites)) else []),
            "카메라가 모두 철거되었거나 안내판 제외 시설인 곳은 빠집니다.",
        ],
        confirm="만들기",
        title="안내판 묶음 만들기",
        back=_list_of(request.GET),
        done="",
        to=lambda batch: reverse("signs:batch", args=[batch.pk]),
        form=filled_in(request, BatchForm, initial={"title": title}),
        is_empty=not sites,
        crumbs=[crumb(*LIST), crumb(*BATCHES)],
        refusals=(sign_batch.UnusableBatch,),
    )


def _list_of(arguments: QueryDict) -> str:
    """The list as it was filtered when these were chosen in it."""
    kept = arguments.copy()
    for name in ("ids", "extent", "project", workplace.ARGUMENT):
        kept.pop(name, None)
    return f"{reverse('signs:list')}?{kept.urlencode()}" if kept else reverse("signs:list")


def _letters_lacking(sites: Sequence[int]) -> str:
    return letters_lacking(making.plan(Site.objects.filter(pk__in=sites)).plans)


def _chosen(arguments: QueryDict) -> tuple[Sequence[int], str]:
    """Primary keys of sites, and a title: chosen ones, all of a filtered list, or those of a project."""
    day = f"{timezone.localdate():%Y-%m-%d}"
    if project := key(arguments.get("project")):
        found = get_object_or_404(InstallationProject, pk=project)
        sites = Camera.objects.filter(project=found).order_by("site__number").values_list("site", flat=True)
        return list(dict.fromkeys(sites)), f"{found} 안내판"[:200]
    if arguments.get("extent") == "all":
        return list(filtered_sites(arguments).values_list("pk", flat=True)), f"{day} 안내판"
    asked = keys(arguments.getlist("ids"))
    known = Site.objects.filter(pk__in=asked).order_by("number").values_list("pk", flat=True)
    return list(known), f"{day} 안내판"


def _start(request: HttpRequest, sites: Sequence[int], form: BatchForm) -> SignBatch:
    batch = sign_batch.request(
        sites, title=form.cleaned_data["title"], size=form.cleaned_data["size"], by=officer(request)
    )
    queueing.start(make_signs, batch.pk)
    return batch


@requires(SEE)
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(SignBatch.objects.select_related("requested_by"), pk=pk)
    may_cancel = may(request.user, [MAKE]) and longruns.may_cancel(request.user, batch)
    context: dict[str, Any] = {
        "batch": batch,
        "run": batch,
        "sites": len(batch.sites),
        "is_done": batch.state == RunState.SUCCEEDED,
        "progress_url": reverse("signs:batch_progress", args=[pk]),
        "cancel_url": reverse("signs:batch_cancel", args=[pk]) if may_cancel else "",
        "done_url": "",
    }
    return page(
        request,
        "portal/signs/batch.html",
        context,
        title=batch.title,
        icon="doc-full",
        crumbs=[crumb(*LIST), crumb(*BATCHES)],
    )


@requires(SEE)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    return longruns.progress_response(get_object_or_404(SignBatch, pk=pk))


@require_POST
@requires(MAKE)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(SignBatch, pk=pk)
    return longruns.cancel_response(request, batch, reverse("signs:batch", args=[pk]))


@requires(SEE)
def batch_file(request: HttpRequest, pk: int) -> FileResponse:
    batch = get_object_or_404(SignBatch.objects.exclude(file=""), pk=pk)
    try:
        opened = batch.file.open("rb")
    except FileNotFoundError:
        raise Http404("만든 파일이 없습니다. 다시 만드십시오.") from None
    return FileResponse(
        opened, filename=f"안내판_{batch.pk}_{batch.size}.pdf", content_type="application/pdf"
    )
