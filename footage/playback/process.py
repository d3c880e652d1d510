"""Starting the process that opens a kept file. Nothing of the file is opened in ours: what it does to its decoder stays there."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework import judging
from casework.judging import Broken, Busy, Lane
from footage.models import VaultFile
from footage.vault import case_keys, folders
from footage.vault.case_keys import CaseKeyUnavailable

__all__ = ["Answer", "Busy", "run"]
logger = logging.getLogger(__name__)
PROGRAM = Path(__file__).with_name("program.py")
# Cameras side by side do not wait for each other; of one camera a few parts at once, and no more.
# Somebody sits before the picture: on a busy machine the process has its full share.
PLAYING = tuple(Lane(f"playing-{number}", 1024 << 20, 20, 15.0, 10.0, 4, niceness=0) for number in range(4))
CONVERTING = Lane("converting", 2048 << 20, 240, 240.0, 600.0, 8)


@dataclass(frozen=True)
class Answer:
    """`reason` is empty where there is `content`; else a word of `footage.playback.words`, or "convert", "end"."""

    reason: str
    content: bytes
    facts: dict[str, Any]


def run(
    file: VaultFile, job: str, wanted: dict[str, Any], *, meanwhile: Callable[[], object] | None = None
) -> Answer:
    """What the program makes of a kept file; raises `Busy` where too many are waiting."""
    lane = CONVERTING if job == "convert" else PLAYING[file.camera_id % len(PLAYING)]
    folders.settle(file)
    try:
        key = case_keys.of(file.case)
    except CaseKeyUnavailable:
        return Answer(VaultFile.Problem.NO_KEY, b"", {})
    asked = {
        "job": job,
        "path": str(folders.path_of(file)),
        "key": key.hex(),
        "file_id": file.file_id.hex,
        **wanted,
    }
    try:
        facts, parts = judging.judge(PROGRAM, asked, b"", lane, meanwhile)
    except Broken:
        logger.warning("the process for kept file %s did not survive it", file.pk)
        return Answer("broken", b"", {})
    return Answer(facts.pop("reason"), parts[0] if parts else b"", facts)
