"""운영위원회: meetings and resolutions; what was recorded is shown, printed and corrected, never changed."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.korean import josa
from casework.refusals import refuse_if
from committee import (
    agenda,
    carrying_out,
    links,
    mailing,
    meetings,
    membership,
    notices,
    quorum,
    resolutions,
    voting,
)
from committee.models import AgendaItem, AllowanceSheet, Ballot, Meeting, Minutes, Resolution
from ordinance import findings
from ordinance.rules import Subject
from portal.access import may, officer, requires
from portal.forms.committee import CarryOutForm, MeetingForm, ResolutionFilter, ResolutionForm, proposed
from portal.listing import PAGE_ARGUMENT, Column, cells, labels, ordering, query_without
from portal.pages import Action, crumb, page
from portal.screens import Act, checked_screen, export_screen, filled_in, form_screen, list_screen
from portal.screens import carry_out as carry_out_form

MEETINGS = ("회의", "committee:meetings")
RESOLUTIONS = ("의결", "committee:resolutions")
SHOWN_CAMERAS = 200

COLUMNS = (
    Column("number", "의결번호", lambda row: row.number),
    Column("on", "의결일", lambda row: row.on, sort="on"),
    Column("outcome", "결과", lambda row: row.get_outcome_display(), sort="outcome"),
    Column("title", "안건", lambda row: row.title, sort="title"),
    Column("function", "심의 사항", lambda row: row.get_function_no_display(), sort="function_no"),
    Column("meeting", "회의", lambda row: str(row.meeting), sort="meeting__on"),
    Column("vote", "찬성·반대·기권", lambda row: f"{row.votes_for}·{row.votes_against}·{row.abstained}"),
    Column(
        "corrected",
        "정정",
        lambda row: (
            f"의결 {row.correction.number}{josa(row.correction.number, '으로/로')} 정정"
            if row.is_corrected
            else ""
        ),
    ),
)


# -- meetings


@requires("committee.view_meeting")
def meeting_list(request: HttpRequest) -> HttpResponse:
    rows = Meeting.objects.annotate(decided=Count("resolutions")).order_by("-on", "-pk")
    may_keep = may(request.user, ["committee.add_meeting"])
    add = Action("회의 등록", reverse("committee:meeting_add"), "plus", is_primary=True)
    return list_screen(
        request,
        "portal/committee/meetings.html",
        rows,
        title="운영위원회 회의",
        intro="안건이 있거나 위원장이 필요하다고 보면 소집합니다. 재적위원 과반수의 출석으로 열고 출석위원 과반수의 찬성으로 의결합니다. (조례 제29조)",
        icon="group",
        actions=[add if may_keep else None],
        may_keep=may_keep,
    )


@requires("committee.view_meeting")
def meeting_page(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting.objects.select_related("recorded_by"), pk=pk)
    decided = list(meeting.resolutions.select_related("correction", "item"))
    current = notices.current(meeting)
    answers = _answers(meeting) if meeting.is_written else []
    return page(
        request,
        "portal/committee/meeting.html",
        {
            "meeting": meeting,
            "resolutions": decided,
            "quorum": voting.quorum(meeting.enrolled) if meeting.enrolled else None,
            "items": _items(meeting, decided),
            "has_agenda": any(not item.dropped_reason for item in meeting.items.all()),
            "has_begun": meeting.has_begun(timezone.now()),
            "is_told": any(row["link"] or row["ballot"] for row in answers),
            "notice_due_on": notices.deadline(meeting).due_on,
            "current_notice": current,
            "notices": [
                (each, mailing.told(each))
                for each in meeting.notices.prefetch_related("deliveries__term__member")
            ],
            "attendances": list(meeting.attendances.select_related("term__member")),
            "experts": list(meeting.experts.select_related("item").defer("name")),
            "answers": answers,
            "findings": [
                (each.rule.title, findings.what(each))
                for each in findings.open_of(Subject.MEETING, meeting.number)
            ],
            "sent_back": list(
                meeting.paper_answers.filter(rejected_at__isnull=False).select_related(
                    "term__member", "rejected_by"
                )
            ),
            "attachments": list(meeting.attachments.all()),
            "minutes": Minutes.objects.filter(meeting=meeting).defer("contents").first(),
            "may_keep": may(request.user, ["committee.change_meeting"]) and meeting.cancelled_on is None,
            # Whoever may open them (`attachments.SEEN_WITH`); a link that refuses is none.
            "may_see_scans": may(request.user, ["committee.change_meeting"]),
            "may_resolve": may(request.user, ["committee.add_resolution"]),
            "today": timezone.localdate(),
        },
        title=str(meeting),
        icon="group",
        crumbs=[crumb(*MEETINGS)],
        actions=_meeting_actions(request, meeting, decided, current),
    )


def _items(meeting: Meeting, decided: list[Resolution]) -> list[dict[str, Any]]:
    """The agenda with who counts at each item, what was decided, and what it is about."""
    counted = quorum.counts(meeting)
    standing = {row.item_id: row for row in decided if row.item_id and not row.is_corrected}
    rows = meeting.items.prefetch_related("projects", "provisions", "attachments", "recusals__term__member")
    titles = dict(agenda.known_rules())
    return [
        {
            "item": item,
            "count": counted[item.pk],
            "resolution": standing.get(item.pk),
            "rules": [titles.get(code, code) for code in item.rule_codes],
            "recusals": list(item.recusals.all()),
        }
        for item in rows
    ]


def _answers(meeting: Meeting) -> list[dict[str, Any]]:
    """Each member of the day: whether and how answered, and the state of the address."""
    given: dict[int, Ballot] = {}
    standing = Ballot.objects.standing().filter(item__meeting=meeting).defer("opinion")
    for ballot in standing.select_related("paper__confirmed_by").prefetch_related("paper__attachments"):
        given.setdefault(ballot.term_id, ballot)
    sent = {link.term_id: link for link in meeting.links.filter(purpose="ballot", void_at=None)}
    return [
        {"term": term, "link": sent.get(term.pk), **_given(given.get(term.pk))}
        for term in membership.composition(meeting.on)
    ]


def _given(ballot: Ballot | None) -> dict[str, Any]:
    """What a member answered on, and the paper behind it with its scan."""
    paper = ballot.paper if ballot else None
    return {"ballot": ballot, "paper": paper, "scans": list(paper.attachments.all()) if paper else []}


def _meeting_actions(
    request: HttpRequest, meeting: Meeting, decided: list[Resolution], current: Any
) -> list[Action]:
    """What comes next first: agenda, notice, attendance or closing."""
    packet = Action("회의 자료", reverse("committee:packet", args=[meeting.pk]), "doc-full")
    if meeting.cancelled_on is not None or not may(request.user, ["committee.change_meeting"]):
        return [packet]
    today, has_begun = timezone.localdate(), meeting.has_begun(timezone.now())
    has_agenda = meeting.items.filter(dropped_reason="").exists()
    address = {"args": [meeting.pk]}
    found = [packet]
    if not meeting.attendances.exists() and not (meeting.is_written and meeting.is_held):
        found.append(Action("안건 올리기", reverse("committee:item_add", **address), "plus", not has_agenda))
    if not meeting.is_written and has_agenda and current is None:
        url = reverse("committee:notice", **address)
        found.append(Action("소집 통지 기록…", url, "mail", not meeting.is_held and not has_begun))
    if not meeting.is_written and meeting.on <= today and not decided:
        is_next = not meeting.is_held and has_agenda and (has_begun or current is not None)
        found.append(Action("출석 기록", reverse("committee:attend", **address), "group", is_next))
    if meeting.is_written and not meeting.is_held and has_agenda:
        if not has_begun and links.untold(meeting):
            url = reverse("committee:links", **address)
            found.append(Action("위원의 서명 주소 만들기…", url, "link", True))
        is_next = has_begun
        found.append(Action("의견 마감…", reverse("committee:written_close", **address), "check", is_next))
    if meeting.is_quorate and not has_agenda and may(request.user, ["committee.add_resolution"]):
        found.append(Action("의결 기록", reverse("committee:resolution_add", **address), "plus", True))
    if meeting.is_held and not meeting.is_written:
        found.append(Action("의견 들음", reverse("committee:expert", **address), "user"))
    if meeting.is_held:
        found += _papers(meeting)
    if not decided:
        found.append(Action("고치기", reverse("committee:meeting_change", **address), "edit"))
    if not meeting.is_held:
        found.append(Action("회의 취소…", reverse("committee:meeting_call_off", **address), "cross"))
    return sorted(found, key=lambda action: not action.is_primary)


def _papers(meeting: Meeting) -> list[Action]:
    """Minutes and allowances: begun, or to be begun."""
    written = Minutes.objects.filter(meeting=meeting).first()
    sheet = AllowanceSheet.objects.filter(meeting=meeting).first()
    found = [
        Action("회의록", reverse("committee:minutes", args=[written.pk]), "doc-full")
        if written
        else Action("회의록 쓰기…", reverse("committee:minutes_begin", args=[meeting.pk]), "doc-full")
    ]
    if sheet is not None:
        found.append(Action("수당 조서", reverse("committee:allowance", args=[sheet.pk]), "list-ul"))
    elif meeting.attendances.exists():
        url = reverse("committee:allowance_make", args=[meeting.pk])
        found.append(Action("수당 지급 조서…", url, "list-ul"))
    return found


@requires("committee.add_meeting")
def meeting_add(request: HttpRequest) -> HttpResponse:
    return _meeting_form(
        request,
        filled_in(request, MeetingForm),
        lambda form: meetings.record(form.facts, by=officer(request), today=timezone.localdate()),
        title="회의 등록",
        back=reverse("committee:meetings"),
        done=lambda meeting: f"{meeting}{josa(meeting, '을/를')} 등록했습니다.",
        to=lambda meeting: reverse("committee:meeting", args=[meeting.pk]),
    )


@requires("committee.change_meeting")
def meeting_change(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, pk=pk)

    def change(form: MeetingForm) -> Meeting:
        reason = form.cleaned_data["reason"]
        return meetings.change(
            meeting, form.facts, by=officer(request), reason=reason, today=timezone.localdate()
        )

    return _meeting_form(
        request,
        filled_in(request, MeetingForm, meeting=meeting),
        change,
        title=f"{meeting} 고치기",
        back=reverse("committee:meeting", args=[pk]),
        done="변경한 내용을 저장했습니다.",
    )


def _meeting_form(request: HttpRequest, form: MeetingForm, act: Act, **words: Any) -> HttpResponse:
    most = meetings.largest_size()
    notes = [f"위원회는 {most}명 이내입니다(조례 제26조). 의결을 기록한 회의는 고칠 수 없습니다."]
    return form_screen(request, form, act, notes=notes, crumbs=[crumb(*MEETINGS)], **words)


# -- resolutions


def _listed(request: HttpRequest) -> tuple[ResolutionFilter, QuerySet[Resolution], str]:
    form = ResolutionFilter(request.GET)
    rows = Resolution.objects.select_related("meeting", "correction")
    if words := form.value("q"):
        rows = rows.filter(Q(number__icontains=words) | Q(title__icontains=words))
    if year := form.value("year"):
        rows = rows.filter(year=year)
    if outcome := form.value("outcome"):
        rows = rows.filter(outcome=outcome)
    if function_no := form.value("function_no"):
        rows = rows.filter(function_no=function_no)
    order = ordering(request, COLUMNS, "-on")
    return form, rows.order_by(order, "-year", "-ordinal"), order


@requires("committee.view_resolution")
def resolution_list(request: HttpRequest) -> HttpResponse:
    form, rows, order = _listed(request)
    query = query_without(request.GET, PAGE_ARGUMENT)
    return list_screen(
        request,
        "portal/committee/resolutions.html",
        rows,
        title="운영위원회 의결",
        intro="의결은 회의 화면에서 기록합니다. 기록한 의결은 고치거나 지울 수 없고, 잘못은 정정하는 의결로 바로잡습니다.",
        icon="doc-full-inverse",
        form=form,
        columns=COLUMNS,
        order=order,
        actions=[Action("내려받기", f"{reverse('committee:export')}?{query}", "download")],
    )


@requires("committee.view_resolution")
def export(request: HttpRequest) -> HttpResponseBase:
    _, rows, _ = _listed(request)
    return export_screen(
        request,
        labels(COLUMNS),
        cells(COLUMNS, rows),
        count=rows.count(),
        name="운영위원회의결",
        what="의결 {rows}건",
        title="의결 내려받기",
        back=reverse("committee:resolutions"),
        crumbs=[crumb(*RESOLUTIONS)],
    )


@requires("committee.view_resolution")
def resolution_page(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Resolution.objects.select_related("meeting", "correction", "corrects", "recorded_by")
    resolution = get_object_or_404(rows, pk=pk)
    cameras = carrying_out.cameras_of(resolution)
    actions = [Action("의결서 PDF", reverse("committee:resolution_pdf", args=[pk]), "download")]
    if may(request.user, ["cameras.move_camera"]) and resolution.is_carried and not resolution.is_corrected:
        url = reverse("committee:carry_out", args=[pk])
        actions.append(Action("이 의결로 사업의 카메라를 승인 처리…", url, "check", is_primary=True))
    if may(request.user, ["committee.add_resolution"]) and not resolution.is_corrected:
        actions.append(Action("정정…", reverse("committee:correct", args=[pk]), "edit"))
    return page(
        request,
        "portal/committee/resolution.html",
        {
            "resolution": resolution,
            "quorum": voting.quorum(resolution.enrolled),
            "needed": voting.votes_needed(resolution.present),
            "projects": resolution.projects.annotate(many=Count("cameras")).order_by("number"),
            "cameras": cameras.in_order().select_related("site")[:SHOWN_CAMERAS],
            "total": cameras.count(),
            "attachments": resolution.attachments.all(),
            "follow_ups": list(resolution.follow_ups.prefetch_related("attachments")),
            "may_keep": may(request.user, ["committee.change_meeting"]) and not resolution.is_corrected,
            "today": timezone.localdate(),
        },
        title=f"의결 {resolution.number}",
        intro=resolution.title,
        icon="doc-full-inverse",
        crumbs=[crumb(*RESOLUTIONS)],
        actions=actions,
    )


@requires("committee.add_resolution")
def resolution_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, pk=pk)
    back = reverse("committee:meeting", args=[pk])
    if not meeting.is_quorate:
        messages.error(
            request,
            "의사정족수를 채운 회의에만 의결을 기록할 수 있습니다. 재적·출석위원을 확인하십시오(조례 제29조).",
        )
        return redirect(back)
    initial = {"on": meeting.on, "enrolled": meeting.enrolled, "present": meeting.present, "abstained": 0}
    named = proposed(request.GET.get("project"))
    form = filled_in(request, ResolutionForm, initial={**initial, **named})
    return _resolution_form(request, form, meeting, title="의결 기록", back=back)


@requires("committee.add_resolution")
def item_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """의결 of one item: who was present at it is counted, and a written one's votes too."""
    item = get_object_or_404(AgendaItem.objects.select_related("meeting"), pk=pk)
    meeting, back = item.meeting, reverse("committee:meeting", args=[item.meeting_id])
    count = quorum.of_item(item)
    if not meeting.is_held or not count.is_quorate or not item.is_to_decide:
        messages.error(
            request,
            f"{item}{josa(item, '은/는')} 의결할 수 없습니다: 재적 {count.enrolled}명 가운데 {count.quorum}명 이상이 출석(서면심의는 의견)하고, "
            "출석이나 마감을 기록하여야 합니다(조례 제29조).",
        )
        return redirect(back)
    form = filled_in(request, ResolutionForm, item=item)
    return _resolution_form(request, form, meeting, title=f"의결 기록: {item}", back=back)


