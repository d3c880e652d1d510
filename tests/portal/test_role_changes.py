"""Rights are given by two persons and taken by one; both on record, and the person is told."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from accounts.models import Officer
from accounts.roles import Role
from casework import role_change_proofs, role_changes, second_person
from casework.models import RoleChange, RoleChangeMove, RoleChangeState
from casework.refusals import Refused
from ledger import append
from ledger.models import Entry
from ordinance import due
from portal import home, own_passwords
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return OfficerFactory(username="admin", role=Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def manager():
    return OfficerFactory(username="manager", role=Role.CCTV_MANAGER)


@pytest.fixture
def hong():
    return OfficerFactory(username="hong", role=Role.MONITORING_AGENT, email="hong@example.kr")


def as_(officer):
    client = Client()
    client.force_login(officer)
    return client


def edit(client, officer, role):
    given = {
        "username": officer.username,
        "last_name": officer.last_name,
        "first_name": officer.first_name,
        "department": officer.department_id,
        "position": "",
        "email": officer.email,
        "role": role.value,
    }
    return client.post(
        reverse("wagtailusers_users:edit", args=[officer.pk]), given, follow=True
    ).content.decode()


def post(client, name, change, **given):
    return client.post(reverse(f"people:{name}", args=[change.pk]), given, follow=True).content.decode()


def test_more_rights_wait_for_another_person(admin, manager, hong, django_capture_on_commit_callbacks):
    OfficerFactory(role=Role.AUDITOR, email="audit@example.kr")
    page = edit(as_(admin), hong, Role.OFFICIAL)
    change = RoleChange.objects.get()
    assert "다른 사람이" in page
    assert roles.role_of(hong) is Role.MONITORING_AGENT
    assert not mail.outbox, "nothing has changed yet"

    assert "요청한 사람이 아닌 다른 사람이" in post(as_(admin), "role_change_confirm", change, knows="on")
    assert roles.role_of(hong) is Role.MONITORING_AGENT
    with django_capture_on_commit_callbacks(execute=True):
        post(as_(manager), "role_change_confirm", change, knows="on")
    assert roles.role_of(hong) is Role.OFFICIAL
    assert {sent.to[0] for sent in mail.outbox} == {"hong@example.kr", "audit@example.kr"}
    assert "admin 요청, manager 확인" in mail.outbox[0].body
    asked, confirmed = Entry.objects.filter(kind__startswith="officer.role_change").order_by("sequence")
    assert (asked.kind, asked.actor) == (role_changes.KIND_ASKED, f"officer:{admin.pk}")
    assert (confirmed.kind, confirmed.actor) == (role_changes.KIND_CONFIRMED, f"officer:{manager.pk}")
    assert json.loads(confirmed.payload)["asked_by"] == f"officer:{admin.pk}"
    assert "확인을 기다리는 변경이 아닙니다" in post(as_(manager), "role_change_confirm", change, knows="on")


def test_whoever_is_given_the_rights_does_not_confirm_them(admin, manager):
    change = role_changes.change_role(manager, Role.SYSTEM_ADMINISTRATOR, by=admin)
    with pytest.raises(Refused, match="권한을 받을 사람"):
        role_changes.confirm(change, by=manager)
    assert roles.role_of(manager) is Role.CCTV_MANAGER


def test_rights_are_taken_at_once_and_end_what_waits(admin, hong):
    roles.assign(hong, Role.OFFICIAL)
    change = role_changes.change_role(hong, Role.CCTV_MANAGER, by=admin)
    edit(as_(admin), hong, Role.MONITORING_AGENT)
    assert roles.role_of(hong) is Role.MONITORING_AGENT
    change.refresh_from_db()
    assert change.state == RoleChangeState.WITHDRAWN


def test_another_role_waits_even_where_most_rights_are_the_same(admin, hong):
    """An official made auditor loses rights and gains some: what is gained waits, with all of the change."""
    roles.assign(hong, Role.OFFICIAL)
    assert roles.gained(Role.OFFICIAL, Role.AUDITOR)
    assert role_changes.change_role(hong, Role.AUDITOR, by=admin).is_waiting
    assert roles.role_of(hong) is Role.OFFICIAL


@pytest.mark.parametrize("role", Role)
def test_what_a_new_account_is_given_by_one(admin, role):
    officer = OfficerFactory()
    waits = role_changes.change_role(officer, role, by=admin, is_new=True) is not None
    assert waits, "every role reaches persons: the agents by incidents and the door"
    assert roles.role_of(officer) is None


def test_an_ended_account_is_opened_by_two(admin, manager, hong):
    client = as_(admin)
    client.post(reverse("people:officer_active", args=[hong.pk]))
    page = client.post(reverse("people:officer_active", args=[hong.pk]), follow=True).content.decode()
    assert "확인을 기다리는 변경" in page
    hong.refresh_from_db()
    assert not hong.is_active
    post(as_(manager), "role_change_confirm", RoleChange.objects.get(), knows="on")
    hong.refresh_from_db()
    assert hong.is_active
    assert roles.role_of(hong) is Role.MONITORING_AGENT


def test_one_refuses_with_the_reason(admin, manager, hong):
    change = role_changes.change_role(hong, Role.OFFICIAL, by=admin)
    assert "필수" in post(as_(manager), "role_change_refuse", change)
    post(as_(manager), "role_change_refuse", change, reason="담당 업무가 아닙니다.")
    assert roles.role_of(hong) is Role.MONITORING_AGENT
    assert (
        "담당 업무가 아닙니다."
        in as_(admin).get(reverse("people:role_change", args=[change.pk])).content.decode()
    )
    assert RoleChangeMove.of(change).last().by == manager
    with pytest.raises(Refused):
        role_changes.confirm(change, by=manager)


def test_nobody_else_who_may_confirm_is_said_with_what_to_do(admin, hong):
    page = edit(as_(admin), hong, Role.OFFICIAL)
    assert "create_administrator" in page
    assert (
        "create_administrator"
        in as_(admin).get(reverse("people:role_change", args=[RoleChange.objects.get().pk])).content.decode()
    )


def test_a_request_ends_after_its_days(admin, manager, hong):
    change = role_changes.change_role(hong, Role.OFFICIAL, by=admin)
    days = change.expires_at - change.asked_at
    assert days == timedelta(days=7)
    assert role_changes.expire_due(change.expires_at - timedelta(seconds=1)) == 0
    with time_machine.travel(change.expires_at, tick=False):
        with pytest.raises(Refused, match="기한"):
            role_changes.confirm(change, by=manager)
        assert role_changes.expire_due() == 1
    change.refresh_from_db()
    assert change.state == RoleChangeState.EXPIRED
    assert roles.role_of(hong) is Role.MONITORING_AGENT
    assert Entry.objects.get(kind=role_changes.KIND_EXPIRED).actor == role_changes.CLOCK


def test_the_asker_must_still_keep_accounts(admin, manager, hong):
    change = role_changes.change_role(hong, Role.OFFICIAL, by=admin)
    admin.deactivate()
    with pytest.raises(Refused, match="더는 계정을 관리하지"):
        role_changes.confirm(change, by=manager)


def test_a_role_that_changed_meanwhile_is_not_built_upon(admin, manager, hong):
    change = role_changes.change_role(hong, Role.OFFICIAL, by=admin)
    roles.assign(hong, Role.COMMITTEE_SECRETARY)
    with pytest.raises(Refused, match="그 사이에 역할이"):
        role_changes.confirm(change, by=manager)


def test_an_account_whose_password_the_asker_could_set_is_no_second_person(admin, manager, hong):
    own_passwords.make_link(manager, actor=f"officer:{admin.pk}")
    change = role_changes.change_role(hong, Role.OFFICIAL, by=admin)
    with pytest.raises(Refused, match="비밀번호 설정 주소"):
        role_changes.confirm(change, by=manager)
    other = OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR)
    own_passwords.make_link(other, actor="command:create_administrator")
    role_changes.confirm(change, by=other)
    assert roles.role_of(hong) is Role.OFFICIAL


@pytest.mark.parametrize("maker", ["manager", "third"])
def test_two_accounts_that_one_person_may_hold_are_one(maker, admin, manager, hong):
    """The confirmer made the asker's address, or somebody made both; after the days of a request it counts no more."""
    third = OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR)
    for officer in (admin,) if maker == "manager" else (admin, manager):
        own_passwords.make_link(officer, actor=f"officer:{(manager if maker == 'manager' else third).pk}")
    change = role_changes.change_role(hong, Role.OFFICIAL, by=admin)
    with pytest.raises(Refused, match="비밀번호 설정 주소"):
        role_changes.confirm(change, by=manager)
    role_changes.confirm(change, by=OfficerFactory(role=Role.CCTV_MANAGER))


