"""Whether a copy may still be given to anybody, as its matter, its holds and its files stand at this moment."""

from accounts.models import Officer
from casework.refusals import Refusal
from records.access import cases
from records.copies.granting import RELEASING, refuse_person
from records.copy_enums import CopyStage
from records.look_enums import LookCase, LookStep
from records.models import CaseCopy

NOT_MADE = (CopyStage.DECIDING, CopyStage.DENIED, CopyStage.MAKING, CopyStage.FAILED)


def refuse(copy: CaseCopy) -> list[Refusal]:
    """Why nothing of it is given; empty where it may be."""
    stage = copy.stage
    if stage == CopyStage.WITHDRAWN:
        return [_refusal("withdrawn", "거두어들인 사본입니다.")]
    if stage in NOT_MADE:
        return [_refusal("stage", f"‘{stage.label}’ 상태의 사본입니다.")]
    case = cases.find(copy.case_kind, copy.case_key)
    if case is None:
        return [_refusal("case", "사건을 찾을 수 없습니다.")]
    step = LookStep.SHOW if copy.case_kind == LookCase.VIEWING else LookStep.PREPARE
    found = [*case.refuse(step), *case.refuse_unknown(LookStep.SHOW)]
    parts = list(copy.parts.select_related("hold", "result__case"))
    for part in parts:
        found += case.refuse_range(step, part.hold)
    if any(part.hold.released_at is not None for part in parts):
        found.append(_refusal("released", "사건이 끝나 영상의 유예를 풀었습니다."))
    elif any(part.result is not None and not _is_kept(part.result) for part in parts):
        found.append(_refusal("gone", "여기에 두었던 사본을 파기했습니다."))
    return list({refusal.sentence: refusal for refusal in found}.values())


def _is_kept(file: object) -> bool:
    return file.removed_at is None and file.case.destroyed_at is None  # type: ignore[attr-defined]


def refuse_unsealed(copy: CaseCopy) -> list[Refusal]:
    """… and why its package is not given."""
    if found := refuse(copy):
        return found
    return [] if copy.package_id else [_refusal("unsealed", "아직 봉하지 않은 사본입니다.")]


def refuse_holder(copy: CaseCopy, *, by: Officer) -> list[Refusal]:
    """Why this officer may not have it in hand: its password, or its package."""
    case = cases.find(copy.case_kind, copy.case_key)
    wanted = [(part.hold, part.from_at, part.until_at) for part in copy.parts.select_related("hold")]
    return refuse_person(case, wanted, by=by) if case is not None else []


def _refusal(code: str, text: str) -> Refusal:
    return Refusal(code, text, RELEASING)
