"""Who acts next at a meeting, and where the installation of a project waits for a resolution (`casework.next_steps`)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone

from cameras import lifecycle
from cameras.enums import CameraState
from cameras.models import Camera, InstallationProject
from casework.next_steps import NextStep, each, register
from committee import links, mailing, membership, minutes, notices, quorum
from committee.models import AgendaItem, Meeting, Minutes
from committee.rules import RESOLUTION
from ordinance import problems


def listen() -> None:
    register(InstallationProject, of_projects)
    register(Meeting, each(of_meeting))
    register(Minutes, each(of_minutes))


def of_projects(projects: Sequence[InstallationProject], now: datetime) -> dict[int, NextStep]:
    cameras = Camera.objects.filter(
        project__in=[project.pk for project in projects], state=CameraState.DELIBERATED
    )
    found = problems.among((RESOLUTION,), cameras, most=lifecycle.MOST_AT_ONCE)
    numbers = [number for problem in found for number in problem.numbers]
    waiting = set(cameras.filter(number__in=numbers).values_list("project", flat=True)) if numbers else set()
    return {project.pk: _as_project(project) for project in projects if project.pk in waiting}


def _as_project(project: InstallationProject) -> NextStep:
    """What is next on the way to the resolution; the project's page leads to its form."""
    return replace(
        way_to_resolve(project),
        url_name="projects:page",
        url_args=(project.pk,),
        query="",
        since=project.opened_at,
        asker_id=project.opened_by_id,
        article=RESOLUTION.provision,
    )


RESOLVE, CALL = "committee.add_resolution", "committee.change_meeting"


def way_to_resolve(project: InstallationProject) -> NextStep:
    """What the secretary does next so that the committee decides on this project: item, meeting, resolution."""
    items = AgendaItem.objects.filter(projects=project, dropped_reason="", meeting__cancelled_on=None)
    item = items.filter(resolutions=None).select_related("meeting").order_by("-meeting__on", "-pk").first()
    if item is not None:
        return _of_item(project, item)
    own = f"project={project.pk}"
    meetings = Meeting.objects.filter(cancelled_on=None)
    # Held without an agenda of this system: its figures are on record, so it may have decided.
    since = timezone.localdate(project.opened_at)
    for meeting in meetings.filter(on__gte=since, enrolled__isnull=False, items=None).order_by("-on", "-pk"):
        if meeting.is_quorate:
            return _step(project, "의결 기록하기", RESOLVE, "committee:resolution_add", meeting.pk, query=own)
    coming = meetings.filter(on__gte=timezone.localdate(), enrolled=None).order_by("on", "pk").first()
    if coming is not None:
        return _step(project, f"{coming}에 안건 올리기", CALL, "committee:item_add", coming.pk, query=own)
    return _step(project, "회의 등록하기", "committee.add_meeting", "committee:meeting_add")


def _of_item(project: InstallationProject, item: AgendaItem) -> NextStep:
    if item.meeting.is_held and item.is_to_decide and quorum.of_item(item).is_quorate:
        return _step(project, "의결 기록하기", RESOLVE, "committee:item_resolve", item.pk)
    return _step(project, f"{item.meeting} 진행하기", CALL, "committee:meeting", item.meeting_id)


def _step(
    project: InstallationProject, verb: str, needs: str, url_name: str, *args: int, query: str = ""
) -> NextStep:
    matter = f"설치 사업 {project.number}의 의결"
    return NextStep("committee.project", verb, matter, needs, url_name, args, query=query)


def of_meeting(meeting: Meeting, now: datetime) -> NextStep | None:
    """Agenda, notice, attendance or closing, resolutions, minutes: the first that is not on record."""
    if meeting.cancelled_on is not None:
        return None
    items = list(meeting.items.filter(dropped_reason="").order_by("position"))
    if not meeting.is_held:
        return _of_planned(meeting, items, now)
    return _of_decisions(meeting, items) or _of_minutes(meeting)


def of_minutes(written: Minutes, now: datetime) -> NextStep | None:
    """The meeting's own next step, on the page of its minutes too."""
    return of_meeting(written.meeting, now)


