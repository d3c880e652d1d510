"""자동삭제 확인 (Guideline art. 42(2)): a person in charge confirms that automatic deletion works.

For ordinary deletion by period this record, with cycle, time and person, is what the guideline asks for.
"""

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from footage.errors import UnusableInput
from footage.findings import follow_confirmation
from footage.holds import reference
from footage.instants import SEOUL
from footage.models import DailyProof, DeletionConfirmation, Storage, Sweep
from ledger.append import record
from ledger.models import Entry

if TYPE_CHECKING:
    from accounts.models import Officer

CYCLE = "1분마다 (보관기간 경과 즉시)"


def confirm(
    *,
    by: "Officer",
    period_from: date,
    period_until: date,
    is_working: bool,
    note: str = "",
    cycle: str = CYCLE,
) -> DeletionConfirmation:
    """Record the confirmation for a period of days, with what the system itself knows of it in the ledger line."""
    if period_from > period_until:
        raise UnusableInput("대상 기간의 끝은 시작보다 앞설 수 없습니다.")
    if period_until > timezone.localdate():
        raise UnusableInput("아직 지나지 않은 기간은 확인할 수 없습니다.")
    if not is_working and not note.strip():
        raise UnusableInput("정상 작동하지 않은 경우 내용을 적어 주십시오.")
    with transaction.atomic():
        made = DeletionConfirmation.objects.create(
            confirmed_at=timezone.now(),
            confirmed_by=by,
            period_from=period_from,
            period_until=period_until,
            cycle=cycle[:100],
            is_working=is_working,
            note=note.strip(),
        )
        follow_confirmation()
        entry = record(
            "footage.deletion_confirmed",
            actor=reference(by),
            subject=f"deletion_confirmation:{made.pk}",
            payload={
                "from": period_from.isoformat(),
                "until": period_until.isoformat(),
                "cycle": made.cycle,
                "is_working": is_working,
                **_proofs(period_from, period_until),
            },
        )
        # The number is known only now; the ledger's lock is held until the commit, a moment away.
        made.ledger_sequence = entry.sequence
        made.save(update_fields=["ledger_sequence"])
    return made


STORAGE_ADDED = "footage.storage_added"
NEVER, LAPSED, NOT_WORKING = "never", "lapsed", "not_working"


def is_due(on: date, since: date) -> bool:
    """Whether automatic deletion has to be confirmed on a day: once it was, or a whole period after the first storage."""
    if _last(on) is not None:
        return True
    # One that was taken out and registered anew is no first one: the ledger remembers.
    added = Entry.objects.of_kind(STORAGE_ADDED).aggregate(first=Min("at"))["first"]
    stands = Storage.objects.aggregate(first=Min("created_at"))["first"]
    return stands is not None and min(stands, added or stands).astimezone(SEOUL).date() < since


def fault(on: date, since: date) -> str:
    """What is wrong with the periodic confirmation on a day; it may be as old as `since`. Empty: nothing.

    The first falls due a whole period after the first storage, since there was nothing to confirm before. It is met by
    a confirmation alone.
    """
    last = _last(on)
    if last is None:
        return NEVER if is_due(on, since) else ""
    if last.confirmed_at.astimezone(SEOUL).date() < since:
        return LAPSED
    return "" if last.is_working else NOT_WORKING


def _last(on: date) -> DeletionConfirmation | None:
    end = datetime.combine(on, time.max, SEOUL)
    made = DeletionConfirmation.objects.filter(confirmed_at__lte=end)
    return made.order_by("-confirmed_at", "-pk").first()


def _proofs(first: date, last: date) -> dict[str, int]:
    """How many of the period's daily proofs were not in order, and how many saw nothing."""
    made = DailyProof.objects.filter(on__gte=first, on__lte=last)
    return {
        "failed_proofs": made.filter(result=DailyProof.Result.NOT_IN_ORDER).count(),
        "unseen_proofs": made.filter(result=DailyProof.Result.NOT_SEEN).count(),
    }


def last_sweep() -> Sweep | None:
    """The latest sweep by the clock that ran to its end."""
    return (
        Sweep.objects.filter(is_by_clock=True, is_refused=False, finished_at__isnull=False)
        .order_by("-pk")
        .first()
    )
