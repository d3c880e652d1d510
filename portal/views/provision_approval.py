"""이용·제공: approving, refusing, sending back; by telephone; afterwards."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.korean import josa
from accounts.models import Officer
from portal.access import officer, requires
from portal.forms.provision import (
    CallConfirmationForm,
    CallForm,
    ReasonAndDocumentForm,
    ReasonForm,
    RefusedSignatureForm,
    SignatureForm,
)
from portal.reauthentication import asks_again
from portal.screens import confirm_screen, filled_in
from portal.views.provision_list import APPROVE, HANDLE, get
from portal.views.provision_steps import crumbs_of, step_screen
from records.models import Provision, ProvisionApproval
from records.provision import afterwards, approval, authority, extending, refusing, review
from records.provision_enums import ApprovalOutcome


def _about(shown: Provision) -> list[str]:
    """What whoever signs should have read."""
    found = [
        f"{shown.recipient} · {shown.purpose} · {shown.get_form_display()}",
        f"근거: {shown.basis}",
        f"침해 우려의 검토: {shown.balance}",
    ]
    return [line for line in found if not line.endswith(": ")]


@requires(APPROVE)
@asks_again
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    step = approval.pending(shown)
    return step_screen(
        request,
        shown,
        filled_in(request, SignatureForm, initial={"position": step.position if step else None}),
        lambda form: approval.approve(
            shown,
            by=officer(request),
            signature=form.signature,
            position=form.cleaned_data["position"],
        ),
        what=f"결재 ({step.get_step_display()})" if step else "결재",
        done="결재를 기록했습니다.",
        submit="승인",
        icon="check",
        notes=[
            *_about(shown),
            "요청하거나 접수하거나 검토한 사람은 결재할 수 없고, 그 결재 문서를 기록할 수도 없습니다.",
            *_signers(step.step if step else ""),
        ],
    )


def _signers(step: str) -> list[str]:
    if not step:
        return []
    names = [f"{each.officer} ({each.get_capacity_display()})" for each in authority.of_step(step)]
    if names:
        return [f"이 단계를 이 화면에서 결재할 수 있는 사람: {', '.join(names)}"]
    return ["이 단계의 결재권을 가진 사람이 등록되어 있지 않습니다. 결재가 끝난 문서를 기록하십시오."]


@requires(HANDLE)
def call(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    step = approval.pending(shown)
    officers = [each.officer_id for each in authority.of_step(step.step)] if step else []
    return step_screen(
        request,
        shown,
        filled_in(request, CallForm, officers=officers),
        lambda form: approval.approve(shown, by=officer(request), signature=form.signature),
        what="전화 승인 기록",
        done="전화로 승인받은 것을 기록했습니다. 승인한 사람이 이 시스템에서 확인해야 합니다.",
        submit="기록",
        icon="comment",
        notes=[
            *_about(shown),
            "긴급한 요청만 전화로 승인받을 수 있습니다. 누가 언제 승인했는지 적고, 승인한 사람이 기한 안에 확인합니다.",
            "요청한 사람과 혼자서 접수하고 검토한 사람은 전화 승인을 기록할 수 없습니다.",
            "기록하면 바로 인계할 수 있습니다. 구청장의 사후승인 기한도 이때부터 셉니다(조례 제21조제3항).",
        ],
    )


@requires(HANDLE, APPROVE)
def confirm_call(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    step = approval.unconfirmed_call(shown)
    who = (
        f"{step.approver}{josa(step.approver, '이/가')} {step.decided_at:%Y-%m-%d} 전화로 승인했다고 기록되어 있습니다."
        if step
        else ""
    )
    return step_screen(
        request,
        shown,
        filled_in(request, CallConfirmationForm),
        lambda form: _answer_call(shown, form, officer(request)),
        what="전화 승인 확인",
        done=lambda step: (
            "전화로 승인한 것을 확인했습니다."
            if step.outcome == ApprovalOutcome.APPROVED
            else "전화로 승인하지 않은 것을 기록했습니다. 나간 것이 있으면 회수 기한이 시작되었습니다."
        ),
        submit="확인",
        icon="check",
        notes=[
            *([who] if who else ["확인할 전화 승인이 없습니다."]),
            "승인한 사람이 직접 확인하거나, 전화를 기록하지 않은 사람이 서명한 문서의 번호를 적습니다.",
            "승인하지 않았다고 하면 나간 것을 같은 때에 회수하고, 승인 없이 내보낸 것으로 남습니다(조례 제21조제3항).",
        ],
    )


def _answer_call(shown: Provision, form: CallConfirmationForm, by: Officer) -> ProvisionApproval:
    said = {"by": by, "document_number": form.cleaned_data["document_number"]}
    if form.cleaned_data["answer"] == form.DENIED:
        return approval.deny_call(shown, reason=form.cleaned_data["reason"], **said)
    return approval.confirm_call(shown, **said)


@requires(APPROVE)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, ReasonForm),
        lambda form: refusing.send_back(shown, reason=form.cleaned_data["reason"], by=officer(request)),
        what="반려",
        done="반려했습니다. 다시 검토하면 결재선이 새로 시작합니다.",
        submit="반려",
        icon="rotate",
        notes=["지금까지의 결재는 기록으로 남고 효력이 없어집니다."],
    )


@requires(APPROVE)
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, ReasonAndDocumentForm),
        lambda form: refusing.refuse(shown, **form.cleaned_data, by=officer(request)),
        what="불승인",
        letter="refusal",
        done="불승인을 기록했습니다. 회신 공문을 내려받을 수 있습니다.",
        submit="불승인",
        icon="cross",
        notes=[
            "요청한 기관에 까닭을 적어 회신합니다. 되돌릴 수 없으며, 다시 필요하면 새 공문을 받습니다.",
            "영상의 유예는 다른 사람이 따로 풉니다.",
        ],
    )


@requires(HANDLE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, ReasonAndDocumentForm),
        lambda form: refusing.withdraw(shown, **form.cleaned_data, by=officer(request)),
        what="취하",
        done="취하를 기록했습니다.",
        submit="취하 기록",
        icon="cross",
        notes=["요청한 기관이 스스로 거둔 것만 적습니다. 들어주지 않는 것은 ‘불승인’입니다."],
    )


@requires(APPROVE)
@asks_again
def mayor_approve(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    step = afterwards.pending(shown)
    return step_screen(
        request,
        shown,
        filled_in(request, SignatureForm),
        lambda form: afterwards.approve(shown, by=officer(request), signature=form.signature),
        what="사후승인",
        done="사후승인을 기록했습니다.",
        submit="사후승인 기록",
        icon="check",
        notes=[*_about(shown), *_signers(step.step if step else "")],
    )


@requires(APPROVE)
@asks_again
def mayor_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    step = afterwards.pending(shown)
    return step_screen(
        request,
        shown,
        filled_in(request, RefusedSignatureForm),
        lambda form: afterwards.refuse(
            shown, reason=form.cleaned_data["reason"], by=officer(request), signature=form.signature
        ),
        what="사후승인 거부",
        done="사후승인을 거부한 것을 기록했습니다. 나간 사본이 있으면 회수 기한이 시작되었습니다.",
        submit="거부 기록, 회수 요구",
        icon="cross",
        notes=[
            f"나간 사본·실시간 영상 {shown.hand_overs.outside().count():,}건을 곧바로 회수합니다(조례 제21조제3항). 되돌릴 수 없습니다.",
            "회수는 돌려받거나 파기하거나 실시간 연결을 끊은 것을 확인해야 끝납니다.",
            *_signers(step.step if step else ""),
        ],
    )


def _longer(shown: Provision) -> list[str]:
    """What is asked, for whoever signs it."""
    row = extending.pending(shown)
    if row is None:
        return ["결재를 기다리는 연장이 없습니다."]
    return [
        f"{row.former_until_on:%Y-%m-%d}까지를 {row.until_on:%Y-%m-%d}까지로: {row.reason} ({row.letter_number})",
        *_signers(row.step),
    ]


@requires(APPROVE)
def approve_extension(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, SignatureForm),
        lambda form: extending.approve(shown, by=officer(request), signature=form.signature),
        what="이용 기간 연장 결재",
        done="이용 기간을 늘렸습니다. 제한을 새 기한으로 다시 요청하십시오.",
        submit="승인",
        icon="check",
        notes=[*_about(shown), *_longer(shown)],
    )


@requires(APPROVE)
def refuse_extension(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, RefusedSignatureForm),
        lambda form: extending.refuse(
            shown, reason=form.cleaned_data["reason"], by=officer(request), signature=form.signature
        ),
        what="이용 기간을 연장하지 않음",
        done="연장하지 않은 것을 기록했습니다. 이용 기간은 그대로입니다.",
        submit="기록",
        icon="cross",
        notes=_longer(shown),
    )


@requires(HANDLE)
def unidentifiable(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return confirm_screen(
        request,
        lambda form: review.confirm_unidentifiable(shown, by=officer(request)),
        question="줄 영상에서 누구인지 알아볼 수 있는 사람이 없나요?",
        consequences=[
            "통계작성이나 학술연구에는 누구인지 알아볼 수 없는 형태로만 줄 수 있습니다(조례 제21조제1항제5호).",
            "접수하거나 검토하지 않은 사람이 영상을 직접 보고 확인합니다. 확인한 사람의 이름이 남습니다.",
        ],
        confirm="알아볼 수 없음을 확인",
        title="식별할 수 없음을 확인",
        back=reverse("provision:page", args=[pk]),
        done="식별할 수 없음을 확인했습니다.",
        crumbs=crumbs_of(shown),
        icon="view",
    )
