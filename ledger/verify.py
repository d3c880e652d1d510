"""Checking the whole ledger, entry by entry, against every head there is.

What is checked: that sequences run from 1 without a gap; that each entry's digest is that of its content;
that each stored head is signed by a key of ours and has the root of the entries that it covers; and the
same for a head that someone kept outside; that entries are dated between their heads (`ledger.timekeeping`). Entries after the last head are vouched for by their digests only.

`first_bad` is the lowest sequence that is certainly bad, found in this order of exactness: a wrong digest or
a missing number names itself; where digests were computed anew, the copy of the leaf hashes beside the
database (`ledger.leaves`) names the entry; without it, the heads and their subtrees give the smallest range
in which the change must lie, and its first entry is named (`suspect_until` is its last).
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from ledger import checks, continuity, keys, leaves, protection, rows, timekeeping
from ledger.models import SignedHead
from ledger.verify_bundle import (
    EMPTY_ROOT,
    Tree,
    encode_leaf,
    first_difference,
    is_signed,
    key_id,
    leaf_hash,
    sound_peaks,
)


@dataclass(frozen=True)
class Verification:
    entries: int
    size: int
    root: str
    ok: bool
    first_bad: int | None = None
    suspect_until: int | None = None
    reason: str = ""
    heads: int = 0
    missing_triggers: list[str] = field(default_factory=list)
    # Of the head that was kept outside: soundly signed, and the root of the entries that it covers.
    head_matches: bool | None = None
    clock_steps: int = 0
    times_checked_after: int | None = None
    checks: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Finding:
    """The first thing found wrong, and what is known about where."""

    reason: str = ""
    first: int | None = None
    last: int | None = None

    def note(self, reason: str, first: int | None = None, last: int | None = None) -> None:
        """Keep the finding with the lowest entry; one without an entry only when there is no other."""
        if not self.reason or (first is not None and (self.first is None or first < self.first)):
            self.reason, self.first, self.last = reason, first, last


class _Roots:
    """Size, root and time of every head that we trust, ascending: 67 bytes each, since there is one a minute."""

    TIME = 27

    def __init__(self) -> None:
        self.sizes = array("q")
        self._roots = bytearray()
        self._times = bytearray()

    def add(self, size: int, root: bytes, time: str = "") -> None:
        at = bisect_right(self.sizes, size)
        self.sizes.insert(at, size)
        self._roots[at * 32 : at * 32] = root
        self._times[at * self.TIME : at * self.TIME] = time.encode()[: self.TIME].ljust(self.TIME)

    def root(self, at: int) -> bytes:
        return bytes(self._roots[at * 32 : at * 32 + 32])

    def time(self, at: int) -> str:
        return self._times[at * self.TIME : (at + 1) * self.TIME].decode().strip()


def verify(head: dict[str, Any] | None = None, *, in_itself: bool = False) -> Verification:
    """The result; `head` is one kept outside, as `ledger.heads.read` gives it.

    `in_itself`: whether it is whole, however old: heads that are known elsewhere and not stored are left out.
    """
    return _Check(head, [] if in_itself else continuity.lost()).run()


class _Check:
    def __init__(self, head: dict[str, Any] | None, lost: list[continuity.KnownHead]) -> None:
        self.kept = head
        # A restore that nobody has confirmed is a matter of the holds: nothing is wrong with the ledger itself.
        self.lost = [known for known in lost if not known.restore]
        self.is_kept_sound = False
        self.kept_matches: bool | None = None if head is None else False
        self.keys = keys.trusted_keys()
        self.limits = keys.limits()
        self.trusted = _Roots()
        self.times = timekeeping.rule()
        self.head_before = 0  # the first trusted head that the entries have not passed yet
        self.heads = 0
        self.reported_size = 0
        self.tree = Tree()
        self.entries = 0
        self.whole = True  # no gap so far: only then do leaves stand at their place in the tree
        self.reported_root: bytes | None = None
        self.local = _Finding()
        self.against_heads = _Finding()
        self.head_trouble = _Finding()
        self.mismatch: tuple[int, bytes] | None = None  # the first trusted head that does not fit

    def run(self) -> Verification:
        for size, root, time in self._sound_heads():
            self.trusted.add(size, root, time)
        for known in self.lost:
            # Not stored any more, and nobody has said that it may be missing.
            self.head_trouble.note(continuity.in_words([known]))
            self.trusted.add(known.size, bytes.fromhex(known.root))
        self._check_kept_head()
        self._walk()
        self._check_cut_tail()
        return self._result()

    # -- heads ---------------------------------------------------------------------------------------------

    def _sound_heads(self) -> Iterator[tuple[int, bytes, str]]:
        """Stored heads with our signature. Also those that are not counted as trouble, but not followed."""
        for head in rows.stored_heads():
            self.heads += 1
            size = head["size"]
            root = self._root_of_signed(head)
            if type(size) is int:
                self.reported_size = max(self.reported_size, size)
            if root is not None:
                yield size, root, head["at"]

    def _root_of_signed(self, head: dict[str, Any]) -> bytes | None:
        name = f"저장된 봉인(크기 {head['size']})"
        try:
            root = bytes.fromhex(head["root"])
            peaks = sound_peaks(head["size"], head["root"], head["peaks"].split())
            is_sound = head["root"] == root.hex() and (bool(peaks) or head["size"] == 0)
            is_sound = is_sound and type(head["size"]) is int and isinstance(head["key_id"], str)
        except (ValueError, TypeError, AttributeError, OverflowError):
            is_sound = False
        if not is_sound:
            self.head_trouble.note(f"{name}의 값이 손상되었습니다")
        elif head["key_id"] not in self.keys:
            self.head_trouble.note(f"{name}을 서명한 키({head['key_id'][:16]}…)가 이 기관의 키가 아닙니다")
        elif not is_signed(head, self.keys[head["key_id"]]):
            self.head_trouble.note(f"{name}의 서명이 맞지 않습니다")
        elif not self._is_in_time(head):
            self.head_trouble.note(f"{name}이 폐기된 키로, 그 키의 마지막 크기 뒤에 서명되었습니다")
        else:
            return root
        return None

    def _is_in_time(self, head: dict[str, Any]) -> bool:
        """A retired key signs nothing after its last size."""
        return head["key_id"] not in self.limits or head["size"] <= self.limits[head["key_id"]][0]

    def _check_kept_head(self) -> None:
        """The head from outside must be signed by a key of ours. One that is soundly signed by another key is
        compared all the same: perhaps it is our keys that were replaced."""
        if self.kept is None:
            return
        key = bytes.fromhex(self.kept["public_key"])
        if key_id(key) != self.kept["key_id"] or not is_signed(self.kept, key):
            self.head_trouble.note("보관한 봉인 파일의 서명이 맞지 않습니다")
            return
        self.is_kept_sound = True
        if self.kept["key_id"] not in self.keys:
            self.head_trouble.note("보관한 봉인 파일이 이 기관의 키로 서명되지 않았습니다")
        if not self._is_in_time(self.kept):
            self.head_trouble.note("보관한 봉인 파일이 폐기된 키로, 그 키의 마지막 크기 뒤에 서명되었습니다")
            return
        self.trusted.add(self.kept["size"], bytes.fromhex(self.kept["root"]), self.kept["at"])
        self.reported_size = max(self.reported_size, self.kept["size"])

    # -- entries -------------------------------------------------------------------------------------------

    def _walk(self) -> None:
        self._compare_heads()
        try:
            with rows.stored() as batches:
                for batch in batches:
                    self._take(batch)
        except DatabaseError as error:
            self.local.note(f"데이터베이스에서 기록을 읽을 수 없습니다: {error}", self.tree.size + 1)

    def _take(self, batch: list[rows.Row]) -> None:
        """Hash a batch and grow the tree, stopping at each size for which there is a head."""
        self.entries += len(batch)
        good = self._leaves_in_order(batch)
        start = 0
        while start < len(good):
            stop = self._next_stop(len(good) - start)
            self.tree.extend(good[start : start + stop])
            start += stop
            self._compare_heads()

    def _leaves_in_order(self, batch: list[rows.Row]) -> list[bytes]:
        good: list[bytes] = []
        expected = self.tree.size + 1
        for sequence, at, kind, actor, subject, payload, digest in batch:
            if not self.whole:  # the gap is lower than whatever is wrong after it
                break
            if sequence != expected:
                self._note_gap(sequence, expected)
                continue
            leaf = leaf_hash(encode_leaf(sequence, at, kind, actor, subject, payload))
            if leaf.hex() != digest:
                self.local.note(f"{sequence}번 기록의 해시가 내용과 다릅니다", sequence)
            elif fault := self._time_fault(sequence, at, kind):
                self.local.note(fault, sequence)
            good.append(leaf)
            expected += 1
        return good

    def _time_fault(self, sequence: int, at: str, kind: str) -> str:
        sizes = self.trusted.sizes
        while self.head_before < len(sizes) and sizes[self.head_before] < sequence:
            if time := self.trusted.time(self.head_before):
                self.times.go_on_from(time)
            self.head_before += 1
        return self.times.fault(sequence, at, kind)

    def _note_gap(self, sequence: Any, expected: int) -> None:
        if type(sequence) is int and sequence < expected:
            self.local.note(f"{sequence}번 기록이 있어서는 안 될 자리에 있습니다", sequence)
        else:
            self.local.note(f"{expected}번 기록이 없습니다", expected)
            self.whole = False

    def _next_stop(self, available: int) -> int:
        at = bisect_right(self.trusted.sizes, self.tree.size)
        if at == len(self.trusted.sizes):
            return available
        return min(available, self.trusted.sizes[at] - self.tree.size)

    def _compare_heads(self) -> None:
        """All trusted heads of the size that the tree has now."""
        size = self.tree.size
        first, end = bisect_left(self.trusted.sizes, size), bisect_right(self.trusted.sizes, size)
        if size == self.reported_size:
            self.reported_root = self.tree.root()
        if self.kept is not None and self.is_kept_sound and self.kept["size"] == size:
            self.kept_matches = self.tree.root().hex() == self.kept["root"]
        for at in range(first, end):
            if self.tree.root() != self.trusted.root(at) and not self.against_heads.reason:
                self._note_mismatch(
                    size, self.trusted.root(at), self.trusted.sizes[first - 1] if first else 0
                )

    def _note_mismatch(self, size: int, root: bytes, matched: int) -> None:
        """The change lies after the last head that matched, and in the first subtree that differs."""
        first, last = matched + 1, size
        peaks = [bytes.fromhex(peak) for peak in self._peaks_of(size, root)]
        narrower = first_difference(size, peaks, self.tree.peaks())
        if narrower:
            first, last = max(first, narrower[0]), narrower[1]
        reason = f"봉인(크기 {size})의 루트가 기록과 다릅니다"
        self.mismatch = size, root
        self.against_heads.note(reason, first if size else None, last)

    def _peaks_of(self, size: int, root: bytes) -> list[str]:
        if self.kept is not None and self.kept["root"] == root.hex() and self.kept["peaks"]:
            return list(self.kept["peaks"])
        stored = SignedHead.objects.filter(size=size, root=root.hex()).values_list("peaks", flat=True)
        for peaks in stored:
            if sound := sound_peaks(size, root.hex(), peaks.split()):
                return sound
        return []

    def _check_cut_tail(self) -> None:
        if self.whole and self.trusted.sizes and self.trusted.sizes[-1] > self.tree.size:
            reason = f"봉인된 {self.trusted.sizes[-1]}건 가운데 {self.tree.size}번 뒤의 기록이 없습니다"
            self.local.note(reason, self.tree.size + 1)

    # -- where ---------------------------------------------------------------------------------------------

    def _where(self) -> _Finding:
        """One finding out of all: the lowest entry that is certainly bad."""
        local, mismatch = self.local, self.against_heads
        if not local.reason and not mismatch.reason:
            return self._head_trouble_only()
        exact = self._by_leaf_copy()
        if exact is not None and (local.first is None or exact < local.first):
            return _Finding(f"{exact}번 기록이 봉인된 것과 다릅니다", exact)
        if local.first is not None and (mismatch.last is None or local.first <= mismatch.last):
            return local
        if exact is None and mismatch.reason:
            return mismatch
        return local if local.reason else mismatch

    def _by_leaf_copy(self) -> int | None:
        """The first entry that differs from a copy which a head of ours vouches for."""
        for size, root in self._heads_for_copies():
            path = leaves.copy_of(size, root)
            # A copy that was made anew with the entries agrees with them; an older one may still tell.
            first = _first_difference_from(path, size) if path is not None else None
            if first is not None:
                return first
        return None

    def _heads_for_copies(self) -> list[tuple[int, bytes]]:
        """The largest head vouches for most; the head that did not fit may be the only one of its history."""
        found = []
        if self.trusted.sizes:
            last = len(self.trusted.sizes) - 1
            found.append((self.trusted.sizes[last], self.trusted.root(last)))
        if self.mismatch is not None and self.mismatch not in found:
            found.append(self.mismatch)
        return found

    def _head_trouble_only(self) -> _Finding:
        """Entries and trusted heads agree, but heads that are not ours are stored. When there is but one copy
        of the leaves, it may tell what was rebuilt, although no head vouches for it any more."""
        copies = leaves.copies()
        if self.head_trouble.reason and not self.trusted.sizes and len(copies) == 1:
            size = copies[0].stat().st_size // leaves.HASH
            first = _first_difference_from(copies[0], size)
            if first is not None:
                return _Finding(f"{self.head_trouble.reason}; {first}번부터 보관된 해시와 다릅니다", first)
        return self.head_trouble

    # -- result --------------------------------------------------------------------------------------------

    def _result(self) -> Verification:
        finding = self._where()
        found = checks.run()
        self._note_faults(finding, found)
        missing = protection.missing_triggers()
        if missing and not finding.reason:
            # Nothing else is wrong yet, but nothing keeps it from becoming so.
            finding.note(f"변경을 막는 트리거가 없습니다: {', '.join(missing)}")
        root = self.tree.root() if self.reported_root is None else self.reported_root
        return Verification(
            entries=self.entries,
            size=self.reported_size,
            root=(root if self.reported_size else EMPTY_ROOT).hex(),
            ok=not finding.reason,
            first_bad=finding.first,
            suspect_until=finding.last if finding.last != finding.first else None,
            reason=finding.reason,
            heads=self.heads,
            missing_triggers=missing,
            head_matches=self.kept_matches,
            clock_steps=self.times.steps,
            times_checked_after=timekeeping.begin_after(),
            checks={name: outcome.as_data() for name, outcome in found.items()},
        )

    def _note_faults(self, finding: _Finding, found: dict[str, checks.Outcome]) -> None:
        """The ledger's own trouble comes first: what it proves is only as good as it is."""
        if finding.reason:
            return
        for outcome in found.values():
            for fault in outcome.faults:
                finding.note(f"{outcome.title}: {fault.reason}", fault.sequence)


def _first_difference_from(path: Path, size: int) -> int | None:
    """Compare the stored entries with the first `size` leaves of a copy."""
    kept = chain.from_iterable(leaves.read(path, size))
    with rows.stored() as batches:
        found = chain.from_iterable(batches)
        for expected, leaf in enumerate(kept, start=1):
            row = next(found, None)
            if row is None or row[0] != expected or leaf_hash(encode_leaf(*row[:6])) != leaf:
                return expected
    return None
