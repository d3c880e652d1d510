"""The files of a copy, for whoever packs them (`reports.copies`)."""

from collections.abc import Iterator

from footage.copies import keeping
from records.models import CopyPart


def content(part: CopyPart) -> Iterator[bytes]:
    """Chunk by chunk. FileNotFoundError where it is not kept (any more)."""
    if part.result is None:
        raise FileNotFoundError(part.name)
    return keeping.content(part.result)
