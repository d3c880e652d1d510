"""카메라 접근권한 (ordinance art. 23(1)): asked, decided, ended; the half-yearly review; what the manager lifts once."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.timezone import localtime

from accounts.models import Officer
from portal import downloads
from portal.access import may, officer, requires
from portal.forms.competence import LiftForm, PermissionForm, ReasonForm, VerdictForm
from portal.pages import Action, crumb
from portal.screens import confirm_screen, filled_in, form_screen
from portal.sheets import Cell, Sheet, rows_of, sheet_list, sheet_page
from portal.views import looks
from records.competence import gates, personal_data
from records.competence_enums import PermissionState
from records.models import CameraPermission, GateLift, PermissionReview, PermissionReviewLine
from records.permissions import gate, granting, reviewing
from reports.handed_out import Paper

SEE, ASK, DECIDE = (
    "records.view_camerapermission",
    "records.add_camerapermission",
    "records.decide_camerapermission",
)
SEE_LIFTS, LIFT = "records.view_gatelift", "records.add_gatelift"
LIST, REVIEWS = ("카메라 접근권한", "permissions:list"), ("정기 점검", "permissions:reviews")
BADGES = {
    PermissionState.ASKED: "due",
    PermissionState.GRANTED: "ok",
    PermissionState.REFUSED: "failed",
    PermissionState.WITHDRAWN: "cancelled",
    PermissionState.ENDED: "cancelled",
}
# The page of a matter for which gates are lifted: one of footage, or a person's data alone.
PAGES: dict[str, tuple[str, str]] = {
    **looks.PAGES,
    "opinion": ("consultation:opinion", "의견"),
    "sign_report": ("sign_reports:report", "안내판 신고"),
    "committee_member": ("committee:member_contact", "위원"),
    "pledge": ("pledges:pledge", "보안서약"),
    "visit": ("visits:page", "출입"),
}
NOT_REQUIRED = (
    "지금은 역할과 사건으로만 제한하고, 카메라별 권한을 영상 재생의 요건으로 요구하지 않습니다(기준값 ‘영상 재생에 카메라별 "
    "접근권한을 요구함’). 부여·변경·말소와 점검은 기록됩니다."
)


def _rows() -> "QuerySet[CameraPermission]":
    rows = CameraPermission.objects.select_related("staff__officer", "camera", "replaces")
    return rows.defer("staff__name", "staff__address")


@requires(SEE)
def permission_list(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = _rows().filter(state=state) if state in PermissionState.values else _rows()

    def of_page(found: list[CameraPermission]) -> list[Any]:
        return [
            (
                Cell(f"{row.pk}", reverse("permissions:permission", args=[row.pk])),
                row.staff.number,
                row.group,
                ", ".join(row.ability_labels),
                f"{row.from_on:%Y-%m-%d} ~ {row.until_on:%Y-%m-%d}",
                Cell(row.get_state_display(), badge=BADGES[PermissionState(row.state)]),
            )
            for row in found
        ]

    return sheet_list(
        request,
        rows,
        of_page,
        ("번호", "사번", "카메라", "할 수 있는 일", "기간", "상태"),
        empty="권한이 없습니다.",
        title=LIST[0],
        intro="누가 어느 카메라로 무엇을 할 수 있는지입니다. 신청한 사람이 아닌 사람이 승인하고, 기록은 고치거나 지우지 않습니다."
        + ("" if gate.is_required() else f" {NOT_REQUIRED}"),
        icon="key",
        actions=[
            *(
                Action(each.label, f"{request.path}?state={each.value}", "list-ul")
                for each in (PermissionState.ASKED, PermissionState.GRANTED)
            ),
            Action("정기 점검", reverse(REVIEWS[1]), "clipboard-list"),
            Action("보는 요건의 예외", reverse("permissions:lifts"), "warning")
            if may(request.user, [SEE_LIFTS])
            else None,
            Action("권한 신청", reverse("permissions:ask"), "plus", is_primary=True)
            if may(request.user, [ASK])
            else None,
        ],
    )


@requires(ASK)
def ask(request: HttpRequest) -> HttpResponse:
    return _ask(request, None)


@requires(ASK)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return _ask(request, get_object_or_404(_rows(), pk=pk, state=PermissionState.GRANTED))


def _ask(request: HttpRequest, former: CameraPermission | None) -> HttpResponse:
    """A change is another permission, which takes the place of the former one when it is granted."""
    initial: dict[str, Any] = {"from_on": timezone.localdate()}
    if former is not None:
        names = ("scope", "purpose", "area", "abilities", "until_on")
        initial |= {name: getattr(former, name) for name in names}
        initial |= {"staff": former.staff_id, "camera": former.camera.number if former.camera else ""}
    return form_screen(
        request,
        filled_in(request, PermissionForm, initial=initial),
        lambda form: granting.ask(
            former.staff if former else form.cleaned_data["staff"],
            form.wish(),
            by=officer(request),
            replaces=former,
        ),
        title=f"권한 {former.pk}의 변경 신청" if former else "카메라 접근권한 신청",
        back=reverse(LIST[1]),
        to=lambda made: reverse("permissions:permission", args=[made.pk]),
        done="신청했습니다. 다른 사람이 승인하면 효력이 생깁니다.",
        submit="신청하기",
        notes=["꼭 필요한 카메라와 일만, 필요한 기간만 신청합니다(조례 제23조제1항)."],
        crumbs=[crumb(*LIST)],
    )


@requires(SEE)
def permission(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_rows(), pk=pk)
    moves = [
        (move.event_label, f"{localtime(move.at):%Y-%m-%d %H:%M}", move.by or "시스템", move.reason)
        for move in row.moves.select_related("by")
    ]
    return sheet_page(
        request,
        facts=[
            ("사번", row.staff.number),
            ("카메라", row.group),
            ("할 수 있는 일", ", ".join(row.ability_labels)),
            ("기간", f"{row.from_on:%Y-%m-%d} ~ {row.until_on:%Y-%m-%d}"),
            ("사유", row.reason),
            ("상태", row.get_state_display()),
            *([("바꾸는 권한", str(row.replaces))] if row.replaces else []),
        ],
        sheets=[Sheet("처리", ("처리", "때", "누가", "사유"), rows_of(moves))],
        title=str(row),
        icon="key",
        crumbs=[crumb(*LIST)],
        actions=_actions(request, row),
    )


def _actions(request: HttpRequest, row: CameraPermission) -> list[Action]:
    found = []
    may_ask, may_decide = may(request.user, [ASK]), may(request.user, [DECIDE])

    def act(label: str, name: str, icon: str, *, is_primary: bool = False) -> None:
        found.append(
            Action(label, reverse(f"permissions:{name}", args=[row.pk]), icon, is_primary=is_primary)
        )

    if row.state == PermissionState.ASKED:
        if may_decide:
            act("거부…", "refuse", "cross")
            act("승인…", "grant", "check", is_primary=True)
        if may_ask:
            act("신청 철회…", "withdraw", "rotate")
    elif row.state == PermissionState.GRANTED:
        if may_decide:
            act("말소…", "revoke", "bin")
        if may_ask:
            act("변경 신청", "change", "edit")
    return found


def _decision(
    request: HttpRequest, pk: int, act: Any, *, word: str, consequences: list[str], **more: Any
) -> HttpResponse:
    row = get_object_or_404(_rows(), pk=pk)
    asks_reason = more.pop("asks_reason", True)
    return confirm_screen(
        request,
        lambda form: act(row, by=officer(request), **(form.cleaned_data if form else {})),
        question=f"{row.staff.number}의 ‘{row.group}’ 권한({', '.join(row.ability_labels)})을 {word}할까요?",
        consequences=consequences,
        confirm=f"{word}하기",
        title=f"접근권한 {word}",
        back=reverse("permissions:permission", args=[pk]),
        done=f"{word}했습니다.",
        form=filled_in(request, ReasonForm) if asks_reason else None,
        crumbs=[crumb(*LIST)],
        **more,
    )


@requires(DECIDE)
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    consequences = [
        "적은 기간에 효력이 있습니다.",
        "부서나 역할이 바뀌거나 근무를 마치거나 오래 로그인하지 않으면 저절로 끝납니다.",
    ]
    return _decision(request, pk, granting.grant, word="승인", consequences=consequences, asks_reason=False)


@requires(DECIDE)
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    return _decision(request, pk, granting.refuse, word="거부", consequences=["다시 신청할 수 있습니다."])


@requires(ASK)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    consequences = ["신청한 기록은 남습니다."]
    return _decision(
        request, pk, granting.withdraw, word="철회", consequences=consequences, asks_reason=False
    )


@requires(DECIDE)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    consequences = ["지금 보고 있는 영상도 바로 끊깁니다.", "되돌리려면 새로 신청합니다."]
    return _decision(request, pk, granting.revoke, word="말소", consequences=consequences, is_dangerous=True)


# ---------------------------------------------------------------- the review


@requires(SEE)
def reviews(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    this = reviewing.half_of(today)
    open_halves = [half for half in (reviewing.before(this), this) if reviewing.may_open(half, today)]
    there = set(PermissionReview.objects.values_list("year", "half"))

    def of_page(found: list[PermissionReview]) -> list[Any]:
        return [
            (
                Cell(row, reverse("permissions:review", args=[row.pk])),
                f"{reviewing.due_on((row.year, row.half)):%Y-%m-%d}",
                Cell("확정함", badge="ok") if row.signed_at else Cell("점검 중", badge="due"),
                f"{row.signed_by}, {localtime(row.signed_at):%Y-%m-%d %H:%M}" if row.signed_at else "",
            )
            for row in found
        ]

    return sheet_list(
        request,
        PermissionReview.objects.select_related("signed_by"),
        of_page,
        ("점검", "기한", "상태", "확정"),
        empty="점검한 기록이 없습니다.",
        title="카메라 접근권한 정기 점검",
        intro="반기마다 부여된 권한을 하나씩 유지하거나 말소합니다. 자기의 권한은 다른 사람이 점검합니다.",
        icon="clipboard-list",
        crumbs=[crumb(*LIST)],
        actions=[
            Action(
                f"{half[0]}년 {'상반기' if half[1] == 1 else '하반기'} 점검 시작",
                reverse("permissions:review_begin", args=half),
                "plus",
                is_primary=True,
            )
            for half in open_halves
            if half not in there and may(request.user, [DECIDE])
        ],
    )


@requires(DECIDE)
def review_begin(request: HttpRequest, year: int, half: int) -> HttpResponse:
    if half not in (1, 2) or not 2011 <= year <= timezone.localdate().year:
        raise Http404("없는 반기입니다.")
    return confirm_screen(
        request,
        lambda form: reviewing.begin((year, half), by=officer(request)),
        question=f"{year}년 {'상반기' if half == 1 else '하반기'}의 접근권한을 점검할까요?",
        consequences=["지금 부여되어 있는 권한이 점검할 목록이 됩니다."],
        confirm="점검 시작하기",
        title="접근권한 점검 시작",
        back=reverse(REVIEWS[1]),
        to=lambda made: reverse("permissions:review", args=[made.pk]) if made else reverse(REVIEWS[1]),
        done="점검을 시작했습니다.",
        crumbs=[crumb(*LIST), crumb(*REVIEWS)],
    )


@requires(SEE)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PermissionReview.objects.select_related("signed_by"), pk=pk)
    may_judge = may(request.user, [DECIDE]) and row.signed_at is None
    contents = reviewing.lines_of(row)
    left = sum(not line["verdict"] for line in contents)
    rows = [
        (
            line["permission"],
            line["staff"],
            line["group"],
            ", ".join(line["abilities"]),
            f"{line['from']} ~ {line['until']}",
            _verdict(line, may_judge),
            line["reason"] or line["by"],
        )
        for line in contents
    ]
    actions = [Action("점검표 (PDF)", reverse("permissions:review_pdf", args=[pk]), "download")]
    if may_judge and left:
        actions.append(
            Action("나머지 모두 유지…", reverse("permissions:review_keep_rest", args=[pk]), "check")
        )
    if may_judge:
        actions.append(
            Action("점검 확정…", reverse("permissions:review_sign", args=[pk]), "check", is_primary=not left)
        )
    return sheet_page(
        request,
        facts=[
            ("기한", f"{reviewing.due_on((row.year, row.half)):%Y-%m-%d}"),
            ("남은 권한", f"{left:,}건"),
            (
                "확정",
                f"{row.signed_by}, {localtime(row.signed_at):%Y-%m-%d %H:%M}" if row.signed_at else "확정 전",
            ),
            *([("SHA-256", row.digest)] if row.digest else []),
        ],
        sheets=[
            Sheet(
                "권한",
                ("번호", "사번", "카메라", "할 수 있는 일", "기간", "결과", "사유·판단한 사람"),
                rows_of(rows),
            )
        ],
        title=str(row),
        icon="clipboard-list",
        crumbs=[crumb(*LIST), crumb(*REVIEWS)],
        actions=actions,
    )


def _verdict(line: dict[str, Any], may_judge: bool) -> Cell:
    url = reverse("permissions:judge", args=[line["line"]]) if may_judge and line["verdict"] != "cut" else ""
    if not line["verdict"]:
        return Cell("판단하기…" if url else "판단 전", url, badge="" if url else "due")
    return Cell(line["verdict_label"], url, badge="ok" if line["verdict"] == "keep" else "failed")


@requires(DECIDE)
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    rows = PermissionReviewLine.objects.select_related("review", "permission__staff", "permission__camera")
    line = get_object_or_404(rows.defer("permission__staff__name", "permission__staff__address"), pk=pk)
    one = line.permission
    return form_screen(
        request,
        filled_in(request, VerdictForm, initial={"verdict": line.verdict or "keep", "reason": line.reason}),
        lambda form: reviewing.judge(line, by=officer(request), **form.cleaned_data),
        title=f"권한 {one.pk}의 점검",
        back=reverse("permissions:review", args=[line.review_id]),
        done="판단을 기록했습니다.",
        notes=[
            f"{one.staff.number}: {one.group}, {', '.join(one.ability_labels)}",
            f"받은 사유: {one.reason}",
            "말소하면 바로 끝나고, 되돌리려면 새로 신청합니다.",
        ],
        crumbs=[crumb(*LIST), crumb(*REVIEWS)],
    )


@requires(DECIDE)
def review_keep_rest(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PermissionReview, pk=pk)
    back = reverse("permissions:review", args=[pk])
    return confirm_screen(
        request,
        lambda form: reviewing.keep_rest(row, by=officer(request)),
        question="아직 판단하지 않은 권한을 모두 유지할까요?",
        consequences=["하나씩 보고 필요한 권한임을 확인한 것으로 기록합니다.", "자기의 권한은 남습니다."],
        confirm="모두 유지하기",
        title="나머지 권한 유지",
        back=back,
        done=lambda count: f"{count:,}건을 유지로 기록했습니다.",
        crumbs=[crumb(*LIST), crumb(*REVIEWS)],
    )


@requires(DECIDE)
def review_sign(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PermissionReview, pk=pk)
    return confirm_screen(
        request,
        lambda form: reviewing.sign(row, by=officer(request)),
        question=f"{row}을 확정할까요?",
        consequences=["확정한 점검은 고칠 수 없습니다.", "확정한 내용의 해시가 원장에 남습니다."],
        confirm="확정하기",
        title="접근권한 점검 확정",
        back=reverse("permissions:review", args=[pk]),
        done=f"{row}을 확정했습니다.",
        crumbs=[crumb(*LIST), crumb(*REVIEWS)],
    )


@requires(SEE)
def review_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    from reports.documents import training  # loads the PDF library

    row = get_object_or_404(PermissionReview.objects.select_related("signed_by"), pk=pk)
    content, name = training.permission_review(row), f"접근권한_점검_{row.year}_{row.half}.pdf"
    if row.signed_at is None:
        return downloads.pdf(content, name)
    return downloads.finished(
        request,
        content,
        name,
        Paper.PERMISSION_REVIEW,
        number=f"{row.year}-{row.half}",
        about=row.ledger_subject,
    )


# ---------------------------------------------------------------- what the manager lifts


@requires(SEE_LIFTS)
def lifts(request: HttpRequest) -> HttpResponse:
    def of_page(found: list[GateLift]) -> list[Any]:
        return [
            (
                f"{localtime(row.at):%Y-%m-%d %H:%M}",
                str(row.officer),
                row.case_number,
                row.gate_labels,
                row.reason,
                str(row.lifted_by),
                f"{localtime(row.until_at):%Y-%m-%d %H:%M}",
            )
            for row in found
        ]

    return sheet_list(
        request,
        GateLift.objects.select_related("officer", "lifted_by"),
        of_page,
        ("허용한 때", "허용받은 사람", "사건", "넘은 요건", "사유", "허용한 사람", "끝나는 때"),
        empty="예외로 허용한 것이 없습니다.",
        title="영상·개인정보를 보는 요건의 예외 허용",
        intro="관리책임자가 사건 하나에 한하여 허용한 것입니다. 접속기록의 월간 점검에서 함께 확인합니다.",
        icon="warning",
        crumbs=[crumb(*LIST)],
    )


@requires(LIFT)
def lift(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """From the page where footage or a person's data of a matter is asked for."""
    matter = personal_data.find(kind, pk)
    if matter is None:
        raise Http404
    holders = _holders(matter.permissions).exclude(pk=officer(request).pk)
    page, label = PAGES[kind]
    return form_screen(
        request,
        filled_in(request, LiftForm, officers=holders),
        lambda form: gates.lift(
            form.cleaned_data["officer"],
            matter,
            form.cleaned_data["gates"],
            reason=form.cleaned_data["reason"],
            by=officer(request),
        ),
        title=f"{matter.number}: 영상·개인정보를 보는 요건의 예외 허용",
        back=reverse(page, args=[pk]),
        to=reverse("permissions:lifts"),
        done=lambda made: f"{localtime(made.until_at):%Y-%m-%d %H:%M}까지 이 사건에 한하여 허용했습니다.",
        submit="허용하기",
        notes=["자기에게는 허용할 수 없습니다.", "원장에 남고, 접속기록의 월간 점검에서 확인합니다."],
        crumbs=[crumb(f"{label} {matter.number}", page, pk)],
    )


