"""The public dataset as files: made when the register has changed, kept, and sent from the disk.

One file per format, named after the last change of the register that it contains. A file that is a little old is sent
as it is, and made anew once an hour at most, by the worker or by the request that comes first; so no flood of requests
makes the office write a million rows again and again. One thing does not wait: when a facility has become exempt since
(PIPA art. 25(4), proviso), the old file is never sent again.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max, Min
from django.utils import timezone

from cameras import exporting
from cameras.models import Camera, Site
from cameras.register import UnusableTarget
from ledger.models import SignedHead
from website import dataset_geojson

MADE_ANEW_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Format:
    code: str
    label: str
    ending: str
    encoding: str
    content_type: str


FORMATS = {
    each.code: each
    for each in (
        Format("csv", "CSV (UTF-8)", "csv", "utf-8-sig", "text/csv; charset=utf-8"),
        Format("csv-cp949", "CSV (CP949)", "csv", "cp949", "text/csv; charset=cp949"),
        Format(
            "xlsx",
            "XLSX",
            "xlsx",
            "utf-8-sig",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        Format("geojson", "GeoJSON", "geojson", "utf-8", "application/geo+json"),
    )
}


class Busy(Exception):
    """Another process is making the first file; try again in a minute."""


class Unavailable(Exception):
    """The dataset cannot be written in this format; the message says why."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file holds; dates are those of the cameras' own 데이터기준일자, as ISO text."""

    rows: int
    sites: int
    cameras: int
    bytes: int
    reference_from: str
    reference_until: str
    made_at: str
    # Empty of a file that was made before it was counted.
    sha256: str = ""
    # The last signed head of the ledger when it was made: what the register said then is among these lines.
    ledger_size: int = 0
    ledger_root: str = ""


@dataclass(frozen=True, slots=True)
class DatasetFile:
    path: Path
    version: tuple[int, int]
    made_at: datetime
    facts: Facts

    @property
    def etag(self) -> str:
        return f'"{self.path.stem}"'


def current(form: Format, now: datetime | None = None) -> DatasetFile:
    """The file to send. Raises `Busy` or `Unavailable`."""
    at = now or timezone.now()
    kept = newest(form)
    if kept is not None:
        if _hides_something(kept):
            return _make(form, is_patient=True)
        if kept.version == _version() or at - kept.made_at < MADE_ANEW_AFTER:
            return kept
    with suppress(Busy):
        return _make(form, is_patient=False)
    if kept is not None:
        return kept
    raise Busy


def refresh() -> int:
    """Make what is out of date; how many files that was. For the worker."""
    made = 0
    for form in FORMATS.values():
        kept = newest(form)
        if kept is None or kept.version != _version():
            with suppress(Busy, Unavailable):
                _make(form, is_patient=False)
                made += 1
    return made


def newest(form: Format) -> DatasetFile | None:
    """The last file that was made; None before the first."""
    found = [file for path in _folder().glob(f"{form.code}_*.{form.ending}") if (file := _read(path, form))]
    return max(found, key=lambda file: file.version, default=None)


def _read(path: Path, form: Format) -> DatasetFile | None:
    with suppress(OSError, ValueError, TypeError):
        cameras, sites = path.stem.removeprefix(f"{form.code}_").split("_")
        facts = Facts(**json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
        made_at = datetime.fromtimestamp(int(path.stat().st_mtime), tz=UTC)
        return DatasetFile(path, (int(cameras), int(sites)), made_at, facts)
    return None


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "dataset"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _version() -> tuple[int, int]:
    """Grows with every change of the register: each one is a row of history."""
    cameras = Camera.history.aggregate(last=Max("history_id"))["last"] or 0
    sites = Site.history.aggregate(last=Max("history_id"))["last"] or 0
    return cameras, sites


def _hides_something(kept: DatasetFile) -> bool:
    """Whether a camera was marked as exempt after the file was made."""
    since, _ = kept.version
    return bool(Camera.history.filter(history_id__gt=since, is_sign_exempt=True).exists())


def _make(form: Format, *, is_patient: bool) -> DatasetFile:
    with _lock(form, is_patient=is_patient):
        version = _version()
        kept = newest(form)
        if kept is not None and kept.version == version:
            return kept
        path = _folder() / f"{form.code}_{version[0]}_{version[1]}.{form.ending}"
        _write(form, path)
        for old in _folder().glob(f"{form.code}_*"):
            if old.stem != path.stem:
                # Whoever is still sending it has it open.
                old.unlink(missing_ok=True)
        made = _read(path, form)
        if made is None:
            raise Unavailable("파일을 만들었으나 읽을 수 없습니다.")
        return made


def _write(form: Format, path: Path) -> None:
    """The rows, then what is said about them: a file without its facts is not sent (`_read`)."""
    dates: dict[str, Any] = Camera.objects.in_dataset().aggregate(
        first=Min("reference_on"), last=Max("reference_on")
    )
    try:
        result = (
            dataset_geojson.write(path)
            if form.ending == "geojson"
            else exporting.export_file(path, form.encoding)
        )
    except UnusableTarget as error:
        raise Unavailable(str(error)) from error
    head = SignedHead.objects.order_by("-size").first()
    facts = Facts(
        rows=result.rows,
        sites=result.sites,
        cameras=result.cameras,
        bytes=path.stat().st_size,
        reference_from=dates["first"].isoformat() if dates["first"] else "",
        reference_until=dates["last"].isoformat() if dates["last"] else "",
        made_at=timezone.now().isoformat(),
        sha256=_digest(path),
        ledger_size=head.size if head else 0,
        ledger_root=head.root if head else "",
    )
    partial = path.with_suffix(".json.partial")
    partial.write_text(json.dumps(asdict(facts)), encoding="utf-8")
    os.replace(partial, path.with_suffix(".json"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _lock(form: Format, *, is_patient: bool) -> Iterator[None]:
    """One maker of a format on this machine."""
    with (_folder() / f".{form.code}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if is_patient else fcntl.LOCK_NB))
        except OSError as error:
            raise Busy from error
        yield
