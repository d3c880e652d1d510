"""A data file's tables as rows of our models, with every mistake in their shape."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from ordinance.models import (
    Article,
    Ground,
    Law,
    LawVersion,
    Mark,
    Ordinance,
    Parameter,
    ParameterDefinition,
    PurposeGround,
    SignContent,
)

SLUG = re.compile(r"[a-z][a-z0-9_-]{0,39}")
TEXT, WHOLE, DATE, FLAG, LIST, TABLE, ANY = "글", "정수", "날짜", "true/false", "목록", "표", "값"
TYPES: dict[str, Callable[[Any], bool]] = {
    TEXT: lambda value: isinstance(value, str),
    WHOLE: lambda value: isinstance(value, int) and not isinstance(value, bool),
    DATE: lambda value: isinstance(value, datetime.date) and not isinstance(value, datetime.datetime),
    FLAG: lambda value: isinstance(value, bool),
    LIST: lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
    TABLE: lambda value: isinstance(value, dict) and all(isinstance(each, str) for each in value.values()),
    # TOML's own dates have no place in a JSON column.
    ANY: lambda value: (
        isinstance(value, (str, int, bool))
        or (isinstance(value, list) and all(isinstance(each, (str, int)) for each in value))
    ),
}
# Per table of a file: columns that must and columns that may be there.
SHAPES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "law": ({"code": TEXT, "kind": TEXT, "title": TEXT, "short_title": TEXT, "source_url": TEXT}, {}),
    "law_version": (
        {"law": TEXT, "effective_on": DATE},
        {"number": TEXT, "promulgated_on": DATE, "change": TEXT, "mark": TEXT},
    ),
    "definition": (
        {"code": TEXT, "label": TEXT, "kind": TEXT},
        {
            "description": TEXT,
            "unit": TEXT,
            "minimum": WHOLE,
            "maximum": WHOLE,
            "choices": TABLE,
            "is_nullable": FLAG,
            "unused_because": TEXT,
        },
    ),
    "ordinance": (
        {"effective_on": DATE, "promulgated_on": DATE},
        {"title": TEXT, "number": TEXT, "change": TEXT, "source_url": TEXT, "mark": TEXT},
    ),
    "article": (
        {"number": WHOLE, "title": TEXT, "summary": TEXT},
        {"chapter": TEXT, "conflict": TEXT, "source_url": TEXT, "from_on": DATE, "until_on": DATE},
    ),
    "parameter": (
        {"code": TEXT, "effective_on": DATE, "citation": TEXT},
        {
            "value": ANY,
            "article_number": WHOLE,
            "mark": TEXT,
            "note": TEXT,
            "document_number": TEXT,
            "document_on": DATE,
            "document_title": TEXT,
        },
    ),
    "ground": (
        {"layer": TEXT, "item": TEXT, "code": TEXT, "title": TEXT, "citation": TEXT, "effective_on": DATE},
        {
            "summary": TEXT,
            "must_publish": FLAG,
            "is_public_body_only": FLAG,
            "until_on": DATE,
            "national": LIST,
            "national_note": TEXT,
            "refuses": LIST,
            "is_partial_only": FLAG,
            "mark": TEXT,
        },
    ),
    "purpose_ground": (
        {"purpose": TEXT, "item": WHOLE, "citation": TEXT, "effective_on": DATE},
        {"needs": LIST, "until_on": DATE, "mark": TEXT, "note": TEXT},
    ),
    "sign_content": (
        {"code": TEXT, "label": TEXT, "citation": TEXT, "effective_on": DATE},
        {"condition": TEXT, "until_on": DATE, "mark": TEXT},
    ),
}
HEAD: dict[str, str] = {"profile": TEXT, "district": TEXT, "title": TEXT, "source_url": TEXT}


@dataclass
class Row:
    """One row of a file: where it stands, its columns, and what is not a column of its own."""

    place: str
    values: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)
    resolve: dict[str, Callable[[], Any]] = field(default_factory=dict)

    def resolved(self, found: dict[Callable[[], Any], Any]) -> dict[str, Any]:
        """With the rows that it points at, which exist once the tables before it are stored."""
        for find in self.resolve.values():
            if find not in found:
                found[find] = find()
        return self.values | {name: found[find] for name, find in self.resolve.items()}


@dataclass
class Sheet:
    name: str
    model: Any
    key: tuple[str, ...]
    rows: list[Row]


@dataclass
class Document:
    profile: str
    sheets: list[Sheet] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def rows_of(self, name: str) -> list[Row]:
        return [row for sheet in self.sheets if sheet.name == name for row in sheet.rows]

    @classmethod
    def of(cls, raw: dict[str, Any], profile: str | None = None) -> "Document":
        return _Reader(raw, profile).document()


class _Reader:
    def __init__(self, raw: dict[str, Any], profile: str | None) -> None:
        self.raw = raw
        self.errors: list[str] = []
        for name in raw.keys() - SHAPES.keys() - HEAD.keys():
            self.errors.append(f"알 수 없는 표입니다: {name}")
        for name, kind in HEAD.items():
            if name in raw and not TYPES[kind](raw[name]):
                self.errors.append(f"{name}: {kind}이어야 합니다.")
                raw[name] = ""
        self.profile: str = profile if profile is not None else raw.get("profile", "")
        if self.profile and not SLUG.fullmatch(self.profile):
            self.errors.append(f"profile: 영문 소문자, 숫자, -, _ 만 쓸 수 있습니다: {self.profile}")

    def document(self) -> Document:
        tables = {name: self._table(name) for name in SHAPES}
        if self.profile:
            self._check_district(tables)
        elif tables["ordinance"] or tables["article"]:
            self.errors.append("profile: 조례와 조문은 프로필이 있어야 합니다.")
        sheets = [
            Sheet("law", Law, ("code",), [self._row(r) for r in tables["law"]]),
            Sheet("law_version", LawVersion, ("law", "effective_on"), self._law_versions(tables)),
            Sheet("definition", ParameterDefinition, ("code",), [self._row(r) for r in tables["definition"]]),
            Sheet("ordinance", Ordinance, ("profile", "effective_on"), self._ordinances(tables)),
            Sheet("article", Article, ("ordinance", "number"), self._articles(tables)),
            Sheet(
                "parameter",
                Parameter,
                ("profile", "code", "effective_on"),
                [self._row(r, profile=True, mark=True) for r in tables["parameter"]],
            ),
            Sheet("ground", Ground, ("layer", "profile", "item", "effective_on"), self._grounds(tables)),
            Sheet(
                "purpose_ground",
                PurposeGround,
                ("profile", "purpose", "item", "effective_on"),
                [self._row(r, profile=True, mark=True) for r in tables["purpose_ground"]],
            ),
            Sheet("sign_content", SignContent, ("profile", "code", "effective_on"), self._signs(tables)),
        ]
        for sheet in sheets:
            self._fill_defaults(sheet)
            self._check_duplicates(sheet)
        if not any(sheet.rows for sheet in sheets):
            self.errors.append("읽을 행이 없습니다.")
        return Document(self.profile, sheets, self.errors)

    # -- shape ---------------------------------------------------------------------------------------------

    def _table(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        rows = self.raw.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.errors.append(f"{name}: [[{name}]] 꼴의 표여야 합니다.")
            return []
        found = []
        for position, row in enumerate(rows, start=1):
            place = f"{name} {position}번째({row.get('code') or row.get('purpose') or row.get('number') or row.get('item') or ''})"
            if self._fits(name, place, row):
                found.append((place, row))
        return found

    def _fits(self, name: str, place: str, row: dict[str, Any]) -> bool:
        needed, optional = SHAPES[name]
        before = len(self.errors)
        for column in needed.keys() - row.keys():
            self.errors.append(f"{place} {column}: 값이 필요합니다.")
        for column, value in row.items():
            kind = needed.get(column) or optional.get(column)
            if kind is None:
                self.errors.append(f"{place} {column}: 알 수 없는 항목입니다.")
            elif not TYPES[kind](value):
                self.errors.append(f"{place} {column}: {kind}이어야 합니다: {value!r}")
            elif column in needed and value == "":
                self.errors.append(f"{place} {column}: 값이 필요합니다.")
        if row.get("mark", Mark.VERIFIED) not in Mark.values:
            self.errors.append(f"{place} mark: {', '.join(Mark.values)} 가운데 하나여야 합니다.")
        return len(self.errors) == before

    def _fill_defaults(self, sheet: Sheet) -> None:
        """A column left out means its default, so that taking it out of a file takes it out of the row."""
        fields = {each.name: each for each in sheet.model._meta.concrete_fields}
        for row in sheet.rows:
            for name in SHAPES[sheet.name][1].keys() & fields.keys():
                row.values.setdefault(name, fields[name].get_default())

    def _check_duplicates(self, sheet: Sheet) -> None:
        seen: dict[tuple[Any, ...], str] = {}
        for row in sheet.rows:
            key = tuple(row.extra.get(f"key:{name}", row.values.get(name)) for name in sheet.key)
            if key in seen:
                self.errors.append(f"{row.place}: {seen[key]}와 같은 행입니다.")
            seen[key] = row.place

    def _check_district(self, tables: dict[str, list[tuple[str, dict[str, Any]]]]) -> None:
        if tables["ordinance"]:
            for name in ("district", "title", "source_url"):
                if not self.raw.get(name):
                    self.errors.append(f"{name}: 값이 필요합니다.")
        elif tables["article"]:
            self.errors.append("article: 조문에는 조례의 판([[ordinance]])이 있어야 합니다.")

    # -- rows ----------------------------------------------------------------------------------------------

    def _row(self, placed: tuple[str, dict[str, Any]], *, profile: bool = False, mark: bool = False) -> Row:
        place, raw = placed
        values = dict(raw)
        if profile:
            values["profile"] = self.profile
        if mark:
            # A figure is not law until someone says that it was read there.
            values.setdefault("mark", Mark.SETTING)
        return Row(place, values)

    def _law_versions(self, tables: dict[str, list[tuple[str, dict[str, Any]]]]) -> list[Row]:
        rows = []
        for place, raw in tables["law_version"]:
            code = raw["law"]
            rows.append(
                Row(
                    place,
                    {name: value for name, value in raw.items() if name != "law"},
                    {"key:law": code},
                    {"law": _find(Law, code=code)},
                )
            )
            if code not in {law["code"] for _place, law in tables["law"]}:
                self.errors.append(f"{place} law: 이 파일에 없는 법령입니다: {code}")
        return rows

    def _ordinances(self, tables: dict[str, list[tuple[str, dict[str, Any]]]]) -> list[Row]:
        head = {name: self.raw.get(name, "") for name in ("district", "title", "source_url")}
        return [Row(place, head | {"profile": self.profile} | raw) for place, raw in tables["ordinance"]]

    def _articles(self, tables: dict[str, list[tuple[str, dict[str, Any]]]]) -> list[Row]:
        """Each version holds all its articles: a text applies to the versions from `from_on` to `until_on`."""
        rows = []
        for _place, version in sorted(tables["ordinance"], key=lambda placed: placed[1]["effective_on"]):
            effective_on = version["effective_on"]
            find = _find(Ordinance, profile=self.profile, effective_on=effective_on)
            for place, raw in tables["article"]:
                if raw.get("from_on", effective_on) <= effective_on <= raw.get("until_on", effective_on):
                    rows.append(self._article(place, raw, effective_on, find))
        return rows

    def _article(
        self, place: str, raw: dict[str, Any], effective_on: datetime.date, find: Callable[[], Any]
    ) -> Row:
        values = {name: value for name, value in raw.items() if name not in {"from_on", "until_on"}}
        values.setdefault("chapter", "-")
        values.setdefault("source_url", self.raw.get("source_url", ""))
        return Row(
            f"{place} {effective_on} 판",
            values,
            {"key:ordinance": effective_on},
            {"ordinance": find},
        )

    def _grounds(self, tables: dict[str, list[tuple[str, dict[str, Any]]]]) -> list[Row]:
        rows = []
        for position, (place, raw) in enumerate(tables["ground"], start=1):
            values = {name: value for name, value in raw.items() if name != "national"}
            values |= {"profile": self.profile, "position": position}
            rows.append(Row(place, values, {"national": raw.get("national", [])}))
        return rows

    def _signs(self, tables: dict[str, list[tuple[str, dict[str, Any]]]]) -> list[Row]:
        rows = [self._row(placed, profile=True) for placed in tables["sign_content"]]
        for position, row in enumerate(rows, start=1):
            row.values["position"] = position
        return rows


def _find(model: type[models.Model], **key: Any) -> Callable[[], models.Model]:
    return lambda: model._default_manager.get(**key)
