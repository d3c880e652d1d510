"""나가는 사본: asked for, decided, sealed, handed over or opened as a download, withdrawn."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from accounts import queueing
from accounts.longrun import LongRun, RunState
from accounts.networks import Kind
from casework.refusals import refuse_if
from portal import longruns
from portal.access import may, officer, requires
from portal.allowed_networks import only_inside
from portal.forms.copies import (
    ALLOW,
    AskForm,
    CopyHandOverForm,
    DecideForm,
    WithdrawForm,
)
from portal.forms.provision_release import ReceiptForm
from portal.pages import Action, Crumb, crumb, page
from portal.reauthentication import asks_again
from portal.screens import checked_screen, confirm_screen, filled_in, form_screen
from portal.views import looks
from records.access import cases
from records.access.cases import Case
from records.copies import asking, downloading, granting, leaving, sealing, standing
from records.copies.downloading import Stream
from records.copy_enums import CopyStage, UnmaskedGround
from records.look_enums import LookCase
from records.models import PERSONAL, PROVISION_PERSONAL, CaseCopy
from records.provision_enums import ReleaseForm

SEE, MAKE, DECIDE = "records.view_casecopy", "records.make_casecopy", "records.decide_casecopy"
KINDS = (LookCase.VIEWING, LookCase.PROVISION)
OUT = (CopyStage.LEFT, CopyStage.OPEN)


def action(request: HttpRequest, kind: LookCase, row: Any) -> Action | None:
    """The button on the page of a matter; None where nothing of it may be copied."""
    case = cases.find(kind, row.pk) if may(request.user, [MAKE]) else None
    if case is None or not may(request.user, [case.permission]) or _is_too_early(case):
        return None
    return Action("사본 만들기…", reverse("copies:ask", args=[kind, row.pk]), "copy")


def _is_too_early(case: Case) -> bool:
    is_other_form = case.kind == LookCase.PROVISION and case.row.form != ReleaseForm.COPY
    return is_other_form or bool(granting.refuse_case(case)) or not case.ranges()


def of_matter(row: Any) -> list[CaseCopy]:
    """The copies of a request or a provision, for its page."""
    return list(row.copies.select_related("requested_by", "leaving").order_by("pk"))


def get(pk: int) -> CaseCopy:
    rows = CaseCopy.objects.select_related(
        "request",
        "provision__unit__agency",
        "provision__department",
        "provision__ground",
        "provision__national_ground",
        "requested_by",
        "decided_by",
        "sealed_by",
        "withdrawn_by",
        "package__case",
        "leaving__by",
        "leaving__hand_over",
    ).defer(
        "leaving__receiver_name",
        *(f"request__{name}" for name in PERSONAL),
        *(f"provision__{name}" for name in PROVISION_PERSONAL),
    )
    found: CaseCopy = get_object_or_404(rows, pk=pk)
    return found


def _crumbs(kind: str, pk: int, number: str) -> list[Crumb]:
    name, label = looks.PAGES[LookCase(kind)]
    return [crumb(f"{label} {number}", name, pk)]


def crumbs_of(shown: CaseCopy) -> list[Crumb]:
    return [
        *_crumbs(shown.case_kind, shown.case_key, shown.case_number),
        crumb(shown.number, "copies:page", shown.pk),
    ]


# ---------------------------------------------------------------- asking and deciding


@requires(MAKE)
def ask(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    case = cases.find(kind, pk) if kind in KINDS else None
    if case is None:
        raise Http404
    offers = granting.offers(case)
    return form_screen(
        request,
        filled_in(request, AskForm, kind=LookCase(kind), offers=offers),
        lambda form: asking.ask(case, form.wish, by=officer(request)),
        title=f"{case.number}: 사본 만들기",
        back=reverse(looks.PAGES[LookCase(kind)][0], args=[pk]),
        done=lambda made: f"{made.number} 사본을 요청했습니다.",
        to=lambda made: reverse("copies:page", args=[made.pk]),
        submit="사본 요청",
        intro="사본마다 사건 번호, 받는 곳, 사본번호와 날짜를 화면에 새깁니다. 소리와 부가 정보는 넣지 않습니다.",
        notes=[
            *(refusal.sentence for refusal in granting.refuse_case(case)),
            *([] if offers else ["허용하거나 승인한 구간이 없습니다."]),
            "다른 사람은 가리고 줍니다(표준 개인정보 보호지침 제46조). 원본은 사유가 있고 다른 사람이 허용한 때에만 나갑니다.",
        ],
        crumbs=_crumbs(kind, pk, case.number),
        icon="copy",
    )


@requires(DECIDE)
@asks_again
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    shown, by = get(pk), officer(request)

    def follows(form: DecideForm) -> list[str]:
        refuse_if(asking.against_decision(shown, form.cleaned_data["note"], by))
        if form.cleaned_data["answer"] == ALLOW:
            return [
                "가리지 않은 원본으로 사본을 곧바로 만들기 시작합니다.",
                "결정은 고칠 수 없습니다. 내보내지 않으려면 사본을 거두어들입니다.",
            ]
        return ["이 사본은 만들지 않으며, 결정은 고칠 수 없습니다.", "가린 영상으로 새로 요청할 수 있습니다."]

    return checked_screen(
        request,
        filled_in(request, DecideForm),
        lambda form: asking.decide(
            shown, is_allowed=form.cleaned_data["answer"] == ALLOW, note=form.cleaned_data["note"], by=by
        ),
        consequences=follows,
        title=f"{shown.number}: 원본 사용 결정",
        back=reverse("copies:page", args=[pk]),
        done="원본 사용을 결정했습니다.",
        confirm_label="결정",
        crumbs=crumbs_of(shown),
        icon="check",
        notes=[
            f"요청한 사람: {shown.requested_by}. 요청한 사람은 결정하지 못합니다.",
            f"사유: {shown.get_ground_display()} ({_article(shown)})",
            f"까닭: {shown.why}",
        ],
    )


def _article(shown: CaseCopy) -> str:
    return UnmaskedGround(shown.ground).article if shown.ground else ""


def _step(
    request: HttpRequest, shown: CaseCopy, form: Any, act: Any, *, what: str, **more: Any
) -> HttpResponse:
    return form_screen(
        request,
        form,
        act,
        title=f"{shown.number}: {what}",
        back=reverse("copies:page", args=[shown.pk]),
        crumbs=crumbs_of(shown),
        **more,
    )


# ---------------------------------------------------------------- one copy


@requires(SEE)
def copy_page(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    parts = list(shown.parts.select_related("camera", "hold", "result", "redaction").order_by("pk"))
    row, run = getattr(shown, "leaving", None), _run_of(shown)
    return page(
        request,
        "portal/copies/page.html",
        {
            "shown": shown,
            "stage": shown.stage,
            "is_out": shown.stage in OUT,
            "is_here": shown.is_here,
            "parts": parts,
            "run": run,
            "progress_url": reverse("copies:progress", args=[pk]),
            "cancel_url": reverse("copies:cancel", args=[pk])
            if run and longruns.may_cancel(request.user, run)
            else "",
            "left": row,
            "left_files": list(row.attachments.all()) if row else [],
            "ground_article": _article(shown),
            "refusals": standing.refuse(shown) if shown.stage not in standing.NOT_MADE else [],
            "now": timezone.now(),
            "may_make": may(request.user, [MAKE]),
        },
        title=f"영상 {shown.number}",
        icon="copy",
        crumbs=crumbs_of(shown)[:-1],
        actions=_actions(request, shown),
    )


def _run_of(shown: CaseCopy) -> LongRun | None:
    """What a worker does, or did not bring about: making it, and then packing it."""
    if shown.stage in (CopyStage.MAKING, CopyStage.FAILED):
        return shown
    last = shown.sealings.order_by("-pk").first()
    return last if last is not None and last.state != RunState.SUCCEEDED else None


def _actions(request: HttpRequest, shown: CaseCopy) -> list[Action]:
    stage, makes = shown.stage, may(request.user, [MAKE])
    found: list[tuple[str, str, str, bool]] = []
    if shown.sealings.unfinished().exists():
        return []
    if stage == CopyStage.DECIDING and may(request.user, [DECIDE]):
        found.append(("원본 사용 결정…", "copies:decide", "check", True))
    if makes and not standing.refuse(shown):
        if stage in (CopyStage.MADE, CopyStage.SEALED):
            label = "봉하기…" if stage == CopyStage.MADE else "다시 봉하기…"
            found.append((label, "copies:seal", "lock", stage == CopyStage.MADE))
        if stage == CopyStage.SEALED:
            found.append(("매체에 담으려고 내려받기…", "copies:package", "download", False))
            found.append(("매체로 인계…", "copies:hand_over", "redirect", shown.request_id is None))
        is_download = stage == CopyStage.OPEN or (getattr(shown, "leaving", None) and shown.leaving.opened_at)
        if shown.request_id and (stage == CopyStage.SEALED or is_download):
            label = "두 번째 번호 다시 주기…" if is_download else "청구인이 내려받게 열기…"
            found.append((label, "copies:open_download", "globe", not is_download))
    if makes and shown.request_id and getattr(shown, "leaving", None) and not shown.leaving.opened_at:
        found.append(("서명한 인수증 첨부…", "copies:file_receipt", "doc-full", False))
    if makes and stage not in (CopyStage.WITHDRAWN, CopyStage.GONE):
        found.append(("거두어들이기…", "copies:withdraw", "cross", False))
    return [
        Action(label, reverse(name, args=[shown.pk]), icon, is_primary=is_primary)
        for label, name, icon, is_primary in found
    ]


@requires(SEE)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return longruns.progress_response(_run_of(shown) or shown.sealings.order_by("-pk").first() or shown)


@require_POST
@requires(MAKE)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return longruns.cancel_response(request, _run_of(shown) or shown, reverse("copies:page", args=[pk]))


# ---------------------------------------------------------------- sealing and leaving


@requires(MAKE)
def seal(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)

    def sealed(form: Any) -> HttpResponse:
        from reports.tasks import seal_copy

        asked, password = sealing.ask(shown, by=officer(request))
        queueing.start(seal_copy, asked.pk)
        return _shown_once(
            request,
            shown,
            "비밀번호",
            password,
            [
                "이 비밀번호로만 꾸러미를 풀 수 있습니다. 어디에도 저장하지 않으므로 다시 볼 수 없습니다.",
                "지금부터 묶습니다. 사본의 화면에 ‘봉함’으로 나온 뒤에 내보냅니다. 취소하거나 실패하면 이 비밀번호는 버리고 다시 봉합니다.",
                "꾸러미와 다른 길로 알립니다. 예: 꾸러미는 누리집이나 매체로, 비밀번호는 전화나 종이로.",
                "잃어버리면 나가기 전에는 ‘다시 봉하기’, 나간 뒤에는 새 사본으로 합니다.",
            ],
        )

    return confirm_screen(
        request,
        sealed,
        question=f"{shown.number} 사본을 봉할까요?",
        consequences=[
            f"새긴 표시: {shown.mark}",
            "영상, 안내문, 서명한 목록, 검사기를 AES-256 ZIP 하나로 묶습니다. 묶는 동안 사본의 화면에서 진행을 보고 취소할 수 있습니다.",
            "비밀번호는 시스템이 만들어 다음 화면에 한 번만 보입니다.",
            *(["앞의 꾸러미와 비밀번호는 버립니다."] if shown.package_id else []),
        ],
        confirm="봉하고 비밀번호 보기",
        title=f"{shown.number}: 봉하기",
        back=reverse("copies:page", args=[pk]),
        done="",
        crumbs=crumbs_of(shown),
        icon="lock",
    )


def _shown_once(
    request: HttpRequest, shown: CaseCopy, what: str, secret: str, notes: list[str]
) -> HttpResponse:
    """In this answer and nowhere else: no message, no session, no cache."""
    answer = page(
        request,
        "portal/copies/secret.html",
        {"what": what, "secret": secret, "notes": notes, "back_url": reverse("copies:page", args=[shown.pk])},
        title=f"{shown.number}: {what}",
        icon="key",
        crumbs=crumbs_of(shown),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@requires(MAKE)
@only_inside(Kind.FOOTAGE)
def package(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sealed package, for the medium; each time is a line of the ledger."""
    shown = get(pk)
    return confirm_screen(
        request,
        lambda form: stream(downloading.taken(shown, by=officer(request))),
        question=f"{shown.number} 꾸러미를 내려받을까요?",
        consequences=[
            "매체에 담아 인계할 때만 내려받습니다. 누가 언제 내려받았는지 원장에 남습니다.",
            "매체에 담은 뒤 이 컴퓨터의 파일은 바로 지웁니다.",
        ],
        confirm="내려받기",
        title=f"{shown.number}: 꾸러미 내려받기",
        back=reverse("copies:page", args=[pk]),
        done="",
        crumbs=crumbs_of(shown),
        icon="download",
    )


