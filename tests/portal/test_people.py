"""Accounts: one role, on record, never deleted, nobody lifts the own rights."""

import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from accounts.models import Department, Institution, Officer, ResponsibleDesignation, SecondFactor
from accounts.roles import Role
from casework import account_holders
from casework.models import RoleChange
from ledger.models import Entry
from records.access import gates
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.accounts.test_second_factor import SECRET
from tests.records.people import competent

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    officer = OfficerFactory(username="admin", role=Role.SYSTEM_ADMINISTRATOR)
    client.force_login(officer)
    return officer


def form(**changes):
    given = {
        "username": "hong",
        "last_name": "홍",
        "first_name": "길동",
        "department": DepartmentFactory(name="안전관리과").pk,
        "position": "주무관",
        "email": "",
        "role": Role.OFFICIAL.value,
    }
    return {**given, **changes}


def test_a_new_officer_has_one_role_and_stands_in_the_ledger(client, administrator):
    answer = client.post(reverse("wagtailusers_users:add"), form())

    officer = Officer.objects.get(username="hong")
    assert answer.status_code == 302
    assert roles.role_of(officer) is None, "a second person confirms it"
    assert not officer.has_usable_password()
    entry = Entry.objects.get(kind="officer.created")
    assert entry.actor == f"officer:{administrator.pk}"
    assert entry.subject == f"officer:{officer.pk}"
    assert json.loads(Entry.objects.get(kind="officer.role_change_asked").payload)["role"] == "official"
    assert "홍" not in entry.payload


def link_for(client, officer) -> str:
    page = client.post(reverse("people:password_link", args=[officer.pk])).content.decode()
    return re.search(r"http://[^<\s]+?(/own-password/[^<\s]+)", page)[1]


NEW = {"new_password1": "kangseo-9182-pw", "new_password2": "kangseo-9182-pw"}


def test_the_person_sets_the_own_password_once(client, administrator):
    officer, stranger = OfficerFactory(role=Role.OFFICIAL), Client()
    link = link_for(client, officer)
    assert "10" in stranger.post(link, {"new_password1": "short", "new_password2": "short"}).content.decode()
    assert stranger.post(link, NEW).url == reverse("wagtailadmin_login")
    officer.refresh_from_db()
    assert officer.check_password("kangseo-9182-pw")
    assert stranger.get(link).status_code == 404
    assert stranger.post(link, NEW).status_code == 404
    made, used = Entry.objects.filter(kind__startswith="officer.password").order_by("sequence")
    assert (made.actor, made.subject) == (f"officer:{administrator.pk}", f"officer:{officer.pk}")
    assert used.actor == f"officer:{officer.pk}"
    assert link.split("/")[-2] not in str(list(Entry.objects.values_list("payload", flat=True)))


def reads(officer):
    """What is in the way of persons and footage alike."""
    matter = gates.Matter("hold", 1, "유예 1", ())
    return [refusal.code for refusal in gates.personal_refusals(officer, matter)]


def test_who_makes_the_address_does_not_reach_persons_by_it(client, administrator):
    officer, manager = competent(OfficerFactory(role=Role.OFFICIAL)), OfficerFactory(role=Role.CCTV_MANAGER)
    assert reads(officer) == []
    Client().post(link_for(client, officer), NEW)
    assert reads(officer) == ["holder"]
    # A telephone of the maker's, an own change and another address make it no other person's.
    SecondFactor.objects.create(officer=officer, secret=SECRET, confirmed_at=timezone.now())
    Client().post(link_for(client, officer), NEW)
    assert reads(officer) == ["holder"]
    assert any(item.url_args == (officer.pk,) for item in account_holders.due_items(timezone.now()))
    address, known = reverse("people:account_holder", args=[officer.pk]), {"knows": "on"}
    assert "다른 사람이 확인해야" in client.post(address, known).content.decode()
    assert reads(officer) == ["holder"]
    client.force_login(manager)
    assert client.post(address, known).status_code == 302
    assert reads(officer) == []
    assert Entry.objects.get(kind=account_holders.CONFIRMED).actor == f"officer:{manager.pk}"


def test_whoever_had_a_second_factor_is_not_asked_for_another_word(client, administrator):
    officer = competent(OfficerFactory(role=Role.OFFICIAL))
    SecondFactor.objects.create(officer=officer, secret=SECRET, confirmed_at=timezone.now())
    Client().post(link_for(client, officer), NEW)
    assert reads(officer) == []


