"""내부 관리계획 (Safety Standard art. 4): the draft with what the system knows, its approval, versions, the yearly check."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone

from accounts.korean import josa
from portal import downloads
from portal.access import may, officer, requires
from portal.forms.internal_plan import (
    ApproveForm,
    AskForm,
    CheckForm,
    CompareForm,
    ContentForm,
    ReturnForm,
)
from portal.pages import Action, crumb, page
from portal.screens import button, confirm_screen, filled_in, form_screen
from records.internal_plan import checking, contents, writing
from records.models import InternalPlan, InternalPlanCheck
from reports.handed_out import Paper

SEE = "records.view_internalplan"
CHANGE = "records.change_internalplan"
APPROVE = "records.approve_internalplan"
HOME = ("내부 관리계획", "internal_plan:overview")


@requires(SEE)
def overview(request: HttpRequest) -> HttpResponse:
    """The version in force, the draft, every version so far, the checks."""
    today, draft = timezone.localdate(), writing.draft()
    return page(
        request,
        "portal/internal_plan/overview.html",
        {
            "draft": draft,
            "shown": writing.shown(draft, today) if draft else None,
            "versions": list(writing.approved().select_related("approved_by")),
            "current": writing.in_force(today),
            "checks": list(InternalPlanCheck.objects.select_related("plan", "checked_by")),
            "due_on": checking.due_on(today),
            "may_change": may(request.user, [CHANGE]),
        },
        title=HOME[0],
        intro=(
            "개인정보를 안전하게 다루는 내부의 계획입니다(개인정보의 안전성 확보조치 기준 제4조). 본문은 담당자가 쓰고, 그 옆의 자료는 "
            "시스템이 채웁니다. 작성한 사람이 아닌 사람이 승인하고, 해마다 이행 실태를 점검합니다."
        ),
        icon="lock",
        actions=_actions(request, draft),
    )


def _actions(request: HttpRequest, draft: InternalPlan | None) -> list[Action]:
    shown = []
    if draft is not None:
        shown.append(
            Action("초안 (PDF)", reverse("internal_plan:document", args=[draft.version]), "download")
        )
    if draft is not None and may(request.user, [CHANGE]):
        shown.append(Action("내용 추가", reverse("internal_plan:add"), "plus"))
        shown.append(Action("원문 대조 기록", reverse("internal_plan:compare"), "check"))
        shown.append(Action("처음부터 다시…", reverse("internal_plan:start_over"), "bin"))
    if draft is not None and draft.asked_at and may(request.user, [APPROVE]):
        shown.append(Action("돌려보내기…", reverse("internal_plan:send_back"), "undo"))
    if writing.in_force(timezone.localdate()) and may(request.user, [APPROVE]):
        shown.append(Action("이행 실태 점검", reverse("internal_plan:check"), "clipboard-list"))
    return shown


def _draft() -> InternalPlan:
    found = writing.draft()
    if found is None:
        raise Http404("작성 중인 판이 없습니다.")
    return found


@requires(CHANGE)
def begin(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect(HOME[1])
    return button(
        request,
        lambda: writing.begin(by=officer(request)),
        done="초안을 시작했습니다. 내용마다 본문을 고치십시오.",
        to=reverse(HOME[1]),
    )


def _content(request: HttpRequest, code: str, initial: dict[str, str], title: str, notes: list[str]) -> Any:
    draft = _draft()
    return form_screen(
        request,
        filled_in(request, ContentForm, initial=initial),
        lambda sent: writing.write(draft, code, by=officer(request), **sent.cleaned_data),
        title=title,
        back=reverse(HOME[1]),
        done="초안을 저장했습니다.",
        submit="초안 저장",
        notes=notes,
        crumbs=[crumb(*HOME)],
        actions=[Action("이 내용 빼기…", reverse("internal_plan:leave_out", args=[code]), "bin")]
        if code
        else [],
    )


@requires(CHANGE)
def content(request: HttpRequest, code: str) -> HttpResponse:
    """One content, with what the system knows of it above the form."""
    row = _row(code)
    known = contents.facts(code, timezone.localdate())
    notes = [f"{fact['label']}: {fact['value']}" for fact in known]
    return _content(request, code, {"title": row["title"], "text": row["text"]}, row["title"], notes)


def _row(code: str) -> dict[str, Any]:
    row = next((row for row in _draft().contents if row["code"] == code), None)
    if row is None:
        raise Http404("이 판에 없는 내용입니다.")
    return row


@requires(CHANGE)
def add(request: HttpRequest) -> HttpResponse:
    return _content(request, "", {}, "내용 추가", ["맨 끝에 더해집니다."])


@requires(CHANGE)
def leave_out(request: HttpRequest, code: str) -> HttpResponse:
    draft, row = _draft(), _row(code)
    return confirm_screen(
        request,
        lambda sent: writing.leave_out(draft, code, by=officer(request)),
        question=f"‘{row['title']}’{josa(row['title'], '을/를')} 이 판에서 뺄까요?",
        consequences=[
            "앞의 판에는 그대로 남습니다.",
            "고시가 정한 내용이면 뺄 수 없는 것입니다. 원문에서 확인하십시오.",
        ],
        confirm="빼기",
        title="내용 빼기",
        back=reverse(HOME[1]),
        done="뺐습니다.",
        is_dangerous=True,
        crumbs=[crumb(*HOME)],
    )


@requires(CHANGE)
def start_over(request: HttpRequest) -> HttpResponse:
    draft = _draft()
    return confirm_screen(
        request,
        lambda sent: writing.start_over(draft, by=officer(request)),
        question=f"{draft} 초안을 처음부터 다시 쓸까요?",
        consequences=[
            "초안에 쓴 글과 빼거나 더한 내용, 승인 요청이 모두 없어집니다. 되살릴 수 없습니다.",
            "앞서 승인한 판의 글로 돌아갑니다. 승인한 판이 없으면 처음에 실린 글로 돌아갑니다.",
            "지금까지 쓴 사람은 작성한 사람이 아니게 되어, 다시 쓴 초안을 승인할 수 있습니다. 본인은 작성한 사람이 됩니다.",
        ],
        confirm="처음부터 다시 쓰기",
        title="초안 처음부터 다시 쓰기",
        back=reverse(HOME[1]),
        done="초안을 처음으로 되돌렸습니다.",
        is_dangerous=True,
        crumbs=[crumb(*HOME)],
    )


@requires(CHANGE)
def compare(request: HttpRequest) -> HttpResponse:
    draft = _draft()
    return form_screen(
        request,
        filled_in(request, CompareForm, initial={"source": draft.compared_with}),
        lambda sent: writing.compare(draft, by=officer(request), **sent.cleaned_data),
        title="원문 대조 기록",
        back=reverse(HOME[1]),
        done="원문 대조를 기록했습니다.",
        notes=[f"{place}. {row['title']}" for place, row in enumerate(draft.contents, start=1)],
        intro=(
            "아래 제목을 고시의 원문과 하나씩 대조한 뒤에 기록합니다. 기록하기 전에는 화면과 문서에 ‘원문 확인 필요’로 나오고, "
            "그 뒤에 제목을 바꾸면 다시 그렇게 됩니다."
        ),
        crumbs=[crumb(*HOME)],
    )


@requires(CHANGE)
def ask(request: HttpRequest) -> HttpResponse:
    draft = _draft()
    return confirm_screen(
        request,
        lambda sent: writing.ask(draft, by=officer(request), **sent.cleaned_data),
        question=f"{draft}의 승인을 요청할까요?",
        consequences=[
            "작성하거나 요청한 사람이 아닌 사람이 승인합니다.",
            "그 뒤에 내용을 고치면 다시 요청해야 합니다.",
        ],
        confirm="승인 요청하기",
        title="승인 요청",
        back=reverse(HOME[1]),
        done="승인을 요청했습니다.",
        form=filled_in(request, AskForm, initial={"why": draft.why}),
        crumbs=[crumb(*HOME)],
    )


@requires(APPROVE)
def send_back(request: HttpRequest) -> HttpResponse:
    draft = _draft()
    return form_screen(
        request,
        filled_in(request, ReturnForm),
        lambda sent: writing.send_back(draft, by=officer(request), **sent.cleaned_data),
        title="초안 돌려보내기",
        back=reverse(HOME[1]),
        done="돌려보냈습니다.",
        submit="돌려보내기",
        crumbs=[crumb(*HOME)],
    )


@requires(APPROVE)
def approve(request: HttpRequest) -> HttpResponse:
    draft = _draft()
    standing = contents.standing(draft, timezone.localdate())
    changed = [f"{row['what']}: {row['title']}" for row in writing.changes(draft, timezone.localdate())]
    return confirm_screen(
        request,
        lambda sent: writing.approve(draft, by=officer(request), **sent.cleaned_data),
        question=f"{draft}을 승인할까요?",
        consequences=[
            "승인한 판은 고칠 수 없습니다. 바꾸려면 새 판을 냅니다.",
            "본문과 오늘의 자료가 고정되고, 그 해시가 원장에 남습니다.",
            *([standing["note"]] if standing["note"] else []),
            *changed,
        ],
        confirm="승인하기",
        title="내부 관리계획 승인",
        back=reverse(HOME[1]),
        done=lambda made: f"{made}을 승인했습니다.",
        form=filled_in(request, ApproveForm),
        crumbs=[crumb(*HOME)],
    )


@requires(APPROVE)
def check(request: HttpRequest) -> HttpResponse:
    plan = writing.in_force(timezone.localdate())
    if plan is None:
        raise Http404("시행 중인 내부 관리계획이 없습니다.")
    return form_screen(
        request,
        filled_in(request, CheckForm, plan=plan),
        lambda sent: checking.check(
            plan, sent.found, opinion=sent.cleaned_data["opinion"], by=officer(request)
        ),
        title="이행 실태 점검",
        intro=f"{plan}의 내용마다 그대로 하고 있는지 확인하여 적습니다. 시스템이 아는 오늘의 자료를 항목마다 함께 보여 드립니다.",
        back=reverse(HOME[1]),
        to=lambda made: reverse("internal_plan:checked", args=[made.pk]),
        done="이행 실태의 점검을 기록했습니다.",
        submit="점검 확정하기",
        notes=["확정한 점검은 고칠 수 없습니다. 개인의 이름은 적지 않습니다."],
        crumbs=[crumb(*HOME)],
    )


@requires(SEE)
def version(request: HttpRequest, number: int) -> HttpResponse:
    plan = get_object_or_404(writing.approved().select_related("approved_by", "asked_by"), version=number)
    return page(
        request,
        "portal/internal_plan/version.html",
        {"plan": plan, "shown": plan.frozen},
        title=str(plan),
        icon="lock",
        crumbs=[crumb(*HOME)],
        actions=[Action("문서 (PDF)", reverse("internal_plan:document", args=[number]), "download")],
    )


@requires(SEE)
def document(request: HttpRequest, number: int) -> HttpResponseBase:
    from reports.documents import internal_plan  # loads the PDF library

    plan = get_object_or_404(InternalPlan, version=number)
    content, name = internal_plan.pdf_of(plan), f"내부_관리계획_제{number}판.pdf"
    if not plan.is_approved:
        return downloads.pdf(content, name)
    return downloads.finished(
        request, content, name, Paper.INTERNAL_PLAN, number=str(number), about=plan.ledger_subject
    )


@requires(SEE)
def checked(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(InternalPlanCheck.objects.select_related("plan", "checked_by"), pk=pk)
    return page(
        request,
        "portal/internal_plan/checked.html",
        {"check": found, "shown": found.contents},
        title=f"{found.plan} 이행 점검 ({found.contents['on']})",
        icon="clipboard-list",
        crumbs=[crumb(*HOME)],
        actions=[Action("점검 결과 (PDF)", reverse("internal_plan:check_document", args=[pk]), "download")],
    )


@requires(SEE)
def check_document(request: HttpRequest, pk: int) -> HttpResponseBase:
    from reports.documents import internal_plan  # loads the PDF library

    found = get_object_or_404(InternalPlanCheck.objects.select_related("plan"), pk=pk)
    return downloads.finished(
        request,
        internal_plan.check_pdf_of(found),
        f"내부_관리계획_이행점검_{found.contents['on']}.pdf",
        Paper.INTERNAL_PLAN_CHECK,
        number=f"{found.plan.version}/{found.contents['on']}",
        about=found.ledger_subject,
    )


urlpatterns = [
    path("", overview, name="overview"),
    path("begin/", begin, name="begin"),
    path("add/", add, name="add"),
    path("contents/<slug:code>/", content, name="content"),
    path("contents/<slug:code>/leave-out/", leave_out, name="leave_out"),
    path("start-over/", start_over, name="start_over"),
    path("compare/", compare, name="compare"),
    path("ask/", ask, name="ask"),
    path("send-back/", send_back, name="send_back"),
    path("approve/", approve, name="approve"),
    path("check/", check, name="check"),
    path("<int:number>/", version, name="version"),
    path("<int:number>/document.pdf", document, name="document"),
    path("checks/<int:pk>/", checked, name="checked"),
    path("checks/<int:pk>/document.pdf", check_document, name="check_document"),
]
