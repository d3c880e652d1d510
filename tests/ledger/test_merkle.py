"""The tree against published vectors (the reference tests of Certificate Transparency) and against the RFC's
own recursive definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import merkle
from ledger.verify_bundle import Tree, first_difference, peak_ranges, sound_peaks

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
LEAVES = [merkle.leaf_hash(bytes.fromhex(data)) for data in INPUTS]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
# (index of the leaf, size of the tree) → audit path
PATHS = {
    (0, 1): [],
    (0, 8): [A, B, C],
    (5, 8): [D, E, ROOTS[4]],
    (2, 3): [ROOTS[2]],
    (1, 5): [ROOTS[1], B, D],
}
CONSISTENCY = {(1, 1): [], (1, 8): [A, B, C], (6, 8): [F, E, ROOTS[4]], (2, 5): [B, D]}


@pytest.mark.parametrize("size", ROOTS)
def test_published_roots(size):
    assert merkle.root_of(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_published_audit_paths(index, size):
    proof = merkle.inclusion_proof(index, LEAVES[:size])
    assert [node.hex() for node in proof] == PATHS[index, size]
    assert merkle.is_included(LEAVES[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_published_consistency_proofs(old, new):
    proof = merkle.consistency_proof(old, LEAVES[:new])
    assert [node.hex() for node in proof] == CONSISTENCY[old, new]


def recursive_root(leaves):
    """MTH as section 2.1.1 writes it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + recursive_root(leaves[:k]) + recursive_root(leaves[k:])).digest()


def some_leaves(count):
    return [merkle.leaf_hash(str(number).encode()) for number in range(count)]


@given(st.lists(st.integers(0, 40), max_size=8))
def test_any_division_into_batches_gives_the_recursive_root(batches):
    tree, leaves = Tree(), some_leaves(sum(batches))
    for count in batches:
        tree.extend(leaves[tree.size : tree.size + count])
        assert tree.root() == recursive_root(leaves[: tree.size])
        again = Tree(tree.size, tree.peaks())
        assert (again.root(), again.peaks()) == (tree.root(), tree.peaks())


def test_all_proofs_hold_and_hold_for_nothing_else():
    for size in range(1, 20):
        leaves = some_leaves(size)
        root = merkle.root_of(leaves)
        for index in range(size):
            proof = merkle.inclusion_proof(index, leaves)
            assert merkle.is_included(leaves[index], index, size, proof, root)
            assert not merkle.is_included(LEAVES[0], index, size, proof, root)
            assert not merkle.is_included(leaves[index], (index + 1) % (size + 1), size, proof, root)
            assert not merkle.is_included(leaves[index], index, size, [*proof, root], root)
            assert not merkle.is_included(leaves[index], index, size, proof[:-1], root) or not proof
        for old in range(1, size + 1):
            proof = merkle.consistency_proof(old, leaves)
            old_root = merkle.root_of(leaves[:old])
            assert merkle.is_consistent(old, old_root, size, root, proof)
            assert not merkle.is_consistent(old, LEAVES[0], size, root, proof)
            assert not merkle.is_consistent(old, old_root, size, LEAVES[0], proof)
            assert not merkle.is_consistent(old, old_root, size, root, [*proof, root])


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion_proof(3, LEAVES[:3])
    with pytest.raises(ValueError, match="no such earlier size"):
        merkle.consistency_proof(0, LEAVES[:3])
    with pytest.raises(ValueError, match="number of peaks"):
        Tree(3, [LEAVES[0]])
    assert not merkle.is_included(LEAVES[0], -1, 3, [], LEAVES[0])
    assert not merkle.is_consistent(0, LEAVES[0], 3, LEAVES[0], [])
    assert not merkle.is_consistent(3, LEAVES[0], 5, LEAVES[0], [])


def test_a_leaf_cannot_pass_for_a_node():
    assert merkle.leaf_hash(LEAVES[0] + LEAVES[1]) != merkle.node_hash(LEAVES[0], LEAVES[1])


def test_ranges_under_the_peaks():
    assert peak_ranges(0) == []
    assert peak_ranges(7) == [(1, 4), (5, 6), (7, 7)]
    assert peak_ranges(8) == [(1, 8)]
    assert first_difference(7, [b"a", b"b", b"c"], [b"a", b"x", b"y"]) == (5, 6)
    assert first_difference(7, [], [b"a", b"x", b"y"]) is None


@pytest.mark.parametrize("peaks", [None, 5, "abc", [1, 2], ["zz"], [LEAVES[0].hex()], [LEAVES[1].hex()] * 2])
def test_peaks_that_do_not_give_the_root_are_not_used(peaks):
    assert sound_peaks(3, ROOTS[3], peaks) == []
