"""의견수렴: list, draft, notice, period. Opinions and result have their own modules."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.korean import josa
from cameras.consultation import drafting, exemption, notice, phase, public, publishing
from cameras.consultation.period import end_of, end_text, last_day, minimum
from cameras.consultation.phase import Phase
from cameras.consultation.publishing import problems
from cameras.enums import ConsultationMethod
from cameras.models import InstallationProject, PublicConsultation
from portal import workplace
from portal.access import may, may_open, officer, requires
from portal.forms.consultations import (
    CloseForm,
    ConsultationFilter,
    DraftForm,
    ExtendForm,
    FilesForm,
    NewDraftForm,
    QuestionForm,
)
from portal.pages import Action, Crumb, crumb, page
from portal.reauthentication import asks_again
from portal.row_keys import key
from portal.screens import Act, button, carry_out, confirm_screen, filled_in, form_screen, list_screen

HOME = ("의견수렴", "consultation:list")
SEE = "cameras.view_publicconsultation"
KEEP = "cameras.change_publicconsultation"
PUBLISH = "cameras.publish_consultation"
LONGEST_NAME = 190


def crumbs(consultation: PublicConsultation) -> list[Crumb]:
    """The way to a screen below a consultation."""
    return [crumb(*HOME), crumb(f"의견수렴 {consultation.number}", "consultation:page", consultation.pk)]


def found(pk: int) -> PublicConsultation:
    wanted = PublicConsultation.objects.select_related("project__installing_department")
    return get_object_or_404(wanted, pk=pk)


@requires(SEE)
def consultation_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = ConsultationFilter(request.GET)
    wanted = form.value("phase")
    rows = phase.in_phase(wanted, now) if wanted else PublicConsultation.objects.all()
    if words := form.value("q"):
        rows = rows.filter(
            Q(number__icontains=words)
            | Q(title__icontains=words)
            | Q(project__title__icontains=words)
            | Q(project__number__icontains=words)
        )
    rows = (
        rows.select_related("project")
        .annotate(
            received=Count("opinions", distinct=True),
            waiting=Count("opinions", filter=Q(opinions__answer=None), distinct=True),
        )
        .order_by("-opens_at", "-pk")
    )
    may_keep = may(request.user, [KEEP])
    write = Action("의견수렴 작성", reverse("consultation:add"), "plus", is_primary=True)
    return list_screen(
        request,
        "portal/consultations/list.html",
        rows,
        title="의견수렴",
        intro="카메라를 설치하기 전에 주민과 전문가의 의견을 듣습니다 (조례 제8조, 법 제25조제3항, 시행령 제23조).",
        icon="group",
        form=form,
        actions=[write if may_keep else None],
        each=lambda row: (
            row,
            phase.phase_of(row, now),
            phase.days_left(row, now),
            end_text(phase.ended_at(row)),
        ),
        exempted=list(exemption.exempted_projects()[: exemption.SHOWN]),
        exemption_warning=exemption.warning(),
    )


@requires(KEEP)
def add(request: HttpRequest) -> HttpResponse:
    return _draft_form(
        request,
        filled_in(request, NewDraftForm, initial=_known(key(request.GET.get("project")))),
        lambda form: drafting.open_draft(
            form.cleaned_data["project"], by=officer(request), **form.fields_of_draft
        ),
        title="의견수렴 작성",
        back=reverse("consultation:list"),
        done=lambda made: _kept(made, f"의견수렴 {made.number}의 초안을 저장했습니다."),
        to=page_of,
        crumbs=[crumb(*HOME)],
    )


@requires(KEEP)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    consultation = found(pk)
    return _draft_form(
        request,
        DraftForm.of(consultation, request.POST or None),
        lambda form: drafting.change(consultation, **form.fields_of_draft),
        title="초안 고치기",
        back=page_of(consultation),
        done=lambda kept: _kept(kept, "초안을 저장했습니다."),
        lacking=problems(consultation, timezone.now()),
        crumbs=crumbs(consultation),
    )


def _kept(consultation: PublicConsultation, words: str) -> str:
    """A draft may lack what a notice needs; who keeps it is told so at once."""
    if lacking := problems(consultation, timezone.now()):
        return f"{words} 아직 공고할 수 없습니다. {' '.join(lacking)}"
    return f"{words} 공고하기 전에는 누리집에 나오지 않습니다."


def page_of(consultation: PublicConsultation) -> str:
    return reverse("consultation:page", args=[consultation.pk])


def _known(project: int | None) -> dict[str, Any]:
    """What a new draft need not be asked for: its project's name, and the first last day that the law allows now."""
    of = (
        InstallationProject.objects.filter(pk=project, closed_on=None).first()
        if project is not None
        else None
    )
    shortest = minimum(ConsultationMethod.ADMINISTRATIVE_NOTICE, timezone.now())
    return {
        **({"project": of.pk, "title": f"{of.title[:LONGEST_NAME]} 의견수렴"} if of is not None else {}),
        **({"last_on": shortest.last_on} if shortest is not None else {}),
    }


