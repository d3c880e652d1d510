"""의견 보내기 (ordinance art. 8): one matter a page, the answers to check, and the receipt."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cameras.consultation import notice, opinions, phase, public
from cameras.consultation.phase import Phase
from cameras.models import PublicConsultation
from website import drafts, floods
from website.drafts import Answers
from website.forms.opinion import PublicOpinionForm, ReceiptForm, steps_for
from website.forms.steps import Step
from website.models import FormDraft
from website.views import steps
from website.views.anonymous import anonymous_form
from website.views.steps import KEPT, Course, Refused

FORM = "opinion"
# Wrong guesses at somebody's receipt.
GUESSES = "opinion_receipt"
FLOODED = _(
    "지금 의견이 한꺼번에 몰려 잠시 접수하지 못합니다. 적은 내용은 그대로 있으니 10분 뒤에 다시 보내 주십시오."
)


def _published(number: str) -> PublicConsultation:
    return phase.published(timezone.now()).get(number=number)


def _questions(number: str) -> list[dict[str, Any]]:
    questions: list[dict[str, Any]] = notice.of(_published(number))["questions"]
    return questions


def _steps(number: str, answers: Answers) -> tuple[Step, ...]:
    return steps_for(_questions(number))


def _arguments(number: str, answers: Answers) -> Mapping[str, Any]:
    return {"questions": _questions(number), "kept": "".join(answers.get(KEPT, []))}


def _about(number: str) -> Mapping[str, Any] | None:
    now = timezone.now()
    consultation = phase.published(now).filter(number=number).first()
    if consultation is None:
        return None
    shown = public.page_of(consultation, now)
    too_late = "" if shown.phase == Phase.OPEN else opinions.why_not_open(consultation, now)
    return {"matter": shown.notice["title"], "person_days": shown.notice["person_days"], "too_late": too_late}


def _spoken(draft: FormDraft, form: Any) -> dict[str, Any]:
    return {"upload": (form.fields["upload"].label, form.kept)}


def _limits() -> tuple[floods.Limit, ...]:
    return (
        floods.Limit(settings.OPINIONS_PER_ADDRESS_10_MINUTES, dt.timedelta(minutes=10)),
        floods.Limit(settings.OPINIONS_PER_ADDRESS_DAY, floods.KEPT),
    )


def _receive(request: HttpRequest, draft: FormDraft, form: PublicOpinionForm) -> str:
    now = timezone.now()
    if opinions.received_with(draft.submission.hex, now):
        return steps.SENT
    consultation = _published(draft.about)
    if message := floods.refusal(request, FORM, _limits()):
        raise Refused(message)
    if opinions.is_flooded(consultation, now):
        raise Refused(str(FLOODED))
    if form.kept and (content := drafts.file_of(draft)):
        form.cleaned_data["upload"] = SimpleUploadedFile(form.kept, content)
    try:
        with transaction.atomic():
            receipt = opinions.submit(consultation, form.given, submission_key=draft.submission.hex, now=now)
            if not receipt.is_repeat:
                floods.mark(request, FORM)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    return steps.SENT


def _receipt(request: HttpRequest, draft: FormDraft) -> HttpResponse:
    now = timezone.now()
    receipt = opinions.received_with(draft.submission.hex, now)
    if receipt is None:
        return render(request, "website/form_gone.html", status=404)
    return render(
        request,
        "website/consultations/receipt.html",
        {
            "receipt": receipt,
            "opinion": receipt.opinion,
            "consultation": receipt.opinion.consultation,
            "closes_text": public.page_of(receipt.opinion.consultation, now).closes_text,
            "address": request.build_absolute_uri(reverse("website_own_opinion")),
            "calendar_url": "",
        },
    )


OPINION = Course(
    FORM,
    _("의견 보내기"),
    PublicOpinionForm,
    _steps,
    _receive,
    _about,
    _spoken,
    arguments=_arguments,
    receipt=_receipt,
    personal=PublicOpinionForm.personal,
    cover=PublicOpinionForm.cover,
)
steps.register(OPINION)


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