def test_an_account_that_waits_for_its_word_confirms_no_other(client, administrator):
    first, second = OfficerFactory(role=Role.OFFICIAL), OfficerFactory(role=Role.CCTV_MANAGER)
    for officer in (first, second):
        Client().post(link_for(client, officer), NEW)
    (refusal,) = account_holders.against_confirming(first, second)
    assert refusal.code == "unknown"


def test_an_address_to_set_a_password_ends_after_a_day_and_with_the_account(client, administrator):
    officer = OfficerFactory(role=Role.OFFICIAL)
    link = link_for(client, officer)
    with time_machine.travel(timezone.localtime() + timedelta(hours=25)):
        assert Client().get(link).status_code == 404
    assert Client().get(link).status_code == 200
    officer.deactivate()
    assert Client().get(link).status_code == 404
    assert Client().get("/own-password/xx/yy/").status_code == 404


def test_the_person_and_the_auditors_are_told(client, administrator, django_capture_on_commit_callbacks):
    OfficerFactory(role=Role.AUDITOR, email="audit@example.kr")
    officer = OfficerFactory(username="hong", role=Role.OFFICIAL, email="hong@example.kr")
    link_for(client, officer)
    assert {sent.to[0] for sent in mail.outbox} == {"audit@example.kr", "hong@example.kr"}
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("wagtailusers_users:edit", args=[officer.pk]),
            form(role="monitoring_agent", email="hong@example.kr"),
        )
    assert {sent.to[0] for sent in mail.outbox} == {"audit@example.kr", "hong@example.kr"}
    assert "운영담당자 → 관제요원" in mail.outbox[0].body


def test_the_first_administrator_is_made_on_the_server(capsys):
    call_command("create_administrator", "kim", "김관리", "--json")
    made = json.loads(capsys.readouterr().out.splitlines()[-1])
    officer = Officer.objects.get(username="kim")
    assert roles.role_of(officer) is Role.SYSTEM_ADMINISTRATOR
    assert not officer.is_superuser
    assert not officer.has_usable_password()
    assert Client().post(urlsplit(made["link"]).path, NEW).status_code == 302
    officer.refresh_from_db()
    assert officer.check_password("kangseo-9182-pw")
    for arguments, code in ((["lee", "이"], 1), (["kim", "김"], 2), (["a b", "김"], 2)):
        with pytest.raises(CommandError) as refused:
            call_command("create_administrator", *arguments)
        assert refused.value.returncode == code
    call_command("create_administrator", "lee", "이관리", "--another")


