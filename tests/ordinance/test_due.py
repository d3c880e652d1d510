"""The registry of due items: nobody's failure hides another's work."""

import datetime

import pytest
from django.db import DatabaseError, connection

from ordinance import due
from ordinance.due import DueItem, Severity

NOW = datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC)


@pytest.fixture
def registry(monkeypatch):
    """An empty one, for this test."""
    providers = {}
    monkeypatch.setattr(due, "_providers", providers)
    return providers


def _item(code="x", **values):
    return DueItem(code=code, title="할 일", **values)


def test_items_come_worst_first_then_by_date(registry):
    due.register("a", lambda now, officer=None: [_item("a", severity="info"), _item("a2", severity="due")])
    due.register(
        "b",
        lambda now, officer=None: iter(
            [
                _item("b", severity="failed"),
                _item("b2", severity="due", due_on=datetime.date(2026, 11, 22)),
                _item("b3", severity="overdue"),
            ]
        ),
    )
    assert [item.code for item in due.collect(NOW)] == ["b", "b3", "b2", "a2", "a"]


def test_providers_are_told_now_and_officer(registry):
    seen = []
    due.register("a", lambda now, officer=None: seen.append((now, officer)) or [])
    due.collect(NOW, "officer")
    assert seen == [(NOW, "officer")]


def _raises(now, officer=None):
    yield _item("lost")
    raise ValueError("broken")


@pytest.mark.parametrize(
    "provider",
    [
        _raises,
        lambda now, officer=None: ["no item"],
        lambda now, officer=None: None,
        list,
    ],
)
def test_a_failing_provider_becomes_a_failed_item(registry, provider, caplog):
    due.register("broken", provider)
    due.register("sound", lambda now, officer=None: [_item("sound")])
    items = due.collect(NOW)
    assert [(item.code, item.severity) for item in items] == [("broken", "failed"), ("sound", "due")]
    assert "broken" in caplog.text


@pytest.mark.django_db
def test_a_broken_query_does_not_poison_the_page(registry):
    def breaks(now, officer=None):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")
        return []

    def counts(now, officer=None):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 41 + 1")
            return [_item("sound", count=cursor.fetchone()[0])]

    due.register("a", breaks)
    due.register("b", counts)
    assert [item.count for item in due.collect(NOW)] == [1, 42]
    with connection.cursor() as cursor:
        try:
            cursor.execute("SELECT 1")
        except DatabaseError:
            pytest.fail("the transaction was poisoned")


def test_a_code_belongs_to_one_provider(registry):
    def provider(now, officer=None):
        return []

    due.register("a", provider)
    due.register("a", provider)
    with pytest.raises(ValueError, match="already registered"):
        due.register("a", lambda now, officer=None: [])
    due.unregister("a")
    assert due.registered() == ()


def test_an_item_without_a_screen_has_no_link():
    assert _item(url="/portal/x/").href == "/portal/x/"
    assert _item(url_name="nowhere:at_all").href == ""
    assert _item().href == ""
    with pytest.raises(ValueError, match="severity"):
        _item(severity="terrible")
    assert _item(severity=Severity.FAILED).severity == "failed"


def test_the_same_matter_has_the_same_key_on_another_day():
    monday = _item("s", url_name="footage:storage", url_args=(3,), severity="due", count=1)
    friday = DueItem("s", "다른 말", url_name="footage:storage", url_args=(3,), severity="overdue", count=7)
    assert monday.key == friday.key == "s:3"
    assert _item("s", url_name="footage:storage", url_args=(4,)).key != monday.key
    assert _item("s", url="/portal/x/?rule=sign").key != _item("s", url="/portal/x/?rule=audio_off").key
    assert _item("s").key == "s"
    assert _item("s", url_name="footage:sweep", url_args=(9,), key="s").key == "s"


def test_a_key_fits_its_column():
    assert len(_item("s", url="/portal/x/?" + "q" * 500).key) <= due.KEY_LENGTH
    with pytest.raises(ValueError, match="characters"):
        _item("s", key="k" * (due.KEY_LENGTH + 1))


def test_a_failed_provider_makes_the_list_incomplete(registry, caplog):
    due.register("sound", lambda now, officer=None: [_item("sound")])
    assert due.is_complete(due.collect(NOW))
    due.register("broken", _raises)
    assert not due.is_complete(due.collect(NOW))


@pytest.mark.django_db
def test_this_app_is_registered():
    assert {"ordinance.holidays", "ordinance.due_dates"} <= set(due.registered())
    due.collect()
