"""Who has to act on the plan: whoever writes it, whoever approves it, and each year whoever checks it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from casework.next_steps import NextStep, each, register
from ordinance import due
from ordinance.due import DueItem, Severity
from records.internal_plan import checking, writing
from records.internal_plan.contents import ARTICLE
from records.models import InternalPlan

CHANGE, APPROVE = "records.change_internalplan", "records.approve_internalplan"
KIND = "내부 관리계획"
MISSING, DRAFT, CHECK = "records.internal_plan", "records.internal_plan_draft", "records.internal_plan_check"
# So long before its last day a check stands among what is to do.
AHEAD = dt.timedelta(days=30)


def listen() -> None:
    register(InternalPlan, each(of_plan))
    due.declare(MISSING, "작성하기", CHANGE)
    due.declare(DRAFT, "작성하기", CHANGE)
    due.declare(CHECK, "점검하기", APPROVE)
    due.register("records.internal_plan", items)


def of_plan(plan: InternalPlan, now: dt.datetime) -> NextStep | None:
    """A draft waits for its writers, then for somebody else; an approved version for nobody."""
    if plan.is_approved:
        return None
    if plan.asked_at is None:
        return NextStep(
            DRAFT,
            "승인 요청하기",
            f"{plan} 초안",
            CHANGE,
            "internal_plan:ask",
            page_name="internal_plan:overview",
            since=plan.begun_at,
            article=ARTICLE,
            may_wait=writing.approved().exists() and not plan.returned_why,
            note=f"돌려받음: {plan.returned_why}"
            if plan.returned_why
            else "내용을 고친 뒤 승인을 요청합니다.",
        )
    return NextStep(
        DRAFT,
        "승인하기",
        f"{plan}",
        APPROVE,
        "internal_plan:approve",
        page_name="internal_plan:overview",
        since=plan.asked_at,
        article=ARTICLE,
        asker_id=plan.asked_by_id,
        not_by=frozenset(plan.writers),
        note="작성하거나 요청한 사람이 아닌 사람이 승인합니다.",
    )


def items(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    today = timezone.localdate(now)
    draft = writing.draft()
    step = of_plan(draft, now) if draft else None
    if step is not None:
        yield step.as_due(KIND)
    elif not writing.approved().exists():
        yield DueItem(
            MISSING,
            "개인정보 내부 관리계획이 없습니다",
            "내용을 적어 승인을 받습니다.",
            Severity.DUE,
            "internal_plan:overview",
            article=ARTICLE,
            kind=KIND,
        )
    until = checking.due_on(today)
    if until is not None and until - AHEAD <= today:
        yield DueItem(
            CHECK,
            "내부 관리계획의 이행 실태를 점검해야 합니다",
            "내용마다 결과를 적습니다. 한 해에 한 번 이상 합니다.",
            Severity.OVERDUE if today > until else Severity.DUE,
            "internal_plan:check",
            article=ARTICLE,
            due_on=until,
            key=f"{CHECK}:{until}",
            kind=KIND,
        )
