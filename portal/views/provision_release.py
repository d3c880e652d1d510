"""이용·제공: restrictions, hand-over, its end, recall."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.korean import josa
from portal.access import officer, requires
from portal.forms.footage import ReasonForm as HoldReasonForm
from portal.forms.provision import AnswerForm, ReasonAndDocumentForm, RestrictionForm
from portal.forms.provision_release import (
    ChaserForm,
    EndingForm,
    ExtendForm,
    HandOverForm,
    ReceiptForm,
)
from portal.letting_go import release_screen
from portal.reauthentication import asks_again
from portal.screens import confirm_screen, filled_in
from portal.views.provision_list import HANDLE, PUBLISH, get
from portal.views.provision_steps import crumbs_of, step_screen
from records.models import HandOver
from records.provision import chasing, ending, extending, handover, recall, release, restrictions
from records.provision_enums import CopiesEnd


@requires(HANDLE)
def restrict(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, RestrictionForm, shown=shown),
        lambda form: restrictions.ask(shown, **form.cleaned_data, by=officer(request)),
        what="제한 요청",
        letter="restriction",
        done="제한을 요청한 것을 기록했습니다. 공문을 내려받을 수 있습니다.",
        submit="요청 기록",
        icon="mail",
        notes=[
            "이용 목적, 방법, 기간, 형태의 제한과 안전조치를 문서로 요청합니다. 상대방은 조치하고 문서로 알려야 합니다(법 제18조제5항).",
            "적은 내용이 공문과 목적 외 이용·제공 대장에 그대로 들어갑니다. 사람의 이름은 적지 마십시오.",
        ],
    )


@requires(HANDLE)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, AnswerForm),
        lambda form: restrictions.answer(
            shown,
            **{name: value for name, value in form.cleaned_data.items() if name != "files"},
            files=form.cleaned_data["files"],
            by=officer(request),
        ),
        what="제한 요청의 회신",
        done="회신을 기록했습니다.",
        submit="회신 기록",
        icon="mail",
    )


@requires(HANDLE)
@asks_again
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, HandOverForm, shown=shown),
        lambda form: handover.hand_over(shown, form.given, by=officer(request)),
        what="인계",
        done="인계를 기록했습니다. 인수증을 내려받아 서명을 받으십시오.",
        submit="인계 기록",
        icon="redirect",
        notes=[
            "주거나 보인 때마다 한 번씩 적습니다. 적은 것은 고칠 수 없고 제공대장에 그대로 들어갑니다.",
            "다른 사람은 가리고 줍니다. 가리지 않을 까닭이 있으면 적습니다.",
            *(
                [
                    "구청장의 사후승인이 아직 없습니다. 상대방은 승인이 날 때까지 쓰지 않고 보관하며, 승인되지 않으면 곧바로 회수합니다."
                ]
                if shown.approvals.pending().filter(is_after=True).exists()
                else []
            ),
        ],
    )


def _given(pk: int) -> HandOver:
    row: HandOver = get_object_or_404(HandOver.objects.defer("receiver_name", "receiver_rank"), pk=pk)
    row.provision = get(row.provision_id)
    return row


@requires(HANDLE)
def file_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    row = _given(pk)
    return step_screen(
        request,
        row.provision,
        filled_in(request, ReceiptForm),
        lambda form: handover.file_receipt(row, form.cleaned_data["files"], by=officer(request)),
        what="서명한 인수증",
        done="인수증을 첨부했습니다.",
        submit="첨부",
        icon="doc-full",
        notes=["받은 사람이 서명한 인수증(PDF, 그림)을 올립니다."],
    )


@requires(HANDLE)
def end_copy(request: HttpRequest, pk: int) -> HttpResponse:
    row = _given(pk)
    shown = row.provision
    demands = CopiesEnd(shown.copies_end).label if shown.copies_end and shown.leaves_copies else ""
    return step_screen(
        request,
        shown,
        filled_in(request, EndingForm, shown=shown),
        lambda form: ending.confirm(row, **form.cleaned_data, by=officer(request)),
        what="반환·파기 확인",
        done="반환·파기를 확인한 것을 기록했습니다.",
        submit="확인 기록",
        icon="check",
        notes=[
            f"{row.file_name}",
            *([f"이 자치구의 기준: {demands}"] if demands else []),
            "기한이 지났다는 것만으로 적지 않습니다. 상대방이 확인한 것만 적고 확인서를 올립니다(조례 제24조제3항).",
        ],
    )


@requires(HANDLE)
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, ExtendForm),
        lambda form: extending.ask(shown, **form.cleaned_data, by=officer(request)),
        what="이용 기간 연장",
        done="이용 기간의 연장을 올렸습니다. 결재를 받으면 늘어납니다.",
        submit="결재에 올림",
        icon="calendar",
        notes=[
            f"지금의 기한은 {shown.use_until_on:%Y-%m-%d}입니다. 상대방의 문서가 있어야 합니다.",
            "제공을 마지막으로 결재한 자리가 연장도 결재합니다. 늘어나면 새 기한으로 제한을 다시 요청합니다(법 제18조제5항).",
        ],
    )


@requires(HANDLE)
def chase(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, ChaserForm),
        lambda form: chasing.chase(shown, **form.cleaned_data, by=officer(request)),
        what="독촉",
        letter="chaser",
        done="독촉한 것을 기록했습니다.",
        submit="기록",
        icon="mail",
        notes=["독촉 공문은 이 건의 화면에서 내려받아 보냅니다. 이레마다 다시 할 일에 나옵니다."],
    )


@requires(PUBLISH)
def order_recall(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, ReasonAndDocumentForm),
        lambda form: recall.order(shown, **form.cleaned_data, by=officer(request)),
        what="회수 요구",
        letter="recall",
        done="회수를 요구한 것을 기록했습니다.",
        submit="회수 요구",
        icon="warning",
        notes=[
            f"나간 사본·실시간 영상 {shown.hand_overs.outside().count():,}건을 회수합니다. 되돌릴 수 없습니다.",
            "상대방이 제한을 지키지 않거나 목적 밖으로 쓴 때에 씁니다(법 제18조제5항, 제19조).",
        ],
    )


@requires(HANDLE)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return confirm_screen(
        request,
        lambda form: ending.end(shown, by=officer(request)),
        question=f"{shown.number}{josa(shown.number, '을/를')} 종결할까요?",
        consequences=[
            *[f"아직 끝나지 않음: {what}" for what in ending.unfinished(shown)],
            "종결하면 더 인계할 수 없습니다. 영상의 유예는 다른 사람이 따로 풉니다.",
        ],
        confirm="종결",
        title="이용·제공 종결",
        back=reverse("provision:page", args=[pk]),
        done="종결했습니다.",
        crumbs=crumbs_of(shown),
        icon="check",
    )


@requires("footage.release_hold")
@asks_again
def release_holds(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return release_screen(
        request,
        release.in_force(shown),
        lambda form: release.release(shown, reason=form.cleaned_data["reason"], by=officer(request)),
        question=f"{shown.number}{josa(shown.number, '이/가')} 붙들고 있는 영상의 유예를 해제할까요?",
        title="이용·제공 영상의 유예 해제",
        back=reverse("provision:page", args=[pk]),
        done=lambda count: f"삭제 유예 {count}건을 해제했습니다.",
        form=filled_in(request, HoldReasonForm),
        crumbs=crumbs_of(shown),
    )
