"""What a person does on the page of the request, once the two numbers opened it: writes, adds papers, changes the
contact, asks for another day, objects, withdraws.

The page has no session. Its address carries a signed pass of one hour, made of the receipt number and of what stands for
the code: a new code ends it. So going back, a reload and the other language find the page again, and each act leads back to
it. Nothing is done by reading an address, and every act is the domain's own. What was sent after the hour is kept
(`website.late_acts`) until both numbers were shown again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.copies import downloading
from records.enums import UNANSWERED, NoticeKind, RemedyAgainst, RemedyKind, RemedyOutcome
from records.models import CopyLeaving, ViewingAppointment, ViewingRequest
from records.viewing import leaving, objections, remedies, talking
from website import drafts, floods
from website.forms.public import StepForm
from website.forms.viewing_acts import (
    ContactForm,
    DownloadForm,
    MessageForm,
    ObjectionForm,
    WishForm,
    WithdrawForm,
)

FORM = "viewing_act"
# What the law gives is refused to nobody for having written before; the state of the request lets each come but once.
NEVER_COUNTED = ("object", "withdraw")
SALT = "website.viewing_acts"
HELD_FOR = timedelta(hours=1)
# Letters against which an objection may go.
OBJECTED_TO = (NoticeKind.DECISION, NoticeKind.POSTPONEMENT, NoticeKind.CLOSING, NoticeKind.TRANSFER)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may be done: its form, its act, and what is said when it is done."""

    code: str
    title: "str | Promise"
    button: "str | Promise"
    done: "str | Promise"
    form: type[StepForm]
    do: Callable[[ViewingRequest, dict[str, Any]], object]


def _write(found: ViewingRequest, given: dict[str, Any]) -> object:
    return talking.ask(found, given["text"], given["files"], kind=given["kind"])


def _change(found: ViewingRequest, given: dict[str, Any]) -> object:
    return talking.change_contact(found, given)


def _wish(found: ViewingRequest, given: dict[str, Any]) -> object:
    appointment = _appointment(found)
    if appointment is None:
        raise ValidationError(gettext("지금은 다른 일시를 요청할 수 없습니다."))
    return talking.wish(appointment, given["wished_at"])


def _object(found: ViewingRequest, given: dict[str, Any]) -> object:
    return objections.file(found, on=timezone.localdate(), words=given["words"])


def _withdraw(found: ViewingRequest, given: dict[str, Any]) -> object:
    leaving.withdraw(found, on=timezone.localdate())
    return found


ACTS = {
    act.code: act
    for act in (
        Act("message", _("글과 서류 보내기"), _("보내기"), _("보냈습니다. 담당자가 읽고 답합니다."), MessageForm, _write),
        Act("wish", _("다른 일시에 열람하기"), _("요청하기"), _("요청했습니다. 담당자가 확인하고 알려 드립니다."), WishForm, _wish),
        Act("contact", _("연락처 바꾸기"), _("바꾸기"), _("연락처를 바꾸었습니다."), ContactForm, _change),
        Act("object", _("이의신청"), _("이의신청하기"), _("이의신청을 접수했습니다. 답할 때까지 유예를 풀지 않습니다. 영상마다 무엇을 보관하는지는 ‘청구한 영상’에 적었습니다."), ObjectionForm, _object),
        Act("withdraw", _("청구 취하"), _("취하하기"), _("청구를 취하했습니다."), WithdrawForm, _withdraw),
    )
}  # fmt: skip


def _appointment(found: ViewingRequest) -> ViewingAppointment | None:
    """What may still be moved: there is something to show, and nobody has seen it."""
    if found.state not in talking.MAY_WISH or found.holds_released_at is not None:
        return None
    return found.appointments.filter(result__in=("", "not_come")).order_by("pk").last()


def _has_objected(found: ViewingRequest) -> bool:
    """Against what stands today, pending or answered: after the answer the ways are those that its letter names."""
    last = found.remedies.filter(kind=RemedyKind.OBJECTION).exclude(outcome=RemedyOutcome.WITHDRAWN).last()
    if last is None or last.is_open or last.answer is None:
        return last is not None and last.is_open
    if (
        last.against != RemedyAgainst.SILENCE
        and remedies.subject_of(found, timezone.localdate()) == RemedyAgainst.SILENCE
    ):
        # The answer was of what had been told; that its day went by since is another matter.
        return False
    return not found.notices.filter(pk__gt=last.answer.pk, kind__in=OBJECTED_TO).exists()


def open_to(found: ViewingRequest) -> list[Act]:
    """What may be done as the request stands today."""
    if found.person_erased_at is not None:
        return []
    codes = ["message", "contact"]
    if _appointment(found):
        codes.append("wish")
    if not _has_objected(found) and remedies.subject_of(found, timezone.localdate()) is not None:
        codes.append("object")
    if found.state in UNANSWERED:
        codes.append("withdraw")
    return [act for code, act in ACTS.items() if code in codes]


def pass_of(found: ViewingRequest) -> str:
    return signing.dumps([found.receipt_number, found.claim_digest[:16]], salt=SALT)


def admitted(token: str, within: timedelta | None = HELD_FOR) -> ViewingRequest | None:
    try:
        number, digest = signing.loads(token, salt=SALT, max_age=within)
    except (signing.BadSignature, ValueError):
        return None
    found = ViewingRequest.objects.filter(receipt_number=number).first()
    if found is None or not constant_time_compare(found.claim_digest[:16], str(digest)):
        return None
    return found


def whose_hour_is_over(token: str) -> ViewingRequest | None:
    """Whose pass was right and is too old: what was written is kept, and nothing is shown."""
    return admitted(token, within=None)


def carried_out(
    request: HttpRequest, chosen: Act, found: ViewingRequest, form: StepForm, submission: str
) -> bool:
    """Whether it is done, now or by the same form before; where not, the form says why."""
    number, counted = found.receipt_number, f"{FORM}.{chosen.code}"
    if chosen.code not in NEVER_COUNTED and (message := floods.refusal(request, counted, matter=number)):
        form.add_error(None, message)
        return False
    try:
        with transaction.atomic():
            # Other words on the same page, gone back to, are another act.
            sent = repr([submission, sorted(form.data.lists())])
            if submission and not drafts.is_first(FORM, f"{number}:{chosen.code}", sent):
                return True
            chosen.do(found, form.cleaned_data)
            if chosen.code not in NEVER_COUNTED:
                floods.mark(request, counted, matter=number)
    except ValidationError as error:
        for name, messages in getattr(error, "message_dict", {"": error.messages}).items():
            for each in messages:
                form.add_error(name if name in form.fields else None, each)
        return False
    return True


def shown_forms(found: ViewingRequest, wrong: dict[str, StepForm]) -> list[tuple[Act, StepForm, bool]]:
    """Each act with its form; the one that was sent and refused stands open with what was typed."""
    return [
        (each, wrong.get(each.code) or each.form(prefix=each.code), each.code in wrong)
        for each in open_to(found)
    ]


def shown_downloads(
    found: ViewingRequest, wrong: dict[str, StepForm]
) -> list[tuple[CopyLeaving, StepForm, bool]]:
    """Each copy that may be downloaded now, with the form for its second number."""
    return [
        (left, wrong.get(left.copy.number) or DownloadForm(), left.copy.number in wrong)
        for left in downloading.offered(found)
    ]
