"""Reading a storage's tree: folder by folder, through descriptors, never through a symbolic link.

Every folder is opened relative to its parent's descriptor with O_NOFOLLOW, from `/` down. A link that someone
puts in the way makes the opening fail; it cannot lead outside the root. Files are handed on in portions, so that
memory does not grow with a folder. This module imports nothing of Django (see `footage.layouts`).
"""

import errno
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from footage.layouts import Cursor, Layout, Reading

OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
PORTION = 2_000
EXAMPLES = 20


class RootUnreadable(OSError):
    """The storage's root cannot be opened (missing, a link in the way, no permission)."""


def open_root(root: str) -> int:
    """A descriptor of the root, every step of its path taken without following a link."""
    descriptor = os.open("/", OPEN_FOLDER)
    for step in root.strip("/").split("/"):
        if not step:
            continue
        try:
            deeper = os.open(step, OPEN_FOLDER, dir_fd=descriptor)
        except OSError as error:
            raise RootUnreadable(error.errno, error.strerror, root) from error
        finally:
            os.close(descriptor)
        descriptor = deeper
    return descriptor


def printable(name: str) -> str:
    """A name that can be stored and shown; bytes that are not UTF-8 appear as \\xNN."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return text if text.isprintable() else text.encode("unicode_escape").decode()


def is_plain(name: str) -> bool:
    """UTF-8 without control characters: only such names can belong to a layout."""
    if name.isascii():
        return name.isprintable()
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in name)


@dataclass
class Findings:
    """Counts of a visit and, for everything strange, the reason with some examples."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)
    unclaimed: dict[str, list[int]] = field(default_factory=dict)

    def note(self, kind: str, reason: str, path: str, amount: int = 1) -> None:
        """`kind` is the figure that grows: unrecognised, unclaimed, errors, or notes (informs only)."""
        self.counts[kind] += amount
        self.reasons.setdefault(kind, Counter())[reason] += amount
        examples = self.examples.setdefault(f"{kind}:{reason}", [])
        if len(examples) < EXAMPLES:
            examples.append(printable(path))

    def add_unclaimed(self, key: str, files: int, size: int, first_us: int, last_us: int) -> None:
        seen = self.unclaimed.get(key)
        if seen is None:
            if len(self.unclaimed) < 5_000:
                self.unclaimed[key] = [files, size, first_us, last_us]
            return
        seen[0] += files
        seen[1] += size
        seen[2] = min(seen[2], first_us)
        seen[3] = max(seen[3], last_us)

    def as_data(self) -> dict[str, Any]:
        return {
            "counts": dict(self.counts),
            "reasons": {kind: dict(reasons) for kind, reasons in self.reasons.items()},
            "examples": self.examples,
            "unclaimed": self.unclaimed,
        }

    def merge(self, data: dict[str, Any]) -> None:
        self.counts.update(data["counts"])
        for kind, reasons in data["reasons"].items():
            self.reasons.setdefault(kind, Counter()).update(reasons)
        for name, paths in data["examples"].items():
            known = self.examples.setdefault(name, [])
            known.extend(paths[: EXAMPLES - len(known)])
        for key, (files, size, first_us, last_us) in data["unclaimed"].items():
            self.add_unclaimed(key, files, size, first_us, last_us)


@dataclass
class Folder:
    """A folder to visit: its path, how far it has come along the layout, whether it fits it at all."""

    path: str
    cursors: tuple[Cursor, ...]
    strange: str = ""
    is_probe: bool = False
    claims: Any = None
    # Children that were opened by name already: when the folder itself is listed they are not visited again.
    probed: frozenset[str] = frozenset()

    def child(self, name: str) -> str:
        return f"{self.path}/{name}" if self.path else name


