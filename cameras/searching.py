"""Where the one search looks in this app: cameras, addresses with what stands nearest, and every numbered matter."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q, QuerySet

from cameras import listing
from cameras.models import (
    Camera,
    Contractor,
    EntrustmentContract,
    InstallationProject,
    Paper,
    PriorConsultation,
    PublicConsultation,
    SignReport,
    Site,
)
from cameras.whereabouts import finding
from cameras.whereabouts.register import known_places
from casework.searching import MOST, Hit, Place, register

# Only what can be an address is measured: words and a number of a house.
_ADDRESS = re.compile(r"[가-힣]+\D*\d")
_DIRECTIONS = {
    "n": "북쪽", "ne": "북동쪽", "e": "동쪽", "se": "남동쪽", "s": "남쪽", "sw": "남서쪽", "w": "서쪽", "nw": "북서쪽",
}  # fmt: skip


def listen() -> None:
    for order, (code, label, needs, find) in enumerate(
        (
            ("cameras", "카메라", "cameras.view_camera", _cameras),
            ("nearby", "가까운 설치장소", "cameras.view_site", _nearby),
            ("projects", "설치 사업", "cameras.view_installationproject", _projects),
            ("prior", "사전협의", "cameras.view_priorconsultation", _prior),
            ("consultations", "의견수렴", "cameras.view_publicconsultation", _consultations),
            ("papers", "서류", "cameras.view_paper", _papers),
            ("contracts", "위탁 계약", "cameras.view_entrustmentcontract", _contracts),
            ("contractors", "수탁자", "cameras.view_contractor", _contractors),
            ("sign_reports", "안내판 신고", "cameras.view_signreport", _sign_reports),
        )
    ):
        register(f"cameras.{code}", Place(label, (needs,), find, order))


def _cameras(text: str) -> Iterator[Hit]:
    for camera in listing.search(Camera.objects.in_order(), text).select_related("site")[:MOST]:
        yield Hit(camera.number, "cameras:page", (camera.pk,), camera.site.address)


def _nearby(text: str) -> Iterator[Hit]:
    """Only where no camera bears the address: then the nearest ones with their distance."""
    if not _ADDRESS.search(text):
        return
    answer = finding.find(text, known_places(Site.objects.all()))
    for each in answer.near[:MOST]:
        distance = "같은 도로"
        if each.metres is not None:
            distance = f"{_DIRECTIONS.get(each.direction, '')} {each.metres:,.0f} m".strip()
        address = next((address for address in each.spot.addresses if address), "")
        yield Hit(each.spot.number, "cameras:site", (each.spot.pk,), f"{address} ({distance})")


def _matching(rows: QuerySet[Any], text: str, *fields: str) -> Iterable[Any]:
    """Every word in one of the fields; the newest first."""
    for word in text.split()[: listing.LONGEST_WORDS]:
        condition = Q()
        for name in fields:
            condition |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(condition)
    return rows.order_by("-pk")[:MOST]


def _projects(text: str) -> Iterator[Hit]:
    fields = ("number", "title", "builder_name", "builder_registration")
    for row in _matching(InstallationProject.objects.all(), text, *fields):
        builder = f"시공업체 {row.builder_name}" if row.builder_name else ""
        # The project itself, not the act that comes next in it.
        yield Hit(f"{row.number} {row.title}", "projects:page", (row.pk,), builder, query="all=1")


def _prior(text: str) -> Iterator[Hit]:
    rows = PriorConsultation.objects.select_related("project")
    for row in _matching(rows, text, "number", "request_document", "project__title"):
        yield Hit(row.number, "prior_consultation:page", (row.pk,), row.project.title)


def _consultations(text: str) -> Iterator[Hit]:
    for row in _matching(PublicConsultation.objects.all(), text, "number", "title"):
        yield Hit(f"{row.number} {row.title}", "consultation:page", (row.pk,))


def _papers(text: str) -> Iterator[Hit]:
    for row in _matching(Paper.objects.all(), text, "document_number", "title", "contents__builder_name"):
        builder = row.contents.get("builder_name", "")
        detail = row.title or (f"시공업체 {builder}" if builder else "")
        yield Hit(f"{row.get_kind_display()} {row.document_number}", "papers:page", (row.pk,), detail)


def _contracts(text: str) -> Iterator[Hit]:
    rows = EntrustmentContract.objects.select_related("contractor")
    for row in _matching(rows, text, "number", "title", "contractor__name"):
        yield Hit(f"{row.number} {row.title}", "contracts:contract", (row.pk,), row.contractor.name)


def _contractors(text: str) -> Iterator[Hit]:
    for row in _matching(Contractor.objects.all(), text, "name"):
        yield Hit(row.name, "contracts:contractor", (row.pk,))


def _sign_reports(text: str) -> Iterator[Hit]:
    for row in _matching(SignReport.objects.all(), text, "receipt_number"):
        yield Hit(row.receipt_number, "sign_reports:report", (row.pk,), row.get_problem_display())
