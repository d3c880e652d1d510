"""독촉: seven days before, on the day, seven days after, and every week from then on, until it is done."""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, outside, unwritten
from records.models import Provision, ProvisionChaser, ProvisionMove
from records.provision_enums import ChaserAbout, ProvisionEvent

ARTICLE = "조례 제24조제3항"
WEEK = dt.timedelta(days=7)


def milestone(due_on: dt.date, today: dt.date) -> dt.date | None:
    """The last day on which the recipient was to be reminded; None while it is too early."""
    first = due_on - WEEK
    if today < first:
        return None
    return first + WEEK * ((today - first) // WEEK)


def is_due(due_on: dt.date, chased_on: dt.date | None, today: dt.date) -> bool:
    """A day for a reminder has come, and none was sent since."""
    since = milestone(due_on, today)
    return since is not None and (chased_on is None or chased_on < since)


def chase(
    provision: Provision, about: str, *, on: dt.date, document_number: str, by: Officer
) -> ProvisionChaser:
    """The letter that was sent."""
    with acts.begin("records.provision_chased", provision, by=by) as act:
        act.refuse(
            [
                *unwritten(document_number, "document_number", "독촉한 문서의 번호를 적으십시오.", ARTICLE),
                *outside(on, "on", "보낸 날", until=timezone.localdate(), article=ARTICLE),
                *_refuse_needless(act.row, about),
            ]
        )
        act.move(ProvisionMove, ProvisionEvent.CHASE, on=on, document_number=document_number)
        row = act.add(
            ProvisionChaser(
                provision=act.row, about=about, on=on, document_number=document_number.strip(), by=by
            )
        )
        act.payload |= {
            "provision": act.row.number,
            "chaser_about": about,
            "on": on.isoformat(),
            "document": row.document_number,
        }
    return row


def _refuse_needless(provision: Provision, about: str) -> list[Refusal]:
    if about == ChaserAbout.RESTRICTION:
        waits = _waits_for_answer(provision)
    else:
        waits = provision.hand_overs.outside().exists()
    return [] if waits else [Refusal("needless", "독촉할 것이 없습니다.", ARTICLE, field="about")]


def _waits_for_answer(provision: Provision) -> bool:
    return provision.restrictions.current().filter(answered_on__isnull=True).exists()


def last_on(provision: Provision, about: str) -> dt.date | None:
    return provision.chasers.filter(about=about).order_by("on").values_list("on", flat=True).last()
