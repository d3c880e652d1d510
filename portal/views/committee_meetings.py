"""운영위원회의 회의: agenda, notice, attendance, who steps aside, written opinions, conditions."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.korean import josa
from casework.refusals import Refusal, refuse_if
from committee import (
    agenda,
    attendance,
    ballots,
    conditions,
    links,
    mailing,
    membership,
    minutes,
    notices,
    recusals,
    voting,
)
from committee.enums import LinkPurpose, RecusalKind
from committee.models import AgendaItem, Meeting, PaperAnswer, Recusal, ResolutionCondition, Term
from committee.notices import NoticeFacts
from portal.access import officer, requires
from portal.forms.committee import proposed
from portal.forms.committee_meetings import (
    AttendanceForm,
    ChallengeForm,
    ConditionDueForm,
    ExpertForm,
    FulfilForm,
    ItemForm,
    NoticeForm,
    PaperBallotForm,
    PapersForm,
    ReasonForm,
    RecusalForm,
    ToldForm,
)
from portal.pages import Action, Crumb, crumb, page
from portal.reauthentication import asks_again
from portal.screens import checked_screen, confirm_screen, filled_in, form_screen

KEEP = "committee.change_meeting"
MEETINGS = ("회의", "committee:meetings")


def _of(meeting: Meeting) -> dict[str, Any]:
    """Where a form of a meeting leads back to."""
    crumbs: list[Crumb] = [crumb(*MEETINGS), crumb(str(meeting), "committee:meeting", meeting.pk)]
    return {"back": reverse("committee:meeting", args=[meeting.pk]), "crumbs": crumbs}


def _item(pk: int) -> AgendaItem:
    return get_object_or_404(AgendaItem.objects.select_related("meeting"), pk=pk)


# -- agenda


@requires(KEEP)
def item_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, pk=pk)
    return form_screen(
        request,
        filled_in(request, ItemForm, initial=proposed(request.GET.get("project"))),
        lambda form: agenda.add(meeting, form.facts, by=officer(request), files=form.cleaned_data["uploads"]),
        title="안건 올리기",
        done=lambda item: f"{item}{josa(item, '을/를')} 올렸습니다.",
        **_of(meeting),
    )


@requires(KEEP)
def item_change(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(pk)
    return form_screen(
        request,
        filled_in(request, ItemForm, item=item),
        lambda form: agenda.change(item, form.facts, by=officer(request)),
        title=f"제{item.position}호 안건 고치기",
        done="안건을 고쳤습니다.",
        notes=["소집을 통지한 뒤에 안건을 바꾸면 다시 통지하여야 합니다."],
        **_of(item.meeting),
    )


@requires(KEEP)
def item_papers(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(pk)
    return form_screen(
        request,
        filled_in(request, PapersForm),
        lambda form: agenda.add_papers(item, form.cleaned_data["uploads"], by=officer(request)),
        title=f"제{item.position}호 안건의 자료",
        done="자료를 붙였습니다.",
        submit="붙이기",
        **_of(item.meeting),
    )


@requires(KEEP)
def item_drop(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(pk)
    return form_screen(
        request,
        filled_in(request, ReasonForm),
        lambda form: agenda.drop(item, reason=form.cleaned_data["reason"], by=officer(request)),
        title=f"제{item.position}호 안건을 상정하지 않음",
        done="상정하지 않는 안건으로 기록했습니다.",
        notes=["안건은 번호와 함께 기록에 남고, 심의와 통지에서 빠집니다."],
        **_of(item.meeting),
    )


# -- notice, attendance, experts


@requires(KEEP)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, pk=pk)
    due = notices.deadline(meeting)

    def consequences(form: NoticeForm) -> list[str]:
        refuse_if(notices.check(meeting, form.facts, today=timezone.localdate()))
        told = [f"{row['position']}. {row['title']}" for row in agenda.snapshot(meeting)]
        return [
            f"개최일 {meeting.on:%Y-%m-%d}, 장소 {meeting.place}, 안건 {len(told)}건을 알린 것으로 기록합니다.",
            *told,
            *_told_now(meeting, form.facts),
            "기록한 통지는 고칠 수 없습니다. 회의를 옮기거나 안건을 바꾸면 다시 통지합니다.",
        ]

    return checked_screen(
        request,
        filled_in(request, NoticeForm, initial={"sent_on": timezone.localdate()}),
        lambda form: notices.send(meeting, form.facts, by=officer(request), today=timezone.localdate()),
        consequences=consequences,
        title="소집 통지 기록",
        done="소집 통지를 기록했습니다.",
        confirm_label="통지 기록",
        notes=[
            f"통지 기한은 {due.due_on:%Y-%m-%d}입니다: 개최일의 {due.amount}일 전까지, 거꾸로 셉니다.",
            "긴급한 안건이거나 미리 알리면 공익을 해칠 우려가 있을 때만 사유를 적고 더 늦게 알립니다.",
        ],
        **_of(meeting),
    )


def _told_now(meeting: Meeting, facts: NoticeFacts) -> list[str]:
    """Before anything leaves: who gets a mail of this system, and who is to be told by letter."""
    if not mailing.is_mailed_now(facts.way, facts.sent_on):
        return ["이 시스템은 메일을 보내지 않습니다. 이미 알린 것을 적습니다."]
    unreached = mailing.without_address(meeting)
    mailed = len(membership.composition(meeting.on)) - len(unreached)
    told = [
        f"위원 {mailed}명에게 날짜, 장소, 안건을 적은 메일을 지금 보냅니다. 보낸 메일은 거둘 수 없습니다."
        if mailed
        else "전자우편 주소를 적어 둔 위원이 없어 메일은 나가지 않습니다. 모두 공문으로 알려야 합니다."
    ]
    if unreached:
        names = ", ".join(term.member.shown_name for term in unreached)
        told.append(f"전자우편 주소가 없어 공문으로 알릴 위원: {names}")
    return told


@requires(KEEP)
def notice_others(request: HttpRequest, pk: int) -> HttpResponse:
    """Those whom no mail reached were told by letter, or in another way."""
    meeting = get_object_or_404(Meeting, pk=pk)
    current = notices.current(meeting)
    left = mailing.to_tell(current, timezone.now()).select_related("term__member") if current else []
    names = ", ".join(row.term.member.shown_name for row in left)
    return form_screen(
        request,
        filled_in(request, ToldForm, initial={"on": timezone.localdate()}),
        lambda form: notices.tell_others(meeting, by=officer(request), **form.cleaned_data),
        title="나머지 위원에게 알림",
        done=lambda many: f"위원 {many}명에게 알린 것을 기록했습니다.",
        notes=[
            f"메일로 알리지 못한 위원: {names or '없음'}",
            "회의 화면의 ‘공문 쓰기’로 소집 통지를 만들어 보내고, 보낸 날과 문서번호를 적습니다.",
        ],
        **_of(meeting),
    )


@requires(KEEP)
def attend(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, pk=pk)
    seated = membership.composition(meeting.on)
    return form_screen(
        request,
        filled_in(request, AttendanceForm, meeting=meeting),
        lambda form: attendance.record(
            meeting,
            form.cleaned_data["present"],
            by=officer(request),
            today=timezone.localdate(),
            files=form.cleaned_data["uploads"],
        ),
        title="출석 기록",
        done=lambda held: f"재적 {held.enrolled}명, 출석 {held.present}명을 기록했습니다.",
        notes=[
            f"{meeting.on:%Y-%m-%d} 현재 재적위원은 {len(seated)}명이고, "
            f"{voting.quorum(len(seated))}명부터 회의를 엽니다(조례 제29조).",
        ],
        **_of(meeting),
    )


@requires(KEEP)
def expert(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, pk=pk)
    return form_screen(
        request,
        filled_in(request, ExpertForm, meeting=meeting),
        lambda form: attendance.hear(meeting, by=officer(request), **form.cleaned_data),
        title="전문가·공무원의 의견을 들음",
        done="들은 의견을 기록했습니다.",
        **_of(meeting),
    )


@requires(KEEP)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, pk=pk)
    return form_screen(
        request,
        filled_in(request, ReasonForm),
        lambda form: attendance.cancel(
            meeting,
            reason=form.cleaned_data["reason"],
            by=officer(request),
            today=timezone.localdate(),
        ),
        title=f"{meeting} 취소",
        done="회의를 취소했습니다.",
        submit="회의 취소",
        notes=["취소한 회의는 되살릴 수 없습니다. 보낸 서명 주소도 쓸 수 없게 됩니다."],
        **_of(meeting),
    )


# -- stepping aside


@requires(KEEP)
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(pk)
    return form_screen(
        request,
        filled_in(request, RecusalForm, meeting=item.meeting),
        lambda form: recusals.declare(
            item,
            form.cleaned_data["term"],
            RecusalKind(form.cleaned_data["kind"]),
            reason=form.cleaned_data["reason"],
            by=officer(request),
        ),
        title=f"제척·기피·회피: 제{item.position}호 안건",
        done="이 안건에서 물러나는 위원을 기록했습니다.",
        notes=["물러난 위원은 이 안건의 출석에서 빠지고 표결하지 못합니다. 사유는 암호화하여 보관합니다."],
        **_of(item.meeting),
    )


@requires(KEEP)
def challenge(request: HttpRequest, pk: int) -> HttpResponse:
    recusal = get_object_or_404(Recusal.objects.select_related("item__meeting"), pk=pk)
    return form_screen(
        request,
        filled_in(request, ChallengeForm, initial={"on": recusal.item.meeting.on}),
        lambda form: recusals.decide(
            recusal,
            is_accepted=form.cleaned_data["accepted"] == "yes",
            on=form.cleaned_data["on"],
            by=officer(request),
        ),
        title="기피 신청의 결정",
        done="결정을 기록했습니다.",
        **_of(recusal.item.meeting),
    )


# -- written opinions


@requires(KEEP)
def paper_ballot(request: HttpRequest, pk: int, term: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, pk=pk)
    member = get_object_or_404(Term.objects.select_related("member"), pk=term)
    return form_screen(
        request,
        filled_in(
            request,
            PaperBallotForm,
            meeting=meeting,
            term=member,
            initial={"on": min(timezone.localdate(), meeting.on)},
        ),
        lambda form: ballots.give_on_paper(
            meeting,
            member,
            form.answers,
            on=form.cleaned_data["on"],
            by=officer(request),
            today=timezone.localdate(),
            files=form.cleaned_data["uploads"],
        ),
        title=f"{member.member.shown_name} 위원의 의견서",
        done="의견서를 기록했습니다. 다른 담당자가 스캔과 대조하면 의견으로 셉니다.",
        notes=[
            "위원이 서명하여 돌려보낸 의견서를 옮겨 적고 스캔을 붙입니다. 기록한 의견은 고칠 수 없습니다.",
            "옮겨 적은 사람이 아닌 담당자가 스캔과 대조하여야 의견으로 셉니다.",
        ],
        **_of(meeting),
    )


def _paper(pk: int) -> PaperAnswer:
    return get_object_or_404(PaperAnswer.objects.select_related("meeting", "term__member"), pk=pk)


@requires(KEEP)
def paper_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """What was typed in a table, and the scan above it: the two are compared line by line."""
    paper = _paper(pk)
    return confirm_screen(
        request,
        lambda form: ballots.confirm(paper, by=officer(request)),
        question=f"{paper.term.member.shown_name} 위원이 서명한 의견서와 같습니까?",
        consequences=[
            *_not_now(ballots.against_second_look(paper, officer(request))),
            "대조하면 의견으로 세고, 되돌릴 수 없습니다. 다르면 돌려보내십시오.",
        ],
        confirm="스캔과 같음",
        title="의견서 대조",
        done="의견서를 대조했습니다.",
        actions=[Action("돌려보내기…", reverse("committee:paper_reject", args=[paper.pk]), "cross")],
        template="portal/committee/paper_confirm.html",
        paper=paper,
        given=paper.ballots.select_related("item").order_by("item__position"),
        **_of(paper.meeting),
    )


@requires(KEEP)
def paper_reject(request: HttpRequest, pk: int) -> HttpResponse:
    paper = _paper(pk)
    return form_screen(
        request,
        filled_in(request, ReasonForm),
        lambda form: ballots.send_back(paper, reason=form.cleaned_data["reason"], by=officer(request)),
        title=f"{paper.term.member.shown_name} 위원의 의견서 돌려보내기",
        done="의견서를 돌려보낸 것으로 기록했습니다. 위원이 다시 낼 수 있습니다.",
        submit="돌려보내기",
        notes=["옮겨 적은 의견은 세지 않습니다. 스캔과 사유는 기록에 남습니다."],
        **_of(paper.meeting),
    )


@requires(KEEP)
def issue_link(request: HttpRequest, pk: int, term: int, purpose: str) -> HttpResponse:
    """Address and code are shown on the answer to this one request, and never again."""
    meeting = get_object_or_404(Meeting, pk=pk)
    member = get_object_or_404(Term.objects.select_related("member"), pk=term)
    wanted = LinkPurpose(purpose) if purpose in LinkPurpose.values else LinkPurpose.BALLOT
    until = ballots.until(meeting) if wanted == LinkPurpose.BALLOT else minutes.links_until(meeting)

    def act(form: Any) -> HttpResponse:
        issued = links.issue(meeting, member, wanted, until=until, by=officer(request))
        return _once(
            page(
                request,
                "portal/committee/link.html",
                {
                    "issued": issued,
                    "address": _address(request, issued.secret),
                    "member": member.member,
                    "address_of_code": links.masked(member.member.email),
                    **_of(meeting),
                },
                title="서명 주소",
                icon="link",
                crumbs=_of(meeting)["crumbs"],
            )
        )

    return confirm_screen(
        request,
        act,
        question=f"{member.member.shown_name} 위원의 서명 주소를 만들까요?",
        consequences=[
            *_not_now(links.against_mailing(member, officer(request))),
            f"{timezone.localtime(until):%Y-%m-%d %H:%M}까지 한 번 쓸 수 있습니다. 전에 만든 주소는 쓸 수 없게 됩니다.",
            *(
                [
                    f"확인번호는 위원의 전자우편({links.masked(member.member.email)})으로 지금 보냅니다. 담당자에게는 보이지 않습니다."
                ]
                if member.member.email
                else []
            ),
            "주소는 다음 화면에 한 번만 나옵니다. 확인번호와 다른 길(문자, 전화 메신저, 공문)로 보내십시오.",
        ],
        confirm="주소 만들기",
        title="서명 주소 만들기",
        done="",
        **_of(meeting),
    )


@requires(KEEP)
def issue_links(request: HttpRequest, pk: int) -> HttpResponse:
    """An address for each member who was not told yet: all of them on the answer to this one request."""
    meeting = get_object_or_404(Meeting, pk=pk)

    def act(form: Any) -> HttpResponse:
        made = [
            (one, _address(request, one.issued.secret) if one.issued else "")
            for one in links.issue_all(meeting, until=ballots.until(meeting), by=officer(request))
        ]
        return _once(
            page(
                request,
                "portal/committee/links.html",
                {"made": made, "until": ballots.until(meeting), **_of(meeting)},
                title="서명 주소",
                icon="link",
                crumbs=_of(meeting)["crumbs"],
            )
        )

    def line(term: Term) -> str:
        why = " ".join(_not_now(links.against_mailing(term, officer(request))))
        return f"{term.member.shown_name}: {why or links.masked(term.member.email)}"

    return confirm_screen(
        request,
        act,
        question="아직 알리지 않은 위원의 서명 주소를 한꺼번에 만들까요?",
        consequences=[
            *[line(term) for term in links.untold(meeting)],
            f"주소마다 {timezone.localtime(ballots.until(meeting)):%Y-%m-%d %H:%M}까지 한 번 쓸 수 있습니다.",
            "확인번호는 위원의 전자우편으로 지금 보냅니다. 담당자에게는 보이지 않습니다.",
            "주소는 다음 화면에 한 번만 나옵니다. 확인번호와 다른 길(문자, 전화 메신저, 공문)로 보내십시오.",
        ],
        confirm="주소 만들기",
        title="위원의 서명 주소 만들기",
        done="",
        is_long=True,
        **_of(meeting),
    )


def _address(request: HttpRequest, secret: str) -> str:
    return request.build_absolute_uri(reverse("website_committee_link", kwargs={"secret": secret}))


def _once(answer: HttpResponse) -> HttpResponse:
    """What is shown to nobody again."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


