"""녹화기에서 확보: footage of a camera that no storage here has seen is kept by nothing but the recorder.

A hold reaches what this system reads. Where a range was never scanned nobody knows what is there, or was: somebody goes
to the recorder on the day on which the request came, as for requests of citizens (`records.viewing.freezing`).
"""

from collections.abc import Sequence

from django.db.models import QuerySet

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, unwritten
from footage import sightings
from records.models import PROVISION_PERSONAL, Provision, ProvisionCamera
from records.provision_enums import WAITING

SECURED = "records.provision_secured"
ARTICLE = "조례 제24조제1항제3호"
MAX_NOTE = 500


def is_seen(lines: Sequence[ProvisionCamera]) -> dict[int, bool]:
    """Of each range, whether the storages of this system know it; one query for all."""
    seen = sightings.are_seen([(line.camera, line.from_at, line.until_at) for line in lines])
    return {line.pk: known for line, known in zip(lines, seen, strict=True)}


def to_secure() -> list[ProvisionCamera]:
    """Ranges of requests that wait for an answer, held here and seen by nobody."""
    lines = list(_unsecured().order_by("pk"))
    seen = is_seen(lines)
    return [line for line in lines if not seen[line.pk]]


def _unsecured() -> "QuerySet[ProvisionCamera]":
    rows = ProvisionCamera.objects.filter(
        dropped_at=None,
        hold__released_at=None,
        hold__isnull=False,
        secured_at=None,
        provision__state__in=WAITING,
    )
    return rows.select_related("camera", "provision").defer(
        *(f"provision__{name}" for name in PROVISION_PERSONAL)
    )


def secure(line: ProvisionCamera, note: str, *, by: Officer) -> ProvisionCamera:
    """What an officer did at the recorder."""
    provision = Provision.objects.defer(*PROVISION_PERSONAL).get(pk=line.provision_id)
    with acts.begin(SECURED, provision, by=by) as act:
        held = act.hold(line)
        act.refuse(unwritten(note, "note", "녹화기에서 확인하고 한 일을 적으십시오.", ARTICLE))
        if held.secured_at is not None:
            act.refuse([Refusal("secured", "이미 기록한 카메라입니다.", ARTICLE)])
        held.secured_at, held.secured_by, held.secured_note = act.at, by, note.strip()[:MAX_NOTE]
        held.save(update_fields=["secured_at", "secured_by", "secured_note"])
        act.payload |= {"provision": provision.number, "camera": held.camera.number}
    return held
