"""What is asked of who opens footage or the data of a person: on the list, within its period, taught, sworn in (art. 25).

The CCTV manager may lift these for one person and one matter until an hour, with a reason, never for himself: a line in
the ledger, and one that the monthly review of the access log reads (`lifts_between`).
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Officer
from casework import account_holders, acts, second_person
from casework.refusals import Refusal, unwritten
from ordinance import parameters
from records.access import gates
from records.access.gates import Matter
from records.competence import standing
from records.competence.standing import Standing
from records.competence_enums import LIFTABLE_GATES
from records.models import GateLift, StaffMember
from records.people import staffing

TRAINING_GATE, PLEDGE_GATE = "training_gate", "pledge_gate"
HOURS = "gate_lift_hours"
LIFTED = "records.gate_lifted"
KINDS = {LIFTED: "영상·개인정보를 보는 요건의 예외 허용"}
TAUGHT, SWORN = "조례 제25조제1항", "조례 제25조제2항"
IN_NEED = "급하면 관리책임자가 이 사건에 한하여 허용할 수 있습니다."


def _person(officer: Officer) -> tuple[StaffMember | None, dt.date]:
    today = timezone.localdate()
    return standing.staff_of(officer, today), today


def _not_listed(article: str) -> Refusal:
    return Refusal(
        "staff",
        "이 계정의 사람이 인력 명부에 없어 교육과 보안서약을 확인할 수 없습니다.",
        article,
        f"‘사람·권한 → 인력’에 등록하십시오. {IN_NEED}",
    )


def _period(officer: Officer) -> Iterator[Refusal]:
    """Whoever is on no list at all is told so by the other gates, where they ask."""
    today = timezone.localdate()
    rows = StaffMember.objects.filter(officer=officer)
    if rows.exists() and not rows.employed(today).exists():
        yield Refusal(
            "period",
            "인력 명부에 적힌 근무 기간이 아닙니다.",
            "조례 제17조",
            f"‘사람·권한 → 인력’에서 기간을 확인하십시오. {IN_NEED}",
        )
        return
    for row in rows.employed(today).defer("name", "address"):
        for refusal in staffing.without_basis(row):
            yield replace(refusal, remedy=f"‘사람·권한 → 인력’에서 적습니다. {IN_NEED}", field="")


def _standing(officer: Officer, code: str, article: str) -> Iterator[Standing | Refusal]:
    staff, today = _person(officer)
    if not parameters.value(code, today).value:
        return
    yield standing.of([staff], today)[staff.pk] if staff else _not_listed(article)


def _training(officer: Officer) -> Iterator[Refusal]:
    for found in _standing(officer, TRAINING_GATE, TAUGHT):
        if isinstance(found, Refusal):
            yield found
        elif not found.is_trained:
            yield Refusal(
                "training",
                "영상정보 보호 교육을 받지 않았습니다."
                if found.trained_until is None
                else f"영상정보 보호 교육의 효력이 {found.trained_until:%Y-%m-%d}에 끝났습니다.",
                TAUGHT,
                f"교육에 참석하거나, 받은 교육의 이수증을 ‘사람·권한 → 교육’에 등록하십시오. {IN_NEED}",
            )


def _pledge(officer: Officer) -> Iterator[Refusal]:
    for found in _standing(officer, PLEDGE_GATE, SWORN):
        # That the person is on no list, the gate of training says once, where it asks.
        if isinstance(found, Refusal):
            yield found
        elif not found.is_sworn:
            yield Refusal(
                "pledge",
                "보안서약을 하지 않았습니다."
                if found.sworn_until is None
                else f"보안서약의 효력이 {found.sworn_until:%Y-%m-%d}에 끝났습니다.",
                SWORN,
                f"‘사람·권한 → 내 교육·서약’에서 서약서를 읽고 서명하십시오. {IN_NEED}",
            )


def unless_lifted(name: str, found: Iterable[Refusal], officer: Officer, matter: Matter) -> Iterable[Refusal]:
    """What a gate says, unless it is lifted for this person and matter."""
    refusals = list(found)
    return [] if refusals and _is_lifted(name, officer, matter) else refusals


def liftable(
    name: str, gate: Callable[[Officer], Iterable[Refusal]], officer: Officer, matter: Matter
) -> Iterable[Refusal]:
    """A gate that asks only who it is."""
    return unless_lifted(name, gate(officer), officer, matter)


def _is_lifted(name: str, officer: Officer, matter: Matter) -> bool:
    rows = GateLift.objects.filter(
        officer=officer, case_kind=matter.kind, case_key=matter.key, until_at__gt=timezone.now()
    )
    return any(name in row.gates for row in rows)


def lift(officer: Officer, matter: Matter, names: Collection[str], *, reason: str, by: Officer) -> GateLift:
    now = timezone.now()
    row = GateLift(
        officer=officer,
        case_kind=matter.kind,
        case_key=matter.key,
        case_number=matter.number,
        lifted_by=by,
        at=now,
        until_at=now + dt.timedelta(hours=int(parameters.value(HOURS).value)),
    )
    with acts.begin(LIFTED, row, by=by, at=now) as act:
        act.refuse(_against_lifting(officer, matter, names, reason, by))
        # `write` takes a reason of its own, that of a history.
        act.row.reason = reason.strip()
        act.write(gates=[name for name in LIFTABLE_GATES if name in names])
        act.payload |= {
            "lift": row.pk,
            "look_case": matter.kind,
            "case": matter.number,
            "gates": row.gates,
            "until": row.until_at.isoformat(),
        }
        return act.row


def _against_lifting(
    officer: Officer, matter: Matter, names: Collection[str], reason: str, by: Officer
) -> Iterator[Refusal]:
    if why := second_person.problem(officer.pk, by, "영상을 볼", does="허용"):
        yield Refusal(
            "self",
            why,
            "조례 제23조",
            "다른 관리책임자에게 요청하십시오.",
            field="officer",
        )
    if not officer.has_perms(matter.permissions):
        yield Refusal("role", "이 사건을 볼 수 있는 역할이 아닙니다.", "조례 제23조제1항", field="officer")
    if not set(names) & set(LIFTABLE_GATES):
        yield Refusal("gates", "넘길 요건을 고르십시오.", field="gates")
    yield from unwritten(reason, "reason", "허용하는 사유를 적으십시오.", "조례 제23조")


def lifts_between(start: dt.datetime, end: dt.datetime) -> "QuerySet[GateLift]":
    """For the monthly review."""
    return GateLift.objects.filter(at__gte=start, at__lt=end).select_related(
        "officer", "lifted_by__department"
    )


def _holder(officer: Officer, matter: Matter) -> Iterable[Refusal]:
    return account_holders.refusals(officer)


def register() -> None:
    gates.register_personal("holder", _holder, is_standing=True)
    gates.register_personal("period", partial(liftable, "period", _period), is_standing=True)
    gates.register_personal("training", partial(liftable, "training", _training))
    gates.register_personal("pledge", partial(liftable, "pledge", _pledge))
