"""사람·권한: officers, departments, institutions, the responsible department, and what each role may do."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.forms import Form, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts import designations, login_delays, networks, second_factor
from accounts.korean import josa
from accounts.models import Department, Institution, Officer, ResponsibleDesignation
from accounts.roles import ROLE_PERMISSIONS, Role
from cameras import findings
from casework import account_holders, offices, role_changes
from casework.models import RoleChange
from ledger.models import Entry
from portal import ledger_words, open_sessions, own_passwords
from portal import officers as officers_kept
from portal.access import may, permission_labels, refuse, requires
from portal.access import officer as acting
from portal.forms.people import (
    DepartmentForm,
    DesignationForm,
    EndSessionsForm,
    InstitutionForm,
    KnownPersonForm,
    ManagerPostForm,
    OfficerFilter,
    OfficerForm,
)
from portal.listing import Column, ordering
from portal.pages import Action, crumb, page
from portal.reauthentication import asks_again
from portal.screens import Act, confirm_screen, filled_in, form_screen, list_screen
from portal.views import role_changes as role_change_views
from portal.views.role_changes import say_what_waits

OFFICERS = ("담당자", "wagtailusers_users:index")
DEPARTMENTS, INSTITUTIONS = ("부서", "people:departments"), ("관리기관", "people:institutions")
DESIGNATIONS = ("전담부서 지정", "people:designations")
CHANGE_OFFICER = "accounts.change_officer"


def role_name(officer: Officer) -> str:
    """The role's label; the groups must be prefetched in lists."""
    names = {group.name for group in officer.groups.all()}
    return next((role.label for role in Role if role.label in names), "역할 없음")


OFFICER_COLUMNS = (
    Column("name", "이름", str, sort="last_name"),
    Column("username", "아이디", lambda officer: officer.username, sort="username"),
    Column("department", "부서", lambda officer: officer.department, sort="department__name"),
    Column("position", "직위", lambda officer: officer.position, sort="position"),
    Column("role", "역할", role_name),
    Column("is_active", "상태", lambda officer: officer.is_active, sort="is_active"),
    Column("last_login", "마지막 로그인", lambda officer: officer.last_login, sort="last_login"),
)


@requires("accounts.view_officer", CHANGE_OFFICER)
def officers(request: HttpRequest) -> HttpResponse:
    form = OfficerFilter(request.GET)
    order = ordering(request, OFFICER_COLUMNS, "username")
    rows = form.narrow(Officer.objects.select_related("department__institution").prefetch_related("groups"))
    add = Action("담당자 등록", reverse("wagtailusers_users:add"), icon="plus", is_primary=True)
    return list_screen(
        request,
        "portal/people/officers.html",
        rows.order_by(order, "pk"),
        title="담당자",
        intro="업무 포털을 쓰는 사람입니다. 퇴직하거나 자리를 옮기면 삭제하지 않고 사용을 중지합니다.",
        icon="user",
        form=form,
        columns=OFFICER_COLUMNS,
        order=order,
        actions=[add if may(request.user, ["accounts.add_officer"]) else None],
        each=lambda officer: (officer, role_name(officer)),
        may_change=may(request.user, [CHANGE_OFFICER]),
    )


@requires("accounts.add_officer")
def officer_add(request: HttpRequest) -> HttpResponse:
    def register(form: OfficerForm) -> Officer:
        officer = form.save()
        say_what_waits(request, form.waiting)
        return officer

    return form_screen(
        request,
        filled_in(request, OfficerForm, by=acting(request)),
        register,
        title="담당자 등록",
        back=reverse("wagtailusers_users:index"),
        done=lambda officer: (
            f"{officer} 담당자를 등록했습니다. 비밀번호 설정 주소를 만들어 본인에게 전하십시오."
        ),
        to=lambda officer: reverse("people:password_link", args=[officer.pk]),
        crumbs=[crumb(*OFFICERS)],
        icon="",
    )


