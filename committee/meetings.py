"""Meetings and written deliberations (ordinance art. 29): planned, held, put right until a resolution rests on them."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from casework.numbers_of_year import next_ordinal
from casework.refusals import Refusal, refuse_if
from committee.enums import MeetingKind
from committee.models import Meeting
from committee.voting import ARTICLE
from ordinance import parameters

if TYPE_CHECKING:
    from accounts.models import Officer


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What is known of a meeting; persons in `enrolled` and `present`, both None as long as it was not held."""

    kind: MeetingKind
    on: dt.date
    place: str = ""
    written_reason: str = ""
    enrolled: int | None = None
    present: int | None = None


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


@transaction.atomic
def record(facts: MeetingFacts, *, by: "Officer", today: dt.date) -> Meeting:
    """Enter a meeting, planned or held, under the next number of its year."""
    refuse_if(check(facts, today=today))
    year = facts.on.year
    ordinal = next_ordinal(Meeting, year)
    meeting = Meeting(number=f"{year}-{ordinal}", year=year, ordinal=ordinal, recorded_by=by)
    meeting._history_user = by  # type: ignore[attr-defined]
    _filled(meeting, facts).save()
    return meeting


@transaction.atomic
def change(meeting: Meeting, facts: MeetingFacts, *, by: "Officer", reason: str, today: dt.date) -> Meeting:
    """Put a meeting right, with history. Refused once a resolution rests on it: that one would no longer be true."""
    current = Meeting.objects.select_for_update().get(pk=meeting.pk)
    found = check(facts, today=today)
    if not reason.strip():
        found.append(Refusal("reason", "변경 사유를 적어 주십시오."))
    if current.resolutions.exists():
        found.append(
            Refusal(
                "resolved",
                "의결이 기록된 회의는 고칠 수 없습니다.",
                ARTICLE,
                "잘못이 있으면 의결을 정정하십시오.",
            )
        )
    if facts.on.year != current.year:
        found.append(
            Refusal("year", f"{current.year}년의 회의번호를 받은 회의입니다. 다른 해로 옮길 수 없습니다.")
        )
    refuse_if(found)
    _filled(current, facts)
    current._change_reason = reason.strip()  # type: ignore[attr-defined]
    current._history_user = by  # type: ignore[attr-defined]
    current.save()
    return current


def _filled(meeting: Meeting, facts: MeetingFacts) -> Meeting:
    is_written = facts.kind == MeetingKind.WRITTEN
    meeting.kind = facts.kind
    meeting.on = facts.on
    meeting.place = "" if is_written else facts.place.strip()
    meeting.written_reason = facts.written_reason.strip() if is_written else ""
    meeting.enrolled = facts.enrolled
    meeting.present = facts.present
    return meeting