def test_a_fresh_installation_reaches_persons_by_two_administrators_of_the_server(capsys):
    """kim makes the manager's account and address, lee confirms the role and the holder; nobody waits for ever."""

    def administrator(*arguments):
        call_command("create_administrator", *arguments, "--json")
        link = json.loads(capsys.readouterr().out.splitlines()[-1])["link"]
        assert Client().post(urlsplit(link).path, NEW).status_code == 302
        client = Client()
        client.force_login(Officer.objects.get(username=arguments[0]))
        return client

    kim = administrator("kim", "김관리")
    lee = administrator("lee", "이관리", "--another")
    assert account_holders.waiting() == []
    kim.post(reverse("wagtailusers_users:add"), form(role=Role.CCTV_MANAGER.value))
    manager = Officer.objects.get(username="hong")
    change = RoleChange.objects.get()
    known = {"knows": "on"}
    assert lee.post(reverse("people:role_change_confirm", args=[change.pk]), known).status_code == 302
    assert roles.role_of(manager) is Role.CCTV_MANAGER
    competent(manager)
    assert reads(manager) == []
    Client().post(link_for(kim, manager), NEW)
    assert reads(manager) == ["holder"]
    holder = reverse("people:account_holder", args=[manager.pk])
    assert "다른 사람이 확인해야" in kim.post(holder, known).content.decode()
    assert lee.post(holder, known).status_code == 302
    assert reads(manager) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"role": "superuser"}, "올바르게 선택해"),
        ({"username": "admin"}, "이미"),
        ({"department": ""}, "필수"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_stored(client, administrator, changes, message):
    before = Officer.objects.count()
    page = client.post(reverse("wagtailusers_users:add"), form(**changes)).content.decode()
    assert message in page
    assert "오류:" in page
    assert Officer.objects.count() == before
    assert not Entry.objects.filter(kind="officer.created").exists()


def test_a_changed_role_replaces_the_old_one_and_is_on_record(client, administrator):
    officer = OfficerFactory(username="hong", role=Role.OFFICIAL)
    client.post(
        reverse("wagtailusers_users:edit", args=[officer.pk]),
        form(role="monitoring_agent"),
    )
    officer.refresh_from_db()
    assert list(officer.groups.values_list("name", flat=True)) == [Role.MONITORING_AGENT.label]
    assert officer.check_password("gangseo-2026")
    payload = json.loads(Entry.objects.get(kind="officer.changed").payload)
    assert (payload["role_before"], payload["role"]) == ("official", "monitoring_agent")
    history = client.get(reverse("wagtailusers_users:history", args=[officer.pk])).content.decode()
    assert "담당자·권한 변경" in history


def test_nobody_changes_the_own_role_or_ends_the_own_account(client, administrator):
    client.post(
        reverse("wagtailusers_users:edit", args=[administrator.pk]),
        form(username="admin", role="cctv_manager"),
    )
    assert roles.role_of(administrator) is Role.SYSTEM_ADMINISTRATOR
    assert client.post(reverse("people:officer_active", args=[administrator.pk])).status_code == 403
    administrator.refresh_from_db()
    assert administrator.is_active


def test_a_superuser_is_out_of_reach(client, administrator):
    root = OfficerFactory(username="root", is_superuser=True)
    url = reverse("wagtailusers_users:edit", args=[root.pk])
    assert client.get(url).status_code == 403
    assert client.post(url, form(username="root")).status_code == 403
    assert client.post(reverse("people:officer_active", args=[root.pk])).status_code == 403


def test_a_superuser_box_sent_anyway_is_ignored(client, administrator):
    client.post(reverse("wagtailusers_users:add"), form(is_superuser="on", is_staff="on"))
    assert not Officer.objects.get(username="hong").is_superuser


def test_ending_an_account_asks_first_and_ends_its_session(client, administrator):
    officer = OfficerFactory(role=Role.OFFICIAL)
    from django.test import Client

    theirs = Client()
    theirs.force_login(officer)
    url = reverse("people:officer_active", args=[officer.pk])

    assert "사용 중지" in client.get(url).content.decode()
    assert theirs.get(reverse("wagtailadmin_home")).status_code == 200
    client.post(url)

    officer.refresh_from_db()
    assert not officer.is_active
    assert theirs.get(reverse("wagtailadmin_home")).status_code == 302
    client.post(url)
    officer.refresh_from_db()
    assert not officer.is_active, "opening it again takes a second person"
    assert RoleChange.objects.waiting().get().officer == officer


def test_wagtails_bulk_actions_on_officers_do_not_exist(client, administrator):
    officer = OfficerFactory(role=Role.OFFICIAL)
    for action in ("delete", "assign_role", "set_active_state"):
        url = reverse("wagtail_bulk_action", args=["accounts", "officer", action])
        assert client.post(f"{url}?id={officer.pk}", {"role": 1}).status_code == 404
    assert Officer.objects.filter(pk=officer.pk, is_active=True).exists()


def test_officers_are_found_by_role_department_and_name(client, administrator):
    OfficerFactory(username="one", last_name="남궁", role=Role.AUDITOR)
    OfficerFactory(username="two", last_name="제갈", role=Role.OFFICIAL)
    url = reverse("wagtailusers_users:index")
    assert "남궁" in client.get(url, {"role": "auditor"}).content.decode()
    assert "제갈" not in client.get(url, {"role": "auditor"}).content.decode()
    assert "제갈" in client.get(url, {"q": "제갈"}).content.decode()
    assert "조건에 맞는 담당자가 없습니다" in client.get(url, {"q": "없는사람"}).content.decode()


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    client, administrator, django_assert_max_num_queries
):
    url = reverse("wagtailusers_users:index")
    client.get(url)
    with django_assert_max_num_queries(30) as few:
        client.get(url)
    for _ in range(30):
        OfficerFactory(role=Role.OFFICIAL)
    with django_assert_max_num_queries(len(few)):
        client.get(url)


def test_a_designation_ends_the_one_before(client, administrator):
    first, second = DepartmentFactory(name="스마트도시과"), DepartmentFactory(name="안전관리과")
    url = reverse("people:designation_add")
    client.post(
        url,
        {"department": first.pk, "from_on": "2023-05-10", "manager_post": "과장", "document_number": "1548"},
    )
    client.post(
        url,
        {"department": second.pk, "from_on": "2025-03-05", "manager_post": "과장", "document_number": "1694"},
    )
    rows = list(
        ResponsibleDesignation.objects.order_by("from_on").values_list("department__name", "until_on")
    )
    assert [(name, str(until)) for name, until in rows] == [
        ("스마트도시과", "2025-03-04"),
        ("안전관리과", "None"),
    ]