@requires("committee.add_resolution")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    wrong = get_object_or_404(
        Resolution.objects.select_related("meeting", "correction", "item__meeting"), pk=pk
    )
    if wrong.is_corrected:
        messages.info(
            request,
            f"이미 의결 {wrong.correction.number}{josa(wrong.correction.number, '으로/로')} 정정되었습니다.",
        )
        return redirect("committee:resolution", wrong.correction.pk)
    form = filled_in(request, ResolutionForm, initial=_as_initial(wrong), is_correction=True, item=wrong.item)
    title, back = f"의결 {wrong.number} 정정", reverse("committee:resolution", args=[pk])
    return _resolution_form(request, form, wrong.meeting, wrong, title=title, back=back)


def _as_initial(wrong: Resolution) -> dict[str, Any]:
    names = ("function_no", "title", "text", "conditions", "on", "enrolled", "present")
    votes = ("votes_for", "votes_against", "abstained")
    numbers = wrong.cameras.order_by("number").values_list("number", flat=True)
    return {
        **{name: getattr(wrong, name) for name in (*names, *votes)},
        "projects": list(wrong.projects.all()),
        "cameras": "\n".join(numbers),
    }


def _resolution_form(
    request: HttpRequest,
    form: ResolutionForm,
    meeting: Meeting,
    wrong: Resolution | None = None,
    *,
    title: str,
    back: str,
) -> HttpResponse:
    return checked_screen(
        request,
        form,
        lambda form: _record(request, form, meeting, wrong),
        consequences=lambda form: _what_follows(form, meeting, wrong),
        title=title,
        back=back,
        done=lambda made: (
            f"의결 {made.number}{josa(made.number, '을/를')} 기록했습니다: {made.get_outcome_display()}."
        ),
        to=lambda made: reverse("committee:resolution", args=[made.pk]),
        submit_label="확인하기",
        confirm_label="의결 기록",
        notes=[
            _figures(form, meeting),
            "결과는 표결한 수로 정해집니다. 찬성이 출석위원의 과반수여야 가결이고, 가부동수는 부결입니다(조례 제29조).",
            "기록한 의결은 고치거나 지울 수 없습니다. 잘못은 정정하는 의결로 바로잡습니다.",
        ],
        crumbs=[crumb(*RESOLUTIONS)],
        template="portal/committee/resolution_form.html",
        meeting=meeting,
    )


