"""지도: clustered places over the district's outline, with a list that says the same in words."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from cameras import map_clusters, outline
from cameras.models import Camera, Landmark, Site
from ledger import append
from portal.access import may, requires
from portal.forms.camera_filter import CameraFilterForm
from portal.forms.cameras import OutlineForm
from portal.listing import query_without
from portal.pages import Action, crumb, page
from portal.views.camera_page import outline_url

MAX_ZOOM = 22


@requires("cameras.view_site")
def camera_map(request: HttpRequest) -> HttpResponse:
    form = CameraFilterForm(request.GET or None)
    actions = [Action("목록으로 보기", f"{reverse('cameras:list')}?{request.GET.urlencode()}", "list-ul")]
    if may(request.user, ["cameras.import_register"]):
        actions.append(Action("지도 밑그림", reverse("cameras:outline"), "upload"))
    return page(
        request,
        "portal/cameras/map.html",
        {
            "form": form,
            "query": query_without(request.GET, "bbox", "zoom"),
            "bounds": first_bounds(),
            "outline_url": outline_url(),
            "unplaced": Site.objects.filter(latitude__isnull=True).count(),
        },
        title="카메라 지도",
        intro="숫자가 적힌 동그라미는 설치장소를 묶은 것입니다. 눌러 확대하면 하나씩 나옵니다. ‘보이는 곳’ 목록은 같은 내용을 글로 보여 줍니다.",
        icon="site",
        actions=actions,
    )


def first_bounds() -> str:
    """What the map shows first: all places, as west,south,east,north."""
    return str(map_clusters.bounds(Site.objects.with_position()) or "")


@requires("cameras.view_site")
def map_points(request: HttpRequest) -> JsonResponse:
    """Clusters and places in the box that the map shows, narrowed by the list's conditions."""
    try:
        box = map_clusters.Box.parse(request.GET.get("bbox", ""))
        zoom = min(max(int(request.GET.get("zoom", "")), 0), MAX_ZOOM)
    except ValueError:
        return JsonResponse({"error": "bbox=서,남,동,북 과 zoom=0~22 가 필요합니다."}, status=400)
    answer = map_clusters.answer(_sites(request), box, zoom, _point, shown=map_clusters.STANDING)
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def _sites(request: HttpRequest) -> QuerySet[Site]:
    form = CameraFilterForm(request.GET)
    if not form.chosen:
        return Site.objects.all()
    return Site.objects.filter(pk__in=form.apply(Camera.objects.order_by()).values("site"))


def _point(place: map_clusters.Place) -> dict[str, str]:
    return {
        "title": place.address or place.number,
        "detail": place.number,
        "url": reverse("cameras:site", args=[place.pk]),
    }


@requires("cameras.view_site")
def outline_file(request: HttpRequest) -> HttpResponse:
    """The stored outline; only people of the portal get it here."""
    content = outline.with_points(Landmark.points())
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="application/geo+json")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@requires("cameras.import_register")
def outline_page(request: HttpRequest) -> HttpResponse:
    form = OutlineForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and "remove" in request.POST:
        return _remove_outline(request)
    if request.method == "POST" and form.is_valid():
        return _store_outline(request, form.cleaned_data["file"])
    return page(
        request,
        "portal/cameras/outline.html",
        {"form": form, "outline_url": outline_url(), "bounds": first_bounds()},
        title="지도 밑그림",
        intro="자치구 경계와 동, 길을 GeoJSON 파일 하나로 올리면 업무 포털과 누리집 지도의 바탕이 됩니다. 바깥 지도 서버는 쓰지 않습니다. 역과 공공기관은 ‘찾기용 지명’에서 가져옵니다.",
        icon="site",
        crumbs=[crumb("카메라 지도", "cameras:map")],
    )


def _store_outline(request: HttpRequest, found: outline.Outline) -> HttpResponse:
    outline.store(found)
    _on_record(request, {"polygons": len(found.polygons), "positions": found.positions})
    messages.success(
        request,
        f"밑그림을 저장했습니다: 경계 면 {len(found.polygons):,}개, 길과 동 {len(found.named):,}개, 꼭짓점 {found.positions:,}개. 지도에서 확인하십시오.",
    )
    return redirect("cameras:outline")


def _remove_outline(request: HttpRequest) -> HttpResponse:
    outline.remove()
    _on_record(request, {"polygons": 0, "positions": 0})
    messages.success(request, "밑그림을 지웠습니다. 지도는 경위도 눈금 위에 나옵니다.")
    return redirect("cameras:outline")


def _on_record(request: HttpRequest, facts: dict[str, Any]) -> None:
    with transaction.atomic():
        append.record(
            "cameras.outline_changed",
            actor=f"officer:{request.user.pk}",
            subject="map:outline",
            payload=facts,
        )
