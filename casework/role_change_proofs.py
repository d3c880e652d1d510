"""Whether rights stand as the ledger says they were given: who asked, who confirmed, and which role somebody has.

Whoever may write the database could confirm in another's name, make an account, put one into a role or give a role more.
"""

from collections import Counter
from collections.abc import Iterator

from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet

from accounts.models import Officer
from accounts.roles import ROLE_PERMISSIONS, Role
from casework import role_changes
from casework.models import RoleChange, RoleChangeEvent, RoleChangeMove
from ledger.checks import Fault
from ledger.models import Entry

TITLE = "권한 변경"
LINES = {
    RoleChangeEvent.ASK: role_changes.KIND_ASKED,
    RoleChangeEvent.CONFIRM: role_changes.KIND_CONFIRMED,
    RoleChangeEvent.REFUSE: role_changes.KIND_REFUSED,
    RoleChangeEvent.WITHDRAW: role_changes.KIND_WITHDRAWN,
    RoleChangeEvent.EXPIRE: role_changes.KIND_EXPIRED,
}
# Written where an account is made or changed, with the role that it has then.
ACCOUNT = ("officer.created", "officer.changed")


def check_all() -> Iterator[Fault | None]:
    yield from _changes()
    yield from _roles()


def _changes() -> Iterator[Fault | None]:
    told: Counter[tuple[object, ...]] = Counter()
    for entry in Entry.objects.of_kind(*LINES.values()).order_by("sequence"):
        told[entry.kind, entry.actor, *_facts(entry.subject, entry.content)] += 1
    done: Counter[tuple[object, ...]] = Counter()
    moves = RoleChangeMove.objects.select_related("change").order_by("pk")
    for move in moves.iterator(chunk_size=1_000):
        actor = f"officer:{move.by_id}" if move.by_id else role_changes.CLOCK
        facts = _facts(role_changes.subject_of(move.change), role_changes.facts(move.change))
        done[LINES[RoleChangeEvent(move.event)], actor, *facts] += 1
    wrong = {facts[3] for facts in (told - done) + (done - told)}
    for change in sorted({facts[3] for facts in (*told, *done)}, key=str):
        yield Fault(f"권한 변경 {change}번의 기록이 원장과 다릅니다.") if change in wrong else None


def _facts(subject: str, told: dict[str, object]) -> tuple[object, ...]:
    return subject, *(told.get(name) for name in ("change", "kind", "role", "role_before", "asked_by"))


def _roles() -> Iterator[Fault | None]:
    """Every account that may do anything has its line, and a role's group the rights of the table and no others."""
    last: dict[str, str] = {}
    for entry in Entry.objects.of_kind(*ACCOUNT, role_changes.KIND_CONFIRMED).order_by("sequence"):
        role = entry.content.get("role")
        gives_role = entry.content.get("kind") not in (RoleChange.Kind.REOPEN, RoleChange.Kind.FACTOR)
        if isinstance(role, str) and gives_role:
            last[entry.subject] = role
    officers = Officer.objects.filter(is_active=True).prefetch_related("groups", "user_permissions")
    for officer in officers.order_by("pk"):
        is_told = _held(officer) == {last.get(f"officer:{officer.pk}", "")} - {""}
        yield None if is_told else Fault(f"담당자 {officer.pk}번의 역할이나 권한이 원장과 다릅니다.")
    for each in Role:
        group = Group.objects.filter(name=each.label).first()
        if group is not None and _rights(group.permissions.all()) - ROLE_PERMISSIONS[each]:
            yield Fault(f"역할 ‘{each.label}’에 표에 없는 권한이 있습니다.")


def _held(officer: Officer) -> set[str]:
    """The roles of an account, and whatever else gives it a right."""
    roles = {role.label: role.value for role in Role}
    found = {roles.get(group.name, group.name) for group in officer.groups.all()}
    if officer.is_superuser or officer.user_permissions.all():
        found.add("besides")
    return found


def _rights(permissions: QuerySet[Permission]) -> set[str]:
    return {
        f"{app}.{codename}"
        for app, codename in permissions.values_list("content_type__app_label", "codename")
    }
