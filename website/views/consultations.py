"""의견수렴: what is asked, the form to answer, the receipt, and the result (ordinance art. 8)."""

import datetime as dt
import io

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cameras.consultation import notice, opinions, phase, public
from cameras.consultation.opinions import Receipt
from cameras.consultation.phase import Phase
from cameras.map_clusters import Box
from cameras.models import PublicConsultation
from casework import attachments
from website import floods, kept_upload
from website.forms.opinion import PublicOpinionForm, ReceiptForm
from website.views.anonymous import anonymous_form

PAGE_SIZE = 20
OPINIONS_ON_A_PAGE = 50
FORM = "opinion"
# Wrong guesses at somebody's receipt.
GUESSES = "opinion_receipt"
# Buttons of who was told that something will be published.
COVERED, AS_WRITTEN = "covered", "as_written"
FLOODED = _(
    "지금 의견이 한꺼번에 몰려 잠시 접수하지 못합니다. 적은 내용은 그대로 있으니 10분 뒤에 다시 보내 주십시오."
)


@require_safe
def consultation_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    running = phase.running(now).order_by("ended_at", "pk")
    past = phase.ended(now).order_by("-ended_at", "-pk")
    found = Paginator(past, PAGE_SIZE).get_page(request.GET.get("page", "1"))
    return render(
        request,
        "website/consultations/list.html",
        {
            "running": [public.page_of(each, now) for each in running],
            "found": found,
            "past": [public.page_of(each, now) for each in found],
        },
    )


def _published(number: str) -> PublicConsultation:
    found = phase.published(timezone.now()).filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise Http404("없는 의견수렴입니다.")
    return found


@anonymous_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consultation_page(request: HttpRequest, number: str) -> HttpResponse:
    """The notice and, while it is open, the form. What was typed is never lost, also when the time has run out."""
    now = timezone.now()
    consultation = _published(number)
    shown = public.page_of(consultation, now)
    refusal = floods.refusal_of_try(request, FORM) if request.FILES else ""
    kept = kept_upload.of(request, FORM, number) if request.method == "POST" else None
    form = PublicOpinionForm(
        request.POST if request.method == "POST" else None,
        kept_upload.files(request, "upload", kept) if request.method == "POST" and not refusal else None,
        number=number,
        questions=shown.notice["questions"],
        now=now,
    )
    too_late = ""
    personal: list[str] = []
    if request.method == "POST":
        # A form received once is answered with its receipt, whatever the clock says by then.
        if receipt := _received_before(form, now):
            return _receipt_page(request, receipt)
        if shown.phase != Phase.OPEN:
            too_late = opinions.why_not_open(consultation, now)
        elif refusal:
            form.add_error(None, refusal)
        elif (
            form.is_valid()
            and not (personal := _personal(request, form))
            and (receipt := _receive(request, consultation, form, now))
        ):
            kept_upload.forget(kept)
            return _receipt_page(request, receipt)
        is_new = bool(request.FILES.get("upload")) and not too_late and not refusal
        if is_new and not form.data.get("consent"):
            # Nothing of it is kept before its sender has agreed.
            form.add_error(
                "upload",
                gettext("동의하신 뒤에 받을 수 있어 파일을 받아 두지 않았습니다. 다시 골라 주십시오."),
            )
        elif is_new and "upload" not in form.errors:
            kept_upload.forget(kept)
            kept, unkept = kept_upload.keep(request, FORM, number, request.FILES["upload"])
            if unkept:
                form.add_error("upload", unkept)
    context = {
        "shown": shown,
        "form": form,
        "personal": personal,
        "kept": kept,
        "too_late": too_late,
        "typed": request.POST.get("text", "") if too_late else "",
        "is_preview": False,
        "said": Paginator(shown.opinions, OPINIONS_ON_A_PAGE).get_page(request.GET.get("page", "1")),
    }
    return render(request, "website/consultations/page.html", context)


def _personal(request: HttpRequest, form: PublicOpinionForm) -> list[str]:
    """What is told before it is sent, since it will be published; covered or left as the sender says."""
    if COVERED in request.POST:
        form.cover()
        return []
    return [] if AS_WRITTEN in request.POST else list(dict.fromkeys(form.personal))


