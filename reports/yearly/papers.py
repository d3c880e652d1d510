"""The acts of a yearly paper: a person reads what was prepared, adds words, finishes it; where it goes to is recorded.

Finished, it is frozen with the figures of that moment, and its digest is in the ledger. A mistake is put right by the next
version, with the reason. What the law wants published stands on the website from then on (`PUBLISHED`).
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Officer
from casework import acts, refusals
from casework.refusals import Refusal
from casework.resident_numbers import holds_resident_number
from reports.figures.context import district_name
from reports.models import YearlyKind, YearlyPaper
from reports.tabulation import Section, section_from_json
from reports.yearly import prepared

FINISHED, SENT = "reports.yearly_finished", "reports.yearly_sent"
LEDGER_KINDS = {FINISHED: "연간 문서 확정", SENT: "연간 문서 제출"}
# The yearly statistics of notices are to be made public (행정절차법 제46조의2).
PUBLISHED = frozenset({YearlyKind.NOTICES})
# The mayor reports the committee's work to the council (각종 위원회 조례 제19조).
TO_BE_SENT = frozenset({YearlyKind.COUNCIL})
FIRST_YEAR = 2023


def newest(year: int) -> dict[str, YearlyPaper]:
    """The last version of each kind that was finished for that year."""
    found: dict[str, YearlyPaper] = {}
    for paper in YearlyPaper.objects.filter(year=year).select_related("finished_by").order_by("-version"):
        found.setdefault(paper.kind, paper)
    return found


def published() -> "QuerySet[YearlyPaper]":
    return YearlyPaper.objects.filter(kind__in=PUBLISHED).order_by("-year", "kind", "-version")


def section_of(paper: YearlyPaper) -> Section:
    """The figures as they were frozen."""
    return section_from_json(paper.contents["section"])


def finish(kind: str, year: int, *, words: str, by: Officer, reason: str = "") -> YearlyPaper:
    """Freeze it with the figures of now; `Refused` says why not."""
    earlier = YearlyPaper.objects.filter(kind=kind, year=year).order_by("-version").first()
    row = YearlyPaper(kind=kind, year=year, version=earlier.version + 1 if earlier else 1, finished_by=by)
    with acts.begin(FINISHED, row, by=by) as act:
        act.refuse(_why_not(kind, year, words, reason, earlier))
        contents = {
            "section": asdict(prepared.section(kind, year, act.at)),
            "words": words.strip(),
            "reason": reason.strip(),
            "district": district_name(timezone.localdate(act.at)),
        }
        act.write(contents=contents, digest=_digest(contents), finished_at=act.at)
        act.payload |= {"kind": kind, "year": year, "version": row.version, "sha256": row.digest}
    return row


def _why_not(kind: str, year: int, words: str, reason: str, earlier: YearlyPaper | None) -> Iterator[Refusal]:
    article = ARTICLES[kind]
    if not FIRST_YEAR <= year < timezone.localdate().year:
        text = "끝난 해의 문서만 확정할 수 있습니다."
        yield Refusal("year", text, article, "그 해가 지난 뒤에 확정하십시오.")
    yield from refusals.unwritten(words, "words", "평가나 설명을 적으십시오.", article)
    if holds_resident_number(words):
        yield Refusal(
            "resident", "주민등록번호는 적지 않습니다.", article, "지우고 다시 저장하십시오.", field="words"
        )
    if earlier is not None:
        yield from refusals.unwritten(
            reason, "reason", "이미 확정한 문서입니다. 다시 내는 까닭을 적으십시오.", article
        )


def send(paper: YearlyPaper, *, on: dt.date, document: str, by: Officer) -> YearlyPaper:
    """It went to the council on that day, under that number."""
    with acts.begin(SENT, paper, by=by) as act:
        act.refuse(_why_not_send(act.row, on))
        act.write(sent_on=on, sent_document=document)
        act.payload |= {
            "kind": act.row.kind,
            "year": act.row.year,
            "on": on.isoformat(),
            "document": document.strip(),
        }
    return act.row


def _why_not_send(paper: YearlyPaper, on: dt.date) -> Iterator[Refusal]:
    article = ARTICLES[paper.kind]
    if paper.kind not in TO_BE_SENT:
        yield Refusal("kind", "제출하는 문서가 아닙니다.", article)
    if paper.sent_on is not None:
        yield Refusal("once", f"{paper.sent_on}에 제출한 것으로 이미 기록했습니다.", article)
    if not timezone.localdate(paper.finished_at) <= on <= timezone.localdate():
        yield Refusal("on", "확정한 날부터 오늘까지의 날짜를 적습니다.", article, field="on")


def _digest(contents: Mapping[str, object]) -> str:
    canonical = json.dumps(contents, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


ARTICLES: Mapping[str, str] = {
    YearlyKind.EVALUATION: f"{prepared.COMMITTEE_ORDINANCE} 제8조·제21조",
    YearlyKind.COUNCIL: f"{prepared.COMMITTEE_ORDINANCE} 제19조",
    YearlyKind.NOTICES: "행정절차법 제46조의2",
    YearlyKind.IMPACT: "조례 제6조",
}
