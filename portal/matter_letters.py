"""The letters of a matter on its page, and an act whose document number is the next one of the office's own letters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Department, Officer
from committee.models import Meeting, Term
from portal.access import may
from records.models import Provision, ViewingRequest
from reports.documents import provision_letter
from reports.letters import kinds, outgoing, provision, viewing
from reports.letters.kinds import KINDS
from reports.models import OutgoingDocument

NUMBER = "document_number"
NUMBER_HELP = (
    "비워 두면 공문의 다음 번호가 붙고 공문이 만들어집니다. 다른 시스템에서 보낸 공문이면 그 번호를 적습니다."
)
RECEIPT = "viewing_receipt"


@dataclass(frozen=True)
class Offer:
    """A letter that can be written about the matter."""

    label: str
    url: str


def under_next_number(
    form: BaseForm,
    act: Callable[[Any], Any],
    letter: Callable[[Any], tuple[str, Any]],
    *,
    by: Officer,
    department: Department | None = None,
    fields: tuple[str, str] = (NUMBER, "on"),
) -> Any:
    """The act, told under the next number where none was typed: the letter (its kind and row) has its words at once.

    Number, act and letter stand or fall together: an act that is refused takes no number.
    """
    field, day = fields
    if form.cleaned_data[field].strip():
        return act(form)
    on = form.cleaned_data.get(day) or timezone.localdate()
    number = outgoing.next_number(on, by=by, department=department)
    form.cleaned_data[field] = number.text
    try:
        made = act(form)
    except Exception:
        form.cleaned_data[field] = ""
        raise
    code, row = letter(made)
    kind = kinds.get(code)
    outgoing.issue(outgoing.draft(kind, kind.get(row.pk), {}, by=by), on=on, by=by, number=number)
    return made


def of_last_notice(request: ViewingRequest) -> tuple[str, Any]:
    """What the person was told just now."""
    notice = request.notices.order_by("pk").last()
    if notice is None:
        raise LookupError("an act of a letter wrote no notice")
    return viewing.kind_of(notice), notice


def of(request: HttpRequest, matter: Any) -> dict[str, Any]:
    """What the page shows: the letters, and what can be written."""
    letters = (
        OutgoingDocument.objects.filter(about=matter.ledger_subject)
        .defer("words", "pdf", "hwpx")
        .order_by("numbered_at", "pk")
    )
    shown = list(letters) if may(request.user, ["reports.view_outgoingdocument"]) else []
    return {"letters": shown, "offers": _offers(request, matter, {row.source for row in shown})}


def _offers(request: HttpRequest, matter: Any, written: set[str]) -> list[Offer]:
    if not may(request.user, ["reports.send_letter"]):
        return []
    if isinstance(matter, ViewingRequest):
        found = _of_viewing(matter, written)
    elif isinstance(matter, Provision):
        found = [(f"provision_{code}", matter.pk, "") for code in provision.TITLES if _is_there(matter, code)]
    elif isinstance(matter, Meeting):
        found = [("committee_notice", matter.pk, "")] if _has_words("committee_notice", matter.pk) else []
    elif isinstance(matter, Term):
        codes = ("committee_appointment", "committee_dismissal")
        found = [(code, matter.pk, "") for code in codes if _has_words(code, matter.pk)]
    else:
        found = []
    return [
        Offer(f"{KINDS[code].title}{more} 쓰기…", reverse("documents:write", args=[code, pk]))
        for code, pk, more in found
        if may(request.user, [KINDS[code].permission])
    ]


def _of_viewing(matter: ViewingRequest, written: set[str]) -> list[tuple[str, int, str]]:
    if matter.person_erased_at is not None:
        return []
    found = [] if f"records.viewingrequest:{matter.pk}" in written else [(RECEIPT, matter.pk, "")]
    # A notice with a number of another system has its letter there.
    for notice in matter.notices.all():
        if not notice.document_number and f"records.viewingnotice:{notice.pk}" not in written:
            found.append((viewing.kind_of(notice), notice.pk, f" ({notice.on:%Y-%m-%d})"))
    return found


def _has_words(code: str, pk: int) -> bool:
    """Whether such a letter can be written about that row."""
    try:
        KINDS[code].get(pk)
    except kinds.NoLetter:
        return False
    return True


def _is_there(matter: Provision, code: str) -> bool:
    try:
        provision_letter.KINDS[code](matter)
    except provision_letter.NoLetter:
        return False
    return True
