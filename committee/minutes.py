"""회의록 (ordinance art. 29, general committee ordinance art. 10): draft, confirmed, locked, published.

A confirmation is of a digest: whoever changes the draft afterwards has it confirmed anew. Locked minutes never change;
a correction sheet stands beside them. The public version has no names of speakers and is frozen when it is published.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from casework import acts, refusals
from casework.refusals import Refusal
from committee import attendance, following, links, quorum, recordings
from committee.enums import AnswerWay, MinutesState
from committee.models import (
    AgendaItem,
    Meeting,
    Minutes,
    MinutesConfirmation,
    MinutesCorrection,
    Resolution,
    SignedLink,
    Statement,
    Term,
)
from ordinance import citations, deadlines, parameters
from ordinance.periods import SEOUL

if TYPE_CHECKING:
    from accounts.models import Officer

ARTICLE = "조례 제29조, 각종 위원회 구성 및 운영에 관한 조례 제10조"
BEGUN, WRITTEN, CONFIRMED, LOCKED, CORRECTED, PUBLISHED, WITHHELD = (
    "committee.minutes_begun",
    "committee.minutes_written",
    "committee.minutes_confirmed",
    "committee.minutes_locked",
    "committee.minutes_corrected",
    "committee.minutes_published",
    "committee.minutes_withheld",
)
LEDGER_KINDS = {
    BEGUN: "회의록 작성 시작",
    WRITTEN: "회의록 작성",
    CONFIRMED: "회의록 확인",
    LOCKED: "회의록 확정",
    CORRECTED: "회의록 정정",
    PUBLISHED: "회의록 공개",
    WITHHELD: "회의록 비공개 결정",
}
DAYS, NEEDED = "minutes_publication_days", "minutes_confirmations"


def due_on(meeting: Meeting) -> dt.date:
    """Until when they are published."""
    days = int(parameters.value(DAYS, meeting.on).value)
    return deadlines.civil(meeting.on, days).due_on


def links_until(meeting: Meeting) -> dt.datetime:
    """A week to confirm, and not shorter than the time until they are published."""
    last = max(due_on(meeting), timezone.localdate() + dt.timedelta(days=7))
    return dt.datetime.combine(last, dt.time(23, 59, 59), tzinfo=SEOUL)


def needed(meeting: Meeting) -> int:
    """How many members confirm: as the office sets it, and not more than were there."""
    return max(1, min(int(parameters.value(NEEDED, meeting.on).value), meeting.present or 1))


# -- what they say


def draft(minutes: Minutes) -> dict[str, Any]:
    """The five contents (date and place, members present, statements, agenda and decision, other) as they stand now."""
    meeting = minutes.meeting
    statements = list(minutes.statements.select_related("term__member"))
    return {
        "number": meeting.number,
        "title": str(meeting),
        "on": meeting.on.isoformat(),
        "starts_at": f"{meeting.starts_at:%H:%M}" if meeting.starts_at else "",
        "place": meeting.place,
        "written_reason": meeting.written_reason,
        "enrolled": meeting.enrolled,
        "present": meeting.present,
        "members": _members(meeting),
        "experts": [
            {"who": each.affiliation, "name": each.name, "said": each.said} for each in meeting.experts.all()
        ],
        "items": _items(meeting, statements),
        "statements": [_said(each) for each in statements if each.item_id is None],
        "other": minutes.other,
    }


def _members(meeting: Meeting) -> list[dict[str, Any]]:
    if meeting.is_written:
        rows = {term.pk: term for item in meeting.items.all() for term in _answered(item)}
        return [_member(term, is_present=True) for term in rows.values()]
    rows_there = meeting.attendances.select_related("term__member")
    return [_member(row.term, is_present=row.is_present) for row in rows_there]


def _answered(item: AgendaItem) -> list[Term]:
    return [ballot.term for ballot in item.ballots.counted().select_related("term__member").defer("opinion")]


def _member(term: Term, *, is_present: bool) -> dict[str, Any]:
    return {
        "office": term.get_office_display() or "위원",
        "affiliation": term.member.affiliation,
        "name": term.member.shown_name,
        "present": is_present,
    }


def _items(meeting: Meeting, statements: list[Statement]) -> list[dict[str, Any]]:
    rows = list(meeting.items.prefetch_related("recusals__term__member", "recusals"))
    standing = list(Resolution.objects.standing().filter(meeting=meeting).order_by("ordinal"))
    if not rows:
        # Recorded without an agenda: what was resolved is what is known.
        return [
            {"position": n, "title": row.title, "kind": "심의", "text": "", "aside": [], "statements": []}
            | _decision(row, row.enrolled, row.present)
            for n, row in enumerate(standing, start=1)
        ]
    counts, by_item = quorum.counts(meeting), {row.item_id: row for row in standing}
    found = []
    for item in rows:
        count = counts[item.pk]
        found.append(
            {
                "position": item.position,
                "title": item.title,
                "kind": item.get_kind_display(),
                "text": item.text,
                "aside": [
                    {"name": each.term.member.shown_name, "kind": each.get_kind_display()}
                    for each in item.recusals.all()
                    if each.is_accepted
                ],
                "statements": [_said(each) for each in statements if each.item_id == item.pk],
                **_decision(by_item.get(item.pk), count.enrolled, count.present),
                "dropped": item.dropped_reason,
                "is_quorate": count.is_quorate,
                "is_to_decide": item.is_to_decide,
            }
        )
    return found


def _decision(row: Resolution | None, enrolled: int, present: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "enrolled": enrolled,
        "present": present,
        "is_quorate": True,
        "is_to_decide": True,
        "dropped": "",
        "resolution": "",
    }
    if row is None:
        return told
    return told | {
        "resolution": row.number,
        "outcome": row.get_outcome_display(),
        "decision": row.text,
        "conditions": row.conditions,
        "votes": [row.votes_for, row.votes_against, row.abstained],
    }


def _said(statement: Statement) -> dict[str, str]:
    if statement.term is None:
        return {"speaker": statement.speaker, "text": statement.text}
    office = statement.term.get_office_display() or "위원"
    return {"speaker": f"{statement.term.member.shown_name} {office}", "text": statement.text}


def public_of(contents: dict[str, Any]) -> dict[str, Any]:
    """Without the names of speakers, of experts, and of who stepped aside; members are listed as the law wants."""
    has_names = bool(parameters.value("committee_list_names").value)
    return contents | {
        "members": [{**each, "name": each["name"] if has_names else ""} for each in contents["members"]],
        "experts": [{**each, "name": ""} for each in contents["experts"]],
        "statements": [_nameless(each) for each in contents["statements"]],
        "items": [
            item
            | {
                "aside": [{"name": "", "kind": each["kind"]} for each in item["aside"]],
                "statements": [_nameless(each) for each in item["statements"]],
            }
            for item in contents["items"]
        ],
    }


def _nameless(statement: dict[str, str]) -> dict[str, str]:
    return {"speaker": "", "text": statement["text"]}


def canonical(contents: dict[str, Any]) -> str:
    return json.dumps(contents, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(contents: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(contents).encode("utf-8", "surrogatepass")).hexdigest()


# -- writing


def begin(meeting: Meeting, *, by: "Officer") -> Minutes:
    """A draft from agenda, attendance and decisions."""
    row = Minutes(meeting=meeting, recorded_by=by)
    with acts.begin(BEGUN, row, by=by) as act:
        held = act.hold(meeting)
        if not held.is_held:
            act.refuse(
                [
                    Refusal(
                        "held", "아직 열리지 않은 회의입니다.", ARTICLE, "출석이나 마감을 먼저 기록하십시오."
                    )
                ]
            )
        if Minutes.objects.filter(meeting=held).exists():
            act.refuse([Refusal("begun", "이미 회의록을 쓰고 있습니다.", ARTICLE)])
        act.write()
        act.payload |= {"meeting": held.number}
        following.meeting(act, held)
    return row


def write(
    minutes: Minutes,
    *,
    other: str,
    by: "Officer",
    audio: UploadedFile | None = None,
) -> Minutes:
    """`audio`: the recording of the meeting, to be kept with it."""
    with acts.begin(WRITTEN, minutes, by=by) as act:
        act.refuse(_against_writing(act.row))
        act.write(other=other)
        act.payload |= {"meeting": act.row.meeting.number}
        if audio is not None:
            recordings.keep(act.row, audio, by=by)
    return act.row


def say(
    minutes: Minutes,
    *,
    text: str,
    item: AgendaItem | None,
    term: Term | None = None,
    speaker: str = "",
    by: "Officer",
) -> Statement:
    """발언 in the draft, by a member who was there or by somebody named by post."""
    with acts.begin(WRITTEN, minutes, by=by) as act:
        act.refuse(
            [
                *_against_writing(act.row),
                *refusals.unwritten(text, "text", "발언 내용을 적으십시오.", ARTICLE),
                *_against_speaker(act.row, term, speaker),
            ]
        )
        row = act.add(
            Statement(
                minutes=act.row,
                item=item,
                position=act.row.statements.count() + 1,
                term=term,
                speaker="" if term else speaker.strip(),
                text=text.strip(),
            )
        )
        act.payload |= {"meeting": act.row.meeting.number, "statement": row.position}
    return row


def _against_speaker(minutes: Minutes, term: Term | None, speaker: str) -> Iterator[Refusal]:
    if term is None and not speaker.strip():
        yield Refusal("speaker", "발언한 위원을 고르거나 직위를 적으십시오.", ARTICLE, field="speaker")
    there = {each.pk for each in attendance.present_terms(minutes.meeting)}
    if term is not None and not minutes.meeting.is_written and term.pk not in there:
        yield Refusal("absent", "출석하지 않은 위원은 발언할 수 없습니다.", ARTICLE, field="term")


def take_back(statement: Statement, *, by: "Officer") -> None:
    """A statement leaves the draft."""
    with acts.begin(WRITTEN, statement.minutes, by=by) as act:
        act.refuse(_against_writing(act.row))
        act.payload |= {"meeting": act.row.meeting.number, "statement": statement.position}
        act.hold(statement).delete()


def _against_writing(minutes: Minutes) -> Iterator[Refusal]:
    if minutes.is_locked:
        yield Refusal("locked", "확정한 회의록은 고칠 수 없습니다.", ARTICLE, "정정표로 바로잡으십시오.")


# -- confirming


def confirmed_by(minutes: Minutes) -> list[MinutesConfirmation]:
    """Who has confirmed the draft as it stands now; an earlier draft's confirmations do not count."""
    stands = minutes.sha256 or digest(draft(minutes))
    rows = minutes.confirmations.select_related("term__member").defer("objection")
    return [row for row in rows if row.sha256 == stands]


