"""삭제 유예: what must stay, in spite of its period (ordinance art. 24(1)).

A hold is a record per case; several may lie on the same range, and footage stays until the last is released. Once
`place` has returned, no unlink touches the range: it shares a gate with the sweep (`footage.locks`). Footage that was
destroyed before is counted and told (`already_gone`).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from cameras.models import Camera
from casework import second_person
from footage import hold_proofs, locks, manifests
from footage.errors import Refused, UnusableInput
from footage.hold_proofs import ASKED, PLACED, RELEASED
from footage.manifests import CameraRange
from footage.models import Hold
from ledger import commitments
from ledger.append import Draft, record, record_many
from ledger.models import Entry

if TYPE_CHECKING:
    from accounts.models import Officer

MAX_REASON = 500

# Why a hold must stay, or nothing, and who releases it: None for the operator's command. A higher app that answers for a
# case registers its own, and says which holds are such a case's.
Objection = Callable[[Hold, "Officer | None"], str]
_objections: list[Objection] = []
_cases: list[Callable[[Hold], bool]] = []


def ask_before_release(objection: Objection, *, of: Callable[[Hold], bool]) -> None:
    """Called once, from an app's `ready`."""
    if objection not in _objections:
        _objections.append(objection)
        _cases.append(of)


def place(
    camera: Camera,
    from_at: datetime,
    until_at: datetime,
    *,
    reason: str,
    by: "Officer | None",
    article: str = "",
    case_reference: str = "",
    actor: str = "",
) -> Hold:
    """Freeze [from, until) of a camera, in every storage. May be part of the caller's transaction."""
    (hold,) = place_all(
        [(camera, from_at, until_at)],
        reason=reason,
        by=by,
        article=article,
        case_reference=case_reference,
        actor=actor,
    )
    return hold


def place_all(
    ranges: Sequence[CameraRange],
    *,
    reason: str,
    by: "Officer | None",
    article: str = "",
    case_reference: str = "",
    actor: str = "",
) -> list[Hold]:
    """The same for all ranges of one case, in their order: all or none, with the same few queries for one and for many."""
    reason = _require_reason(reason)
    if any(from_at >= until_at for _camera, from_at, until_at in ranges):
        raise UnusableInput("끝 시각은 시작 시각보다 뒤여야 합니다.")
    if not ranges:
        return []
    with transaction.atomic():
        for key in sorted({camera.pk for camera, _from_at, _until_at in ranges}):
            locks.wait_for_camera(key)
        gone, now = manifests.count_destroyed(ranges), timezone.now()
        made = Hold.objects.bulk_create(
            Hold(
                camera=camera,
                from_at=from_at,
                until_at=until_at,
                reason=reason,
                article=article,
                case_reference=case_reference,
                placed_at=now,
                placed_by=by,
                salt=commitments.new_salt(),
            )
            for camera, from_at, until_at in ranges
        )
        for hold, already_gone in zip(made, gone, strict=True):
            hold.already_gone = already_gone
        record_many(_placed(hold, actor or reference(by)) for hold in made)
    return made


def _placed(hold: Hold, actor: str) -> Draft:
    return Draft(
        PLACED,
        actor,
        f"hold:{hold.pk}",
        {
            "hold": hold.pk,
            "camera": hold.camera.number,
            "from": hold.from_at.isoformat(),
            "until": hold.until_at.isoformat(),
            "article": hold.article,
            "case": hold.case_reference,
            "already_gone": hold.already_gone,
            "content_digest": hold_proofs.as_placed(hold),
        },
    )


def why_not(hold: Hold, by: "Officer | None" = None) -> str:
    """Why its case does not let it go yet, or not by this officer; empty where it may be released."""
    return next(filter(None, (objection(hold, by) for objection in (*_objections, _alone))), "")


def stands_alone(hold: Hold) -> bool:
    """Placed by hand or for an incident: no case answers for it."""
    return not any(is_of(hold) for is_of in _cases)


def _alone(hold: Hold, by: "Officer | None") -> str:
    """What no case answers for goes at the word of two: one says that its reason is over, another lets it go."""
    if by is None or not stands_alone(hold):
        return ""
    asker = asked_by(hold)
    if asker is None:
        return "직접 걸었거나 상황에 건 유예입니다. 먼저 다른 사람이 해제를 요청해야 합니다."
    return second_person.problem(asker, by, "해제를 요청한", does="해제")


