import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts import roles
from accounts.roles import ROLE_PERMISSIONS, Role
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_every_role_is_a_group_with_exactly_its_permissions(role):
    held = roles.group_of(role).permissions.select_related("content_type")
    names = {f"{row.content_type.app_label}.{row.codename}" for row in held}
    assert names == ROLE_PERMISSIONS[role] - roles.unknown_permissions()
    assert "wagtailadmin.access_admin" in names


def test_granting_again_changes_nothing_and_takes_back_what_was_added_by_hand():
    group = roles.group_of(Role.MONITORING_AGENT)
    before = set(group.permissions.values_list("pk", flat=True))
    group.permissions.add(Permission.objects.get(codename="add_officer"))
    call_command("migrate", verbosity=0)
    assert set(group.permissions.values_list("pk", flat=True)) == before
    assert Group.objects.filter(name=Role.MONITORING_AGENT.label).count() == 1


def test_nobody_may_delete_an_account_or_anything_of_the_register():
    granted = set().union(*ROLE_PERMISSIONS.values())
    deleting = {name for name in granted if ".delete_" in name}
    # A place's name by which citizens search is no record: nothing refers to it.
    assert deleting == {"ordinance.delete_holiday", "cameras.delete_landmark"}
    assert not Permission.objects.filter(codename="delete_officer").exists()


def test_an_auditor_changes_nothing():
    changing = {name for name in ROLE_PERMISSIONS[Role.AUDITOR] if ".view_" not in name}
    # What is asked about himself, and the second person where the manager's own looks are judged (docs/access-log.md).
    assert changing == {
        "wagtailadmin.access_admin",
        "records.explain_accessfinding",
        "records.countersign_accessreview",
    }


def test_a_monitoring_agent_learns_nothing_about_files():
    assert not {name for name in ROLE_PERMISSIONS[Role.MONITORING_AGENT] if name.startswith("footage.")}


def test_an_officer_has_one_role_at_a_time():
    officer = OfficerFactory(role=Role.OFFICIAL)
    officer.groups.add(Group.objects.create(name="동호회"))
    roles.assign(officer, Role.AUDITOR)
    assert roles.role_of(officer) == Role.AUDITOR
    assert set(officer.groups.values_list("name", flat=True)) == {"감사 담당자", "동호회"}


def test_page_rights_stand_on_the_root_of_the_tree():
    grants = apps.get_model("wagtailcore", "GroupPagePermission").objects.filter(page__depth=1)
    official = grants.filter(group__name=Role.OFFICIAL.label).values_list("permission__codename", flat=True)
    assert set(official) == {"add_page", "change_page", "publish_page"}
    assert not grants.filter(group__name=Role.AUDITOR.label).exists()
