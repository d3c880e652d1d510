"""이행 실태의 점검: at least once a year the privacy officer looks whether the plan is carried out (Safety Standard art. 4)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal
from ordinance import parameters
from records.competence.standing import valid_until
from records.internal_plan import contents, writing
from records.internal_plan.contents import ARTICLE, CHECK_MONTHS
from records.models import InternalPlan, InternalPlanCheck, ItemResult

CHECKED = "records.internal_plan_checked"
KINDS = {CHECKED: "내부 관리계획의 이행 점검"}
# Of one content: what was found, and in words.
Found = tuple[str, str]


def check(plan: InternalPlan, found: Mapping[str, Found], *, opinion: str, by: Officer) -> InternalPlanCheck:
    """Every content of the plan in force with its result, frozen with what the system knew."""
    row = InternalPlanCheck(plan=plan, checked_by=by)
    with acts.begin(CHECKED, row, subject=plan.ledger_subject, by=by) as act:
        today = timezone.localdate(act.at)
        act.refuse([*_if_not_in_force(plan, today), *_unfinished(plan, found)])
        frozen = _frozen(plan, found, opinion, by, today)
        act.write(checked_at=act.at, contents=frozen, digest=writing.digest_of(frozen))
        faults = sum(item["result"] == ItemResult.NOT_IN_ORDER for item in frozen["contents"])
        act.payload |= {"sha256": row.digest, "not_in_order": faults}
        act.afterwards(writing.judge_again)
    return row


def _frozen(
    plan: InternalPlan, found: Mapping[str, Found], opinion: str, by: Officer, on: dt.date
) -> dict[str, Any]:
    """Posts, no names."""
    department = by.department.name if by.department else ""
    return {
        "version": plan.version,
        "on": on.isoformat(),
        "by": f"{department} {by.position}".strip(),
        "opinion": opinion.strip(),
        "standing": contents.standing(plan, on),
        "contents": [
            {
                **row,
                "result": found[row["code"]][0],
                "result_label": str(ItemResult(found[row["code"]][0]).label),
                "words": found[row["code"]][1].strip(),
            }
            for row in contents.written(plan, on)
        ],
    }


def _if_not_in_force(plan: InternalPlan, on: dt.date) -> Iterator[Refusal]:
    if writing.in_force(on) != plan:
        yield Refusal("not_in_force", "시행 중인 판이 아닙니다.", ARTICLE, "시행 중인 판을 점검하십시오.")


def _unfinished(plan: InternalPlan, found: Mapping[str, Found]) -> Iterator[Refusal]:
    for row in plan.contents:
        result, words = found.get(row["code"], ("", ""))
        if result not in ItemResult.values:
            yield Refusal(
                "result", f"결과를 고르십시오: {row['title']}", ARTICLE, field=f"result-{row['code']}"
            )
        elif result != ItemResult.IN_ORDER and not words.strip():
            yield Refusal(
                "words",
                f"‘{ItemResult(result).label}’이면 그 내용과 조치를 적습니다.",
                ARTICLE,
                field=f"words-{row['code']}",
            )


def due_on(on: dt.date) -> dt.date | None:
    """The last day of the next check; None while no plan is in force. The first is counted from the first version."""
    first = writing.approved().filter(effective_on__lte=on).order_by("effective_on").first()
    if first is None or first.effective_on is None:
        return None
    last = InternalPlanCheck.objects.filter(checked_at__date__lte=on).order_by("-checked_at").first()
    since = timezone.localdate(last.checked_at) if last else first.effective_on
    return valid_until(since, int(parameters.value(CHECK_MONTHS, on).value))


def fault(on: dt.date) -> str:
    """What the duty finds on that day; empty where all is there."""
    until = due_on(on)
    if until is None:
        return "none"
    return "unchecked" if on > until else ""
