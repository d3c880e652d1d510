"""The plan from draft to approval: begin a version, write its contents, ask for approval, approve or send back.

Who wrote any of the words of a version, or asked for its approval, does not approve it. An approved version never changes;
what changes afterwards is the next one, with its reason and what is different in it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Officer
from casework import acts, second_person
from casework.acts import Act
from casework.refusals import Refusal, unwritten
from ordinance import assessment
from ordinance.parameters import active_profile
from ordinance.rules import Subject
from records.internal_plan import contents
from records.internal_plan.contents import ARTICLE, Content
from records.models import InternalPlan

BEGUN = "records.internal_plan_begun"
STARTED_OVER = "records.internal_plan_started_over"
WRITTEN = "records.internal_plan_written"
COMPARED = "records.internal_plan_compared"
ASKED = "records.internal_plan_asked"
RETURNED = "records.internal_plan_returned"
APPROVED = "records.internal_plan_approved"
KINDS = {
    BEGUN: "내부 관리계획의 판 시작",
    STARTED_OVER: "내부 관리계획의 초안을 처음부터 다시 시작",
    WRITTEN: "내부 관리계획의 내용 작성",
    COMPARED: "내부 관리계획의 제목을 원문과 대조",
    ASKED: "내부 관리계획의 승인 요청",
    RETURNED: "내부 관리계획을 돌려보냄",
    APPROVED: "내부 관리계획 승인",
}
RULE = "internal_plan"
OWN = "own-"


def draft() -> InternalPlan | None:
    return InternalPlan.objects.filter(approved_at__isnull=True).first()


def approved() -> "QuerySet[InternalPlan]":
    return InternalPlan.objects.filter(approved_at__isnull=False).order_by("-version")


def in_force(on: dt.date) -> InternalPlan | None:
    """A version for a later day waits for its day."""
    return approved().filter(effective_on__lte=on).first()


def begin(*, by: Officer) -> InternalPlan:
    """The next version, with the words of the last one."""
    last = InternalPlan.objects.first()
    plan = InternalPlan(version=last.version + 1 if last else 1, begun_by=by, begun_at=timezone.now())
    with acts.begin(BEGUN, plan, by=by) as act:
        if last is not None and not last.is_approved:
            act.refuse([Refusal("draft", f"{last}을 이미 작성하고 있습니다.", ARTICLE)])
        act.write(begun_at=act.at, **_begun_with(last), writers=[by.pk])
        act.payload |= {"contents": len(act.row.contents)}
    return plan


def start_over(plan: InternalPlan, *, by: Officer) -> InternalPlan:
    """The draft as it was begun. Nobody else's words are in it any more: where there is one manager who wrote some of
    them, the approval is his again."""
    with acts.begin(STARTED_OVER, plan, by=by) as act:
        act.refuse(_if_approved(act.row))
        begun = _begun_with(approved().first())
        act.write(**begun, writers=[by.pk], why="", asked_by=None, asked_at=None, returned_why="")
        act.payload |= {"contents": len(act.row.contents)}
    return act.row


def _begun_with(last: InternalPlan | None) -> dict[str, Any]:
    if last is None:
        return {"contents": contents.begin_with(), "compared_with": ""}
    return {"contents": last.contents, "compared_with": last.compared_with}


def write(plan: InternalPlan, code: str, *, title: str, text: str, by: Officer) -> InternalPlan:
    """The words of one content; a new one where `code` is empty. Whoever was asked to approve has to be asked again."""
    with acts.begin(WRITTEN, plan, by=by) as act:
        act.refuse([*_if_approved(act.row), *_unfit(act.row, code, title, text)])
        rows = [dict(row) for row in act.row.contents]
        is_renamed = True
        words = {"title": title.strip(), "text": text.strip()}
        if code:
            row = next(row for row in rows if row["code"] == code)
            is_renamed = row["title"] != words["title"]
            row.update(words)
        else:
            code = _own_code(rows)
            rows.append({"code": code, **words})
        _rewrite(act, rows, is_renamed, by)
        act.payload |= {"content": code}
    return act.row


def leave_out(plan: InternalPlan, code: str, *, by: Officer) -> InternalPlan:
    with acts.begin(WRITTEN, plan, by=by) as act:
        act.refuse(_if_approved(act.row))
        rows = [row for row in act.row.contents if row["code"] != code]
        if len(rows) == len(act.row.contents):
            act.refuse([Refusal("gone", "이 판에 없는 내용입니다.", ARTICLE)])
        _rewrite(act, rows, is_renamed=True, by=by)
        act.payload |= {"left_out": code}
    return act.row


def _rewrite(act: Act[InternalPlan], rows: list[Content], is_renamed: bool, by: Officer) -> None:
    """What was compared with the official text is the list of titles: another list was not."""
    act.write(
        contents=rows,
        compared_with="" if is_renamed else act.row.compared_with,
        writers=_with(act.row, by),
        asked_at=None,
        asked_by=None,
    )


def _with(plan: InternalPlan, by: Officer) -> list[int]:
    return sorted({*plan.writers, by.pk})


def _own_code(rows: list[Content]) -> str:
    taken = {row["code"] for row in rows}
    return next(code for n in range(1, len(rows) + 2) if (code := f"{OWN}{n}") not in taken)


def compare(plan: InternalPlan, *, source: str, by: Officer) -> InternalPlan:
    """Somebody held the list of titles against the official text, and says which."""
    with acts.begin(COMPARED, plan, by=by) as act:
        act.refuse(
            [
                *_if_approved(act.row),
                *unwritten(source, "source", "대조한 고시의 이름과 번호를 적으십시오.", ARTICLE),
            ]
        )
        act.write(compared_with=source)
        act.payload |= {"official_text": source.strip()}
    return act.row


def ask(plan: InternalPlan, *, why: str, by: Officer) -> InternalPlan:
    with acts.begin(ASKED, plan, by=by) as act:
        act.refuse([*_if_approved(act.row), *_unready(act.row)])
        act.refuse(unwritten(why, "why", "제정하거나 변경하는 사유를 적으십시오.", ARTICLE))
        act.write(why=why, asked_by=by, asked_at=act.at, returned_why="", writers=_with(act.row, by))
    return act.row


def send_back(plan: InternalPlan, *, why: str, by: Officer) -> InternalPlan:
    with acts.begin(RETURNED, plan, by=by) as act:
        act.refuse([*_if_approved(act.row), *_if_not_asked(act.row)])
        act.refuse(unwritten(why, "why", "무엇을 고쳐야 하는지 적으십시오.", ARTICLE))
        act.write(asked_by=None, asked_at=None, returned_why=why)
    return act.row


def approve(plan: InternalPlan, *, effective_on: dt.date, document_number: str, by: Officer) -> InternalPlan:
    """Freeze it, with what the system knows today; from `effective_on` it is the plan in force."""
    with acts.begin(APPROVED, plan, by=by) as act:
        row, today = act.row, timezone.localdate(act.at)
        act.refuse([*_if_approved(row), *_if_not_asked(row), *_unready(row), *_own_words(row, by)])
        if effective_on < today:
            act.refuse(
                [Refusal("past", "시행일은 오늘보다 앞설 수 없습니다.", ARTICLE, field="effective_on")]
            )
        act.refuse(unwritten(document_number, "document_number", "결재한 문서의 번호를 적으십시오.", ARTICLE))
        frozen = {**shown(row, today), "effective_on": effective_on.isoformat()}
        act.write(
            approved_by=by,
            approved_at=act.at,
            effective_on=effective_on,
            document_number=document_number,
            frozen=frozen,
            digest=digest_of(frozen),
        )
        act.payload |= {
            "sha256": row.digest,
            "effective_on": effective_on.isoformat(),
            "document": document_number.strip(),
        }
        act.afterwards(judge_again)
    return row


def shown(plan: InternalPlan, on: dt.date) -> dict[str, Any]:
    """What a reader sees: frozen once approved, until then as it stands. Nobody's name is in it."""
    if plan.is_approved:
        frozen: dict[str, Any] = plan.frozen
        return frozen
    return {
        "version": plan.version,
        "as_of": on.isoformat(),
        "why": plan.why,
        "standing": contents.standing(plan, on),
        "changes": changes(plan, on),
        "contents": contents.written(plan, on),
    }


