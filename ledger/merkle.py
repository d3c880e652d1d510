"""The hash tree of RFC 9162, section 2.1: proofs. The tree itself is in `ledger.verify_bundle`, the file
that auditors run alone, and is used from there, so that there is only one.

All functions take leaf hashes, not entries; `leaf_hash` makes them. Indexes start from 0, as in the RFC.
"""

from collections.abc import Sequence

from ledger.verify_bundle import EMPTY_ROOT, Tree, is_consistent, leaf_hash, node_hash, peak_ranges

__all__ = [
    "EMPTY_ROOT",
    "Tree",
    "consistency_proof",
    "consistency_proof_onward",
    "inclusion_proof",
    "is_consistent",
    "is_included",
    "leaf_hash",
    "node_hash",
    "root_of",
]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """MTH(D[n])."""
    tree = Tree()
    tree.extend(leaves)
    return tree.root()


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]): what it takes to get from leaf `index` to the root (section 2.1.3.1)."""
    if not 0 <= index < len(leaves):
        raise ValueError("no such leaf")
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if index < middle:
        return [*inclusion_proof(index, leaves[:middle]), root_of(leaves[middle:])]
    return [*inclusion_proof(index - middle, leaves[middle:]), root_of(leaves[:middle])]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    position, last, computed = index, size - 1, leaf
    for node in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            computed = node_hash(node, computed)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            computed = node_hash(computed, node)
        position >>= 1
        last >>= 1
    return last == 0 and computed == root


def consistency_proof(old_size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n]): that the tree of the first `old_size` leaves is a prefix (section 2.1.4.1)."""
    if not 0 < old_size <= len(leaves):
        raise ValueError("no such earlier size")
    return _subproof(old_size, leaves, is_whole=True)


def _subproof(old_size: int, leaves: Sequence[bytes], *, is_whole: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    middle = _split(len(leaves))
    if old_size <= middle:
        return [*_subproof(old_size, leaves[:middle], is_whole=is_whole), root_of(leaves[middle:])]
    return [*_subproof(old_size - middle, leaves[middle:], is_whole=False), root_of(leaves[:middle])]


def consistency_proof_onward(size: int, peaks: Sequence[bytes], leaves: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n]) from the peaks of the first `size` leaves and the leaves after them: old entries need not be read."""
    known = {(first - 1, last): peak for (first, last), peak in zip(peak_ranges(size), peaks, strict=True)}

    def root_between(start: int, end: int) -> bytes:
        return known[start, end] if (start, end) in known else root_of(leaves[start - size : end - size])

    def subproof(start: int, end: int, *, is_whole: bool) -> list[bytes]:
        if size == end:
            return [] if is_whole else [root_between(start, end)]
        middle = start + _split(end - start)
        if size <= middle:
            return [*subproof(start, middle, is_whole=is_whole), root_between(middle, end)]
        return [*subproof(middle, end, is_whole=False), root_between(start, middle)]

    if size <= 0:
        raise ValueError("no such earlier size")
    return subproof(0, size + len(leaves), is_whole=True)
