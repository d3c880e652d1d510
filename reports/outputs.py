"""Where issued files go: the frozen copies that are never overwritten, and the copies that someone asked for.

A copy appears whole or not at all: written beside its place, synced, then renamed.
"""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from reports.models import IssuedReport

_SUFFIX = ".pdf"


class UnusableOutput(ValueError):
    """Files cannot be written there; the message says why, and nothing has been recorded."""


class Kept:
    """Frozen files under MEDIA: each is put in place only if nothing stands there, and taken back on failure."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.placed: list[Path] = []

    def add(self, source: Path, name: Path) -> None:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        _sync(source)
        # A hard link, unlike a rename, refuses to replace what is there.
        os.link(source, target)
        self.placed.append(target)
        target.chmod(0o440)
        _sync(target.parent)

    def discard(self) -> None:
        for target in self.placed:
            target.unlink(missing_ok=True)


class Output:
    """`FILE.pdf`, its volumes `FILE-annex-N.pdf` and, when asked for, the file of the ledger head."""

    def __init__(self, path: Path, head_file: Path | None) -> None:
        self.path = path
        self.head_file = head_file
        self._staged: list[tuple[Path, Path]] = []
        self._leftovers: list[Path] = []

    @property
    def stem(self) -> str:
        name = self.path.name
        return name[: -len(_SUFFIX)] if name.lower().endswith(_SUFFIX) else name

    def volume_path(self, number: int) -> Path:
        return self.path.with_name(f"{self.stem}-annex-{number}.pdf")

    def refuse_leftovers(self, volumes: int) -> None:
        """Volumes of an earlier, longer report must not stand beside this one as if they belonged to it.

        Those that we issued are frozen elsewhere and go; a file that we do not know is somebody's, and stops us.
        """
        found = [path for number, path in self._numbered_volumes() if number > volumes]
        known = _issued_volume_digests() if found else frozenset()
        for path in found:
            if path.is_symlink() or not path.is_file() or _digest(path) not in known:
                raise UnusableOutput(
                    f"{path}: 이 보고서의 부록이 아닌 파일이 부록의 이름으로 있습니다. 옮기거나 지운 뒤 다시 발행하십시오."
                )
        self._leftovers = found

    def stage(self, files: Sequence[Path], head: bytes) -> None:
        """Write everything beside its place; nothing is visible yet."""
        try:
            self._stage(files[0], self.path)
            for number, volume in enumerate(files[1:], start=1):
                self._stage(volume, self.volume_path(number))
            if self.head_file is not None:
                self._stage_bytes(head, self.head_file)
        except OSError as error:
            self.discard()
            raise UnusableOutput(
                f"{error.filename or self.path}: 쓸 수 없습니다 ({error.strerror})."
            ) from error

    def reveal(self) -> None:
        """Rename everything into place, volumes first: when the report is there, so is its annex."""
        try:
            for temporary, target in reversed(self._staged):
                temporary.replace(target)
            for path in self._leftovers:
                path.unlink(missing_ok=True)
            _sync(self.path.parent)
        except OSError as error:
            raise UnusableOutput(
                f"{error.filename or self.path}: 쓸 수 없습니다 ({error.strerror})."
            ) from error

    def discard(self) -> None:
        for temporary, _ in self._staged:
            temporary.unlink(missing_ok=True)
        self._staged = []

    def _stage(self, source: Path, target: Path) -> None:
        temporary = self._temporary(target)
        shutil.copyfile(source, temporary)
        _sync(temporary)

    def _stage_bytes(self, content: bytes, target: Path) -> None:
        temporary = self._temporary(target)
        temporary.write_bytes(content)
        _sync(temporary)

    def _temporary(self, target: Path) -> Path:
        handle, name = tempfile.mkstemp(prefix=".issue-", dir=target.parent)
        os.close(handle)
        temporary = Path(name)
        temporary.chmod(0o644 & ~_umask())
        self._staged.append((temporary, target))
        return temporary

    def _numbered_volumes(self) -> list[tuple[int, Path]]:
        start, end = f"{self.stem}-annex-", _SUFFIX
        found = []
        for path in self.path.parent.iterdir():
            middle = path.name[len(start) : -len(end)]
            if (
                path.name.startswith(start)
                and path.name.endswith(end)
                and middle.isascii()
                and middle.isdigit()
            ):
                found.append((int(middle), path))
        return sorted(found)


def prepare(output: Path | str | None, head_file: Path | str | None) -> Output | None:
    """Look at the places before any work is done; None when no copy is asked for."""
    if output is None:
        if head_file is not None:
            raise UnusableOutput("원장 봉인 파일은 보고서 파일과 함께만 쓸 수 있습니다.")
        return None
    path = _usable(output)
    if not path.name.isprintable():
        # The name is kept with the frozen report and printed; only text can be.
        raise UnusableOutput(
            f"{path.name!r}: 파일 이름에 읽을 수 없는 글자가 있습니다. 다른 이름을 적으십시오."
        )
    head = _usable(head_file) if head_file is not None else None
    if head is not None and head == path:
        raise UnusableOutput(f"{path}: 보고서와 원장 봉인을 같은 파일에 쓸 수 없습니다.")
    return Output(path, head)


def write(path: Path | str, content: bytes) -> Path:
    """Write one document whole or not at all."""
    target = _usable(path)
    output = Output(target, None)
    try:
        output._stage_bytes(content, target)
        output.reveal()
    except OSError as error:
        output.discard()
        raise UnusableOutput(f"{target}: 쓸 수 없습니다 ({error.strerror}).") from error
    return target


def _usable(place: Path | str) -> Path:
    """The absolute place of a file that can be written, or the reason why not."""
    text = str(place)
    if not text.strip() or "\0" in text:
        raise UnusableOutput("쓸 파일의 이름이 비어 있거나 올바르지 않습니다.")
    path = Path(os.path.abspath(text))
    try:
        if path.is_dir():
            raise UnusableOutput(f"{path}: 폴더입니다. 파일 이름을 적으십시오.")
        if path.exists() and not path.is_file():
            raise UnusableOutput(f"{path}: 보통 파일이 아니어서 쓸 수 없습니다.")
        if not path.parent.is_dir():
            raise UnusableOutput(f"{path.parent}: 그런 폴더가 없습니다.")
        if path.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
            raise UnusableOutput(f"{path}: 발행한 문서를 보존하는 폴더에는 쓸 수 없습니다.")
        with tempfile.NamedTemporaryFile(prefix=".issue-", dir=path.parent):
            pass
    except OSError as error:
        raise UnusableOutput(f"{path}: 쓸 수 없습니다 ({error.strerror}).") from error
    return path


def _issued_volume_digests() -> frozenset[str]:
    return frozenset(
        volume["sha256"]
        for volumes in IssuedReport.objects.exclude(sha256="").values_list("volumes", flat=True)
        for volume in volumes
    )


def _digest(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