def _received_before(form: PublicOpinionForm, now: dt.datetime) -> Receipt | None:
    return opinions.received_with(form.sent_with.submission_key, now) if form.sent_with else None


def _limits() -> tuple[floods.Limit, ...]:
    return (
        floods.Limit(settings.OPINIONS_PER_ADDRESS_10_MINUTES, dt.timedelta(minutes=10)),
        floods.Limit(settings.OPINIONS_PER_ADDRESS_DAY, floods.KEPT),
    )


def _receive(
    request: HttpRequest, consultation: PublicConsultation, form: PublicOpinionForm, now: dt.datetime
) -> Receipt | None:
    if message := floods.refusal(request, FORM, _limits()):
        form.add_error(None, message)
        return None
    if opinions.is_flooded(consultation, now):
        form.add_error(None, FLOODED)
        return None
    key = form.sent_with.submission_key if form.sent_with else ""
    try:
        with transaction.atomic():
            receipt = opinions.submit(consultation, form.given, submission_key=key, now=now)
            if not receipt.is_repeat:
                floods.mark(request, FORM)
            return receipt
    except ValidationError as error:
        form.take(error)
        return None


def _receipt_page(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    return render(
        request,
        "website/consultations/receipt.html",
        {
            "receipt": receipt,
            "opinion": receipt.opinion,
            "consultation": receipt.opinion.consultation,
            "closes_text": public.page_of(receipt.opinion.consultation, timezone.now()).closes_text,
            "address": request.build_absolute_uri(reverse("website_own_opinion")),
            "calendar_url": "",
        },
    )


@never_cache
@require_safe
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """A draft exactly as the public would see it, for officers who may see drafts."""
    now = timezone.now()
    shown = public.preview_of(_draft(request, number), now)
    form = PublicOpinionForm(number=number, questions=shown.notice["questions"], now=now)
    context = {
        "shown": shown,
        "form": form,
        "personal": [],
        "kept": None,
        "too_late": "",
        "typed": "",
        "is_preview": True,
        "said": [],
    }
    return render(request, "website/consultations/page.html", context)


def _draft(request: HttpRequest, number: str) -> PublicConsultation:
    """For everybody else a draft does not exist."""
    if not request.user.has_perm("cameras.view_publicconsultation"):
        raise Http404("없는 의견수렴입니다.")
    found = PublicConsultation.objects.filter(number=number).first() if "\x00" not in number else None
    if found is None:
        raise Http404("없는 의견수렴입니다.")
    return found


@require_safe
def consultation_points(request: HttpRequest, number: str, is_preview: bool = False) -> JsonResponse:
    """The planned places of the frozen notice within the map's view."""
    consultation = _draft(request, number) if is_preview else _published(number)
    try:
        box = Box.parse(request.GET.get("bbox", ""))
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse(public.points(notice.of(consultation), box))


@require_safe
def consultation_file(request: HttpRequest, number: str, pk: int, is_preview: bool = False) -> FileResponse:
    """A file of the notice, and only of this notice. Always a download, never shown by the browser."""
    consultation = _draft(request, number) if is_preview else _published(number)
    found = consultation.attachments.filter(pk=pk).first()
    if found is None:
        raise Http404("이 의견수렴에 없는 파일입니다.")
    try:
        content = attachments.content_of(found)
    except attachments.Damaged:
        raise Http404("파일을 내줄 수 없습니다. 담당 부서에 문의하십시오.") from None
    answer = FileResponse(
        io.BytesIO(content),
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@anonymous_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_opinion(request: HttpRequest) -> HttpResponse:
    """The own opinion and what came of it, for whoever has both numbers of the receipt."""
    form = ReceiptForm(request.POST or None)
    opinion = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        opinion = opinions.find(given["receipt_number"], given["secret"])
        if opinion is None:
            floods.note_guess(request, GUESSES)
            form.add_error(
                None, gettext("접수번호와 확인번호가 맞는 의견이 없습니다. 다시 확인하여 주십시오.")
            )
    return render(
        request,
        "website/consultations/own_opinion.html",
        {
            "form": form,
            "opinion": opinion,
            "answers": list(opinion.survey_answers.select_related("question")) if opinion else [],
        },
    )
