"""The acts of a self-inspection: begin, finish each item, sign off, then say when it was reported and published."""

import datetime
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal
from ordinance import assessment
from ordinance.parameters import active_profile
from ordinance.rules import Subject
from records.models import ItemResult, SelfInspection, SelfInspectionItem
from records.self_inspection import calendar, items
from records.self_inspection.items import CITATION

BEGUN = "records.self_inspection_begun"
ITEM_FINISHED = "records.self_inspection_item_finished"
SIGNED_OFF = "records.self_inspection_signed_off"
REPORTED = "records.self_inspection_reported"
PUBLISHED = "records.self_inspection_published"
KINDS = {
    BEGUN: "자체점검 시작",
    ITEM_FINISHED: "자체점검 항목 점검",
    SIGNED_OFF: "자체점검 확정",
    REPORTED: "자체점검 결과 제출",
    PUBLISHED: "자체점검 결과 공개",
}
RULE = "self_inspection"
FIRST_YEAR = 2011  # PIPA took effect


def begin(year: int, *, by: Officer, reason: str = "") -> SelfInspection:
    """A year's first version, or the next one, with the reason why it is inspected again. `Refused` says why not."""
    earlier = list(SelfInspection.objects.filter(year=year).order_by("version"))
    row = SelfInspection(year=year, version=len(earlier) + 1, reason=reason.strip(), begun_by=by)
    with acts.begin(BEGUN, row, by=by) as act:
        act.refuse(_why_not_begin(year, earlier, row.reason))
        act.write(begun_at=act.at)
        for position, item in enumerate(items.ITEMS, start=1):
            act.add(SelfInspectionItem(inspection=row, position=position, code=item.code))
    return row


def _why_not_begin(year: int, earlier: list[SelfInspection], reason: str) -> Iterable[Refusal]:
    if not FIRST_YEAR <= year < timezone.localdate().year:
        yield Refusal(
            "year",
            "지난해까지만 점검할 수 있습니다.",
            CITATION,
            "그 해가 지난 뒤에 시작하십시오.",
            field="year",
        )
    if any(not one.is_signed_off for one in earlier):
        yield Refusal(
            "draft", "같은 해의 점검이 진행 중입니다.", CITATION, "그것을 먼저 확정하십시오.", field="year"
        )
    elif earlier and not reason:
        yield Refusal(
            "reason",
            f"{year}년은 이미 점검했습니다.",
            CITATION,
            "다시 점검하는 이유를 적으십시오.",
            field="reason",
        )


def finish_item(
    inspection: SelfInspection, code: str, *, result: str, words: str, by: Officer
) -> SelfInspectionItem:
    """What a person found, beside what the system knew at that moment. May be done anew until it is signed off."""
    with acts.begin(ITEM_FINISHED, inspection, by=by) as act:
        act.refuse([*_if_signed_off(act.row), *_why_not_finish(result, words)])
        item = act.row.items.get(code=code)
        item.result, item.words = result, words.strip()
        item.facts = items.facts(items.of_code(code), act.row.year)
        item.finished_at, item.finished_by = act.at, by
        act.add(item)
        act.payload |= {"item": code, "result": result}
    return item


def _if_signed_off(inspection: SelfInspection) -> Iterable[Refusal]:
    if inspection.is_signed_off:
        yield Refusal(
            "signed_off",
            "확정한 점검은 고칠 수 없습니다.",
            CITATION,
            "바로잡으려면 새 판으로 다시 점검하십시오.",
        )


def _why_not_finish(result: str, words: str) -> Iterable[Refusal]:
    if result not in ItemResult.values:
        yield Refusal("result", "결과를 고르십시오.", CITATION, field="result")
    elif result != ItemResult.IN_ORDER and not words.strip():
        yield Refusal(
            "words",
            f"‘{ItemResult(result).label}’이면 그 내용과 조치를 적습니다.",
            CITATION,
            "무엇이 어떠하고 어떻게 하는지 적으십시오.",
            field="words",
        )


def sign_off(inspection: SelfInspection, *, opinion: str, by: Officer) -> SelfInspection:
    """Freeze it. `Refused` names the items that nobody has finished."""
    with acts.begin(SIGNED_OFF, inspection, by=by) as act:
        act.refuse([*_if_signed_off(act.row), *_unfinished(act.row)])
        row = act.row
        row.opinion = opinion.strip()
        frozen = contents(row)
        act.write(
            opinion=opinion,
            signed_off_at=act.at,
            signed_off_by=by,
            contents=frozen,
            digest=_digest(frozen),
        )
        faults = sum(item["result"] == ItemResult.NOT_IN_ORDER for item in row.contents["items"])
        act.payload |= {"sha256": row.digest, "not_in_order": faults}
        act.afterwards(_judge_again)
    return row


