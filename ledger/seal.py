"""Sealing: taking the new entries into the tree and signing its head.

The latest head holds the tree's peaks, so a seal reads only what is new. What it goes on from is not taken
on trust: the head must bear our signature, its peaks must give its root, and the new entries must follow
without a gap and have the right digests. Otherwise nothing is signed: a signature over an altered ledger
would only help the one who altered it.
"""

import logging
from datetime import datetime

from django.db import DataError, IntegrityError, models, transaction
from django.utils import timezone

from ledger import continuity, heads, keys, leaves, rows, timekeeping
from ledger.canonical import instant_text
from ledger.errors import BrokenLedger
from ledger.models import Entry, SignedHead
from ledger.verify_bundle import EMPTY_ROOT, Tree, encode_leaf, is_signed, leaf_hash

logger = logging.getLogger(__name__)


def seal(now: datetime | None = None) -> SignedHead:
    """The head over all committed entries: a new one, or the latest when nothing is new.

    Raises BrokenLedger when what is to be sealed, or what was sealed last, has been altered.
    """
    last = latest()
    keys.limit_retired((last.size, last.root) if last is not None else (0, EMPTY_ROOT.hex()))
    timekeeping.begin()
    if missing := continuity.lost():
        raise BrokenLedger(continuity.in_words(missing))
    tree = _tree_of(last)
    _take_new_entries(tree, last)
    if last is not None and tree.size == last.size:
        return last
    return _sign(tree, now or timezone.now())


def latest() -> SignedHead | None:
    """The head of the largest size that is stored."""
    try:
        head = SignedHead.objects.latest_head()
    except (DataError, ValueError, TypeError) as error:
        raise BrokenLedger("마지막 봉인의 값이 손상되어 읽을 수 없습니다.") from error
    if head is not None and not isinstance(head.at, datetime):
        raise BrokenLedger("마지막 봉인의 시각이 손상되어 읽을 수 없습니다.")
    return head


def _tree_of(last: SignedHead | None) -> Tree:
    if last is None:
        return Tree()
    key = keys.trusted_keys().get(last.key_id)
    if key is None or not is_signed(heads.as_data(last), key):
        raise BrokenLedger(
            f"마지막 봉인(크기 {last.size})의 서명이 이 기관의 키와 맞지 않아 봉인하지 않습니다."
        )
    limit = keys.limits().get(last.key_id)
    if limit is not None and last.size > limit[0]:
        raise BrokenLedger(
            f"마지막 봉인(크기 {last.size})이 폐기된 키의 마지막 크기({limit[0]}) 뒤에 그 키로 서명되어 봉인하지 않습니다."
        )
    try:
        tree = Tree(last.size, [bytes.fromhex(peak) for peak in last.peaks.split()])
    except ValueError:
        tree = None
    if tree is None or tree.root().hex() != last.root:
        tree = _tree_read_again(last)
    return tree


def _tree_read_again(last: SignedHead) -> Tree:
    """Someone changed the stored peaks, which no signature covers. The entries themselves can still tell."""
    logger.warning("peaks of ledger head %s are damaged, reading all entries again", last.size)
    tree = Tree()
    with rows.stored(upto=last.size) as batches:
        for batch in batches:
            _extend(tree, batch)
    if tree.size != last.size or tree.root().hex() != last.root:
        raise BrokenLedger(f"기록이 마지막 봉인(크기 {last.size})과 달라 봉인하지 않습니다.")
    return tree


def _take_new_entries(tree: Tree, last: SignedHead | None) -> None:
    if last is not None and last.size:
        _require_last_sealed_entry(last)
    with leaves.Keeper(tree.size, tree.root()) as keeper, rows.stored(after=tree.size) as batches:
        for batch in batches:
            position, new = tree.size, _extend(tree, batch)
            keeper.put(position, new)


def _require_last_sealed_entry(last: SignedHead) -> None:
    """A tail that was cut off must not be sealed over by what was appended since."""
    left = Entry.objects.filter(sequence__lte=last.size).last_sequence()
    if left < last.size:
        raise BrokenLedger(
            f"봉인된 {last.size}건 가운데 {left}번 뒤의 기록이 없어 봉인하지 않습니다.", left + 1
        )


def _extend(tree: Tree, batch: list[rows.Row]) -> list[bytes]:
    new: list[bytes] = []
    for sequence, *fields, digest in batch:
        expected = tree.size + len(new) + 1
        if sequence != expected:
            raise BrokenLedger(f"{expected}번 기록이 없어 봉인하지 않습니다.", expected)
        leaf = leaf_hash(encode_leaf(sequence, *fields))
        if leaf.hex() != digest:
            raise BrokenLedger(f"{sequence}번 기록이 바뀌어 봉인하지 않습니다.", sequence)
        new.append(leaf)
    tree.extend(new)
    return new


def _sign(tree: Tree, at: datetime) -> SignedHead:
    key = keys.signing_key()
    root = tree.root().hex()
    head = SignedHead(
        size=tree.size,
        root=root,
        peaks=" ".join(peak.hex() for peak in tree.peaks()),
        at=at,
        signature=key.sign(tree.size, root, instant_text(at)),
        key_id=key.id,
    )
    try:
        with transaction.atomic():
            models.Model.save(head, force_insert=True)
    except IntegrityError:
        # Another sealer was quicker, and its head says the same.
        return SignedHead.objects.get(size=tree.size)
    continuity.remember_after_commit(head)
    return head
