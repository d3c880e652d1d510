"""영상 확인: what there is of each camera and range, reckoned from the records and confirmed by an officer.

Nothing is confirmed against a record: not "destroyed" without a line of a manifest, not "not recorded" where the last scan
saw a recording or where nobody looked at the recorder. What is not there is told with its proof whatever is decided about
the rest, and is no refusal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal
from records.enums import NOT_THERE, RequestEvent, RequestState, SearchOutcome
from records.models import RequestedCamera, SearchResult, ViewingMove, ViewingRequest
from records.viewing import freezing, proof, standing
from records.viewing.proof import Record

ARTICLE = "조례 제22조제2항제2호, 표준 개인정보 보호지침 제44조"
MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """What an officer says of one camera and range."""

    outcome: str
    note: str = ""
    # Somebody was at the recorder and kept what is there: the note says what was done.
    at_recorder: bool = False


def suggested(record: Record) -> str:
    """What the records show; empty where somebody has to look."""
    if record.is_there:
        return SearchOutcome.PARTLY if record.destroyed else SearchOutcome.FOUND
    if record.is_unknown:
        return ""
    return SearchOutcome.DESTROYED if record.destroyed else SearchOutcome.NOT_RECORDED


@transaction.atomic
def confirm(request: ViewingRequest, findings: Mapping[int, Finding], *, by: Officer) -> list[SearchResult]:
    """All of them or none; by the key of the row. Rows that are not among them stay as they were.

    What was done at the recorder is the same fact wherever it is written down (`freezing.secure`).
    """
    for line in request.cameras.standing().filter(pk__in=list(findings)):
        finding = findings[line.pk]
        if finding.at_recorder and finding.note.strip() and line.secured_at is None:
            freezing.secure(line, finding.note, by=by)
    with acts.begin("records.viewing_searched", request, by=by) as act:
        lines = {line.pk: line for line in act.row.cameras.standing().select_related("camera")}
        found = [(lines[pk], finding) for pk, finding in findings.items() if pk in lines]
        records = {line.pk: proof.record_of(line) for line, _finding in found}
        refusals = [
            refusal for line, finding in found for refusal in _refuse(line, finding, records[line.pk])
        ]
        if not found or len(found) != len(findings):
            refusals.append(Refusal("lines", "확인한 카메라가 없습니다.", ARTICLE))
        act.refuse(refusals)
        act.payload |= {
            "request": act.row.receipt_number,
            "results": [[line.camera.number, finding.outcome] for line, finding in found],
            "destruction_entries": sorted({entry for record in records.values() for entry in record.entries}),
        }
        made = [
            SearchResult.objects.create(
                line=line,
                outcome=finding.outcome,
                record=records[line.pk].words,
                destroyed_files=records[line.pk].destroyed,
                ledger_entries=list(records[line.pk].entries),
                note=finding.note.strip()[:MAX_NOTE],
                found_at=act.at,
                found_by=by,
            )
            for line, finding in found
        ]
        is_next = act.row.state == RequestState.IDENTIFIED
        act.move(ViewingMove, RequestEvent.SEARCH, to=standing.of(act.row) if is_next else "")
        return made


def _refuse(line: RequestedCamera, finding: Finding, record: Record) -> list[Refusal]:
    def refusal(code: str, text: str, remedy: str = "") -> Refusal:
        return Refusal(code, f"{record.number}: {text}", ARTICLE, remedy, field=f"{line.pk}-{code}")

    if finding.outcome not in SearchOutcome.values:
        return [refusal("outcome", "확인 결과를 고르십시오.")]
    outcome, found = SearchOutcome(finding.outcome), []
    if outcome == SearchOutcome.DESTROYED and not record.destroyed:
        found.append(
            refusal(
                "outcome",
                "이 시스템에는 파기한 기록이 없습니다.",
                "녹화기에서 지워졌으면 ‘녹화되지 않음’을 고르고 까닭을 적으십시오.",
            )
        )
    if outcome in NOT_THERE and record.is_there:
        found.append(refusal("outcome", record.words, "영상을 찾아 보십시오."))
    elif outcome in NOT_THERE and record.is_unknown:
        found.append(
            refusal(
                "outcome",
                record.words,
                "녹화기를 확인하여 ‘녹화기에서 확인·확보함’에 표시하고 한 일을 적으십시오.",
            )
        )
    if outcome not in NOT_THERE and line.is_unseen and not freezing.is_in_the_vault(line):
        found.append(
            refusal(
                "recorder",
                "이 시스템의 저장소에서 확인하지 못한 구간입니다.",
                "녹화기에서 확인하여 따로 저장하고 ‘녹화기에서 확인·확보함’에 표시한 뒤 한 일을 적으십시오.",
            )
        )
    if outcome != suggested(record) and not finding.note.strip():
        found.append(refusal("note", "기록과 다르게 확인한 까닭을 적으십시오."))
    return found


def latest(request: ViewingRequest) -> dict[int, SearchResult]:
    """The result that counts, by the key of its row."""
    rows = SearchResult.objects.filter(line__request=request, line__dropped_at__isnull=True)
    return {
        each.line_id: each
        for each in rows.select_related("line__camera", "found_by").order_by("found_at", "pk")
    }


def not_there(request: ViewingRequest) -> list[SearchResult]:
    return [each for each in latest(request).values() if not each.is_there]


def proof_of(results: Sequence[SearchResult]) -> str:
    """A line for each of them, as the person is told: of cameras of which nothing may be told only that there is none."""
    lines = (_proof(each) for each in results if not each.line.is_hidden)
    return "\n".join(dict.fromkeys(lines))


def _proof(result: SearchResult) -> str:
    line = result.line
    record = "" if line.camera.is_sign_exempt else f" {result.record}"
    return f"{line.told_number}: 영상 없음({result.get_outcome_display()}).{record}"
