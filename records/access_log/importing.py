"""Storing a log: in portions that are committed one by one, so that nobody waits long for the database.

The same row is never stored twice, so an import that was broken off is finished by importing the file again. Right rows
are stored, wrong ones reported; `is_strict` stores nothing where one is wrong. On PostgreSQL a portion goes by COPY
into a temporary table and from there into the log, on SQLite by one `executemany`.
"""

import csv
import datetime
import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from cameras.dataset_values import neutralise
from ledger import append
from records.access_log import maps
from records.access_log.reading import Event, Outcome, Skipped, read
from records.models import AccessLogFile
from records.tabular import RowError, UnusableFile

LEDGER_KIND = "records.access_log_imported"
PORTION = 50_000
LISTED_ERRORS = 1_000
TABLE = "records_accessevent"
COLUMNS = "at, digest, number, account, act, camera, target_from, target_until, place, case_number, content, line, file_id"


@dataclass(slots=True)
class LogImport:
    """`rows` = `created` + `known` + `rejected` + `ignored` (acts that the map leaves out)."""

    rows: int = 0
    created: int = 0
    known: int = 0
    rejected: int = 0
    ignored: int = 0
    errors: list[RowError] = field(default_factory=list)
    digest: str = ""
    first_at: datetime.datetime | None = None
    last_at: datetime.datetime | None = None
    # Rows whose time lies before that of a row above them: two clocks, or logs of several machines in one file.
    out_of_order: int = 0
    ledger_entry: int | None = None
    is_stored: bool = False

    @property
    def is_refused(self) -> bool:
        return self.rejected > 0 and self.created + self.known == 0

    def figures(self) -> dict[str, int]:
        return {
            "rows": self.rows,
            "created": self.created,
            "known": self.known,
            "rejected": self.rejected,
            "ignored": self.ignored,
        }

    def as_json(self) -> dict[str, Any]:
        return {
            **self.figures(),
            "out_of_order": self.out_of_order,
            "first": self.first_at and self.first_at.isoformat(),
            "last": self.last_at and self.last_at.isoformat(),
            "stored": self.is_stored,
            "sha256": self.digest,
            "ledger_entry": self.ledger_entry,
            "errors": [error.as_json() for error in self.errors],
        }


def import_log(
    path: str | Path,
    map_name: str,
    *,
    actor: str,
    name: str = "",
    dry_run: bool = False,
    is_strict: bool = False,
    rejected_to: Path | None = None,
    progress: Callable[[int], object] | None = None,
) -> LogImport:
    path = Path(path)
    log_map = maps.get(map_name)
    if is_strict and not dry_run:
        rehearsal = import_log(path, map_name, actor=actor, dry_run=True, rejected_to=rejected_to)
        if rehearsal.rejected:
            rehearsal.created = rehearsal.known = 0
            return rehearsal
    result = LogImport(digest=_digest(path))
    rows = _counted(read(path, log_map), result, rejected_to)
    first = next(rows, None)  # what is no log at all is refused before anything is written down
    file = None if dry_run else _begin(name or path.name, result, log_map.name)
    with _store(file) as store:
        for portion in _read_ahead(chain([first] if first else [], rows)):
            with transaction.atomic():
                created = store(portion)
                transaction.set_rollback(dry_run)
            result.created += created
            result.known += len(portion) - created
            if progress is not None:
                progress(result.rows)
    if not result.rows:
        raise UnusableFile("열 이름만 있고 자료 줄이 없습니다.")
    if file is not None:
        _finish(file, result, actor)
    return result


def _read_ahead(rows: Iterator[Event]) -> Iterator[list[Event]]:
    """Portions; the next one is read while the database stores this one."""
    with ThreadPoolExecutor(1) as reader:
        following = reader.submit(_portion, rows)
        while portion := following.result():
            following = reader.submit(_portion, rows)
            yield portion


def _portion(rows: Iterator[Event]) -> list[Event]:
    return list(islice(rows, PORTION))


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise UnusableFile(f"파일을 읽을 수 없습니다: {path} ({error.strerror})") from error


def _counted(outcomes: Iterator[Outcome], result: LogImport, rejected_to: Path | None) -> Iterator[Event]:
    """The right rows; what they are and what is wrong with the others is noted on the way."""
    with _error_file(rejected_to) as write:
        for outcome in outcomes:
            result.rows += 1
            if isinstance(outcome, Event):
                _note_time(outcome.at, result)
                yield outcome
            elif isinstance(outcome, Skipped):
                result.ignored += 1
            else:
                result.rejected += 1
                write(outcome)
                if len(result.errors) < LISTED_ERRORS:
                    result.errors.append(outcome)