@requires(CHANGE_OFFICER)
def officer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    officer = get_object_or_404(Officer.objects.select_related("department"), pk=pk)
    if _is_out_of_reach(request, officer):
        return refuse(request, [CHANGE_OFFICER])

    def change(form: OfficerForm) -> None:
        form.save()
        say_what_waits(request, form.waiting)

    return form_screen(
        request,
        filled_in(request, OfficerForm, instance=officer, by=acting(request)),
        change,
        title=f"담당자: {officer}",
        back=reverse("wagtailusers_users:index"),
        to=reverse("wagtailusers_users:edit", args=[officer.pk]),
        done="변경한 내용을 저장했습니다.",
        crumbs=[crumb(*OFFICERS)],
        actions=[
            Action("변경 기록", reverse("wagtailusers_users:history", args=[officer.pk]), icon="history")
        ],
        icon="",
        template="portal/people/officer.html",
        officer=officer,
        is_self=officer == request.user,
        has_factor=second_factor.has(officer),
        awaits_holder=account_holders.awaits_word(officer),
        waiting=RoleChange.objects.waiting().filter(officer=officer).first(),
    )


@requires("accounts.view_officer", CHANGE_OFFICER)
def officer_history(request: HttpRequest, pk: int) -> HttpResponse:
    """권한 부여·변경 내역 of one officer, from the ledger."""
    officer = get_object_or_404(Officer, pk=pk)
    entries = Entry.objects.about(f"officer:{officer.pk}").newest_first()
    return list_screen(
        request,
        "portal/people/history.html",
        entries,
        title=f"권한 변경 기록: {officer}",
        crumbs=[crumb(*OFFICERS)],
        each=_told,
        officer=officer,
    )


def _told(entry: Entry) -> dict[str, Any]:
    """An entry about an officer in words."""
    return {
        "entry": entry,
        "kind": ledger_words.kind_label(entry.kind),
        "actor": ledger_words.actor_name(entry.actor),
        "facts": ledger_words.readable(entry.payload),
    }


@requires(CHANGE_OFFICER)
def officer_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends the account, or asks a second person to open it again."""
    officer = get_object_or_404(Officer, pk=pk)
    if _is_out_of_reach(request, officer) or officer == request.user:
        return refuse(request, [CHANGE_OFFICER])
    will_be_active = not officer.is_active
    back = reverse("wagtailusers_users:edit", args=[officer.pk])
    if will_be_active:
        return confirm_screen(
            request,
            lambda form: say_what_waits(request, role_changes.ask_reopening(officer, by=acting(request))),
            question=f"{officer} ({officer.username})의 계정을 다시 사용하게 요청할까요?",
            consequences=["다른 사람이 확인하면 다시 로그인할 수 있게 됩니다."],
            confirm="다시 사용 요청",
            title="계정 다시 사용",
            back=back,
            done=f"{officer}의 계정을 다시 사용하도록 요청했습니다.",
            crumbs=[crumb(*OFFICERS)],
        )
    return confirm_screen(
        request,
        lambda form: officers_kept.end(officer, by=acting(request)),
        question=f"{officer} ({officer.username})의 계정을 사용 중지할까요?",
        consequences=["지금 열어 둔 화면도 바로 끊깁니다.", "그동안의 업무 기록은 그대로 남습니다."],
        confirm="사용 중지",
        title="계정 사용 중지",
        back=back,
        done=f"{officer}의 계정을 사용 중지했습니다.",
        is_dangerous=True,
        crumbs=[crumb(*OFFICERS)],
    )


@requires(CHANGE_OFFICER)
def officer_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends the wait that failed logins put on an account."""
    officer = get_object_or_404(Officer, pk=pk)
    if _is_out_of_reach(request, officer):
        return refuse(request, [CHANGE_OFFICER])
    if request.method == "POST":
        lifted = login_delays.lift(officer)
        messages.success(
            request, "로그인 대기를 풀었습니다." if lifted else "로그인 대기가 걸려 있지 않습니다."
        )
    return redirect("wagtailusers_users:edit", officer.pk)


