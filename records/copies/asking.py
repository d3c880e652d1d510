"""Asking for a copy: of covered clips, or of the original with a ground that says so and a second person's yes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts import queueing
from accounts.models import Officer
from casework import acts, numbers_of_year, second_person
from casework.refusals import Refusal, unwritten
from footage.models import VaultFile
from records import tasks
from records.access import cases
from records.access.cases import Case
from records.copies import findings
from records.copies.granting import RELEASING, Offer, mark_of, offers, refuse_case, refuse_person, told
from records.copy_enums import CopySource, UnmaskedGround
from records.look_enums import LookCase
from records.models import CaseCopy, CopyPart

MASKING = "표준 개인정보 보호지침 제46조"
PREFIX = "사본-"
MOST_PARTS = 200
# Which grounds there are for whom: a citizen has no purpose of office for others' faces.
GROUNDS = {
    LookCase.VIEWING: (UnmaskedGround.NOBODY_ELSE, UnmaskedGround.CONSENT),
    LookCase.PROVISION: tuple(UnmaskedGround),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer asks for. `ground` and `why` of an original alone."""

    source: str
    keys: Sequence[str]
    ground: str = ""
    why: str = ""


def ask(case: Case, wish: Wish, *, by: Officer) -> CaseCopy:
    """A copy is begun at once where everybody is covered; of an original when somebody else has decided."""
    copy = CaseCopy(source=wish.source, ground=wish.ground, requested_by=by)
    copy.request = case.row if case.kind == LookCase.VIEWING else None
    copy.provision = case.row if case.kind == LookCase.PROVISION else None
    with acts.begin("records.copy_asked", copy, by=by) as act:
        chosen = [each for each in offers(case) if each.key in wish.keys]
        wanted = [(offer.hold, offer.from_at, offer.until_at) for offer in chosen]
        act.refuse([*refuse_case(case), *_check(case, wish, chosen), *refuse_person(case, wanted, by=by)])
        copy.on = timezone.localdate(act.at)
        copy.number = numbers_of_year.next_number(CaseCopy, PREFIX, copy.on)
        salt = act.seal("why", wish.why.strip()) if wish.why.strip() else ""
        act.write(mark=mark_of(case, copy), why=wish.why, salt=salt)
        for number, (offer, file) in enumerate(_parts(chosen), 1):
            act.add(_part(copy, number, offer, file))
        act.payload |= told(copy) | {
            "copy_source": copy.source,
            "copy_ground": copy.ground,
            "original_sha256": [part.source_sha256 for part in copy.parts.all()],
        }
        findings.follow(act)
        if copy.source == CopySource.MASKED:
            queueing.start(tasks.make_copy, copy.pk)
    return copy


def _check(case: Case, wish: Wish, chosen: Sequence[Offer]) -> Iterator[Refusal]:
    if wish.source not in CopySource.values:
        yield Refusal("source", "무엇으로 만들지 고르십시오.", MASKING, field="source")
        return
    if not chosen or len(chosen) != len(set(wish.keys)):
        yield Refusal("ranges", "허용한 구간을 고르십시오.", RELEASING, field="keys")
    if any(offer.source != wish.source for offer in chosen):
        text = "가린 영상과 원본을 한 사본에 섞지 않습니다."
        yield Refusal("mixed", text, MASKING, "사본을 나누어 만드십시오.", field="keys")
    for offer in chosen:
        if not offer.files:
            yield Refusal(
                "unkept",
                "이 구간의 영상이 증거 보관함에 없습니다.",
                RELEASING,
                "아직 복사 중이면 끝난 뒤에 다시 하십시오.",
                numbers=(offer.camera.number,),
                field="keys",
            )
    if sum(len(offer.files) for offer in chosen) > MOST_PARTS:
        yield Refusal("many", f"사본 하나에 파일 {MOST_PARTS}개까지 넣습니다.", field="keys")
    if wish.source == CopySource.ORIGINAL:
        yield from _check_ground(case, wish)


def _check_ground(case: Case, wish: Wish) -> Iterator[Refusal]:
    """No original leaves without a ground that says so."""
    if wish.ground not in GROUNDS[LookCase(case.kind)]:
        text = "가리지 않은 원본을 내보낼 사유를 고르십시오."
        yield Refusal(
            "ground", text, MASKING, "해당하는 사유가 없으면 가린 영상으로 만드십시오.", field="ground"
        )
    yield from unwritten(wish.why, "why", "사유에 해당하는 까닭을 구체적으로 적으십시오.", MASKING)


def _parts(chosen: Sequence[Offer]) -> Iterator[tuple[Offer, VaultFile]]:
    for offer in chosen:
        for file in offer.files:
            yield offer, file


def _part(copy: CaseCopy, number: int, offer: Offer, file: VaultFile) -> CopyPart:
    start, end = max(offer.from_at, file.first_at), min(offer.until_at, file.until_at)
    safe = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in offer.camera.number)
    return CopyPart(
        copy=copy,
        camera=offer.camera,
        hold=offer.hold,
        from_at=start,
        until_at=end,
        source=file,
        redaction=offer.redaction,
        source_sha256=file.sha256,
        name=f"{number:03d}_{safe[:40]}_{timezone.localtime(start):%Y%m%d_%H%M%S}.mp4",
    )


def decide(copy: CaseCopy, *, is_allowed: bool, note: str, by: Officer) -> CaseCopy:
    """Another officer says whether the original may leave."""
    with acts.begin("records.copy_decided", copy, by=by) as act:
        act.refuse(against_decision(act.row, note, by))
        act.write(is_allowed=is_allowed, decided_at=act.at, decided_by=by, decision_note=note)
        act.payload |= told(act.row) | {"copy_ground": act.row.ground, "is_allowed": is_allowed}
        findings.follow(act)
        if is_allowed:
            queueing.start(tasks.make_copy, act.row.pk)
    return act.row


def against_decision(row: CaseCopy, note: str, by: Officer) -> Iterator[Refusal]:
    if row.source != CopySource.ORIGINAL or row.is_allowed is not None or row.withdrawn_at is not None:
        yield Refusal("decided", "결정을 기다리는 사본이 아닙니다.", MASKING)
    if why := second_person.problem(row.requested_by_id, by, "사본을 요청한", does="결정"):
        yield Refusal("second", why, MASKING)
    yield from unwritten(note, "note", "결정한 까닭을 적으십시오.", MASKING)
    case = cases.find(row.case_kind, row.case_key)
    if case is not None:
        yield from refuse_case(case)
