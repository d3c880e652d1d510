"""Writers at the same time, in threads and in processes: no gap, no duplicate, numbers in commit order."""

import os
import random
import subprocess
import sys
import threading
import time
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, transaction

from ledger.append import record, record_many
from ledger.models import Entry, SignedHead
from ledger.seal import seal
from ledger.verify import verify
from tests.ledger.factories import DraftFactory

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 4
TRANSACTIONS = 25


class Undone(Exception):
    pass


def write_often(name, seed, problems):
    """Transactions of one or several entries, some undone, some slow to commit after the number is given."""
    chance = random.Random(seed)
    try:
        for turn in range(TRANSACTIONS):
            try:
                with transaction.atomic():
                    record("test.turn", actor=f"system:{name}", subject="", payload={"turn": turn})
                    if chance.random() < 0.4:
                        record_many(DraftFactory.build() for _ in range(chance.randint(1, 5)))
                    time.sleep(chance.random() * 0.004)
                    if chance.random() < 0.25:
                        raise Undone
            except Undone:
                pass
    except Exception as error:
        problems.append(error)
    finally:
        connection.close()


def watch(stop, problems, looks):
    """What a sealer sees: at every moment the numbers that are visible have no gap."""
    try:
        while not stop.is_set():
            with connection.cursor() as cursor:
                cursor.execute("SELECT COUNT(*), MAX(sequence) FROM ledger_entry")
                count, last = cursor.fetchone()
            looks.append(count)
            if count != (last or 0):
                problems.append(AssertionError(f"{count} entries, the last is {last}"))
                return
    except Exception as error:
        problems.append(error)
    finally:
        connection.close()


def seal_often(stop, problems):
    try:
        while not stop.wait(0.02):
            seal()
    except Exception as error:
        problems.append(error)
    finally:
        connection.close()


def test_threads():
    problems, looks, stop = [], [], threading.Event()
    writers = [threading.Thread(target=write_often, args=(n, n, problems)) for n in range(WRITERS)]
    watchers = [
        threading.Thread(target=watch, args=(stop, problems, looks)),
        threading.Thread(target=seal_often, args=(stop, problems)),
        threading.Thread(target=seal_often, args=(stop, problems)),
    ]
    for thread in watchers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in watchers:
        thread.join()
    assert problems == []
    assert len(set(looks)) > 3, "the watcher must have seen the ledger grow"
    assert_whole()
    for name in range(WRITERS):
        mine = Entry.objects.by_actor(f"system:{name}").values_list("payload", flat=True)
        turns = [int(payload.removeprefix('{"turn":').removesuffix("}")) for payload in mine]
        assert turns == sorted(turns), "the order of numbers is the order of commits"


def assert_whole():
    sequences = list(Entry.objects.values_list("sequence", flat=True))
    assert sequences == list(range(1, len(sequences) + 1))
    assert sequences
    seal()
    assert verify().ok
    assert SignedHead.objects.latest_head().size == len(sequences)


PROCESS = """
import random, sys
import django
django.setup()
from tests.ledger.test_concurrency import write_often
problems = []
print("ready", flush=True)
sys.stdin.readline()
write_often(sys.argv[1], int(sys.argv[1]), problems)
sys.exit(repr(problems) if problems else 0)
"""


def database_url():
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user = quote(database["USER"]) + (f":{quote(database['PASSWORD'])}" if database["PASSWORD"] else "")
    return f"postgres://{user}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"


def test_processes(own_data_dir):
    environment = {**os.environ, "DATABASE_URL": database_url(), "DATA_DIR": str(own_data_dir)}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(name)],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in range(3)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
    results = []
    for process in processes:  # all are ready: now all at once
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _out, err = process.communicate(timeout=120)
        results.append((process.returncode, err))
    assert results == [(0, "")] * 3
    assert len(set(Entry.objects.filter(kind="test.turn").values_list("actor", flat=True))) == 3
    assert_whole()


def test_a_second_writer_waits_for_the_first_to_end():
    """Its number is given only when it is known whether the first one's transaction holds."""
    first_has_number, second_asked = threading.Event(), threading.Event()
    numbers = {}

    def second():
        try:
            first_has_number.wait(10)
            second_asked.set()
            with transaction.atomic():
                numbers["second"] = record("test.turn", actor="system:b", subject="", payload={}).sequence
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        numbers["first"] = record("test.turn", actor="system:a", subject="", payload={}).sequence
        first_has_number.set()
        second_asked.wait(10)
        time.sleep(0.2)
        assert "second" not in numbers
        transaction.set_rollback(True)
    thread.join(60)
    assert numbers == {"first": 1, "second": 1}


def test_two_sealers_make_one_head():
    with transaction.atomic():
        record_many(DraftFactory.build() for _ in range(200))
    start, heads, problems = threading.Barrier(4), [], []

    def run():
        try:
            start.wait(10)
            heads.append(seal())
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert {head.size for head in heads} == {200}
    assert SignedHead.objects.count() == 1
    assert verify().ok
