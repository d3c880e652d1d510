"""동의의 철회 (ordinance art. 20): whoever consented to be followed may end it, and it stops at once."""

import datetime as dt

from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, outside
from records.models import Provision, ProvisionMove
from records.provision import findings, recall, refusing
from records.provision_enums import PersonBasis, ProvisionEvent

ARTICLE = "조례 제20조"
WORDS = "특정인이 동의를 철회함"


def withdraw(provision: Provision, *, on: dt.date, document_number: str, by: Officer) -> Provision:
    """What is outside is recalled in the same act; what was not given yet is not given."""
    with acts.begin("records.provision_consent_withdrawn", provision, by=by) as act:
        if act.row.person_basis != PersonBasis.CONSENT or act.row.consent_withdrawn_on is not None:
            act.refuse([Refusal("consent", "철회할 동의가 없습니다.", ARTICLE)])
        act.refuse(outside(on, "on", "철회한 날", until=timezone.localdate(), article=ARTICLE))
        act.move(ProvisionMove, ProvisionEvent.WITHDRAW_CONSENT, on=on, document_number=document_number)
        act.write(consent_withdrawn_on=on)
        if act.row.hand_overs.outside().exists():
            recall.start(act, reason=WORDS)
        elif act.row.hand_overs.exists():
            act.move(ProvisionMove, ProvisionEvent.RECALL, reason=WORDS)
            recall.finish(act)
        else:
            refusing.close(act, ProvisionEvent.WITHDRAW, reason=WORDS, document_number=document_number)
        act.payload |= {"provision": act.row.number, "on": on.isoformat()}
        findings.follow(act)
    return act.row
