"""접속기록 가져오기: uploads and the watched folder, each file's digest and bad lines."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse

from accounts import queueing
from accounts.longrun import RunState
from portal import longruns, worker
from portal.access import may, officer, requires
from portal.forms.access_log import UploadLogForm
from portal.listing import paginate
from portal.pages import Action, crumb, page
from portal.screens import filled_in, form_screen, list_screen
from records import tasks
from records.access_log import arrivals
from records.access_log.importing import LISTED_ERRORS
from records.models import AccessImport, AccessLogFile

IMPORT, SEE = "records.import_accesslog", "records.view_accessreview"
HOME = ("접속기록 가져오기", "access_log:imports")
SHOWN_RUNS = 20
FIGURES = (
    ("rows", "읽은 줄"),
    ("created", "새 줄"),
    ("known", "이미 있는 줄"),
    ("rejected", "오류"),
    ("ignored", "대상이 아닌 줄"),
)


@requires(IMPORT, SEE)
def imports(request: HttpRequest) -> HttpResponse:
    unfinished = AccessImport.objects.exclude(state=RunState.SUCCEEDED).select_related("requested_by")
    upload = Action("파일 올리기", reverse("access_log:import_add"), "upload", is_primary=True)
    return list_screen(
        request,
        "portal/access_log/imports.html",
        AccessLogFile.objects.defer("errors").order_by("-begun_at", "-pk"),
        title="접속기록 가져오기",
        intro=(
            "영상 시스템의 접속기록(감사 기록)을 가져와 한 달에 한 번 점검합니다(조례 제23조). 같은 줄은 한 번만 저장하므로 "
            "같은 파일을 다시 올려도 됩니다."
        ),
        icon="upload",
        actions=[upload if may(request.user, [IMPORT]) else None],
        runs=list(unfinished[:SHOWN_RUNS]),
        folder=settings.ACCESS_LOG_FOLDER,
        folder_problem=arrivals.folder_problem(),
    )


@requires(IMPORT)
def import_add(request: HttpRequest) -> HttpResponse:
    def take(sent: UploadLogForm) -> AccessImport:
        data = sent.cleaned_data
        run = arrivals.receive(data["file"], name=sent.shown_name, map_name=data["map"], by=officer(request))
        queueing.start(tasks.run_access_import, run.pk)
        return run

    return form_screen(
        request,
        filled_in(request, UploadLogForm),
        take,
        title="접속기록 파일 올리기",
        back=reverse("access_log:imports"),
        done="",
        to=lambda run: reverse("access_log:import_run", args=[run.pk]),
        submit="올리고 가져오기",
        icon="upload",
        notes=[
            "맞는 줄은 저장하고 잘못된 줄은 이유와 함께 보여 드립니다. 올린 파일은 읽고 나면 지웁니다.",
            "파일의 해시와 줄 수가 원장에 남습니다.",
        ],
        crumbs=[crumb(*HOME)],
    )


@requires(IMPORT, SEE)
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(AccessImport.objects.select_related("requested_by", "log"), pk=pk)
    result = run.result
    return page(
        request,
        "portal/access_log/import.html",
        {
            "run": run,
            "cancel_url": longruns.cancel_url(request.user, run, "access_log:import_cancel"),
            "progress_url": reverse("access_log:import_progress", args=[pk]),
            "here_url": reverse("access_log:import_here", args=[pk]),
            "may_act": may(request.user, [IMPORT]),
            "worker_is_alive": worker.is_alive(),
            "figures": [(label, result.get(name, 0), name) for name, label in FIGURES] if result else [],
            "is_known": bool(result) and not result["created"] and bool(result["known"]),
            "links": paginate(request, result.get("errors", [])),
        },
        title=f"접속기록: {run.name}",
        icon="upload",
        crumbs=[crumb(*HOME)],
    )


@requires(IMPORT, SEE)
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    return longruns.progress_response(get_object_or_404(AccessImport, pk=pk))


@requires(IMPORT)
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(AccessImport, pk=pk)
    back = reverse("access_log:import_run", args=[pk])
    return longruns.cancel_response(request, run, back) if request.method == "POST" else redirect(back)


@requires(IMPORT)
def import_here(request: HttpRequest, pk: int) -> HttpResponse:
    """Where no worker takes the run: do it now, in this request."""
    run = get_object_or_404(AccessImport, pk=pk)
    if request.method == "POST":
        arrivals.run_here(run)
    return redirect("access_log:import_run", pk)


@requires(IMPORT, SEE)
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """One file that came in: what it was, and each line that could not be read."""
    found = get_object_or_404(AccessLogFile, pk=pk)
    return list_screen(
        request,
        "portal/access_log/log.html",
        found.errors,
        title=f"접속기록 파일: {found.name}",
        icon="doc-full",
        crumbs=[crumb(*HOME)],
        log=found,
        listed=LISTED_ERRORS,
    )


urlpatterns = [
    path("", imports, name="imports"),
    path("add/", import_add, name="import_add"),
    path("runs/<int:pk>/", import_run, name="import_run"),
    path("runs/<int:pk>/progress/", import_progress, name="import_progress"),
    path("runs/<int:pk>/cancel/", import_cancel, name="import_cancel"),
    path("runs/<int:pk>/here/", import_here, name="import_here"),
    path("files/<int:pk>/", log, name="log"),
]
