"""권한 변경: rights that wait for a second person, and what became of earlier ones."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone

from accounts.korean import josa
from accounts.roles import Role
from casework import role_changes
from casework.models import RoleChange, RoleChangeMove
from portal import own_passwords
from portal.access import may, officer, requires, roles_with
from portal.forms.life import LongReasonForm
from portal.forms.people import KnownPersonForm
from portal.officers import tell_of_role
from portal.pages import crumb, page
from portal.reauthentication import asks_again
from portal.screens import confirm_screen, filled_in, form_screen, list_screen

LIST = ("권한 변경", "people:role_changes")
NOBODY = (
    "확인할 수 있는 다른 사람이 없습니다. 서버를 운영하는 사람이 "
    "‘manage.py create_administrator 아이디 이름 --another’ 명령으로 시스템 관리자를 한 사람 더 만들어야 합니다."
)


def say_what_waits(request: HttpRequest, change: RoleChange | None) -> None:
    """After asking: that a second person is needed, and what to do where there is none."""
    if change is None:
        return
    day = timezone.localtime(change.expires_at)
    if role_changes.who_may_confirm(change).exists():
        messages.warning(
            request,
            f"‘{change.what}’{josa(change.what, '은/는')} 다른 사람이 {day:%Y-%m-%d %H:%M}까지 확인해야 효력이 있습니다.",
        )
    else:
        messages.warning(request, NOBODY)


@requires("accounts.view_officer")
def change_list(request: HttpRequest) -> HttpResponse:
    rows = RoleChange.objects.select_related("officer", "asked_by")
    waiting = rows.waiting()
    return list_screen(
        request,
        "portal/people/role_changes.html",
        rows.exclude(pk__in=waiting.values("pk")),
        title="권한 변경",
        intro="권한을 주는 일은 한 사람이 요청하고 다른 사람이 확인해야 효력이 있습니다. 권한을 줄이거나 계정을 중지하는 일은 바로 됩니다.",
        icon="key",
        waiting=list(waiting),
    )


@requires("accounts.view_officer")
def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    change = _found(pk)
    others = list(role_changes.who_may_confirm(change)[:10]) if change.is_waiting else []
    reasons = (
        role_changes.refusals(change, change.officer, officer(request), timezone.now())
        if change.is_waiting
        else []
    )
    return page(
        request,
        "portal/people/role_change.html",
        {
            "change": change,
            "moves": RoleChangeMove.of(change).select_related("by"),
            "others": others,
            "nobody": NOBODY if change.is_waiting and not others else "",
            "reasons": [reason.sentence for reason in reasons],
            "confirmers": [role.label for role in roles_with([role_changes.CONFIRM])],
            "may_confirm": may(request.user, [role_changes.CONFIRM]) and not reasons,
            "may_refuse": may(request.user, [role_changes.CONFIRM]) and change.asked_by != request.user,
            "may_withdraw": may(request.user, [role_changes.KEEP]),
        },
        title=f"권한 변경: {change.officer}",
        intro=change.what,
        icon="key",
        crumbs=[crumb(*LIST)],
    )


@requires(role_changes.CONFIRM)
@asks_again
def change_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person's word."""
    change = _found(pk)
    return confirm_screen(
        request,
        lambda form: _confirm(request, change),
        question=f"{change.officer} ({change.officer.username}): {change.what}. 확인할까요?",
        consequences=[
            f"요청한 사람: {change.asked_by}",
            "확인하면 바로 효력이 있습니다. 본인과 감사 담당자에게 알립니다.",
            "요청한 사람과 권한을 받을 사람은 확인할 수 없습니다.",
        ],
        confirm="확인",
        form=filled_in(request, KnownPersonForm),
        title="권한 변경 확인",
        back=reverse("people:role_change", args=[pk]),
        done=f"{change.officer}: {change.what}. 확인했습니다.",
        is_dangerous=True,
        crumbs=[crumb(*LIST)],
    )


def _confirm(request: HttpRequest, change: RoleChange) -> None:
    by = officer(request)
    done = role_changes.confirm(change, by=by)
    transaction.on_commit(lambda: _tell(done, by.username))


def _tell(change: RoleChange, confirmer: str) -> None:
    if change.kind == RoleChange.Kind.ROLE:
        before = Role(change.role_before) if change.role_before else None
        tell_of_role(
            change.officer, before, Role(change.role), by=f"{change.asked_by.username} 요청, {confirmer} 확인"
        )
        return
    if change.kind == RoleChange.Kind.FACTOR:
        own_passwords.tell(
            change.officer,
            "두 번째 인증을 없앴습니다",
            f"{change.officer.username} 계정의 두 번째 인증을 없앴습니다 ({change.asked_by.username} 요청, {confirmer} 확인). 요청하지 않았다면 감사 담당자에게 알리십시오.",
        )
        return
    own_passwords.tell(
        change.officer,
        "업무 포털의 계정을 다시 사용합니다",
        f"{change.officer.username} 계정을 다시 사용하게 되었습니다 ({change.asked_by.username} 요청, {confirmer} 확인).",
    )


@requires(role_changes.CONFIRM)
def change_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    change = _found(pk)
    return form_screen(
        request,
        filled_in(request, LongReasonForm),
        lambda form: role_changes.refuse(change, by=officer(request), reason=form.cleaned_data["reason"]),
        title="권한 변경 거절",
        back=reverse("people:role_change", args=[pk]),
        done="거절했습니다. 권한은 그대로입니다.",
        submit="거절",
        notes=[f"{change.officer}: {change.what}", "사유는 요청한 사람이 읽습니다."],
        crumbs=[crumb(*LIST)],
    )


@requires(role_changes.KEEP)
def change_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    change = _found(pk)
    return confirm_screen(
        request,
        lambda form: role_changes.withdraw(change, by=officer(request)),
        question=f"{change.officer}: {change.what}. 요청을 철회할까요?",
        consequences=["권한은 그대로입니다. 필요하면 다시 요청할 수 있습니다."],
        confirm="철회",
        title="권한 변경 철회",
        back=reverse("people:role_change", args=[pk]),
        done="철회했습니다.",
        crumbs=[crumb(*LIST)],
    )


def _found(pk: int) -> RoleChange:
    return get_object_or_404(RoleChange.objects.select_related("officer", "asked_by"), pk=pk)


urlpatterns = [
    path("role-changes/", change_list, name="role_changes"),
    path("role-changes/<int:pk>/", change_page, name="role_change"),
    path("role-changes/<int:pk>/confirm/", change_confirm, name="role_change_confirm"),
    path("role-changes/<int:pk>/refuse/", change_refuse, name="role_change_refuse"),
    path("role-changes/<int:pk>/withdraw/", change_withdraw, name="role_change_withdraw"),
]
