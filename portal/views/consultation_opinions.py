"""제출의견: list with group answer, one opinion, hiding, entry of those that came another way, who sent it."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cameras.consultation import answers, moderation, notice, opinions, people, phase, survey
from cameras.consultation.phase import Phase
from cameras.models import Opinion, PublicConsultation
from portal.access import may, officer, requires
from portal.forms.consultations import (
    AnswerForm,
    EntryForm,
    GroupAnswerForm,
    HideForm,
    OpinionFilter,
    PersonForm,
)
from portal.forms.refusals import refuse
from portal.listing import paginate, query_without
from portal.pages import Action, crumb, page
from portal.person_screens import lifting
from portal.row_keys import keys
from portal.screens import button, carry_out
from portal.views.attachments import handed_out
from portal.views.consultations import crumbs, found

SEE = "cameras.view_opinion"
KEEP = "cameras.change_opinion"
READ_PERSON = "cameras.read_opinion_person"
FILE_SALT, FILE_SECONDS = "portal.opinion-file", 10 * 60


def _filtered(consultation: PublicConsultation, form: OpinionFilter) -> "QuerySet[Opinion]":
    rows = consultation.opinions.all()
    state = form.value("state")
    if state == OpinionFilter.HIDDEN:
        rows = rows.filter(is_hidden=True)
    elif state:
        rows = rows.filter(answer__isnull=state == OpinionFilter.WAITING)
    if channel := form.value("channel"):
        rows = rows.filter(channel=channel)
    if words := form.value("q"):
        rows = rows.filter(Q(text__icontains=words) | Q(receipt_number__icontains=words))
    return rows


@requires(SEE, post=KEEP)
def opinion_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The opinions, and one answer for those that are ticked or for all that the filter found."""
    consultation = found(pk)
    filter_form = OpinionFilter(request.GET)
    rows = _filtered(consultation, filter_form)
    ticked = keys(request.POST.getlist("opinion"))
    form = GroupAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = list(rows.values_list("pk", flat=True)) if form.cleaned_data["all_matching"] else ticked
        back = f"{reverse('consultation:opinions', args=[pk])}?{request.GET.urlencode()}"
        if done := _answer(request, consultation, chosen, form, to=back):
            return done
    # Who sent it is not read for a list.
    shown = rows.select_related("answer", "attachment").defer("name", "contact").order_by("received_at", "pk")
    at = phase.phase_of(consultation, timezone.now())
    actions = []
    if at in {Phase.OPEN, Phase.CLOSED} and may(request.user, [KEEP]):
        actions.append(
            Action(
                "우편·전화·방문 의견 등록", reverse("consultation:enter", args=[pk]), "plus", is_primary=True
            )
        )
    return page(
        request,
        "portal/consultations/opinions.html",
        {
            "consultation": consultation,
            "form": filter_form,
            "answer_form": form,
            "links": paginate(request, shown),
            "ticked": ticked,
            "reset_url": reverse("consultation:opinions", args=[pk]),
            "is_filtered": bool(query_without(request.GET, "page")),
            "may_answer": may(request.user, [KEEP]) and at not in {Phase.DRAFT, Phase.RESULT},
            "tallies": survey.tallies(consultation),
        },
        title="제출의견",
        icon="comment",
        crumbs=crumbs(consultation),
        actions=actions,
    )


def _answer(
    request: HttpRequest, consultation: PublicConsultation, chosen: list[int], form: AnswerForm, *, to: str
) -> HttpResponse | None:
    def answer(form: AnswerForm) -> str:
        made = answers.answer(consultation, chosen, **form.answer, by=officer(request))
        done = made.opinions.count()
        left = len(set(chosen)) - done
        kept = f" 이미 처리한 {left}건은 그대로 두었습니다." if left else ""
        return f"의견 {done}건을 처리했습니다.{kept}"

    return carry_out(request, form, answer, done=str, to=to)


def _opinion(pk: int) -> Opinion:
    """Without who sent it; whether somebody is named is known from the length of what is stored."""
    rows = Opinion.objects.select_related(
        "consultation__project", "answer__answered_by", "attachment", "hidden_by", "entered_by"
    )
    return get_object_or_404(
        rows.annotate(name_length=Length("name"), contact_length=Length("contact")).defer("name", "contact"),
        pk=pk,
    )


@never_cache
@requires(SEE)
def opinion_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _opinion(pk))


