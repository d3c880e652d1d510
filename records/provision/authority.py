"""결재권: who may sign a step in this system. Nobody gives it to himself."""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, refuse_if, unwritten
from ordinance.unchecked import cite
from records.models import ApprovalAuthority
from records.provision_enums import ApprovalCapacity

ARTICLE = cite("행정업무의 운영 및 혁신에 관한 규정 제10조")


def grant(
    officer: Officer,
    step: str,
    capacity: str,
    *,
    from_on: dt.date,
    document_number: str,
    by: Officer,
    until_on: dt.date | None = None,
) -> ApprovalAuthority:
    """The post's holder, who stands in for him, or to whom he delegated, from that day on, by that document."""
    refuse_if(_problems(officer, document_number, by))
    row = ApprovalAuthority(
        step=step,
        capacity=capacity,
        officer=officer,
        from_on=from_on,
        until_on=until_on,
        document_number=document_number.strip(),
        entered_by=by,
    )
    with acts.begin("records.authority_granted", row, by=by) as act:
        act.write(entered_at=act.at)
        act.payload |= {
            "approver": officer.pk,
            "step": step,
            "capacity": capacity,
            "document": document_number.strip(),
        }
    return row


def _problems(officer: Officer, document_number: str, by: Officer) -> list[Refusal]:
    found = [*unwritten(document_number, "document_number", "근거 문서번호를 적으십시오.", ARTICLE)]
    if officer.pk == by.pk:
        found.append(
            Refusal(
                "own",
                "자기에게 결재권을 줄 수 없습니다.",
                ARTICLE,
                "다른 사람이 기록해야 합니다.",
                field="officer",
            )
        )
    if not officer.is_active:
        found.append(Refusal("inactive", "사용이 중지된 계정입니다.", ARTICLE, field="officer"))
    return found


def end(authority: ApprovalAuthority, *, on: dt.date, by: Officer) -> ApprovalAuthority:
    """The last day on which it is used."""
    with acts.begin("records.authority_ended", authority, by=by) as act:
        if act.row.until_on is not None and act.row.until_on < on:
            act.refuse(
                [Refusal("ended", f"이미 {act.row.until_on}에 끝난 결재권입니다.", ARTICLE, field="on")]
            )
        act.write(until_on=on)
        act.payload |= {"approver": act.row.officer_id, "step": act.row.step, "until": on.isoformat()}
    return act.row


def of_step(step: str, on: dt.date | None = None) -> "QuerySet[ApprovalAuthority]":
    """Who may sign it on that day; accounts that are out of use sign nothing."""
    rows = ApprovalAuthority.objects.in_force(on or timezone.localdate()).filter(step=step)
    return rows.filter(officer__is_active=True).select_related("officer")


def capacity_of(officer: Officer, step: str, on: dt.date | None = None) -> str:
    """In which capacity this officer signs the step; empty where he may not."""
    held = set(of_step(step, on).filter(officer=officer).values_list("capacity", flat=True))
    return next((capacity.value for capacity in ApprovalCapacity if capacity in held), "")
