"""What the second run repeats: every kind of statement twice, by the cheapest tests; and what is never left out."""

from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import second_run
from tests.second_run import Notes, Seen, choose, covering, kind_of

pytestmark = pytest.mark.once


def test_values_numbers_and_repeats_make_no_other_kind():
    assert kind_of("SELECT a FROM t WHERE b IN (%s, %s)") == kind_of("SELECT a FROM t WHERE b IN (%s)")
    assert kind_of("SELECT a FROM t LIMIT 21") == kind_of("SELECT a FROM t LIMIT 5")
    assert kind_of("INSERT INTO t (a, b) VALUES (%s, %s), (%s, %s)") == kind_of(
        "INSERT INTO t (a, b) VALUES (%s, %s)"
    )
    assert kind_of("UPDATE t SET a = CASE WHEN (id = %s) THEN %s WHEN (id = %s) THEN %s ELSE NULL END") == (
        kind_of("UPDATE t SET a = CASE WHEN (id = %s) THEN %s ELSE NULL END")
    )
    assert kind_of("SELECT a FROM t") != kind_of("SELECT b FROM t")
    assert kind_of('SAVEPOINT "s1_x2"') == ""


def test_each_kind_is_sent_twice_or_as_often_as_it_was_and_cheap_tests_come_first():
    tests = {
        "dear": Seen(9.0, False, frozenset("abc")),
        "cheap a": Seen(0.1, False, frozenset("a")),
        "cheap ab": Seen(0.1, False, frozenset("ab")),
        "another a": Seen(0.2, False, frozenset("a")),
        "none": Seen(0.1, False, frozenset()),
    }
    chosen = list(covering(tests, Counter()))
    assert set(chosen) == {"cheap ab", "cheap a", "dear"}, "c and the second b have only the dear one"
    assert chosen[-1] == "dear"


def test_what_is_sent_anyway_is_not_sought():
    assert list(covering({"one": Seen(1, False, frozenset("a"))}, Counter(a=2))) == []


@pytest.fixture
def noted(monkeypatch, tmp_path) -> Path:
    monkeypatch.setenv("TEST_STATEMENTS", str(tmp_path))
    notes = Notes()
    for name, was_skipped in {
        "t::one": False,
        "t::two": False,
        "t::three": False,
        "t::skipped": True,
    }.items():
        notes.hear(lambda *_: None, "SELECT a FROM t WHERE b = %s", (), False, {})
        notes.write(tmp_path, name, 1.0, was_skipped)
    return tmp_path


def item(name: str, path: Path) -> SimpleNamespace:
    return SimpleNamespace(
        nodeid=name,
        path=path,
        fixturenames=["live_server"] * ("live" in name),
        get_closest_marker=lambda _: None,
    )


def test_what_is_new_skipped_committing_or_of_a_database_is_never_left_out(noted):
    plain, named = noted / "plain.py", noted / "named.py"
    plain.write_text("x = 1")
    named.write_text("if connection.vendor: pass")
    certain = [
        item("t::skipped", plain),
        item("t::never seen", plain),
        item("t::live", plain),
        item("t::named", named),
    ]
    items = [item("t::one", plain), item("t::two", plain), item("t::three", plain), *certain]
    chosen = choose(items)
    assert [one for one in chosen if one in certain] == certain
    assert len(chosen) == len(certain) + 1, "the skipped one has sent it once, one more makes two"


def test_without_notes_all_are_repeated(monkeypatch, tmp_path):
    monkeypatch.delenv("TEST_STATEMENTS", raising=False)
    items = [item("t::one", tmp_path / "t.py")]
    assert choose(items) == items
    monkeypatch.setenv("TEST_STATEMENTS", str(tmp_path))
    assert second_run.choose(items) == items
