"""The suite's second run, on PostgreSQL: it repeats what PostgreSQL could answer in another way than SQLite.

The first run notes for each test the kinds of statement that it sends to the database: its SQL without values, numbers,
repeats. The second repeats

- every test that commits (locks, several processes, triggers), that was skipped, or whose file names a database;
- of all others so many, the cheapest first, that each kind of statement is sent `OFTEN` times, or as often as it was.

Nothing is noted by hand: a new query is in the second run because it was seen in the first. Without notes of a first run
(a second run started by itself) everything that touches the database is repeated.
"""

import hashlib
import heapq
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from tests.seed_rows import is_transactional

OFTEN = 2
# What makes two statements of one kind differ: the name of a savepoint, how many values stand in a list, a number.
_SAVEPOINT = re.compile(r"^(SAVEPOINT|RELEASE|ROLLBACK)\b")
_LIST = re.compile(r"(\((?:%s(?:::\w+)?(?:, )?)+\))(?:, \1)*|%s(?:, %s)+")
_CASES = re.compile(r"(?:WHEN [^%]*%s\)? THEN [^%]*%s ?)+")
_NUMBER = re.compile(r"\b\d+\b")
_NAMES_A_DATABASE = re.compile(r"postgres|\.vendor\b", re.IGNORECASE)


def is_on() -> bool:
    return os.environ.get("TEST_ONLY_THE_DATABASE") == "1"


def notes_folder() -> Path | None:
    """Where the first run writes what it saw, and the second reads it."""
    named = os.environ.get("TEST_STATEMENTS")
    return Path(named) if named else None


# ---------------------------------------------------------------- the first run notes


@lru_cache(maxsize=20_000)
def kind_of(sql: str) -> str:
    """One statement without what differs between two that the database plans alike; empty for a savepoint."""
    if _SAVEPOINT.match(sql):
        return ""
    plain = _NUMBER.sub("0", _CASES.sub("WHEN… ", _LIST.sub("(…)", sql)))
    return hashlib.blake2b(plain.encode(), digest_size=6).hexdigest()


class Notes:
    """What the tests of one process send, test by test."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()

    def hear(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.kinds.add(kind_of(str(sql)))
        return execute(sql, params, many, context)

    def write(self, folder: Path, test: str, seconds: float, was_skipped: bool) -> None:
        kinds, self.kinds = sorted(self.kinds - {""}), set()
        line = {"test": test, "seconds": round(seconds, 3), "skipped": was_skipped, "kinds": kinds}
        with (folder / f"{os.getpid()}.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")


# ---------------------------------------------------------------- the second chooses


@dataclass(frozen=True)
class Seen:
    seconds: float
    was_skipped: bool
    kinds: frozenset[str]


def read(folder: Path) -> dict[str, Seen]:
    seen = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            row = json.loads(line)
            seen[row["test"]] = Seen(row["seconds"], row["skipped"], frozenset(row["kinds"]))
    return seen


def choose(items: Sequence[Any]) -> list[Any]:
    """The tests to repeat, in their order; `items` touch the database."""
    folder = notes_folder()
    if folder is None or not (seen := read(folder)):
        return list(items)
    always = [item for item in items if _is_always_repeated(item, seen)]
    certain = {item.nodeid for item in always}
    rest = {item.nodeid: seen[item.nodeid] for item in items if item.nodeid not in certain}
    sent = Counter(kind for name in certain & seen.keys() for kind in seen[name].kinds)
    chosen = certain | set(covering(rest, sent))
    return [item for item in items if item.nodeid in chosen]


def _is_always_repeated(item: Any, seen: dict[str, Seen]) -> bool:
    known = seen.get(item.nodeid)
    return known is None or known.was_skipped or is_transactional(item) or _names_a_database(item.path)


@cache
def _names_a_database(path: Path) -> bool:
    return _NAMES_A_DATABASE.search(path.read_text()) is not None


def covering(tests: dict[str, Seen], sent: Counter[str]) -> Iterable[str]:
    """Few and cheap tests that bring every kind of statement to `OFTEN`, or to as often as they can together.

    Greedy: the next is the one with the most missing statements for its seconds. What a test is worth only falls while
    others are taken, so one that is still first after counting again is the best.
    """
    missing = {
        kind: min(OFTEN - sent[kind], times)
        for kind, times in Counter(kind for one in tests.values() for kind in one.kinds).items()
        if sent[kind] < OFTEN
    }

    def worth(name: str) -> float:
        one = tests[name]
        return sum(1 for kind in one.kinds if missing.get(kind, 0) > 0) / (one.seconds + 0.02)

    waiting = [(-worth(name), name) for name in sorted(tests)]
    heapq.heapify(waiting)
    while waiting:
        _, name = heapq.heappop(waiting)
        now = worth(name)
        if not now:
            continue
        if waiting and -waiting[0][0] > now:
            heapq.heappush(waiting, (-now, name))
            continue
        for kind in tests[name].kinds:
            if missing.get(kind, 0) > 0:
                missing[kind] -= 1
        yield name