@requires(CHANGE_OFFICER)
def officer_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Telephone, passkeys and recovery codes are lost: asks a second person to take the second factor away."""
    officer = get_object_or_404(Officer, pk=pk)
    if _is_out_of_reach(request, officer) or officer == request.user:
        return refuse(request, [CHANGE_OFFICER])
    return confirm_screen(
        request,
        lambda form: say_what_waits(request, role_changes.ask_factor_removal(officer, by=acting(request))),
        question=f"{officer} ({officer.username})의 두 번째 인증을 없애도록 요청할까요?",
        consequences=[
            "다른 사람이 확인하면 인증 앱, 패스키, 복구 번호가 모두 없어지고, 본인이 비밀번호로 로그인하여 새로 등록합니다.",
            "본인에게 직접 확인하고 요청하십시오. 본인과 감사 담당자에게 알립니다.",
        ],
        confirm="없애기 요청",
        title="두 번째 인증 없애기",
        back=reverse("wagtailusers_users:edit", args=[officer.pk]),
        done=f"{officer}의 두 번째 인증을 없애도록 요청했습니다.",
        is_dangerous=True,
        crumbs=[crumb(*OFFICERS)],
    )


@never_cache
@requires(CHANGE_OFFICER)
def officer_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """The open sessions of somebody else, and ending them: where an account is in wrong hands, minutes count."""
    officer = get_object_or_404(Officer, pk=pk)
    if _is_out_of_reach(request, officer) or officer == request.user:
        return refuse(request, [CHANGE_OFFICER])
    rows = list(open_sessions.of(officer))

    def end(form: EndSessionsForm) -> None:
        chosen = form.cleaned_data
        ended = open_sessions.end_of_another(
            officer, chosen["sessions"], by=acting(request), reason=chosen["reason"]
        )
        own_passwords.tell(
            officer,
            "접속이 끝났습니다",
            f"시스템 관리자가 {officer.username} 계정으로 열린 접속 {ended}개를 끝냈습니다. 까닭: {chosen['reason']}",
        )

    return form_screen(
        request,
        filled_in(request, EndSessionsForm, rows=rows),
        end,
        title=f"열린 접속: {officer}",
        back=reverse("wagtailusers_users:edit", args=[pk]),
        done="고른 접속을 끝냈습니다. 그 화면의 다음 요청부터 로그인을 묻습니다.",
        submit="고른 접속 끝내기",
        notes=[
            "끝낸 사람과 까닭이 원장에 남고, 본인과 감사 담당자에게 메일로 알립니다.",
            "계정이 남의 손에 있으면 ‘사용 중지’도 하십시오. 접속을 끝내도 비밀번호를 아는 사람은 다시 로그인합니다.",
        ]
        if rows
        else ["열린 접속이 없습니다."],
        crumbs=[crumb(*OFFICERS)],
    )


@never_cache
@requires(CHANGE_OFFICER)
def password_link(request: HttpRequest, pk: int) -> HttpResponse:
    """An address by which the person, and nobody else, sets the password; shown once."""
    officer = get_object_or_404(Officer, pk=pk)
    if _is_out_of_reach(request, officer):
        return refuse(request, [CHANGE_OFFICER])
    link, refused = "", role_changes.against_password_address(officer, by=acting(request))
    if request.method == "POST" and not refused:
        link = own_passwords.make_link(officer, actor=f"officer:{acting(request).pk}")
    return page(
        request,
        "portal/people/password_link.html",
        {
            "officer": officer,
            "link": link,
            "refused": refused,
            "back_url": reverse("wagtailusers_users:edit", args=[pk]),
        },
        title=f"비밀번호 설정 주소: {officer}",
        icon="key",
        crumbs=[crumb(*OFFICERS)],
    )


@requires(account_holders.CONFIRM)
@asks_again
def account_holder(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever made no address for it says that the account is its person's."""
    officer = get_object_or_404(Officer, pk=pk)

    def confirm(form: Form) -> None:
        account_holders.confirm(officer, by=acting(request))
        own_passwords.tell(
            officer,
            "계정의 주인으로 확인되었습니다",
            f"{acting(request).username}{josa(acting(request).username, '이/가')} {officer.username} 계정을 본인이 쓰는 것으로 확인했습니다. 본인이 아니면 감사 담당자에게 알리십시오.",
        )

    return confirm_screen(
        request,
        confirm,
        question=f"{officer} ({officer.username})의 계정을 본인이 쓰고 있습니까?",
        consequences=[
            "다른 사람이 만든 주소에서 비밀번호를 정했고, 그때 등록된 두 번째 인증이 없었습니다.",
            "본인을 직접 만나거나 아는 전화번호로 확인하십시오. 확인하면 역할과 요건에 따라 개인정보와 영상을 볼 수 있습니다.",
            "본인과 주소를 만든 사람은 확인할 수 없습니다.",
        ],
        confirm="본인의 계정으로 확인",
        form=filled_in(request, KnownPersonForm),
        title="계정 주인 확인",
        back=reverse("wagtailadmin_home"),
        done=f"{officer}의 계정을 확인했습니다.",
        is_dangerous=True,
        crumbs=[crumb("권한 변경", "people:role_changes")],
    )


