"""One 조례 점검 from start to end: every rule judged on one day; findings open and close, and are never deleted.

One run at a time, by a row (`Assessment`) that shows progress and can be stopped between two rules; what was judged
until then stands, since each rule is a transaction of its own and another run goes on from it. On PostgreSQL a large
register is judged over two connections.
"""

import datetime
import os
import queue
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, connection, connections, transaction
from django.db.models import Count
from django.utils import timezone

from accounts.longrun import AlreadyRunning, RunState
from accounts.models import Officer
from ledger import append
from ordinance import parameters, rules
from ordinance.judging import Figures, Judge
from ordinance.models import AssessedRule, Assessment, Finding
from ordinance.rules import Context, Rule

LINE_KIND = "ordinance.assessed"
# So many connections at the most judge side by side, and only from so many findings or subjects on.
SIDE_BY_SIDE = 2
LARGE = 50_000
PATIENCE_SECONDS = 600.0
_POLL_SECONDS = 0.5


class Refused(Exception):
    """The assessment cannot be made; the message tells a person why."""


def assess(
    on: datetime.date | None = None,
    *,
    by: Officer | None = None,
    is_nightly: bool = False,
    wait: bool = False,
) -> Assessment:
    """Judge every rule as of that day (today) and return the finished row.

    Raises `AlreadyRunning` while another run is under way, unless `wait`; `Refused` for a day to come, or one before
    the last assessment, since findings do not open and close backwards.
    """
    run = Assessment.objects.create(on=checked_day(on), requested_by=by, is_nightly=is_nightly)
    carry_out(run, wait=wait)
    return run


def checked_day(on: datetime.date | None) -> datetime.date:
    """The day as of which may be judged; raises `Refused`."""
    today = timezone.localdate()
    day = on or today
    if day > today:
        raise Refused(f"오늘({today})보다 뒤의 날짜로는 점검할 수 없습니다: {day}")
    last = last_finished()
    if last is not None and day < last.on:
        raise Refused(
            f"{last.on} 기준의 점검이 이미 있습니다. 그보다 앞선 날짜로는 점검할 수 없습니다: {day}"
        )
    return day


def last_finished() -> Assessment | None:
    return Assessment.objects.filter(state=RunState.SUCCEEDED).order_by("-pk").first()


def running() -> Assessment | None:
    """The run that is under way, or waits for a worker."""
    return Assessment.objects.unfinished().exclude(pk__in=Assessment.objects.stale()).order_by("pk").first()


def carry_out(run: Assessment, *, wait: bool = False) -> None:
    """Do a waiting run in this process. A run that cannot start because of another one is marked as failed."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not carried_out(run):
        if not wait or time.monotonic() > deadline:
            run.fail("다른 점검이 진행 중이어서 시작하지 못했습니다.")
            raise AlreadyRunning("다른 점검이 진행 중입니다. 끝난 뒤에 다시 하십시오.")
        time.sleep(_POLL_SECONDS)


def carried_out(run: Assessment) -> bool:
    """Do a waiting run, unless another one is under way: then False, and this one waits as it was."""
    _end_the_dead(run)
    if _is_another_running(run):
        return False
    try:
        with run.running():
            _judge_everything(run)
    except IntegrityError:
        # The other one began in between: the database lets one row run at a time (`assessment_one_at_a_time`).
        if not _is_another_running(run):
            raise
        return False
    return True


def bring_up_to_today(run: Assessment) -> None:
    """A run that waited over midnight judges the day on which it runs; findings do not open and close backwards."""
    today = timezone.localdate()
    if run.on < today:
        run.on = today
        run.save(update_fields=["on"])


def _is_another_running(run: Assessment) -> bool:
    return Assessment.objects.filter(state=RunState.RUNNING).exclude(pk=run.pk).exists()


def _end_the_dead(run: Assessment) -> None:
    """A run whose process died would keep all others from starting."""
    dead = Assessment.objects.stale().filter(state=RunState.RUNNING).exclude(pk=run.pk)
    dead.update(state=RunState.FAILED, error="점검하던 작업이 중단되었습니다.", finished_at=timezone.now())


def _judge_everything(run: Assessment) -> None:
    context = Context(run.on, parameters.active_profile())
    declared = rules.all_rules()
    rows = rows_of(declared)
    judges = [Judge(rule, rows[rule.code], context, run.pk) for rule in declared]
    figures: dict[str, Figures] = {}
    run.beat(0, len(judges), "규칙을 점검하는 중")
    for done, (code, found) in enumerate(_judged(judges, run), start=1):
        figures[code] = found
        run.beat(done, len(judges), "규칙을 점검하는 중")
    _close_gone(set(rows), run.on)
    unmet = open_counts()
    run.result = {
        rule.code: replace(figures[rule.code], unmet=unmet.get(rule.code, 0)).as_json() for rule in declared
    }
    _refresh_statistics(run)
    _record(run)


def _judged(judges: Sequence[Judge], run: Assessment) -> Iterator[tuple[str, Figures]]:
    """The figures rule by rule, in the order in which they are ready."""
    if _is_worth_two_connections():
        yield from _side_by_side(judges, run)
        return
    for judge in judges:
        yield judge.rule.code, judge.judge()


def _is_worth_two_connections() -> bool:
    """Not inside somebody's transaction: another connection would not see what it has written."""
    if (
        connection.vendor != "postgresql"
        or connection.in_atomic_block
        or (os.cpu_count() or 1) < SIDE_BY_SIDE
    ):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(reltuples), 0) FROM pg_class WHERE relkind = 'r'")
        return bool(cursor.fetchone()[0] >= LARGE)


