"""What a live grant gives: what there is of its range, parts of it, and a frame that is kept.

Each part asks the grant again, and is written down before it leaves: a copied address gives nothing in another session,
after the quarter of an hour, or once the matter is closed.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, Refused, refuse_if
from footage import manifests
from footage.models import Conversion, Storage, VaultFile
from footage.models.vault import VaultFileQuerySet
from footage.playback import preparing
from footage.playback.preparing import Part, Preparing, Unplayable
from footage.playback.process import Busy
from footage.vault.intake import case_of
from records.access import gates, looks
from records.access.cases import SECRECY
from records.models import FootageLook

__all__ = ["Busy", "File", "Part", "Preparing", "Unplayable", "destroyed", "files", "part", "still"]
STILL = "records.footage_still"
# Lines of destroyed files that the time line shows; the manifests have them all.
MOST_DESTROYED = 2_000


@dataclass(frozen=True, slots=True)
class File:
    """A kept file of the range; `from_at` and `until_at` are what its recorder says."""

    key: int
    from_at: dt.datetime
    until_at: dt.datetime
    # Destroyed with the office's knowledge: it was here, and is no more.
    is_gone: bool
    # Why it cannot be played, as far as is known without opening it.
    problem: str = ""


def _kept(look: FootageLook) -> VaultFileQuerySet:
    """Originals, and what was made of them to be looked at."""
    rows = VaultFile.objects.exclude(made_as=VaultFile.MadeAs.TRACKS).filter(
        case__reference=case_of(look.hold),
        camera=look.camera_id,
        first_at__lt=look.until_at,
        until_at__gt=look.from_at,
    )
    return rows.select_related("case", "storage").order_by("first_at", "pk")


def files(look: FootageLook) -> list[File]:
    """What is kept of the range, in its order, each moment once: a file that was copied anew stands for its earlier copy."""
    rows = list(_kept(look).originals())
    failed = dict(
        Conversion.objects.filter(file__in=_kept(look).order_by(), state="failed").values_list(
            "file_id", "error"
        )
    )
    found: dict[tuple[int, str], File] = {}
    for row in rows:
        is_gone = row.removed_at is not None or row.case.destroyed_at is not None
        problem = str(row.get_problem_display()) if row.problem else failed.get(row.pk, "")
        found[row.storage_id, row.path] = File(row.pk, row.first_at, row.until_at, is_gone, problem)
    return sorted(found.values(), key=lambda file: (file.from_at, file.key))


def destroyed(look: FootageLook) -> Iterator[tuple[dt.datetime, int]]:
    """When files of the range began that this office destroyed at its recorder, and their nominal seconds."""
    lengths = dict(Storage.objects.values_list("name", "segment_seconds"))
    found = manifests.destroyed(look.camera, look.from_at, look.until_at)
    try:
        for file in islice(found, MOST_DESTROYED):
            yield file.start, lengths.get(file.storage, 0)
    finally:
        found.close()


def _file(look: FootageLook, key: int) -> VaultFile:
    row = _kept(look).filter(pk=key).first()
    if row is None or row.removed_at is not None or row.case.destroyed_at is not None:
        text = "이 사건이 그 영상을 더는 보관하지 않습니다."
        raise Refused([Refusal("file", text, SECRECY)])
    return row


def part(
    look: FootageLook, key: int, from_s: float, *, officer: Officer, session_key: str
) -> Part | Preparing | Unplayable:
    """Some seconds of a kept file, from that second of it on and within the range. `Refused`, `Busy`.

    The first of a range may begin before it, at the key frame without which no picture is shown: that is on record, too.
    """
    looks.require_live(look, officer, session_key)
    file = _file(look, key)
    first_s = max((look.from_at - file.first_at).total_seconds(), 0.0)
    last_s = (look.until_at - file.first_at).total_seconds()
    from_s = max(from_s, first_s)
    if from_s >= last_s:
        return Unplayable("")
    found = preparing.part(file, from_s, (first_s, last_s))
    if isinstance(found, Part):
        found = replace(found, is_last=found.is_last or found.until_s >= last_s)
        looks.note_read(look, _moment(file, found.from_s), _moment(file, found.until_s))
    return found


def still(
    look: FootageLook, key: int, at_s: float, *, officer: Officer, session_key: str, font: str
) -> tuple[bytes, str]:
    """A frame as a picture that is kept, and its name; the text below it is set in the font of that file: a copy, and so a line of its own before it leaves."""
    looks.require_live(look, officer, session_key)
    file = _file(look, key)
    refuse_if(gates.copy_refusals(officer, look.camera))
    at = _moment(file, at_s)
    if not look.from_at <= at <= look.until_at:
        raise Refused([Refusal("range", "허가받은 구간을 벗어난 장면입니다.", SECRECY)])
    shown = timezone.localtime(at)
    text = (
        f"{look.case_number}  {look.camera.number}  {shown:%Y-%m-%d %H:%M:%S.%f}"[:-3]
        + f"\n{officer}  {timezone.localtime():%Y-%m-%d %H:%M:%S}  복제·유출 금지"
    )
    made = preparing.still(file, at_s, text=text, font=font)
    if isinstance(made, Unplayable):
        raise Refused([Refusal("still", made.why)])
    looks.note_read(look, at, at + dt.timedelta(milliseconds=40))
    case = looks.case_of(look)
    subject = case.ledger_subject if case else look.case_number
    with acts.begin(STILL, look, subject=subject, by=officer) as act:
        act.write(stills=act.row.stills + 1)
        act.payload |= act.row.as_told() | {
            "stills": act.row.stills,
            "at": at.isoformat(),
            "sha256": hashlib.sha256(made).hexdigest(),
            "original_sha256": file.sha256,
        }
    return made, f"{look.case_number}_{look.camera.number}_{shown:%Y%m%d_%H%M%S}.png"


def _moment(file: VaultFile, seconds: float) -> dt.datetime:
    return file.first_at + dt.timedelta(seconds=seconds)
