"""자체점검 (Guideline art. 48): list, one year's document, its items, sign-off, where the result went."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone

from accounts.korean import josa
from portal import downloads, exports
from portal.access import may, officer, requires
from portal.forms.self_inspections import BeginForm, ItemForm, PublishForm, ReportForm, SignOffForm
from portal.pages import Action, Crumb, crumb, page
from portal.reauthentication import asks_again
from portal.screens import confirm_screen, filled_in, form_screen, list_screen
from records.models import SelfInspection
from records.self_inspection import calendar, inspecting, items
from reports.handed_out import Paper

SEE = "records.view_selfinspection"
KEEP = "records.change_selfinspection"
SIGN_OFF = "records.sign_off_selfinspection"
LIST = ("자체점검", "self_inspection:list")
KINDS = ("pdf", "xlsx")


@requires(SEE)
def inspection_list(request: HttpRequest) -> HttpResponse:
    last_year = timezone.localdate().year - 1
    rows = SelfInspection.objects.select_related("signed_off_by").order_by("-year", "-version")
    begin_it = Action("점검 시작하기", reverse("self_inspection:begin"), "plus", is_primary=True)
    return list_screen(
        request,
        "portal/self_inspections/list.html",
        rows,
        title="자체점검",
        intro=(
            "해마다 영상정보처리기기의 설치·운영을 스스로 점검하고 그 결과를 개인정보 보호위원회에 제출한 뒤 누리집에 "
            f"공개합니다(표준 개인정보 보호지침 제48조). {last_year}년의 제출 기한: {calendar.due_on(last_year)}"
        ),
        icon="clipboard-list",
        actions=[begin_it if may(request.user, [KEEP]) else None],
    )


@requires(KEEP)
def begin(request: HttpRequest) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, BeginForm),
        lambda sent: inspecting.begin(
            sent.cleaned_data["year"], by=officer(request), reason=sent.cleaned_data["reason"]
        ),
        title="자체점검 시작",
        back=reverse("self_inspection:list"),
        done=lambda made: f"{made}을 시작했습니다.",
        to=lambda made: reverse("self_inspection:page", args=[made.pk]),
        submit="시작하기",
        notes=[
            "여덟 항목에 시스템이 아는 자료를 채워 둡니다. 판단과 확정은 사람이 합니다.",
        ],
        crumbs=[crumb(*LIST)],
    )


@requires(SEE)
def inspection_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SelfInspection.objects.select_related("signed_off_by", "begun_by"), pk=pk)
    return page(
        request,
        "portal/self_inspections/page.html",
        {
            "inspection": found,
            "contents": inspecting.contents(found),
            "may_finish": not found.is_signed_off and may(request.user, [KEEP]),
            "due_on": calendar.due_on(found.year),
        },
        title=str(found),
        icon="clipboard-list",
        crumbs=[crumb(*LIST)],
        actions=_actions(request, found),
    )


def _actions(request: HttpRequest, found: SelfInspection) -> list[Action]:
    shown = [
        Action("점검표 (PDF)", reverse("self_inspection:document", args=[found.pk, "pdf"]), "download"),
        Action("점검표 (엑셀)", reverse("self_inspection:document", args=[found.pk, "xlsx"]), "download"),
    ]
    if not may(request.user, [SIGN_OFF]):
        return shown
    if not found.is_signed_off:
        shown.append(_step("확정하기…", "sign_off", found))
    elif found.reported_on is None:
        shown.append(_step("제출 기록하기", "report", found))
    elif found.published_on is None:
        shown.append(_step("공개 기록하기", "publish", found))
    return shown


def _step(label: str, name: str, found: SelfInspection) -> Action:
    return Action(label, reverse(f"self_inspection:{name}", args=[found.pk]), "check", is_primary=True)


@requires(KEEP)
def item(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One item, with what the system knows of it above the form."""
    found = get_object_or_404(SelfInspection, pk=pk)
    row = found.items.filter(code=code).first()
    if row is None:
        raise Http404("없는 항목입니다.")
    declared = items.of_code(code)
    return form_screen(
        request,
        filled_in(request, ItemForm, initial={"result": row.result, "words": row.words}),
        lambda sent: inspecting.finish_item(found, code, by=officer(request), **sent.cleaned_data),
        title=declared.title,
        back=reverse("self_inspection:page", args=[pk]),
        done=f"‘{declared.title}’의 점검 결과를 저장했습니다.",
        notes=[f"{fact['label']}: {fact['value']}" for fact in items.facts(declared, found.year)],
        crumbs=_crumbs(found),
    )


