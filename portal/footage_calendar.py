"""The days of a camera as a strip: what was found, where it breaks off, what was destroyed, what is held."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from cameras.models import Camera
from footage import sightings
from footage.models import DailyProof, FootageDay, Hold


@dataclass
class Day:
    """One day of one camera over all storages."""

    on: date
    segments: int = 0
    bytes: int = 0
    recorded_seconds: int = 0
    gaps: int = 0
    destroyed: int = 0
    held: int = 0
    # Every storage was read on this day or later: only then does no file mean none.
    is_known: bool = True
    hold_ids: list[int] = field(default_factory=list)
    proof: DailyProof | None = None

    @property
    def look(self) -> str:
        """The style of its square; the words below say the same."""
        if self.proof is not None and self.proof.result == DailyProof.Result.NOT_IN_ORDER:
            return "is-failed"
        if self.segments:
            return "is-gaps" if self.gaps else "is-found"
        return "is-destroyed" if self.destroyed else "is-none"

    @property
    def is_held(self) -> bool:
        return bool(self.held or self.hold_ids)

    @property
    def words(self) -> str:
        parts = [f"{self.on:%Y-%m-%d}"]
        if self.segments:
            parts.append(
                f"영상 {self.segments:,}개, 녹화 {self.recorded_seconds // 3600}시간 {self.recorded_seconds % 3600 // 60}분"
            )
            parts.append(f"끊김 {self.gaps:,}회" if self.gaps else "끊김 없음")
        else:
            parts.append("영상 없음" if self.is_known else "저장소를 아직 읽지 않아 모름")
        if self.destroyed:
            parts.append(f"파기 {self.destroyed:,}개")
        if self.is_held:
            numbers = ", ".join(f"#{number}" for number in self.hold_ids)
            parts.append(f"삭제 유예 {numbers}".rstrip())
        if self.proof is not None and not self.proof.is_in_order:
            parts.append(f"파기 확인 {self.proof.get_result_display()}: {self.proof.reason}")
        return " · ".join(parts)


def calendar_of(camera: Camera, since: date, until: date) -> list[Day]:
    """Oldest first, every day of the range; four queries whatever is on record."""
    read_at = sightings.whole_look()
    read_on = timezone.localdate(read_at) if read_at else None
    every = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    days = {on: Day(on, is_known=read_on is not None and on <= read_on) for on in every}
    _add_footage(days, FootageDay.objects.filter(camera=camera, on__range=(since, until)))
    for proof in DailyProof.objects.filter(camera=camera, on__range=(since, until)):
        days[proof.on].proof = proof
    _add_holds(
        days, Hold.objects.filter(camera=camera, released_at__isnull=True, until_at__gte=_midnight(since))
    )
    return list(days.values())


def _add_footage(days: dict[date, Day], rows: Iterable[FootageDay]) -> None:
    for row in rows:
        day = days[row.on]
        day.segments += row.segments
        day.bytes += row.bytes
        day.recorded_seconds += row.recorded_seconds
        day.gaps += row.gaps
        day.destroyed += row.destroyed
        day.held += row.held


def _add_holds(days: dict[date, Day], holds: Iterable[Hold]) -> None:
    for hold in holds:
        first = timezone.localdate(hold.from_at)
        # The end is exclusive: a hold until midnight does not touch the day that begins there.
        last = timezone.localdate(hold.until_at - timedelta(microseconds=1))
        for on, day in days.items():
            if first <= on <= last:
                day.hold_ids.append(hold.pk)


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))
