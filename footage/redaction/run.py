"""Starting the process in which a clip is redacted, and putting its result in place only when it is whole.

The result is written beside its place under a name that does not count, synced, and then named; what was at that place
before stays until then, and stays when anything goes wrong.
"""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from footage.errors import UnusableInput
from footage.redaction.cover import Style
from footage.redaction.recipe import Pixels, Recipe, read

PROGRAM = Path(__file__).with_name("process.py")
# Without a sign of life the process is given up: a file can keep a decoder busy for ever.
PATIENCE_SECONDS = 300.0


@dataclass(frozen=True)
class Wishes:
    """`keep`: tracks that stay visible. With a recipe nothing is looked for: what it says is made again."""

    detectors: Sequence[str] = ("moving", "centerface")
    keep: Sequence[int] = ()
    style: Style = "solid"
    recipe: str | None = None


@dataclass(frozen=True)
class Result:
    """`tracks` and `doubtful` as footage.redaction.stages.described gives them; times in seconds, sizes in bytes."""

    frames: int
    length: float
    source_sha256: str
    sha256: str
    recipe: str
    is_same_build: bool
    most_memory: int
    tracks: list[dict[str, Any]]
    doubtful: list[dict[str, Any]]
    warnings: list[str] = field(default_factory=list)

    def boxes(self) -> Sequence[tuple[Pixels, ...]]:
        """What was covered in each picture."""
        parsed: Recipe = read(self.recipe)
        return parsed.boxes


def redact(
    source: Path,
    target: Path,
    wishes: Wishes,
    progress: Callable[[str, int, int], None] | None = None,
) -> Result:
    """Writes `target`. Raises UnusableInput, and then whatever was at `target` is still there."""
    with replacing(target) as draft:
        request = {
            "job": "redact",
            "source": str(source.resolve()),
            "target": str(draft),
            "detectors": list(wishes.detectors),
            "keep": list(wishes.keep),
            "style": wishes.style,
            "recipe": wishes.recipe,
        }
        answer = asked(request, progress)
        if "unusable" in answer:
            raise UnusableInput(f"{source.name}: {answer['unusable']}")
        return Result(**answer)


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A name beside `target` to write to; at the end it becomes `target`, or is gone when something was raised."""
    draft = target.resolve().parent / f".{target.name}.{secrets.token_hex(6)}.part"
    try:
        draft.touch(mode=0o600, exist_ok=False)
        # As any new file of this user would be, and as private as the one that it replaces.
        umask = os.umask(0)
        os.umask(umask)
        draft.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~umask)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UnusableInput(f"결과를 쓸 수 없습니다: {target} ({error.strerror})") from error
    try:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target.resolve())
    except OSError as error:
        raise UnusableInput(f"결과를 쓸 수 없습니다: {target} ({error.strerror})") from error
    finally:
        draft.unlink(missing_ok=True)


def asked(
    request: dict[str, Any],
    progress: Callable[[str, int, int], None] | None,
    *,
    descriptors: Sequence[int] = (),
    program: Path = PROGRAM,
) -> dict[str, Any]:
    """What the process answers; what `progress` raises ends it. `descriptors`: open files that it gets."""
    with tempfile.TemporaryFile() as remarks:
        # -I and no environment: nothing there decides what is loaded, and no key stands in it.
        process = subprocess.Popen(  # noqa: S603 - a program of ours
            [sys.executable, "-I", str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=remarks,
            env={},
            pass_fds=descriptors,
            text=True,
        )
        with process, _given_up_without_a_sign(process) as alive:
            into, out = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
            try:
                with contextlib.suppress(BrokenPipeError):
                    into.write(json.dumps(request) + "\n")
                    into.close()
                last: dict[str, Any] = {}
                for line in out:
                    alive()
                    last = json.loads(line)
                    if progress and "stage" in last:
                        progress(last["stage"], last["frame"], last["frames"])
            finally:
                if process.poll() is None and sys.exc_info()[0]:
                    process.kill()
            status = process.wait()
        if status or not last or "stage" in last:
            return {"unusable": _why_broken(status, remarks)}
    return last


@contextmanager
def _given_up_without_a_sign(process: subprocess.Popen[str]) -> Iterator[Callable[[], None]]:
    """Ends the process when the given function was not called for too long."""
    called = threading.Event()
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            if not called.wait(PATIENCE_SECONDS):
                process.kill()
                return
            called.clear()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield called.set
    finally:
        over.set()
        called.set()
        watcher.join()


def _why_broken(status: int, remarks: Any) -> str:
    remarks.seek(0, os.SEEK_END)
    remarks.seek(max(0, remarks.tell() - 2_000))
    said = remarks.read().decode(errors="replace").strip().splitlines()
    if "No space left on device" in " ".join(said):
        return "디스크에 빈 곳이 없어 결과를 쓰지 못했습니다. 결과는 남기지 않았습니다."
    why = f"신호 {-status}" if status < 0 else (said[-1] if said else f"상태 {status}")
    return (
        "영상을 처리하던 프로세스가 끝까지 가지 못했습니다. 파일이 손상되었거나 너무 클 수 있습니다. "
        f"다른 프로그램으로 다시 내보내 보십시오. 결과는 남기지 않았습니다. ({why})"
    )
