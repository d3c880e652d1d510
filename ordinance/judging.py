"""One rule against all its subjects, or some: the database compares, and only what differs passes through here.

The sets come from the rule's querysets as plain SQL. One query finds who is unmet and has no open finding, or one that
says another reason; closing is one UPDATE of open findings that are not among the unmet any more. For all subjects
PostgreSQL does everything in one statement, and nothing passes through here. Numbers are inserted in their order, so that
the index of open findings grows at its end.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce

from ordinance import excuses
from ordinance.models import AssessedRule, EarlierEvidence, Finding, RuleException
from ordinance.rules import Context, Rule

ATTEMPTS = 5
LARGE_MEMORY = "256MB"
EVIDENCE_LENGTH = 200
Outcome = TypeVar("Outcome")
AT_ONCE = 1_000
_TABLE = Finding._meta.db_table
_EARLIER = EarlierEvidence._meta.db_table


@dataclass(frozen=True)
class Figures:
    """What one judgement of a rule found. `unmet` and `met` are known for a judgement of all subjects only."""

    article: int | None
    place: str = ""
    subjects: int = 0
    unmet: int = 0
    excepted: int = 0
    not_applicable: int = 0
    opened: int = 0
    closed: int = 0

    @property
    def met(self) -> int:
        return self.subjects - self.unmet - self.excepted

    def as_json(self) -> dict[str, Any]:
        names = (
            *("article", "place", "subjects", "unmet", "excepted", "met", "not_applicable"),
            *("opened", "closed"),
        )
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Statement:
    sql: str
    parameters: tuple[Any, ...]


@dataclass(frozen=True)
class Judge:
    """One rule on one day; `numbers` narrows it to some subjects."""

    rule: Rule
    row: AssessedRule
    context: Context
    assessment_id: int | None = None
    numbers: Sequence[str] | None = None

    def judge(self) -> Figures:
        """All subjects: close, open, count. Everything of the rule or nothing."""

        def judge_once() -> Figures:
            _take_memory()
            subjects = int(self._subjects().count())
            if not subjects:
                # Many duties have nobody yet whom they concern: nothing can be unmet, and nothing is compared.
                opened, closed = 0, self._close()
            elif connection.vendor == "postgresql":
                opened, closed = self._open_and_close()
            else:
                closed, opened = self._close(), self._open_and_renew()
            return Figures(
                self.rule.article,
                self.rule.place,
                subjects=subjects,
                excepted=self._count_excepted() if subjects else 0,
                not_applicable=self._count_excluded(),
                opened=opened,
                closed=closed,
            )

        return _again_if_opened_meanwhile(judge_once)

    def rejudge(self) -> tuple[int, int]:
        """Close and open only, for `numbers`: how many opened and how many closed."""

        def rejudge_once() -> tuple[int, int]:
            closed, opened = self._close(), self._open_and_renew()
            return opened, closed

        return _again_if_opened_meanwhile(rejudge_once)

    # -- the sets

    def _subjects(self) -> Any:
        rows = self.rule.subjects(self.context)
        return (
            rows if self.numbers is None else rows.filter(**{f"{self.rule.number_field}__in": self.numbers})
        )

    def _all_unmet(self) -> Any:
        return self.rule.unmet(self._subjects(), self.context)

    def _unmet(self) -> Any:
        if not self._has_exceptions:
            return self._all_unmet()
        return excuses.exclude_excepted(self.rule, self._all_unmet(), self.context)

    @cached_property
    def _has_exceptions(self) -> bool:
        return RuleException.objects.of(self.rule.code).in_force(self.context.on).exists()

    def _statement(self, rows: Any, **columns: Any) -> Statement | None:
        """SELECT of `one_number` and further columns; None where the set is empty by its nature."""
        named = {"one_number": F(self.rule.number_field), **columns}
        chosen = rows.order_by().annotate(**named).values_list(*named)
        try:
            sql, parameters = chosen.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            return None
        return Statement(sql, tuple(parameters))

    # -- opening and closing in one statement

    def _open_and_close(self) -> tuple[int, int]:
        """The unmet against the open findings, once: what stands on one side only is opened or closed.

        The same as `_close` and `_open_and_renew`, at half the price for a million subjects.
        """
        evidence = self.rule.evidence(self.context) if self.rule.evidence else Value("")
        found = self._statement(self._unmet(), one_evidence=evidence)
        if found is None:
            return 0, self._close()
        closing, closing_parameters = self._closing()
        proof, proof_parameters = self._proof()
        sql = f"""
            WITH difference AS MATERIALIZED (
                SELECT known.id, known.evidence, unmet.one_number, unmet.one_evidence
                FROM ({found.sql}) AS unmet
                FULL JOIN (
                    SELECT id, number, evidence FROM {_TABLE} WHERE rule_id = %s AND closed_on IS NULL
                ) AS known ON known.number = unmet.one_number COLLATE "C"
                WHERE known.id IS NULL OR unmet.one_number IS NULL OR known.evidence <> unmet.one_evidence
            ), closed AS (
                UPDATE {_TABLE} SET closed_on = %s::date, closing = {closing}, closing_evidence = {proof}
                WHERE id IN (SELECT id FROM difference WHERE one_number IS NULL)
                RETURNING 1
            ), renewed AS (
                UPDATE {_TABLE} SET evidence = difference.one_evidence
                FROM difference WHERE {_TABLE}.id = difference.id AND difference.one_number IS NOT NULL
            ), noted AS (
                INSERT INTO {_EARLIER} (finding_id, evidence, until_on)
                SELECT id, evidence, %s::date FROM difference WHERE id IS NOT NULL AND one_number IS NOT NULL
            ), opened AS (
                INSERT INTO {_TABLE} (rule_id, number, opened_on, opened_by_id, evidence)
                SELECT %s::smallint, one_number, %s::date, %s::bigint, one_evidence
                FROM difference WHERE id IS NULL ORDER BY one_number COLLATE "C"
                RETURNING 1
            )
            SELECT (SELECT count(*) FROM opened), (SELECT count(*) FROM closed)
        """  # noqa: S608 - names of ours and SQL of Django
        on = self.context.on
        parameters = (
            *found.parameters,
            self.row.pk,
            on,
            *closing_parameters,
            *proof_parameters,
            on,
            self.row.pk,
            on,
            self.assessment_id,
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            opened, closed = cursor.fetchone()
        return int(opened), int(closed)

    # -- opening, and saying anew what is missing

    def _open_and_renew(self) -> int:
        """Of the unmet, those without an open finding get one; those whose reason is another now say today's.

        One query finds both: for a few subjects, making a rule's SQL costs more than running it.
        """
        evidence = self.rule.evidence(self.context) if self.rule.evidence else Value("")
        found = self._statement(self._unmet(), one_evidence=evidence)
        if found is None:
            return 0
        number = _by_bytes("unmet.one_number")
        sql = f"""
            SELECT known.id, known.evidence, unmet.one_number, unmet.one_evidence
            FROM ({found.sql}) AS unmet LEFT JOIN {_TABLE} AS known
            ON known.rule_id = %s AND known.closed_on IS NULL AND known.number = {number}
            WHERE known.id IS NULL OR known.evidence <> unmet.one_evidence
            ORDER BY {number}
        """  # noqa: S608 - names of ours and SQL of Django
        with connection.cursor() as cursor:
            cursor.execute(sql, (*found.parameters, self.row.pk))
            differences = cursor.fetchall()
        new = [
            Finding(
                rule_id=self.row.pk,
                number=one,
                opened_on=self.context.on,
                opened_by_id=self.assessment_id,
                evidence=now,
            )
            for pk, _, one, now in differences
            if pk is None
        ]
        Finding.objects.bulk_create(new, batch_size=AT_ONCE)
        self._renew([(pk, before, now) for pk, before, _, now in differences if pk is not None])
        return len(new)

    def _renew(self, changed: Sequence[tuple[int, str, str]]) -> None:
        """Findings say today's reason; the one before it stays beside them."""
        EarlierEvidence.objects.bulk_create(
            EarlierEvidence(finding_id=pk, evidence=before, until_on=self.context.on)
            for pk, before, _ in changed
        )
        by_evidence: dict[str, list[int]] = defaultdict(list)
        for pk, _, now in changed:
            by_evidence[now].append(pk)
        for now, ids in by_evidence.items():
            for first in range(0, len(ids), AT_ONCE):
                Finding.objects.filter(pk__in=ids[first : first + AT_ONCE]).update(evidence=now)

    # -- closing

    def _close(self) -> int:
        which, parameters = self._open_findings()
        if not _finds_any(which, parameters):
            return 0
        if (unmet := self._statement(self._unmet())) is not None:
            which += f" AND NOT EXISTS ({_of_finding(unmet)})"
            parameters += unmet.parameters
        closing, closing_parameters = self._closing()
        proof, proof_parameters = self._proof()
        sql = f"""
            UPDATE {_TABLE} SET closed_on = {_typed("date")}, closing = {closing}, closing_evidence = {proof}
            WHERE {which}
        """  # noqa: S608 - names of ours and SQL of Django
        return _execute(sql, (self.context.on, *closing_parameters, *proof_parameters, *parameters))

    def _open_findings(self) -> tuple[str, tuple[Any, ...]]:
        which = f"{_TABLE}.rule_id = %s AND {_TABLE}.closed_on IS NULL"
        if self.numbers is None:
            return which, (self.row.pk,)
        places = ", ".join(["%s"] * len(self.numbers))
        return f"{which} AND {_TABLE}.number IN ({places})", (self.row.pk, *self.numbers)

    def _closing(self) -> tuple[str, tuple[Any, ...]]:
        """Why it is closed: excused, covered no longer, or met.

        Asked for one finding at a time, so the sets are the whole ones: a list of a thousand numbers in them would be
        walked through for each finding.
        """
        everyone = self.rule.subjects(self.context)
        subjects = self._statement(everyone)
        if subjects is None:
            return "'not_covered'", ()
        cases = [f"WHEN NOT EXISTS ({_of_finding(subjects)}) THEN 'not_covered'"]
        parameters = subjects.parameters
        if self._has_exceptions:
            unmet = self.rule.unmet(everyone, self.context)
            rows = excuses.only_excepted(self.rule, unmet, self.context)
            if (excused := self._statement(rows)) is not None:
                cases.append(f"WHEN EXISTS ({_of_finding(excused)}) THEN 'excepted'")
                parameters += excused.parameters
        return f"CASE {' '.join(cases)} ELSE 'met' END", parameters

    def _proof(self) -> tuple[str, tuple[Any, ...]]:
        """What met it, as far as the rule can say; or why the duty is not applied any more."""
        proof, parameters = self._what_met_it()
        exclusion = self.rule.exclusion
        excluded = None if exclusion is None else self._statement(exclusion.rows(self.context))
        if exclusion is None or excluded is None:
            return proof, parameters
        reason = exclusion.reason(self.context)[:EVIDENCE_LENGTH]
        return (
            f"CASE WHEN EXISTS ({_of_finding(excluded)}) THEN {_typed('text')} ELSE {proof} END",
            (*excluded.parameters, reason, *parameters),
        )

    def _what_met_it(self) -> tuple[str, tuple[Any, ...]]:
        if self.rule.proof is None:
            return "''", ()
        said = Coalesce(self.rule.proof(self.context), Value(""), output_field=CharField())
        if (found := self._statement(self.rule.subjects(self.context), one_proof=said)) is None:
            return "''", ()
        return (
            f"COALESCE(substr(({_of_finding(found, 'one.one_proof')}), 1, {EVIDENCE_LENGTH}), '')",
            found.parameters,
        )

    # -- counting

    def _count_excepted(self) -> int:
        if not self._has_exceptions:
            return 0
        return int(excuses.only_excepted(self.rule, self._all_unmet(), self.context).count())

    def _count_excluded(self) -> int:
        return 0 if self.rule.exclusion is None else int(self.rule.exclusion.rows(self.context).count())


