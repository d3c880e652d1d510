"""Findings follow what is found on the disks: after a person's scan, and after whatever a sweep destroyed.

Scans by the clock leave it to the nightly assessment: what they find nobody did.
"""

import logging
from collections.abc import Collection

from cameras.models import Camera
from footage.models import FootageDay, Storage
from ordinance import assessment
from ordinance.models import Finding
from ordinance.parameters import active_profile
from ordinance.rules import Subject

logger = logging.getLogger(__name__)

OVERDUE = "footage_overdue"
NOTHING_STORED = "nothing_stored"
HELD = "held_footage"
VAULT = "vault_intact"
OF_FOOTAGE = (OVERDUE, "daily_proof", NOTHING_STORED, HELD)
# What destroying may put right.
OF_SWEEPS = (OVERDUE, NOTHING_STORED)


def follow_scan() -> None:
    """The tree was read anew: any camera may have more or less footage on record. In a worker or a command."""
    assessment.rejudge(None, codes=OF_FOOTAGE)


def follow_sweep(cameras: Collection[int]) -> None:
    """Destroying can only put right. A sweep has done its work when this is called: it does not fail by it."""
    if not cameras:
        return
    try:
        swept = Camera.objects.among(sorted(cameras)).values("number")
        numbers = list(
            Finding.objects.open()
            .filter(rule__code__in=OF_SWEEPS, number__in=swept)
            .values_list("number", flat=True)
        )
        assessment.rejudge(numbers, codes=OF_SWEEPS)
    except Exception:  # the footage is gone and on record; a rule that breaks must not make that a failure
        logger.exception(
            "findings of %d swept cameras were not judged again; the night does it", len(cameras)
        )


def follow_loss(storage: Storage) -> None:
    """The footage on record of a storage was lost."""
    days = FootageDay.objects.filter(storage=storage)
    numbers = Camera.objects.filter(pk__in=days.values("camera")).values_list("number", flat=True)
    assessment.follow(numbers, codes=OF_FOOTAGE)


def follow_claim(camera: Camera) -> None:
    """A folder became the camera's, or is it no more."""
    assessment.follow([camera.number], codes=[NOTHING_STORED])


def follow_vault(cameras: Collection[int]) -> None:
    """Something of these cameras could not be copied, or can be again. The copies are made when this is called."""
    numbers = Camera.objects.among(sorted(cameras)).values_list("number", flat=True) if cameras else ()
    if numbers:
        assessment.rejudge(list(numbers), codes=[VAULT])


def follow_confirmation() -> None:
    """The automatic deletion was confirmed, or there is a storage whose deletion has to be."""
    assessment.follow([active_profile()], kind=Subject.DISTRICT, codes=["deletion_confirmed"])
