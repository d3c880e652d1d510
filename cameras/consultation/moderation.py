"""비공개 처리: an opinion that must not be read by everybody. Its text is kept, the author is told why."""

from collections.abc import Iterator

from accounts.models import Officer
from cameras.models import Opinion
from casework import acts, refusals
from casework.refusals import Refusal

KIND_HIDDEN = "cameras.opinion_hidden"
KIND_SHOWN = "cameras.opinion_shown"


def hide(opinion: Opinion, *, reason: str, notice: str, by: Officer) -> Opinion:
    """The public reads the reason in the text's place; the author reads reason and notice with the receipt number."""
    with acts.begin(KIND_HIDDEN, opinion, by=by) as act:
        act.refuse(_against_hiding(act.row, reason, notice))
        act.write(
            is_hidden=True,
            hidden_reason=" ".join(reason.split()),
            hidden_notice=notice,
            hidden_at=act.at,
            hidden_by=by,
        )
    return act.row


def _against_hiding(opinion: Opinion, reason: str, notice: str) -> Iterator[Refusal]:
    yield from refusals.unwritten(reason, "reason", "적어 주십시오.")
    yield from refusals.unwritten(notice, "notice", "적어 주십시오.")
    if opinion.is_hidden:
        yield Refusal("hidden", "이미 비공개 처리한 의견입니다.")


def show(opinion: Opinion, *, by: Officer) -> Opinion:
    """Take a mistaken hiding back."""
    with acts.begin(KIND_SHOWN, opinion, by=by) as act:
        if not act.row.is_hidden:
            act.refuse([Refusal("shown", "비공개 처리하지 않은 의견입니다.")])
        act.write(is_hidden=False, hidden_reason="", hidden_notice="", hidden_at=None, hidden_by=None)
    return act.row
