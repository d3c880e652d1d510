"""Findings follow what is done: acts do not wait for the night.

Whatever changes a fact that a rule judges ends with `follow`. It judges few subjects at once, in the act's own
transaction (`rejudge`), and leaves many to a run of the worker (`request`; see `assessment_run`).
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from django.db import connection, transaction
from django.utils import timezone

from accounts import queueing
from accounts.longrun import AlreadyRunning, RunState
from accounts.models import Officer
from ordinance import assessment_run, parameters, rules
from ordinance.judging import Judge
from ordinance.models import Assessment, Finding
from ordinance.rules import Context, Rule, Subject

# Statements about a few subjects name each of them.
NUMBERS_AT_ONCE = 1_000
# For more than this, judging everybody costs less than naming them.
NAMED_AT_MOST = 5_000
# So many judgements (subjects times rules) may keep a person waiting: a second or so.
AT_ONCE = 20_000
# From so many subjects on a plan made without knowing the tables costs more than getting to know them.
MANY = 200
_is_postponed: ContextVar[bool] = ContextVar("assessment_is_postponed", default=False)


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
        return _start(None)


def ask(*, by: Officer) -> Assessment:
    """A person wants to know now."""
    with transaction.atomic():
        return _start(by)


def _start(by: Officer | None) -> Assessment:
    from ordinance import tasks  # with Celery, which a command that queues nothing does not load

    run = Assessment.objects.create(on=timezone.localdate(), requested_by=by)
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
            assessment_run.carry_out(waiting, wait=True)
            return waiting
    return assessment_run.assess(wait=True)


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
    rows = assessment_run.rows_of(declared)
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
