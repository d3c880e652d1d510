"""Key files of a deployment: made once, readable by the owner only, never in the database.

Apps reach it as `settings.KEY_STORE`, since none of them imports `config`.
"""

import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class KeyStore:
    folder: Path

    def read(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return the key `name`, making it first when it does not exist yet.

        Two processes that start together must end with one key, so the file is linked into place
        whole and the loser reads the winner's.
        """
        path = self.folder / name
        with contextlib.suppress(FileNotFoundError):
            return path.read_bytes()
        draft = self._draft(name, make())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
        return path.read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """Put another content in place, whole or not at all."""
        self._draft(name, content).replace(self.folder / name)

    def _draft(self, name: str, content: bytes) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        return draft

    def secret_key(self) -> str:
        return self.read("secret_key", lambda: secrets.token_urlsafe(64).encode()).decode()
