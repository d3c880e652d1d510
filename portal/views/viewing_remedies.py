"""열람등 청구: what citizens do about a decision, or about none; the office's answers, and what is decided elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from portal.access import officer, requires
from portal.forms.viewing import (
    DocumentForm,
    ExtensionForm,
    ObjectionAnswerForm,
    ObjectionForm,
    ReasonOnlyForm,
    RemedyEndForm,
    RemedyForm,
)
from portal.screens import filled_in
from portal.views.viewing_requests import get
from portal.views.viewing_steps import step_screen
from records.models import ViewingRemedy
from records.viewing import guide, objections, remedies


def _remedy(pk: int) -> ViewingRemedy:
    """With its request, nothing of whose person is read."""
    remedy: ViewingRemedy = get_object_or_404(ViewingRemedy, pk=pk)
    remedy.request = get(remedy.request_id)
    return remedy


@requires("records.decide_viewingrequest")
def object_(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, ObjectionForm),
        lambda form: objections.file(shown, **form.cleaned_data, by=officer(request)),
        what="이의신청 접수",
        done="이의신청을 접수했습니다. 답할 때까지 유예를 풀지 않습니다.",
        submit="접수",
        notes=[
            "결정, 연기, 종결에 대하여, 또는 기한 안에 답이 없는 것에 대하여 받은 이의신청을 적습니다.",
            "이의신청을 받은 날을 적습니다. 기간이 지난 것도 접수하고, 답에서 그 사실을 알립니다.",
        ],
    )


@requires("records.decide_viewingrequest")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    remedy, by = _remedy(pk), officer(request)
    return step_screen(
        request,
        remedy.request,
        filled_in(request, ObjectionAnswerForm, shown=remedy.request),
        lambda form: objections.answer(remedy, form.letter, outcome=form.cleaned_data["outcome"], by=by),
        what="이의신청 답변",
        done="이의신청에 답한 것을 기록했습니다.",
        submit="답변 기록",
        notes=[
            f"{remedy.get_against_display()}에 대한 이의신청입니다.",
            "답에는 다음 안내가 그대로 들어갑니다.",
            *guide.text(by, code=guide.AFTER_OBJECTION).splitlines(),
        ],
    )


@requires("records.decide_viewingrequest")
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    remedy = _remedy(pk)
    return step_screen(
        request,
        remedy.request,
        filled_in(request, ExtensionForm, shown=remedy.request),
        lambda form: objections.extend(
            remedy, form.letter, days=form.cleaned_data["days"], by=officer(request)
        ),
        what="이의신청 답변기한 연장",
        done="답변기한을 늘려 알린 것을 기록했습니다.",
        submit="연장 기록",
        icon="calendar",
        notes=[
            "부득이한 사유가 있을 때 처음 기한 안에 사유를 알려서 한 번만 늘립니다(행정기본법 제36조제2항)."
        ],
    )


@requires("records.decide_viewingrequest")
def record(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, RemedyForm),
        lambda form: remedies.record(shown, **form.cleaned_data, by=officer(request)),
        what="불복 절차 기록",
        done="불복 절차를 기록했습니다. 끝날 때까지 유예를 풀지 않습니다.",
        submit="기록",
        notes=["행정심판, 행정소송, 분쟁조정, 개인정보 침해신고가 제기된 것을 안 때에 적습니다."],
    )


@requires("records.decide_viewingrequest")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    remedy = _remedy(pk)
    return step_screen(
        request,
        remedy.request,
        filled_in(request, RemedyEndForm, remedy=remedy),
        lambda form: remedies.end(remedy, **form.cleaned_data, by=officer(request)),
        what=f"{remedy.get_kind_display()} 종료",
        done="절차가 끝난 것을 기록했습니다.",
        submit="종료 기록",
        notes=[
            "재결서를 받은 날, 판결이 확정된 날, 조정이나 조사가 끝난 날을 적습니다.",
            "청구인의 뜻대로 끝났으면(재결·판결의 인용, 조정의 성립, 위법하다는 조사 결과 등) ‘인용’이나 ‘일부 인용’을 고릅니다. 다시 결정하여 알립니다.",
        ],
    )


@requires("records.decide_viewingrequest")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, ReasonOnlyForm),
        lambda form: remedies.reopen(shown, reason=form.cleaned_data["reason"], by=officer(request)),
        what="다시 결정",
        done="다시 결정하는 청구가 되었습니다. 결정하여 알리십시오.",
        submit="다시 결정하기",
        icon="rotate",
        notes=[
            "알린 결정이나 종결이 잘못된 것을 구청이 스스로 알았을 때에 합니다. 불복 절차에서 인용되면 저절로 됩니다.",
            "새 결정을 알릴 때까지 앞서 알린 것이 그대로 있고, 영상은 다시 유예합니다. 처리기한을 오늘부터 새로 셉니다.",
        ],
    )


@requires("records.read_viewing_person")
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, DocumentForm),
        lambda form: objections.waive(shown, **form.cleaned_data, by=officer(request)),
        what="이의제기 포기",
        done="이의제기를 포기한 것을 기록했습니다.",
        submit="포기 기록",
        notes=[
            "청구인이 문서로 밝힌 때에만 기록합니다. 그 뒤에는 다른 사람이 영상의 유예를 해제할 수 있습니다.",
            "그 뒤에 이의신청이나 다른 불복 절차가 접수되면 포기는 효력이 없습니다.",
        ],
    )
