"""Recording: one canonical form, a number without a gap, and clear refusals."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pandas
import pytest
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy

from ledger.append import Draft, record, record_many
from ledger.errors import NotInTransaction, RefusedEntry
from ledger.merkle import leaf_hash
from ledger.models import Entry
from ledger.verify import verify
from tests.ledger.factories import make_entries
from tests.ledger.tampering import superuser

AT = datetime(2026, 3, 1, 9, 0, 0, 5, tzinfo=timezone(timedelta(hours=9)))


def write(payload=None, **changes):
    values = {"actor": "system:test", "subject": "camera:1", "payload": payload or {}, "at": AT, **changes}
    return record(values.pop("kind", "test.event"), **values)


@pytest.mark.django_db
def test_the_stored_row_is_what_the_documentation_says():
    entry = write({"나": "값", "a": [1, 2.5, None, True], "b": {"z": 1, "y": '"\\\n\u2028'}})
    stored = Entry.objects.get(sequence=1)
    assert stored == entry
    assert stored.payload == '{"a":[1,2.5,null,true],"b":{"y":"\\"\\\\\\n\u2028","z":1},"나":"값"}'
    leaf = '[1,"2026-03-01T00:00:00.000005Z","test.event","system:test","camera:1",' + stored.payload + "]"
    assert stored.digest == leaf_hash(leaf.encode()).hex()
    assert json.loads(leaf)[5]["나"] == "값"
    assert stored.at == AT
    assert stored.content["a"] == [1, 2.5, None, True]


@pytest.mark.django_db
def test_numbers_go_on_within_one_transaction_and_over_batches():
    assert write(at=None).sequence == 1
    assert make_entries(12_001) == range(2, 12_003)
    assert write(at=None).sequence == 12_003
    assert record_many([]) == range(0)
    assert list(Entry.objects.values_list("sequence", flat=True)) == list(range(1, 12_004))


@pytest.mark.django_db
def test_single_and_bulk_entries_are_the_same():
    """PostgreSQL takes bulk entries by COPY, whose text format has escapes of its own."""
    payload = {"text": "tab\there\\N \\. line\r\nend \x7f é 뷁 😀", "empty": ""}
    write(payload, subject="back\\slash 대상")
    record_many([Draft("test.event", "system:test", "back\\slash 대상", payload, AT)] * 2)
    rows = set(Entry.objects.values_list("at", "kind", "actor", "subject", "payload"))
    assert len(rows) == 1
    assert Entry.objects.get(sequence=3).content == payload


@pytest.mark.django_db
def test_a_rollback_takes_its_numbers_back():
    write()
    with transaction.atomic():
        make_entries(5)
        transaction.set_rollback(True)
    assert write().sequence == 2


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_is_refused():
    with pytest.raises(NotInTransaction, match=r"transaction\.atomic"):
        write()
    with pytest.raises(NotInTransaction):
        make_entries(1)
    assert not Entry.objects.exists()


def nested(depth):
    value = {}
    for _ in range(depth):
        value = {"x": value}
    return value


class Colour(models.TextChoices):
    RED = "red", "빨강"


@pytest.mark.parametrize(
    "payload",
    [
        {"x": float("nan")},
        {"x": [float("inf")]},
        {"x": -float("inf")},
        {"x": 1 << 63},
        {"x": -(1 << 63) - 1},
        {"x": 10**5000},
        {"x": "\x00"},
        {"\x00": 1},
        {"x": "\ud800"},
        {"\udc80": 1},
        {1: "a"},
        {None: "a"},
        {True: 1},
        {("a",): 1},
        {"x": {2: 3}},
        {"x": Decimal("1.0")},
        {"x": AT},
        {"x": AT.date()},
        {"x": b"bytes"},
        {"x": {1, 2}},
        {"x": gettext_lazy("lazy")},
        {"x": object()},
        nested(40),
        nested(100_000),
        {"x": "가" * 400_000},
        ["a"],
        "text",
        None,
        5,
    ],
    ids=lambda payload: type(payload).__name__,
)
@pytest.mark.django_db
def test_payloads_without_a_canonical_form_are_refused(payload):
    with pytest.raises(RefusedEntry):
        record("test.event", actor="system:test", subject="", payload=payload)
    with pytest.raises(RefusedEntry):
        record_many([Draft("test.event", "system:test", "", payload)])
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_a_payload_that_contains_itself_is_refused():
    payload = {}
    payload["x"] = payload
    with pytest.raises(RefusedEntry):
        write(payload)


@pytest.mark.parametrize(
    "payload",
    [
        {"x": (1 << 63) - 1, "y": -(1 << 63)},
        {"x": 1e300, "y": -0.0, "z": 0.1},
        {"x": "\x01\x1f\x7f\u2028 '; DROP TABLE ledger_entry; -- %s %% {}"},
        {"": "", " ": None},
        {"x": (1, 2)},
        {"x": Colour.RED},
        {"10": 1, "9": 2, "ㄱ": 3, "😀": 4, "\uffff": 5},
        nested(30),
        {},
    ],
    ids=str,
)
@pytest.mark.django_db
def test_payloads_that_come_back_as_they_were(payload):
    entry = write(payload)
    assert Entry.objects.get().payload == entry.payload
    assert json.loads(entry.payload) == json.loads(json.dumps(payload))


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": ""},
        {"kind": "Upper"},
        {"kind": "with space"},
        {"kind": "end."},
        {"kind": "a\n"},
        {"kind": "k" * 61},
        {"kind": None},
        {"actor": ""},
        {"actor": "홍길동"},
        {"actor": "officer:"},
        {"actor": "officer:1 2"},
        {"actor": "officer:1\n"},
        {"actor": "officer:" + "9" * 100},
        {"actor": None},
        {"subject": "a\nb"},
        {"subject": "\x00"},
        {"subject": "\udcff"},
        {"subject": "s" * 201},
        {"subject": 5},
        {"at": datetime(2026, 1, 1)},  # noqa: DTZ001 - the point
        {"at": "2026-01-01"},
        {"at": datetime.max.replace(tzinfo=timezone(timedelta(hours=-9)))},
    ],
    ids=str,
)
@pytest.mark.django_db
def test_references_that_are_none_are_refused(changes):
    with pytest.raises(RefusedEntry):
        write(**changes)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_text_that_is_an_enum_is_stored_as_its_characters():
    entry = write(kind=Colour.RED, subject=Colour.RED)
    stored = Entry.objects.get()
    assert (stored.kind, stored.subject, type(entry.kind)) == ("red", "red", str)
    assert stored.digest == entry.digest


@pytest.mark.django_db
def test_time_is_kept_to_the_microsecond_and_in_utc():
    for at in (
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    ):
        entry = write(at=at)
        assert Entry.objects.get(sequence=entry.sequence).at == at


@pytest.mark.django_db
def test_a_time_of_pandas_is_a_time():
    """It is a datetime too, with nanoseconds that the ledger does not have."""
    at = pandas.Timestamp("2026-01-01T00:00:00.123456789Z")
    write(at=at)
    assert Entry.objects.get().at == datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)
    assert verify().ok
    with pytest.raises(RefusedEntry):
        write(at=pandas.NaT)


@pytest.mark.django_db
def test_numbers_are_kept_in_one_query_and_one_lock(django_assert_num_queries):
    with django_assert_num_queries(4 if connection.vendor == "postgresql" else 3):
        write()


@pytest.mark.django_db
def test_sealed_numbers_are_never_given_again():
    """After a cut, the next entry leaves the gap open instead of filling it."""
    from ledger.seal import seal

    make_entries(10)
    seal()
    with superuser() as cursor:
        cursor.execute("DELETE FROM ledger_entry WHERE sequence > 6")
    assert write(at=None).sequence == 11


@pytest.mark.django_db
def test_a_number_that_is_a_choice_is_a_number():
    """Looking for a subclass of int in a range would count through all 64 bits."""

    class Size(models.IntegerChoices):
        ONE = 1

    assert write({"n": Size.ONE}).payload == '{"n":1}'
