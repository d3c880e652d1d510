"""카메라 대장: the list with its filters, the choice of columns, and the spreadsheet."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from cameras import listing
from cameras.models import Camera
from portal import camera_columns, exports
from portal.access import may, requires
from portal.forms.camera_filter import CameraFilterForm
from portal.listing import (
    ORDER_ARGUMENT,
    PAGE_ARGUMENT,
    PAGE_SIZE,
    PageLinks,
    headings,
    ordering,
    page_size,
    query_without,
)
from portal.pages import Action, crumb, page

SUGGESTIONS = 10
RELATED = ("site__institution", "installing_department")


@requires("cameras.view_camera")
def camera_list(request: HttpRequest) -> HttpResponse:
    form = CameraFilterForm(request.GET)
    columns = camera_columns.chosen(request)
    order = ordering(request, [camera_columns.NUMBER, *columns], camera_columns.NUMBER.sort)
    # Of equal rows the order is that of the numbers.
    orders = dict.fromkeys([order, camera_columns.NUMBER.sort]) if order not in listing.ORDERS else [order]
    found = listing.CameraPaginator(form.apply(Camera.objects.order_by(*orders)), page_size(request))
    links = PageLinks(
        found.get_page(request.GET.get(PAGE_ARGUMENT)), query_without(request.GET, PAGE_ARGUMENT)
    )
    query = query_without(request.GET, PAGE_ARGUMENT)
    return page(
        request,
        "portal/cameras/list.html",
        {
            "form": form,
            "links": links,
            "rows": [
                (camera, cells(camera, columns))
                for camera in camera_columns.with_contractors(links.page.object_list, columns)
            ],
            "headings": headings(request, [camera_columns.NUMBER, *columns], order),
            "columns": camera_columns.COLUMNS,
            "chosen_columns": [column.name for column in columns],
            "query": query,
            "is_filtered": bool(form.chosen),
            "reset_url": reverse("cameras:list"),
            "search_limit": listing.SEARCH_SITES,
            "may_edit_in_bulk": may(request.user, ["cameras.bulk_edit_camera"]),
            "may_import": may(request.user, ["cameras.import_register"]),
        },
        title="카메라 대장",
        icon="view",
        actions=_actions(request, query),
    )


def _actions(request: HttpRequest, query: str) -> list[Action]:
    actions = [
        Action("지도로 보기", f"{reverse('cameras:map')}?{query}", "site"),
        Action("내려받기", f"{reverse('cameras:export')}?{query}", "download"),
    ]
    if may(request.user, ["cameras.import_register"]):
        actions.append(Action("가져오기", reverse("cameras:imports"), "upload"))
    if may(request.user, ["cameras.add_site"]):
        actions.append(Action("설치장소 등록", reverse("cameras:add"), "plus", is_primary=True))
    return actions


def cells(camera: Camera, columns: list[Any]) -> list[tuple[Any, Any]]:
    return [(column, column.value(camera)) for column in columns]


@requires("cameras.view_camera")
def columns(request: HttpRequest) -> HttpResponse:
    """Remember the choice of columns and go back to the list as it was."""
    query = QueryDict(request.POST.get("query", "")).urlencode()
    response = redirect(f"{reverse('cameras:list')}?{query}")
    if request.method == "POST":
        names = camera_columns.DEFAULT if "reset" in request.POST else request.POST.getlist("columns")
        camera_columns.remember(response, names)
        messages.success(request, "보이는 칸을 바꾸었습니다. 이 컴퓨터에서 다음에도 이대로 보입니다.")
    return response


@requires("cameras.view_camera")
def export(request: HttpRequest) -> HttpResponseBase:
    """The filtered list as a spreadsheet, after saying what for."""
    filters = CameraFilterForm(request.GET)
    found = filters.apply(Camera.objects.order_by(camera_columns.NUMBER.sort))
    rows = listing.CameraPaginator(found, PAGE_SIZE).count
    form = exports.ExportForm(request.POST or None, rows=rows)
    query = query_without(request.GET, PAGE_ARGUMENT, ORDER_ARGUMENT)
    if request.method == "POST" and form.is_valid():
        wanted = (
            camera_columns.chosen(request) if request.POST.get("extent") != "all" else camera_columns.COLUMNS
        )
        return exports.hand_out(
            request,
            name="카메라대장",
            form=form,
            headings=["카메라 번호", *(column.label for column in wanted)],
            rows=_rows(found, wanted),
            query=query,
        )
    return page(
        request,
        "portal/cameras/export.html",
        {
            "form": form,
            "rows": rows,
            "conditions": filters.in_words,
            "columns": camera_columns.chosen(request),
            "back_url": f"{reverse('cameras:list')}?{query}",
        },
        title="카메라 대장 내려받기",
        intro="개인정보가 든 자료는 출력 목적을 정하고 내려받습니다. 누가 언제 무슨 목적으로 몇 행을 받았는지 원장에 남습니다.",
        icon="download",
        crumbs=[crumb("카메라 대장", "cameras:list")],
    )


def _rows(cameras: QuerySet[Camera], wanted: Any) -> Any:
    for rows in batched(cameras.select_related(*RELATED).iterator(chunk_size=2000), 2000):
        for camera in camera_columns.with_contractors(rows, wanted):
            yield [camera.number, *(column.value(camera) for column in wanted)]


def batched(cameras: Iterable[Camera], size: int) -> Iterator[list[Camera]]:
    left = iter(cameras)
    while rows := list(islice(left, size)):
        yield rows


@requires("cameras.view_camera")
def suggest(request: HttpRequest) -> JsonResponse:
    """Numbers for a field that asks for a camera."""
    text = request.GET.get("q", "").strip()[:100]
    found = listing.search(Camera.objects.in_order(), text)[:SUGGESTIONS] if text else Camera.objects.none()
    results = (
        [
            {"number": camera.number, "label": f"{camera.number} {camera.site.address}".strip()}
            for camera in found.select_related("site")
        ]
        if text
        else []
    )
    return JsonResponse({"results": results}, json_dumps_params={"ensure_ascii": False})