def _unfinished(inspection: SelfInspection) -> Iterable[Refusal]:
    waiting = [items.of_code(item.code).title for item in inspection.items.all() if not item.result]
    if waiting:
        text = f"아직 점검하지 않은 항목이 있습니다: {', '.join(waiting)}."
        yield Refusal("unfinished", text, CITATION, "항목마다 점검하십시오.")


def contents(inspection: SelfInspection) -> dict[str, Any]:
    """What is printed: frozen once signed off, until then as it stands. Posts, no names, of those who inspected."""
    if inspection.contents:
        frozen: dict[str, Any] = inspection.contents
        return frozen
    rows = inspection.items.select_related("finished_by__department")
    return {
        "year": inspection.year,
        "version": inspection.version,
        "reason": inspection.reason,
        "opinion": inspection.opinion,
        "items": [_item(row, inspection.year) for row in rows],
    }


def _item(row: SelfInspectionItem, year: int) -> dict[str, Any]:
    item = items.of_code(row.code)
    return {
        "code": row.code,
        "title": item.title,
        "facts": row.facts if row.result else items.facts(item, year),
        "result": row.result,
        "result_label": row.get_result_display(),
        "words": row.words,
        "finished_on": timezone.localdate(row.finished_at).isoformat() if row.finished_at else "",
        "finished_by": _post(row.finished_by) if row.finished_by else "",
    }


def _post(officer: Officer) -> str:
    department = officer.department.name if officer.department else ""
    return f"{department} {officer.position}".strip()


def _digest(frozen: dict[str, Any]) -> str:
    canonical = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def report(inspection: SelfInspection, *, on: datetime.date, document: str, by: Officer) -> SelfInspection:
    """The result went to the PIPC on that day (or was entered in its system)."""
    with acts.begin(REPORTED, inspection, by=by) as act:
        act.refuse([*_too_early(act.row.signed_off_at, on), *_once(act.row.reported_on, "제출")])
        act.write(reported_on=on, report_document=document)
        _say_when(act, on, document)
        act.afterwards(_judge_again)
    return act.row


def publish(inspection: SelfInspection, *, on: datetime.date, place: str, by: Officer) -> SelfInspection:
    """The result stands on the website since that day, at that address."""
    with acts.begin(PUBLISHED, inspection, by=by) as act:
        act.refuse([*_too_early(act.row.signed_off_at, on), *_once(act.row.published_on, "공개")])
        if act.row.reported_on is None:
            text = "제출한 뒤에 공개합니다."
            act.refuse([Refusal("unreported", text, CITATION, "제출부터 기록하십시오.")])
        act.write(published_on=on, published_place=place)
        _say_when(act, on, place)
        act.afterwards(_judge_again)
    return act.row


def _say_when(act: Act[SelfInspection], on: datetime.date, where: str) -> None:
    act.payload |= {"on": on.isoformat(), "document": where.strip()}


def _too_early(signed_off_at: datetime.datetime | None, on: datetime.date) -> Iterable[Refusal]:
    if signed_off_at is None:
        yield Refusal("unsigned", "아직 확정하지 않은 점검입니다.", CITATION, "먼저 확정하십시오.")
    elif not timezone.localdate(signed_off_at) <= on <= timezone.localdate():
        yield Refusal("on", "확정한 날부터 오늘까지의 날짜를 적습니다.", CITATION, field="on")


def _once(done_on: datetime.date | None, what: str) -> Iterable[Refusal]:
    if done_on is not None:
        yield Refusal("once", f"{done_on}에 {what}한 것으로 이미 기록했습니다.", CITATION)


def _judge_again() -> None:
    assessment.follow([active_profile()], kind=Subject.DISTRICT, codes=[RULE])


def fault(on: datetime.date) -> str:
    """What is wrong on a day with the last report that was owed before it; empty: nothing, or none was owed."""
    year = calendar.last_owed(on)
    if year is None:
        return ""
    signed = SelfInspection.objects.filter(year=year, signed_off_at__date__lte=on)
    reported = signed.filter(reported_on__lte=on)
    if first := reported.order_by("reported_on").first():
        is_published = signed.filter(published_on__lte=on).exists()
        return "" if is_published or on <= calendar.publish_by(first) else "unpublished"
    if signed.exists():
        return "unreported"
    return "unsigned" if SelfInspection.objects.filter(year=year, begun_at__date__lte=on).exists() else "none"