def _again_if_opened_meanwhile(work: Callable[[], Outcome]) -> Outcome:
    """In a transaction. Two judgements may open the same finding at once: the later one looks again."""
    for _ in range(ATTEMPTS - 1):
        try:
            with transaction.atomic():
                return work()
        except IntegrityError:
            continue
    with transaction.atomic():
        return work()


def _of_finding(found: Statement, column: str = "1") -> str:
    """Among these rows, the one that the finding at hand is about."""
    number = f"{_TABLE}.number" + (' COLLATE "default"' if connection.vendor == "postgresql" else "")
    return f"SELECT {column} FROM ({found.sql}) AS one WHERE one.one_number = {number}"  # noqa: S608 - as above


def _by_bytes(number: str) -> str:
    """As the finding's number is compared (see the migration)."""
    return f'{number} COLLATE "C"' if connection.vendor == "postgresql" else number


def _typed(kind: str) -> str:
    return f"%s::{kind}" if connection.vendor == "postgresql" else "%s"


def _finds_any(which: str, parameters: Sequence[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {_TABLE} WHERE {which})", parameters)  # noqa: S608 - ours
        return bool(cursor.fetchone()[0])


def _execute(sql: str, parameters: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def _take_memory() -> None:
    """Until the transaction ends, a million numbers are compared in memory rather than on the disk.

    Compiling such a statement takes longer than it saves.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('work_mem', %s, true), set_config('jit', 'off', true)", [LARGE_MEMORY]
            )
