"""Law from data files: reading, checking, comparing, storing.

A file is TOML (`ordinance/data/*.toml`; docs/ordinance.md describes the tables). The whole file is checked before
anything is stored, and every error is named. Loading twice changes nothing. A row that a person changed on a screen
keeps that value unless the caller says otherwise; a row that a file no longer has stays on record, since it applied
once.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models, transaction
from simple_history.utils import bulk_create_with_history

from ordinance.document import Document, Row, Sheet
from ordinance.models import Ground, LoadedRow, ParameterDefinition

DATA_DIR = Path(__file__).parent / "data"
NATIONAL_FILE = "national.toml"
LARGEST_FILE = 5_000_000


class UnusableFile(Exception):
    """The file cannot be used; `errors` are for the person who chose it."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = list(errors)


@dataclass
class LoadResult:
    profile: str = ""
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    changes: list[str] = field(default_factory=list)


def shipped_files() -> list[Path]:
    """The nation first, since the districts' rows point at it."""
    files = sorted(DATA_DIR.glob("*.toml"), key=lambda path: (path.name != NATIONAL_FILE, path.name))
    return files


def shipped_file(profile: str) -> Path:
    path = DATA_DIR / f"{profile}.toml"
    if path not in shipped_files():
        raise UnusableFile(
            [
                f"프로필이 없습니다: {profile} (가능: {', '.join(p.stem for p in shipped_files() if p.name != NATIONAL_FILE)})"
            ]
        )
    return path


def load_shipped(*, only_missing: bool = False) -> list[LoadResult]:
    """Every file that comes with the program, in one transaction."""
    with transaction.atomic():
        return [load(_shipped_document(path), only_missing=only_missing) for path in shipped_files()]


@cache
def _shipped_document(path: Path) -> Document:
    return read(path)


def read(path: Path, profile: str | None = None) -> Document:
    """The file's rows, or `UnusableFile` with everything that is wrong with it."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnusableFile([f"파일이 너무 큽니다 (최대 {LARGEST_FILE // 1_000_000} MB): {path}"])
        raw = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UnusableFile([f"파일을 읽을 수 없습니다: {path} ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise UnusableFile([f"UTF-8 파일이 아닙니다: {path} ({error.start}번째 바이트)"]) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnusableFile([f"TOML 형식이 아닙니다: {path} ({error})"]) from error
    document = Document.of(raw, profile)
    if document.errors:
        raise UnusableFile(document.errors)
    return document


def load(
    document: Document,
    *,
    dry_run: bool = False,
    overwrite_edited: bool = False,
    only_missing: bool = False,
) -> LoadResult:
    """Brings the database to what the file says. Refuses the whole file when any row is wrong."""
    result = LoadResult(document.profile)
    with transaction.atomic():
        errors: list[str] = []
        for sheet in document.sheets:
            _Comparison(sheet, result, overwrite_edited, only_missing).store(errors)
        errors += _problems_with_parameters(document)
        errors += _link_national(document, only_missing)
        if errors:
            raise UnusableFile(errors)
        if dry_run:
            transaction.set_rollback(True)
    return result


class _Comparison:
    """One table's rows of a file against those on record."""

    def __init__(self, sheet: Sheet, result: LoadResult, overwrite_edited: bool, only_missing: bool) -> None:
        self.sheet = sheet
        self.result = result
        self.overwrite_edited = overwrite_edited
        self.only_missing = only_missing
        self.has_history = hasattr(sheet.model, "history")

    def store(self, errors: list[str]) -> None:
        if not self.sheet.rows:
            return
        on_record = {self._key(row): row for row in self._rows_on_record()}
        new: list[LoadedRow] = []
        targets: dict[Any, Any] = {}
        for row in self.sheet.rows:
            try:
                values = row.resolved(targets)
            except ObjectDoesNotExist:
                # What it points at was refused above, so the row itself cannot be judged.
                continue
            found = on_record.get(tuple(values[name] for name in self.sheet.key))
            if found is None:
                candidate = self.sheet.model(**values)
                if problems := list(_problems(candidate, row)):
                    errors += problems
                else:
                    new.append(candidate)
            else:
                errors += self._bring_up(found, values, row)
        if not errors:
            self._create(new)

    def _rows_on_record(self) -> models.QuerySet:
        rows = self.sheet.model._default_manager.all()
        relations = self.sheet.rows[0].resolve.keys()
        return rows.select_related(*relations) if relations else rows

    def _key(self, row: models.Model) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self.sheet.key)

    def _create(self, new: list[LoadedRow]) -> None:
        if new and self.has_history:
            bulk_create_with_history(new, self.sheet.model, default_change_reason="자료 파일")
        elif new:
            self.sheet.model._default_manager.bulk_create(new)
        self.result.created += len(new)

    def _bring_up(self, found: LoadedRow, values: dict[str, Any], row: Row) -> Iterator[str] | list[str]:
        changes = {name: new for name, new in values.items() if getattr(found, name) != new}
        if not changes or self.only_missing:
            self.result.unchanged += 1
            return []
        if found.is_edited and not self.overwrite_edited:
            self.result.kept += 1
            self.result.changes.append(
                f"{row.place}: 화면에서 고친 값을 그대로 둡니다 ({', '.join(changes)})"
            )
            return []
        before = {name: getattr(found, name) for name in changes}
        for name, new in changes.items():
            setattr(found, name, new)
        found.is_edited = False
        if problems := list(_problems(found, row)):
            return problems
        found._change_reason = "자료 파일"  # type: ignore[attr-defined]
        found.save(from_file=True)
        self.result.updated += 1
        self.result.changes += [f"{row.place} {name}: {before[name]} → {changes[name]}" for name in changes]
        return []


