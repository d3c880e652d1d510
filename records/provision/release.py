"""유예 해제: the footage that a request held goes its way again when nothing needs it, by another person's dated decision."""

from django.utils import timezone

from accounts.models import Officer
from casework import acts, second_person
from casework.refusals import Refusal
from footage import holds
from footage.models import Hold
from records.models import PROVISION_PERSONAL, Provision, ProvisionCamera
from records.provision_enums import OVER, ProvisionState

ARTICLE = "조례 제24조제1항"


def why_not(provision: Provision) -> str:
    """Why its footage must stay; empty when it may go."""
    if provision.state in OVER:
        return ""
    state = ProvisionState(provision.state).label
    return f"이용·제공 {provision.number}: 아직 ‘{state}’ 상태입니다. 종결한 뒤에 풀 수 있습니다. ({ARTICLE})"


def why_not_by(provision: Provision, by: Officer | None) -> str:
    """… and why this officer may not: whoever ended the case does not let its footage go, too."""
    if why := why_not(provision):
        return why
    if by is None:
        return ""
    last = provision.moves.filter(to_state=provision.state).exclude(from_state=provision.state).last()
    return second_person.problem(last.by_id, by, "끝낸", does="해제") if last else ""


def objection(hold: Hold, by: Officer | None) -> str:
    """Asked whoever releases a hold (`footage.holds.ask_before_release`); what was dropped needs none."""
    line = ProvisionCamera.objects.filter(hold=hold).first()
    if line is None or line.dropped_at is not None:
        return ""
    return why_not_by(Provision.objects.defer(*PROVISION_PERSONAL).get(pk=line.provision_id), by)


def is_of_provision(hold: Hold) -> bool:
    return ProvisionCamera.objects.filter(hold=hold).exists()


def in_force(provision: Provision) -> list[Hold]:
    return list(
        Hold.objects.filter(provided_camera__provision=provision, released_at__isnull=True)
        .select_related("camera")
        .order_by("camera_id", "pk")
    )


def release(provision: Provision, *, reason: str, by: Officer) -> int:
    """How many holds it was. Other cases keep theirs."""
    with acts.begin("records.provision_released", provision, by=by) as act:
        found = in_force(act.row)
        if not found:
            act.refuse([Refusal("nothing", "유예 중인 영상이 없습니다.", ARTICLE)])
        if why := why_not_by(act.row, by):
            act.refuse([Refusal("kept", why)])
        for hold in found:
            holds.release(hold, reason=reason, by=by)
        act.write(holds_released_at=timezone.now())
        act.payload |= {"provision": act.row.number, "holds": [hold.pk for hold in found]}
    return len(found)