def test_who_is_responsible_and_what_an_office_is_called_stand_in_the_ledger(client, administrator):
    given = {"name": "강서구청", "code": "", "phone": "02-1", "postal_address": "", "email": ""}
    client.post(reverse("people:institution_add"), given)
    institution = Institution.objects.get(name="강서구청")
    client.post(reverse("people:institution_edit", args=[institution.pk]), given | {"phone": "02-2"})
    of_department = {"institution": institution.pk, "name": "안전관리과", "phone": ""}
    client.post(reverse("people:department_add"), of_department)
    department = Department.objects.get(name="안전관리과")
    client.post(reverse("people:department_edit", args=[department.pk]), of_department | {"phone": "02-3"})
    told = {
        "department": department.pk,
        "from_on": "2025-03-05",
        "manager_post": "과장",
        "document_number": "1",
    }
    client.post(reverse("people:designation_add"), told)
    (designation,) = ResponsibleDesignation.objects.all()
    client.post(reverse("people:designation_post", args=[designation.pk]), {"manager_post": "국장"})
    designation.refresh_from_db()
    assert designation.manager_post == "국장"
    lines = Entry.objects.filter(kind__startswith="office.").order_by("sequence")
    assert [(line.kind.removeprefix("office."), line.subject, line.actor) for line in lines] == [
        (kind, subject, f"officer:{administrator.pk}")
        for kind, subject in (
            ("institution_added", f"institution:{institution.pk}"),
            ("institution_changed", f"institution:{institution.pk}"),
            ("department_added", f"department:{department.pk}"),
            ("department_changed", f"department:{department.pk}"),
            ("designated", f"department:{department.pk}"),
            ("manager_post_named", f"department:{department.pk}"),
        )
    ]
    assert lines[1].content == {"fields": ["phone"]}
    assert "02-" not in "".join(line.payload for line in lines)


def test_a_designation_that_overlaps_is_refused_with_the_reason(client, administrator):
    first, second = DepartmentFactory(name="스마트도시과"), DepartmentFactory(name="안전관리과")
    url = reverse("people:designation_add")
    client.post(url, {"department": first.pk, "from_on": "2025-03-05", "manager_post": "과장"})
    page = client.post(
        url, {"department": second.pk, "from_on": "2024-01-01", "manager_post": "과장"}
    ).content.decode()
    assert "같은 기간에 이미 지정된 전담부서" in page
    assert ResponsibleDesignation.objects.count() == 1


def test_a_department_is_stored_once(client, administrator):
    department = DepartmentFactory(name="안전관리과")
    given = {"institution": department.institution_id, "name": "안전관리과", "phone": ""}
    assert "이미 있는 부서" in client.post(reverse("people:department_add"), given).content.decode()
    assert Department.objects.filter(name="안전관리과").count() == 1


def test_the_role_table_shows_what_is_in_force(client, administrator):
    page = client.get(reverse("people:roles")).content.decode()
    for label in Role.labels:
        assert label in page
    assert "삭제 유예 해제" in page
    assert "기타" not in page


def test_one_changes_the_own_password_but_not_the_own_name(client):
    officer = OfficerFactory(last_name="홍", first_name="길동", role=Role.OFFICIAL)
    client.force_login(officer)
    url = reverse("wagtailadmin_account")
    page = client.get(url).content.decode()
    assert "name_email" not in page
    assert "theme-theme" not in page
    client.post(
        url,
        {
            "name_email-first_name": "정민",
            "name_email-last_name": "박",
            "password-old_password": "gangseo-2026",
            "password-new_password1": "kangseo-9182-pw",
            "password-new_password2": "kangseo-9182-pw",
        },
    )
    officer.refresh_from_db()
    assert str(officer) == "홍길동"
    assert officer.check_password("kangseo-9182-pw")


def test_a_changed_mail_address_is_told_where_the_person_read_so_far(
    client, administrator, django_capture_on_commit_callbacks
):
    officer = OfficerFactory(role=Role.OFFICIAL, email="hong@example.kr")
    given = {
        "username": officer.username,
        "last_name": officer.last_name or "홍",
        "first_name": officer.first_name or "길동",
        "department": officer.department_id,
        "position": "",
        "email": "other@example.kr",
        "role": Role.OFFICIAL.value,
    }
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("wagtailusers_users:edit", args=[officer.pk]), given)
    assert {"hong@example.kr", "other@example.kr"} <= {message.to[0] for message in mail.outbox}
