"""열람등 청구: what lies between the request and its answer: supplement, masking, withdrawal, transfer, drafts."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.korean import josa
from portal.access import officer, requires
from portal.forms.viewing import DecisionForm, LetterForm, ReasonOnlyForm
from portal.forms.viewing_course import (
    MaskedForm,
    MaskForm,
    RouteAnsweredForm,
    RouteExtendedForm,
    SupplementedForm,
    SupplementForm,
    TakenBackForm,
    TransferForm,
    WithdrawalForm,
)
from portal.screens import confirm_screen, filled_in
from portal.views.viewing_requests import get
from portal.views.viewing_steps import NOTES_OF_DECISIONS, about_correction, crumbs_of, step_screen
from records.enums import RequestEvent
from records.models import ViewingRequest
from records.viewing import (
    decisions,
    drafts,
    duplicates,
    guide,
    leaving,
    masking,
    notices,
    routes,
    supplement,
)


@requires("records.read_viewing_person")
def ask_supplement(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, SupplementForm, shown=shown),
        lambda form: supplement.ask(
            shown, form.letter, until=form.cleaned_data["until"], by=officer(request)
        ),
        what="보완 요청",
        done="보완을 요청한 것을 기록했습니다.",
        submit="요청 기록",
        icon="mail",
        notes=[
            f"신분증, 위임장, 카메라와 시각 등 청구에 빠진 것을 무엇이 왜 필요한지 적어 요청합니다({supplement.ARTICLE}).",
            "처리기한은 보완한 날까지, 길어도 보완할 기한까지 멈춥니다."
            if supplement.stops_the_days(shown, timezone.localdate())
            else "이 청구의 처리기한은 멈추지 않습니다. 기한은 한 번만, 지나기 전에, 연기하지 않은 청구에서만 멈춥니다.",
            "그동안 영상은 그대로 유예합니다. 보완할 기한이 지나면 남은 처리기한 안에 종결하거나 보완을 접수합니다.",
        ],
    )


@requires("records.read_viewing_person")
def supplemented(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, SupplementedForm),
        lambda form: supplement.came(shown, **form.cleaned_data, by=officer(request)),
        what="보완 접수",
        done="보완한 것을 기록했습니다. 남은 처리기한을 이어 셉니다.",
        submit="접수",
        notes=["보완한 것이 온 날을 적습니다. 그날부터 남은 처리기한을 이어 셉니다."],
    )


@requires("records.decide_viewingrequest")
def lapse(request: HttpRequest, pk: int) -> HttpResponse:
    shown, by = get(pk), officer(request)
    asked = supplement.pending(shown)
    return step_screen(
        request,
        shown,
        filled_in(request, LetterForm, shown=shown),
        lambda form: supplement.lapse(shown, form.letter, by=by),
        what="보완하지 않아 종결",
        done="종결하고 알린 것을 기록했습니다.",
        submit="종결 기록",
        icon="cross",
        notes=[
            f"{asked.until_on:%Y-%m-%d}까지 보완하도록 요청했습니다."
            if asked
            else "보완을 요청하지 않은 청구입니다.",
            f"기한까지 보완하지 않은 때에만 까닭과 이의제기 방법을 알려 종결합니다({supplement.LAPSING}).",
            "알림에는 다음 안내가 그대로 들어갑니다.",
            *guide.text(by).splitlines(),
        ],
    )


@requires("records.read_viewing_person")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, WithdrawalForm),
        lambda form: leaving.withdraw(shown, **form.cleaned_data, by=officer(request)),
        what="취하",
        done="취하한 것을 기록했습니다.",
        submit="취하 기록",
        icon="cross",
        notes=[
            "청구인이 문서로 취하한 때에만 기록합니다. 되돌릴 수 없습니다.",
            "그 뒤에는 다른 담당자가 영상의 유예를 해제할 수 있습니다.",
        ],
    )


@requires("records.decide_viewingrequest")
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    shown, by = get(pk), officer(request)
    return step_screen(
        request,
        shown,
        filled_in(request, TransferForm, shown=shown),
        lambda form: routes.transfer(
            shown,
            form.letter,
            to=form.cleaned_data["to"],
            new_number=form.cleaned_data["new_number"],
            days=form.cleaned_data["days"],
            by=by,
        ),
        what="다른 경로로 이송",
        done="이송하고 알린 것을 기록했습니다.",
        submit="이송 기록",
        icon="redirect",
        notes=[
            "정보공개 청구나 민원, 다른 기관의 일로 온 청구는 돌려보내지 않고 그곳으로 넘깁니다.",
            f"처음 접수한 날({timezone.localtime(shown.received_at):%Y-%m-%d})을 넘긴 곳에서도 접수한 날로 봅니다.",
            "정보공개 청구와 민원은 그 법의 처리기한을 처음 접수한 날부터 셉니다. 그곳에서 답하면 여기에 기록합니다.",
            "넘긴 뒤에도 그곳에서 답하고 불복할 수 있는 기간이 끝날 때까지 영상을 유예합니다.",
        ],
    )


@requires("records.read_viewing_person")
def answer_route(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, RouteAnsweredForm),
        lambda form: routes.answer(shown, **form.cleaned_data, by=officer(request)),
        what="이송한 경로의 답",
        done="이송한 경로에서 답한 것을 기록했습니다.",
        submit="기록",
        icon="check",
        notes=[
            _where(shown),
            "답이 청구인에게 나간 날과 그 문서의 번호를 적습니다. 그곳에서 취하한 때에도 그 문서로 적습니다.",
            "그 답에 불복할 수 있는 기간이 끝날 때까지 영상을 유예합니다.",
        ],
    )


@requires("records.read_viewing_person")
def extend_route(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, RouteExtendedForm),
        lambda form: routes.extend(shown, **form.cleaned_data, by=officer(request)),
        what="이송한 경로의 기한 연장",
        done="이송한 경로의 기한이 늘어난 것을 기록했습니다.",
        submit="기록",
        icon="calendar",
        notes=[
            _where(shown),
            f"정보공개 담당이 처음 기한 안에 사유를 문서로 알린 때에만, 한 번, {routes.longest_extension()}일까지 늘어납니다(정보공개법 제11조제2항).",
        ],
    )


@requires("records.decide_viewingrequest")
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, TakenBackForm, shown=shown),
        lambda form: routes.take_back(shown, form.letter, by=officer(request)),
        what="다시 열람등 청구로 처리",
        done="다시 열람등 청구로 처리하고 알린 것을 기록했습니다.",
        submit="기록",
        icon="rotate",
        notes=[
            _where(shown),
            f"처리기한은 처음 접수한 날({timezone.localtime(shown.received_at):%Y-%m-%d})부터 셉니다. 이미 지났으면 늦은 청구가 됩니다.",
        ],
    )


def _where(shown: ViewingRequest) -> str:
    there = routes.pending(shown)
    return f"{there.on:%Y-%m-%d}에 이송한 곳: {there}" if there else "다른 곳에 가 있는 청구가 아닙니다."


@requires("records.read_viewing_person")
def mask(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, MaskForm),
        lambda form: masking.start(shown, what=form.cleaned_data["what"], by=officer(request)),
        what="가림 처리 시작",
        done="가림 처리를 시작했습니다.",
        submit="시작",
        icon="view",
        notes=[
            "다른 사람이 찍혔으면 알아볼 수 없게 가린 뒤에 보입니다. 그것은 거절하는 사유가 아닙니다(표준 개인정보 보호지침 제46조).",
            "다른 담당자가 살핀 뒤에 ‘가림 처리 완료’를 기록합니다. 처리기한은 그대로 갑니다.",
        ],
    )


@requires("records.read_viewing_person")
def masked(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    began = shown.moves.filter(event=RequestEvent.MASK).select_related("by").last()
    return step_screen(
        request,
        shown,
        filled_in(request, MaskedForm),
        lambda form: masking.finish(shown, how=form.cleaned_data["how"], by=officer(request)),
        what="가림 처리 완료",
        done="가림 처리를 마친 것을 기록했습니다.",
        submit="완료",
        icon="check",
        notes=[
            f"{began.on:%Y-%m-%d} {began.by}: {began.reason}"
            if began
            else "가림 처리를 시작하지 않은 청구입니다.",
            "가린 사람이 아닌 다른 담당자가 끝까지 보고 기록합니다.",
        ],
    )


@requires("records.read_viewing_person")
def join(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    shown, with_it = get(pk), get(other)
    return confirm_screen(
        request,
        lambda form: duplicates.join(shown, with_it, by=officer(request)),
        question=f"{shown.receipt_number}{josa(shown.receipt_number, '을/를')} {with_it.receipt_number}{josa(with_it.receipt_number, '과/와')} 함께 처리할까요?",
        consequences=[
            "같은 사람이 겹치는 영상을 청구했습니다.",
            "청구마다 접수번호, 처리기한, 본인 확인, 결정과 통지는 그대로 따로 있습니다.",
        ],
        confirm="함께 처리",
        title="같은 청구와 함께 처리",
        back=reverse("viewing:request", args=[pk]),
        done="함께 처리하는 것을 기록했습니다.",
        crumbs=crumbs_of(shown),
    )


@requires("records.read_viewing_person")
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, DecisionForm, shown=shown),
        lambda form: drafts.prepare(shown, form.answers, by=officer(request)),
        what="결정안 작성",
        done="결정안을 적었습니다. 다른 사람이 보고 결정하거나 반려합니다.",
        submit="결정안 올리기",
        icon="edit",
        notes=[
            "결정하는 사람이 그대로 결정하거나 까닭을 적어 반려합니다.",
            *NOTES_OF_DECISIONS,
            *about_correction(shown),
        ],
    )


@requires("records.decide_viewingrequest")
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, ReasonOnlyForm),
        lambda form: drafts.send_back(shown, reason=form.cleaned_data["reason"], by=officer(request)),
        what="결정안 반려",
        done="결정안을 돌려보냈습니다.",
        submit="반려",
        icon="rotate",
        notes=["결정안을 쓴 사람이 까닭을 보고 다시 씁니다. 처리기한은 그대로 갑니다."],
    )


@requires("records.decide_viewingrequest")
def undecide(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, ReasonOnlyForm),
        lambda form: decisions.take_back(shown, reason=form.cleaned_data["reason"], by=officer(request)),
        what="결정 거두기",
        done="결정을 거두었습니다. 다시 결정하거나, 연기하거나, 이송할 수 있습니다.",
        submit="거두기",
        icon="rotate",
        notes=[
            *[str(each) for each in notices.decided(shown)],
            f"결정은 알려야 효력이 있습니다({decisions.TELLING_IT}). 아직 알리지 않은 결정이 잘못되었으면 거둡니다.",
            "거둔 결정과 까닭은 기록에 남고, 처리기한은 그대로 갑니다.",
        ],
    )
