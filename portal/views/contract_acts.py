"""위탁: the forms that enter, change and end contracts and record what was done about contractors."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cameras import contractor_supervision, contracts, findings
from cameras.models import (
    Camera,
    Contractor,
    ContractorInspection,
    EntrustmentContract,
    InspectionItem,
    InstallationProject,
    Reentrustment,
)
from cameras.projects import change_project
from casework import attachments
from portal.access import officer, requires
from portal.camera_selection import selection_of
from portal.forms.contracts import (
    ConsentForm,
    ContractCamerasForm,
    ContractForm,
    ContractorForm,
    DayForm,
    EndForm,
    InspectionForm,
    ItemForm,
    NameProjectForm,
    ReentrustmentForm,
    RemedyForm,
    TrainingForm,
)
from portal.forms.life import CameraNumbersForm
from portal.forms.refusals import refuse
from portal.pages import Crumb, crumb, page
from portal.views.contracts import CONTRACTORS, DECIDE, HOME, KEEP, crumbs_to

REGISTER = "portal/registers/form.html"


def _attempt(form: BaseForm, act: Callable[[], Any]) -> Any:
    """Do it, or write into the form why not; None when it was refused."""
    try:
        with transaction.atomic():
            return act()
    except ValidationError as error:
        refuse(form, error)
        return None


def _done(request: HttpRequest, contract: EntrustmentContract, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("contracts:contract", contract.pk)


def _form(
    request: HttpRequest,
    form: BaseForm,
    *,
    title: str,
    back: str,
    submit: str = "저장",
    notes: tuple[str, ...] = (),
    crumbs: list[Crumb],
    template: str = REGISTER,
) -> HttpResponse:
    return page(
        request,
        template,
        {"form": form, "submit_label": submit, "back_url": back, "notes": notes},
        title=title,
        icon="edit",
        crumbs=crumbs,
    )


# -- contracts


@requires(KEEP)
def enter(request: HttpRequest) -> HttpResponse:
    form = ContractForm(
        request.POST or None, request.FILES or None, initial={"contractor": request.GET.get("contractor", "")}
    )
    if request.method == "POST" and form.is_valid():

        def act() -> EntrustmentContract:
            made = contracts.enter(form.values, by=officer(request), today=timezone.localdate())
            made.attachments.add(*attachments.keep_all(form.cleaned_data["uploads"], by=officer(request)))
            return made

        if contract := _attempt(form, act):
            return _done(request, contract, f"위탁 계약 {contract.number}을(를) 등록했습니다.")
    return _form(
        request,
        form,
        title="위탁 계약 등록",
        back=reverse("contracts:list"),
        submit="등록",
        notes=(
            "다섯 가지 내용이 계약서에 없으면 비워 두고 등록할 수 있습니다. 그동안은 ‘조례 점검’에 충족하지 못한 것으로 나옵니다.",
        ),
        crumbs=[crumb(*HOME)],
        template="portal/contracts/form.html",
    )


@requires(KEEP)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(EntrustmentContract, pk=pk)
    form = ContractForm(request.POST or None, request.FILES or None, instance=contract)
    if request.method == "POST" and form.is_valid():

        def act() -> EntrustmentContract:
            changed = contracts.change(
                contract,
                form.values,
                by=officer(request),
                reason=form.cleaned_data["reason"],
                today=timezone.localdate(),
            )
            changed.attachments.add(*attachments.keep_all(form.cleaned_data["uploads"], by=officer(request)))
            return changed

        if changed := _attempt(form, act):
            return _done(request, changed, "변경한 내용을 저장했습니다.")
    return _form(
        request,
        form,
        title="위탁 계약 고치기",
        back=reverse("contracts:contract", args=[pk]),
        crumbs=crumbs_to(EntrustmentContract.objects.get(pk=pk)),
        template="portal/contracts/form.html",
    )


@requires(KEEP)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(EntrustmentContract, pk=pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if ended := _attempt(
            form,
            lambda: contracts.end_early(
                contract,
                on=given["on"],
                reason=given["reason"],
                by=officer(request),
                today=timezone.localdate(),
            ),
        ):
            return _done(request, ended, f"위탁 계약 {ended.number}을(를) 해지했습니다.")
    cameras = contracts.cameras_of(contract).in_service().count()
    return page(
        request,
        "portal/confirm.html",
        {
            "question": f"위탁 계약 {contract.number}을(를) 기간이 끝나기 전에 해지할까요?",
            "consequences": [
                "해지는 되돌릴 수 없습니다. 다시 맡기려면 새 계약을 등록합니다.",
                "끝나지 않은 재위탁도 같은 날 끝납니다.",
                f"운영 중인 카메라 {cameras:,}대에 적힌 수탁자는 그대로 남습니다. 다음 계약을 등록하거나 수탁자를 바꾸십시오.",
            ],
            "form": form,
            "confirm_label": "해지",
            "back_url": reverse("contracts:contract", args=[pk]),
            "is_dangerous": True,
        },
        title="중도 해지",
        crumbs=crumbs_to(contract),
    )


@requires("cameras.bulk_edit_camera")
def name_project(request: HttpRequest, pk: int) -> HttpResponse:
    """The contract is about a project with all its cameras."""
    contract = get_object_or_404(EntrustmentContract, pk=pk)
    form = NameProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        project: InstallationProject = form.cleaned_data["project"]
        changed = _attempt(
            form,
            lambda: change_project(
                project, {"contract": contract}, by=officer(request), reason=form.cleaned_data["reason"]
            ),
        )
        if changed is not None:
            many = Camera.objects.not_removed().filter(project=project).count()
            return _done(
                request, contract, f"사업 {project.number}(카메라 {many:,}대)을 계약의 대상으로 적었습니다."
            )
    return _form(
        request,
        form,
        title="계약의 사업 지정",
        back=reverse("contracts:contract", args=[pk]),
        submit="지정",
        notes=(
            "사업에 속하지 않은 카메라는 계약 화면의 ‘카메라 지정·해제’나 카메라 목록에서 골라 지정합니다.",
            "안내판이 이미 있는 카메라는 안내판의 내용이 달라져 다시 만들어야 합니다.",
        ),
        crumbs=crumbs_to(contract),
    )


@requires("cameras.bulk_edit_camera")
def contract_cameras(request: HttpRequest) -> HttpResponse:
    """Chosen cameras are named for a contract, or released from it."""
    selection = selection_of(request)
    asked = request.GET.get("contract", "")
    if not selection.is_made:
        return page(
            request,
            "portal/life/choose_cameras.html",
            {
                "form": CameraNumbersForm(),
                "list_url": reverse("cameras:list"),
                "hidden": [("contract", asked)] if asked.isdigit() else [],
            },
            title="계약의 카메라 지정·해제",
            crumbs=[crumb(*HOME)],
        )
    form = ContractCamerasForm(request.POST or None, initial={"contract": asked})
    if request.method == "POST" and form.is_valid():
        contract = form.cleaned_data["contract"]
        is_naming = form.cleaned_data["act"] == ContractCamerasForm.NAME
        act = contracts.name_cameras if is_naming else contracts.release_cameras
        many = _attempt(
            form,
            lambda: act(
                contract,
                selection.cameras,
                by=officer(request),
                reason=form.cleaned_data["reason"],
                today=timezone.localdate(),
            ),
        )
        if many is not None:
            done = "지정했습니다" if is_naming else "해제했습니다"
            return _done(request, contract, f"카메라 {many:,}대를 {done}.")
    return _form(
        request,
        form,
        title=f"계약의 카메라 지정·해제: {selection.cameras.count():,}대",
        back=selection.back_url,
        submit="처리",
        notes=(
            f"고른 카메라: {', '.join(selection.words)}",
            *([f"대장에 없는 번호: {', '.join(selection.unknown[:10])}"] if selection.unknown else []),
            "안내판이 이미 있는 카메라는 안내판의 내용이 달라져 다시 만들어야 합니다.",
        ),
        crumbs=[crumb(*HOME)],
    )


# -- training and inspection


@requires(KEEP)
def training_add(request: HttpRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(EntrustmentContract, pk=pk)
    form = TrainingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def act() -> Any:
            training = contractor_supervision.record_training(
                contract,
                on=given["on"],
                subject=given["subject"],
                attendees=given["attendees"],
                trainer=given["trainer"],
                by=officer(request),
                today=timezone.localdate(),
            )
            training.attachments.add(*attachments.keep_all(given["uploads"], by=officer(request)))
            return training

        if _attempt(form, act):
            return _done(request, contract, "수탁자 교육을 기록했습니다.")
    return _form(
        request,
        form,
        title="수탁자 교육 기록",
        back=reverse("contracts:contract", args=[pk]),
        submit="기록",
        notes=("기록한 교육은 고치거나 지울 수 없습니다. (조례 제11조제3항, 개인정보 보호법 제26조제4항)",),
        crumbs=crumbs_to(contract),
    )


@requires(KEEP)
def inspection_add(request: HttpRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(EntrustmentContract, pk=pk)
    items = contractor_supervision.items_in_use()
    form = InspectionForm(request.POST or None, request.FILES or None, items=items)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def act() -> Any:
            inspection = contractor_supervision.record_inspection(
                contract,
                form.answers,
                on=given["on"],
                findings=given["findings"],
                by=officer(request),
                today=timezone.localdate(),
            )
            inspection.attachments.add(*attachments.keep_all(given["uploads"], by=officer(request)))
            return inspection

        if _attempt(form, act):
            return _done(request, contract, "수탁자 점검을 기록했습니다.")
    return _form(
        request,
        form,
        title="수탁자 점검 기록",
        back=reverse("contracts:contract", args=[pk]),
        submit="기록",
        notes=("기록한 점검은 고치거나 지울 수 없습니다. (조례 제11조제3항)",),
        crumbs=crumbs_to(contract),
        template="portal/contracts/inspection.html",
    )


@requires(KEEP)
def remedy(request: HttpRequest, pk: int) -> HttpResponse:
    inspection = get_object_or_404(ContractorInspection.objects.select_related("contract"), pk=pk)
    form = RemedyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if _attempt(
            form,
            lambda: contractor_supervision.record_remedy(
                inspection,
                on=given["on"],
                remedy=given["remedy"],
                by=officer(request),
                today=timezone.localdate(),
            ),
        ):
            return _done(request, inspection.contract, "시정한 내용을 기록했습니다.")
    bad = [f"{line['label']} {line['note']}" for line in inspection.checklist if line["result"] == "bad"]
    return _form(
        request,
        form,
        title="지적 사항 시정",
        back=reverse("contracts:contract", args=[inspection.contract_id]),
        submit="시정 완료",
        notes=(f"{inspection.on:%Y-%m-%d} 점검에서 지적한 것:", *bad),
        crumbs=crumbs_to(inspection.contract),
    )


# -- re-entrustment


@requires(KEEP)
def reentrustment_add(request: HttpRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(EntrustmentContract.objects.select_related("contractor"), pk=pk)
    form = ReentrustmentForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and _attempt(
            form,
            lambda: contracts.ask_for_reentrustment(
                contract, **form.cleaned_data, today=timezone.localdate()
            ),
        )
    ):
        return _done(request, contract, "재위탁 요청을 기록했습니다. 동의하기 전에는 재위탁할 수 없습니다.")
    return _form(
        request,
        form,
        title="재위탁 요청 기록",
        back=reverse("contracts:contract", args=[pk]),
        submit="기록",
        notes=("수탁자가 다시 위탁하려면 구의 동의를 받아야 합니다. (개인정보 보호법 제26조제6항)",),
        crumbs=crumbs_to(contract),
    )


@requires(DECIDE)
def reentrustment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(Reentrustment.objects.select_related("contract"), pk=pk)
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, by, today = form.cleaned_data, officer(request), timezone.localdate()
        if given["decision"] == ConsentForm.CONSENT:
            done = _attempt(
                form,
                lambda: contracts.consent(
                    asked, on=given["on"], document=given["document"], by=by, today=today
                ),
            )
        else:
            done = _attempt(
                form,
                lambda: contracts.refuse(asked, on=given["on"], reason=given["reason"], by=by, today=today),
            )
        if done:
            return _done(request, asked.contract, "재위탁 요청에 대한 결정을 기록했습니다.")
    return _form(
        request,
        form,
        title=f"재위탁 결정: {asked.contractor_name}",
        back=reverse("contracts:contract", args=[asked.contract_id]),
        submit="결정",
        notes=(
            f"재위탁 업무: {asked.scope}",
            "결정은 되돌릴 수 없습니다. 거부한 뒤 동의하려면 새로 요청을 받아 기록합니다.",
        ),
        crumbs=crumbs_to(asked.contract),
    )


@requires(KEEP)
def reentrustment_end(request: HttpRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(Reentrustment.objects.select_related("contract"), pk=pk)
    form = DayForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and _attempt(
            form,
            lambda: contracts.end_reentrustment(
                asked, on=form.cleaned_data["on"], today=timezone.localdate()
            ),
        )
    ):
        return _done(request, asked.contract, "재위탁을 끝냈습니다.")
    return _form(
        request,
        form,
        title=f"재위탁 끝내기: {asked.contractor_name}",
        back=reverse("contracts:contract", args=[asked.contract_id]),
        submit="끝내기",
        crumbs=crumbs_to(asked.contract),
    )


# -- contractors and items


@requires("cameras.add_contractor")
def contractor_add(request: HttpRequest) -> HttpResponse:
    return _keep_contractor(request, ContractorForm(request.POST or None), "수탁자 등록")


@requires("cameras.change_contractor")
def contractor_edit(request: HttpRequest, pk: int) -> HttpResponse:
    contractor = get_object_or_404(Contractor, pk=pk)
    return _keep_contractor(
        request, ContractorForm(request.POST or None, instance=contractor), "수탁자 고치기"
    )


def _keep_contractor(request: HttpRequest, form: ContractorForm, title: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            contractor = form.save()
            findings.follow_entrustment()
        messages.success(request, f"수탁자 {contractor.name}을(를) 저장했습니다.")
        return redirect("contracts:contractor", contractor.pk)
    return _form(
        request,
        form,
        title=title,
        back=reverse("contracts:contractors"),
        notes=("이름이나 연락처가 바뀌면 안내판과 방침도 달라져야 합니다.",),
        crumbs=[crumb(*CONTRACTORS)],
    )


@requires("cameras.add_inspectionitem")
def item_add(request: HttpRequest) -> HttpResponse:
    form = ItemForm(request.POST or None)
    for name in ("position", "is_in_use"):
        del form.fields[name]
    if (
        request.method == "POST"
        and form.is_valid()
        and _attempt(
            form,
            lambda: contractor_supervision.add_item(
                form.cleaned_data["label"], citation=form.cleaned_data["citation"]
            ),
        )
    ):
        messages.success(request, "점검 항목을 추가했습니다.")
        return redirect("contracts:items")
    return _form(
        request,
        form,
        title="점검 항목 추가",
        back=reverse("contracts:items"),
        crumbs=[crumb("수탁자 점검 항목", "contracts:items")],
    )


@requires("cameras.change_inspectionitem")
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    form = ItemForm(request.POST or None, instance=get_object_or_404(InspectionItem, pk=pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "점검 항목을 저장했습니다.")
        return redirect("contracts:items")
    return _form(
        request,
        form,
        title="점검 항목 고치기",
        back=reverse("contracts:items"),
        crumbs=[crumb("수탁자 점검 항목", "contracts:items")],
    )