def stream(given: Stream) -> HttpResponse:
    answer = StreamingHttpResponse(given.content, content_type="application/zip")
    answer.headers["Content-Length"] = str(given.length)
    answer.headers["Content-Disposition"] = content_disposition_header(True, given.name) or ""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer  # type: ignore[return-value]


@requires(MAKE)
@asks_again
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return _step(
        request,
        shown,
        filled_in(request, CopyHandOverForm, copy=shown),
        lambda form: leaving.hand_over(shown, form.handed, by=officer(request)),
        what="매체로 인계",
        done="사본을 인계한 것을 기록했습니다.",
        submit="인계 기록",
        icon="redirect",
        notes=[
            "비밀번호는 매체와 함께 주지 않고 다른 길로 알립니다.",
            "적은 것은 고칠 수 없고 관리대장에 한 줄로 들어갑니다.",
            *(["이용·제공의 인계와 인수증도 함께 기록됩니다."] if shown.provision_id else []),
        ],
    )


@requires(MAKE)
def file_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    row = getattr(shown, "leaving", None)
    if row is None or row.hand_over_id is not None:
        raise Http404
    return _step(
        request,
        shown,
        filled_in(request, ReceiptForm),
        lambda form: leaving.file_receipt(row, form.cleaned_data["files"], by=officer(request)),
        what="서명한 인수증",
        done="인수증을 첨부했습니다.",
        submit="첨부",
        icon="doc-full",
    )


