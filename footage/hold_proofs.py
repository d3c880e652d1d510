"""What the ledger proves of a hold: that it was placed as it stands, and released by somebody and not by an edit.

A hold is what keeps footage from being destroyed. Whoever may write the database could shorten one, move it or end it;
the sweep would believe it, and nothing else would tell. So the lines of the ledger hold a digest of what was placed and of
what was released, and `verify_ledger` compares (`check_all`).
"""

from collections.abc import Iterator
from datetime import UTC
from itertools import islice
from typing import Any

from footage.models import Hold
from ledger import commitments
from ledger.checks import Fault
from ledger.models import Entry

PLACED, RELEASED = "footage.hold_placed", "footage.hold_released"
ASKED = "footage.hold_release_asked"
AT_ONCE = 1_000


def as_placed(hold: Hold) -> str:
    facts = {
        "hold": hold.pk,
        "camera": hold.camera_id,
        "from": hold.from_at.astimezone(UTC).isoformat(),
        "until": hold.until_at.astimezone(UTC).isoformat(),
        "reason": hold.reason,
        "article": hold.article,
        "case": hold.case_reference,
        "by": hold.placed_by_id,
    }
    return commitments.of_facts(hold.salt, facts)


def as_released(hold: Hold) -> str:
    released_at = hold.released_at.astimezone(UTC).isoformat() if hold.released_at else None
    facts = {
        "hold": hold.pk,
        "released_at": released_at,
        "reason": hold.release_reason,
        "by": hold.released_by_id,
    }
    return commitments.of_facts(hold.salt, facts)


def check_all() -> Iterator[Fault | None]:
    """Every line about a hold with its row, and what is released with the line that says so."""
    placed: set[int] = set()
    released: set[int] = set()
    lines = Entry.objects.of_kind(PLACED, RELEASED).order_by("sequence")
    rows = lines.values_list("sequence", "kind", "payload").iterator(chunk_size=AT_ONCE)
    while some := [
        (sequence, kind, Entry(payload=text).content) for sequence, kind, text in islice(rows, AT_ONCE)
    ]:
        holds = Hold.objects.in_bulk({content["hold"] for _, _, content in some if _is_number(content)})
        for sequence, kind, content in some:
            number = content.get("hold")
            if _is_number(content):
                (released if kind == RELEASED else placed).add(content["hold"])
            hold = holds.get(content["hold"]) if _is_number(content) else None
            reason = (
                _fault(hold, kind, content) if hold is not None else f"삭제 유예 {number}번이 없어졌습니다."
            )
            yield Fault(reason, sequence) if reason else None
    for pk in Hold.objects.filter(released_at__isnull=False).order_by("pk").values_list("pk", flat=True):
        if pk in placed and pk not in released:
            yield Fault(f"삭제 유예 {pk}번이 원장 기록 없이 해제되어 있습니다.")


def _is_number(content: dict[str, Any]) -> bool:
    return type(content.get("hold")) is int


def _fault(hold: Hold, kind: str, content: dict[str, Any]) -> str:
    if kind == RELEASED and hold.released_at is None:
        return f"해제한 삭제 유예 {hold.pk}번이 유예 중으로 되어 있습니다."
    expected = content.get("content_digest")
    if expected is None:
        return ""
    found = "" if not hold.salt else as_placed(hold) if kind == PLACED else as_released(hold)
    return "" if found == expected else f"삭제 유예 {hold.pk}번의 내용이 바뀌었습니다."
