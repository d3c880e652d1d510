"""미등록 폴더: footage that no camera claims waits here until a person says whose it is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.korean import josa
from footage import folders
from footage.models import UnclaimedFolder
from ordinance import parameters
from portal.access import may, officer, requires, roles_with
from portal.forms.footage import FolderDecisionForm, FolderFilter
from portal.forms.seen import SeenForm
from portal.pages import crumb, page
from portal.reauthentication import asks_again
from portal.screens import carry_out, confirm_screen, filled_in, list_screen

CONFIRM = "footage.confirm_destroying"


@requires("footage.view_unclaimedfolder")
def folder_list(request: HttpRequest) -> HttpResponse:
    form = FolderFilter(request.GET)
    found = UnclaimedFolder.objects.select_related("storage", "camera", "decided_by").order_by(
        "decided_at", "storage__name", "key"
    )
    if storage := form.value("storage"):
        found = found.filter(storage=storage)
    if decision := form.value("decision"):
        found = found.filter(decision=decision)
    return list_screen(
        request,
        "portal/footage/folders.html",
        found,
        title="미등록 폴더",
        intro="어느 카메라의 것도 아닌 영상 폴더입니다. 카메라에 배정하거나 파기를 확정할 때까지 그대로 둡니다.",
        icon="folder-open-1",
        form=form,
        may_decide=may(request.user, ["footage.decide_folder"]),
    )


@requires("footage.view_unclaimedfolder", post="footage.decide_folder")
@asks_again
def folder_page(request: HttpRequest, pk: int) -> HttpResponse:
    folder = get_object_or_404(
        UnclaimedFolder.objects.select_related("storage", "camera", "decided_by"), pk=pk
    )
    is_open = folder.decision == UnclaimedFolder.Decision.OPEN
    form = FolderDecisionForm(request.POST or None)
    if request.method == "POST" and is_open and form.is_valid():
        done = _decide(request, folder, form)
        if done is not None:
            return done
    maximum = parameters.value("retention_max_days")
    return page(
        request,
        "portal/footage/folder.html",
        {
            "folder": folder,
            "form": form,
            "is_open": is_open,
            "maximum": maximum,
            "may_decide": may(request.user, ["footage.decide_folder"]),
            "may_confirm": may(request.user, [CONFIRM]) and folder.decided_by_id != request.user.pk,
            "confirmers": [role.label for role in roles_with([CONFIRM])],
            "deciders": [role.label for role in roles_with(["footage.decide_folder"])],
            "back_url": reverse("footage:folders"),
        },
        title=f"미등록 폴더 {folder.key}",
        intro=f"저장소 {folder.storage.name}",
        icon="folder-open-1",
        crumbs=[crumb("미등록 폴더", "footage:folders")],
    )


@requires(CONFIRM)
@asks_again
def folder_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person's word on a folder that is to be a camera's, or destroyed."""
    folder = get_object_or_404(
        UnclaimedFolder.objects.select_related("storage", "camera", "decided_by"), pk=pk
    )
    what = "배정" if folder.camera else "파기"
    return confirm_screen(
        request,
        lambda form: folders.confirm(folder, by=officer(request)),
        form=filled_in(
            request, SeenForm, shown=[folder.key, folder.decided_by_id, folder.decided_at, folder.camera_id]
        ),
        question=f"미등록 폴더 {folder.key}의 {what}{josa(what, '을/를')} 확인할까요?",
        consequences=[
            f"결정한 사람: {folder.decided_by or '없음'}. 사유: {folder.reason or '없음'}",
            _what_goes(folder),
            "결정한 사람은 확인할 수 없습니다.",
        ],
        confirm=f"{what} 확인",
        title=f"미등록 폴더 {what} 확인",
        back=reverse("footage:folder", args=[pk]),
        done=f"{folder.key}: {what}{josa(what, '을/를')} 확인했습니다.",
        is_dangerous=True,
        crumbs=[crumb("미등록 폴더", "footage:folders")],
    )


def _what_goes(folder: UnclaimedFolder) -> str:
    if folder.camera:
        whose = f"카메라 {folder.camera.number}의 영상이 됩니다. 그 카메라의 보관기간 {folder.camera.retention_days}일"
    else:
        whose = f"최대 보관기간 {parameters.value('retention_max_days').value}일"
    return f"{whose}이 지난 파일부터 다음 파기 실행(1분 안)에서 파기됩니다. 되살릴 수 없습니다."


def _decide(request: HttpRequest, folder: UnclaimedFolder, form: FolderDecisionForm) -> HttpResponse | None:
    def decide(form: FolderDecisionForm) -> str:
        given = form.cleaned_data
        if given["decision"] == FolderDecisionForm.ASSIGN:
            folders.decide_assignment(folder, given["camera"], by=request.user, reason=given["reason"])
            return f"카메라 {given['camera'].number}에 배정하기로 했습니다. 다른 사람이 확인하면 그 카메라의 보관기간을 따릅니다."
        folders.decide_destruction(folder, by=request.user, reason=given["reason"])
        return "파기를 결정했습니다. 다른 사람이 확인한 뒤 최대 보관기간이 지난 파일부터 파기됩니다."

    return carry_out(
        request, form, decide, done=lambda said: f"{folder.key}: {said}", to=reverse("footage:folders")
    )
