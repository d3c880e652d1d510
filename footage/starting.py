"""Sweeps and scans that a person asks for: a row, and the worker that is told of it."""

from django.db import transaction
from django.utils import timezone

from accounts import queueing
from accounts.models import Officer
from footage import clock, tasks
from footage.errors import Refused
from footage.models import Scan, Storage, Sweep
from ledger import continuity


def scan(storage: Storage | None, *, by: Officer) -> Scan:
    """A reading of one storage, or of all."""
    with transaction.atomic():
        run = Scan.objects.create(storage=storage, requested_by=by)
        queueing.start(tasks.scan, run.pk, queue=storage.queue if storage else "")
    return run


def rehearsal(*, by: Officer) -> Sweep:
    """What a sweep would destroy now."""
    return _sweep(by, is_dry_run=True)


def sweep(*, by: Officer) -> Sweep:
    """Destroys what is due. Not while the ledger is an older one, nor by a clock that nobody can trust."""
    if continuity.lost():
        raise Refused("원장이 예전 상태여서 실행하지 않았습니다. 먼저 확인하십시오.")
    if not (check := clock.check()):
        raise Refused(f"시계를 믿을 수 없어 실행하지 않았습니다. {check.refusal}")
    return _sweep(by, is_dry_run=False)


def _sweep(by: Officer, *, is_dry_run: bool) -> Sweep:
    with transaction.atomic():
        run = Sweep.objects.create(
            at=timezone.now(), is_dry_run=is_dry_run, is_by_clock=not is_dry_run, requested_by=by
        )
        queueing.start(tasks.sweep, run.pk)
    return run
