"""The rows of the public dataset as GeoJSON: the same columns and values as in the CSV, without the empty ones."""

import csv
import json
import tempfile
from pathlib import Path
from typing import Any

from cameras import exporting
from cameras.exporting import ExportResult
from ledger.files import replacing

LATITUDE, LONGITUDE = "WGS84위도", "WGS84경도"
_NUMBERS = {"카메라대수", "카메라화소수", "보관일수"}


def write(path: Path) -> ExportResult:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        rows = Path(folder) / "rows.csv"
        result = exporting.export_file(rows, "utf-8")
        with rows.open(encoding="utf-8", newline="") as source, replacing(path, mode=0o666) as target:
            target.write(b'{"type": "FeatureCollection", "features": [')
            for number, row in enumerate(csv.DictReader(source)):
                target.write(b",\n" if number else b"\n")
                target.write(json.dumps(_feature(row), ensure_ascii=False).encode())
            target.write(b"\n]}\n")
    return result


def _feature(row: dict[str, str]) -> dict[str, Any]:
    place = None
    if row[LATITUDE] and row[LONGITUDE]:
        place = {"type": "Point", "coordinates": [float(row[LONGITUDE]), float(row[LATITUDE])]}
    told = {
        name: int(value) if name in _NUMBERS and value.isdigit() else value
        for name, value in row.items()
        if value and name not in (LATITUDE, LONGITUDE)
    }
    return {"type": "Feature", "geometry": place, "properties": told}
