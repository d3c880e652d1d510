"""Keys of rows as they stand in an address or a form: what no row can bear is no key, never an error.

Django knows that no row is equal to a number which its column cannot hold, but not that none is among several. Wagtail's
listings and bulk screens, and every choice of several in a form, ask that way; so the lookup itself learns it.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import ForeignObject, IntegerField
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In

LARGEST = 2**63 - 1
# Nineteen digits may pass what a database can hold.
MOST_DIGITS = 18


def key(text: str | None) -> int | None:
    """Decimal digits only; other characters count as digits elsewhere (²) and are no number."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def keys(texts: Iterable[str]) -> list[int]:
    return [found for text in texts if (found := key(text)) is not None]


class _WithinRange:
    """Numbers that no column holds are left out before the database sees them."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if self.rhs_is_direct_value():  # type: ignore[attr-defined]
            self.rhs = [one for one in self.rhs if not isinstance(one, int) or -LARGEST - 1 <= one <= LARGEST]
        return super().process_rhs(compiler, connection)  # type: ignore[misc]


class IntegerIn(_WithinRange, In):
    pass


class RelatedIntegerIn(_WithinRange, RelatedIn):
    pass


def look_up_within_range() -> None:
    IntegerField.register_lookup(IntegerIn)
    ForeignObject.register_lookup(RelatedIntegerIn)
