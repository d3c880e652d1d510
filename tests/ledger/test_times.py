"""An entry is dated when it is written: both directions, and every way in which an honest clock may step."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from ledger import bundle, timekeeping, verify_bundle
from ledger.append import record
from ledger.canonical import instant_text
from ledger.models import Entry, SignedHead
from ledger.seal import seal
from ledger.verify import verify
from ledger.verify_bundle import STEPPED, leaf_digest
from tests.ledger.factories import make_entries
from tests.ledger.tampering import superuser

pytestmark = pytest.mark.django_db


def forge(at):
    """An entry with a fitting digest, put into the table without our writer."""
    sequence = Entry.objects.last_sequence() + 1
    row = [sequence, instant_text(at), "records.viewing_person_read", "officer:1", "viewing_request:1", "{}"]
    stored = at if connection.vendor == "postgresql" else str(at.astimezone(UTC).replace(tzinfo=None))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (sequence, at, kind, actor, subject, payload, digest) VALUES (%s,%s,%s,%s,%s,%s,%s)",
            [row[0], stored, *row[2:], leaf_digest(*row)],
        )
    return sequence


def write(at):
    return record("test.event", actor="system:test", subject="", payload={}, at=at)


def sealed_at(at):
    return seal(now=at)


def by_bundle(folder):
    bundle.export(folder / "bundle.gz")
    command = [sys.executable, "-I", verify_bundle.__file__, str(folder / "bundle.gz"), "--json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True).stdout)


@pytest.fixture
def ledger():
    make_entries(3)
    seal()
    make_entries(3)
    seal()


@pytest.mark.parametrize(
    ("shift", "is_good"),
    [
        (timedelta(days=-900), False),
        (timedelta(minutes=-11), False),
        (timedelta(minutes=-9), True),
        (timedelta(hours=23), True),
        (timedelta(hours=25), False),
        (timedelta(days=900), False),
    ],
)
def test_an_entry_dated_at_will_is_named(ledger, tmp_path, shift, is_good):
    sequence = forge(timezone.now() + shift)
    for _ in range(2):  # not sealed yet, and sealed
        result = verify()
        assert (result.ok, result.first_bad) == (is_good, None if is_good else sequence)
        answer = by_bundle(tmp_path)
        assert (answer["ok"], answer["first_bad"]) == (is_good, None if is_good else sequence)
        seal()
    assert is_good or "시각" in result.reason


def test_the_command_names_it(ledger, capsys):
    sequence = forge(datetime(2024, 1, 1, tzinfo=UTC))
    seal()
    with pytest.raises(SystemExit) as stop:
        call_command("verify_ledger", "--json")
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (stop.value.code, answer["ok"], answer["first_bad"]) == (1, False, sequence)


def test_a_clock_that_is_set_back_is_told_and_the_ledger_verifies(ledger, tmp_path):
    back = timezone.now() - timedelta(days=14)
    entry = write(back)
    step = Entry.objects.get(sequence=entry.sequence - 1)
    assert (step.kind, step.actor, step.content["to"]) == (STEPPED, "system:clock", instant_text(back))
    write(back + timedelta(minutes=1))
    sealed_at(back + timedelta(minutes=2))
    write(back + timedelta(minutes=3))
    assert Entry.objects.of_kind(STEPPED).count() == 1
    result = verify()
    assert (result.ok, result.clock_steps) == (True, 1)
    assert by_bundle(tmp_path)["clock_steps"] == 1


def test_a_walk_through_weeks_and_back_verifies(ledger, tmp_path):
    """As outsiders do it: each command under another clock, sealed by whichever clock comes next, and home again."""
    now = timezone.now()
    for day in (1, 2, 9, 30, 31, 3, 0, 90):
        write(now + timedelta(days=day))
        write(now + timedelta(days=day, minutes=1))
        if day % 2:
            seal()  # by the real clock, weeks before what it seals
        elif day == 30:
            sealed_at(now + timedelta(days=day))
        assert verify().ok
    write(now)
    seal()
    result = verify()
    assert result.ok
    assert result.clock_steps == Entry.objects.of_kind(STEPPED).count() > 0
    assert by_bundle(tmp_path)["ok"]


def test_two_machines_whose_clocks_differ_verify(ledger):
    """The sealer a day behind, then two days ahead, of who appends."""
    for wrong in (timedelta(days=-1), timedelta(days=2)):
        for minute in range(3):
            now = timezone.now() + timedelta(minutes=minute)
            write(now)
            sealed_at(now + wrong)
    assert verify().ok


def test_a_step_that_was_told_covers_nothing_else(ledger):
    write(timezone.now() - timedelta(days=14))
    sequence = forge(timezone.now() - timedelta(days=900))
    result = verify()
    assert (result.ok, result.first_bad) == (False, sequence)


def test_ordinary_work_has_no_lines_about_the_clock(ledger):
    write(timezone.now())
    make_entries(20)
    seal()
    assert not Entry.objects.of_kind(STEPPED).exists()


def test_a_ledger_older_than_the_rule_verifies(tmp_path):
    """Walks of the version before left no lines. What it wrote counts as it is; what comes after is bounded."""
    now = timezone.now()
    write(now)
    seal()
    (settings.KEY_STORE.folder / timekeeping.BEGIN_NAME).unlink()
    old = forge(now - timedelta(days=400))
    forge(now + timedelta(days=400))
    assert (verify().ok, by_bundle(tmp_path)["times_checked_after"]) == (True, None)
    seal()
    result = verify()
    assert (result.ok, result.times_checked_after) == (True, old + 1)
    assert by_bundle(tmp_path)["ok"]
    sequence = forge(now - timedelta(days=400))
    assert verify().first_bad == sequence


def test_the_tolerance_is_a_setting(ledger, settings):
    settings.LEDGER_CLOCK_TOLERANCE_SECONDS = 3600.0
    forge(timezone.now() - timedelta(minutes=50))
    assert verify().ok
    settings.LEDGER_CLOCK_TOLERANCE_SECONDS = 10.0**9
    sequence = forge(timezone.now() - timedelta(days=2))
    assert verify().first_bad == sequence, "never more than a day"


def test_an_unreadable_head_time_keeps_nobody_from_writing(ledger):
    text = "'-infinity'" if connection.vendor == "postgresql" else "'once upon a time'"
    with superuser() as cursor:
        cursor.execute(f"UPDATE ledger_signedhead SET at = {text}", None)
    assert write(timezone.now()).sequence == 7
    assert SignedHead.objects.count() == 2
