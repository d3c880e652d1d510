"""회의록과 수당: the draft, who confirmed it, locking, correcting, publishing; and the sheet of allowances."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from casework.refusals import refuse_if
from committee import allowances, attendance, minutes, recordings
from committee.models import AllowanceSheet, Meeting, Minutes, Recording, Resolution, Statement, Term
from portal import downloads
from portal.access import may, officer, requires
from portal.forms.committee_minutes import (
    AllowanceForm,
    ConfirmationForm,
    CorrectionForm,
    MinutesForm,
    PaidForm,
    StatementForm,
    WithholdForm,
)
from portal.pages import Action, Crumb, crumb, page
from portal.reauthentication import asks_again
from portal.screens import button, checked_screen, confirm_screen, filled_in, form_screen
from reports.handed_out import Paper

SEE, KEEP = "committee.view_meeting", "committee.change_meeting"


def _crumbs(meeting: Meeting) -> list[Crumb]:
    return [crumb("회의", "committee:meetings"), crumb(str(meeting), "committee:meeting", meeting.pk)]


def _get(pk: int) -> Minutes:
    return get_object_or_404(Minutes.objects.select_related("meeting"), pk=pk)


def _back(shown: Minutes) -> dict[str, Any]:
    return {
        "back": reverse("committee:minutes", args=[shown.pk]),
        "crumbs": [*_crumbs(shown.meeting), crumb("회의록", "committee:minutes", shown.pk)],
    }


@requires(KEEP)
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, pk=pk)
    return confirm_screen(
        request,
        lambda form: minutes.begin(meeting, by=officer(request)),
        question=f"{meeting}의 회의록을 쓸까요?",
        consequences=[
            "출석, 안건, 의결에서 초안을 만듭니다. 발언을 더하고, 위원의 확인을 받아 확정합니다.",
            f"공개 기한은 {minutes.due_on(meeting):%Y-%m-%d}입니다.",
        ],
        confirm="회의록 쓰기",
        title="회의록 쓰기",
        back=reverse("committee:meeting", args=[pk]),
        done="회의록의 초안을 만들었습니다.",
        to=lambda made: reverse("committee:minutes", args=[made.pk]),
        crumbs=_crumbs(meeting),
    )


@requires(SEE)
def minutes_page(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(pk)
    contents = shown.frozen if shown.is_locked else minutes.draft(shown)
    confirmed = minutes.confirmed_by(shown)
    done = {row.term_id for row in confirmed}
    links = {link.term_id: link for link in shown.meeting.links.filter(purpose="minutes", void_at=None)}
    return page(
        request,
        "portal/committee/minutes.html",
        {
            "shown": shown,
            "meeting": shown.meeting,
            "contents": contents,
            "statements": list(shown.statements.select_related("item", "term__member")),
            "confirmed": confirmed,
            "waiting": [
                (term, links.get(term.pk)) for term in minutes.may_confirm(shown) if term.pk not in done
            ]
            if not shown.is_locked
            else [],
            "needed": minutes.needed(shown.meeting),
            "due_on": minutes.due_on(shown.meeting),
            "today": timezone.localdate(),
            "corrections": list(shown.corrections.select_related("by")),
            "may_keep": may(request.user, [KEEP]),
            "recordings": list(shown.recordings.all()),
            "public_url": reverse("website_committee_minutes", args=[shown.meeting.number]),
        },
        title=str(shown),
        icon="doc-full",
        crumbs=_crumbs(shown.meeting),
        actions=_actions(request, shown),
    )


def _actions(request: HttpRequest, shown: Minutes) -> list[Action]:
    pdf = Action("회의록 PDF", reverse("committee:minutes_pdf", args=[shown.pk]), "download")
    if not may(request.user, [KEEP]):
        return [pdf]
    at = {"args": [shown.pk]}
    if not shown.is_locked:
        may_lock = next(minutes.check_locking(shown), None) is None
        lock_it = [Action("확정…", reverse("committee:minutes_lock", **at), "lock", True)] if may_lock else []
        return [
            *lock_it,
            Action("발언 더하기", reverse("committee:statement_add", **at), "plus", not may_lock),
            Action("그 밖의 사항·녹음", reverse("committee:minutes_write", **at), "edit"),
            pdf,
        ]
    found = [Action("정정표…", reverse("committee:minutes_correct", **at), "edit"), pdf]
    if shown.published_at is None:
        found.insert(0, Action("누리집에 공개…", reverse("committee:minutes_publish", **at), "globe", True))
        if not shown.is_withheld:
            found.append(Action("공개하지 않음…", reverse("committee:minutes_withhold", **at), "cross"))
    return found


@requires(KEEP)
def write(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(pk)
    return form_screen(
        request,
        filled_in(request, MinutesForm, shown=shown),
        lambda form: minutes.write(shown, by=officer(request), **form.facts),
        title="그 밖의 사항과 녹음 파일",
        done="저장했습니다.",
        notes=[
            "녹음 파일은 암호화하여 보관하고 SHA-256을 원장에 적습니다. "
            f"{recordings.erase_on(shown.meeting.on):%Y-%m-%d}까지 보관하고 그 뒤에 스스로 파기합니다."
        ],
        **_back(shown),
    )


@requires(KEEP)
@require_POST
def recording(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A download that stands in the ledger: never shown by the browser and never kept by it."""
    row = get_object_or_404(Recording.objects.select_related("minutes__meeting"), pk=pk, erased_at=None)
    try:
        content = recordings.take(row, by=officer(request))
    except recordings.Damaged:
        raise Http404("녹음 파일을 내줄 수 없습니다. 보관한 내용과 다릅니다.") from None
    # Of what is read piece by piece Django writes no name and no length.
    answer = StreamingHttpResponse(content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = content_disposition_header(True, row.name) or ""
    answer.headers["Content-Length"] = str(row.size)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@requires(KEEP)
def statement_add(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(pk)
    return form_screen(
        request,
        filled_in(request, StatementForm, shown=shown),
        lambda form: minutes.say(shown, by=officer(request), **form.facts),
        title="발언 더하기",
        done="발언을 더했습니다.",
        notes=["누리집에는 발언한 사람의 이름 없이 공개됩니다. 발언 안에 사람의 이름을 적지 마십시오."],
        **_back(shown),
    )


@requires(KEEP, post=KEEP)
def statement_drop(request: HttpRequest, pk: int) -> HttpResponse:
    statement = get_object_or_404(Statement.objects.select_related("minutes__meeting"), pk=pk)
    to = reverse("committee:minutes", args=[statement.minutes_id])
    if request.method != "POST":
        return confirm_screen(
            request,
            lambda form: None,
            question="이 발언을 초안에서 뺄까요?",
            consequences=[statement.text],
            confirm="빼기",
            title="발언 빼기",
            done="",
            **_back(statement.minutes),
        )
    return button(
        request,
        lambda: minutes.take_back(statement, by=officer(request)),
        done="발언을 초안에서 뺐습니다.",
        to=to,
    )


@requires(KEEP)
def confirm(request: HttpRequest, pk: int, term: int) -> HttpResponse:
    shown = _get(pk)
    member = get_object_or_404(Term.objects.select_related("member"), pk=term)
    return form_screen(
        request,
        filled_in(request, ConfirmationForm, initial={"on": timezone.localdate()}),
        lambda form: minutes.confirm_on_paper(
            shown,
            member,
            on=form.cleaned_data["on"],
            objection=form.cleaned_data["objection"],
            by=officer(request),
            today=timezone.localdate(),
        ),
        title=f"{member.member.shown_name} 위원의 확인",
        done="위원의 확인을 기록했습니다.",
        notes=[
            "위원이 서명하여 돌려보낸 회의록을 옮겨 적습니다. 고칠 것이 있으면 적고, 초안을 고쳐 다시 받습니다."
        ],
        **_back(shown),
    )


@requires(KEEP)
@asks_again
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(pk)
    missing = [refusal.sentence for refusal in minutes.check_locking(shown)]
    return confirm_screen(
        request,
        lambda form: minutes.lock(shown, by=officer(request)),
        question="지금은 확정할 수 없습니다." if missing else "회의록을 확정할까요?",
        consequences=[
            "확정한 회의록은 고칠 수 없습니다. 잘못은 정정표로 바로잡고, 둘 다 남습니다.",
            "내용의 해시가 원장에 남습니다.",
        ],
        confirm="확정",
        is_empty=bool(missing),
        intro=" ".join(missing),
        title="회의록 확정",
        done="회의록을 확정했습니다.",
        **_back(shown),
    )


@requires(KEEP)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(pk)
    return checked_screen(
        request,
        filled_in(request, CorrectionForm),
        lambda form: minutes.correct(
            shown,
            text=form.cleaned_data["text"],
            reason=form.cleaned_data["reason"],
            by=officer(request),
        ),
        consequences=lambda form: ["정정표는 회의록 옆에 남고 누리집에도 함께 나옵니다. 지울 수 없습니다."],
        title="회의록 정정표",
        done="정정표를 붙였습니다.",
        **_back(shown),
    )


@requires(KEEP)
@asks_again
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(pk)
    refused = [refusal.sentence for refusal in minutes.check_publishing(shown)]
    return confirm_screen(
        request,
        lambda form: minutes.publish(shown, by=officer(request)),
        question="지금은 공개할 수 없습니다." if refused else "회의록을 누리집에 공개할까요?",
        consequences=[
            "발언한 사람, 의견을 들은 사람, 물러난 위원의 이름은 빼고 공개합니다.",
            f"공개 기한은 {minutes.due_on(shown.meeting):%Y-%m-%d}입니다. 공개한 내용은 굳어지고 바뀌지 않습니다.",
        ],
        confirm="공개",
        is_empty=bool(refused),
        intro=" ".join(refused),
        title="회의록 공개",
        done="회의록을 공개했습니다.",
        **_back(shown),
    )


@requires(KEEP)
def withhold(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(pk)
    return form_screen(
        request,
        filled_in(request, WithholdForm),
        lambda form: minutes.withhold(
            shown,
            reason=form.cleaned_data["reason"],
            by=officer(request),
            today=timezone.localdate(),
        ),
        title="회의록을 공개하지 않음",
        done="공개하지 않는 사유를 기록했습니다.",
        notes=["비공개 대상 정보가 있어 공개하지 않을 때만 적습니다. 근거 조항을 함께 적으십시오."],
        **_back(shown),
    )


# -- papers


@requires(SEE)
def minutes_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    from reports.documents import committee_papers

    shown = _get(pk)
    content, number = committee_papers.minutes(shown), shown.meeting.number
    name = f"회의록-{number}.pdf"
    if not shown.is_locked:
        return downloads.pdf(content, name)
    return downloads.finished(
        request, content, name, Paper.MINUTES, number=number, about=shown.ledger_subject
    )


@requires("committee.view_resolution")
def resolution_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """의결서: for the signatures of those who were present."""
    from reports.documents import committee_papers

    row = get_object_or_404(Resolution.objects.select_related("meeting", "item", "correction"), pk=pk)
    content, name = committee_papers.resolution_sheet(row), f"의결서-{row.number}.pdf"
    return downloads.finished(
        request, content, name, Paper.RESOLUTION, number=row.number, about=row.ledger_subject
    )


# -- allowances


@requires(KEEP)
def allowance_make(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, pk=pk)

    def consequences(form: AllowanceForm) -> list[str]:
        given = form.cleaned_data
        refuse_if(allowances.check(meeting, given["budget_line"], given["document_number"]))
        lines = allowances.due(meeting)
        return [
            *(
                f"{each.who}: {each.amount:,}원" if each.amount else f"{each.who}: 없음, {each.why_none}"
                for each in lines
            ),
            f"합계 {sum(each.amount for each in lines):,}원. 계좌번호는 이 시스템에 적지 않습니다.",
        ]

    return checked_screen(
        request,
        filled_in(request, AllowanceForm),
        lambda form: allowances.make(
            meeting,
            budget_line=form.cleaned_data["budget_line"],
            document_number=form.cleaned_data["document_number"],
            by=officer(request),
        ),
        consequences=consequences,
        title="수당 지급 조서",
        back=reverse("committee:meeting", args=[pk]),
        done="수당 지급 조서를 만들었습니다.",
        to=lambda sheet: reverse("committee:allowance", args=[sheet.pk]),
        crumbs=_crumbs(meeting),
        notes=[
            f"출석을 기록한 {len(attendance.present_terms(meeting))}명과 의견을 들은 사람을 셈합니다(조례 제30조)."
        ],
    )


@requires(KEEP)
def allowance_page(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = get_object_or_404(AllowanceSheet.objects.select_related("meeting", "made_by"), pk=pk)
    lines = list(sheet.lines.select_related("term__member", "expert"))
    paid = Action("지급 기록…", reverse("committee:allowance_paid", args=[pk]), "check", True)
    return page(
        request,
        "portal/committee/allowance.html",
        {"sheet": sheet, "lines": lines, "total": sum(line.amount for line in lines)},
        title=f"수당 지급 조서: {sheet.meeting}",
        icon="list-ul",
        crumbs=_crumbs(sheet.meeting),
        actions=[
            *([] if sheet.paid_on else [paid]),
            Action("조서 PDF", reverse("committee:allowance_pdf", args=[pk]), "download"),
        ],
    )


@requires(KEEP)
def allowance_paid(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = get_object_or_404(AllowanceSheet.objects.select_related("meeting"), pk=pk)
    return form_screen(
        request,
        filled_in(request, PaidForm, initial={"on": timezone.localdate()}),
        lambda form: allowances.pay(
            sheet, on=form.cleaned_data["on"], by=officer(request), today=timezone.localdate()
        ),
        title="수당 지급 기록",
        back=reverse("committee:allowance", args=[pk]),
        done="지급일을 기록했습니다.",
        crumbs=_crumbs(sheet.meeting),
    )


@requires(KEEP)
def allowance_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    from reports.documents import committee_papers

    sheet = get_object_or_404(AllowanceSheet.objects.select_related("meeting"), pk=pk)
    content, number = committee_papers.allowance_sheet(sheet), sheet.meeting.number
    name = f"수당조서-{number}.pdf"
    return downloads.finished(
        request, content, name, Paper.ALLOWANCES, number=number, about=sheet.ledger_subject
    )