class Tree:
    """Opens folders below one root. Keeps the descriptors of the current branch for its siblings."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.root_fd = open_root(root)
        self._branch: list[tuple[str, int]] = []

    def open(self, path: str) -> int:
        """A new descriptor of a folder; the caller closes it."""
        if not path:
            return os.open(".", OPEN_FOLDER, dir_fd=self.root_fd)
        steps = path.split("/")
        return os.open(steps[-1], OPEN_FOLDER, dir_fd=self._parent(steps[:-1]))

    def remove_empty(self, path: str) -> bool:
        """Remove a folder if nothing is in it. Never the root; rmdir alone decides whether it is empty."""
        steps = path.split("/")
        try:
            os.rmdir(steps[-1], dir_fd=self._parent(steps[:-1]))
        except OSError:
            return False
        self.forget()
        return True

    def _parent(self, steps: list[str]) -> int:
        same = 0
        while same < min(len(steps), len(self._branch)) and self._branch[same][0] == steps[same]:
            same += 1
        self._close_from(same)
        descriptor = self._branch[-1][1] if self._branch else self.root_fd
        for step in steps[same:]:
            descriptor = os.open(step, OPEN_FOLDER, dir_fd=descriptor)
            self._branch.append((step, descriptor))
        return descriptor

    def _close_from(self, depth: int) -> None:
        while len(self._branch) > depth:
            os.close(self._branch.pop()[1])

    def forget(self) -> None:
        self._close_from(0)

    def close(self) -> None:
        self.forget()
        if self.root_fd >= 0:
            os.close(self.root_fd)
            self.root_fd = -1


class Visitor:
    """Visits folders one by one: sorts their entries into subfolders, files of the layout and strange things.

    What is done with the files is the business of subclasses (`take`).
    """

    def __init__(self, root: str, layout: Layout) -> None:
        self.tree = Tree(root)
        self.layout = layout
        self.findings = Findings()
        self.entries = 0

    def visit(self, folder: Folder) -> list[Folder]:
        """Read one folder; returns its subfolders."""
        try:
            descriptor = self.tree.open(folder.path)
        except FileNotFoundError:
            # A folder that vanished since its parent was read: the recorder removes its own empty ones.
            if not folder.is_probe:
                self.findings.note("notes", "vanished", folder.path)
            return []
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR):
                self.findings.note("unrecognised", "symlink", folder.path)
            else:
                self.findings.note("errors", _reason(error), folder.path)
            return []
        try:
            return self._read(folder, descriptor)
        except OSError as error:
            self.findings.note("errors", _reason(error), folder.path)
            return []
        finally:
            os.close(descriptor)

    def _read(self, folder: Folder, descriptor: int) -> list[Folder]:
        subfolders: list[Folder] = []
        portion: list[os.DirEntry[str]] = []
        is_leaf = not folder.strange and self.layout.is_leaf(folder.cursors)
        seen = 0
        with os.scandir(descriptor) as entries:
            for entry in entries:
                seen += 1
                if entry.is_file(follow_symlinks=False):
                    if is_leaf:
                        portion.append(entry)
                        if len(portion) >= PORTION:
                            self.take(folder, descriptor, portion)
                            portion = []
                    else:
                        self._strange_file(folder, entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    subfolders.append(self._subfolder(folder, entry.name))
                else:
                    reason = "symlink" if entry.is_symlink() else "special"
                    self.findings.note("unrecognised", reason, folder.child(entry.name))
        self.entries += seen + 1
        if portion:
            self.take(folder, descriptor, portion)
        if not seen:
            self.found_empty(folder)
        return subfolders

    def _strange_file(self, folder: Folder, name: str) -> None:
        reason = folder.strange or ("name" if is_plain(name) else "undecodable")
        self.findings.note("unrecognised", reason, folder.child(name))

    def _subfolder(self, folder: Folder, name: str) -> Folder:
        path = folder.child(name)
        if folder.strange:
            return Folder(path, (), strange=folder.strange)
        if not is_plain(name):
            return Folder(path, (), strange="undecodable")
        cursors = self.layout.enter(folder.cursors, name)
        return Folder(path, cursors, strange="" if cursors else "folder")

    def take(self, folder: Folder, descriptor: int, portion: list[os.DirEntry[str]]) -> None:
        raise NotImplementedError

    def found_empty(self, folder: Folder) -> None:
        """A folder without entries; nothing to do unless a subclass cleans up."""

    def spans(
        self, folder: Folder, portion: Iterable[os.DirEntry[str]]
    ) -> Iterator[tuple[os.DirEntry[str], int, int]]:
        """As `readings`, for a folder whose path says the camera: the files with both readings of their start."""
        read = self.layout.reader(folder.cursors)
        for entry in portion:
            span = read(entry.name)
            if span is None:
                self._strange_file(folder, entry.name)
            else:
                yield entry, span[0], span[1]

    def readings(
        self, folder: Folder, portion: Iterable[os.DirEntry[str]]
    ) -> Iterator[tuple[os.DirEntry[str], Reading]]:
        """The files that fit the layout, with what their path says; the others are noted."""
        read = self.layout.read
        for entry in portion:
            name = entry.name
            reading = read(folder.cursors, name) if is_plain(name) else None
            if reading is None:
                self._strange_file(folder, name)
            else:
                yield entry, reading

    def close(self) -> None:
        self.tree.close()


def _reason(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "OSError")
