"""표준데이터 가져오기: upload, rehearsal with every error, confirmation, progress, rejected rows, past imports."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.longrun import RunState
from cameras import import_runs, register, tasks
from cameras.models import Camera, ImportRun
from casework.refusals import Refused
from portal import downloads, exports, import_columns, longruns, worker
from portal.access import may, officer, requires
from portal.forms.imports import ReadingForm, UploadForm
from portal.listing import paginate
from portal.pages import Action, crumb, page

ERRORS_PER_PAGE = 100
HOME = ("표준데이터 가져오기", "cameras:imports")
FIGURES = (
    ("created", "새로 등록"),
    ("updated", "바뀜"),
    ("unchanged", "그대로"),
    ("rejected", "오류"),
    ("sites", "설치장소"),
    ("cameras", "카메라"),
)


@requires("cameras.view_importrun")
def import_list(request: HttpRequest) -> HttpResponse:
    actions = [Action("표준데이터로 내보내기", reverse("cameras:dataset"), "download")]
    if may(request.user, ["cameras.import_register"]):
        actions.append(Action("파일 올리기", reverse("cameras:import_add"), "upload", is_primary=True))
    return page(
        request,
        "portal/cameras/imports.html",
        {"links": paginate(request, ImportRun.objects.select_related("requested_by"), 20)},
        title="표준데이터 가져오기",
        intro="전국CCTV표준데이터 파일을 대장에 넣습니다. 먼저 미리보기로 모든 오류와 바뀔 내용을 확인하고, 확정해야 저장됩니다.",
        icon="upload",
        actions=actions,
    )


@requires("cameras.import_register")
def import_add(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        run = import_runs.rehearse(
            form.cleaned_data["file"], name=form.shown_name, suffix=form.suffix, by=officer(request)
        )
        return redirect("cameras:import", run.pk)
    return page(
        request,
        "portal/cameras/import_add.html",
        {
            "form": form,
            "columns": import_columns.asked(),
            "submit_label": "올리고 미리보기",
            "back_url": reverse("cameras:imports"),
            "notes": [
                "올린 파일은 먼저 미리보기만 합니다. 이 단계에서는 대장이 바뀌지 않습니다.",
                "모든 행의 모든 오류를 한 번에 보여 드립니다. 파일에 없는 설치장소는 그대로 둡니다.",
            ],
        },
        title="표준데이터 파일 올리기",
        icon="upload",
        crumbs=[crumb(*HOME)],
    )


@requires("cameras.import_register")
def import_template(request: HttpRequest) -> HttpResponse:
    """An empty file with the columns that are asked for; it holds nothing of the register."""
    return downloads.document(import_columns.empty_file(), import_columns.FILE_NAME)


@requires("cameras.view_importrun")
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects.select_related("requested_by"), pk=pk)
    result: dict[str, Any] = run.result or {}
    errors = result.get("errors", [])
    rejected = result.get("rejected", 0)
    has_good_rows = bool(result.get("created", 0) + result.get("updated", 0))
    is_ready = run.is_dry_run and run.state == RunState.SUCCEEDED
    return page(
        request,
        "portal/cameras/import.html",
        {
            "run": run,
            "cancel_url": longruns.cancel_url(request.user, run, "cameras:import_cancel"),
            "figures": [(label, result.get(name, 0), name) for name, label in FIGURES] if result else [],
            "result": result,
            "error_count": result.get("error_count", len(errors)),
            "links": paginate(request, errors, ERRORS_PER_PAGE),
            "rejected": rejected,
            "can_import": is_ready and has_good_rows,
            "nothing_to_do": is_ready and not has_good_rows and not rejected,
            "later": import_runs.made_of(run),
            "rehearsal": import_runs.rehearsal_of(run) if run.came_to_nothing else None,
            "group": import_runs.group_of(run),
            "warnings": result.get("warnings", []),
            "asks": _asks(result) if is_ready else frozenset(),
            "worker_is_alive": worker.is_alive(),
            "may_import": request.user.has_perm("cameras.import_register"),
        },
        title=("미리보기: " if run.is_dry_run else "가져오기: ") + run.file_name,
        icon="upload",
        crumbs=[crumb(*HOME)],
    )


def _asks(result: dict[str, Any]) -> frozenset[str]:
    """What of a file a person has to decide, decided or not."""
    return frozenset(notice["code"] for notice in result.get("warnings", [])) & {
        "older_uploads",
        "retention_unknown",
    }


def _read_again(request: HttpRequest, rehearsal: ImportRun) -> HttpResponse:
    form = ReadingForm(request.POST)
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return redirect("cameras:import", rehearsal.pk)
    run = import_runs.read_again(rehearsal, by=officer(request), **form.cleaned_data)
    return redirect("cameras:import", run.pk)


@requires("cameras.import_register")
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Store what the rehearsal showed: the same file again, this time for real."""
    rehearsal = get_object_or_404(ImportRun, pk=pk, is_dry_run=True)
    if request.method != "POST":
        return redirect("cameras:import", pk)
    if "again" in request.POST and rehearsal.state == RunState.SUCCEEDED:
        return _read_again(request, rehearsal)
    skip = request.POST.get("skip") == "yes"
    try:
        run = import_runs.confirm(rehearsal, skip_invalid=skip, by=officer(request))
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("cameras:import", pk)
    return redirect("cameras:import", run.pk)


@requires("cameras.view_importrun")
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    return longruns.progress_response(get_object_or_404(ImportRun, pk=pk))


@requires("cameras.import_register")
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=pk)
    back = reverse("cameras:import", args=[pk])
    return longruns.cancel_response(request, run, back) if request.method == "POST" else redirect(back)


@requires("cameras.import_register")
def import_run_here(request: HttpRequest, pk: int) -> HttpResponse:
    """Where no worker takes the run: do it now, in this request."""
    run = get_object_or_404(ImportRun, pk=pk)
    if request.method == "POST":
        tasks.run_import(run.pk)
    return redirect("cameras:import", pk)


@requires("cameras.import_register")
def import_rejected(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that were refused, with the reason, to be corrected and sent again."""
    run = get_object_or_404(ImportRun, pk=pk)
    if not run.rejected_file:
        raise Http404
    try:
        content = run.rejected_file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(
        content, as_attachment=True, filename=f"오류행_{run.pk}.csv", content_type="text/csv"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@requires("cameras.view_camera")
def dataset(request: HttpRequest) -> HttpResponseBase:
    """The register as a standard dataset file, importable again without a change."""
    form = exports.DatasetForm(request.POST or None, rows=Camera.objects.in_dataset().count())
    if request.method == "POST" and form.is_valid():
        try:
            return exports.hand_out_dataset(request, form)
        except register.UnusableTarget as error:
            form.add_error("format", str(error))
    # Whoever sees the register exports it; its imports are for fewer.
    before = HOME if may(request.user, ["cameras.view_importrun"]) else ("카메라 대장", "cameras:list")
    return page(
        request,
        "portal/registers/form.html",
        {
            "form": form,
            "submit_label": "내려받기",
            "back_url": reverse(before[1]),
            "notes": [
                f"운영·중지 상태의 카메라 {form.rows:,}대를 표준데이터 형식으로 씁니다. 비공개 시설은 빠집니다."
            ],
        },
        title="표준데이터로 내보내기",
        icon="download",
        crumbs=[crumb(*before)],
    )
