"""The ledger head that documents print, and the file that lets anyone check it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from ledger import heads
from ledger import seal as sealer
from ledger.models import SignedHead
from reports import wording


@dataclass(frozen=True)
class PrintedHead:
    """A signed head as a document shows it."""

    size: int
    root: str
    at: str
    at_utc: str
    sealed_at: datetime
    file: bytes

    @classmethod
    def of(cls, head: SignedHead) -> "PrintedHead":
        return cls(
            size=head.size,
            root=head.root,
            at=wording.instant(head.at),
            at_utc=f"{head.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            sealed_at=head.at,
            file=(json.dumps(heads.as_data(head), ensure_ascii=False, indent=1) + "\n").encode(),
        )


def seal() -> PrintedHead:
    """Seal the ledger now and return the head that stands then; raises BrokenLedger when it has been altered."""
    return PrintedHead.of(sealer.seal())