def changes(plan: InternalPlan, on: dt.date) -> list[dict[str, str]]:
    """What is different from the version before, content by content, with both wordings."""
    last = approved().filter(version__lt=plan.version).first()
    if last is None:
        return []
    before = {row["code"]: row for row in last.contents}
    after = {row["code"]: row for row in plan.contents}
    # As they were read then, and as they are read on that day.
    read_before = {row["code"]: row for row in last.frozen["contents"]}
    read_after = {row["code"]: row for row in contents.read(plan, on)}
    found = []
    for code in dict.fromkeys([*after, *before]):
        if _words(before.get(code)) == _words(after.get(code)):
            continue
        old, new = read_before.get(code), read_after.get(code)
        what = "추가" if old is None else "삭제" if new is None else "변경"
        found.append(
            {
                "what": what,
                "title": (new or old or {})["title"],
                "before": _words(old),
                "after": _words(new),
            }
        )
    return found


def _words(row: Content | None) -> str:
    return f"{row['title']}\n{row['text']}" if row else ""


def digest_of(frozen: dict[str, Any]) -> str:
    canonical = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def judge_again() -> None:
    assessment.follow([active_profile()], kind=Subject.DISTRICT, codes=[RULE])


# -- why not ------------------------------------------------------------------------------------------------------