def _draft_form(
    request: HttpRequest, form: DraftForm, act: Act, lacking: Sequence[str] = (), **words: Any
) -> HttpResponse:
    lines = [_minimum_line(label, method) for method, label in form.fields["method"].choices]  # type: ignore[attr-defined]
    notes = (
        *(f"공고하려면 고칠 것: {each}" for each in lacking),
        *_why_again(key(request.GET.get("project"))),
        "지금 시작하면 최소 기간은 이렇습니다.",
        *lines,
        exemption.warning(),
    )
    return form_screen(
        request, form, act, submit="초안 저장", notes=[line for line in notes if line], **words
    )


def _why_again(project: int | None) -> list[str]:
    """Where one was published already and does not count: the rule of art. 8 asks for another, and says why."""
    earlier = PublicConsultation.objects.filter(project=project, closed_early_at__lt=F("shortest_until"))
    return [
        f"의견수렴 {each.number}{josa(each.number, '은/는')} 최소 기간({end_text(each.shortest_until)}까지)보다 일찍 "
        f"{end_text(each.closed_early_at)}에 끝내어, 결과를 공고해도 의견수렴을 한 것으로 인정되지 않습니다(조례 제8조). 최소 기간을 지켜 다시 합니다."
        for each in (earlier.order_by("pk") if project is not None else ())
        if each.shortest_until is not None and each.closed_early_at is not None
    ]


def _minimum_line(label: str, method: str) -> str:
    shortest = minimum(method, timezone.now())
    if shortest is None:
        return f"{label}: 법령에 정한 최소 기간이 없습니다."
    return f"{label}: {shortest.days}일, 마감일 {shortest.last_on:%Y-%m-%d} 이후 ({shortest.citation})"


