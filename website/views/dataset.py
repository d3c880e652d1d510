"""The public dataset: what it holds, and its files."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from cameras.dataset_columns import BULK_LAYOUT
from website import dataset, licences
from website.dataset_notes import notes
from website.templatetags.site_frame import texts_of

RETRY_SECONDS = 60


@require_safe
def dataset_page(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    files = [(form, dataset.newest(form)) for form in dataset.FORMATS.values()]
    made = [file for _, file in files if file]
    context = {
        "formats": files,
        "facts": max(made, key=lambda file: file.made_at).facts if made else None,
        "made_at": max(made, key=lambda file: file.made_at).made_at if made else None,
        "columns": notes(BULK_LAYOUT),
        "licence": licences.of(texts_of({"request": request})),
        "problem": problem,
    }
    return render(request, "website/dataset.html", context, status=status)


@require_safe
def dataset_file(request: HttpRequest, code: str) -> HttpResponseBase:
    form = dataset.FORMATS.get(code)
    if form is None:
        raise Http404("없는 형식입니다.")
    try:
        found = dataset.current(form)
    except dataset.Busy:
        answer = _page(request, "busy", 503)
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer
    except dataset.Unavailable:
        return _page(request, "unavailable", 503)
    modified = int(found.made_at.timestamp())
    unchanged = get_conditional_response(request, etag=found.etag, last_modified=modified)
    answer_file = unchanged or _file(form, found)
    answer_file.headers["ETag"] = found.etag
    answer_file.headers["Last-Modified"] = http_date(modified)
    # Kept copies are asked for again each time: a facility may have become exempt.
    answer_file.headers["Cache-Control"] = "public, no-cache"
    return answer_file


def _file(form: dataset.Format, found: dataset.DatasetFile) -> FileResponse:
    name = f"전국CCTV표준데이터_{timezone.localtime(found.made_at):%Y%m%d}.{form.ending}"
    answer = FileResponse(
        found.path.open("rb"), as_attachment=True, filename=name, content_type=form.content_type
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