@requires(KEEP)
@asks_again
def close(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, pk=pk)
    return confirm_screen(
        request,
        lambda form: ballots.close(meeting, by=officer(request), today=timezone.localdate()),
        question="서면심의를 마감할까요?",
        consequences=[
            "의견을 더 받지 않습니다. 보낸 서명 주소도 쓸 수 없게 됩니다.",
            *_not_counted(meeting),
            "재적위원과 의견을 낸 위원을 세고, 안건마다 의결을 기록합니다.",
        ],
        confirm="마감",
        title=f"{meeting} 마감",
        done=lambda held: f"재적 {held.enrolled}명 가운데 {held.present}명이 의견을 냈습니다.",
        **_of(meeting),
    )


def _not_now(found: Iterable[Refusal]) -> list[str]:
    """Said before somebody presses the button, too."""
    return [f"지금은 할 수 없습니다: {refusal.text} {refusal.remedy}".strip() for refusal in found]


def _not_counted(meeting: Meeting) -> list[str]:
    papers = ballots.unconfirmed(meeting)
    names = ", ".join(paper.term.member.shown_name for paper in papers)
    return [f"대조하지 않은 의견서는 세지 않습니다: {names}"] if papers else []


# -- conditions


@requires(KEEP)
def condition_due(request: HttpRequest, pk: int) -> HttpResponse:
    condition = _condition(pk)
    return form_screen(
        request,
        filled_in(request, ConditionDueForm, initial={"due_on": condition.due_on}),
        lambda form: conditions.set_due(condition, form.cleaned_data["due_on"], by=officer(request)),
        title="조건의 이행 기한",
        done="이행 기한을 정했습니다.",
        notes=[condition.text],
        back=reverse("committee:resolution", args=[condition.resolution_id]),
    )


@requires(KEEP)
def condition_fulfil(request: HttpRequest, pk: int) -> HttpResponse:
    condition = _condition(pk)
    return form_screen(
        request,
        filled_in(request, FulfilForm),
        lambda form: conditions.fulfil(
            condition,
            on=form.cleaned_data["on"],
            proof=form.cleaned_data["proof"],
            files=form.cleaned_data["uploads"],
            by=officer(request),
            today=timezone.localdate(),
        ),
        title="조건의 이행 기록",
        done="조건을 이행한 것을 기록했습니다.",
        notes=[condition.text],
        back=reverse("committee:resolution", args=[condition.resolution_id]),
    )


def _condition(pk: int) -> ResolutionCondition:
    return get_object_or_404(ResolutionCondition.objects.select_related("resolution"), pk=pk)