def may_confirm(minutes: Minutes) -> list[Term]:
    """Members who were there (or answered)."""
    meeting = minutes.meeting
    if meeting.is_written:
        found = {term.pk: term for item in meeting.items.all() for term in _answered(item)}
        return list(found.values())
    return attendance.present_terms(meeting)


def check_confirming(minutes: Minutes, term: Term) -> Iterator[Refusal]:
    if minutes.is_locked:
        yield Refusal("locked", "이미 확정한 회의록입니다.", ARTICLE)
    if term.pk not in {each.pk for each in may_confirm(minutes)}:
        yield Refusal("absent", "출석하지 않은 위원은 회의록을 확인할 수 없습니다.", ARTICLE, field="term")
    stands = digest(draft(minutes))
    if minutes.confirmations.filter(term=term, sha256=stands).exists():
        yield Refusal("twice", "이 내용을 이미 확인한 위원입니다.", ARTICLE)


def confirm_on_paper(
    minutes: Minutes, term: Term, *, on: dt.date, objection: str = "", by: "Officer", today: dt.date
) -> MinutesConfirmation:
    """A signed paper that came back; an objection says what is to be put right."""
    with acts.begin(CONFIRMED, minutes, by=by) as act:
        since = act.row.meeting.on
        act.refuse(
            [
                *check_confirming(act.row, term),
                *refusals.outside(on, "on", "확인한 날", until=today, since=since, since_name="회의 날"),
            ]
        )
        return _confirm(act, term, objection, AnswerWay.PAPER, on, by=by)


