"""A file of the bundle, as its signed list and its index name it."""

from dataclasses import dataclass
from typing import Any

from reports.inspection.tables import Link


@dataclass(frozen=True)
class Listed:
    """`rows` is None where it is no table."""

    path: str
    title: str
    article: str
    note: str
    bytes: int
    sha256: str
    rows: int | None = None
    link: Link | None = None
    is_manifests: bool = False

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"path": self.path, "bytes": self.bytes, "sha256": self.sha256}
        if self.rows is not None:
            found["rows"] = self.rows
        if self.link is not None:
            found["link"] = self.link.as_json()
        if self.is_manifests:
            found["is_manifests"] = True
        return found