def test_the_question_is_one_for_everything_that_needs_two(admin, manager):
    assert second_person.problem(admin.pk, manager, "등록한") == ""
    assert "다른 사람" in second_person.problem(admin.pk, admin, "등록한")
    own_passwords.make_link(manager, actor=f"officer:{admin.pk}")
    assert "비밀번호 설정 주소" in second_person.problem(admin.pk, manager, "등록한")
    later = timezone.now() + timedelta(minutes=1)
    assert "비밀번호를 바꾸지" in second_person.problem(admin.pk, manager, "등록한", since=later)


def test_an_invented_account_is_no_second_person_by_waiting(admin, manager, client):
    """Its only password is the one that its maker's address set; a person changes it once."""
    own_passwords.make_link(manager, actor=f"officer:{admin.pk}")
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert "비밀번호를 바꾸지" in second_person.problem(admin.pk, manager, "등록한")
        manager.set_password("처음-정한-비밀번호-1")
        manager.save()
        client.force_login(manager)
        given = {
            "password-old_password": "처음-정한-비밀번호-1",
            "password-new_password1": "내가-고른-비밀번호-2",
            "password-new_password2": "내가-고른-비밀번호-2",
        }
        client.post(reverse("wagtailadmin_account"), given)
        assert second_person.problem(admin.pk, manager, "등록한") == ""
        own_passwords.make_link(manager, actor=f"officer:{admin.pk}")
        assert second_person.problem(admin.pk, manager, "등록한")