@requires(MAKE)
@asks_again
def open_download(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    days, times = leaving.days_and_times(timezone.localdate())

    def opened(form: Any) -> HttpResponse:
        secret = leaving.open_download(shown, by=officer(request))
        return _shown_once(
            request,
            shown,
            "두 번째 번호",
            secret,
            [
                "청구인은 접수번호·확인번호로 연 청구 화면에서 이 번호를 넣어 내려받습니다.",
                "접수번호와 다른 길로 알립니다. 예: 전화로 불러 주거나 창구에서 종이로. 다시 볼 수 없습니다.",
                "꾸러미의 비밀번호도 따로 알려야 합니다.",
            ],
        )

    return confirm_screen(
        request,
        opened,
        question=f"{shown.number} 사본을 청구인이 누리집에서 내려받게 할까요?",
        consequences=[
            f"오늘부터 {days}일 동안 {times}번까지 내려받을 수 있고, 한 번마다 원장에 남습니다.",
            "청구인에게 두 번째 번호를 따로 알려야 합니다. 번호는 다음 화면에 한 번만 보입니다.",
            "처음 내려받은 때에 관리대장에 한 줄이 들어갑니다.",
            *(["앞의 두 번째 번호는 쓸 수 없게 됩니다."] if hasattr(shown, "leaving") else []),
        ],
        confirm="열고 두 번째 번호 보기",
        title=f"{shown.number}: 내려받기 열기",
        back=reverse("copies:page", args=[pk]),
        done="",
        crumbs=crumbs_of(shown),
        icon="globe",
    )


@requires(MAKE)
@asks_again
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    is_out = shown.stage in OUT
    return confirm_screen(
        request,
        lambda form: leaving.withdraw(shown, why=form.cleaned_data["why"], by=officer(request)),
        question=f"{shown.number} 사본을 거두어들일까요?",
        consequences=[
            "여기에 둔 사본 파일을 모두 파기하고 내려받기를 닫습니다. 되돌릴 수 없습니다.",
            *(["이미 나간 파일은 돌아오지 않습니다. 상대방에게 따로 요구하십시오."] if is_out else []),
        ],
        confirm="거두어들이기",
        title=f"{shown.number}: 거두어들이기",
        back=reverse("copies:page", args=[pk]),
        done="사본을 거두어들였습니다.",
        form=filled_in(request, WithdrawForm),
        is_dangerous=True,
        crumbs=crumbs_of(shown),
        icon="cross",
    )