class Changed(refusals.Refused):
    """The draft is no longer the one that was read."""


def confirm_by_link(
    link: SignedLink, secret: str, code: str, *, seen: str, objection: str = ""
) -> MinutesConfirmation:
    """`seen`: the digest of the draft that the member read."""
    minutes = Minutes.objects.get(meeting=link.meeting)
    with acts.begin(CONFIRMED, minutes, actor="system:committee") as act:
        held = links.take(link, secret, code)
        act.refuse(check_confirming(act.row, held.term))
        if seen != digest(draft(act.row)):
            sentence = "읽으시는 동안 초안이 바뀌었습니다. 지금 내용을 다시 읽고 답해 주십시오."
            raise Changed([Refusal("changed", sentence)])
        return _confirm(act, held.term, objection, AnswerWay.LINK, timezone.localdate(act.at), link=held)


def _confirm(
    act: acts.Act[Minutes], term: Term, objection: str, way: AnswerWay, on: dt.date, **who: Any
) -> MinutesConfirmation:
    row = act.add(
        MinutesConfirmation(
            minutes=act.row,
            term=term,
            sha256=digest(draft(act.row)),
            objection=objection.strip(),
            has_objection=bool(objection.strip()),
            way=way,
            on=on,
            at=act.at,
            link=who.get("link"),
            entered_by=who.get("by"),
        )
    )
    act.payload |= {
        "meeting": act.row.meeting.number,
        "term": term.number,
        "answer_way": way.value,
        "objected": row.has_objection,
        "content_digest": row.sha256,
    }
    following.meeting(act, act.row.meeting)
    return row


# -- locking, correcting, publishing


