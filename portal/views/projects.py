"""설치 사업: the list, and one project as the workplace of its installation (`portal.workplace`)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from accounts.korean import josa
from cameras import installing, planning, prior_consultation, projects
from cameras.consultation import phase
from cameras.consultation.period import last_day
from cameras.enums import CameraState
from cameras.models import Camera, ConsultationCondition, InstallationProject
from portal import workplace
from portal.access import may, officer, requires
from portal.camera_selection import MOST_TICKED, of_numbers
from portal.forms.cameras import InstalledForm, PlaceForm
from portal.forms.life import CameraNumbersForm, CloseForm, LongReasonForm, ProjectFilter, ProjectForm
from portal.listing import paginate
from portal.pages import Action, crumb, page
from portal.row_keys import keys
from portal.screens import Act, confirm_screen, filled_in, form_screen, list_screen
from portal.views.camera_page import outline_url

HOME = ("설치 사업", "projects:list")


@requires("cameras.view_installationproject")
def project_list(request: HttpRequest) -> HttpResponse:
    form = ProjectFilter(request.GET)
    may_add = may(request.user, ["cameras.add_installationproject"])
    return list_screen(
        request,
        "portal/life/projects.html",
        _filtered(form),
        title="설치 사업",
        intro="함께 설치하는 카메라를 묶습니다. 사업이 마친 협의와 의견수렴, 의결은 그 카메라 모두에 인정됩니다.",
        icon="folder-open-1",
        form=form,
        actions=[Action("사업 등록", reverse("projects:add"), "plus", is_primary=True) if may_add else None],
    )


def _filtered(form: ProjectFilter) -> QuerySet[InstallationProject]:
    given = form.cleaned_data if form.is_valid() else {}
    standing = ~Q(cameras__state=CameraState.REMOVED)
    found = InstallationProject.objects.select_related("installing_department").annotate(
        total=Count("cameras", filter=standing),
        operating=Count("cameras", filter=Q(cameras__state=CameraState.OPERATING)),
    )
    found = found.order_by("-opened_at", "-pk")
    if given.get("state"):
        found = found.filter(closed_on__isnull=given["state"] == "open")
    if given.get("department"):
        found = found.filter(installing_department=given["department"])
    if words := given.get("q"):
        found = found.filter(
            Q(number__icontains=words) | Q(title__icontains=words) | Q(builder_name__icontains=words)
        )
    return found


@requires("cameras.view_installationproject")
def project_page(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(
        InstallationProject.objects.select_related(
            "installing_department", "contract__contractor", "opened_by"
        ),
        pk=pk,
    )
    cameras = Camera.objects.filter(project=project).select_related("site").in_order()
    desk = workplace.of(project, request)
    if workplace.ALL not in request.GET and desk.task is not None and not desk.is_over:
        return redirect(desk.task.url)
    now = timezone.now()
    states = dict(
        Camera.objects.filter(project=project).order_by().values_list("state").annotate(count=Count("pk"))
    )
    may_change = project.is_open and may(request.user, ["cameras.change_installationproject"])
    return page(
        request,
        "portal/life/project.html",
        {
            "project": project,
            "workplace": desk,
            "late_start": projects.late_start(project),
            "builder_paper": projects.builder_paper(project),
            "task": desk.task,
            "waiting": [task for task in desk.tasks if task.waits_for],
            "links": paginate(request, cameras),
            "states": [(state.label, states[state]) for state in CameraState if states.get(state)],
            "conditions": conditions_of(project),
            "is_consultation_needed": prior_consultation.is_needed(project),
            "consultations": list(project.prior_consultations.order_by("-asked_on", "-pk")),
            "public_consultations": [
                (each, phase.phase_of(each, now), last_day(phase.ended_at(each)))
                for each in project.public_consultations.order_by("-opens_at")
            ],
            "papers": list(project.papers.select_related("filed_by").order_by("-on", "-pk")[:50]),
            "acts": list(
                project.acts.select_related("by").annotate(cameras=Count("moves")).order_by("-at")[:50]
            ),
            "may_change": may_change,
            "may_keep_conditions": may(request.user, ["cameras.change_priorconsultation"]),
            "may_change_cameras": may_change and not projects.has_begun_consulting(project),
            "may_file": may(request.user, ["cameras.file_paper"]),
            "may_move": may(request.user, ["cameras.move_camera"]),
        },
        title=f"{project.number} {project.title}",
        icon="folder-open-1",
        crumbs=[crumb(*HOME)],
        actions=_actions(project, may_change),
    )


def _actions(project: InstallationProject, may_change: bool) -> list[Action]:
    if not may_change:
        return []
    place = Action("장소와 카메라 더하기", reverse("projects:place", args=[project.pk]), "plus")
    return [
        *([] if projects.has_begun_consulting(project) else [place]),
        Action("종료…", reverse("projects:close", args=[project.pk]), "success"),
        Action("고치기", reverse("projects:edit", args=[project.pk]), "edit"),
    ]


@requires("cameras.add_installationproject")
def project_add(request: HttpRequest) -> HttpResponse:
    return _form(
        request,
        filled_in(request, ProjectForm, initial={"installing_department": officer(request).department_id}),
        lambda form: _warned(request, projects.open_project(**form.cleaned_data, by=officer(request))),
        title="설치 사업 등록",
        back=reverse("projects:list"),
        done=lambda made: (
            f"설치 사업 {made.number}{josa(made.number, '을/를')} 등록했습니다. 이어서 카메라와 장소를 적으십시오."
        ),
        to=lambda made: reverse("projects:page", args=[made.pk]),
        submit="등록",
    )


def _warned(request: HttpRequest, project: InstallationProject) -> InstallationProject:
    """A day that may be a slip is stored, and said at once."""
    if late := projects.late_start(project):
        messages.warning(request, late)
    return project


@requires("cameras.change_installationproject")
def project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(InstallationProject, pk=pk)

    def change(form: ProjectForm) -> None:
        values = {name: form.cleaned_data[name] for name in form.changed_data if name != "reason"}
        reason = form.cleaned_data["reason"]
        _warned(request, projects.change_project(project, values, by=officer(request), reason=reason))

    return _form(
        request,
        filled_in(request, ProjectForm, instance=project),
        change,
        title=f"설치 사업 {project.number} 고치기",
        back=reverse("projects:page", args=[pk]),
        done="설치 사업을 고쳤습니다. 변경 이력에 남았습니다.",
    )


@requires("cameras.change_installationproject")
def project_close(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(InstallationProject, pk=pk)
    return confirm_screen(
        request,
        lambda form: projects.close_project(project, **form.cleaned_data, by=officer(request)),
        form=filled_in(request, CloseForm),
        question=f"설치 사업 {project}{josa(project, '을/를')} 종료할까요?",
        consequences=[
            "종료한 사업에는 카메라를 더 넣지 않습니다.",
            "사업이 마친 협의와 서류는 그 카메라에 계속 인정됩니다.",
        ],
        confirm="사업 종료",
        title="설치 사업 종료",
        back=reverse("projects:page", args=[pk]),
        done="설치 사업을 종료했습니다.",
        crumbs=[crumb(*HOME)],
        icon="success",
    )


def conditions_of(project: InstallationProject) -> list[ConsultationCondition]:
    """What the replying department asked for, until it is done and after."""
    standing = project.prior_consultations.standing().values("pk")
    conditions = ConsultationCondition.objects.filter(consultation__in=standing)
    return list(conditions.select_related("consultation").order_by("consultation", "position"))


@requires("cameras.add_site")
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a project begins: a place and its planned cameras."""
    project = get_object_or_404(InstallationProject, pk=pk)

    def plan(form: PlaceForm) -> list[Camera]:
        return planning.plan(form.place, form.values, project=project, by=officer(request), **form.options)

    return _form(
        request,
        filled_in(request, PlaceForm),
        plan,
        title=f"{project.number}: 카메라와 장소",
        intro="계획할 때 아는 것만 적습니다. 나머지는 설치한 뒤에 적습니다.",
        back=reverse("projects:page", args=[pk]),
        done=lambda made: (
            f"카메라 {', '.join(camera.number for camera in made[:10])}{josa(', '.join(camera.number for camera in made[:10]), '을/를')} ‘계획’으로 등록했습니다."
        ),
        submit="카메라 등록",
        template="portal/life/place.html",
        outline_url=outline_url(),
        add_url=reverse("projects:cameras_add", args=[pk]),
    )


