"""What `records.access` asks of the person: on the list and within its period, taught, sworn in (ordinance art. 25).

The CCTV manager may lift these for one person and one matter until an hour, with a reason, never for himself: a line in
the ledger, and one that the monthly review of the access log reads (`lifts_between`).
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, unwritten
from ordinance import parameters
from records.access import gates
from records.access.cases import Case
from records.access.gates import PERMISSION, Wish
from records.competence import standing
from records.competence.standing import Standing
from records.models import GateLift, StaffMember

TRAINING_GATE, PLEDGE_GATE = "training_gate", "pledge_gate"
HOURS = "gate_lift_hours"
LIFTED = "records.gate_lifted"
KINDS = {LIFTED: "영상 재생 요건의 예외 허용"}
TAUGHT, SWORN = "조례 제25조제1항", "조례 제25조제2항"
IN_NEED = "급하면 관리책임자가 이 사건에 한하여 허용할 수 있습니다."
# Those that may be lifted, in the words of the form.
LABELS = {
    "period": "근무 기간",
    "training": "교육",
    "pledge": "보안서약",
    "camera_permission": "카메라 접근권한",
}


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


def _period(wish: Wish) -> Iterator[Refusal]:
    """Whoever is on no list at all is told so by the other gates, where they ask."""
    today = timezone.localdate()
    rows = StaffMember.objects.filter(officer=wish.officer)
    if rows.exists() and not rows.employed(today).exists():
        yield Refusal(
            "period",
            "인력 명부에 적힌 근무 기간이 아닙니다.",
            "조례 제17조",
            f"‘사람·권한 → 인력’에서 기간을 확인하십시오. {IN_NEED}",
        )


def _standing(wish: Wish, code: str, article: str) -> Iterator[Standing | Refusal]:
    staff, today = _person(wish.officer)
    if not parameters.value(code, today).value:
        return
    yield standing.of([staff], today)[staff.pk] if staff else _not_listed(article)


def _training(wish: Wish) -> Iterator[Refusal]:
    for found in _standing(wish, TRAINING_GATE, TAUGHT):
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


def _pledge(wish: Wish) -> Iterator[Refusal]:
    for found in _standing(wish, PLEDGE_GATE, SWORN):
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


def liftable(name: str, gate: Callable[[Wish], Iterable[Refusal]], wish: Wish) -> list[Refusal]:
    """What the gate says, unless it is lifted for this person and matter."""
    found = list(gate(wish))
    if found and _is_lifted(name, wish.officer, wish.case):
        return []
    return found


def _is_lifted(name: str, officer: Officer, case: Case) -> bool:
    rows = GateLift.objects.filter(
        officer=officer, case_kind=case.kind, case_key=case.row.pk, until_at__gt=timezone.now()
    )
    return any(name in row.gates for row in rows)


def lift(officer: Officer, case: Case, names: Collection[str], *, reason: str, by: Officer) -> GateLift:
    now = timezone.now()
    row = GateLift(
        officer=officer,
        case_kind=case.kind,
        case_key=case.row.pk,
        case_number=case.number,
        lifted_by=by,
        at=now,
        until_at=now + dt.timedelta(hours=int(parameters.value(HOURS).value)),
    )
    with acts.begin(LIFTED, row, by=by, at=now) as act:
        act.refuse(_against_lifting(officer, case, names, reason, by))
        # `write` takes a reason of its own, that of a history.
        act.row.reason = reason.strip()
        act.write(gates=[name for name in LABELS if name in names])
        act.payload |= {
            "lift": row.pk,
            "look_case": case.kind,
            "case": case.number,
            "gates": row.gates,
            "until": row.until_at.isoformat(),
        }
        return act.row


def _against_lifting(
    officer: Officer, case: Case, names: Collection[str], reason: str, by: Officer
) -> Iterator[Refusal]:
    if officer == by:
        yield Refusal(
            "self",
            "자기에게는 허용할 수 없습니다.",
            "조례 제23조",
            "다른 관리책임자에게 요청하십시오.",
            field="officer",
        )
    if not all(officer.has_perm(name) for name in (PERMISSION, case.permission)):
        yield Refusal(
            "role", "이 사건의 영상을 볼 수 있는 역할이 아닙니다.", "조례 제23조제1항", field="officer"
        )
    if not set(names) & set(LABELS):
        yield Refusal("gates", "넘길 요건을 고르십시오.", field="gates")
    yield from unwritten(reason, "reason", "허용하는 사유를 적으십시오.", "조례 제23조")


def lifts_between(start: dt.datetime, end: dt.datetime) -> "QuerySet[GateLift]":
    """For the monthly review."""
    return GateLift.objects.filter(at__gte=start, at__lt=end).select_related("officer", "lifted_by")


def register() -> None:
    gates.register("period", partial(liftable, "period", _period), is_standing=True)
    gates.register("training", partial(liftable, "training", _training))
    gates.register("pledge", partial(liftable, "pledge", _pledge))
