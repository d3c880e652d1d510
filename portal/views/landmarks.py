"""찾기용 지명: the names by which the public search finds places, beside the register's own addresses."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cameras.models import Landmark
from portal.access import may, requires
from portal.forms.landmarks import LandmarkFilter, LandmarkForm
from portal.listing import paginate
from portal.pages import Action, crumb, page
from portal.screens import confirm_screen, filled_in, form_screen
from portal.views.camera_page import outline_url

HOME = ("찾기용 지명", "cameras:landmarks")
FORM = "portal/cameras/landmark_form.html"


@requires("cameras.view_landmark")
def landmark_list(request: HttpRequest) -> HttpResponse:
    form = LandmarkFilter(request.GET)
    found = Landmark.objects.all()
    if words := form.value("q"):
        found = found.filter(Q(name__icontains=words) | Q(other_names__icontains=words))
    if kind := form.value("kind"):
        found = found.filter(kind=kind)
    actions = [Action("지명 등록", reverse("cameras:landmark_add"), "plus", is_primary=True)]
    return page(
        request,
        "portal/cameras/landmarks.html",
        {
            "form": form,
            "links": paginate(request, found),
            "reset_url": reverse("cameras:landmarks"),
            "is_filtered": bool(request.GET),
            "may_keep": may(request.user, ["cameras.change_landmark"]),
        },
        title="찾기용 지명",
        intro="주민이 누리집에서 ‘우장산역’이나 ‘화곡1동’처럼 주소가 아닌 이름으로 카메라를 찾을 때 쓰는 표입니다. 도로명과 법정동은 카메라 대장에서 저절로 가져옵니다.",
        icon="site",
        actions=actions if may(request.user, ["cameras.add_landmark"]) else (),
    )


@requires("cameras.add_landmark")
def landmark_add(request: HttpRequest) -> HttpResponse:
    return _keep(request, None, "지명 등록")


@requires("cameras.change_landmark")
def landmark_edit(request: HttpRequest, pk: int) -> HttpResponse:
    landmark = get_object_or_404(Landmark, pk=pk)
    return _keep(request, landmark, f"{landmark.name} 고치기")


def _keep(request: HttpRequest, landmark: Landmark | None, title: str) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, LandmarkForm, instance=landmark),
        lambda form: form.save(),
        title=title,
        back=reverse("cameras:landmarks"),
        done=lambda saved: f"{saved.name}: 저장했습니다. 누리집에서 바로 찾을 수 있습니다.",
        crumbs=[crumb(*HOME)],
        icon="site",
        template=FORM,
        outline_url=outline_url(),
        delete_url=reverse("cameras:landmark_delete", args=[landmark.pk]) if landmark else "",
    )


@requires("cameras.delete_landmark")
def landmark_delete(request: HttpRequest, pk: int) -> HttpResponse:
    landmark = get_object_or_404(Landmark, pk=pk)
    return confirm_screen(
        request,
        lambda form: landmark.delete(),
        question=f"{landmark.name}: 이 지명을 지울까요?",
        consequences=["누리집에서 이 이름으로는 찾을 수 없게 됩니다. 다시 등록할 수 있습니다."],
        confirm="지우기",
        title="찾기용 지명 지우기",
        back=reverse("cameras:landmarks"),
        done=f"{landmark.name}: 지웠습니다.",
        crumbs=[crumb(*HOME)],
        icon="bin",
    )