def _note_time(at: datetime.datetime, result: LogImport) -> None:
    if result.last_at is None or result.first_at is None:
        result.first_at = result.last_at = at
    elif at >= result.last_at:
        result.last_at = at
    else:
        result.out_of_order += 1
        result.first_at = min(result.first_at, at)


@contextmanager
def _error_file(place: Path | None) -> Iterator[Callable[[RowError], object]]:
    if place is None:
        yield lambda error: None
        return
    with place.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["줄", "열", "값", "이유"])
        yield lambda error: writer.writerow(
            [error.row, *map(neutralise, (error.column, error.value, error.reason))]
        )


def _begin(name: str, result: LogImport, map_name: str) -> AccessLogFile:
    return AccessLogFile.objects.create(
        name=name[:255], sha256=result.digest, map=map_name[:60], begun_at=timezone.now()
    )


def _finish(file: AccessLogFile, result: LogImport, actor: str) -> None:
    """A file that brought nothing new leaves no trace of its own: it is on record already."""
    with transaction.atomic():
        if not result.created and AccessLogFile.objects.filter(sha256=file.sha256, finished_at__isnull=False):
            file.delete()
            return
        for name in ("rows", "created", "known", "rejected", "first_at", "last_at"):
            setattr(file, name, getattr(result, name))
        file.errors = [error.as_json() for error in result.errors]
        file.finished_at = timezone.now()
        entry = append.record(
            LEDGER_KIND,
            actor=actor,
            subject=f"access-log:{file.pk}",
            payload={"file_sha256": result.digest, "map": file.map, **result.figures()},
        )
        file.ledger_entry = entry.sequence
        file.save()
    result.is_stored, result.ledger_entry = True, file.ledger_entry


Store = Callable[[Sequence[Event]], int]


@contextmanager
def _store(file: AccessLogFile | None) -> Iterator[Store]:
    """Stores a portion and says how many of its rows were new. In a rehearsal rows belong to no file and go again."""
    pk = file.pk if file is not None else 0
    if connection.vendor == "postgresql":
        with _copying(pk) as store:
            yield store
    else:
        yield lambda events: _insert_or_ignore(events, pk)


@contextmanager
def _copying(file: int) -> Iterator[Store]:
    staging = "access_log_portion"
    names = ", ".join(name for name in COLUMNS.split(", ") if name != "file_id")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {staging}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {staging} AS SELECT {names} FROM {TABLE} WITH NO DATA"  # noqa: S608
        )

    def store(events: Sequence[Event]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {staging}")
            with cursor.copy(f"COPY {staging} ({names}) FROM STDIN") as copy:
                for start in range(0, len(events), 2_000):
                    copy.write("".join(map(_copy_line, events[start : start + 2_000])))
            cursor.execute(
                f"INSERT INTO {TABLE} ({names}, file_id) SELECT {names}, %s FROM {staging} ORDER BY at "  # noqa: S608
                "ON CONFLICT (at, digest) DO NOTHING",
                [file],
            )
            return int(cursor.rowcount)

    try:
        yield store
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {staging}")


def _copy_line(event: Event) -> str:
    at, digest, number, account, act, camera, start, end, place, case, content, line = event
    text = f"{number}\t{account}\t{act}\t{camera}"
    rest = f"{place}\t{case}\t{content}"
    if "\\" in text or "\\" in rest:
        text, rest = text.replace("\\", "\\\\"), rest.replace("\\", "\\\\")
    return f"{at}\t{digest}\t{text}\t{start or NULL}\t{end or NULL}\t{rest}\t{line}\n"


NULL = "\\N"


def _insert_or_ignore(events: Sequence[Event], file: int) -> int:
    places = ", ".join(["%s"] * 13)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT OR IGNORE INTO {TABLE} ({COLUMNS}) VALUES ({places})",  # noqa: S608
            [
                (
                    _stored(event.at),
                    event.digest,
                    event.number,
                    event.account,
                    event.act,
                    event.camera,
                    event.target_from and _stored(event.target_from),
                    event.target_until and _stored(event.target_until),
                    event.place,
                    event.case_number,
                    event.content,
                    event.line,
                    file,
                )
                for event in events
            ],
        )
        return int(cursor.rowcount)


def _stored(at: datetime.datetime) -> str:
    """As Django writes it on SQLite: UTC as text without a zone."""
    return str(at)[:-6]
