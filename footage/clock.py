"""The clock guard: a clock that jumped must not destroy a month of footage.

A sweep by the real clock refuses to run when the clock stands before the last such sweep, or more than a day ahead
of everything that tells the time: the last sweep, the newest ledger entry, the newest footage. A long weekend
switched off is no reason, since the recorder went on. A deployment without any sweep and any ledger entry has
nothing to compare with and may start. A person may confirm a refused clock; what ran before no longer counts then.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.longrun import RunState
from footage.holds import reference
from footage.layouts import Cursor, Layout, instant, microseconds
from footage.models import ClockConfirmation, FootageDay, Storage, Sweep
from footage.storages import layout_of
from footage.tree import Folder, Tree
from ledger.append import record
from ledger.models import Entry

if TYPE_CHECKING:
    from accounts.models import Officer

LARGEST_STEP = timedelta(days=1)
# Clocks of several machines differ a little however well they are kept.
SKEW = timedelta(seconds=2)
# Folders looked into for the newest footage: the newest of each level first, so a few are enough.
FOLDERS_TO_LOOK_INTO = 200


@dataclass(frozen=True)
class ClockCheck:
    """What the guard says of a clock; truthy when it may be trusted."""

    now: datetime
    refusal: str = ""
    last_sweep_at: datetime | None = None
    newest_entry_at: datetime | None = None
    newest_footage_at: datetime | None = None

    def __bool__(self) -> bool:
        return not self.refusal


def check(now: datetime | None = None) -> ClockCheck:
    """Whether a sweep by this clock may run."""
    confirmation = ClockConfirmation.objects.order_by("-pk").first()
    last_sweep_at = _last_sweep_at(confirmation)
    newest_entry = Entry.objects.order_by("-sequence").values_list("at", flat=True).first()
    # Read after what others wrote, else a sweep that started a moment later would seem to be in the future.
    at = now or timezone.now()
    if last_sweep_at is not None and at < last_sweep_at - SKEW:
        return ClockCheck(
            at,
            f"시계({_local(at)})가 지난 파기 실행({_local(last_sweep_at)})보다 앞에 있습니다.",
            last_sweep_at,
            newest_entry,
        )
    known = [found for found in (last_sweep_at, newest_entry) if found is not None]
    if not known or any(at - found <= LARGEST_STEP for found in known):
        return ClockCheck(at, "", last_sweep_at, newest_entry)
    newest_footage = newest_footage_at(at)
    if newest_footage is not None and at - newest_footage <= LARGEST_STEP:
        return ClockCheck(at, "", last_sweep_at, newest_entry, newest_footage)
    latest = max([*known, *([newest_footage] if newest_footage else [])])
    return ClockCheck(
        at,
        f"시계({_local(at)})가 지난 파기 실행, 최근 원장 기록, 최근 영상 가운데 가장 늦은 것({_local(latest)})보다 하루 넘게 앞섰습니다.",
        last_sweep_at,
        newest_entry,
        newest_footage,
    )


def confirm(by: "Officer | None", *, actor: str = "", now: datetime | None = None) -> ClockConfirmation:
    """A person says that the clock is right. Ledger line; sweeps before no longer speak against it."""
    at = now or timezone.now()
    refusal = check(at).refusal
    with transaction.atomic():
        last = Sweep.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        made = ClockConfirmation.objects.create(
            confirmed_at=at, confirmed_by=by, after_sweep=last, refusal=refusal[:500]
        )
        record(
            "footage.clock_confirmed",
            actor=actor or reference(by),
            subject=f"clock_confirmation:{made.pk}",
            payload={"clock": at.isoformat(), "refusal": refusal},
        )
    return made


def _last_sweep_at(confirmation: ClockConfirmation | None) -> datetime | None:
    """Of the sweeps by the clock that ran; a confirmation stands for one."""
    sweeps = Sweep.objects.filter(is_by_clock=True, is_refused=False, is_dry_run=False).exclude(
        state=RunState.WAITING
    )
    found = [] if confirmation is None else [confirmation.confirmed_at]
    if confirmation is not None:
        sweeps = sweeps.filter(pk__gt=confirmation.after_sweep)
    found.extend(sweeps.order_by("-at").values_list("at", flat=True)[:1])
    return max(found, default=None)


def newest_footage_at(limit: datetime) -> datetime | None:
    """Start of the newest footage, on record or on disk; footage from the future of this clock is no evidence."""
    on_record = (
        FootageDay.objects.filter(last_at__lte=limit)
        .order_by("-last_at")
        .values_list("last_at", flat=True)
        .first()
    )
    found = [on_record] if on_record else []
    for storage in Storage.objects.all():
        start_us = _newest_on_disk(storage, microseconds(limit))
        if start_us is not None:
            found.append(instant(start_us))
    return max(found, default=None)


def _newest_on_disk(storage: Storage, limit_us: int) -> int | None:
    """Goes down the newest folders first; gives up after a few, which is enough to tell a day's difference."""
    layout = layout_of(storage)
    try:
        tree = Tree(storage.root)
    except OSError:
        return None
    newest: int | None = None
    todo = [Folder("", layout.top())]
    looked = 0
    try:
        while todo and looked < FOLDERS_TO_LOOK_INTO:
            folder = todo.pop()
            last_us = layout.bounds(folder.cursors)[1]
            if newest is not None and last_us is not None and last_us <= newest:
                continue
            looked += 1
            subfolders, start_us = _look(tree, layout, folder, limit_us)
            todo.extend(sorted(subfolders, key=lambda found: _order(layout, found.cursors)))
            newest = max((x for x in (newest, start_us) if x is not None), default=None)
    finally:
        tree.close()
    return newest


def _look(tree: Tree, layout: Layout, folder: Folder, limit_us: int) -> tuple[list[Folder], int | None]:
    subfolders: list[Folder] = []
    newest: int | None = None
    try:
        descriptor = tree.open(folder.path)
    except OSError:
        return [], None
    try:
        with os.scandir(descriptor) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    cursors = layout.enter(folder.cursors, entry.name)
                    if cursors and (layout.bounds(cursors)[0] or 0) <= limit_us:
                        subfolders.append(Folder(folder.child(entry.name), cursors))
                else:
                    reading = layout.read(folder.cursors, entry.name)
                    if reading and (newest or 0) < reading.last_us <= limit_us:
                        newest = reading.last_us
    except OSError:
        pass
    finally:
        os.close(descriptor)
    return subfolders, newest


def _order(layout: Layout, cursors: tuple[Cursor, ...]) -> int:
    return layout.bounds(cursors)[1] or 0


def _local(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
