"""What of a matter may be copied: ranges that were granted, as originals, and as far as somebody covered them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.models import Officer
from cameras.models import Camera
from casework.refusals import Refusal
from footage.copies import keeping
from footage.models import Hold, VaultFile
from footage.vault.intake import case_of
from records.access import cases, gates
from records.access.cases import Case
from records.access.gates import Wish
from records.copy_enums import CopySource
from records.enums import RequestState
from records.look_enums import LookCase, LookStep
from records.models import CaseCopy, Redaction
from records.provision_enums import ReleaseForm
from records.redaction.releasing import releasable

RELEASING = "법 제4조제3호, 조례 제21조·제22조"
# What the door says of the matter, not of the person.
OF_MATTER = frozenset({"case", "released"})
# A hold, and which part of it.
Wanted = tuple[Hold, dt.datetime, dt.datetime]


@dataclass(frozen=True)
class Offer:
    """A range that may be chosen, with the files that would be copied."""

    key: str
    source: CopySource
    camera: Camera
    hold: Hold
    from_at: dt.datetime
    until_at: dt.datetime
    files: tuple[VaultFile, ...]
    redaction: Redaction | None = None


def offers(case: Case) -> list[Offer]:
    """Granted ranges: as originals, and as far as somebody covered them and another one checked that."""
    granted = [one for one in case.ranges() if not list(case.refuse_range(LookStep.PREPARE, one.hold))]
    return [*_masked(case, {one.hold.pk for one in granted}), *_originals(granted)]


def _masked(case: Case, holds: set[int]) -> Iterator[Offer]:
    for row in releasable(case).select_related("hold", "result__case"):
        if row.hold_id in holds and row.result is not None:
            yield Offer(
                f"{CopySource.MASKED}:{row.pk}",
                CopySource.MASKED,
                row.camera,
                row.hold,
                row.from_at,
                row.until_at,
                (row.result,),
                row,
            )


def _originals(granted: Iterable[cases.Range]) -> Iterator[Offer]:
    for one in granted:
        start, end = max(one.asked_from, one.from_at), min(one.asked_until, one.until_at)
        if start < end:
            files = keeping.originals(case_of(one.hold), one.camera, start, end)
            key = f"{CopySource.ORIGINAL}:{one.hold.pk}"
            yield Offer(key, CopySource.ORIGINAL, one.camera, one.hold, start, end, files)


def refuse_case(case: Case) -> list[Refusal]:
    """Why nothing of this matter may be copied as it stands."""
    found = list(case.refuse(LookStep.PREPARE))
    if case.kind == LookCase.VIEWING:
        if case.row.state == RequestState.MASKING:
            found.append(_refusal("열람을 허용하는 결정이 없습니다.", "결정한 뒤에 사본을 만듭니다."))
        found += case.refuse_unknown(LookStep.SHOW)
    elif case.row.form != ReleaseForm.COPY:
        form = ReleaseForm(case.row.form).label
        found.append(_refusal(f"‘{form}’ 형태로 승인한 건이어서 사본을 만들지 않습니다."))
    return found


def refuse_person(case: Case, wanted: Iterable[Wanted], *, by: Officer) -> list[Refusal]:
    """Who holds a copy can look at it: the door is asked of the person as for a look (`records.access`).

    Of the matter `refuse_case` says more.
    """
    held = {one.hold.pk: one for one in case.ranges()}
    ranges = tuple((held[hold.pk], start, end) for hold, start, end in wanted if hold.pk in held)
    if not ranges:
        return []
    wish = Wish(by, case, LookStep.PREPARE, "영상 사본", ranges)
    return [refusal for refusal in gates.refusals(wish) if refusal.code not in OF_MATTER]


def mark_of(case: Case, copy: CaseCopy) -> str:
    """Case, recipient's reference, copy, day: no name of a person."""
    provision = copy.provision
    who = f"{provision.recipient} {provision.letter_number}" if provision else "청구인"
    return f"{case.number} · {who[:100]} · {copy.number} · {copy.on}"


def told(copy: CaseCopy) -> dict[str, object]:
    """What every line of the ledger says of it."""
    return {"copy": copy.number, "case": copy.case_number}


def _refusal(text: str, remedy: str = "") -> Refusal:
    return Refusal("case", text, RELEASING, remedy)