def test_who_confirms_says_that_the_person_is_known(admin, manager, hong, client):
    change = role_changes.change_role(hong, Role.OFFICIAL, by=admin)
    client.force_login(manager)
    url = reverse("people:role_change_confirm", args=[change.pk])
    assert "그 사람을 확인한 뒤에" in client.post(url, {"knows": ""}).content.decode()
    assert roles.role_of(hong) is Role.MONITORING_AGENT
    client.post(url, {"knows": "on"})
    assert roles.role_of(hong) is Role.OFFICIAL


def test_one_change_of_an_officer_waits_at_a_time(admin, hong):
    change = role_changes.change_role(hong, Role.OFFICIAL, by=admin)
    assert "이미 확인을 기다리는" in edit(as_(admin), hong, Role.CCTV_MANAGER)
    with pytest.raises(Refused, match="이미"):
        role_changes.change_role(hong, Role.AUDITOR, by=admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleChange.objects.create(
            officer=hong,
            kind="role",
            state="waiting",
            asked_at=timezone.now(),
            asked_by=admin,
            expires_at=timezone.now(),
        )
    post(as_(admin), "role_change_withdraw", change)
    assert role_changes.change_role(hong, Role.AUDITOR, by=admin).is_waiting


def test_it_stands_among_the_matters_of_those_who_may_confirm(admin, manager, hong):
    role_changes.change_role(hong, Role.OFFICIAL, by=admin)

    def waiting(officer):
        items = [item for item in due.collect(officer=officer) if item.code == "casework.role_change"]
        return [item for item in items if home.is_to_do(officer, item)]

    assert len(waiting(manager)) == 1
    assert waiting(admin) == []
    assert "확인을 기다리는 권한 변경" in as_(manager).get(reverse("wagtailadmin_home")).content.decode()


def test_what_was_settled_in_between_has_not_expired(admin, manager, hong, monkeypatch):
    change, begin = role_changes.change_role(hong, Role.AUDITOR, by=admin), role_changes.acts.begin

    def settled_first(kind, row, **options):
        if kind == role_changes.KIND_EXPIRED:
            role_changes.withdraw(row, by=admin)
        return begin(kind, row, **options)

    monkeypatch.setattr(role_changes.acts, "begin", settled_first)
    assert role_changes.expire_due(change.expires_at) == 0
    assert not Entry.objects.filter(kind=role_changes.KIND_EXPIRED).exists()
    assert Entry.objects.filter(kind=role_changes.KIND_WITHDRAWN).count() == 1


def faults():
    return [each for each in role_change_proofs.check_all() if each]


@pytest.fixture
def on_record(admin, manager, hong):
    for officer in (admin, manager, hong):
        role = {"role": roles.role_of(officer).value}
        append.record("officer.created", actor="system:test", subject=f"officer:{officer.pk}", payload=role)


def test_rights_that_no_line_tells_of_show(admin, manager, hong, on_record):
    edit(as_(admin), hong, Role.OFFICIAL)
    role_changes.confirm(RoleChange.objects.get(), by=manager)
    edit(as_(admin), hong, Role.MONITORING_AGENT)
    assert faults() == []
    roles.assign(hong, Role.SYSTEM_ADMINISTRATOR)
    (fault,) = faults()
    assert str(hong.pk) in fault.reason
    roles.assign(hong, Role.MONITORING_AGENT)
    RoleChangeMove.objects.filter(event="confirm").update(by=admin)
    (fault,) = faults()
    assert "권한 변경" in fault.reason


def test_an_account_that_was_put_in_shows(admin, manager, on_record):
    OfficerFactory()
    assert faults() == []
    made = OfficerFactory(role=Role.OFFICIAL)
    (fault,) = faults()
    assert f"담당자 {made.pk}번" in fault.reason


@pytest.mark.parametrize("way", ["superuser", "own right", "second role", "group of a role"])
def test_rights_besides_the_role_show(admin, manager, hong, on_record, way):
    right = Permission.objects.get(codename="release_hold")
    if way == "superuser":
        Officer.objects.filter(pk=hong.pk).update(is_superuser=True)
    elif way == "own right":
        hong.user_permissions.add(right)
    elif way == "second role":
        hong.groups.add(roles.group_of(Role.OFFICIAL))
    else:
        roles.group_of(Role.MONITORING_AGENT).permissions.add(right)
    assert len(faults()) == 1
