"""영상 사본 내려받기: behind the two numbers of the receipt and a third one that the citizen was told another way."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from records.copies import downloading
from records.copies.downloading import Stream
from records.copy_enums import CopyWay
from records.models import CopyLeaving, ViewingRequest
from website import floods
from website.forms.viewing_acts import DownloadForm
from website.views import viewing_acts
from website.views.anonymous import anonymous_form
from website.views.viewing import expired, status_page

FORM = "viewing_copy"
# Of one request and household, right numbers or wrong ones: enough for a line that breaks off, and no way to guess.
LIMITS = (floods.Limit(6, timedelta(minutes=10)), floods.Limit(20, floods.KEPT))
TOO_MANY = 429


@anonymous_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        return redirect("website_viewing_status")
    found = viewing_acts.admitted(request.POST.get("pass", ""))
    if found is None:
        return expired(request)
    number, form = request.POST.get("copy", ""), DownloadForm(request.POST)
    rows = CopyLeaving.objects.filter(copy__request=found, way=CopyWay.DOWNLOAD, copy__number=number)
    left = rows.select_related("copy").first()
    if left is None:
        return _again(request, found, number, form, gettext("이 사본은 이제 내려받을 수 없습니다."), 410)
    # Strangers behind the same address hold nobody up, and no stranger with the numbers does from another one.
    matter = f"{found.receipt_number}\n{floods.source_of(request)}"
    if message := floods.refusal(request, FORM, LIMITS, matter=matter):
        return _again(request, found, number, form, message, TOO_MANY)
    floods.mark(request, FORM, matter=matter)
    if not form.is_valid():
        return _again(request, found, number, form, "", 200)
    try:
        return _streamed(downloading.download(left, form.cleaned_data["secret"]))
    except ValidationError as error:
        return _again(request, found, number, form, " ".join(error.messages), 403)


def _again(
    request: HttpRequest, found: ViewingRequest, number: str, form: DownloadForm, why: str, status: int
) -> HttpResponse:
    """The page, with why not: at the form where the copy is still to be had, else above everything."""
    if why:
        form.add_error(None, why)
    answer = status_page(request, found, wrong={number: form}, refused=why)
    answer.status_code = status
    return answer


def _streamed(given: Stream) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(given.content, content_type="application/zip")
    answer.headers["Content-Length"] = str(given.length)
    answer.headers["Content-Disposition"] = content_disposition_header(True, given.name) or ""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
