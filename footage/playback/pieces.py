"""What browsers do not play, encoded anew by a worker: in pieces that lie encrypted beside the kept file.

They lie under the case's key and go with it; they are made for what the case holds and no more.
"""

import io
import logging
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from django.db.models import F

from accounts.longrun import RunState
from footage.errors import VaultUnusable
from footage.locks import CONVERSION_CLASS, one_at_a_time
from footage.models import Conversion, Hold, VaultFile
from footage.playback import process, words
from footage.vault import case_keys, containers, folders
from footage.vault.case_keys import CaseKeyUnavailable
from footage.vault.containers import Container
from footage.vault.intake import case_of

logger = logging.getLogger(__name__)
PART_SECONDS = 8.0
# How long one file is worked on while others wait.
TURN_SECONDS = 10.0
# A file that lies in many ranges is one conversion; a step of progress is a piece.
MOST_PIECES = 20_000


def work(seconds: float = 45.0) -> bool:
    """Go on with what is to be made playable, one file after the other; whether something is left.

    One process in all, and not for long at a time: the worker has other things to do.
    """
    until = time.monotonic() + seconds
    with one_at_a_time("conversions", CONVERSION_CLASS, 0) as is_ours:
        while is_ours and time.monotonic() < until:
            waiting = Conversion.objects.unfinished().select_related("file__case", "file__storage")
            row = waiting.order_by(F("heartbeat_at").asc(nulls_first=True), "pk").first()
            if row is None:
                return False
            _go_on(row, min(until, time.monotonic() + TURN_SECONDS))
    return bool(is_ours and Conversion.objects.unfinished().exists())


def _go_on(row: Conversion, until: float) -> None:
    # Whoever ran it does not any more: it is our turn.
    Conversion.objects.filter(pk=row.pk).update(state=RunState.WAITING)
    is_done = False
    try:
        with row.running():
            is_done = convert(row, until)
    except (CannotConvert, VaultUnusable, CaseKeyUnavailable, process.Busy) as error:
        logger.warning("kept file %s cannot be made playable: %s", row.file_id, error)
        return
    if not is_done and row.state == RunState.SUCCEEDED:
        Conversion.objects.filter(pk=row.pk).update(state=RunState.WAITING, finished_at=None)


def convert(row: Conversion, until: float) -> bool:
    """What is missing of the pieces, from where an earlier worker stopped; whether nothing is missing any more."""
    file = row.file
    numbers = sorted(_numbers(file), key=lambda number: (number < row.wanted_piece, number))
    for done, number in enumerate(numbers):
        row.beat(done, len(numbers), "재생할 수 있게 바꾸는 중")
        if row.seconds is not None and number * PART_SECONDS >= row.seconds:
            continue
        if str(number) in row.pieces:
            continue
        if time.monotonic() >= until:
            return False
        _make(row, file, number, partial(row.beat, done))
    row.beat(len(numbers), len(numbers))
    return True


class CannotConvert(Exception):
    """Why the whole file cannot be played, in words."""


def _make(row: Conversion, file: VaultFile, number: int, meanwhile: Callable[[], object]) -> None:
    wanted = {"from": number * PART_SECONDS, "most": PART_SECONDS}
    answer = process.run(file, "convert", wanted, meanwhile=meanwhile)
    row.seconds = answer.facts.get("length", row.seconds)
    is_part_of_a_whole = answer.reason in ("no_frames", "broken") and row.seconds is not None
    if answer.reason and not is_part_of_a_whole:
        raise CannotConvert(words.sentence(answer.reason))
    row.pieces[str(number)] = _write(file, answer.content) if answer.content else ""
    row.save(update_fields=["pieces", "seconds"])
    if not VaultFile.objects.filter(pk=file.pk, removed_at=None, case__destroyed_at=None).exists():
        folders.remove(file)
        raise CannotConvert("사본을 파기하여 더 만들지 않습니다.")


def _numbers(file: VaultFile) -> Iterator[int]:
    """Of the pieces that the case's holds touch."""
    holds = Hold.objects.filter(camera=file.camera_id, released_at=None)
    mine = [hold for hold in holds if case_of(hold) == file.case.reference]
    # A file may run on beyond the end that its name and its recorder give it.
    end_at = file.until_at + timedelta(seconds=file.storage.segment_seconds)
    spans = [
        ((hold.from_at - file.first_at).total_seconds(), (hold.until_at - file.first_at).total_seconds())
        for hold in mine
        if hold.from_at < end_at and file.first_at < hold.until_at
    ]
    most = (end_at - file.first_at).total_seconds()
    for number in range(min(int(most // PART_SECONDS) + 1, MOST_PIECES)):
        start = number * PART_SECONDS
        if any(start < until and from_ < start + PART_SECONDS for from_, until in spans):
            yield number


def _write(file: VaultFile, content: bytes) -> str:
    """A piece, encrypted, under a name of its own: its key comes from that name, and no name comes twice."""
    piece = uuid.uuid4()
    with folders.piece_drafted(file, piece, len(content)) as draft:
        containers.write(
            io.BytesIO(content),
            draft,
            case_key=case_keys.of(file.case),
            file_id=piece.bytes,
            length=len(content),
        )
    return piece.hex


def cut(file: VaultFile, piece: str, from_s: float, until_s: float) -> process.Answer:
    """What of a piece lies between these seconds of the file."""
    identity = uuid.UUID(piece)
    wanted = {
        "path": str(folders.piece_path(file, identity)),
        "file_id": identity.hex,
        "from": from_s,
        "until": until_s,
        "most": PART_SECONDS,
    }
    return process.run(file, "piece", wanted)


def read(file: VaultFile, piece: str) -> bytes:
    with folders.piece_path(file, uuid.UUID(piece)).open("rb") as handle:
        kept = Container(handle, case_key=case_keys.of(file.case), file_id=uuid.UUID(piece).bytes)
        return b"".join(kept.read(0, kept.length))
