"""Parts of kept files, as a browser plays them.

H.264 in MP4 is cut out of the kept file when it is asked for. Anything else is asked of a worker (`footage.playback.pieces`).
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts import queueing
from accounts.longrun import RunState
from footage import tasks
from footage.models import Conversion, VaultFile
from footage.playback import pieces, process, words
from footage.playback.pieces import PART_SECONDS
from footage.vault.containers import Damaged

# Seconds from the beginning of a file: of what there is a right to look at.
Span = tuple[float, float]


@dataclass(frozen=True)
class Part:
    """A part of a file: `from_s` and `until_s` in seconds from its beginning."""

    content: bytes
    from_s: float
    until_s: float
    is_last: bool


@dataclass(frozen=True)
class Preparing:
    """A worker is at it."""

    percent: int | None


@dataclass(frozen=True)
class Unplayable:
    """Why nothing can be shown from here on. `until_s`: where it may go on, None where the file has no more."""

    why: str
    until_s: float | None = None


def part(file: VaultFile, from_s: float, within: Span) -> Part | Preparing | Unplayable:
    """From that second on, and nothing behind `within`; what comes begins earlier where a picture needs those before it.

    `footage.playback.process.Busy` where too many ask at once.
    """
    conversion = Conversion.objects.filter(file=file).first()
    if conversion is not None:
        return _converted(conversion, file, from_s, within)
    answer = process.run(file, "part", {"from": from_s, "most": PART_SECONDS, "until": within[1]})
    if answer.reason == "convert":
        return _converted(_asked(file), file, from_s, within)
    if answer.reason == "end":
        return Unplayable("")
    if answer.reason:
        return Unplayable(words.sentence(answer.reason))
    return _of(answer)


def still(file: VaultFile, at_s: float, *, text: str, font: str) -> bytes | Unplayable:
    """The frame at that second as PNG, with the text below."""
    answer = process.run(file, "still", {"from": at_s, "text": text, "font": font})
    return Unplayable(words.sentence(answer.reason)) if answer.reason else answer.content


# ---------------------------------------------------------------- made by a worker


def _asked(file: VaultFile) -> Conversion:
    row, _ = Conversion.objects.get_or_create(file=file)
    _start()
    return row


def _start() -> None:
    queueing.start(tasks.convert)


def _converted(
    row: Conversion, file: VaultFile, from_s: float, within: Span
) -> Part | Preparing | Unplayable:
    number = int((from_s + 1e-3) // PART_SECONDS)
    until_s = (number + 1) * PART_SECONDS
    if row.seconds is not None and from_s >= row.seconds - 1e-3:
        return Unplayable("")
    piece = row.pieces.get(str(number))
    if piece:
        return _piece(row, file, number, within) or _made_again(row, number)
    if piece == "":
        return Unplayable("이 부분은 장면을 읽을 수 없습니다.", until_s)
    if row.state == RunState.FAILED:
        return Unplayable(row.error)
    if row.is_finished:
        return _made_again(row, number)
    if row.wanted_piece != number:
        Conversion.objects.filter(pk=row.pk).update(wanted_piece=number)
    return Preparing(row.percent)


def _piece(row: Conversion, file: VaultFile, number: int, within: Span) -> Part | Unplayable | None:
    """What of it lies in the range; none where it is lost or damaged."""
    name, start_s, end_s = row.pieces[str(number)], number * PART_SECONDS, (number + 1) * PART_SECONDS
    is_last = row.seconds is not None and end_s >= row.seconds
    until_s = min(end_s, row.seconds or end_s)
    if within[0] <= start_s and until_s <= within[1]:
        try:
            return Part(pieces.read(file, name), start_s, until_s, is_last)
        except (OSError, Damaged):
            return None
    answer = pieces.cut(file, name, *within)
    if answer.reason == "end":
        return Unplayable("", until_s)
    return _of(answer) if answer.content else None


def _of(answer: process.Answer) -> Part:
    facts = answer.facts
    return Part(answer.content, facts["from"], facts["until"], facts["is_last"])


def _made_again(row: Conversion, number: int) -> Preparing:
    """A piece is missing: it was lost, or the case holds more of the file by now."""
    with transaction.atomic():
        held = Conversion.objects.select_for_update().get(pk=row.pk)
        held.pieces.pop(str(number), None)
        held.wanted_piece = number
        if held.is_finished:
            held.state, held.requested_at = RunState.WAITING, timezone.now()
            held.cancel_requested, held.finished_at = False, None
        held.save()
        _start()
    return Preparing(row.percent)