def check_locking(minutes: Minutes) -> Iterator[Refusal]:
    yield from _against_writing(minutes)
    given = confirmed_by(minutes)
    agreed = [row for row in given if not row.has_objection]
    wanted = needed(minutes.meeting)
    if any(row.has_objection for row in given):
        yield Refusal(
            "objection",
            "고칠 것이 있다고 한 위원이 있습니다.",
            ARTICLE,
            "초안을 고치고 다시 확인을 받으십시오.",
        )
    if len(agreed) < wanted:
        yield Refusal(
            "unconfirmed",
            f"출석한 위원 {wanted}명 이상이 확인하여야 확정합니다. 지금 내용을 확인한 위원은 {len(agreed)}명입니다.",
            ARTICLE,
            "서명 주소나 종이로 확인을 받으십시오.",
        )
    undecided = [
        item["title"]
        for item in draft(minutes)["items"]
        if item["is_to_decide"] and item["is_quorate"] and not item["resolution"]
    ]
    if undecided:
        yield Refusal("undecided", f"의결을 기록하지 않은 안건이 있습니다: {undecided[0]}", ARTICLE)


def lock(minutes: Minutes, *, by: "Officer") -> Minutes:
    """확정: frozen with names as it stands; the ledger holds the digest."""
    with acts.begin(LOCKED, minutes, by=by) as act:
        act.refuse(check_locking(act.row))
        contents = draft(act.row)
        act.write(
            state=MinutesState.LOCKED,
            contents=canonical(contents),
            sha256=digest(contents),
            locked_at=act.at,
            locked_by=by,
        )
        act.row.meeting.links.filter(purpose="minutes", used_at=None, void_at=None).update(void_at=act.at)
        act.payload |= {"meeting": act.row.meeting.number, "content_digest": act.row.sha256}
        following.meeting(act, act.row.meeting)
    return act.row


def correct(minutes: Minutes, *, text: str, reason: str, by: "Officer") -> MinutesCorrection:
    """정정표: beside what was locked."""
    with acts.begin(CORRECTED, minutes, by=by) as act:
        act.refuse(
            [
                *(
                    []
                    if act.row.is_locked
                    else [Refusal("draft", "확정하기 전에는 초안을 고치십시오.", ARTICLE)]
                ),
                *refusals.unwritten(text, "text", "바로잡는 내용을 적으십시오.", ARTICLE),
                *refusals.unwritten(reason, "reason", "사유를 적으십시오.", ARTICLE),
            ]
        )
        row = act.add(
            MinutesCorrection(
                minutes=act.row,
                ordinal=act.row.corrections.count() + 1,
                text=text.strip(),
                reason=reason.strip(),
                at=act.at,
                by=by,
            )
        )
        act.payload |= {"meeting": act.row.meeting.number, "ordinal": row.ordinal}
        following.meeting(act, act.row.meeting)
    return row


def check_publishing(minutes: Minutes) -> Iterator[Refusal]:
    if not minutes.is_locked:
        yield Refusal("draft", "확정한 회의록만 공개합니다.", ARTICLE)
    if minutes.published_at is not None:
        yield Refusal("published", "이미 공개한 회의록입니다.", ARTICLE)


def publish(minutes: Minutes, *, by: "Officer") -> Minutes:
    """On the website from now on, without names of speakers."""
    with acts.begin(PUBLISHED, minutes, by=by) as act:
        act.refuse(check_publishing(act.row))
        act.write(
            public=public_of(act.row.frozen),
            published_at=act.at,
            published_by=by,
        )
        act.payload |= {
            "meeting": act.row.meeting.number,
            "content_digest": digest(act.row.public or {}),
        }
        following.meeting(act, act.row.meeting)
    return act.row


def _check_exception(reason: str) -> Iterator[Refusal]:
    """The law lists what may be kept back; a circumstance of the office is not among it."""
    if reason.strip() and not citations.names_a_provision(reason):
        text = "공개하지 않을 수 있게 하는 법령이나 조례의 조문을 적으십시오."
        remedy = "예: 공공기관의 정보공개에 관한 법률 제9조제1항제6호"
        yield Refusal("exception", text, ARTICLE, remedy, field="reason")


def withhold(minutes: Minutes, *, reason: str, by: "Officer", today: dt.date) -> Minutes:
    """Not published, for a reason that the law knows (비공개 대상 정보)."""
    with acts.begin(WITHHELD, minutes, by=by) as act:
        act.refuse(
            [
                *check_publishing(act.row),
                *refusals.unwritten(reason, "reason", "비공개 사유와 근거를 적으십시오.", ARTICLE),
                *_check_exception(reason),
            ]
        )
        # With its article put right later, it was kept back on that day all the same.
        act.write(withheld_on=act.row.withheld_on or today, withheld_reason=reason)
        act.payload |= {"meeting": act.row.meeting.number}
        following.meeting(act, act.row.meeting)
    return act.row
