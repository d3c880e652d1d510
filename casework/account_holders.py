"""계정 주인 확인: a password set by an officer's address, where no second factor stood behind it, may be the maker's.

Whoever makes the address can open it, register a telephone of the own and be that officer. So such an account reaches
neither persons nor footage (`records.competence.gates`) until somebody who made no address for it says that its person
holds it. What was set, and whether a factor was there, stands in the ledger and nowhere else. An address by the
operator's command counts for none: whoever runs it holds the machine, and an office begins with such an account.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction

from accounts import second_factor
from accounts.korean import josa
from accounts.models import Officer
from casework import second_person
from casework.refusals import Refusal, refuse_if
from casework.second_person import PASSWORD_LINK_MADE
from ledger import append
from ledger.models import Entry
from ordinance.due import DueItem, Severity

CONFIRM = "casework.confirm_rolechange"
# Written by `portal.own_passwords`.
SET_AT_ADDRESS = "officer.password_set"
CONFIRMED = "officer.holder_confirmed"
KINDS = {CONFIRMED: "계정 주인 확인 (두 번째 사람)"}
HAD_FACTOR = "had_factor"


def awaits_word(officer: Officer) -> bool:
    return f"officer:{officer.pk}" in _waiting(Entry.objects.about(f"officer:{officer.pk}"))


def waiting() -> list[Officer]:
    """Accounts in use that reach persons or footage, as far as their role goes."""
    keys = [int(subject.partition(":")[2]) for subject in _waiting(Entry.objects.all())]
    found = Officer.objects.filter(pk__in=keys, is_active=True).order_by("pk")
    return [officer for officer in found if second_factor.must_have(officer)]


def _waiting(entries: Any) -> set[str]:
    found: set[str] = set()
    by_officer: set[str] = set()
    for entry in entries.of_kind(PASSWORD_LINK_MADE, SET_AT_ADDRESS, CONFIRMED).order_by("sequence"):
        if entry.kind == CONFIRMED:
            found.discard(entry.subject)
        elif entry.kind == PASSWORD_LINK_MADE:
            if entry.actor.startswith("officer:"):
                by_officer.add(entry.subject)
        elif entry.subject in by_officer:
            # Setting a password ends every address that was made before.
            by_officer.discard(entry.subject)
            if entry.content.get(HAD_FACTOR) is False:
                found.add(entry.subject)
    return found


def refusals(officer: Officer) -> Iterator[Refusal]:
    """Why this account opens no person's data and no footage."""
    if awaits_word(officer):
        yield Refusal(
            "holder",
            "이 계정의 비밀번호는 다른 사람이 만든 주소에서 정했고 그때 등록된 두 번째 인증이 없어, 본인의 계정인지 아직 확인되지 않았습니다.",
            "개인정보의 안전성 확보조치 기준",
            "주소를 만들지 않은 시스템 관리자나 관리책임자에게 ‘계정 주인 확인’을 요청하십시오.",
        )


def confirm(officer: Officer, *, by: Officer) -> None:
    """Somebody who knows the person and gave no address away: the account is in the right hands."""
    with transaction.atomic():
        Officer.objects.select_for_update().get(pk=officer.pk)
        refuse_if(against_confirming(officer, by))
        append.record(CONFIRMED, actor=f"officer:{by.pk}", subject=f"officer:{officer.pk}", payload={})


def against_confirming(officer: Officer, by: Officer) -> list[Refusal]:
    if not awaits_word(officer):
        return [Refusal("state", "확인을 기다리는 계정이 아닙니다.")]
    if by.pk == officer.pk:
        return [Refusal("self", "본인의 계정은 다른 사람이 확인해야 합니다.")]
    if awaits_word(by):
        return [Refusal("unknown", "본인의 계정이 아직 확인되지 않은 사람은 다른 계정을 확인할 수 없습니다.")]
    problems = (
        second_person.problem(first, by, "주소를 만들거나 비밀번호를 정한")
        for first in (officer.pk, *makers(officer))
    )
    return [Refusal("same_person", why) for why in problems if why][:1]


def makers(officer: Officer) -> set[int]:
    """Officers who made an address of this account; the operator's command is none."""
    made = Entry.objects.of_kind(PASSWORD_LINK_MADE).about(f"officer:{officer.pk}").order_by("sequence")
    actors = (actor.partition(":") for actor in made.values_list("actor", flat=True))
    return {int(key) for kind, _, key in actors if kind == "officer"}


def due_items(now: dt.datetime, officer: Any = None) -> Iterable[DueItem]:
    for held in waiting():
        others = frozenset({held.pk, *makers(held)})
        yield DueItem(
            "casework.account_holder",
            f"계정 주인 확인: {held}",
            f"{held}{josa(held, '이/가')} 다른 사람이 만든 주소에서 비밀번호를 정했습니다. 본인의 계정인지 확인할 때까지 개인정보와 영상을 볼 수 없습니다.",
            Severity.DUE,
            "people:account_holder",
            (held.pk,),
            kind="사람·권한",
            not_by=others,
        )
