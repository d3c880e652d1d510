"""Accounts of officers: stored and ended on record, and no role is given or taken unseen."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts import roles
from accounts.korean import josa
from accounts.models import Officer
from accounts.roles import Role
from casework import role_changes
from casework.models import RoleChange
from ledger import append
from portal import calendar_feeds, own_passwords
from records.people import staffing

OFFICER_CREATED = "officer.created"
OFFICER_CHANGED = "officer.changed"


@transaction.atomic
def keep(officer: Officer, role: Role, *, changed: Iterable[str], by: Officer) -> RoleChange | None:
    """Store an account as it was filled in; what a second person has to confirm of it. Nobody changes the own role."""
    is_new = officer.pk is None
    before = None if is_new else roles.role_of(officer)
    former = Officer.objects.filter(pk=officer.pk).values_list("email", flat=True).first() or ""
    if is_new:
        # The person sets it (portal.own_passwords).
        officer.set_unusable_password()
    officer.save()
    waiting = None
    if officer != by:
        waiting = role_changes.change_role(officer, role, by=by, is_new=is_new)
    _put_on_record(officer, before, changed, is_new=is_new, by=by)
    transaction.on_commit(lambda: _tell(officer, before, by))
    if former and former != officer.email:
        transaction.on_commit(lambda: _tell_of_address(officer, former, by))
    return waiting


def _put_on_record(
    officer: Officer, before: Role | None, changed: Iterable[str], *, is_new: bool, by: Officer
) -> None:
    """권한 부여·변경 내역, kept three years and longer: by reference, without names."""
    role = roles.role_of(officer)
    append.record(
        OFFICER_CREATED if is_new else OFFICER_CHANGED,
        actor=f"officer:{by.pk}",
        subject=f"officer:{officer.pk}",
        payload={
            "fields": sorted(changed),
            "role": role.value if role else "",
            "role_before": before.value if before else "",
            "department": officer.department_id,
        },
    )


def _tell(officer: Officer, before: Role | None, by: Officer) -> None:
    role = roles.role_of(officer)
    if role != before:
        tell_of_role(officer, before, role, by=by.username)


def _tell_of_address(officer: Officer, former: str, by: Officer) -> None:
    """At the former address, too: there alone the person may read that somebody else changed it."""
    own_passwords.tell(
        officer,
        "업무 포털에 적힌 전자우편이 바뀌었습니다",
        f"{officer.username} 계정의 전자우편을 {by.username}{josa(by.username, '이/가')} 바꾸었습니다. 요청하지 않았다면 감사 담당자에게 알리십시오.",
        former_address=former,
    )


def tell_of_role(officer: Officer, before: Role | None, after: Role | None, *, by: str) -> None:
    """The person and the auditors read which role became which."""
    own_passwords.tell(
        officer,
        "업무 포털의 역할이 바뀌었습니다",
        f"{officer.username} 계정의 역할: {before.label if before else '없음'} → {after.label if after else '없음'} "
        f"({by} 처리).",
    )


@transaction.atomic
def end(officer: Officer, *, by: Officer | None, actor: str = "") -> None:
    """End an account, at once and on record. Its calendar address ends for good, and what waited for it with it."""
    officer.deactivate()
    role_changes.overtake(officer, by=by, actor=actor)
    calendar_feeds.revoke(officer, by=by, actor=actor)
    append.record(
        OFFICER_CHANGED,
        actor=f"officer:{by.pk}" if by else actor,
        subject=f"officer:{officer.pk}",
        payload={"fields": ["is_active"], "is_active": False},
    )


def end_of_staff_who_left() -> int:
    """Accounts whose person's last day in the centre is over (`records.people.staffing`): ended by themselves; how many."""
    found = list(staffing.left_accounts(timezone.localdate()))
    for officer in found:
        end(officer, by=None, actor="system:records")
    return len(found)