@requires(SEE)
def consultation_page(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    consultation = found(pk)
    at = phase.phase_of(consultation, now)
    is_draft = at == Phase.DRAFT
    counts = consultation.opinions.aggregate(
        received=Count("pk"),
        waiting=Count("pk", filter=Q(answer=None)),
        hidden=Count("pk", filter=Q(is_hidden=True)),
    )
    return page(
        request,
        "portal/consultations/page.html",
        {
            "consultation": consultation,
            "phase": at,
            "is_draft": is_draft,
            "days_left": phase.days_left(consultation, now),
            "closes_text": end_text(phase.ended_at(consultation)),
            "notice": notice.of(consultation),
            "shortest": publishing.minimum(consultation, now),
            "problems": publishing.problems(consultation, now) if is_draft else [],
            "warnings": publishing.warnings(consultation) if is_draft else [],
            "mend_view_url": _mend_view(request, consultation) if is_draft else "",
            "experts": list(consultation.experts.all()),
            "may_hear": may(request.user, [KEEP]) and at != Phase.RESULT,
            "moves": consultation.moves.select_related("by"),
            "extensions": public.page_of(consultation, now).extensions,
            "counts": counts,
            "questions": list(consultation.questions.all()),
            "files": list(consultation.attachments.all()),
            "may_keep": may(request.user, [KEEP]),
            "may_see_opinions": may(request.user, ["cameras.view_opinion"]),
        },
        title=f"의견수렴 {consultation.number}",
        icon="group",
        crumbs=[crumb(*HOME)],
        actions=_actions(request, consultation, at),
    )


def _actions(request: HttpRequest, consultation: PublicConsultation, at: Phase) -> list[Action]:
    def url(name: str) -> str:
        return reverse(f"consultation:{name}", args=[consultation.pk])

    actions = []
    if at == Phase.DRAFT:
        preview = reverse("website_consultation_preview", args=[consultation.number])
        actions.append(Action("시민에게 보일 모습", preview, "view"))
        if may(request.user, [KEEP]):
            actions.append(Action("고치기", url("edit"), "edit"))
            actions.append(Action("초안 버리기…", url("discard"), "bin"))
        if may(request.user, [PUBLISH]):
            actions.append(Action("공고하기…", url("publish"), "check", is_primary=True))
        return actions
    actions.append(
        Action("누리집에서 보기", reverse("website_consultation", args=[consultation.number]), "globe")
    )
    if may(request.user, ["cameras.view_opinion"]):
        actions.append(Action("의견 보기", url("opinions"), "comment", is_primary=at != Phase.RESULT))
        actions.append(Action("결과", url("result"), "doc-full"))
    if at in phase.RUNNING and may(request.user, [PUBLISH]):
        actions.append(Action("연장…", url("extend"), "date"))
        actions.append(Action("조기 종료…", url("close"), "lock"))
    return actions


@requires(KEEP)
def files(request: HttpRequest, pk: int) -> HttpResponse:
    consultation = found(pk)
    return form_screen(
        request,
        filled_in(request, FilesForm),
        lambda form: drafting.attach(consultation, [form.cleaned_data["upload"]], by=officer(request)),
        title="파일 첨부",
        back=page_of(consultation),
        done="첨부했습니다.",
        submit="첨부",
        crumbs=crumbs(consultation),
    )


@requires(KEEP)
def question_add(request: HttpRequest, pk: int) -> HttpResponse:
    consultation = found(pk)
    return form_screen(
        request,
        filled_in(request, QuestionForm),
        lambda form: drafting.add_question(
            consultation,
            form.cleaned_data["text"],
            choices=form.cleaned_data["choices"].splitlines(),
            is_multiple=form.cleaned_data["is_multiple"],
            is_required=form.cleaned_data["is_required"],
        ),
        title="설문 문항 더하기",
        back=page_of(consultation),
        done="문항을 더했습니다.",
        submit="문항 더하기",
        crumbs=crumbs(consultation),
    )


@require_POST
@requires(KEEP)
def part_remove(request: HttpRequest, pk: int, part: str, number: int) -> HttpResponse:
    """Take a file or a question out of a draft."""
    consultation = found(pk)
    remove = drafting.detach if part == "file" else drafting.remove_question
    return button(request, lambda: remove(consultation, number), done="뺐습니다.", to=page_of(consultation))


@requires(PUBLISH)
@asks_again
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more: a notice cannot be changed or taken back."""
    now = timezone.now()
    consultation = found(pk)
    if consultation.published_at is not None:
        messages.info(request, "이미 공고한 의견수렴입니다.")
        return redirect("consultation:page", pk)
    form = Form(request.POST)
    if request.method == "POST" and (
        answer := carry_out(
            request,
            form,
            lambda form: publishing.publish(consultation, by=officer(request)),
            done="공고했습니다. 누리집에 나옵니다.",
            to=page_of,
        )
    ):
        return answer
    told = notice.contents(consultation, publishing.starts_at(consultation, now))
    return page(
        request,
        "portal/consultations/publish.html",
        {
            "consultation": consultation,
            "problems": form.non_field_errors() or publishing.problems(consultation, now),
            "notice": told,
            "warnings": publishing.warnings(consultation),
            "back_url": page_of(consultation),
            "mend_url": workplace.kept(request, reverse("consultation:edit", args=[pk])),
            "mend_view_url": _mend_view(request, consultation),
        },
        title="의견수렴 공고",
        crumbs=crumbs(consultation),
    )


def _mend_view(request: HttpRequest, consultation: PublicConsultation) -> str:
    """Where it is written down where the cameras will look; empty where it is, or for who may not."""
    first = notice.without_view(consultation).order_by("sort_key").first()
    if first is None or not may_open(request.user, "cameras:edit", first.pk):
        return ""
    return reverse("cameras:edit", args=[first.pk])


def asked(request: HttpRequest, consultation: PublicConsultation, act: Act, **words: Any) -> HttpResponse:
    """A question about a consultation, which leads back to its page."""
    return confirm_screen(
        request, act, **{"back": page_of(consultation), "crumbs": crumbs(consultation), **words}
    )


@requires(PUBLISH)
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    consultation = found(pk)
    return asked(
        request,
        consultation,
        lambda form: publishing.extend(
            consultation,
            end_of(form.cleaned_data["last_on"]),
            reason=form.cleaned_data["reason"],
            by=officer(request),
        ),
        form=filled_in(request, ExtendForm),
        title="의견수렴 연장",
        question="마감을 늦출까요?",
        consequences=[
            f"지금 마감은 {end_text(consultation.closes_at)}입니다.",
            "연장한 마감과 사유가 누리집에 바로 나옵니다. 다시 앞당길 수 없습니다.",
        ],
        confirm="연장하기",
        done=lambda extended: f"{last_day(extended.closes_at):%Y-%m-%d} 24시까지 연장했습니다.",
    )


@requires(PUBLISH)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    consultation = found(pk)
    short = publishing.is_shorter_than_minimum(consultation, timezone.now()) if consultation.notice else None
    consequences = ["지금 바로 의견 받기가 끝나며, 다시 열 수 없습니다.", "사유가 누리집에 그대로 나옵니다."]
    if short:
        consequences.append(
            f"최소 기간 {short.days}일({short.citation})이 {short.last_on:%Y-%m-%d}까지인데 아직 지나지 않았습니다. "
            "짧게 끝낸 의견수렴은 적법한 의견수렴으로 인정되지 않을 수 있습니다."
        )
    return asked(
        request,
        consultation,
        lambda form: publishing.close_early(consultation, **form.cleaned_data, by=officer(request)),
        form=filled_in(request, CloseForm),
        title="의견수렴 조기 종료",
        question="예정보다 일찍 끝낼까요?",
        consequences=consequences,
        confirm="지금 끝내기",
        done="의견수렴을 끝냈습니다. 더 이상 의견을 받지 않습니다.",
        is_dangerous=True,
    )


@requires(KEEP)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    consultation = found(pk)

    def throw_away(form: None) -> str:
        drafting.discard(consultation)
        return reverse("consultation:list")

    return asked(
        request,
        consultation,
        throw_away,
        title="초안 버리기",
        question=f"‘{consultation.title}’ 초안을 버릴까요?",
        consequences=["되돌릴 수 없습니다. 공고한 적이 없는 초안만 버릴 수 있습니다."],
        confirm="버리기",
        done="초안을 버렸습니다.",
        to=lambda made: made or page_of(consultation),
        is_dangerous=True,
    )
