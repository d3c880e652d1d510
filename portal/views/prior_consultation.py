"""사전협의 (art. 7): the requests, one request with its reply and conditions, and the letter."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.korean import josa
from cameras import prior_consultation
from cameras.enums import ConsultationReply, PriorConsultationState
from cameras.models import Camera, ConsultationCondition, InstallationProject, PriorConsultation
from cameras.prior_consultation import REPLY, SUBJECT
from casework.refusals import refuse_if
from ordinance import parameters
from ordinance.models import DueDate, Mark
from ordinance.parameters import ParameterValue
from portal import downloads, matter_letters
from portal.access import may, officer, requires
from portal.forms.life import AskForm, ConsultationFilter, FulfilForm, LongReasonForm, ReplyForm
from portal.pages import Action, crumb, page
from portal.screens import checked_screen, confirm_screen, filled_in, form_screen, list_screen
from reports.letters.consultation import CODE as LETTER

HOME = ("사전협의", "prior_consultation:list")


@requires("cameras.view_priorconsultation")
def consultation_list(request: HttpRequest) -> HttpResponse:
    form = ConsultationFilter(request.GET)
    return list_screen(
        request,
        "portal/life/consultations.html",
        _filtered(form),
        title="사전협의",
        intro="전담부서가 아닌 부서가 카메라를 설치하려면 먼저 전담부서의 장과 협의합니다(조례 제7조). 요청은 설치 사업의 화면에서 합니다.",
        icon="comment",
        form=form,
        responsible=prior_consultation.responsible_department(),
    )


def _filtered(form: ConsultationFilter) -> QuerySet[PriorConsultation]:
    given = form.cleaned_data if form.is_valid() else {}
    due = DueDate.objects.filter(subject_kind=SUBJECT, purpose=REPLY, subject_number=OuterRef("number"))
    found = PriorConsultation.objects.select_related("project", "requesting_department").annotate(
        due_on=Subquery(due.values("due_on")[:1]),
        open_conditions=Count("conditions", filter=Q(conditions__fulfilled_on__isnull=True)),
    )
    found = found.order_by("-asked_on", "-pk")
    state = given.get("state")
    if state == "withdrawn":
        found = found.filter(state=PriorConsultationState.WITHDRAWN)
    elif state == "waiting":
        found = found.filter(state=PriorConsultationState.ASKED)
    elif state:
        found = found.filter(state=PriorConsultationState.REPLIED, reply=state)
    if words := given.get("q"):
        found = found.filter(Q(number__icontains=words) | Q(project__title__icontains=words))
    return found


@requires("cameras.view_priorconsultation")
def consultation_page(request: HttpRequest, pk: int) -> HttpResponse:
    consultation = get_object_or_404(
        PriorConsultation.objects.select_related(
            "project", "requesting_department", "asked_by", "replied_by", "replying_department"
        ),
        pk=pk,
    )
    conditions = list(
        consultation.conditions.select_related("fulfilled_by")
        .prefetch_related("attachments")
        .order_by("position")
    )
    may_keep = may(request.user, ["cameras.change_priorconsultation"]) and not consultation.is_withdrawn
    return page(
        request,
        "portal/life/consultation.html",
        {
            **_asked(consultation),
            "conditions": conditions,
            "is_waiting": consultation.is_waiting,
            "may_keep": may_keep,
            "responsible": prior_consultation.responsible_department(),
        },
        title=f"{consultation.number} {consultation.project.title}",
        icon="comment",
        crumbs=[crumb(*HOME)],
        actions=_actions(request, consultation, may_keep),
    )


def _asked(consultation: PriorConsultation) -> dict[str, Any]:
    """What is asked, for the page and for whoever replies."""
    cameras = Camera.objects.filter(project=consultation.project_id).select_related("site").in_order()
    return {
        "consultation": consultation,
        "files": list(consultation.attachments.all()),
        "due": prior_consultation.due_date(consultation),
        "days": parameters.value(prior_consultation.DAYS, consultation.asked_on),
        "cameras": list(cameras[:100]),
        "total": cameras.count(),
    }


def _actions(request: HttpRequest, consultation: PriorConsultation, may_keep: bool) -> list[Action]:
    actions = []
    if consultation.state == PriorConsultationState.REPLIED:
        url = reverse("prior_consultation:letter", args=[consultation.pk])
        actions.append(Action("회신 공문 PDF", url, "download", is_primary=True))
        url = reverse("prior_consultation:letter_hwpx", args=[consultation.pk])
        actions.append(Action("회신 공문 HWPX", url, "download"))
    if may_keep:
        url = reverse("prior_consultation:withdraw", args=[consultation.pk])
        actions.append(Action("요청 철회…", url, "rotate"))
    if consultation.is_waiting and prior_consultation.may_reply(officer(request)):
        url = reverse("prior_consultation:reply", args=[consultation.pk])
        actions.append(Action("회신하기", url, "edit", is_primary=True))
    return actions


def _reply_term(days: ParameterValue) -> str:
    """The days, and what they rest on: an article that sets none is not cited as if it did."""
    provision, _, aside = days.citation.partition("(")
    if days.mark == Mark.SETTING and aside:
        return f"회신 기한은 {days.value}일입니다. {provision}{josa(provision, '은/는')} 기한을 정하지 않아 기준값에 정해 두었습니다."
    return f"회신 기한은 {days.value}일입니다({days.citation})."


@requires("cameras.add_priorconsultation")
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(InstallationProject.objects.select_related("installing_department"), pk=pk)
    days = parameters.value(prior_consultation.DAYS)
    total = Camera.objects.not_removed().filter(project=project).count()
    return form_screen(
        request,
        filled_in(request, AskForm, initial={"plan": project.summary}),
        lambda form: prior_consultation.ask(
            project,
            plan=form.cleaned_data["plan"],
            request_document=form.cleaned_data["request_document"],
            on=form.cleaned_data["asked_on"],
            by=officer(request),
            files=form.cleaned_data["files"],
        ),
        title=f"사전협의 요청: {project}",
        back=reverse("projects:page", args=[pk]),
        done=lambda asked: f"사전협의 {asked.number}{josa(asked.number, '을/를')} 요청했습니다.",
        to=lambda asked: reverse("prior_consultation:page", args=[asked.pk]),
        submit="요청",
        notes=[
            f"{project.installing_department.name}{josa(project.installing_department.name, '이/가')} 설치하려는 카메라 {total:,}대에 대한 협의입니다. 요청한 뒤에는 이 사업에 카메라를 넣거나 뺄 수 없습니다.",
            f"전담부서: {prior_consultation.responsible_department() or '지정되지 않음'}. {_reply_term(days)}",
        ],
        crumbs=[crumb(*HOME)],
        icon="comment",
    )


@requires("cameras.reply_consultation")
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    consultation, by = (
        get_object_or_404(
            PriorConsultation.objects.select_related("project", "requesting_department", "asked_by"), pk=pk
        ),
        officer(request),
    )

    def replied(form: ReplyForm) -> PriorConsultation:
        return prior_consultation.reply(
            consultation,
            form.cleaned_data["reply"],
            text=form.cleaned_data["reply_text"],
            document_number=form.cleaned_data["reply_document"],
            on=form.cleaned_data["replied_on"],
            by=by,
            conditions=form.cleaned_data["conditions"],
        )

    return checked_screen(
        request,
        filled_in(request, ReplyForm),
        lambda form: matter_letters.under_next_number(
            form,
            replied,
            lambda made: (LETTER, consultation),
            by=by,
            department=by.department,
            fields=("reply_document", "replied_on"),
        ),
        consequences=lambda form: _what_follows(consultation, form),
        template="portal/life/reply.html",
        title=f"사전협의 회신: {consultation.number}",
        back=reverse("prior_consultation:page", args=[pk]),
        done="회신했습니다. 공문 PDF를 내려받을 수 있습니다.",
        confirm_label="회신",
        crumbs=[crumb(*HOME)],
        icon="comment",
        **_asked(consultation),
    )


def _what_follows(consultation: PriorConsultation, form: ReplyForm) -> list[str]:
    """Raises `Refused` for what the act would refuse of days and conditions."""
    answer, conditions = form.cleaned_data["reply"], form.cleaned_data["conditions"]
    refuse_if(
        prior_consultation.against_reply(consultation, answer, form.cleaned_data["replied_on"], conditions)
    )
    follows = {
        ConsultationReply.AGREE: "이 사업의 카메라는 사전협의를 갖춘 것이 됩니다.",
        ConsultationReply.CONDITIONS: f"이 사업의 카메라는 사전협의를 갖춘 것이 됩니다. 조건 {len(conditions)}개의 이행을 하나씩 확인합니다.",
        ConsultationReply.DECLINE: "이 사업은 다음 단계로 가지 못합니다. 설치부서는 새로 협의를 요청해야 합니다.",
    }
    letter = (
        [] if form.cleaned_data["reply_document"] else ["공문의 다음 번호가 붙고 회신 공문이 만들어집니다."]
    )
    return [
        follows[ConsultationReply(answer)],
        *letter,
        "회신은 한 번만 하며 고칠 수 없습니다. 원장에 기록됩니다.",
    ]


@requires("cameras.change_priorconsultation")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    consultation = get_object_or_404(PriorConsultation.objects.select_related("project"), pk=pk)
    return confirm_screen(
        request,
        lambda form: prior_consultation.withdraw(consultation, **form.cleaned_data, by=officer(request)),
        question=f"사전협의 {consultation.number}의 요청을 철회할까요?",
        consequences=[
            "이 협의는 회신을 받았더라도 더 이상 인정되지 않습니다.",
            "다시 설치하려면 새로 요청해야 합니다. 기록은 사유와 함께 남습니다.",
        ],
        confirm="요청 철회",
        title="사전협의 요청 철회",
        back=reverse("prior_consultation:page", args=[pk]),
        done="사전협의 요청을 철회했습니다.",
        form=filled_in(request, LongReasonForm),
        is_dangerous=True,
        crumbs=[crumb(*HOME)],
        icon="rotate",
    )


@requires("cameras.change_priorconsultation")
def fulfil(request: HttpRequest, pk: int) -> HttpResponse:
    condition = get_object_or_404(ConsultationCondition.objects.select_related("consultation"), pk=pk)
    return form_screen(
        request,
        filled_in(request, FulfilForm),
        lambda form: prior_consultation.fulfil(condition, **form.cleaned_data, by=officer(request)),
        title=f"조건 이행: {condition.consultation.number} 조건 {condition.position}",
        back=reverse("prior_consultation:page", args=[condition.consultation_id]),
        done="조건의 이행을 기록했습니다.",
        submit="이행 기록",
        notes=[condition.text],
        crumbs=[crumb(*HOME)],
        icon="comment",
    )


@requires("cameras.view_priorconsultation")
def letter(request: HttpRequest, pk: int, ending: str = "pdf") -> HttpResponse:
    """회신 공문 as PDF or HWPX."""
    from reports.documents import prior_consultation_reply  # loads the PDF library

    consultation = get_object_or_404(
        PriorConsultation.objects.select_related(
            "project", "requesting_department", "replying_department__institution", "replied_by"
        ),
        pk=pk,
    )
    make = prior_consultation_reply.render_hwpx if ending == "hwpx" else prior_consultation_reply.render
    try:
        content = make(consultation)
    except prior_consultation_reply.NotReplied as problem:
        raise Http404(str(problem)) from problem
    return downloads.document(content, f"사전협의회신_{consultation.number}.{ending}")
