"""상황: what an agent sees, whom they told, when, and what became of it (ordinance art. 18); the footage with one click.

One that came from the situation system (`incidents.import_file`) is completed here like one that was entered here. What was
said once stays as a version (`Incident.history`): another word in its place needs its reason.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Max, Q, QuerySet

from accounts.models import Officer
from casework import acts
from casework.numbers_of_year import next_number
from casework.refusals import Refusal, unwritten
from footage import holds
from ordinance import assessment, parameters
from ordinance.rules import Subject
from records.models import Incident, StaffMember
from records.people import kinds

ARTICLE = "조례 제18조"
HOLD_ARTICLE = "조례 제18조, 제24조제1항"
PREFIX = "상황-"
RULE = "incident_reported"
FIELDS = ("noticed_at", "camera", "kind", "body_told", "told_how", "told_to", "told_at", "result")
TELLING = ("body_told", "told_how", "told_to", "told_at", "result")
# Around the moment in which it was noticed.
HELD_BEFORE, HELD_AFTER = dt.timedelta(minutes=30), dt.timedelta(minutes=30)


def enter(values: Mapping[str, Any], *, by: Officer, hold: bool = False) -> Incident:
    """What was seen, as far as it is known now. `Refused` for what cannot be."""
    row = Incident(
        staff=StaffMember.objects.filter(officer=by).defer("name", "address").order_by("-pk").first(),
        entered_by=by,
    )
    with acts.begin(kinds.INCIDENT_ENTERED, row, by=by) as act:
        act.refuse(_against(values, act.at))
        row.number = next_number(Incident, PREFIX, act.at.date())
        act.write(
            **{name: values[name] for name in FIELDS if name in values},
            entered_at=act.at,
            salt=_seal(act, values),
            unchecked=["staff", "entered_by"],
        )
        act.payload |= _facts(row)
        act.afterwards(lambda: _judge_again(row))
        if hold:
            _hold(act)
    return row


def complete(incident: Incident, values: Mapping[str, Any], *, by: Officer, reason: str = "") -> Incident:
    """Who was told meanwhile, and how it ended; `reason`: why something else stands now where something stood."""
    with acts.begin(kinds.INCIDENT_TOLD, incident, by=by) as act:
        rewritten = _rewritten(act.row, values)
        if rewritten:
            sentence = "이미 적은 통보나 결과를 고치려면 고치는 까닭을 적으십시오."
            act.refuse(unwritten(reason, "reason", sentence, ARTICLE))
        act.refuse(_against({"noticed_at": act.row.noticed_at, **values}, act.at))
        act.write(**{name: values[name] for name in TELLING}, salt=_seal(act, values), reason=reason)
        act.payload |= {**_facts(act.row), "rewritten": rewritten}
        act.afterwards(lambda: _judge_again(act.row))
    return act.row


def _rewritten(row: Incident, values: Mapping[str, Any]) -> list[str]:
    """What stood there already and is to say something else; more words after the first ones add to them."""
    before = {name: getattr(row, name) for name in TELLING if getattr(row, name)}
    return [name for name, said in before.items() if not _goes_on(said, values[name])]


def _goes_on(said: Any, now: Any) -> bool:
    return now == said or (isinstance(said, str) and isinstance(now, str) and now.startswith(said.strip()))


def _seal(act: acts.Act[Incident], values: Mapping[str, Any]) -> str:
    """The words of this version, but for whom was told, whose words go before the version does."""
    return act.seal("words", "\n".join(values.get(name, "") or "" for name in ("body_told", "result")))


def versions(row: Incident) -> list[tuple[Any, Any]]:
    """What it said before, each with the version that took its place: who wrote that, when and why."""
    return list(pairwise(row.history.select_related("history_user").order_by("history_id")))


def hold_footage(incident: Incident, *, by: Officer) -> Incident:
    """Freeze the camera's footage around that moment, under the incident's number."""
    with acts.begin(kinds.INCIDENT_HELD, incident, by=by) as act:
        if act.row.camera_id is None:
            act.refuse(
                [
                    Refusal(
                        "camera",
                        "카메라를 적지 않은 상황입니다.",
                        remedy="삭제 유예 화면에서 카메라를 골라 유예하십시오.",
                    )
                ]
            )
        if act.row.hold_id is not None:
            act.refuse([Refusal("held", "이미 이 상황의 영상을 유예했습니다.")])
        _hold(act)
    return act.row


def _hold(act: acts.Act[Incident]) -> None:
    row = act.row
    if row.camera is None:
        act.refuse([Refusal("camera", "영상을 유예하려면 카메라를 적으십시오.", field="camera")])
        return
    made = holds.place(
        row.camera,
        row.noticed_at - HELD_BEFORE,
        row.noticed_at + HELD_AFTER,
        reason=f"관제 중 인지한 상황 {row.number}",
        by=act.by,
        article=HOLD_ARTICLE,
        case_reference=row.number,
    )
    act.write(hold=made)
    act.payload["hold"] = made.pk


def _against(values: Mapping[str, Any], now: dt.datetime) -> Iterator[Refusal]:
    noticed, told = values["noticed_at"], values.get("told_at")
    if noticed > now:
        yield Refusal("future", "인지시각이 아직 오지 않은 시각입니다.", field="noticed_at")
    if told and told > now:
        yield Refusal("future", "통보시각이 아직 오지 않은 시각입니다.", field="told_at")
    if told and told < noticed:
        yield Refusal("order", "통보시각이 인지시각보다 앞섭니다.", field="told_at")
    if told and not values.get("body_told", "").strip():
        yield Refusal("body", "어느 기관에 알렸는지 적으십시오.", ARTICLE, field="body_told")
    if values.get("told_how") and not told:
        yield Refusal("told", "알린 시각을 적으십시오.", ARTICLE, field="told_at")


def _facts(row: Incident) -> dict[str, Any]:
    """Nothing of persons, nothing of what was seen."""
    return {
        "camera": row.camera.number if row.camera else "",
        "noticed_at": row.noticed_at.isoformat(),
        "told_at": row.told_at.isoformat() if row.told_at else None,
    }


def _judge_again(row: Incident) -> None:
    assessment.follow([row.number], kind=Subject.INCIDENT, codes=[RULE])


@dataclass(frozen=True)
class Delay:
    """How long it took to tell, for incidents of one kind that were told."""

    kind: str
    many: int
    told: int
    mean: dt.timedelta | None
    longest: dt.timedelta | None


def delays(rows: "QuerySet[Incident]") -> list[Delay]:
    """By kind, most frequent first; one query."""
    took = ExpressionWrapper(F("told_at") - F("noticed_at"), output_field=DurationField())
    told = Q(told_at__isnull=False)
    found = (
        rows.order_by()
        .values("kind")
        .annotate(
            many=Count("pk"),
            told=Count("pk", filter=told),
            mean=Avg(took, filter=told),
            longest=Max(took, filter=told),
        )
        .order_by("-many", "kind")
    )
    return [Delay(row["kind"], row["many"], row["told"], row["mean"], row["longest"]) for row in found]


def limit() -> dt.timedelta:
    """So long after it was noticed somebody must have been told."""
    return dt.timedelta(minutes=int(parameters.value("incident_report_minutes").value))


def suggested_kinds() -> list[str]:
    """What agents wrote before, for the list of the form."""
    rows = Incident.objects.exclude(kind="").order_by().values("kind").annotate(many=Count("pk"))
    return [row["kind"] for row in rows.order_by("-many", "kind")[:12]]


def late(rows: "QuerySet[Incident]") -> "QuerySet[Incident]":
    took = ExpressionWrapper(F("told_at") - F("noticed_at"), output_field=DurationField())
    return rows.filter(told_at__isnull=False).annotate(took=took).filter(took__gt=limit())
