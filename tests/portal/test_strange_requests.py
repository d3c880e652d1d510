"""Addresses that no screen of ours makes: too large, not a number, quotation marks. Refused or empty, never an error."""

import pytest
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from portal import opened_forms, row_keys
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db
STRANGE = ["9" * 20, "9" * 5_000, "²", "-1", "x", "", "1e9", "٣"]


def test_what_is_no_key_is_left_out():
    assert row_keys.keys([*STRANGE, "7", "0" * 17 + "8"]) == [7, 8]


def test_a_choice_of_several_rows_knows_what_no_column_holds():
    officer = OfficerFactory()
    huge = [2**63, -(2**63) - 1, 10**400]
    assert list(Officer.objects.filter(pk__in=[*huge, officer.pk])) == [officer]
    assert list(Officer.objects.filter(department__in=[*huge, officer.department_id])) == [officer]
    assert not Officer.objects.filter(pk__in=huge).exists()
    assert officer in Officer.objects.exclude(pk__in=huge)


@pytest.fixture
def manager(client):
    client.force_login(OfficerFactory(role=Role.CCTV_MANAGER))
    return client


OWN = [
    ("signs:put_up", "ids"),
    ("signs:batch_add", "ids"),
    ("signs:batch_add", "project"),
    ("cameras:bulk", "ids"),
    ("duties:care", "ids"),
    ("consultation:add", "project"),
    ("footage:destroyed", "page"),
    ("cameras:list", "page"),
]


@pytest.mark.parametrize(("view", "argument"), OWN)
def test_strange_keys_in_our_own_screens(manager, view, argument):
    for text in STRANGE:
        assert manager.get(reverse(view), {argument: [text, "1"]}).status_code in {200, 302, 404}, text


@pytest.mark.parametrize("chooser", ["wagtailimages_chooser", "wagtaildocs_chooser"])
def test_strange_keys_of_what_is_chosen(manager, chooser):
    for text in filter(None, STRANGE):
        assert manager.get(reverse(f"{chooser}:chosen", args=[text])).status_code == 404, text
        several = reverse(f"{chooser}:chosen_multiple")
        assert manager.get(several, {"id": [text]}).status_code == 404, text


WAGTAILS = [
    ("wagtailimages:index", ["collection_id", "p", "tag", "q", "usage_count_min"]),
    ("wagtaildocs:index", ["collection_id", "p", "q", "usage_count_max"]),
    ("wagtailadmin_explore_root", ["p", "ordering", "content_type", "owner", "q"]),
    ("wagtailadmin_choose_page", ["p", "page_type", "page_types"]),
    ("wagtailadmin_choose_page_search", ["q", "p"]),
    ("wagtaildocs_chooser:choose", ["collection_id", "q", "p"]),
    ("wagtailimages_chooser:choose", ["collection_id", "q", "p"]),
    ("wagtailadmin_reports:site_history", ["user", "object_type", "p"]),
    ("wagtailadmin_reports:aging_pages", ["content_type", "last_published_by_user", "p"]),
    ("wagtailusers_users:index", ["q", "p"]),
]


@pytest.mark.parametrize(("view", "arguments"), WAGTAILS)
def test_strange_values_in_wagtails_screens(manager, view, arguments):
    for argument in arguments:
        for text in [*STRANGE, '"', '"ab', "a'b", "낱 " * 3_000]:
            answer = manager.get(reverse(view), {argument: text})
            assert answer.status_code in {200, 302, 400, 404}, (argument, text[:30])


@pytest.mark.parametrize(
    "kind", [("wagtailcore", "page"), ("wagtaildocs", "document"), ("wagtailimages", "image")]
)
def test_strange_keys_in_wagtails_bulk_screens(manager, kind):
    for text in STRANGE:
        url = reverse("wagtail_bulk_action", args=[*kind, "delete"])
        assert manager.get(url, {"id": text}).status_code in {200, 302, 400, 404}, text


def test_there_is_one_page_to_log_in(client):
    answer = client.get("/_util/login/?next=/portal/")
    assert (answer.status_code, answer.url) == (302, "/portal/login/?next=/portal/")
    assert client.post("/_util/login/", {"username": "a", "password": "b"}).status_code == 302


@pytest.fixture
def openings_read(monkeypatch):
    """Of how many requests a draft was looked for."""
    read = []
    monkeypatch.setattr(opened_forms, "read", lambda value: read.append(value))
    return read


def test_what_strangers_send_is_not_read_for_drafts(client, openings_read):
    client.post("/requests/", {opened_forms.NAME: "x"})
    assert openings_read == []
    client.post(reverse("footage:hold_place"), {opened_forms.NAME: "x"})
    assert openings_read == ["x"]


def test_what_is_too_large_gets_the_page_of_whoever_sent_it(manager, client):
    huge = {"reason": "x" * 4_000_000, "csrfmiddlewaretoken": "x"}
    answer = manager.post(reverse("footage:hold_place"), huge)
    assert (answer.status_code, answer.templates[0].name) == (413, "portal/too_large.html")
    client.logout()
    answer = client.post(reverse("footage:hold_place"), {**huge, opened_forms.NAME: "x"})
    assert (answer.status_code, answer.templates[0].name) == (413, "website/too_large.html")
