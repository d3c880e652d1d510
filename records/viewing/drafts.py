"""결정안: one officer prepares the decision, another one decides or sends it back, where the profile says so.

The decision is taken as it was prepared; whoever would decide otherwise sends it back with the reason.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models import Officer
from casework import acts, second_person
from casework.refusals import Refusal, unwritten
from ordinance.models import Ground
from records.enums import RequestEvent, RequestKind, outcome_label
from records.models import DecisionDraft, ViewingDecision, ViewingMove, ViewingRequest
from records.viewing import decisions, standing
from records.viewing.decisions import Answer, RangeAnswer

ARTICLE = "조례 제22조"
MAX_REASON = 500
GROUNDS = ("ground", "national_ground")
WORDS = ("kind", "outcome", "reason", "proof", "beyond_masking", "investigation")


def pending(request: ViewingRequest) -> DecisionDraft | None:
    return request.drafts.select_related("prepared_by").filter(ended_at__isnull=True).first()


def prepare(request: ViewingRequest, answers: Sequence[Answer], *, by: Officer) -> DecisionDraft:
    """Judged like the decision itself, so that nobody is given what cannot be decided."""
    with acts.begin("records.viewing_prepared", request, by=by) as act:
        act.refuse(decisions.check(act.row, answers))
        act.move(ViewingMove, RequestEvent.PREPARE)
        made = act.add(
            DecisionDraft(
                request=act.row,
                content=json.dumps([_as_json(each) for each in answers], ensure_ascii=False),
                prepared_at=act.at,
                prepared_by=by,
            )
        )
        act.payload |= {"request": act.row.receipt_number}
    request.state = act.row.state
    return made


def decide(request: ViewingRequest, *, by: Officer) -> list[ViewingDecision]:
    """As it was prepared by another; whatever has changed meanwhile is judged anew."""
    with acts.begin("records.viewing_decided", request, by=by) as act:
        draft = pending(act.row)
        answers = answers_of(draft) if draft else []
        act.refuse(refuse_decider(draft, by) or decisions.check(act.row, answers))
        made = decisions.record(act, answers, by, draft)
    request.state = act.row.state
    return made


def send_back(request: ViewingRequest, *, reason: str, by: Officer) -> None:
    """It is not decided so: the preparer reads why, and prepares anew."""
    with acts.begin("records.viewing_sent_back", request, by=by) as act:
        draft = pending(act.row)
        found = list(unwritten(reason, "reason", "돌려보내는 까닭을 적으십시오.", ARTICLE))
        act.refuse([*_refuse_none(draft), *found])
        if draft is not None:
            draft.ended_at = act.at
            draft.save(update_fields=["ended_at"])
        act.move(ViewingMove, RequestEvent.SEND_BACK, reason=reason[:MAX_REASON], to=standing.of(act.row))
        act.payload |= {"request": act.row.receipt_number}
    request.state = act.row.state


def _refuse_none(draft: DecisionDraft | None) -> list[Refusal]:
    return [] if draft else [Refusal("none", "결정을 기다리는 결정안이 없습니다.", ARTICLE)]


def refuse_decider(draft: DecisionDraft | None, by: Officer) -> list[Refusal]:
    """Whoever prepared it does not decide it."""
    if draft is None:
        return _refuse_none(draft)
    why = second_person.problem(draft.prepared_by_id, by, "결정안을 쓴", does="결정", since=draft.prepared_at)
    return [Refusal("second", why, ARTICLE)] if why else []


def answers_of(draft: DecisionDraft) -> list[Answer]:
    rows: list[dict[str, Any]] = json.loads(draft.content)
    keys = {each.get(name) for row in rows for each in (row, *row["ranges"]) for name in GROUNDS}
    grounds = Ground.objects.prefetch_related("national").in_bulk([key for key in keys if key])
    return [
        Answer(
            **{name: row[name] for name in WORDS},
            **_grounds(row, grounds),
            ranges=tuple(
                RangeAnswer(
                    each["line"],
                    each["outcome"],
                    each["reason"],
                    proof=each["proof"],
                    **_grounds(each, grounds),
                )
                for each in row["ranges"]
            ),
        )
        for row in rows
    ]


def _grounds(row: Mapping[str, Any], known: Mapping[int, Ground]) -> dict[str, Any]:
    return {name: known.get(row[name]) for name in GROUNDS}


def _as_json(answer: Answer) -> dict[str, Any]:
    return {
        **{name: str(getattr(answer, name)) for name in WORDS},
        **_keys(answer),
        "ranges": [
            {
                "line": each.line,
                "outcome": str(each.outcome),
                "reason": each.reason,
                "proof": each.proof,
                **_keys(each),
            }
            for each in answer.ranges
        ],
    }


def _keys(answer: Answer | RangeAnswer) -> dict[str, int | None]:
    return {name: ground.pk if (ground := getattr(answer, name)) else None for name in GROUNDS}


def in_words(request: ViewingRequest, draft: DecisionDraft) -> list[str]:
    """The draft as the decider reads it: a line for each kind, and one for each camera that gets something else."""
    return words_of(request, answers_of(draft))


def words_of(request: ViewingRequest, answers: Sequence[Answer]) -> list[str]:
    """Answers that are not decided yet, in the same words."""
    found = []
    for answer in answers:
        ranges = decisions.per_range(request, answer)
        whole = decisions.summary(answer, ranges)
        words = [f"{RequestKind(answer.kind).label}: {outcome_label(answer.kind, whole)}"]
        words += _named(answer)
        words += filter(None, [answer.reason, answer.investigation, answer.beyond_masking, answer.proof])
        found.append(" · ".join(words))
        for line, each in ranges.items():
            if each.outcome != whole:
                told = f"{line.camera.number}: {outcome_label(answer.kind, each.outcome)}"
                found.append(" · ".join(filter(None, [told, *_named(each), each.reason or each.proof])))
    return found


def _named(answer: Answer | RangeAnswer) -> list[str]:
    return [str(each) for each in (answer.national_ground, answer.ground) if each]
