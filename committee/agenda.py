"""안건을 올리고 고치고 자료를 붙이는 일 (ordinance art. 28): until the meeting was held."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from cameras.models import InstallationProject
from casework import acts, refusals
from casework.acts import File
from casework.refusals import Refusal
from committee import following, papers
from committee.enums import ItemKind
from committee.models import AgendaItem, Meeting
from ordinance import rules
from ordinance.models import Finding
from records.models import Provision

if TYPE_CHECKING:
    from accounts.models import Officer

ARTICLE = "조례 제28조"
ADDED, CHANGED, PAPERS, DROPPED = (
    "committee.item_added",
    "committee.item_changed",
    "committee.papers_added",
    "committee.item_dropped",
)
LEDGER_KINDS = {
    ADDED: "운영위원회 안건 등록",
    CHANGED: "운영위원회 안건 변경",
    PAPERS: "운영위원회 안건 자료",
    DROPPED: "운영위원회 안건 제외",
}


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What is put before the committee."""

    function_no: int
    title: str
    text: str
    kind: ItemKind = ItemKind.DELIBERATE
    projects: Sequence[InstallationProject] = field(default=())
    provisions: Sequence[Provision] = field(default=())
    rule_codes: Sequence[str] = field(default=())
    report_period: str = ""


def unmet_rules() -> set[str]:
    """Codes of rules with an open finding."""
    return set(Finding.objects.open().order_by().values_list("rule__code", flat=True).distinct())


def known_rules() -> list[tuple[str, str]]:
    """What an item may be about: code and heading of every rule."""
    return [(rule.code, rule.heading) for rule in rules.all_rules()]


def against_change(meeting: Meeting) -> Iterator[Refusal]:
    """The agenda of a meeting that was held, or will not be, stands."""
    if meeting.cancelled_on is not None:
        yield Refusal("cancelled", "취소한 회의입니다.", ARTICLE)
    elif meeting.attendances.exists():
        # One that was recorded without a roll may still be given the agenda that was told.
        yield Refusal("held", "출석을 기록한 회의의 안건은 바꿀 수 없습니다.", ARTICLE)
    elif any(item.ballots.standing().exists() for item in meeting.items.all()):
        yield Refusal("answered", "위원이 의견을 낸 서면심의의 안건은 바꿀 수 없습니다.", ARTICLE)


def add(meeting: Meeting, facts: ItemFacts, *, by: "Officer", files: Iterable[File] = ()) -> AgendaItem:
    papers.check(sent := list(files))
    row = AgendaItem(meeting=meeting, recorded_by=by)
    with acts.begin(ADDED, row, by=by) as act:
        held = act.hold(meeting)
        act.refuse([*against_change(held), *_check(facts)])
        last = held.items.aggregate(last=Max("position"))["last"] or 0
        act.write(position=last + 1, **_columns(facts))
        _link(row, facts)
        act.attach(sent)
        act.payload |= _told(row)
        following.meeting(act, held)
    return row


def change(item: AgendaItem, facts: ItemFacts, *, by: "Officer") -> AgendaItem:
    with acts.begin(CHANGED, item, by=by) as act:
        act.refuse([*against_change(act.hold(item.meeting)), *_check(facts)])
        following.provisions(act, act.row.provisions.values_list("number", flat=True))
        act.write(**_columns(facts))
        _link(act.row, facts)
        act.payload |= _told(act.row)
        following.meeting(act, act.row.meeting)
    return act.row


def add_papers(item: AgendaItem, files: Iterable[File], *, by: "Officer") -> AgendaItem:
    """Papers may follow until the meeting was held; the notice names the agenda, not the papers."""
    papers.check(sent := list(files))
    with acts.begin(PAPERS, item, by=by) as act:
        act.refuse(against_change(act.hold(item.meeting)))
        act.attach(sent)
        act.payload |= _told(act.row)
    return act.row


def drop(item: AgendaItem, *, reason: str, by: "Officer") -> AgendaItem:
    """상정하지 않음: it stays on record under its number, and is neither counted nor decided."""
    with acts.begin(DROPPED, item, by=by) as act:
        act.refuse(
            [
                *against_change(act.hold(item.meeting)),
                *refusals.unwritten(reason, "reason", "상정하지 않는 사유를 적으십시오.", ARTICLE),
            ]
        )
        act.write(dropped_reason=reason)
        act.payload |= _told(act.row)
        following.meeting(act, act.row.meeting)
    return act.row


def _check(facts: ItemFacts) -> Iterator[Refusal]:
    yield from refusals.unwritten(facts.title, "title", "안건의 제목을 적으십시오.", ARTICLE)
    yield from refusals.unwritten(facts.text, "text", "제안 내용을 적으십시오.", ARTICLE)


def _columns(facts: ItemFacts) -> dict[str, Any]:
    return {
        "kind": facts.kind,
        "function_no": facts.function_no,
        "title": facts.title,
        "text": facts.text,
        "rule_codes": list(facts.rule_codes),
        "report_period": facts.report_period,
    }


def _link(row: AgendaItem, facts: ItemFacts) -> None:
    row.projects.set(facts.projects)
    row.provisions.set(facts.provisions)


def _told(item: AgendaItem) -> dict[str, Any]:
    """Numbers only: titles may name people."""
    return {
        "meeting": item.meeting.number,
        "item": item.position,
        "function_no": item.function_no,
        "projects": [project.number for project in item.projects.all()],
        "provisions": [row.number for row in item.provisions.all()],
    }


def snapshot(meeting: Meeting) -> list[dict[str, Any]]:
    """The agenda as a notice tells it."""
    rows = meeting.items.filter(dropped_reason="")
    return [
        {
            "position": item.position,
            "kind": item.kind,
            "function_no": item.function_no,
            "title": item.title,
        }
        for item in rows
    ]
