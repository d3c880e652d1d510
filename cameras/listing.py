"""Pages of the register, as fast with a million cameras as with ten, and always in two queries.

The first query reads only the list's covering index (`camera_list`): the first keys in order, and how many cameras
there are in all. The second fetches the rows of the page: by key where the first keys cover it, from the end for
the last pages, by offset on the index between them.

A search resolves to sites first, by trigrams. A search that fits more places than anybody reads brings those that
were registered first, and says so (`is_cut_off`).
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.utils.functional import cached_property

from cameras.models import Camera, Site
from cameras.querysets import InList, SiteQuerySet

# Keys that the first query brings: a filter that fits fewer is known completely after it.
WINDOW = 10_000
# Counting a million takes longer than showing fifty: so big a number may be a little old.
COUNT_KEPT_FROM = 10_000
COUNT_KEPT_SECONDS = 120
# A search that finds more places than this shows those that were registered first, and says so.
SEARCH_SITES = 10_000
LONGEST_WORDS = 6

ORDERS = ("sort_key", "-sort_key")
RELATED = ("site__institution", "installing_department")

# 빠진 서류: code -> label, method of CameraQuerySet.
GAPS: dict[str, tuple[str, str]] = {
    "any": ("하나라도 빠짐", "with_missing_papers"),
    "department": ("설치부서 없음", "without_department"),
    "audio": ("녹음기능 미사용 확인 없음", "audio_unchecked"),
    "link": ("관제센터 연계 결정 없음", "without_link_decision"),
}

_CAMERA_NUMBER = re.compile(r"(.{3,})-([1-9][0-9]{0,3})")


class CameraPaginator(Paginator):
    """A paginator whose first and last page cost the same, in two queries whatever the number of cameras."""

    object_list: QuerySet[Camera]

    def __init__(self, object_list: QuerySet[Camera], per_page: int, **kwargs: Any) -> None:
        if not object_list.query.order_by:
            object_list = object_list.order_by("sort_key")
        super().__init__(object_list, per_page, **kwargs)

    @property
    def is_cut_off(self) -> bool:
        """The search fits more places than are brought; these are the cameras of the first ones."""
        return bool(getattr(self.object_list, "is_cut_off", False))

    @cached_property
    def count(self) -> int:
        count: int = self._first_keys[1]
        return count

    def page(self, number: int | str) -> "Page[Camera]":
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        top = min(bottom + self.per_page, self.count)
        return Page(self._rows(bottom, top), number, self)

    def _rows(self, bottom: int, top: int) -> list[Camera]:
        keys = self._first_keys[0]
        found = self.object_list.model._default_manager.select_related(*RELATED)
        if top <= len(keys):
            return list(found.filter(pk__in=keys[bottom:top]).order_by(*self.object_list.query.order_by))
        if bottom > self.count // 2:
            chosen = found.filter(pk__in=self._from_the_end(self.count - top, top - bottom))
        else:
            chosen = found.filter(pk__in=self.object_list.values("id")[bottom:top])
        return list(chosen.order_by(*self.object_list.query.order_by))

    def _from_the_end(self, skipped: int, size: int) -> RawSQL:
        """Keys counted from the last one.

        The inner limit is a big one, so that the planner does not walk a million cameras in order for the fifty
        of an office whose cameras all stand at the other end.
        """
        backwards = self.object_list.reverse().values("id")[: max(WINDOW, skipped + size)]
        sql, parameters = backwards.query.sql_with_params()
        limited = f"SELECT id FROM ({sql}) backwards LIMIT {size:d} OFFSET {skipped:d}"  # noqa: S608
        return RawSQL(limited, parameters)  # noqa: S611 - compiled by the ORM, parameters apart

    @cached_property
    def _first_keys(self) -> tuple[list[int], int]:
        """The first keys in order and the number of all, in one statement.

        The number is counted only when neither the keys nor an earlier count tell it.
        """
        try:
            first, first_parameters = self.object_list.values("id")[:WINDOW].query.sql_with_params()
            every, every_parameters = self.object_list.order_by().values("id").query.sql_with_params()
        except EmptyResultSet:
            return [], 0
        kept_as = _cache_key(every, every_parameters)
        kept = cache.get(kept_as)
        count_all = f"(SELECT COUNT(*) FROM ({every}) every_key)"  # noqa: S608 - compiled by the ORM
        if kept is not None:
            count_all, every_parameters = f"{kept:d}", ()
        statement = (
            f"WITH first_keys AS ({first}) "  # noqa: S608 - compiled by the ORM, parameters apart
            "SELECT 0, id FROM first_keys UNION ALL SELECT 1, "
            f"CASE WHEN (SELECT COUNT(*) FROM first_keys) < {WINDOW} THEN (SELECT COUNT(*) FROM first_keys) "
            f"ELSE {count_all} END"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, (*first_parameters, *every_parameters))
            rows = cursor.fetchall()
        count = next(key for mark, key in rows if mark == 1)
        if kept is None and count >= COUNT_KEPT_FROM:
            cache.set(kept_as, count, COUNT_KEPT_SECONDS)
        return [key for mark, key in rows if mark == 0], count


def _cache_key(sql: str, parameters: Sequence[Any]) -> str:
    asked = repr((connection.settings_dict["NAME"], sql, parameters))
    return f"cameras.count.{hashlib.sha256(asked.encode()).hexdigest()}"


# Search


def search(cameras: QuerySet[Camera], text: str) -> QuerySet[Camera]:
    """Cameras whose number or address holds every word; a short word must begin a word there."""
    words = unicodedata.normalize("NFC", text).replace("\0", "").split()[:LONGEST_WORDS]
    if not words:
        return cameras
    matching = _sites_matching(words)
    sites = list(matching.order_by("pk").values_list("pk", flat=True)[: SEARCH_SITES + 1])
    condition = Q(InList("site_id", sites[:SEARCH_SITES]))
    named = _CAMERA_NUMBER.fullmatch(words[0]) if len(words) == 1 else None
    if named:
        of_number = _searchable().filter(_holds(named[1], ("number_text",))).values_list("pk", flat=True)
        condition |= Q(InList("site_id", of_number[:SEARCH_SITES]), ordinal=int(named[2]))
    found = cameras.filter(condition)
    found.is_cut_off = len(sites) > SEARCH_SITES  # type: ignore[attr-defined]
    return found


def _sites_matching(words: Sequence[str]) -> SiteQuerySet:
    sites = _searchable()
    for word in words:
        sites = sites.filter(_holds(word, ("number_text", "road_text", "lot_text")))
    return sites


def _searchable() -> SiteQuerySet:
    """Sites with the three texts that the trigram index `site_search` is built on, letter for letter."""
    sites: SiteQuerySet = Site.objects.order_by().alias(
        number_text=_spaced("number"), road_text=_spaced("road_address"), lot_text=_spaced("lot_address")
    )
    return sites


def _spaced(field: str) -> Func:
    """In capitals, with a space before the first word, so that each word begins after one."""
    return Func(F(field), template="(' ' || UPPER(%(expressions)s))", output_field=TextField())


def _holds(word: str, texts: Sequence[str]) -> Q:
    """Trigrams need three characters; with fewer, the space before the word is one of them."""
    word = word.upper()
    patterns = [word] if len(word) >= 3 else [f" {word}", f"({word}"]
    condition = Q()
    for text in texts:
        for pattern in patterns:
            condition |= Q(**{f"{text}__contains": pattern})
    return condition
