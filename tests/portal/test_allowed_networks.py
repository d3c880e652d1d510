"""허용망 in the portal: told what to do, on record, whatever a header says."""

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from accounts import networks
from accounts.roles import Role
from ledger.models import Entry
from portal import access_record
from portal.allowed_networks import KnowNetwork
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db
HOME = reverse("wagtailadmin_home")
INSIDE, OUTSIDE = "10.20.0.5", "203.0.113.9"


def client_of(role: Role, address: str, **more) -> Client:
    client = Client(REMOTE_ADDR=address, **more)
    client.force_login(OfficerFactory(role=role))
    return client


def test_a_role_is_kept_to_its_network(settings):
    settings.ALLOWED_NETWORKS = "portal@system_administrator=10.20.0.0/16"
    assert client_of(Role.SYSTEM_ADMINISTRATOR, INSIDE).get(HOME).status_code == 200
    assert client_of(Role.OFFICIAL, OUTSIDE).get(HOME).status_code == 200
    outside = client_of(Role.SYSTEM_ADMINISTRATOR, OUTSIDE, HTTP_X_FORWARDED_FOR=INSIDE)
    for _ in range(2):
        answer = outside.get(HOME)
        assert answer.status_code == 403
        assert OUTSIDE in answer.content.decode()
        assert "정해진 망" in answer.content.decode()
    assert Entry.objects.filter(kind=access_record.ELSEWHERE).count() == 1
    assert outside.post(reverse("wagtailadmin_logout")).status_code == 302


def test_what_is_sent_while_it_is_made_knows_from_where_it_was_asked(rf):
    """A gate that is asked within a streamed answer must not take it for a command of the machine itself."""

    def told():
        yield str(networks.here()).encode()
        yield str(networks.here()).encode()

    request = rf.get(HOME, REMOTE_ADDR=OUTSIDE)
    request.user, request.session = OfficerFactory(role=Role.OFFICIAL), {}
    answer = KnowNetwork(lambda request: StreamingHttpResponse(told()))(request)
    assert list(answer.streaming_content) == [OUTSIDE.encode()] * 2
    assert networks.here() is None


def test_the_table_of_roles_says_what_is_in_force(settings):
    settings.ALLOWED_NETWORKS = "footage=10.20.0.0/16"
    page = client_of(Role.AUDITOR, OUTSIDE).get(reverse("people:roles")).content.decode()
    assert "모든 역할: 10.20.0.0/16" in page
    assert "업무 포털의 모든 화면: 망을 정하지 않아 어디서나 됩니다." in page
