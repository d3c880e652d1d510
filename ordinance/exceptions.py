"""예외: a subject excused from a rule for a time, with reason, provision, approver and last day."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.korean import josa
from accounts.models import Officer
from ledger import append
from ordinance import assessment
from ordinance.models import RuleException
from ordinance.rules import Rule

GRANTED = "ordinance.exception_granted"
REVOKED = "ordinance.exception_revoked"
IDS_IN_LEDGER = 1_000


class Refused(ValidationError):
    """The exception cannot be granted or revoked; the message tells a person why."""


@dataclass(frozen=True)
class Grant:
    """What an officer wants to excuse, for one subject or several."""

    rule: Rule
    numbers: Sequence[str]
    reason: str
    citation: str
    approver: str
    until_on: datetime.date
    from_on: datetime.date | None = None
    document_number: str = ""


def check(wanted: Grant) -> datetime.date:
    """The first day of the exception; raises `Refused`."""
    today = timezone.localdate()
    first = wanted.from_on or today
    for name, text in (("사유", wanted.reason), ("근거 조항", wanted.citation), ("승인자", wanted.approver)):
        if not text.strip():
            raise Refused(f"{name}{josa(name, '을/를')} 적어야 합니다.")
    if not wanted.numbers:
        raise Refused("예외로 할 대상이 없습니다.")
    if wanted.until_on < max(first, today):
        raise Refused("마지막 날은 시작일과 오늘보다 앞설 수 없습니다.")
    taken = RuleException.objects.of(wanted.rule.code).filter(
        number__in=wanted.numbers, revoked_at__isnull=True, from_on__lte=wanted.until_on, until_on__gte=first
    )
    if numbers := list(taken.order_by("number").values_list("number", flat=True)[:5]):
        raise Refused(f"같은 기간에 이미 인정한 예외가 있습니다: {', '.join(numbers)}")
    return first


def grant(wanted: Grant, *, by: Officer) -> list[RuleException]:
    """Excuse these subjects; their findings close at once. One transaction, one ledger line; raises `Refused`."""
    first = check(wanted)
    at = timezone.now()
    with transaction.atomic():
        rows = RuleException.objects.bulk_create(
            RuleException(
                rule=wanted.rule.code,
                subject_kind=wanted.rule.subject.value,
                number=number,
                reason=wanted.reason.strip(),
                citation=wanted.citation.strip(),
                approver=wanted.approver.strip(),
                document_number=wanted.document_number.strip(),
                from_on=first,
                until_on=wanted.until_on,
                granted_at=at,
                granted_by=by,
            )
            for number in wanted.numbers
        )
        assessment.follow(wanted.numbers, kind=wanted.rule.subject, codes=[wanted.rule.code])
        append.record(
            GRANTED,
            actor=f"officer:{by.pk}",
            subject=f"rule:{wanted.rule.code}",
            payload={
                "exceptions": [row.pk for row in rows][:IDS_IN_LEDGER],
                "count": len(rows),
                "citation": wanted.citation.strip(),
                "from": first.isoformat(),
                "until": wanted.until_on.isoformat(),
            },
        )
    return rows


def revoke(row: RuleException, *, reason: str, by: Officer) -> RuleException:
    """End an exception now; what is unmet is a finding again at once. Raises `Refused`."""
    if not reason.strip():
        raise Refused("취소 사유를 적어야 합니다.")
    with transaction.atomic():
        locked = RuleException.objects.select_for_update().get(pk=row.pk)
        if locked.is_revoked:
            raise Refused("이미 취소한 예외입니다.")
        locked.revoked_at = timezone.now()
        locked.revoked_by = by
        locked.revoked_reason = reason.strip()
        locked.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
        assessment.follow([locked.number], kind=locked.subject_kind, codes=[locked.rule])
        append.record(
            REVOKED,
            actor=f"officer:{by.pk}",
            subject=f"rule_exception:{locked.pk}",
            payload={"rule": locked.rule},
        )
    return locked