@requires("cameras.bulk_edit_camera")
def installed(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known once the cameras hang: asked for all of a project on one page."""
    project = get_object_or_404(InstallationProject, pk=pk)
    cameras = list(installing.standing(project).select_related("site").in_order()[:MOST_TICKED])
    return _form(
        request,
        filled_in(request, InstalledForm, cameras=cameras),
        lambda form: installing.describe(
            project, form.common, form.each, by=officer(request), reason=form.cleaned_data["reason"]
        ),
        title=f"{project.number}: 설치한 내용",
        back=reverse("projects:page", args=[pk]),
        done=lambda count: f"카메라 {count:,}대의 설치한 내용을 적었습니다. 변경 이력에 남았습니다.",
        template="portal/life/installed.html",
        notes=[] if cameras else ["설치로 처리한 카메라가 없습니다. 먼저 ‘설치’를 처리하십시오."],
    )


@requires("cameras.change_installationproject")
def cameras_add(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(InstallationProject, pk=pk)

    def add(form: CameraNumbersForm) -> int:
        chosen = of_numbers(form.cleaned_data["numbers"])
        if chosen.unknown:
            unknown = ", ".join(chosen.unknown[:10])
            raise ValidationError({"numbers": f"대장에 없는 번호입니다: {unknown}"})
        return projects.add_cameras(project, chosen.cameras, by=officer(request))

    loose = Camera.objects.filter(state=CameraState.PLANNED, project__isnull=True).in_order()
    return _form(
        request,
        filled_in(request, CameraNumbersForm),
        add,
        title=f"{project.number}에 카메라 넣기",
        back=reverse("projects:page", args=[pk]),
        done=lambda count: f"카메라 {count:,}대를 사업에 넣었습니다.",
        submit="넣기",
        notes=[
            "‘계획’ 상태의 카메라만 넣을 수 있습니다. 협의나 의견수렴을 시작한 뒤에는 넣지 못합니다(조례 제7조·제8조).",
            _loose_in_words(list(loose.values_list("number", flat=True)[:11])),
        ],
    )


def _loose_in_words(numbers: list[str]) -> str:
    if not numbers:
        return "사업에 속하지 않은 계획 카메라가 없습니다. 새 카메라는 ‘카메라와 장소’에서 적으십시오."
    more = " …" if len(numbers) > 10 else ""
    return f"사업에 속하지 않은 계획 카메라: {', '.join(numbers[:10])}{more}"


@requires("cameras.change_installationproject")
def cameras_take_out(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(InstallationProject, pk=pk)
    back = reverse("projects:page", args=[pk])
    ids = keys(request.GET.getlist("ids"))
    cameras = Camera.objects.filter(pk__in=ids[:MOST_TICKED], project=project)
    count = cameras.count()
    if not count:
        messages.warning(request, "뺄 카메라를 고르십시오.")
        return redirect(back)
    return confirm_screen(
        request,
        lambda form: projects.take_out_cameras(project, cameras, **form.cleaned_data, by=officer(request)),
        form=filled_in(request, LongReasonForm),
        question=f"카메라 {count:,}대를 사업 {project.number}에서 뺄까요?",
        consequences=list(cameras.in_order().values_list("number", flat=True)[:20]),
        confirm="사업에서 빼기",
        title="사업에서 카메라 빼기",
        back=back,
        done=f"카메라 {count:,}대를 사업에서 뺐습니다. ‘계획’ 상태로 남아 있습니다.",
        crumbs=[crumb(*HOME)],
        icon="minus",
    )


def _form(request: HttpRequest, form: BaseForm, act: Act, **words: Any) -> HttpResponse:
    return form_screen(request, form, act, icon="folder-open-1", crumbs=[crumb(*HOME)], **words)