def _of_planned(meeting: Meeting, items: list[AgendaItem], now: datetime) -> NextStep:
    has_begun, today = meeting.has_begun(now), timezone.localdate(now)
    if not items and not has_begun:
        return _deed(meeting, "안건 올리기", "committee:item_add", due_on=meeting.on)
    if meeting.is_written:
        return _of_written(meeting, has_begun)
    if has_begun:
        return _deed(meeting, "출석 기록하기", "committee:attend", due_on=meeting.on)
    notice, due_on = notices.current(meeting), notices.deadline(meeting).due_on
    if notice is None:
        return _deed(meeting, "소집 통지 기록하기", "committee:notice", due_on=due_on)
    if by_letter := mailing.to_tell(notice, now).count():
        note = f"메일로 알리지 못한 위원이 {by_letter}명 있습니다. 공문으로 알리고 기록합니다."
        return _deed(meeting, "나머지 위원에게 알리기", "committee:notice_others", due_on=due_on, note=note)
    if unsent := mailing.being_mailed(notice, now).count():
        return _wait(meeting, f"위원 {unsent}명에게 보낼 메일이 아직 나가지 않았습니다. 다시 보냅니다.")
    if meeting.on > today:
        return _wait(meeting, "위원에게 알렸습니다. 회의가 열린 뒤 출석을 기록합니다.")
    return _deed(meeting, "출석 기록하기", "committee:attend", due_on=meeting.on)


def _of_written(meeting: Meeting, is_over: bool) -> NextStep:
    """Nobody answers what nobody was told: first each member's address goes out."""
    if is_over:
        return _deed(meeting, "의견 마감하기", "committee:written_close", due_on=meeting.on)
    untold = links.untold(meeting)
    reachable = [term for term in untold if term.member.email]
    if reachable:
        # Who wrote a member's mail address makes no link for that member (`links.against_mailing`).
        entered = {membership.address_entered_by(term.member) for term in reachable}
        return _deed(
            meeting,
            "위원의 서명 주소 만들기",
            "committee:links",
            due_on=meeting.on,
            not_by=frozenset(entered) if len(entered) == 1 else frozenset(),
            note=f"아직 알리지 않은 위원이 {len(untold)}명 있습니다.",
        )
    on_paper = f" 전자우편 주소가 없는 위원 {len(untold)}명에게는 의견서를 종이로 보냅니다." if untold else ""
    return _wait(meeting, f"위원이 의견을 냅니다. 모두 내거나 마지막 날이 지나면 마감합니다.{on_paper}")


def _of_decisions(meeting: Meeting, items: list[AgendaItem]) -> NextStep | None:
    decided = set(meeting.resolutions.values_list("item", flat=True))
    counted = quorum.counts(meeting)
    for item in items:
        if item.is_to_decide and item.pk not in decided and counted[item.pk].is_quorate:
            return _deed(meeting, "의결 기록하기", "committee:item_resolve", item.pk, needs=RESOLVE)
    if not items and not decided and meeting.is_quorate:
        return _deed(meeting, "의결 기록하기", "committee:resolution_add", needs=RESOLVE)
    return None


def _of_minutes(meeting: Meeting) -> NextStep | None:
    written = Minutes.objects.filter(meeting=meeting).defer("contents").first()
    due_on = minutes.due_on(meeting)
    if written is None:
        # Of a written deliberation they may be left out (art. 29).
        if meeting.is_written:
            return None
        return _deed(meeting, "회의록 쓰기", "committee:minutes_begin", due_on=due_on)
    if not written.is_locked:
        if (lacking := next(minutes.check_locking(written), None)) is not None:
            verb = "초안 고치기" if lacking.code == "objection" else "위원의 확인 받기"
            return _deed(meeting, verb, "committee:minutes", written.pk, due_on=due_on, note=lacking.sentence)
        return _deed(meeting, "회의록 확정하기", "committee:minutes_lock", written.pk, due_on=due_on)
    if written.published_at is None and not written.is_withheld:
        note = "공개하지 않으려면 ‘공개하지 않음…’에 사유와 조문을 적습니다."
        return _deed(
            meeting, "회의록 공개하기", "committee:minutes_publish", written.pk, due_on=due_on, note=note
        )
    return None


def _deed(
    meeting: Meeting,
    verb: str,
    url_name: str,
    *args: int,
    needs: str = CALL,
    due_on: date | None = None,
    not_by: frozenset[int | None] = frozenset(),
    note: str = "",
) -> NextStep:
    return NextStep(
        "committee.meeting",
        verb,
        f"운영위원회 {meeting}",
        needs,
        url_name,
        args or (meeting.pk,),
        due_on=due_on,
        not_by=not_by,
        note=note,
        page_name="committee:meeting",
        page_args=(meeting.pk,),
    )


def _wait(meeting: Meeting, note: str) -> NextStep:
    own = (meeting.pk,)
    return NextStep(
        "committee.meeting",
        "기다림",
        f"운영위원회 {meeting}",
        url_name="committee:meeting",
        url_args=own,
        due_on=meeting.on,
        note=note,
    )