def _holders(permissions: Iterable[str]) -> "QuerySet[Officer]":
    """Who has every one of these rights, by role or alone."""
    found = Officer.objects.filter(is_active=True)
    for name in permissions:
        app, codename = name.split(".")
        right = Permission.objects.filter(content_type__app_label=app, codename=codename)
        found = found.filter(Q(groups__permissions__in=right) | Q(user_permissions__in=right))
    return found.distinct().order_by("username")


urlpatterns = [
    path("", permission_list, name="list"),
    path("ask/", ask, name="ask"),
    path("<int:pk>/", permission, name="permission"),
    path("<int:pk>/change/", change, name="change"),
    path("<int:pk>/grant/", grant, name="grant"),
    path("<int:pk>/refuse/", refuse, name="refuse"),
    path("<int:pk>/withdraw/", withdraw, name="withdraw"),
    path("<int:pk>/revoke/", revoke, name="revoke"),
    path("reviews/", reviews, name="reviews"),
    path("reviews/begin/<int:year>/<int:half>/", review_begin, name="review_begin"),
    path("reviews/<int:pk>/", review, name="review"),
    path("reviews/<int:pk>/keep-rest/", review_keep_rest, name="review_keep_rest"),
    path("reviews/<int:pk>/sign/", review_sign, name="review_sign"),
    path("reviews/<int:pk>/review.pdf", review_pdf, name="review_pdf"),
    path("reviews/lines/<int:pk>/", judge, name="judge"),
    path("lifts/", lifts, name="lifts"),
    path("lifts/<slug:kind>/<int:pk>/", lift, name="lift"),
]
