"""Where South Korea lies, closely enough to catch swapped, missing and foreign coordinates.

Boxes (south, north, west, east) in degrees WGS84. They leave out Tsushima and the parts of the North that one
rectangle over the peninsula would let in.
"""

from decimal import Decimal
from typing import NamedTuple

BOXES = (
    (33.0, 34.9, 124.5, 128.9),  # Jeju and the southern islands
    (34.9, 38.05, 124.5, 129.7),  # the mainland up to the west end of the demarcation line
    (38.05, 38.7, 126.8, 129.7),  # the north-east up to Goseong
    (37.0, 37.8, 130.7, 132.0),  # Ulleungdo and Dokdo
)


class Problem(NamedTuple):
    reason: str
    hint: str


def is_in_korea(latitude: float, longitude: float) -> bool:
    return any(south <= latitude <= north and west <= longitude <= east for south, north, west, east in BOXES)


def problem(latitude: Decimal, longitude: Decimal) -> Problem | None:
    """What is wrong with a position, or None."""
    north, east = float(latitude), float(longitude)
    if is_in_korea(north, east):
        return None
    if north == 0 and east == 0:
        return Problem("좌표가 0,0입니다.", "실제 위도와 경도를 적으세요. 예: 37.55091, 126.84953")
    if is_in_korea(east, north):
        return Problem(
            "위도와 경도가 서로 바뀌었습니다.", "위도(33~38.7)와 경도(124.5~132)를 바꾸어 적으세요."
        )
    if max(abs(north), abs(east)) > 180:
        return Problem("도 단위의 좌표가 아닙니다.", "평면(TM) 좌표는 WGS84 위도와 경도로 바꾸어 적으세요.")
    return Problem(
        "대한민국 밖의 좌표입니다.", "위도는 33~38.7, 경도는 124.5~132 사이의 WGS84 값이어야 합니다."
    )