def _side_by_side(judges: Sequence[Judge], run: Assessment) -> Iterator[tuple[str, Figures]]:
    waiting: queue.SimpleQueue[Judge] = queue.SimpleQueue()
    for judge in judges:
        waiting.put(judge)
    answers: queue.SimpleQueue[tuple[str, Figures] | BaseException] = queue.SimpleQueue()
    stop = threading.Event()

    def work() -> None:
        try:
            while not stop.is_set():
                judge = waiting.get_nowait()
                answers.put((judge.rule.code, judge.judge()))
        except queue.Empty:
            return
        except BaseException as error:  # the thread that waits raises it on
            answers.put(error)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=work, daemon=True) for _ in range(SIDE_BY_SIDE)]
    for hand in hands:
        hand.start()
    try:
        for _ in judges:
            yield _next_answer(answers, run)
    finally:
        stop.set()
        for hand in hands:
            hand.join()


def _next_answer(answers: "queue.SimpleQueue[Any]", run: Assessment) -> tuple[str, Figures]:
    """Waits for the next rule, with a heartbeat each second; a cancel is heard meanwhile."""
    while True:
        with suppress(queue.Empty):
            answer = answers.get(timeout=1)
            if isinstance(answer, BaseException):
                raise answer
            found: tuple[str, Figures] = answer
            return found
        run.beat(run.done)


def rows_of(declared: Iterable[Rule]) -> dict[str, AssessedRule]:
    """By code, the rows that findings point at; made and kept true to the declarations."""
    rows = {row.code: row for row in AssessedRule.objects.all()}
    for rule in declared:
        facts = {
            "article": rule.article,
            "place": rule.place,
            "title": rule.title,
            "subject_kind": rule.subject.value,
        }
        row = rows.get(rule.code)
        if row is None:
            rows[rule.code], _ = AssessedRule.objects.get_or_create(code=rule.code, defaults=facts)
        elif any(getattr(row, name) != value for name, value in facts.items()):
            AssessedRule.objects.filter(pk=row.pk).update(**facts)
    return rows


def _close_gone(recorded: set[str], on: datetime.date) -> None:
    """A rule that the program no longer has finds nothing any more."""
    declared = {rule.code for rule in rules.all_rules()}
    if gone := recorded - declared:
        Finding.objects.open().filter(rule__code__in=gone).update(
            closed_on=on, closing=Finding.Closing.RULE_GONE, closing_evidence=""
        )


def open_counts() -> Mapping[str, int]:
    """How many findings are open, by rule."""
    rows = Finding.objects.open().order_by().values("rule__code").annotate(many=Count("pk"))
    return dict(rows.values_list("rule__code", "many"))


def _refresh_statistics(run: Assessment) -> None:
    """After many changes the planner would go on with the sizes of before."""
    changed = sum(figures["opened"] + figures["closed"] for figures in run.result.values())
    if connection.vendor == "postgresql" and changed >= LARGE:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Finding._meta.db_table}")


def _record(run: Assessment) -> None:
    """The figures and their line in the ledger, together."""
    with transaction.atomic():
        Assessment.objects.filter(pk=run.pk).update(result=run.result)
        append.record(
            LINE_KIND,
            actor=f"officer:{run.requested_by_id}" if run.requested_by_id else "system:assess",
            subject=f"assessment:{run.pk}",
            payload={"on": run.on.isoformat(), "rules": run.result},
        )