def _if_approved(plan: InternalPlan) -> Iterator[Refusal]:
    if plan.is_approved:
        yield Refusal(
            "approved",
            "승인한 판은 고칠 수 없습니다.",
            ARTICLE,
            "새 판을 시작하여 고친 뒤 승인을 받으십시오.",
        )


def _if_not_asked(plan: InternalPlan) -> Iterator[Refusal]:
    if plan.asked_at is None:
        yield Refusal(
            "unasked", "아직 승인을 요청하지 않은 판입니다.", ARTICLE, "내용을 마친 사람이 요청합니다."
        )


def _unfit(plan: InternalPlan, code: str, title: str, text: str) -> Iterator[Refusal]:
    if code and code not in {row["code"] for row in plan.contents}:
        yield Refusal("gone", "이 판에 없는 내용입니다.", ARTICLE)
    if any(row["title"] == title.strip() and row["code"] != code for row in plan.contents):
        yield Refusal("twice", "같은 제목의 내용이 이미 있습니다.", ARTICLE, field="title")
    if unknown := contents.unknown_places(text):
        yield Refusal(
            "place",
            f"모르는 자리입니다: {', '.join(f'{{{name}}}' for name in unknown)}",
            ARTICLE,
            f"쓸 수 있는 자리: {', '.join(f'{{{name}}}' for name in contents.PLACES)}",
            field="text",
        )


def _unready(plan: InternalPlan) -> Iterator[Refusal]:
    if empty := [row["title"] for row in plan.contents if not row["text"].strip()]:
        yield Refusal(
            "empty", f"본문이 비어 있습니다: {', '.join(empty)}.", ARTICLE, "내용마다 본문을 적으십시오."
        )
    if not plan.contents:
        yield Refusal("none", "내용이 하나도 없습니다.", ARTICLE)
    last = approved().first()
    if last is not None and [_words(row) for row in last.contents] == [_words(row) for row in plan.contents]:
        yield Refusal("same", f"{last}과 달라진 것이 없습니다.", ARTICLE, "고칠 내용을 먼저 고치십시오.")


def _own_words(plan: InternalPlan, by: Officer) -> Iterator[Refusal]:
    for one in plan.writers:
        if problem := second_person.problem(one, by, "작성하거나 요청한", does="승인"):
            yield Refusal("second", problem, ARTICLE)
            return
