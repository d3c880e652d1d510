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
from footage import hold_proofs, locks, manifests
from footage.errors import Refused, UnusableInput
from footage.hold_proofs import PLACED, RELEASED
from footage.manifests import CameraRange
from footage.models import Hold
from ledger import commitments
from ledger.append import Draft, record, record_many

if TYPE_CHECKING:
    from accounts.models import Officer

MAX_REASON = 500

# Why a hold must stay, or nothing, and who releases it: None for the operator's command. A higher app that answers for a
# case registers its own.
Objection = Callable[[Hold, "Officer | None"], str]
_objections: list[Objection] = []


def ask_before_release(objection: Objection) -> None:
    """Called once, from an app's `ready`."""
    if objection not in _objections:
        _objections.append(objection)


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
    return next(filter(None, (objection(hold, by) for objection in _objections)), "")


def release(hold: Hold, *, reason: str, by: "Officer | None", actor: str = "") -> Hold:
    """End a hold. What it alone kept is destroyed by the next sweep, if its period is over."""
    reason = _require_reason(reason)
    with transaction.atomic():
        current = Hold.objects.select_for_update().get(pk=hold.pk)
        if current.released_at is not None:
            raise Refused(
                f"삭제 유예 {hold.pk}번은 이미 {timezone.localtime(current.released_at):%Y-%m-%d %H:%M}에 해제되었습니다."
            )
        if why := why_not(current, by):
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
