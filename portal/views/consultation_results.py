"""결과 공고: wording, publication, and the documents for the committee."""

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from cameras.consultation import phase, result
from cameras.consultation.phase import Phase
from cameras.models import PublicConsultation
from portal import downloads, exports
from portal.access import may, officer, requires
from portal.forms.consultations import CorrectionForm, ResultForm
from portal.pages import Action, page
from portal.reauthentication import asks_again
from portal.screens import carry_out, filled_in
from portal.views.consultations import PUBLISH, asked, crumbs, found, page_of
from reports.handed_out import Paper

SEE = "cameras.view_opinion"
KEEP = "cameras.change_opinion"
KINDS = ("pdf", "xlsx")


@requires(SEE, post=KEEP)
def result_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Counts, wording, and what still keeps it from being published."""
    now = timezone.now()
    consultation = found(pk)
    at = phase.phase_of(consultation, now)
    is_published = at == Phase.RESULT
    text = consultation.result_text or (result.suggested_text(consultation) if consultation.notice else "")
    form = filled_in(request, ResultForm, initial={"text": text})
    if (
        request.method == "POST"
        and form.is_valid()
        and (
            answer := carry_out(
                request,
                form,
                lambda form: result.save_text(consultation, form.cleaned_data["text"]),
                done="결과 글을 저장했습니다. 공고하기 전에는 누리집에 나오지 않습니다.",
                to=reverse("consultation:result", args=[pk]),
            )
        )
    ):
        return answer
    problems = [] if is_published else result.problems(consultation, now)
    actions = []
    if at in {Phase.CLOSED, Phase.RESULT}:
        actions += [
            Action("위원회 자료 (PDF)", reverse("consultation:document", args=[pk, "pdf"]), "download"),
            Action("위원회 자료 (엑셀)", reverse("consultation:document", args=[pk, "xlsx"]), "download"),
        ]
    if is_published and may(request.user, [PUBLISH]):
        actions.append(Action("결과 정정하기…", reverse("consultation:result_correct", args=[pk]), "edit"))
    if not is_published and not problems and may(request.user, [PUBLISH]):
        publish_url = reverse("consultation:result_publish", args=[pk])
        actions.append(Action("결과 공고하기…", publish_url, "check", is_primary=True))
    return page(
        request,
        "portal/consultations/result.html",
        {
            "consultation": consultation,
            "form": form,
            "figures": consultation.result if is_published else result.figures(consultation),
            "is_published": is_published,
            "problems": problems,
            "corrections": list(consultation.corrections.select_related("corrected_by")),
            "may_keep": may(request.user, [KEEP]),
        },
        title="의견수렴 결과",
        icon="doc-full",
        crumbs=crumbs(consultation),
        actions=actions,
    )


@requires(PUBLISH)
@asks_again
def result_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more: a published result cannot be changed or taken back."""
    consultation = found(pk)
    text = consultation.result_text or (result.suggested_text(consultation) if consultation.notice else "")
    form = Form(request.POST)
    if request.method == "POST" and (
        answer := carry_out(
            request,
            form,
            lambda form: result.publish(consultation, text, by=officer(request)),
            done="결과를 공고했습니다. 누리집에 나옵니다.",
            to=page_of,
        )
    ):
        return answer
    return page(
        request,
        "portal/consultations/result_publish.html",
        {
            "consultation": consultation,
            "text": text,
            "opinions": result.opinions_with_answers(consultation),
            "problems": form.non_field_errors() or result.problems(consultation, timezone.now()),
            "back_url": reverse("consultation:result", args=[pk]),
        },
        title="결과 공고",
        crumbs=crumbs(consultation),
    )


@requires(PUBLISH)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """정정 of a published result."""
    consultation = found(pk)
    return asked(
        request,
        consultation,
        lambda form: result.correct(consultation, **form.cleaned_data, by=officer(request)),
        form=filled_in(request, CorrectionForm),
        title="결과 정정",
        question="공고한 결과를 정정할까요?",
        consequences=[
            f"정정 {consultation.corrections.count() + 1}호로 누리집과 위원회 자료에 바로 나옵니다.",
            "처음 공고한 결과는 그대로 남아 정정과 나란히 나옵니다. 정정은 고치거나 거둘 수 없습니다.",
        ],
        confirm="정정 공고하기",
        done=lambda made: f"{made}를 공고했습니다. 누리집에 나옵니다.",
        to=reverse("consultation:result", args=[pk]),
    )


@requires(SEE)
def document(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The result for the committee, once the consultation is over: without any name or contact.

    The workbook leaves like every spreadsheet: for a stated purpose, on record.
    """
    from reports.documents import consultation_result  # loads the PDF library

    consultation = found(pk)
    if kind not in KINDS or phase.phase_of(consultation, timezone.now()) not in {Phase.CLOSED, Phase.RESULT}:
        raise Http404("끝난 의견수렴의 자료만 있습니다.")
    name = f"의견수렴결과_{consultation.number}.{kind}"
    if kind == "xlsx":
        return _workbook(request, consultation, name)
    content = consultation_result.pdf_of(consultation)
    if phase.phase_of(consultation, timezone.now()) != Phase.RESULT:
        return downloads.pdf(content, name)
    return downloads.finished(
        request,
        content,
        name,
        Paper.CONSULTATION_RESULT,
        number=consultation.number,
        about=consultation.ledger_subject,
    )


def _workbook(request: HttpRequest, consultation: PublicConsultation, file_name: str) -> HttpResponse:
    from reports.documents import consultation_result

    form = exports.WorkbookForm(request.POST or None, rows=consultation.opinions.count())
    if request.method == "POST" and form.is_valid():
        return exports.hand_out_workbook(
            request,
            consultation_result.xlsx_of(consultation),
            name="의견수렴결과",
            file_name=file_name,
            form=form,
        )
    return page(
        request,
        "portal/registers/form.html",
        {
            "form": form,
            "notes": [f"의견 {form.rows:,}건과 설문의 결과입니다.", "내려받은 사실은 원장에 남습니다."],
            "submit_label": "내려받기",
            "back_url": reverse("consultation:result", args=[consultation.pk]),
        },
        title="의견수렴 결과 내려받기",
        icon="download",
        crumbs=crumbs(consultation),
    )
