"""What beat and the portal start. Each is one call."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts import queueing
from accounts.longrun import AlreadyRunning
from footage import destruction, findings, locks, proofs, rehearsal, removal
from footage import scan as scanning
from footage.models import Conversion, Scan, Storage, Sweep
from footage.playback import pieces
from footage.vault import check, ending, intake

IDLE_SCANS_KEPT = timedelta(days=35)


@shared_task(name="footage.sweep")
def sweep(sweep_id: int) -> None:
    """A sweep that a person asked for."""
    run = destruction.startable().filter(pk=sweep_id).first()
    if run is not None and run.is_dry_run:
        rehearsal.rehearse(run)
    elif run is not None:
        destruction.sweep(
            actor=f"officer:{run.requested_by_id}" if run.requested_by_id else "system:sweep", run=run
        )


@shared_task(name="footage.sweep_due")
def sweep_due() -> None:
    """Every minute, on each machine that has storages of its own."""
    for queue in set(Storage.objects.values_list("queue", flat=True)):
        if queue:
            sweep_queue.apply_async(args=(queue,), queue=queue, expires=60)
        else:
            sweep_queue("")


@shared_task(name="footage.sweep_queue")
def sweep_queue(queue: str) -> None:
    """The storages of one machine, one after the other; a sweep that is still running is left alone."""
    for storage in Storage.objects.filter(queue=queue).order_by("pk"):
        try:
            destruction.sweep(actor="system:sweep", storage=storage, wait=False)
        except locks.Busy:
            continue


@shared_task(name="footage.scan")
def scan(scan_id: int) -> None:
    """A scan that a person asked for, or beat for one storage."""
    run = Scan.objects.get(pk=scan_id)
    try:
        with run.running():
            scanning.scan(run.storage, run=run)
            if run.requested_by_id is not None:
                findings.follow_scan()
    except AlreadyRunning:
        return


@shared_task(name="footage.scan_all")
def scan_all() -> None:
    """Each storage on its own machine; not while the last scan of it is still running."""
    Scan.objects.filter(requested_by=None, requested_at__lt=timezone.now() - IDLE_SCANS_KEPT).delete()
    for storage in Storage.objects.order_by("pk"):
        if Scan.objects.unfinished().filter(storage=storage).exclude(pk__in=Scan.objects.stale()).exists():
            continue
        run = Scan.objects.create(storage=storage)
        if storage.queue:
            scan.apply_async(args=(run.pk,), queue=storage.queue)
        else:
            scan(run.pk)


@shared_task(name="footage.resume")
def resume() -> None:
    """What a person asked for and nobody works on: the queue lost it, or its worker died. What beat asked for itself
    comes again anyway."""
    for run in Scan.objects.stale().filter(requested_by__isnull=False).select_related("storage"):
        queueing.start(scan, run.pk, queue=run.storage.queue if run.storage else "")
    if Conversion.objects.unfinished().exists():
        queueing.start(convert)
    for sweep_id in (Sweep.objects.stale() & destruction.startable()).values_list("pk", flat=True):
        queueing.start(sweep, sweep_id)


@shared_task(name="footage.prove")
def prove() -> None:
    """Shortly before midnight in Seoul, when the day's scan and sweeps are done."""
    proofs.prove()


@shared_task(name="footage.keep_held")
def keep_held() -> None:
    """Every minute: what is held is copied by the machine whose disk it lies on; what nothing holds any more ends here."""
    for queue in set(Storage.objects.values_list("queue", flat=True)):
        if queue:
            keep_held_of_queue.apply_async(args=(queue,), queue=queue, expires=60)
        else:
            keep_held_of_queue("")
    ending.end()


@shared_task(name="footage.keep_held_of_queue")
def keep_held_of_queue(queue: str) -> None:
    for storage in Storage.objects.filter(queue=queue).order_by("pk"):
        taken = intake.take_in(storage)
        findings.follow_vault(taken.cameras)


@shared_task(name="footage.check_vault")
def check_vault() -> None:
    """At night: the kept files that were looked at the longest ago."""
    check.check_oldest()


@shared_task(name="footage.convert")
def convert() -> None:
    """What browsers do not play is made playable; not for long at a time, so that sweeps and copies have their turn."""
    if pieces.work():
        queueing.start(convert)


@shared_task(name="footage.end_claims")
def end_claims() -> None:
    """Removed cameras of which no footage is left free their recording keys."""
    removal.end_claims()
