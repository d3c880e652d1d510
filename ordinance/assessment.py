"""조례 점검: every rule judged on one day; findings open and close, and are never deleted.

One run at a time, by a row (`Assessment`) that shows progress and can be stopped between two rules; what was judged
until then stands, since each rule is a transaction of its own and another run goes on from it. On PostgreSQL a large
register is judged over two connections.

Acts do not wait for the night: whatever changes a fact that a rule judges ends with `follow`. It judges few subjects at
once, in the act's own transaction (`rejudge`), and leaves many to a run of the worker (`request`).
"""

import datetime
import os
import queue
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, connection, connections, transaction
from django.db.models import Count
from django.utils import timezone

from accounts import queueing
from accounts.longrun import AlreadyRunning, RunState
from accounts.models import Officer
from ledger import append
from ordinance import parameters, rules
from ordinance.judging import Figures, Judge
from ordinance.models import AssessedRule, Assessment, Finding
from ordinance.rules import Context, Rule, Subject

LINE_KIND = "ordinance.assessed"
# So many connections at the most judge side by side, and only from so many findings or subjects on.
SIDE_BY_SIDE = 2
LARGE = 50_000
# Statements about a few subjects name each of them.
NUMBERS_AT_ONCE = 1_000
# For more than this, judging everybody costs less than naming them.
NAMED_AT_MOST = 5_000
# So many judgements (subjects times rules) may keep a person waiting: a second or so.
AT_ONCE = 20_000
# From so many subjects on a plan made without knowing the tables costs more than getting to know them.
MANY = 200
PATIENCE_SECONDS = 600.0
_is_postponed: ContextVar[bool] = ContextVar("assessment_is_postponed", default=False)
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
        facts = {"article": rule.article, "title": rule.title, "subject_kind": rule.subject.value}
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


def follow(
    numbers: Iterable[str] | None, *, kind: str = Subject.CAMERA, codes: Iterable[str] | None = None
) -> Assessment | None:
    """Findings follow what an act has just changed for these subjects (None: all of the kind).

    Few are judged at once, as part of the act. For many the run that will judge them is returned: the act ends now, and
    a worker judges. `codes` names the rules to look at, where the caller knows them.
    """
    if _is_postponed.get():
        return None
    declared = _declared(kind, codes)
    chosen = None if numbers is None else sorted(set(numbers))
    if not declared or chosen == []:
        return None
    many = _how_many(declared) if chosen is None else len(chosen)
    if many * len(declared) > AT_ONCE or (chosen is not None and many > NAMED_AT_MOST):
        return request()
    rejudge(chosen, kind=kind, codes=codes)
    return None


def _how_many(declared: Sequence[Rule]) -> int:
    context = Context(timezone.localdate(), parameters.active_profile())
    models = {rule.subjects(context).model for rule in declared}
    return max(int(model._default_manager.count()) for model in models)


def request() -> Assessment | None:
    """Have everything judged soon after this transaction: by the run that waits already, or by a new one.

    The waiting run is locked, so that it cannot begin before the caller's changes are there to be seen.
    """
    from ordinance import tasks  # calls this module

    if _is_postponed.get():
        return None
    with transaction.atomic():
        waiting = (
            Assessment.objects.select_for_update()
            .filter(state=RunState.WAITING, cancel_requested=False)
            .order_by("-pk")
            .first()
        )
        if waiting is not None:
            return waiting
        run = Assessment.objects.create(on=timezone.localdate())
        queueing.start(tasks.assess, run.pk)
    return run


@contextmanager
def all_at_the_end() -> Iterator[None]:
    """For a command that acts a thousand times: its acts leave the findings alone, and everything is judged once
    when they are done, or when they broke off."""
    postponed = _is_postponed.set(True)
    try:
        yield
    finally:
        _is_postponed.reset(postponed)
        settle()


def settle() -> Assessment:
    """Have everything judged before going on, in this process: by the run that waits, or by a new one."""
    waiting = (
        Assessment.objects.filter(state=RunState.WAITING, cancel_requested=False).order_by("-pk").first()
    )
    if waiting is not None:
        # A worker may have taken it meanwhile; then it may have begun before the last change.
        with suppress(AlreadyRunning):
            carry_out(waiting, wait=True)
            return waiting
    return assess(wait=True)


def rejudge(
    numbers: Iterable[str] | None,
    *,
    kind: str = Subject.CAMERA,
    codes: Iterable[str] | None = None,
    on: datetime.date | None = None,
) -> tuple[int, int]:
    """Judge these subjects (None: all of the kind) now, however many: how many findings opened and closed.

    Part of the caller's transaction, if any. Acts that may touch many go through `follow`.
    """
    chosen = None if numbers is None else sorted(set(numbers))
    declared = _declared(kind, codes)
    if chosen == [] or not declared:
        return 0, 0
    context = Context(on or timezone.localdate(), parameters.active_profile())
    rows = rows_of(declared)
    opened = closed = 0
    with transaction.atomic():
        if chosen is None or len(chosen) >= MANY:
            _learn_sizes(declared, context)
        for portion in _portions(chosen):
            for rule in declared:
                more, fewer = Judge(rule, rows[rule.code], context, None, portion).rejudge()
                opened += more
                closed += fewer
    return opened, closed


def _declared(kind: str, codes: Iterable[str] | None) -> list[Rule]:
    wanted = None if codes is None else set(codes)
    return [
        rule for rule in rules.all_rules() if rule.subject == kind and (wanted is None or rule.code in wanted)
    ]


def _portions(chosen: list[str] | None) -> list[list[str] | None]:
    """None stands for everybody."""
    if chosen is None or len(chosen) > NAMED_AT_MOST:
        return [None]
    return [chosen[first : first + NUMBERS_AT_ONCE] for first in range(0, len(chosen), NUMBERS_AT_ONCE)]


def _learn_sizes(declared: Iterable[Rule], context: Context) -> None:
    """PostgreSQL plans by what it last counted; tables that were just filled have not been counted yet."""
    if connection.vendor != "postgresql":
        return
    judged = {rule.subjects(context).model._meta.db_table for rule in declared}
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(sorted({Finding._meta.db_table, *judged}))}")
