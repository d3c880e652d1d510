"""What a worker does for a redaction, on the machine whose storage the footage came from.

Each work ends with one change of the row: killed before, it is begun again, and what it left in the vault goes with the case.
"""

import logging
from functools import partial
from typing import Any

from accounts.longrun import AlreadyRunning, Cancelled, RunState
from casework import acts
from casework.refusals import Refused
from footage.errors import UnusableInput
from footage.locks import REDACTION_CLASS, one_at_a_time
from footage.redaction import choices, vaulted
from footage.redaction.vaulted import STAGES, Covered, Source
from footage.vault.intake import case_of
from records.access import cases
from records.models import Redaction, RedactionMove, RedactionRun
from records.redaction import recipes
from records.redaction_enums import RedactionEvent, RedactionState, RedactionWork

logger = logging.getLogger(__name__)
MADE, BROKEN = "records.redaction_made", "records.redaction_broken"
ACTOR = "system:redaction"
LONGEST_REASON = 500


def work(run_id: int) -> RedactionRun | None:
    """One run; nothing where another worker has it or it was cancelled. Returns the one that waits for its turn by then.

    One at a time in the whole office: a machine's other hand is left for sweeps and copies.
    """
    with one_at_a_time("redactions", REDACTION_CLASS, 0) as is_ours:
        if not is_ours:
            return None
        _work(RedactionRun.objects.get(pk=run_id))
    return RedactionRun.objects.filter(state=RunState.WAITING).first()


def _work(run: RedactionRun) -> None:
    try:
        with run.running():
            _WORK[RedactionWork(run.work)](run, _row(run))
    except (AlreadyRunning, Cancelled):
        return
    except (UnusableInput, Refused) as error:
        logger.warning("redaction %s: %s came to nothing: %s", run.redaction_id, run.work, error)
    finally:
        end_broken(run)


def end_broken(run: RedactionRun) -> None:
    """A copy that was not made leads back to where it is decided what is covered."""
    run.refresh_from_db()
    if run.work != RedactionWork.COVER or run.state not in (RunState.FAILED, RunState.CANCELLED):
        return
    row = run.redaction
    if Redaction.objects.filter(pk=row.pk, state=RedactionState.MAKING).exists():
        with acts.begin(BROKEN, row, subject=subject_of(row), actor=ACTOR) as act:
            reason = run.error or run.get_state_display()
            act.move(RedactionMove, RedactionEvent.BROKEN, reason=reason[:LONGEST_REASON])
            act.payload |= act.row.as_told() | {"run": run.pk}


def subject_of(redaction: Redaction) -> str:
    """The matter, as the ledger names it."""
    case = cases.find(redaction.case_kind, redaction.case_key)
    return case.ledger_subject if case else f"{redaction.case_kind}:{redaction.case_number}"


def source_of(redaction: Redaction) -> Source:
    return vaulted.source(case_of(redaction.hold), redaction.camera_id, redaction.from_at, redaction.until_at)


def _row(run: RedactionRun) -> Redaction:
    return Redaction.objects.select_related("hold", "camera", "tracks__case").get(pk=run.redaction_id)


def _source(row: Redaction) -> Source:
    given = source_of(row)
    if not given.files:
        raise UnusableInput("보관함에 이 구간의 영상이 없습니다.")
    return given


def _progress(run: RedactionRun, stage: str, frame: int, frames: int) -> None:
    run.beat(frame, frames or None, STAGES[stage])


def _find(run: RedactionRun, row: Redaction) -> None:
    given = _source(row)
    file = vaulted.find(given, f"가림 처리 {row.pk}: 자취 {run.pk}", partial(_progress, run))
    Redaction.objects.filter(pk=row.pk).update(tracks=file, source_sha256=given.sha256)


def _follow(run: RedactionRun, row: Redaction) -> None:
    regions = unfollowed(row)
    if row.tracks is None or not regions:
        return
    name = f"가림 처리 {row.pk}: 자취 {run.pk}"
    file = vaulted.follow(_source(row), row.tracks, regions, name, partial(_progress, run))
    Redaction.objects.filter(pk=row.pk, tracks=row.tracks).update(tracks=file)


def unfollowed(row: Redaction) -> list[dict[str, Any]]:
    """Regions of the recipe that are to be followed and were not yet."""
    followed = recipes.found(row)["followed"]
    return [
        region
        for region in recipes.current(row)["regions"]
        if region["kind"] == "followed" and region["code"] not in followed
    ]


def _cover(run: RedactionRun, row: Redaction) -> None:
    found, choice = recipes.found(row), recipes.current(row)
    name = f"가림 처리 {row.pk}: 가린 사본 {run.pk}.mp4"
    made = vaulted.cover(_source(row), found, choice, name, partial(_progress, run))
    _made(row, made, len(choices.doubts(found, choice)))


def _made(row: Redaction, made: Covered, doubts: int) -> None:
    made_with = {
        "recipe": row.recipe,
        "regions_sha256": made.recipe,
        "tools": made.tools,
        "models": made.models,
    }
    with acts.begin(MADE, row, subject=subject_of(row), actor=ACTOR) as act:
        act.move(RedactionMove, RedactionEvent.MADE)
        act.write(
            result=made.file,
            result_sha256=made.file.sha256,
            made_with=made_with,
            made_at=act.at,
            doubts=doubts,
        )
        act.payload |= act.row.as_told() | {
            "source_sha256": act.row.source_sha256,
            "result_sha256": act.row.result_sha256,
            "regions_sha256": made.recipe,
            "doubts": doubts,
        }


_WORK = {RedactionWork.FIND: _find, RedactionWork.FOLLOW: _follow, RedactionWork.COVER: _cover}