def _is_out_of_reach(request: HttpRequest, officer: Officer) -> bool:
    """Nobody changes an account that may do more than the own: that would be taking its rights."""
    return officer.is_superuser and not request.user.is_superuser


@requires("accounts.view_department", "accounts.change_department")
def departments(request: HttpRequest) -> HttpResponse:
    responsible = designations.responsible_on(timezone.localdate())
    rows = Department.objects.select_related("institution").annotate(
        people=Count("officers", filter=Q(officers__is_active=True))
    )
    add = Action("부서 등록", reverse("people:department_add"), icon="plus", is_primary=True)
    return list_screen(
        request,
        "portal/people/departments.html",
        rows.order_by("institution__name", "name"),
        title="부서",
        icon="group",
        actions=[add if may(request.user, ["accounts.add_department"]) else None],
        responsible=responsible,
        may_change=may(request.user, ["accounts.change_department"]),
    )


@requires("accounts.view_institution", "accounts.change_institution")
def institutions(request: HttpRequest) -> HttpResponse:
    rows = Institution.objects.annotate(offices=Count("departments")).order_by("name")
    add = Action("관리기관 등록", reverse("people:institution_add"), icon="plus", is_primary=True)
    return list_screen(
        request,
        "portal/people/institutions.html",
        rows,
        title="관리기관",
        intro="표준데이터의 '관리기관명'입니다. 대장을 가져올 때 없던 기관은 자동으로 등록됩니다.",
        icon="site",
        actions=[add if may(request.user, ["accounts.add_institution"]) else None],
        may_change=may(request.user, ["accounts.change_institution"]),
    )


@requires("accounts.view_responsibledesignation", "accounts.add_responsibledesignation")
def designation_list(request: HttpRequest) -> HttpResponse:
    rows = ResponsibleDesignation.objects.select_related("department__institution").order_by("-from_on")
    may_keep = may(request.user, ["accounts.add_responsibledesignation"])
    add = Action("전담부서 지정", reverse("people:designation_add"), icon="plus", is_primary=True)
    return list_screen(
        request,
        "portal/people/designations.html",
        rows,
        title="전담부서 지정",
        intro="구청장은 영상정보처리기기와 통합관제센터를 맡는 전담부서를 지정합니다. 어느 날이든 전담부서는 하나입니다. (조례 제4조)",
        icon="tag",
        actions=[add if may_keep else None],
        today=timezone.localdate(),
        may_keep=may_keep,
    )


@requires("accounts.add_department")
def department_add(request: HttpRequest) -> HttpResponse:
    return _keep(request, filled_in(request, DepartmentForm), "부서 등록", DEPARTMENTS)


@requires("accounts.change_department")
def department_edit(request: HttpRequest, pk: int) -> HttpResponse:
    form = filled_in(request, DepartmentForm, instance=get_object_or_404(Department, pk=pk))
    return _keep(request, form, f"부서: {form.instance.name}", DEPARTMENTS)


@requires("accounts.add_institution")
def institution_add(request: HttpRequest) -> HttpResponse:
    return _keep(request, filled_in(request, InstitutionForm), "관리기관 등록", INSTITUTIONS)


@requires("accounts.change_institution")
def institution_edit(request: HttpRequest, pk: int) -> HttpResponse:
    form = filled_in(request, InstitutionForm, instance=get_object_or_404(Institution, pk=pk))
    return _keep(request, form, f"관리기관: {form.instance.name}", INSTITUTIONS)