def _show(request: HttpRequest, opinion: Opinion, **forms: Any) -> HttpResponse:
    consultation = opinion.consultation
    is_settled = consultation.result_published_at is not None
    return page(
        request,
        "portal/consultations/opinion.html",
        {
            "opinion": opinion,
            "answers": list(opinion.survey_answers.select_related("question")),
            "readings": list(opinion.person_readings.select_related("read_by")),
            "has_person": bool(opinion.name_length or opinion.contact_length or opinion.attachment_id),  # type: ignore[attr-defined]
            "erased_on": people.erase_at(consultation),
            "person": None,
            "receipt_secret": "",
            "answer_form": AnswerForm(
                initial={"decision": opinion.answer.decision, "text": opinion.answer.text}
                if opinion.answer
                else None
            ),
            "hide_form": HideForm(),
            "person_form": PersonForm(),
            "may_keep": may(request.user, [KEEP]),
            "may_answer": may(request.user, [KEEP]) and not is_settled,
            "may_read": may(request.user, [READ_PERSON]),
            **forms,
        },
        title=f"의견 {opinion.receipt_number}",
        icon="comment",
        crumbs=[*crumbs(consultation), crumb("제출의견", "consultation:opinions", consultation.pk)],
        actions=lifting(request, people.CODE, opinion.pk),
    )


@require_POST
@requires(KEEP)
def answer_one(request: HttpRequest, pk: int) -> HttpResponse:
    opinion = _opinion(pk)
    form = AnswerForm(request.POST)
    if form.is_valid() and (
        done := _answer(request, opinion.consultation, [opinion.pk], form, to=_page_of(opinion))
    ):
        return done
    return _show(request, opinion, answer_form=form)


def _page_of(opinion: Opinion) -> str:
    return reverse("consultation:opinion", args=[opinion.pk])


@require_POST
@requires(KEEP)
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    opinion = _opinion(pk)
    form = HideForm(request.POST)
    if form.is_valid() and (
        answer := carry_out(
            request,
            form,
            lambda form: moderation.hide(opinion, **form.cleaned_data, by=officer(request)),
            done="비공개 처리했습니다. 글은 그대로 보관하며, 제출자는 사유와 안내를 볼 수 있습니다.",
            to=_page_of(opinion),
        )
    ):
        return answer
    return _show(request, opinion, hide_form=form)


@require_POST
@requires(KEEP)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    opinion = _opinion(pk)
    return button(
        request,
        lambda: moderation.show(opinion, by=officer(request)),
        done="비공개 처리를 풀었습니다.",
        to=_page_of(opinion),
    )


@never_cache
@require_POST
@requires(READ_PERSON)
def read_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Name and contact in the answer to this request only; who asked and why is on record first."""
    opinion = _opinion(pk)
    form = PersonForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            person = people.read(
                opinion, purpose=given["purpose"], detail=given["detail"], by=officer(request)
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            return _show(request, opinion, person=person, file_pass=_file_pass(request, opinion))
    return _show(request, opinion, person_form=form)


@requires(READ_PERSON)
def opinion_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A sender's file may tell as much as a name: for who has just said what for, and on record each time."""
    opinion = _opinion(pk)
    if opinion.attachment is None:
        raise Http404("첨부 파일이 없습니다.")
    if not _has_said_why(request, opinion):
        messages.info(request, "첨부 파일은 사유를 남기고 봅니다.")
        return redirect("consultation:opinion", pk)
    answer = handed_out(opinion.attachment)
    people.note_file_read(opinion, by=officer(request))
    return answer


def _file_pass(request: HttpRequest, opinion: Opinion) -> str:
    return signing.dumps([opinion.pk, officer(request).pk], salt=FILE_SALT)


def _has_said_why(request: HttpRequest, opinion: Opinion) -> bool:
    try:
        given = signing.loads(request.GET.get("pass", ""), salt=FILE_SALT, max_age=FILE_SECONDS)
    except signing.BadSignature:
        return False
    return bool(given == [opinion.pk, officer(request).pk])


@never_cache
@requires(KEEP)
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """An opinion that came by post, telephone, visit or at a meeting. Its receipt is shown once, to be passed on."""
    consultation = found(pk)
    form = EntryForm(
        request.POST or None, request.FILES or None, questions=notice.of(consultation)["questions"]
    )
    if request.method == "POST" and form.is_valid():
        try:
            entered = opinions.enter(
                consultation,
                form.given,
                channel=form.cleaned_data["channel"],
                received_at=form.cleaned_data["received_at"],
                by=officer(request),
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "의견을 등록했습니다.")
            return _show(request, _opinion(entered.pk), receipt_secret=entered.receipt_secret)
    return page(
        request,
        "portal/registers/form.html",
        {
            "form": form,
            "submit_label": "의견 등록",
            "back_url": reverse("consultation:opinions", args=[pk]),
            "notes": [
                "성명과 연락처는 제출자가 적은 경우에만 옮깁니다. 암호화하여 보관하고 보유기간이 지나면 파기합니다.",
                "등록하면 접수번호와 확인번호가 한 번 나옵니다. 제출자에게 알려 주면 누리집에서 처리 결과를 볼 수 있습니다.",
            ],
        },
        title="우편·전화·방문 의견 등록",
        crumbs=crumbs(consultation),
    )