def _problems(candidate: models.Model, row: Row) -> Iterator[str]:
    relations = [f.name for f in candidate._meta.concrete_fields if f.is_relation]
    try:
        candidate.clean_fields(exclude=relations)
        _check_constraints(candidate)
    except ValidationError as error:
        messages = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, texts in messages.items():
            for text in texts:
                yield f"{row.place} {name}: {text}"


def _check_constraints(candidate: models.Model) -> None:
    """Uniqueness is the comparison's own work; the other constraints all concern the last day, where there is one."""
    if getattr(candidate, "until_on", None) is not None:
        for constraint in candidate._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                constraint.validate(type(candidate), candidate)


def _problems_with_parameters(document: Document) -> Iterable[str]:
    definitions = {each.code: each for each in ParameterDefinition.objects.all()}
    for row in document.rows_of("parameter"):
        definition = definitions.get(row.values["code"])
        if definition is None:
            yield f"{row.place} code: 알 수 없는 설정 항목입니다: {row.values['code']}"
        elif problem := definition.problem_with(row.values.get("value")):
            yield f"{row.place} value: {problem}"


def _link_national(document: Document, only_missing: bool) -> Iterable[str]:
    """The ordinance's items point at the national ones as "layer:item", for all versions of the item."""
    rows = [row for row in document.rows_of("ground") if row.extra.get("national")]
    if not rows:
        return
    national: dict[str, list[Ground]] = {}
    for ground in Ground.objects.filter(profile=""):
        national.setdefault(f"{ground.layer}:{ground.item}", []).append(ground)
    local = {
        (each.layer, each.item, each.effective_on): each
        for each in Ground.objects.filter(profile=document.profile).prefetch_related("national")
    }
    for row in rows:
        unknown = [name for name in row.extra["national"] if name not in national]
        if unknown:
            yield f"{row.place} national: 없는 상위법 근거입니다: {', '.join(unknown)}"
            continue
        key = (row.values["layer"], row.values["item"], row.values["effective_on"])
        if (own := local.get(key)) is None:
            continue
        wanted = {each.pk for name in row.extra["national"] for each in national[name]}
        if {each.pk for each in own.national.all()} != wanted and not (only_missing and own.national.all()):
            own.national.set(wanted)
