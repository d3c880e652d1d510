"""동의의 철회: whoever consented to be followed (ordinance art. 20), or to this use or provision (art. 21(1)1, PIPA 18(2)1),
may end it, and it stops at once: without the consent nothing is left that allows it.
"""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, outside
from records.models import Provision, ProvisionMove
from records.provision import findings, recall
from records.provision_enums import PersonBasis, ProvisionEvent

ARTICLE = "조례 제20조·제21조제1항제1호, 법 제18조제2항제1호"
WORDS = "동의를 철회함"
CONSENT = "CONSENT"


def rests_on_consent(provision: Provision) -> bool:
    """On that of the person who is followed, or of the one whose footage it is."""
    codes = {each.code for each in (provision.ground, provision.national_ground) if each}
    return provision.person_basis == PersonBasis.CONSENT or CONSENT in codes


def withdraw(provision: Provision, *, on: dt.date, document_number: str, by: Officer) -> Provision:
    """What is outside is recalled in the same act; what was not given yet is not given."""
    with acts.begin("records.provision_consent_withdrawn", provision, by=by) as act:
        if not rests_on_consent(act.row) or act.row.consent_withdrawn_on is not None:
            act.refuse([Refusal("consent", "철회할 동의가 없습니다.", ARTICLE)])
        act.refuse(outside(on, "on", "철회한 날", until=timezone.localdate(), article=ARTICLE))
        act.move(ProvisionMove, ProvisionEvent.WITHDRAW_CONSENT, on=on, document_number=document_number)
        act.write(consent_withdrawn_on=on)
        recall.take_back(act, ProvisionEvent.WITHDRAW, reason=WORDS, document_number=document_number)
        act.payload |= {"provision": act.row.number, "on": on.isoformat()}
        findings.follow(act)
    return act.row
