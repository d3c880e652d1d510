"""Numbers and keys: how cameras sort, how a place is recognised, what a row without 관리번호 is called."""

import hashlib
import re
from decimal import Decimal

from cameras.dataset_text import address

# Entered by hand: L2026-001, the next of the year, short enough for the telephone. Imported: L and a digest.
OWN_PREFIX = "L"
_DIGITS = re.compile(r"[0-9]+")


def natural_key(number: str) -> str:
    """Sorts as people count: each run of digits is preceded by its length, so that -2 comes before -10."""
    return _DIGITS.sub(lambda run: f"{len(run.group()):02d}{run.group()}", number)


def camera_number(site_number: str, ordinal: int) -> str:
    return f"{site_number}-{ordinal}"


def place_key(
    institution_id: int,
    road_address: str,
    lot_address: str,
    latitude: Decimal | None,
    longitude: Decimal | None,
) -> str:
    """Equal for two sites of one institution at the same addresses, as people compare them, and position."""
    position = f"{_plain(latitude)}|{_plain(longitude)}"
    return _digest(f"{institution_id}|{address(road_address)}|{address(lot_address)}|{position}", 32)


def own_number(*identity: str) -> str:
    """A number of ours for a row without 관리번호.

    Made from institution, addresses, purpose, month and position, so that the same row gets the same number in
    every database and no two districts hand out one number for two places.
    """
    return OWN_PREFIX + _digest("|".join(identity), 16)


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.9f}"
