"""인력: the list of HR. A person is known by the number (사번); name and address are encrypted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Officer
from records.competence import findings
from records.models import StaffKind, StaffMember
from records.people import staffing
from records.people.importing import Change, Line, bring
from records.tabular import CellRefused, Column, ImportResult, needed, optional_day, text

LEDGER_KIND = "records.staff_imported"
COLUMNS = (
    Column("사번"),
    Column("성명"),
    Column("구분"),
    Column("소속", is_required=False),
    Column("계정", is_required=False),
    Column("시작일", is_required=False),
    Column("종료일", is_required=False),
    Column("주소", is_required=False),
    Column("발령·파견 문서", is_required=False),
)
_KINDS = {choice.label: choice.value for choice in StaffKind}


def import_file(
    path: str | Path,
    *,
    dry_run: bool = False,
    skip_invalid: bool = False,
    actor: str = "system:import",
    by: Officer | None = None,
) -> ImportResult:
    """Persons whom the file lacks stay as they are; a column that it lacks is left alone. `by`: who brings it in the portal."""
    with transaction.atomic():
        result = bring(
            path,
            COLUMNS,
            partial(_judge, by),
            kind=LEDGER_KIND,
            subject="staff",
            actor=actor,
            dry_run=dry_run,
            skip_invalid=skip_invalid,
        )
        if result.is_stored:
            findings.follow_all()
    return result


def _judge(by: Officer | None, lines: Sequence[Line]) -> Iterable[tuple[Line, Change]]:
    read = [(line, _values(line)) for line in lines]
    standing = {row.number: row for row in StaffMember.objects.select_for_update()}
    officers = {officer.username: officer for officer in Officer.objects.only("pk", "username")}
    _refuse_repeated(read)
    _refuse_shared_accounts(read, standing)
    for line, says in read:
        if line.errors:
            continue
        number = says.pop("number")
        row = standing.get(number) or StaffMember(number=number)
        if "account" in says:
            says["officer"] = officers.get(says["account"])
        if row.person_erased_at is not None:
            # Gone when it was promised; an old list does not bring a name back.
            says = {name: value for name, value in says.items() if name not in ("name", "address")}
        if by is not None and _changes(row, says):
            for refusal in staffing.against_own(row, says.get("officer"), by):
                line.refuse("계정" if line.has("계정") else "사번", refusal.text)
        yield line, (row, says)


def _changes(row: StaffMember, says: dict[str, Any]) -> bool:
    return row.pk is None or any(getattr(row, name) != value for name, value in says.items())


def _values(line: Line) -> dict[str, Any]:
    says: dict[str, Any] = {
        "number": line.take("사번", partial(needed, longest=40)),
        "name": line.take("성명", partial(needed, longest=100)),
        "kind": line.take("구분", _kind),
    }
    optional: dict[str, tuple[str, Any]] = {
        "employer": ("소속", partial(text, longest=100)),
        "account": ("계정", partial(text, longest=100)),
        "starts_on": ("시작일", optional_day),
        "ends_on": ("종료일", optional_day),
        "address": ("주소", text),
        "order_document": ("발령·파견 문서", partial(text, longest=100)),
    }
    for name, (column, read) in optional.items():
        if line.has(column):
            says[name] = line.take(column, read)
    if says.get("starts_on") and says.get("ends_on") and says["ends_on"] < says["starts_on"]:
        line.refuse("종료일", "시작일보다 앞선 날입니다.")
    return says


def _kind(cell: str) -> str:
    try:
        return _KINDS[cell.replace(" ", "")]
    except KeyError:
        raise CellRefused(f"다음 가운데 하나여야 합니다: {', '.join(_KINDS)}") from None


def _refuse_repeated(read: Sequence[tuple[Line, dict[str, Any]]]) -> None:
    seen: dict[str, int] = {}
    for line, says in read:
        number = says["number"]
        if number and seen.setdefault(number, line.row) != line.row:
            line.refuse("사번", f"{seen[number]}행에 이미 있는 사번입니다.")


def _refuse_shared_accounts(
    read: Sequence[tuple[Line, dict[str, Any]]], standing: dict[str, StaffMember]
) -> None:
    """One account for each handler (Safety Standard art. 5): two persons never hold one at the same time."""
    named = {says["number"] for _, says in read}
    holders: dict[str, list[tuple[str, Any, Any]]] = defaultdict(list)
    for row in standing.values():
        if row.account and row.number not in named:
            holders[row.account].append((row.number, row.starts_on, row.ends_on))
    for line, says in read:
        account = says.get("account")
        if not account or line.errors:
            continue
        period = says.get("starts_on"), says.get("ends_on")
        for number, start, end in holders[account]:
            if number != says["number"] and _meet(period, (start, end)):
                line.refuse(
                    "계정", f"같은 기간에 사번 {number}의 계정입니다. 계정은 한 사람이 하나씩 씁니다."
                )
        holders[account].append((says["number"], *period))


def _meet(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    return _begins_by(one[0], other[1]) and _begins_by(other[0], one[1])


def _begins_by(start: Any, end: Any) -> bool:
    return start is None or end is None or start <= end