def _figures(form: ResolutionForm, meeting: Meeting) -> str:
    if form.item is None:
        return f"{meeting}: 재적 {meeting.enrolled}명, 출석 {meeting.present}명."
    count = quorum.of_item(form.item)
    aside = f" 물러난 위원 {count.recused}명은 표결하지 않습니다." if count.recused else ""
    told = f"{form.item}: 재적 {count.enrolled}명, 출석 {count.present}명.{aside}"
    if not meeting.is_written:
        return told
    vote = quorum.written_vote(form.item)
    return f"{told} 낸 의견: 찬성 {vote.votes_for}, 반대 {vote.votes_against}, 기권 {vote.abstained}."


def _what_follows(form: ResolutionForm, meeting: Meeting, wrong: Resolution | None) -> list[str]:
    refuse_if(resolutions.check(meeting, form.decision, today=timezone.localdate(), corrects=wrong))
    return [
        f"표결한 수에 따라 의결 결과는 ‘{resolutions.outcome_of(form.decision).label}’입니다.",
        "기록한 의결은 고치거나 지울 수 없습니다. 잘못은 정정하는 의결로 바로잡고, 두 의결이 모두 남습니다.",
    ]


def _record(
    request: HttpRequest, form: ResolutionForm, meeting: Meeting, wrong: Resolution | None
) -> Resolution:
    given = {"by": officer(request), "today": timezone.localdate(), "files": form.cleaned_data["uploads"]}
    if wrong is None:
        return resolutions.record(meeting, form.decision, **given)
    return resolutions.correct(wrong, form.decision, reason=form.cleaned_data["reason"], **given)


