"""운영위원: who sits and sat on the committee, on which ground and for how long."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.korean import josa
from casework.refusals import refuse_if
from committee import membership, persons
from committee.enums import Office, SeatGround
from committee.models import Member, Term
from ordinance import findings, parameters
from ordinance.parameters import active_profile
from ordinance.rules import Subject
from portal import district
from portal.access import may, officer, requires
from portal.forms.committee_members import (
    AppointAgainForm,
    EndForm,
    MemberForm,
    MembersOn,
    NewMemberForm,
    RenewForm,
    SubstituteForm,
    TermFields,
    VacantForm,
)
from portal.pages import Action, crumb, page
from portal.person_screens import person_screen
from portal.screens import checked_screen, filled_in, form_screen

SEE, KEEP = "committee.view_member", "committee.change_member"
MEMBERS = ("위원", "committee:members")


@requires(SEE)
def member_list(request: HttpRequest) -> HttpResponse:
    """The composition of a day, and the seats that somebody has to care for."""
    form = MembersOn(request.GET)
    today = timezone.localdate()
    on = form.value("on") or today
    seated = membership.composition(on)
    open_seats = Term.objects.appointed().over(today).without_successor().select_related("member")
    add = Action("위원 위촉·지정", reverse("committee:member_add"), "plus", is_primary=True)
    return page(
        request,
        "portal/committee/members.html",
        {
            "form": form,
            "reset_url": request.path,
            "on": on,
            "is_today": on == today,
            "seated": seated,
            "most": _size(on),
            "shares": _shares(seated),
            "open_seats": list(open_seats) if on == today else [],
            "findings": _findings(Subject.DISTRICT, active_profile(), "committee_composed")
            if on == today
            else [],
        },
        title="운영위원",
        icon="group",
        intro=f"{district.name()} 영상정보처리기기 운영위원회의 위원입니다. 기준일을 바꾸면 그날의 구성을 봅니다.",
        actions=[add] if may(request.user, [KEEP]) else [],
    )


def _findings(kind: str, number: str, *codes: str) -> list[tuple[str, str]]:
    """Title of each open duty, and what is missing."""
    found = findings.open_of(kind, number)
    return [(each.rule.title, findings.what(each)) for each in found if not codes or each.rule.code in codes]


def _size(on: dt.date) -> int | None:
    """None before the ordinance was in force."""
    found = parameters.snapshot(on, codes=["committee_max_size"])
    return int(found["committee_max_size"].value) if found else None


def _shares(seated: list[Term]) -> list[tuple[str, int, int]]:
    """Of the appointed: gender, how many, percent."""
    genders = [term.member.get_gender_display() for term in seated if not term.is_ex_officio]
    return [
        (label, genders.count(label), round(100 * genders.count(label) / len(genders)))
        for label in sorted(set(genders))
    ]


@requires(SEE)
def term_page(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Term.objects.select_related("member", "renews", "replaces", "renewal", "substitute", "recorded_by")
    term = get_object_or_404(rows, pk=pk)
    return page(
        request,
        "portal/committee/term.html",
        {
            "term": term,
            "member": term.member,
            "others": [other for other in term.member.terms.all() if other.pk != pk],
            "years": membership.years_of(term.member.terms.all(), until=timezone.localdate()),
            "is_sitting": term.is_on(timezone.localdate()),
            "findings": _findings(Subject.MEMBER, term.number),
        },
        title=f"{term.member.shown_name} 위원",
        icon="user",
        crumbs=[crumb(*MEMBERS)],
        actions=_actions(request, term),
    )


def _actions(request: HttpRequest, term: Term) -> list[Action]:
    member, today = term.member, timezone.localdate()
    found = []
    if may(request.user, ["committee.read_member_contact"]) and not member.erased_at:
        found.append(Action("연락처 보기…", reverse("committee:member_contact", args=[member.pk]), "view"))
    if not may(request.user, [KEEP]):
        return found
    has_follower = hasattr(term, "renewal") or hasattr(term, "substitute")
    if not term.is_ex_officio and term.ended_on is None and not has_follower:
        url = reverse("committee:term_renew", args=[term.pk])
        found.insert(0, Action("연임…", url, "plus", is_primary=not term.is_on(today)))
    if not term.is_ex_officio and term.ended_on and not has_follower and (term.until_on or today) >= today:
        url = reverse("committee:term_substitute", args=[term.pk])
        found.insert(0, Action("보궐위원 위촉…", url, "plus", is_primary=True))
    if not term.is_ex_officio and not term.is_on(today) and term.from_on < today and not has_follower:
        found.append(Action("자리를 비워 둠…", reverse("committee:term_vacant", args=[term.pk]), "cross"))
    if term.ended_on is None and (term.until_on is None or term.until_on >= today):
        found.append(Action("해촉·종료…", reverse("committee:term_end", args=[term.pk]), "cross"))
    if not member.erased_at:
        found.append(Action("정보 고치기", reverse("committee:member_change", args=[member.pk]), "edit"))
    if not any(other.is_on(today) or other.from_on > today for other in member.terms.all()):
        url = reverse("committee:member_appoint", args=[member.pk])
        found.append(Action("다시 위촉…", url, "plus"))
    return found


@requires(KEEP)
def add(request: HttpRequest) -> HttpResponse:
    form = filled_in(request, NewMemberForm)
    return _appoint(request, form, "위원 위촉·지정", reverse("committee:members"))


@requires(KEEP)
def appoint_again(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Member, pk=pk)
    form = filled_in(request, AppointAgainForm)
    title = f"{member.shown_name} 위원 다시 위촉"
    return _appoint(request, form, title, reverse("committee:members"), member=member)


@requires(KEEP)
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    before = get_object_or_404(Term.objects.select_related("member"), pk=pk)
    form = filled_in(request, RenewForm, before=before)
    back = reverse("committee:term", args=[pk])
    return _appoint(
        request, form, f"{before.member.shown_name} 위원 연임", back, member=before.member, renews=before
    )


@requires(KEEP)
def substitute(request: HttpRequest, pk: int) -> HttpResponse:
    before = get_object_or_404(Term.objects.select_related("member"), pk=pk)
    form = filled_in(request, SubstituteForm, before=before)
    back = reverse("committee:term", args=[pk])
    return _appoint(request, form, "보궐위원 위촉", back, replaces=before)


def _appoint(
    request: HttpRequest,
    form: Any,
    title: str,
    back: str,
    *,
    member: Member | None = None,
    renews: Term | None = None,
    replaces: Term | None = None,
) -> HttpResponse:
    """A form that shows, before the act, which last day and office follow and which limits are crossed."""

    def consequences(form: TermFields) -> list[str]:
        facts = form.term
        refuse_if(membership.check(facts, member=member, renews=renews, replaces=replaces))
        full = membership.full_term(facts, replaces)
        last = "당연직이므로 재직하는 동안" if full.until_on is None else f"{full.until_on:%Y-%m-%d}까지"
        who = member or form.member  # type: ignore[attr-defined]
        return [
            f"임기: {full.from_on:%Y-%m-%d}부터 {last}."
            + (f" 직책: {Office(full.office).label}." if full.office else ""),
            *membership.warnings(
                facts,
                gender=who.gender,
                other_committees=who.other_committees,
                member=member,
                renews=renews,
                replaces=replaces,
            ),
        ]

    return checked_screen(
        request,
        form,
        lambda form: membership.appoint(
            member or form.member, form.term, by=officer(request), renews=renews, replaces=replaces
        ),
        consequences=consequences,
        title=title,
        back=back,
        done=lambda term: f"임기 {term.number}{josa(term.number, '을/를')} 기록했습니다.",
        to=lambda term: reverse("committee:term", args=[term.pk]),
        confirm_label="위촉·지정 기록",
        notes=[
            "위원장은 부구청장, 부위원장은 전담부서를 맡은 국장입니다."
            if membership.office_of(SeatGround.DEPUTY_MAYOR, timezone.localdate())
            else "위원장과 부위원장은 각 한 명입니다.",
            "위촉직의 임기는 조례에 따라 계산합니다. 성명은 명단 공개에 쓰이고, 연락처는 공개하지 않습니다.",
        ],
        crumbs=[crumb(*MEMBERS)],
    )


@requires(KEEP)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    term = get_object_or_404(Term.objects.select_related("member"), pk=pk)
    back = reverse("committee:term", args=[pk])

    def ending(form: EndForm) -> dict[str, Any]:
        given = form.cleaned_data
        return {"on": given["on"], "ground": given["ground"], "document_number": given["document_number"]}

    def consequences(form: EndForm) -> list[str]:
        refuse_if(membership.check_end(term, *ending(form).values()))
        return [f"{ending(form)['on']:%Y-%m-%d} 다음 날부터 재적위원에서 빠집니다. 되돌릴 수 없습니다."]

    return checked_screen(
        request,
        filled_in(request, EndForm, term=term),
        lambda form: membership.end(term, **ending(form), by=officer(request)),
        consequences=consequences,
        title=f"{term.member.shown_name} 위원 해촉·종료",
        back=back,
        done=f"임기 {term.number}{josa(term.number, '이/가')} 끝난 것을 기록했습니다.",
        crumbs=[crumb(*MEMBERS)],
    )


@requires(KEEP)
def leave_vacant(request: HttpRequest, pk: int) -> HttpResponse:
    term = get_object_or_404(Term.objects.select_related("member"), pk=pk)
    return form_screen(
        request,
        filled_in(request, VacantForm),
        lambda form: membership.leave_vacant(term, reason=form.cleaned_data["reason"], by=officer(request)),
        title=f"임기 {term.number}의 자리를 비워 둠",
        back=reverse("committee:term", args=[pk]),
        done="자리를 비워 두는 사유를 기록했습니다.",
        notes=["뒤를 이을 위원을 위촉하지 않을 때 적습니다. 사유를 적으면 미이행 사항이 끝납니다."],
        crumbs=[crumb(*MEMBERS)],
    )


@requires(KEEP)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Member, pk=pk)
    if member.erased_at is not None:
        return _erased(request)
    return form_screen(
        request,
        filled_in(request, MemberForm, member=member),
        lambda form: membership.change(
            member, form.member, reason=form.cleaned_data["reason"], by=officer(request)
        ),
        title=f"{member.shown_name} 위원의 정보 고치기",
        back=reverse("committee:members"),
        done="바뀐 정보를 저장했습니다.",
        crumbs=[crumb(*MEMBERS)],
    )


def _erased(request: HttpRequest) -> HttpResponse:
    messages.info(request, "보관기간이 지나 위원의 개인정보를 파기했습니다.")
    return redirect("committee:members")


@requires("committee.read_member_contact")
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Member, pk=pk)
    if member.erased_at is not None:
        return _erased(request)
    return person_screen(
        request,
        persons.CODE,
        member,
        title=f"위원의 연락처: {member.number}",
        back=reverse("committee:members"),
        crumbs=[crumb(*MEMBERS)],
        submit="연락처 보기",
    )