@requires("accounts.add_responsibledesignation")
def designation_add(request: HttpRequest) -> HttpResponse:
    return _office_form(
        request,
        filled_in(request, DesignationForm),
        lambda form: offices.designate(**form.cleaned_data, by=acting(request)),
        "전담부서 지정",
        DESIGNATIONS,
    )


@requires("accounts.add_responsibledesignation")
def designation_post(request: HttpRequest, pk: int) -> HttpResponse:
    designation = get_object_or_404(ResponsibleDesignation.objects.select_related("department"), pk=pk)
    return _office_form(
        request,
        filled_in(request, ManagerPostForm, instance=designation),
        lambda form: offices.name_post(designation, form.cleaned_data["manager_post"], by=acting(request)),
        "관리책임자의 직위",
        DESIGNATIONS,
    )


def _keep(request: HttpRequest, form: ModelForm, title: str, home: tuple[str, str]) -> HttpResponse:
    def keep(form: ModelForm) -> object:
        values = form.cleaned_data
        return offices.keep(form.instance, values, changed=form.changed_data, by=acting(request))

    return _office_form(request, form, keep, title, home)


def _office_form(
    request: HttpRequest, form: ModelForm, act: Act, title: str, home: tuple[str, str]
) -> HttpResponse:
    def done(form: ModelForm) -> None:
        act(form)
        findings.follow_office()

    return form_screen(
        request,
        form,
        done,
        title=title,
        back=reverse(home[1]),
        done="저장했습니다.",
        crumbs=[crumb(*home)],
        icon="",
    )


@requires("accounts.view_officer", "ledger.view_entry")
def roles(request: HttpRequest) -> HttpResponse:
    """What each role may do, as it is in force: the table that the system itself reads."""
    by_app: dict[str, list[tuple[str, list[bool]]]] = defaultdict(list)
    labels = permission_labels(sorted(frozenset().union(*ROLE_PERMISSIONS.values())))
    for name, label in labels.items():
        marks = [name in ROLE_PERMISSIONS[role] for role in Role]
        by_app[_APP_LABELS[name.partition(".")[0]]].append((label, marks))
    return page(
        request,
        "portal/people/roles.html",
        {"roles": Role.labels, "groups": list(by_app.items()), "networks": networks.statements()},
        title="역할별 권한",
        intro="역할이 할 수 있는 일입니다. 화면에서 바꿀 수 없고, 프로그램이 갱신될 때만 바뀝니다.",
        icon="key",
    )


_APP_LABELS = {
    "accounts": "사람·조직",
    "auth": "사람·조직",
    "cameras": "카메라 대장",
    "casework": "권한 확인·처리방침·첨부",
    "committee": "운영위원회",
    "footage": "영상 보관·파기",
    "ledger": "원장",
    "ordinance": "조례·기한",
    "records": "청구·자체점검",
    "reports": "보고서",
    "wagtailadmin": "포털",
    "wagtailcore": "누리집",
    "website": "누리집",
}

urlpatterns = [
    path("departments/", departments, name="departments"),
    path("departments/new/", department_add, name="department_add"),
    path("departments/<int:pk>/", department_edit, name="department_edit"),
    path("institutions/", institutions, name="institutions"),
    path("institutions/new/", institution_add, name="institution_add"),
    path("institutions/<int:pk>/", institution_edit, name="institution_edit"),
    path("designations/", designation_list, name="designations"),
    path("designations/new/", designation_add, name="designation_add"),
    path("designations/<int:pk>/post/", designation_post, name="designation_post"),
    path("roles/", roles, name="roles"),
    *role_change_views.urlpatterns,
    path("officers/<int:pk>/active/", officer_active, name="officer_active"),
    path("officers/<int:pk>/sessions/", officer_sessions, name="officer_sessions"),
    path("officers/<int:pk>/password-link/", password_link, name="password_link"),
    path("officers/<int:pk>/second-factor/", officer_factor, name="officer_factor"),
    path("officers/<int:pk>/holder/", account_holder, name="account_holder"),
    path("officers/<int:pk>/unlock/", officer_unlock, name="officer_unlock"),
]
