"""비공개 처리: an opinion that must not be read by everybody. Its text is kept, the author is told why."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from cameras.models import Opinion
from ledger import append

KIND_HIDDEN = "cameras.opinion_hidden"
KIND_SHOWN = "cameras.opinion_shown"


@transaction.atomic
def hide(opinion: Opinion, *, reason: str, notice: str, by: Officer) -> Opinion:
    """The public reads the reason in the text's place; the author reads reason and notice with the receipt number."""
    told = {"reason": " ".join(reason.split()), "notice": notice.strip()}
    if missing := [name for name, text in told.items() if not text]:
        raise ValidationError(dict.fromkeys(missing, "적어 주십시오."))
    locked = Opinion.objects.select_for_update().get(pk=opinion.pk)
    if locked.is_hidden:
        raise ValidationError("이미 비공개 처리한 의견입니다.")
    locked.is_hidden = True
    locked.hidden_reason, locked.hidden_notice = told["reason"], told["notice"]
    locked.hidden_at, locked.hidden_by = timezone.now(), by
    _keep(locked, KIND_HIDDEN, by)
    return locked


@transaction.atomic
def show(opinion: Opinion, *, by: Officer) -> Opinion:
    """Take a mistaken hiding back."""
    locked = Opinion.objects.select_for_update().get(pk=opinion.pk)
    if not locked.is_hidden:
        raise ValidationError("비공개 처리하지 않은 의견입니다.")
    locked.is_hidden = False
    locked.hidden_reason = locked.hidden_notice = ""
    locked.hidden_at = locked.hidden_by = None
    _keep(locked, KIND_SHOWN, by)
    return locked


def _keep(opinion: Opinion, kind: str, by: Officer) -> None:
    opinion.save(update_fields=["is_hidden", "hidden_reason", "hidden_notice", "hidden_at", "hidden_by"])
    append.record(kind, actor=f"officer:{by.pk}", subject=f"opinion:{opinion.receipt_number}", payload={})