def _crumbs(found: SelfInspection) -> list[Crumb]:
    return [crumb(*LIST), crumb(str(found), "self_inspection:page", found.pk)]


@requires(SIGN_OFF)
def sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SelfInspection, pk=pk)
    return confirm_screen(
        request,
        lambda sent: inspecting.sign_off(found, opinion=sent.cleaned_data["opinion"], by=officer(request)),
        question=f"{found}을 확정할까요?",
        consequences=[
            "확정한 점검은 고칠 수 없습니다. 바로잡으려면 새 판으로 다시 점검합니다.",
            "확정한 내용의 해시가 원장에 남습니다.",
        ],
        confirm="확정하기",
        title="자체점검 확정",
        back=reverse("self_inspection:page", args=[pk]),
        done=f"{found}을 확정했습니다. 제출하면 제출한 날을 기록하십시오.",
        form=filled_in(request, SignOffForm, initial={"opinion": found.opinion}),
        crumbs=_crumbs(found),
    )


@requires(SIGN_OFF)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SelfInspection, pk=pk)
    return _where_it_went(
        request,
        found,
        ReportForm,
        partial(inspecting.report, found),
        "제출",
        "결과를 개인정보 보호위원회에 제출한 뒤 적습니다.",
    )


@requires(SIGN_OFF)
@asks_again
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SelfInspection, pk=pk)
    return _where_it_went(
        request,
        found,
        PublishForm,
        partial(inspecting.publish, found),
        "공개",
        "결과를 누리집에 올린 뒤 적습니다.",
    )


def _where_it_went(
    request: HttpRequest, found: SelfInspection, form: Any, act: Any, what: str, note: str
) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, form),
        lambda sent: act(by=officer(request), **sent.cleaned_data),
        title=f"자체점검 {what} 기록",
        back=reverse("self_inspection:page", args=[found.pk]),
        done=f"{found}의 {what}{josa(what, '을/를')} 기록했습니다.",
        submit="기록하기",
        notes=[note, "기록은 고치거나 지울 수 없습니다."],
        crumbs=_crumbs(found),
    )


@requires(SEE)
def document(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The inspection on paper, and as a workbook for a stated purpose."""
    from reports.documents import self_inspection  # loads the PDF library

    found = get_object_or_404(SelfInspection, pk=pk)
    name = f"자체점검_{found.year}_제{found.version}판.{kind}"
    if kind not in KINDS:
        raise Http404("없는 형식입니다.")
    if kind == "xlsx":
        return _workbook(request, found, name)
    content = self_inspection.pdf_of(found)
    if not found.is_signed_off:
        return downloads.pdf(content, name)
    return downloads.finished(
        request,
        content,
        name,
        Paper.SELF_INSPECTION,
        number=f"{found.year}-{found.version}",
        about=found.ledger_subject,
    )


def _workbook(request: HttpRequest, found: SelfInspection, file_name: str) -> HttpResponse:
    from reports.documents import self_inspection

    form = exports.WorkbookForm(request.POST or None, rows=found.items.count())
    if request.method == "POST" and form.is_valid():
        return exports.hand_out_workbook(
            request, self_inspection.xlsx_of(found), name="자체점검", file_name=file_name, form=form
        )
    return page(
        request,
        "portal/registers/form.html",
        {
            "form": form,
            "notes": ["점검 항목과 결과입니다.", "내려받은 사실은 원장에 남습니다."],
            "submit_label": "내려받기",
            "back_url": reverse("self_inspection:page", args=[found.pk]),
        },
        title="자체점검 내려받기",
        icon="download",
        crumbs=_crumbs(found),
    )


urlpatterns = [
    path("", inspection_list, name="list"),
    path("begin/", begin, name="begin"),
    path("<int:pk>/", inspection_page, name="page"),
    path("<int:pk>/items/<slug:code>/", item, name="item"),
    path("<int:pk>/sign-off/", sign_off, name="sign_off"),
    path("<int:pk>/report/", report, name="report"),
    path("<int:pk>/publish/", publish, name="publish"),
    path("<int:pk>/document.<slug:kind>", document, name="document"),
]
