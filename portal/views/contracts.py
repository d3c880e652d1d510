"""위탁: contractors, contracts, and everything about one contract on one page."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from cameras import contracts
from cameras.contractor_supervision import in_words
from cameras.entrustment import Entrustment, cameras_of
from cameras.enums import CameraState, ContractCoverage
from cameras.models import Camera, Contractor, EntrustmentContract, InspectionItem
from ordinance import findings, parameters
from portal.access import may, requires
from portal.forms.contracts import ContractFilter
from portal.listing import PAGE_ARGUMENT, Column, cells, labels, ordering, paginate, query_without
from portal.pages import Action, Crumb, crumb, page
from portal.screens import export_screen, list_screen

HOME = ("위탁 계약", "contracts:list")
CONTRACTORS = ("수탁자", "contracts:contractors")
SEE = "cameras.view_entrustmentcontract"
KEEP = "cameras.change_entrustmentcontract"
DECIDE = "cameras.change_reentrustment"

COLUMNS = (
    Column("number", "계약번호", lambda row: row.number, sort="number"),
    Column("state", "상태", lambda row: state_of(row)[0]),
    Column("contractor", "수탁자", lambda row: row.contractor.name, sort="contractor__name"),
    Column("title", "계약명", lambda row: row.title, sort="title"),
    Column("scopes", "위탁 업무", lambda row: ", ".join(row.scope_labels)),
    Column("period", "계약 기간", lambda row: f"{row.starts_on} ~ {row.ends_on}", sort="ends_on"),
    Column("missing", "빠진 내용", lambda row: ", ".join(contracts.missing_contents(row))),
    Column("trained", "마지막 교육", lambda row: row.last_trained_on or "", sort="last_trained_on"),
    Column("inspected", "마지막 점검", lambda row: row.last_inspected_on or "", sort="last_inspected_on"),
    Column("faults", "시정할 것", lambda row: "있음" if row.has_open_faults else ""),
)


def state_of(contract: EntrustmentContract) -> tuple[str, str]:
    """What the contract is today, and the badge for it."""
    today = timezone.localdate()
    if contract.ended_early_on and contract.ended_early_on <= today:
        return "중도 해지", "cancelled"
    if contract.ends_on < today:
        return "끝남", ""
    if contract.starts_on > today:
        return "시작 전", "due"
    return "유효", "ok"


def crumbs_to(contract: EntrustmentContract) -> list[Crumb]:
    return [crumb(*HOME), Crumb(contract.number, reverse("contracts:contract", args=[contract.pk]))]


def _listed(request: HttpRequest) -> tuple[ContractFilter, QuerySet[EntrustmentContract], str]:
    form = ContractFilter(request.GET)
    order = ordering(request, COLUMNS, "-ends_on")
    rows = EntrustmentContract.objects.select_related("contractor").with_last_supervision()
    return form, form.narrow(rows).order_by(order, "pk"), order


@requires(SEE)
def contract_list(request: HttpRequest) -> HttpResponse:
    form, rows, order = _listed(request)
    query = query_without(request.GET, PAGE_ARGUMENT)
    may_keep = may(request.user, [KEEP])
    enter = Action("계약 등록", reverse("contracts:enter"), "plus", is_primary=True)
    return list_screen(
        request,
        "portal/contracts/list.html",
        rows,
        title="위탁 계약",
        intro="설치·유지보수와 관제 업무는 위탁할 수 있으나 통합관제센터의 운영 전부는 위탁할 수 없습니다. 수탁자를 교육하고 정기적으로 감독합니다. (조례 제11조, 개인정보 보호법 제26조)",
        icon="doc-full",
        form=form,
        columns=COLUMNS,
        order=order,
        actions=[
            enter if may_keep else None,
            Action("내려받기", f"{reverse('contracts:export')}?{query}", "download"),
        ],
        each=lambda row: (row, *state_of(row), contracts.missing_contents(row)),
        may_keep=may_keep,
    )


@requires(SEE)
def export(request: HttpRequest) -> HttpResponseBase:
    _, rows, _ = _listed(request)
    return export_screen(
        request,
        labels(COLUMNS),
        cells(COLUMNS, rows),
        count=rows.count(),
        name="위탁계약",
        what="계약 {rows}건",
        title="위탁 계약 내려받기",
        back=reverse("contracts:list"),
        crumbs=[crumb(*HOME)],
    )


@requires(SEE)
def contract_page(request: HttpRequest, pk: int) -> HttpResponse:
    contract = get_object_or_404(
        EntrustmentContract.objects.select_related("contractor", "institution"), pk=pk
    )
    label, badge = state_of(contract)
    return page(
        request,
        "portal/contracts/contract.html",
        {
            "contract": contract,
            "state_label": label,
            "state_badge": badge,
            "contents": _contents(contract),
            "missing": contracts.missing_contents(contract),
            "findings": [
                (finding.opened_on, findings.what(finding))
                for finding in findings.open_of("contract", contract.number)
            ],
            "trainings": contract.trainings.select_related("recorded_by").prefetch_related("attachments"),
            "inspections": [
                (inspection, in_words(inspection))
                for inspection in contract.inspections.select_related("inspector").prefetch_related(
                    "attachments"
                )
            ],
            "periods": parameters.snapshot(codes=["training_months", "contractor_inspection_months"]),
            "reentrustments": contract.reentrustments.all(),
            "projects": contract.projects.annotate(many=Count("cameras")).order_by("number"),
            "camera_states": _camera_states(contract),
            "attachments": contract.attachments.all(),
            "changes": contract.history.select_related("history_user").order_by("-history_date")[:20],
            "may_keep": may(request.user, [KEEP]),
            "may_decide": may(request.user, [DECIDE]),
            "is_running": label == "유효",
            "is_named": contract.coverage == ContractCoverage.NAMED,
            "covers_nothing": contracts.covers_nothing(contract),
        },
        title=f"위탁 계약 {contract.number}",
        intro=contract.title,
        icon="doc-full",
        crumbs=[crumb(*HOME)],
        actions=_actions(request, contract, is_running=label in ("유효", "시작 전")),
    )


def _actions(request: HttpRequest, contract: EntrustmentContract, *, is_running: bool) -> list[Action]:
    if not may(request.user, [KEEP]):
        return []
    actions = [Action("고치기", reverse("contracts:change", args=[contract.pk]), "edit")]
    if is_running and contract.starts_on <= timezone.localdate():
        actions.append(Action("중도 해지…", reverse("contracts:end", args=[contract.pk]), "cross"))
    return actions


def _contents(contract: EntrustmentContract) -> list[tuple[str, str]]:
    """The five contents of Decree art. 26(1) with their names, in its order."""
    fields: Any = EntrustmentContract._meta
    return [
        (str(fields.get_field(name).verbose_name), getattr(contract, name)) for name in contracts.CONTENTS
    ]


def _camera_states(contract: EntrustmentContract) -> list[tuple[str, int]]:
    counts = cameras_of(contract).order_by().values("state").annotate(many=Count("pk"))
    by_state = {row["state"]: row["many"] for row in counts}
    return [(str(state.label), by_state[state.value]) for state in CameraState if state.value in by_state]


@requires(SEE)
def contractor_list(request: HttpRequest) -> HttpResponse:
    rows = Contractor.objects.annotate(many_contracts=Count("contracts", distinct=True)).order_by("name")
    links = paginate(request, rows)
    today = Entrustment(timezone.localdate())
    work = {one.contractor: one.work for one in today.contractors}
    in_service = _in_service(today, [row.pk for row in links.page.object_list])
    actions = [Action("수탁자 등록", reverse("contracts:contractor_add"), "plus", is_primary=True)]
    return page(
        request,
        "portal/contracts/contractors.html",
        {
            "links": links,
            "rows": [(row, work.get(row.pk, ""), in_service[row.pk]) for row in links.page.object_list],
            "may_keep": may(request.user, ["cameras.change_contractor"]),
        },
        title="수탁자",
        intro="여기 적은 이름과 연락처가 안내판, 운영·관리 방침과 누리집에 나갑니다.",
        icon="group",
        actions=actions if may(request.user, ["cameras.add_contractor"]) else (),
    )


def _in_service(today: Entrustment, contractors: list[int]) -> dict[int, int]:
    """How many cameras in service each of them is entrusted with today; one query."""
    counts = {f"of_{pk}": Count("pk", filter=today.covered(contractor=pk)) for pk in contractors}
    found = Camera.objects.in_service().order_by().aggregate(**counts) if counts else {}
    return {pk: found[f"of_{pk}"] for pk in contractors}


@requires(SEE)
def contractor_page(request: HttpRequest, pk: int) -> HttpResponse:
    contractor = get_object_or_404(Contractor, pk=pk)
    rows = contractor.contracts.with_last_supervision().select_related("contractor")
    actions = [Action("고치기", reverse("contracts:contractor_edit", args=[pk]), "edit")]
    return page(
        request,
        "portal/contracts/contractor.html",
        {
            "contractor": contractor,
            "contracts": [(row, *state_of(row)) for row in rows],
            "cameras": _in_service(Entrustment(timezone.localdate()), [pk])[pk],
        },
        title=f"수탁자: {contractor.name}",
        icon="group",
        crumbs=[crumb(*CONTRACTORS)],
        actions=actions if may(request.user, ["cameras.change_contractor"]) else (),
    )


@requires(SEE)
def items(request: HttpRequest) -> HttpResponse:
    actions = [Action("항목 추가", reverse("contracts:item_add"), "plus", is_primary=True)]
    return page(
        request,
        "portal/contracts/items.html",
        {
            "items": InspectionItem.objects.all(),
            "may_keep": may(request.user, ["cameras.change_inspectionitem"]),
        },
        title="수탁자 점검 항목",
        intro="점검할 때 묻는 항목입니다. 문구를 고치거나 항목을 꺼도 지난 점검의 기록은 그대로 남습니다.",
        icon="list-ul",
        crumbs=[crumb(*HOME)],
        actions=actions if may(request.user, ["cameras.add_inspectionitem"]) else (),
    )
