"""허용망: what the setting says, read strictly, asked of the connection's own address."""

import ipaddress

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts import networks
from accounts.networks import Kind
from accounts.roles import Role
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db
CENTRE = "footage=10.20.0.0/16; portal@system_administrator=10.30.0.0/24, 2001:db8::/32"


def may(kind: Kind, officer, address: str) -> bool:
    with networks.request_from(address):
        return networks.may(kind, officer)


def test_without_a_rule_everything_is_open_and_says_so(settings):
    settings.ALLOWED_NETWORKS = ""
    assert may(Kind.FOOTAGE, OfficerFactory(role=Role.MONITORING_AGENT), "203.0.113.9")
    assert [line.endswith("어디서나 됩니다.") for line in networks.statements()] == [True, True]


def test_a_kind_is_for_all_roles_and_a_role_for_itself(settings):
    settings.ALLOWED_NETWORKS = CENTRE
    agent, administrator = (
        OfficerFactory(role=role) for role in (Role.MONITORING_AGENT, Role.SYSTEM_ADMINISTRATOR)
    )
    assert may(Kind.FOOTAGE, agent, "10.20.3.4")
    assert may(Kind.FOOTAGE, agent, "::ffff:10.20.3.4")
    assert not may(Kind.FOOTAGE, agent, "10.21.0.1")
    assert may(Kind.PORTAL, agent, "203.0.113.9")
    assert not may(Kind.PORTAL, administrator, "203.0.113.9")
    assert may(Kind.PORTAL, administrator, "2001:db8::7")
    assert networks.statements()[-1] == "영상의 재생과 꾸러미의 내려받기, 모든 역할: 10.20.0.0/16"


@pytest.mark.parametrize("address", ["", "unknown", "10.20.0.1, 203.0.113.9", "10.20.0.1' OR 1=1"])
def test_what_is_no_address_is_nowhere(address, settings):
    settings.ALLOWED_NETWORKS = CENTRE
    assert not may(Kind.FOOTAGE, OfficerFactory(role=Role.OFFICIAL), address)


def test_outside_a_request_it_is_the_machine_itself(settings):
    settings.ALLOWED_NETWORKS = CENTRE
    assert networks.here() is None
    assert networks.may(Kind.FOOTAGE, OfficerFactory(role=Role.OFFICIAL))


@pytest.mark.parametrize(
    "text",
    [
        "footage",
        "footage=",
        "footage=10.20.0.1/16",
        "footage=10.20.0.0/16,",
        "film=10.0.0.0/8",
        "footage@director=10.0.0.0/8",
        "footage=10.0.0.0/8; footage=10.1.0.0/16",
        "=10.0.0.0/8",
    ],
)
def test_a_rule_that_cannot_be_read_stops_instead_of_opening(text, settings):
    settings.ALLOWED_NETWORKS = text
    with pytest.raises(ImproperlyConfigured, match="ALLOWED_NETWORKS"):
        networks.may(Kind.FOOTAGE, OfficerFactory(role=Role.OFFICIAL))


def test_the_example_of_the_documentation_is_read():
    rules = networks.read("footage=10.20.0.0/16; portal@system_administrator=10.30.0.0/24, 10.31.0.7")
    assert rules[Kind.PORTAL, Role.SYSTEM_ADMINISTRATOR][1] == ipaddress.ip_network("10.31.0.7/32")
