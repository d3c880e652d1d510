"""Key files of a deployment: made once, readable by the owner only, never in the database.

Apps reach it as `settings.KEY_STORE`, since none of them imports `config`.
"""

import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# Names of the keys that were made here and without which stored values can never be opened again.
KNOWN = "known"


class KeyLost(Exception):
    """A key that was made once is gone. Another one in its place would seal what nobody can open after a restore."""


# By folder and name: not asked again with each cell.
_remembered: set[tuple[Path, str]] = set()


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@dataclass(frozen=True)
class KeyStore:
    folder: Path

    def read(self, name: str, make: Callable[[], bytes], *, is_once: bool = False) -> bytes:
        """Return the key `name`, making it first when it does not exist yet.

        `is_once`: a key that has existed here is never made again; raises `KeyLost`. Two processes that start together must end with one key, so the file is linked into place
        whole and the loser reads the winner's.
        """
        path = self.folder / name
        with contextlib.suppress(FileNotFoundError):
            content = path.read_bytes()
            if is_once:
                self._remember(name)
            return content
        if is_once and name in self._known():
            raise KeyLost(f"열쇠 파일이 없어졌습니다: {name}. 새로 만들지 않습니다. 백업에서 되살리십시오.")
        draft = self._draft(name, make())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        if is_once:
            self._remember(name)
        return path.read_bytes()

    def _known(self) -> frozenset[str]:
        with contextlib.suppress(FileNotFoundError):
            return frozenset((self.folder / KNOWN).read_text().split())
        return frozenset()

    def _remember(self, name: str) -> None:
        """Also keys that an earlier version made. A disk that takes nothing must not keep a key from being read."""
        if (self.folder, name) in _remembered:
            return
        if name not in self._known():
            with contextlib.suppress(OSError), open(self.folder / KNOWN, "a", opener=_for_owner) as index:
                index.write(f"{name}\n")
        _remembered.add((self.folder, name))

    def write(self, name: str, content: bytes) -> None:
        """Put another content in place, whole or not at all."""
        self._draft(name, content).replace(self.folder / name)

    def _draft(self, name: str, content: bytes) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as handle:
                handle.write(content)
                handle.flush()
                os.fsync(handle.fileno())
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        return draft

    def secret_key(self) -> str:
        return self.read("secret_key", lambda: secrets.token_urlsafe(64).encode()).decode()
