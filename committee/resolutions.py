"""의결서 (ordinance art. 28, 29): recorded once, corrected by a new one, never changed.

The outcome is computed from the figures of the vote. What a resolution names (projects, cameras) is fixed when it is
recorded, since papers and states of cameras rest on it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from accounts.korean import josa
from cameras.models import Camera, InstallationProject
from casework import acts, refusals
from casework.acts import File
from casework.numbers_of_year import next_ordinal
from casework.refusals import Refusal, refuse_if
from committee import conditions, following, quorum, voting
from committee.enums import MeetingKind, Outcome
from committee.meetings import largest_size
from committee.models import AgendaItem, Meeting, Resolution, ResolutionCamera, ResolutionCondition
from committee.voting import ARTICLE, Vote
from ordinance import assessment

if TYPE_CHECKING:
    from accounts.models import Officer

LINE_KIND = "committee.resolution_recorded"
LEDGER_KINDS = {LINE_KIND: "운영위원회 의결 기록"}
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Decision:
    """What the committee decided; `conditions` make a carried decision a conditional one."""

    on: dt.date
    function_no: int
    title: str
    text: str
    vote: Vote
    conditions: str = ""
    projects: Sequence[InstallationProject] = field(default=())
    cameras: Sequence[Camera] = field(default=())
    # The item of the agenda that it decides; its figures are then those of the item.
    item: AgendaItem | None = None
    # Until when its conditions are to be fulfilled.
    conditions_due_on: dt.date | None = None


def outcome_of(decision: Decision) -> Outcome:
    """가결, 조건부 가결 or 부결: more than half of those present must be in favour, a tie fails."""
    if not decision.vote.is_carried:
        return Outcome.FAILED
    return Outcome.CONDITIONAL if decision.conditions.strip() else Outcome.PASSED


def check(
    meeting: Meeting, decision: Decision, *, today: dt.date, corrects: Resolution | None = None
) -> list[Refusal]:
    """Why it cannot be recorded, in Korean; empty when it can."""
    most = largest_size(decision.on)
    found = [Refusal("vote", problem, ARTICLE) for problem in voting.problems(decision.vote, max_size=most)]
    if not decision.title.strip() or not decision.text.strip():
        found.append(Refusal("text", "안건과 의결 내용을 적어 주십시오.", ARTICLE))
    if decision.conditions.strip() and not decision.vote.is_carried:
        found.append(Refusal("conditions", "부결된 안건에는 조건을 붙일 수 없습니다.", ARTICLE))
    found += _refuse_day(meeting, decision, today)
    found += _refuse_meeting(meeting, decision, corrects)
    return found


def _refuse_day(meeting: Meeting, decision: Decision, today: dt.date) -> list[Refusal]:
    if decision.on > today:
        return [Refusal("future", "의결일은 오늘보다 뒤일 수 없습니다.", ARTICLE)]
    if meeting.kind == MeetingKind.MEETING and decision.on != meeting.on:
        return [Refusal("day", f"의결일은 회의가 열린 날({meeting.on:%Y-%m-%d})이어야 합니다.", ARTICLE)]
    if decision.on < meeting.on:
        return [Refusal("day", f"의결일은 서면심의일({meeting.on:%Y-%m-%d})보다 앞설 수 없습니다.", ARTICLE)]
    return []


def _refuse_meeting(meeting: Meeting, decision: Decision, corrects: Resolution | None) -> list[Refusal]:
    """A correction may put right a figure of the meeting, too; everything else must agree with it."""
    if meeting.enrolled is None or meeting.present is None:
        return [Refusal("figures", "회의의 재적위원과 출석위원을 먼저 기록하십시오.", ARTICLE)]
    if decision.item is not None:
        return list(_refuse_item(meeting, decision.item, decision.vote, corrects))
    if corrects is None and meeting.items.filter(dropped_reason="").exists():
        return [Refusal("item", "안건을 올린 회의입니다. 의결은 안건마다 기록하십시오.", ARTICLE)]
    if corrects is not None or decision.vote.enrolled == meeting.enrolled:
        return []
    return [Refusal("enrolled", f"재적위원이 회의의 기록({meeting.enrolled}명)과 다릅니다.", ARTICLE)]


def _refuse_item(
    meeting: Meeting, item: AgendaItem, vote: Vote, corrects: Resolution | None
) -> Iterator[Refusal]:
    """The figures are those of the item: after who stepped aside, and in writing as the ballots say."""
    if item.meeting_id != meeting.pk or not item.is_to_decide:
        yield Refusal("item", "이 회의에서 심의하는 안건이 아닙니다.", ARTICLE)
        return
    standing = Resolution.objects.standing().filter(item=item)
    if any(row != corrects for row in standing):
        yield Refusal("decided", "이미 의결한 안건입니다.", ARTICLE, "잘못이 있으면 그 의결을 정정하십시오.")
    if item.recusals.filter(is_accepted=None).exists():
        yield Refusal("challenge", "기피 신청을 아직 결정하지 않은 안건입니다.", ARTICLE)
    count = quorum.of_item(item)
    if (vote.enrolled, vote.present) != (count.enrolled, count.present):
        aside = f" 물러난 위원 {count.recused}명은 표결하지 못합니다." if count.recused else ""
        yield Refusal(
            "count",
            f"이 안건의 재적위원은 {count.enrolled}명, 출석위원은 {count.present}명입니다.{aside}",
            ARTICLE,
        )
    elif meeting.is_written and vote != quorum.written_vote(item):
        yield Refusal("ballots", "찬반의 수가 위원이 낸 의견과 다릅니다.", ARTICLE)


def record(
    meeting: Meeting,
    decision: Decision,
    *,
    by: "Officer",
    today: dt.date,
    files: Iterable[File] = (),
    corrects: Resolution | None = None,
    reason: str = "",
) -> Resolution:
    """Record a resolution for good."""
    row = Resolution(meeting=meeting)
    with acts.begin(LINE_KIND, row, by=by) as act:
        # Whoever changes the meeting meanwhile waits, and is then refused.
        held = act.hold(meeting)
        act.refuse(check(held, decision, today=today, corrects=corrects))
        ordinal = next_ordinal(Resolution, decision.on.year)
        act.write(**_columns(held, decision, ordinal, by=by, corrects=corrects, reason=reason))
        row.projects.set(decision.projects)
        _name_cameras(row, decision.cameras)
        _open_conditions(row, decision)
        act.payload |= _told(row, decision)
        act.attach(files)
        act.afterwards(lambda: _follow(row))
        following.resolution(act, *([row, corrects] if corrects else [row]))
    return row


def correct(
    wrong: Resolution,
    decision: Decision,
    *,
    reason: str,
    by: "Officer",
    today: dt.date,
    files: Iterable[File] = (),
) -> Resolution:
    """Record a resolution in the place of a wrong one of the same meeting. The wrong one stays readable."""
    with transaction.atomic():
        held = Resolution.objects.select_for_update().get(pk=wrong.pk)
        refuse_if(_against_correcting(held, reason))
        return record(
            held.meeting,
            replace(decision, item=held.item),
            by=by,
            today=today,
            files=[*held.attachments.all(), *files],
            corrects=held,
            reason=reason.strip(),
        )


def _against_correcting(wrong: Resolution, reason: str) -> Iterator[Refusal]:
    yield from refusals.unwritten(reason, "reason", "정정 사유를 적어 주십시오.")
    if later := Resolution.objects.filter(corrects=wrong).first():
        sentence = f"이미 의결 {later.number}{josa(later.number, '으로/로')} 정정되었습니다."
        yield Refusal("corrected", sentence, remedy="정정은 그 의결에서 하십시오.")


def _columns(
    meeting: Meeting,
    decision: Decision,
    ordinal: int,
    *,
    by: "Officer",
    corrects: Resolution | None,
    reason: str,
) -> dict[str, Any]:
    vote, year = decision.vote, decision.on.year
    return {
        "number": f"{year}-{ordinal}",
        "year": year,
        "ordinal": ordinal,
        "meeting": meeting,
        "item": decision.item,
        "on": decision.on,
        "function_no": decision.function_no,
        "title": decision.title,
        "text": decision.text,
        "conditions": decision.conditions,
        "enrolled": vote.enrolled,
        "present": vote.present,
        "votes_for": vote.votes_for,
        "votes_against": vote.votes_against,
        "abstained": vote.abstained,
        "outcome": outcome_of(decision),
        "corrects": corrects,
        "correction_reason": reason,
        "recorded_by": by,
    }


def _open_conditions(resolution: Resolution, decision: Decision) -> None:
    ResolutionCondition.objects.bulk_create(
        ResolutionCondition(
            resolution=resolution, position=position, text=text, due_on=decision.conditions_due_on
        )
        for position, text in enumerate(conditions.lines(decision.conditions), start=1)
    )


def _name_cameras(resolution: Resolution, cameras: Iterable[Camera]) -> None:
    lines = (
        ResolutionCamera(resolution=resolution, camera=camera, installation=camera.installation)
        for camera in {camera.pk: camera for camera in cameras}.values()
    )
    ResolutionCamera.objects.bulk_create(lines, batch_size=BATCH)


def _follow(resolution: Resolution) -> None:
    """The cameras that it decides on have their resolution, or have it no longer, from now on."""
    named = Q(project__in=resolution.projects.all()) | Q(resolution_lines__resolution=resolution)
    if resolution.corrects_id is not None:
        named |= Q(project__resolutions=resolution.corrects_id) | Q(
            resolution_lines__resolution=resolution.corrects_id
        )
    numbers = Camera.objects.filter(named).values_list("number", flat=True).distinct()
    assessment.follow(numbers, codes=["resolution"])


def _told(resolution: Resolution, decision: Decision) -> dict[str, Any]:
    """Figures and numbers only: titles and texts may name people."""
    return {
        "resolution": resolution.number,
        "meeting": resolution.meeting.number,
        "item": resolution.item.position if resolution.item else None,
        "on": resolution.on.isoformat(),
        "function_no": resolution.function_no,
        "outcome": resolution.outcome,
        "vote": [
            resolution.enrolled,
            resolution.present,
            resolution.votes_for,
            resolution.votes_against,
            resolution.abstained,
        ],
        "projects": [project.number for project in decision.projects],
        "cameras": len({camera.pk for camera in decision.cameras}),
        "corrects": resolution.corrects.number if resolution.corrects else None,
    }