def asked_by(hold: Hold) -> int | None:
    """Who last said on record that its reason is over. The ledger is asked: a row could be written past us."""
    line = Entry.objects.of_kind(ASKED).about(f"hold:{hold.pk}").newest_first().first()
    return int(line.actor.partition(":")[2]) if line else None


def asked() -> list[tuple[Hold, int]]:
    """Holds in force whose release is asked for, with who asked."""
    lines = Entry.objects.of_kind(ASKED).order_by("sequence").values_list("subject", "actor")
    askers = {int(subject.partition(":")[2]): int(actor.partition(":")[2]) for subject, actor in lines}
    kept = Hold.objects.filter(pk__in=askers, released_at__isnull=True).select_related("camera")
    return [(hold, askers[hold.pk]) for hold in kept.order_by("pk")]


def ask_release(hold: Hold, *, reason: str, by: "Officer") -> None:
    """The first word: its reason is over. Nothing goes by it."""
    reason = _require_reason(reason)
    with transaction.atomic():
        current = Hold.objects.select_for_update().get(pk=hold.pk)
        if current.released_at is not None:
            raise Refused("이미 해제된 유예입니다.")
        if not stands_alone(current):
            raise Refused("청구나 이용·제공의 유예는 그 사건에서 해제합니다.")
        hold.release_reason = reason
        hold.save(update_fields=["release_reason"])
        record(
            ASKED,
            actor=reference(by),
            subject=f"hold:{hold.pk}",
            payload={"hold": hold.pk, "camera": hold.camera.number},
        )


def release(
    hold: Hold, *, reason: str, by: "Officer | None", actor: str = "", is_replaced: bool = False
) -> Hold:
    """End a hold. What it alone kept is destroyed by the next sweep, if its period is over.

    `is_replaced`: an act of its case has put another one in its place.
    """
    reason = _require_reason(reason)
    with transaction.atomic():
        current = Hold.objects.select_for_update().get(pk=hold.pk)
        if current.released_at is not None:
            raise Refused(
                f"삭제 유예 {hold.pk}번은 이미 {timezone.localtime(current.released_at):%Y-%m-%d %H:%M}에 해제되었습니다."
            )
        if why := why_not(current, None if is_replaced else by):
            raise Refused(why)
        hold.released_at = timezone.now()
        hold.released_by = by
        hold.release_reason = reason
        # One from before there were digests has its release proved at least.
        hold.salt = current.salt or commitments.new_salt()
        hold.save(update_fields=["released_at", "released_by", "release_reason", "salt"])
        record(
            RELEASED,
            actor=actor or reference(by),
            subject=f"hold:{hold.pk}",
            payload={
                "hold": hold.pk,
                "camera": hold.camera.number,
                "content_digest": hold_proofs.as_released(hold),
            },
        )
    return hold


def would_become_due(released: Collection[Hold], now: datetime | None = None) -> list[Hold]:
    """Those whose footage would be destroyed, in part at least, if all of these were released at once.

    Its period is over, and what other holds of the camera keep does not cover that part whole.
    """
    at = now or timezone.now()
    kept: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    others = Hold.objects.filter(
        camera__in={hold.camera_id for hold in released}, released_at__isnull=True
    ).exclude(pk__in=[hold.pk for hold in released])
    for other in others.order_by("from_at"):
        kept[other.camera_id].append((other.from_at, other.until_at))
    return [hold for hold in released if _is_bare(hold, kept[hold.camera_id], at)]


def _is_bare(hold: Hold, kept: Iterable[tuple[datetime, datetime]], at: datetime) -> bool:
    """Whether some of its range that is past the period lies outside all of `kept` (in the order of their start)."""
    reached = hold.from_at
    over = min(hold.until_at, at - timedelta(days=hold.camera.retention_days))
    for start, end in kept:
        if start > reached:
            break
        reached = max(reached, end)
    return reached < over


def reference(officer: "Officer | None") -> str:
    """The ledger's word for who did it."""
    return f"officer:{officer.pk}" if officer is not None else "system:footage"


def _require_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise UnusableInput("사유를 적어 주십시오.")
    if len(reason) > MAX_REASON:
        raise UnusableInput(f"사유는 {MAX_REASON}자까지 적을 수 있습니다.")
    return reason
