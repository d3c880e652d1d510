"""관리기관, 부서, 전담부서의 지정: acts with a line in the ledger. The facts and their rules are in `accounts`, which lies
below the ledger's words; what is typed stays out of the line."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from accounts import designations
from accounts.models import Department, Institution, Officer, ResponsibleDesignation
from casework import acts

DESIGNATED, POST_NAMED = "office.designated", "office.manager_post_named"
KINDS = {
    DESIGNATED: "전담부서 지정",
    POST_NAMED: "관리책임자의 직위 기록",
    "office.department_added": "부서 등록",
    "office.department_changed": "부서 변경",
    "office.institution_added": "관리기관 등록",
    "office.institution_changed": "관리기관 변경",
}


def keep(
    row: Department | Institution, values: Mapping[str, Any], *, changed: Iterable[str], by: Officer
) -> Department | Institution:
    """Register it, or change it."""
    what = "added" if row._state.adding else "changed"
    with acts.begin(f"office.{row._meta.model_name}_{what}", row, by=by) as act:
        act.payload["fields"] = sorted(changed)
        act.write(**values)
    return act.row


def designate(
    department: Department, *, from_on: dt.date, document_number: str, manager_post: str, by: Officer
) -> ResponsibleDesignation:
    """전담부서의 지정 (ordinance art. 4)."""
    with acts.begin(DESIGNATED, department, by=by) as act:
        made = designations.designate(
            act.row, from_on=from_on, document_number=document_number, manager_post=manager_post
        )
        act.payload |= {"department": act.row.pk, "from": from_on.isoformat(), "document": document_number}
    return made


def name_post(designation: ResponsibleDesignation, post: str, *, by: Officer) -> ResponsibleDesignation:
    """관리책임자의 직위 of a designation that has none, or whose post has another name now."""
    subject = designation.department.ledger_subject
    with acts.begin(POST_NAMED, designation, subject=subject, by=by) as act:
        act.payload |= {"department": act.row.department_id, "from": act.row.from_on.isoformat()}
        act.write(manager_post=post)
    return act.row
