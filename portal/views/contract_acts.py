"""위탁: the forms that enter, change and end contracts and record what was done about contractors."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.korean import josa
from cameras import contractor_supervision, contracts, reentrustment
from cameras.models import (
    Camera,
    Contractor,
    ContractorInspection,
    EntrustmentContract,
    InspectionItem,
    Reentrustment,
)
from cameras.projects import change_project
from casework.refusals import refuse_if
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
from portal.pages import crumb, page
from portal.screens import Act, checked_screen, confirm_screen, filled_in, form_screen
from portal.views.contracts import CONTRACTORS, DECIDE, HOME, KEEP, crumbs_to

ENTRY = "portal/contracts/form.html"


def _who_and_when(request: HttpRequest) -> dict[str, Any]:
    return {"by": officer(request), "today": timezone.localdate()}


def _to(contract: EntrustmentContract) -> str:
    return reverse("contracts:contract", args=[contract.pk])


def _form(
    request: HttpRequest, form: BaseForm, act: Act, contract: EntrustmentContract, **words: Any
) -> HttpResponse:
    """A form about one contract, which leads back to its page."""
    return form_screen(request, form, act, back=_to(contract), crumbs=crumbs_to(contract), **words)


# -- contracts


@requires(KEEP)
def enter(request: HttpRequest) -> HttpResponse:
    form = filled_in(request, ContractForm, initial={"contractor": request.GET.get("contractor", "")})
    return form_screen(
        request,
        form,
        lambda form: contracts.enter(
            form.values, files=form.cleaned_data["uploads"], **_who_and_when(request)
        ),
        title="위탁 계약 등록",
        back=reverse("contracts:list"),
        done=lambda contract: f"위탁 계약 {contract.number}{josa(contract.number, '을/를')} 등록했습니다.",
        to=_to,
        submit="등록",
        notes=[
            "다섯 가지 내용이 계약서에 없으면 비워 두고 등록할 수 있습니다. 그동안은 ‘조례 점검’에 충족하지 못한 것으로 나옵니다.",
        ],
        crumbs=[crumb(*HOME)],
        template=ENTRY,
    )


@requires(KEEP)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(EntrustmentContract, pk=pk)
    return _form(
        request,
        # A form of its own row: what is typed must not show in the crumbs.
        filled_in(request, ContractForm, instance=EntrustmentContract.objects.get(pk=pk)),
        lambda form: contracts.change(
            contract,
            form.values,
            reason=form.cleaned_data["reason"],
            files=form.cleaned_data["uploads"],
            **_who_and_when(request),
        ),
        contract,
        title="위탁 계약 고치기",
        done="변경한 내용을 저장했습니다.",
        template=ENTRY,
    )


@requires(KEEP)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(EntrustmentContract, pk=pk)
    cameras = contracts.cameras_of(contract).in_service().count()
    return confirm_screen(
        request,
        lambda form: contracts.end_early(contract, **form.cleaned_data, **_who_and_when(request)),
        question=f"위탁 계약 {contract.number}{josa(contract.number, '을/를')} 기간이 끝나기 전에 해지할까요?",
        consequences=[
            "해지는 되돌릴 수 없습니다. 다시 맡기려면 새 계약을 등록합니다.",
            "끝나지 않은 재위탁도 같은 날 끝납니다.",
            f"운영 중인 카메라 {cameras:,}대를 이 계약으로 맡긴 것이 해지일에 끝납니다. 계속 맡기려면 다음 계약을 등록하십시오.",
            "다른 계약으로 맡기지 않은 카메라는 안내판과 운영·관리 방침에서 수탁자가 빠지므로, 안내판을 다시 만들어야 합니다.",
        ],
        confirm="해지",
        title="중도 해지",
        back=_to(contract),
        done=f"위탁 계약 {contract.number}{josa(contract.number, '을/를')} 해지했습니다.",
        form=filled_in(request, EndForm),
        is_dangerous=True,
        crumbs=crumbs_to(contract),
    )


@requires("cameras.bulk_edit_camera")
def name_project(request: HttpRequest, pk: int) -> HttpResponse:
    """The contract is about a project with all its cameras."""
    contract = get_object_or_404(EntrustmentContract, pk=pk)

    def name(form: NameProjectForm) -> str:
        project, reason = form.cleaned_data["project"], form.cleaned_data["reason"]
        change_project(project, {"contract": contract}, by=officer(request), reason=reason)
        many = Camera.objects.not_removed().filter(project=project).count()
        return f"사업 {project.number}(카메라 {many:,}대)을 계약의 대상으로 적었습니다."

    return _form(
        request,
        filled_in(request, NameProjectForm),
        name,
        contract,
        title="계약의 사업 지정",
        done=str,
        submit="지정",
        notes=[
            "사업에 속하지 않은 카메라는 계약 화면의 ‘카메라 지정·해제’나 카메라 대장에서 골라 지정합니다.",
            "안내판이 이미 있는 카메라는 안내판의 내용이 달라져 다시 만들어야 합니다.",
        ],
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

    def name_or_release(form: ContractCamerasForm) -> tuple[EntrustmentContract, str]:
        given = form.cleaned_data
        is_naming = given["act"] == ContractCamerasForm.NAME
        act = contracts.name_cameras if is_naming else contracts.release_cameras
        many = act(given["contract"], selection.cameras, reason=given["reason"], **_who_and_when(request))
        return given["contract"], f"카메라 {many:,}대를 {'지정' if is_naming else '해제'}했습니다."

    return form_screen(
        request,
        filled_in(request, ContractCamerasForm, initial={"contract": asked}),
        name_or_release,
        title=f"계약의 카메라 지정·해제: {selection.cameras.count():,}대",
        back=selection.back_url,
        done=lambda made: made[1],
        to=lambda made: _to(made[0]),
        submit="처리",
        notes=[
            f"고른 카메라: {', '.join(selection.words)}",
            *([f"대장에 없는 번호: {', '.join(selection.unknown[:10])}"] if selection.unknown else []),
            "안내판이 이미 있는 카메라는 안내판의 내용이 달라져 다시 만들어야 합니다.",
        ],
        crumbs=[crumb(*HOME)],
    )


# -- training and inspection


@requires(KEEP)
def training_add(request: HttpRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(EntrustmentContract, pk=pk)

    def record(form: TrainingForm) -> None:
        given = {**form.cleaned_data}
        files = given.pop("uploads")
        contractor_supervision.record_training(contract, files=files, **given, **_who_and_when(request))

    return _form(
        request,
        filled_in(request, TrainingForm),
        record,
        contract,
        title="수탁자 교육 기록",
        done="수탁자 교육을 기록했습니다.",
        submit="기록",
        notes=["기록한 교육은 고치거나 지울 수 없습니다. (조례 제11조제3항, 개인정보 보호법 제26조제4항)"],
    )


@requires(KEEP)
def inspection_add(request: HttpRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(EntrustmentContract, pk=pk)
    return _form(
        request,
        filled_in(request, InspectionForm, items=contractor_supervision.items_in_use()),
        lambda form: contractor_supervision.record_inspection(
            contract,
            form.answers,
            on=form.cleaned_data["on"],
            findings=form.cleaned_data["findings"],
            files=form.cleaned_data["uploads"],
            **_who_and_when(request),
        ),
        contract,
        title="수탁자 점검 기록",
        done="수탁자 점검을 기록했습니다.",
        submit="기록",
        notes=["기록한 점검은 고치거나 지울 수 없습니다. (조례 제11조제3항)"],
        template="portal/contracts/inspection.html",
    )


@requires(KEEP)
def remedy(request: HttpRequest, pk: int) -> HttpResponse:
    inspection = get_object_or_404(ContractorInspection.objects.select_related("contract"), pk=pk)
    bad = [f"{line['label']} {line['note']}" for line in inspection.checklist if line["result"] == "bad"]
    return _form(
        request,
        filled_in(request, RemedyForm),
        lambda form: contractor_supervision.record_remedy(
            inspection, **form.cleaned_data, **_who_and_when(request)
        ),
        inspection.contract,
        title="지적 사항 시정",
        done="시정한 내용을 기록했습니다.",
        submit="시정 완료",
        notes=[f"{inspection.on:%Y-%m-%d} 점검에서 지적한 것:", *bad],
    )


# -- re-entrustment


@requires(KEEP)
def reentrustment_add(request: HttpRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(EntrustmentContract.objects.select_related("contractor"), pk=pk)
    return _form(
        request,
        filled_in(request, ReentrustmentForm),
        lambda form: reentrustment.ask(contract, **form.cleaned_data, **_who_and_when(request)),
        contract,
        title="재위탁 요청 기록",
        done="재위탁 요청을 기록했습니다. 동의하기 전에는 재위탁할 수 없습니다.",
        submit="기록",
        notes=["수탁자가 다시 위탁하려면 구의 동의를 받아야 합니다. (개인정보 보호법 제26조제6항)"],
    )


@requires(DECIDE)
def reentrustment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(Reentrustment.objects.select_related("contract"), pk=pk)

    def decide(form: ConsentForm) -> Reentrustment:
        given, day = form.cleaned_data, {"on": form.cleaned_data["on"], **_who_and_when(request)}
        if given["decision"] == ConsentForm.CONSENT:
            return reentrustment.consent(asked, document=given["document"], **day)
        return reentrustment.refuse(asked, reason=given["reason"], **day)

    return checked_screen(
        request,
        filled_in(request, ConsentForm),
        decide,
        consequences=lambda form: _what_follows(asked, form),
        title=f"재위탁 결정: {asked.contractor_name}",
        back=_to(asked.contract),
        done="재위탁 요청에 대한 결정을 기록했습니다.",
        confirm_label="결정",
        notes=[f"재위탁 업무: {asked.scope}"],
        crumbs=crumbs_to(asked.contract),
    )


def _what_follows(asked: Reentrustment, form: ConsentForm) -> list[str]:
    """Raises `Refused` for what the act would refuse."""
    given, today = form.cleaned_data, timezone.localdate()
    if given["decision"] == ConsentForm.CONSENT:
        refuse_if(
            reentrustment.against_consent(asked, on=given["on"], document=given["document"], today=today)
        )
        return [
            f"{given['on']:%Y-%m-%d}부터 ‘{asked.scope}’의 재위탁에 동의한 것이 됩니다.",
            "동의는 되돌릴 수 없습니다. 재위탁을 그치게 하려면 재위탁 끝내기를 기록합니다.",
        ]
    refuse_if(reentrustment.against_refusal(asked, on=given["on"], reason=given["reason"], today=today))
    return [
        "이 요청은 거부로 끝나며 되돌릴 수 없습니다.",
        "나중에 동의하려면 수탁자의 요청을 새로 받아 기록합니다.",
    ]


@requires(KEEP)
def reentrustment_end(request: HttpRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(Reentrustment.objects.select_related("contract"), pk=pk)
    return _form(
        request,
        filled_in(request, DayForm),
        lambda form: reentrustment.end(asked, **form.cleaned_data, **_who_and_when(request)),
        asked.contract,
        title=f"재위탁 끝내기: {asked.contractor_name}",
        done="재위탁을 끝냈습니다.",
        submit="끝내기",
    )


# -- contractors and items


@requires("cameras.add_contractor")
def contractor_add(request: HttpRequest) -> HttpResponse:
    return _keep_contractor(request, Contractor(), "수탁자 등록")


@requires("cameras.change_contractor")
def contractor_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _keep_contractor(request, get_object_or_404(Contractor, pk=pk), "수탁자 고치기")


def _keep_contractor(request: HttpRequest, contractor: Contractor, title: str) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, ContractorForm, instance=contractor),
        lambda form: contracts.keep_contractor(contractor, by=officer(request), **form.cleaned_data),
        title=title,
        back=reverse("contracts:contractors"),
        done=lambda kept: f"수탁자 {kept.name}{josa(kept.name, '을/를')} 저장했습니다.",
        to=lambda kept: reverse("contracts:contractor", args=[kept.pk]),
        notes=["이름이나 연락처가 바뀌면 안내판과 방침도 달라져야 합니다."],
        crumbs=[crumb(*CONTRACTORS)],
    )


@requires("cameras.add_inspectionitem")
def item_add(request: HttpRequest) -> HttpResponse:
    form = filled_in(request, ItemForm)
    for name in ("position", "is_in_use"):
        del form.fields[name]
    return _item_form(
        request,
        form,
        lambda form: contractor_supervision.add_item(**form.cleaned_data),
        title="점검 항목 추가",
        done="점검 항목을 추가했습니다.",
    )


@requires("cameras.change_inspectionitem")
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _item_form(
        request,
        filled_in(request, ItemForm, instance=get_object_or_404(InspectionItem, pk=pk)),
        lambda form: form.save(),
        title="점검 항목 고치기",
        done="점검 항목을 저장했습니다.",
    )


def _item_form(request: HttpRequest, form: ItemForm, act: Act, **words: Any) -> HttpResponse:
    return form_screen(
        request,
        form,
        act,
        back=reverse("contracts:items"),
        crumbs=[crumb("수탁자 점검 항목", "contracts:items")],
        **words,
    )
