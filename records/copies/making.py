"""The worker's part: each file of a copy is read, marked, encoded and kept; killed in between, the next one goes on.

A file that cannot be copied says why, and the others go on; where none can, the copy has failed.
"""

import logging

from casework import acts
from footage.copies import keeping, rendering
from footage.copies.rendering import Rendered, Wanted
from footage.errors import UnusableInput, VaultUnusable
from records.access import cases
from records.copies.granting import refuse_case, told
from records.look_enums import LookCase
from records.models import CaseCopy, CopyPart
from records.redaction.releasing import releasable

logger = logging.getLogger(__name__)
ACTOR = "system:copies"
GONE = "원천 영상이 증거 보관함에 없거나 온전하지 않습니다."


class CannotMake(Exception):
    """Why nothing came of it, in words."""


def make(copy: CaseCopy) -> None:
    """All files of it. Raises CannotMake; what was made of it is kept and is not made twice."""
    with copy.running():
        parts = list(copy.parts.select_related("source__case", "camera", "redaction"))
        _refuse(copy)
        for done, part in enumerate(parts):
            if part.result_id is None:
                _make(copy, part, done, len(parts))
        if not any(part.result_id for part in parts):
            raise CannotMake(parts[0].problem)
        with acts.begin("records.copy_made", copy, actor=ACTOR) as act:
            act.payload |= told(copy) | {
                "files": len([part for part in parts if part.result_id]),
                "not_made": len([part for part in parts if not part.result_id]),
                "sha256": [part.sha256 for part in parts if part.result_id],
            }


def _refuse(copy: CaseCopy) -> None:
    case = cases.find(copy.case_kind, copy.case_key)
    found = refuse_case(case) if case is not None else []
    if case is None or found or copy.withdrawn_at is not None:
        raise CannotMake(found[0].sentence if found else "사본을 만들 사건이 없습니다.")


def _make(copy: CaseCopy, part: CopyPart, done: int, total: int) -> None:
    def beat(stage: str, frame: int, frames: int) -> None:
        within = min(frame * 100 // frames, 99) if frames else 0
        copy.beat(done * 100 + within, total * 100, f"{part.name} 만드는 중")

    try:
        made = rendering.render(wanted_of(copy, part), beat)
    except (UnusableInput, *keeping.UNREADABLE) as error:
        logger.warning("copy %s: %s cannot be made: %s", copy.number, part.name, error)
        part.problem = (str(error) if isinstance(error, UnusableInput) else GONE)[:500]
        part.save(update_fields=["problem"])
        return
    except VaultUnusable as error:
        raise CannotMake(f"보관함에 쓸 수 없습니다: {error}") from error
    _write(part, made)


def _write(part: CopyPart, made: Rendered) -> None:
    part.result, part.sha256, part.recipe = made.kept, made.kept.sha256, made.recipe
    part.frames, part.seconds, part.problem = made.frames, made.seconds, made.warning[:500]
    part.save(update_fields=["result", "sha256", "recipe", "frames", "seconds", "problem"])


def wanted_of(copy: CaseCopy, part: CopyPart) -> Wanted:
    """The same wish gives the same bytes."""
    if part.redaction is not None:
        _require_checked(copy, part)
    return Wanted(part.source, f"{copy.number}/{part.name}", part.from_at, part.until_at, copy.mark)


def _require_checked(copy: CaseCopy, part: CopyPart) -> None:
    case = cases.find(LookCase(copy.case_kind), copy.case_key)
    if case is None or not releasable(case).filter(pk=part.redaction_id or 0, result=part.source_id).exists():
        raise UnusableInput("가린 영상을 다시 만들었거나 확인을 거두었습니다. 사본을 새로 요청하십시오.")
