"""인력 (ordinance art. 17): who may work in the centre, for whom, from when until when; each with one account of their own.

Somebody's last day is the earliest of the own one and of the contract's. Afterwards the account ends by itself
(`left_accounts`, which the portal asks every night and after each act). What a person may open hangs on the row of the account
(training, pledge, shift): nobody writes the own one.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Officer
from casework import acts, second_person
from casework.refusals import Refusal
from records.duty_enums import AbsenceReason, StaffEnd, StaffKind
from records.models import DutyShift, StaffMember
from records.people import kinds, patterns, roster

ARTICLE = "조례 제17조"
FIELDS = (
    "number",
    "name",
    "kind",
    "employer",
    "contract",
    "order_document",
    "officer",
    "starts_on",
    "ends_on",
    "zone",
    "rota",
    "team",
    "address",
)


def enter(values: Mapping[str, Any], *, by: Officer) -> StaffMember:
    row = StaffMember()
    with acts.begin(kinds.STAFF_ENTERED, row, by=by) as act:
        _write(act, values, by)
    return row


def change(staff: StaffMember, values: Mapping[str, Any], *, by: Officer) -> StaffMember:
    """`Refused` where the change would leave shifts outside the period, or two persons one account."""
    with acts.begin(kinds.STAFF_CHANGED, staff, by=by) as act:
        _write(act, {name: value for name, value in values.items() if name != "number"}, by)
        act.afterwards(roster.judge_again)
    return act.row


def _write(act: acts.Act[StaffMember], values: Mapping[str, Any], by: Officer) -> None:
    before = {name: getattr(act.row, name) for name in FIELDS}
    act.refuse(against_own(act.row, values.get("officer"), by))
    for name, value in values.items():
        setattr(act.row, name, value)
    act.refuse(_against(act.row))
    account = act.row.officer.username if act.row.officer else act.row.account
    act.write(**values, account=account)
    act.payload["fields"] = sorted(name for name in values if before[name] != getattr(act.row, name))


def against_own(row: StaffMember, officer: Officer | None, by: Officer) -> Iterator[Refusal]:
    """The row of the own account, as it was or as it would be (`officer`), is written by another one.

    A new person brings nothing along that opens anything: there the maker of the account's address may enter him.
    """
    for pk in sorted({pk for pk in (row.officer_id, officer.pk if officer else None) if pk}):
        if row._state.adding and pk != by.pk:
            continue
        if why := second_person.problem(pk, by, "이 계정을 쓰는", does="인력 명부에 기록"):
            law = "조례 제23조제1항, 개인정보의 안전성 확보조치 기준 제5조"
            yield Refusal("own", why, law, field="officer")


def _against(row: StaffMember) -> Iterator[Refusal]:
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        yield Refusal("order", "마지막 날이 시작일보다 앞섭니다.", field="ends_on")
    if row.contract and row.starts_on and row.contract.ends_on < row.starts_on:
        yield Refusal("contract", "위탁 계약이 시작일보다 먼저 끝났습니다.", "조례 제11조", field="contract")
    if row.contract and row.starts_on and row.starts_on < row.contract.starts_on:
        yield Refusal("contract", "위탁 계약이 시작하기 전의 날입니다.", "조례 제11조", field="starts_on")
    yield from without_basis(row)
    yield from _against_team(row)
    if other := _same_account(row):
        text = f"같은 기간에 사번 {other.number}의 계정입니다."
        law = "개인정보의 안전성 확보조치 기준 제5조"
        yield Refusal("account", text, law, "계정은 한 사람이 하나씩 씁니다.", field="officer")
    if row.pk and row.ends_on and (later := _shifts_after(row, row.ends_on).first()):
        text = f"마지막 날 뒤에 근무({roster.shown(later.starts_at, later.ends_at)})가 있습니다."
        yield Refusal(
            "shifts",
            text,
            ARTICLE,
            "‘근무 끝내기’로 끝내면 뒤의 근무는 서지 않는 것이 됩니다.",
            field="ends_on",
        )


def without_basis(row: StaffMember) -> Iterator[Refusal]:
    """Nobody from outside works here without the document that says so."""
    if row.has_basis:
        return
    field, text = (
        "order_document",
        "관제요원은 위탁 계약을 고르거나, 구청이 채용한 사람이면 발령 문서를 적습니다.",
    )
    if row.kind == StaffKind.CONTRACTOR:
        field, text = "contract", "수탁자의 사람은 위탁 계약을 고릅니다."
    elif row.kind == StaffKind.POLICE_SECONDEE:
        text = "파견경찰은 파견 명령의 문서를 적습니다."
    yield Refusal("basis", text, ARTICLE, field=field)


def _against_team(row: StaffMember) -> Iterator[Refusal]:
    if (row.rota is None) != (row.team is None):
        yield Refusal("team", "근무조와 조를 함께 적으십시오.", field="team" if row.rota else "rota")
    elif row.rota is not None and row.team is not None:
        teams = patterns.of(row.rota).teams
        if not 1 <= row.team <= teams:
            yield Refusal(
                "team", f"{row.rota.get_pattern_display()}의 조는 1조부터 {teams}조까지입니다.", field="team"
            )
        if row.rota.kind != row.kind:
            text = f"이 근무조는 {row.rota.get_kind_display()}의 것입니다."
            yield Refusal("rota", text, field="rota")


def _same_account(row: StaffMember) -> StaffMember | None:
    if row.officer_id is None:
        return None
    others = StaffMember.objects.filter(officer_id=row.officer_id).exclude(pk=row.pk)
    if row.ends_on:
        others = others.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=row.ends_on))
    if row.starts_on:
        others = others.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=row.starts_on))
    return others.defer("name", "address").first()


def _shifts_after(row: StaffMember, day: dt.date) -> "QuerySet[DutyShift]":
    end = dt.datetime.combine(day + roster.DAY, dt.time(), roster.SEOUL)
    return DutyShift.objects.filter(staff=row, starts_at__gte=end).order_by("starts_at")


def end(staff: StaffMember, *, last_on: dt.date, reason: str, by: Officer) -> StaffMember:
    """The person's last day here (transfer, retirement, end of contract): shifts after it are stood no more."""
    with acts.begin(kinds.STAFF_ENDED, staff, by=by) as act:
        act.refuse(_against_end(act.row, last_on, reason))
        gone = _shifts_after(act.row, last_on).filter(absent_reason="")
        act.payload["shifts"] = gone.update(absent_reason=AbsenceReason.LEFT)
        act.write(ends_on=last_on, end_reason=reason, rota=None, team=None)
        act.payload |= {"last_on": last_on.isoformat(), "reason": reason}
        act.afterwards(roster.judge_again)
    return act.row


def _against_end(row: StaffMember, last_on: dt.date, reason: str) -> Iterator[Refusal]:
    if reason not in StaffEnd.values:
        yield Refusal("reason", "끝난 까닭을 고르십시오.", field="reason")
    if row.end_reason:
        yield Refusal("ended", "이미 근무를 끝낸 사람입니다.")
    if row.starts_on and last_on < row.starts_on:
        yield Refusal("order", "마지막 날이 시작일보다 앞섭니다.", field="last_on")


def left_accounts(today: dt.date) -> "QuerySet[Officer]":
    """Accounts that still work although their person's last day is over and no other record of the person runs."""
    own = StaffMember.objects.filter(officer=OuterRef("pk"))
    gone = StaffMember.objects.left(today).values("pk")
    return Officer.objects.filter(
        Exists(own.filter(pk__in=gone)), ~Exists(own.exclude(pk__in=gone)), is_active=True
    ).order_by("pk")
