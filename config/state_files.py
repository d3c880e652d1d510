"""Small files that processes leave for their next start. A power cut may empty, cut or garble any of them.

None holds anything that cannot be made anew, so none may keep the system from starting: what cannot be read is set aside
beside its place, for whoever wants to know, and said in one line of the log.
"""

import contextlib
import logging
import os
import time
from pathlib import Path

logger = logging.getLogger(__name__)

# What a version that did not set its umask left readable to other users of the machine.
OURS = ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "keys", "logs", "mail", "media", "queue", "alive")


def set_aside(path: Path, error: object) -> None:
    """Move a damaged file out of the way; its name says since when."""
    aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        os.replace(path, aside)
    logger.warning("손상된 상태 파일을 옮기고 새로 만듭니다: %s (%s)", aside, error)


def close_to_others(folder: Path) -> None:
    """Files and folders of ours directly in DATA_DIR: for this user only. What lies in them is behind their doors."""
    for name in OURS:
        path = folder / name
        with contextlib.suppress(OSError):
            if path.stat().st_mode & 0o077:
                path.chmod(path.stat().st_mode & 0o700)
