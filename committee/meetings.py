"""Meetings and written deliberations (ordinance art. 29): planned, held, put right until a resolution rests on them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casework import acts, refusals
from casework.numbers_of_year import next_ordinal
from casework.refusals import Refusal
from committee import following
from committee.enums import MeetingKind
from committee.models import Ballot, Meeting
from committee.voting import ARTICLE
from ordinance import parameters

if TYPE_CHECKING:
    from accounts.models import Officer

RECORDED = "committee.meeting_recorded"
CHANGED = "committee.meeting_changed"
LEDGER_KINDS = {RECORDED: "운영위원회 회의 등록", CHANGED: "운영위원회 회의 변경"}


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What is known of a meeting; persons in `enrolled` and `present`, both None as long as it was not held."""

    kind: MeetingKind
    on: dt.date
    place: str = ""
    written_reason: str = ""
    enrolled: int | None = None
    present: int | None = None
    starts_at: dt.time | None = None


def largest_size(on: dt.date | None = None) -> int:
    """How many members the committee may have on that day (ordinance art. 26)."""
    return int(parameters.value("committee_max_size", on).value)


def check(facts: MeetingFacts, *, today: dt.date) -> list[Refusal]:
    """Why such a meeting cannot be recorded; empty when it can."""
    found = []
    if facts.kind == MeetingKind.MEETING and not facts.place.strip():
        found.append(Refusal("place", "회의 장소를 적어 주십시오.", ARTICLE))
    if facts.kind == MeetingKind.WRITTEN and not facts.written_reason.strip():
        found.append(Refusal("written", "서면심의 사유(경미하거나 긴급한 사유)를 적어 주십시오.", ARTICLE))
    return found + _refuse_figures(facts, today)


def _refuse_figures(facts: MeetingFacts, today: dt.date) -> list[Refusal]:
    if facts.enrolled is None and facts.present is None:
        return []
    if facts.enrolled is None or facts.present is None:
        return [Refusal("figures", "재적위원과 출석위원을 함께 적어 주십시오.", ARTICLE)]
    found = []
    if facts.on > today:
        found.append(Refusal("future", "아직 열리지 않은 회의에는 출석위원을 적을 수 없습니다.", ARTICLE))
    if not 1 <= facts.enrolled <= (most := largest_size(facts.on)):
        found.append(Refusal("size", f"재적위원은 1명 이상 {most}명 이내여야 합니다.", "조례 제26조"))
    if not 0 <= facts.present <= facts.enrolled:
        found.append(Refusal("present", "출석위원은 재적위원보다 많을 수 없습니다.", ARTICLE))
    return found


def record(facts: MeetingFacts, *, by: "Officer", today: dt.date) -> Meeting:
    """Enter a meeting, planned or held, under the next number of its year."""
    meeting = Meeting(recorded_by=by)
    with acts.begin(RECORDED, meeting, by=by) as act:
        act.refuse(check(facts, today=today))
        meeting.year, meeting.ordinal = facts.on.year, next_ordinal(Meeting, facts.on.year)
        act.write(number=f"{meeting.year}-{meeting.ordinal}", **_columns(facts))
        act.payload |= _told(meeting)
        following.meeting(act, meeting)
    return meeting


def change(meeting: Meeting, facts: MeetingFacts, *, by: "Officer", reason: str, today: dt.date) -> Meeting:
    """Put a meeting right, with history. Refused once a resolution rests on it: that one would no longer be true."""
    with acts.begin(CHANGED, meeting, by=by) as act:
        act.refuse([*check(facts, today=today), *_against_change(act.row, facts, reason)])
        act.write(reason=reason, **_columns(facts))
        act.payload |= _told(act.row)
        # A meeting that was moved has not been announced.
        following.meeting(act, act.row)
    return act.row


def _against_change(meeting: Meeting, facts: MeetingFacts, reason: str) -> Iterator[Refusal]:
    yield from refusals.unwritten(reason, "reason", "변경 사유를 적어 주십시오.")
    if meeting.resolutions.exists():
        yield Refusal(
            "resolved",
            "의결이 기록된 회의는 고칠 수 없습니다.",
            ARTICLE,
            "잘못이 있으면 의결을 정정하십시오.",
        )
    if meeting.cancelled_on is not None:
        yield Refusal("cancelled", "취소한 회의입니다.", ARTICLE)
    figures = (facts.on, facts.enrolled, facts.present)
    if _is_counted(meeting) and figures != (meeting.on, meeting.enrolled, meeting.present):
        yield Refusal(
            "counted",
            "개최일과 재적·출석위원은 출석부(서면심의는 낸 의견)에서 센 것이어서 여기서 고칠 수 없습니다.",
            ARTICLE,
            "출석을 다시 기록하십시오.",
        )
    if facts.kind != meeting.kind and meeting.notices.exists():
        yield Refusal("kind", "소집을 통지한 회의의 개최 방법은 바꿀 수 없습니다.", ARTICLE)
    if facts.on.year != meeting.year:
        yield Refusal("year", f"{meeting.year}년의 회의번호를 받은 회의입니다. 다른 해로 옮길 수 없습니다.")


def _is_counted(meeting: Meeting) -> bool:
    """Whether its figures come from the members themselves."""
    return meeting.attendances.exists() or Ballot.objects.standing().filter(item__meeting=meeting).exists()


def _columns(facts: MeetingFacts) -> dict[str, Any]:
    is_written = facts.kind == MeetingKind.WRITTEN
    return {
        "kind": facts.kind,
        "on": facts.on,
        "place": "" if is_written else facts.place,
        "starts_at": None if is_written else facts.starts_at,
        "written_reason": facts.written_reason if is_written else "",
        "enrolled": facts.enrolled,
        "present": facts.present,
    }


def _told(meeting: Meeting) -> dict[str, Any]:
    """Figures only: place and reason may name people."""
    return {
        "meeting": meeting.number,
        "on": meeting.on.isoformat(),
        "enrolled": meeting.enrolled,
        "present": meeting.present,
    }
