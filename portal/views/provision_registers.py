"""이용·제공: the register of agencies, and who may sign which step."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.korean import josa
from portal.access import may, officer, requires
from portal.forms.provision import AuthorityForm, DayForm, UnitCorrectionForm, UnitForm
from portal.pages import Action, crumb
from portal.screens import filled_in, form_screen, list_screen
from portal.views.provision_list import HOME
from records.models import AgencyUnit, ApprovalAuthority
from records.provision import authority, bodies

UNITS = ("기관 명부", "provision:agencies")
AUTHORITIES = ("결재권", "provision:authorities")


@requires("records.view_agency")
def agencies(request: HttpRequest) -> HttpResponse:
    may_change = may(request.user, ["records.change_agency"])
    return list_screen(
        request,
        "portal/provision/agencies.html",
        AgencyUnit.objects.select_related("agency").order_by("agency__name", "name"),
        title=UNITS[0],
        intro="영상을 제공받는 기관과 그 부서입니다. 같은 기관은 언제나 같은 이름으로 대장에 적힙니다.",
        icon="group",
        crumbs=[crumb(*HOME)],
        may_change=may_change,
        actions=[
            Action("기관·부서 등록…", reverse("provision:agency_add"), "plus", is_primary=True)
            if may_change
            else None
        ],
    )


@requires("records.change_agency")
def agency_add(request: HttpRequest) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, UnitForm),
        lambda form: bodies.add_unit(
            form.cleaned_data["agency_name"],
            form.cleaned_data["name"],
            phone=form.cleaned_data["phone"],
            address=form.cleaned_data["address"],
            by=officer(request),
        ),
        title="기관·부서 등록",
        back=reverse("provision:agencies"),
        done=lambda unit: f"{unit}{josa(unit, '을/를')} 등록했습니다.",
        submit="등록",
        icon="plus",
        crumbs=[crumb(*HOME), crumb(*UNITS)],
    )


@requires("records.change_agency")
def agency_edit(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(AgencyUnit.objects.select_related("agency"), pk=pk)
    initial = {"name": unit.name, "phone": unit.phone, "address": unit.address}
    return form_screen(
        request,
        filled_in(request, UnitCorrectionForm, initial=initial),
        lambda form: bodies.correct_unit(unit, **form.cleaned_data, by=officer(request)),
        title=f"정정: {unit}",
        back=reverse("provision:agencies"),
        done="고쳤습니다. 이미 나간 공문은 그대로입니다.",
        crumbs=[crumb(*HOME), crumb(*UNITS)],
    )


@requires("records.view_approvalauthority")
def authorities(request: HttpRequest) -> HttpResponse:
    may_change = may(request.user, ["records.change_approvalauthority"])
    return list_screen(
        request,
        "portal/provision/authorities.html",
        ApprovalAuthority.objects.select_related("officer", "entered_by").order_by("step", "-from_on", "pk"),
        title=AUTHORITIES[0],
        intro="이용·제공의 결재 단계를 이 화면에서 결재할 수 있는 사람입니다. 여기에 없는 단계는 결재가 끝난 문서를 기록합니다.",
        icon="key",
        crumbs=[crumb(*HOME)],
        today=timezone.localdate(),
        may_change=may_change,
        actions=[
            Action("결재권 기록…", reverse("provision:authority_add"), "plus", is_primary=True)
            if may_change
            else None
        ],
    )


@requires("records.change_approvalauthority")
def authority_add(request: HttpRequest) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, AuthorityForm),
        lambda form: authority.grant(
            form.cleaned_data["officer"],
            form.cleaned_data["step"],
            form.cleaned_data["capacity"],
            from_on=form.cleaned_data["from_on"],
            until_on=form.cleaned_data["until_on"],
            document_number=form.cleaned_data["document_number"],
            by=officer(request),
        ),
        title="결재권 기록",
        back=reverse("provision:authorities"),
        done=lambda row: f"{row}{josa(row, '을/를')} 기록했습니다.",
        icon="key",
        notes=["자기에게는 줄 수 없습니다. 다른 사람이 기록합니다. 기록한 것은 원장에 남습니다."],
        crumbs=[crumb(*HOME), crumb(*AUTHORITIES)],
    )


@requires("records.change_approvalauthority")
def authority_end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ApprovalAuthority.objects.select_related("officer"), pk=pk)
    return form_screen(
        request,
        filled_in(request, DayForm, initial={"on": timezone.localdate()}),
        lambda form: authority.end(row, on=form.cleaned_data["on"], by=officer(request)),
        title=f"결재권 종료: {row}",
        back=reverse("provision:authorities"),
        done="결재권의 마지막 날을 기록했습니다.",
        icon="key",
        crumbs=[crumb(*HOME), crumb(*AUTHORITIES)],
    )
