"""회수: what went out comes back or is destroyed, a live picture is cut off, and only that closes it.

Ordered where the mayor does not approve afterwards (ordinance 21(3)), where a consent is withdrawn
(art. 20, 21(1)1), or where the recipient does not keep to what he was asked (PIPA 18(5), 19). What never left cannot be recalled.
"""

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal, unwritten
from records.models import Provision, ProvisionMove
from records.provision import clocks, findings, refusing
from records.provision_enums import ProvisionEvent

ARTICLE = "조례 제21조제3항, 법 제18조제5항·제19조"


def order(provision: Provision, *, reason: str, document_number: str, by: Officer) -> Provision:
    with acts.begin("records.provision_recalled", provision, by=by) as act:
        act.refuse(unwritten(reason, "reason", "회수하는 까닭을 적으십시오.", ARTICLE))
        act.refuse(_refuse_empty(act.row))
        start(act, reason=reason, document_number=document_number)
        findings.follow(act)
    return act.row


def _refuse_empty(provision: Provision) -> list[Refusal]:
    if provision.hand_overs.outside().exists():
        return []
    text = "밖에 나가 있는 사본이나 이어진 실시간 영상이 없어 회수할 것이 없습니다."
    return [Refusal("nothing", text, ARTICLE, "아직 주지 않은 것은 ‘불승인’이나 ‘취하’로 끝냅니다.")]


def start(act: Act[Provision], *, reason: str, document_number: str = "") -> None:
    """Part of the act that gives the reason: from here on its deadline runs."""
    act.move(ProvisionMove, ProvisionEvent.RECALL, reason=reason, document_number=document_number)
    act.write(recalled_why=reason[:500])
    due = clocks.start(act, clocks.RECALL, act.at)
    act.payload |= {"provision": act.row.number, "recall_due_on": due.due_on.isoformat() if due else ""}


def take_back(
    act: Act[Provision], without: ProvisionEvent, *, reason: str, document_number: str = ""
) -> None:
    """What allowed it is gone: what is outside is recalled, and what never left is not given (`without`)."""
    if act.row.hand_overs.outside().exists():
        start(act, reason=reason, document_number=document_number)
    elif act.row.hand_overs.exists():
        # It was seen, and nothing was taken along: there is nothing to bring back.
        act.move(ProvisionMove, ProvisionEvent.RECALL, reason=reason)
        finish(act)
    else:
        refusing.close(act, without, reason=reason, document_number=document_number)


def finish_if_all_back(act: Act[Provision]) -> None:
    """The last copy ended."""
    if act.row.state == "recalling" and not act.row.hand_overs.outside().exists():
        finish(act)


def finish(act: Act[Provision]) -> None:
    act.move(ProvisionMove, ProvisionEvent.RECALL_DONE)
    clocks.stop(act, clocks.RECALL, clocks.MAYOR, clocks.RESTRICTION)
    act.payload["recall_done"] = True
