"""외부 대조: what is known of the ledger outside its database, the witness, and a person's word after a restore."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime

from ledger import continuity, witness
from ledger.errors import LedgerError
from ledger.models import Entry
from portal.access import may, officer, requires, roles_with
from portal.forms.ledger import LossForm, PrintedHeadForm
from portal.pages import crumb, page
from portal.reauthentication import asks_again

CONFIRM = "ledger.confirm_loss"
CONFIRMATIONS_SHOWN = 20


@requires("ledger.view_signedhead", post=CONFIRM)
@asks_again
def continuity_page(request: HttpRequest) -> HttpResponse:
    step = request.POST.get("step")
    printed = PrintedHeadForm(request.POST if step == "enter" else None)
    loss = LossForm(request.POST if step == "confirm" else None)
    if step == "enter" and printed.is_valid() and _enter(request, printed):
        return redirect("ledger:continuity")
    if step == "confirm" and loss.is_valid() and _confirm(request, loss):
        return redirect("ledger:continuity")
    health = witness.health()
    return page(
        request,
        "portal/ledger/continuity.html",
        {
            "lost": continuity.lost(),
            "printed": printed,
            "loss": loss,
            "folder": witness.folder(),
            "health": health,
            "exported_at": parse_datetime(health.exported_at) if health.exported_at else None,
            "failed_at": parse_datetime(health.failed_at) if health.failed_at else None,
            "may_confirm": may(request.user, [CONFIRM]),
            "confirmers": [role.label for role in roles_with([CONFIRM])],
            "confirmations": Entry.objects.of_kind(continuity.CONFIRMED).newest_first()[:CONFIRMATIONS_SHOWN],
        },
        title="원장 외부 대조",
        intro="데이터베이스 밖에 알려진 봉인이 원장에 그대로 있는지 봅니다. 없으면 예전 상태로 되돌려진 것이므로 봉인과 파기를 멈춥니다.",
        icon="view",
        crumbs=[crumb("원장 봉인", "ledger:heads")],
    )


def _enter(request: HttpRequest, form: BaseForm) -> bool:
    given = form.cleaned_data
    try:
        is_held = continuity.enter(given["size"], given["root"].lower(), by=f"officer:{officer(request).pk}")
    except LedgerError as error:
        form.add_error(None, str(error))
        return False
    if is_held:
        messages.success(request, "인쇄된 봉인이 원장에 그대로 있습니다.")
    else:
        messages.error(request, "인쇄된 봉인이 원장에 없습니다. 확인할 때까지 봉인과 파기를 멈춥니다.")
    return True


def _confirm(request: HttpRequest, form: BaseForm) -> bool:
    try:
        continuity.confirm(by=f"officer:{officer(request).pk}", reason=form.cleaned_data["reason"])
    except LedgerError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, "확인을 원장에 적었습니다. 봉인과 파기가 다시 이어집니다.")
    return True
