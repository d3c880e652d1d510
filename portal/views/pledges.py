"""보안서약 (ordinance art. 25(2)): who swore what, the texts in versions, papers that were brought."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone

from portal.access import may, officer, requires
from portal.forms.competence import OtherPledgeForm, PledgeTextForm, ReasonForm, StaffPledgeForm
from portal.pages import Action, crumb
from portal.screens import checked_screen, confirm_screen, filled_in, form_screen
from portal.sheets import Cell, sheet_list, sheet_page
from portal.views.training import KEEP, PEOPLE
from records.competence import pledges
from records.models import Pledge, PledgeText, StaffMember

SEE, CHANGE_TEXT = "records.view_pledge", "records.change_pledgetext"
LIST, TEXTS = ("보안서약", "pledges:list"), ("서약서 문안", "pledges:texts")


def _who(row: Pledge) -> str:
    return row.staff.number if row.staff else f"{row.organisation or '소속 없음'} ({row.about})"


@requires(SEE)
def pledge_list(request: HttpRequest) -> HttpResponse:
    rows = Pledge.objects.select_related("staff", "text").defer("name", "staff__name", "staff__address")

    def of_page(found: list[Pledge]) -> list[Any]:
        return [
            (
                Cell(f"{row.signed_on:%Y-%m-%d}", reverse("pledges:pledge", args=[row.pk])),
                row.get_kind_display(),
                _who(row),
                row.get_way_display(),
                f"제{row.text.version}판",
                Cell("취소", badge="cancelled") if row.withdrawn_at else Cell("서약", badge="ok"),
            )
            for row in found
        ]

    keep = Action("출입자·제공받는 사람의 서약서 등록", reverse("pledges:file"), "plus", is_primary=True)
    return sheet_list(
        request,
        rows,
        of_page,
        ("서약일", "구분", "누가", "방법", "문안", "상태"),
        empty="서약 기록이 없습니다.",
        title="보안서약",
        intro="근무하는 사람은 ‘내 교육·서약’에서 스스로 서명합니다. 종이로 받은 서약서는 사본을 등록합니다.",
        icon="edit",
        crumbs=[crumb(*PEOPLE)],
        actions=[
            Action("서약서 문안", reverse(TEXTS[1]), "doc-full"),
            keep if may(request.user, [KEEP]) else None,
        ],
    )


@requires(SEE)
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Pledge.objects.select_related("staff", "text", "recorded_by").defer(
            "name", "staff__name", "staff__address"
        ),
        pk=pk,
    )
    end = Action("서약 취소…", reverse("pledges:withdraw", args=[pk]), "cross")
    return sheet_page(
        request,
        facts=[
            ("누가", _who(row)),
            ("서약일", f"{row.signed_on:%Y-%m-%d}"),
            ("방법", row.get_way_display()),
            ("문안", str(row.text)),
            ("문안의 SHA-256", row.digest),
            ("기록", f"{row.recorded_by}, {timezone.localtime(row.recorded_at):%Y-%m-%d %H:%M}"),
            *([("취소", row.withdrawn_why)] if row.withdrawn_at else []),
        ],
        texts=[row.text.text],
        attachments=row.attachments.all(),
        title=f"{row.get_kind_display()} 보안서약",
        icon="edit",
        crumbs=[crumb(*PEOPLE), crumb(*LIST)],
        actions=[end] if may(request.user, [KEEP]) and not row.withdrawn_at else (),
    )


@requires(KEEP)
def file(request: HttpRequest) -> HttpResponse:
    """Of a visitor or a recipient."""
    return form_screen(
        request,
        filled_in(request, OtherPledgeForm),
        lambda form: pledges.file(by=officer(request), **form.cleaned_data),
        title="출입자·제공받는 사람의 서약서",
        back=reverse(LIST[1]),
        done="서약서를 등록했습니다.",
        crumbs=[crumb(*PEOPLE), crumb(*LIST)],
    )


@requires(KEEP)
def file_staff(request: HttpRequest, pk: int) -> HttpResponse:
    staff = get_object_or_404(StaffMember.objects.defer("name", "address"), pk=pk)
    return form_screen(
        request,
        filled_in(request, StaffPledgeForm),
        lambda form: pledges.file(staff=staff, by=officer(request), **form.cleaned_data),
        title=f"종이 서약서 등록: {staff.number}",
        back=reverse("training:person", args=[pk]),
        done="서약서를 등록했습니다.",
        notes=["서약한 날부터 셉니다. 오늘보다 뒤의 날은 적을 수 없습니다."],
        crumbs=[crumb(*PEOPLE)],
    )


@requires(KEEP)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Pledge, pk=pk)
    return confirm_screen(
        request,
        lambda form: pledges.withdraw(row, by=officer(request), **form.cleaned_data),
        question=f"{row.signed_on:%Y-%m-%d}의 서약을 취소할까요?",
        consequences=["잘못 등록한 서약일 때만 취소합니다. 기록은 남고 더는 세지 않습니다."],
        confirm="서약 취소",
        title="보안서약 취소",
        back=reverse("pledges:pledge", args=[pk]),
        done="서약을 취소했습니다.",
        form=filled_in(request, ReasonForm),
        is_dangerous=True,
        crumbs=[crumb(*PEOPLE), crumb(*LIST)],
    )


@requires(SEE)
def texts(request: HttpRequest) -> HttpResponse:
    def of_page(found: list[PledgeText]) -> list[Any]:
        return [
            (
                Cell(row, reverse("pledges:text", args=[row.pk])),
                f"{row.effective_on:%Y-%m-%d}",
                row.published_by,
                row.digest[:16],
            )
            for row in found
        ]

    add = Action("새 판 확정", reverse("pledges:text_add"), "plus", is_primary=True)
    return sheet_list(
        request,
        PledgeText.objects.select_related("published_by"),
        of_page,
        ("문안", "시행일", "확정한 사람", "SHA-256"),
        empty="문안이 없습니다.",
        title="서약서 문안",
        intro="확정한 문안은 고칠 수 없습니다. 바꾸려면 새 판을 확정합니다. 법령이 정한 서식은 없습니다.",
        icon="doc-full",
        crumbs=[crumb(*PEOPLE), crumb(*LIST)],
        actions=[add if may(request.user, [CHANGE_TEXT]) else None],
    )


@requires(SEE)
def text(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PledgeText, pk=pk)
    return sheet_page(
        request,
        facts=[("시행일", f"{row.effective_on:%Y-%m-%d}"), ("SHA-256", row.digest)],
        texts=[row.text],
        title=str(row),
        icon="doc-full",
        crumbs=[crumb(*PEOPLE), crumb(*TEXTS)],
    )


@requires(CHANGE_TEXT)
def text_add(request: HttpRequest) -> HttpResponse:
    return checked_screen(
        request,
        filled_in(request, PledgeTextForm),
        lambda form: pledges.publish_text(
            form.cleaned_data["kind"],
            form.cleaned_data["text"],
            effective_on=form.cleaned_data["effective_on"],
            by=officer(request),
        ),
        consequences=lambda form: ["확정한 문안은 고칠 수 없습니다.", "시행일부터 이 문안으로 서약합니다."],
        title="서약서 문안의 새 판",
        back=reverse(TEXTS[1]),
        done=lambda made: f"{made}을 확정했습니다.",
        crumbs=[crumb(*PEOPLE), crumb(*TEXTS)],
    )


urlpatterns = [
    path("", pledge_list, name="list"),
    path("<int:pk>/", pledge, name="pledge"),
    path("<int:pk>/withdraw/", withdraw, name="withdraw"),
    path("file/", file, name="file"),
    path("file/<int:pk>/", file_staff, name="file_staff"),
    path("texts/", texts, name="texts"),
    path("texts/<int:pk>/", text, name="text"),
    path("texts/add/", text_add, name="text_add"),
]
