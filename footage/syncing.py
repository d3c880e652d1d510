"""Making unlinks last: folders synced to disk before their block is marked done.

Many folders are synced by one `syncfs` per file system: on a disk whose cache must be flushed each time, one flush
instead of one per folder. `syncfs` also waits for what others wrote on that disk, so a few folders are synced one by
one, and nobody's hold waits for either (`Sweeper.unlink` is over by then). This module imports nothing of Django.
"""

import ctypes
import errno
import os
import re
from collections.abc import Sequence

FOLDERS_ONE_BY_ONE = 8
# Before Linux 5.8 syncfs said that all is well whatever happened to the disk.
HONEST_KERNEL = (5, 8)
# Some network file systems cannot sync a folder; that is how they are, not a failure.
NO_FAILURE = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)


def sync_folders(descriptors: Sequence[int]) -> set[int]:
    """Sync open folders; returns the positions of those that failed. Negative descriptors are passed over.

    The descriptors must have been opened before the unlinks that they stand for: an error counts from then on.
    """
    by_device: dict[int, list[int]] = {}
    for position, descriptor in enumerate(descriptors):
        if descriptor >= 0:
            by_device.setdefault(os.fstat(descriptor).st_dev, []).append(position)
    failed: set[int] = set()
    for positions in by_device.values():
        if len(positions) > FOLDERS_ONE_BY_ONE and is_syncfs_usable():
            try:
                # The one that was opened first: its view of errors reaches back the furthest.
                syncfs(descriptors[positions[0]])
            except OSError as error:
                if error.errno != errno.ENOSYS:
                    failed.update(positions)
                    continue
            else:
                continue
        failed.update(position for position in positions if not _sync_one(descriptors[position]))
    return failed


def _sync_one(descriptor: int) -> bool:
    try:
        os.fsync(descriptor)
    except OSError as error:
        return error.errno in NO_FAILURE
    return True


def syncfs(descriptor: int) -> None:
    """Sync the file system of an open folder. Raises OSError, ENOSYS where the C library has no such call."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if call(descriptor) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def is_syncfs_usable() -> bool:
    """Whether this kernel's syncfs tells of errors."""
    version = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return version is not None and (int(version[1]), int(version[2])) >= HONEST_KERNEL