@requires("cameras.move_camera")
def carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    """이 의결로 사업의 카메라를 승인 처리: first what would happen, then the act."""
    resolution = get_object_or_404(Resolution.objects.select_related("meeting"), pk=pk)
    back = reverse("committee:resolution", args=[pk])
    form = CarryOutForm(request.POST or None, initial={"on": timezone.localdate()})
    preview: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        event, on = form.cleaned_data["event"], form.cleaned_data["on"]
        if request.POST.get("step") == "apply" and (done := _carry_out(request, form, resolution)):
            return done
        waiting = carrying_out.waiting_for(event, resolution)
        preview = {
            "refusals": carrying_out.check(event, resolution, on=on),
            "waiting": waiting.count(),
            "cameras": waiting.in_order().select_related("site")[:SHOWN_CAMERAS],
        }
    return page(
        request,
        "portal/committee/carry_out.html",
        {
            "form": form,
            "resolution": resolution,
            "preview": preview,
            "total": carrying_out.cameras_of(resolution).count(),
            "back_url": back,
        },
        title=f"의결 {resolution.number}에 따른 처리",
        icon="check",
        crumbs=[crumb(*RESOLUTIONS)],
    )


def _carry_out(request: HttpRequest, form: CarryOutForm, resolution: Resolution) -> HttpResponse | None:
    return carry_out_form(
        request,
        form,
        lambda form: carrying_out.carry_out(
            form.cleaned_data["event"], resolution, on=form.cleaned_data["on"], by=officer(request)
        ),
        done=lambda act: (
            f"카메라 {act.moves.count():,}대를 ‘{act.get_event_display()}’{josa(act.get_event_display(), '으로/로')} 처리했습니다. 근거: {resolution}."
        ),
        to=reverse("committee:resolution", args=[resolution.pk]),
    )
