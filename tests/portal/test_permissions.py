"""Every view below /portal/ for every role and for visitors, from one table; and that the table is complete."""

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from wagtail.admin.telepath import JSContext
from wagtail.admin.templatetags import wagtailadmin_tags

from accounts.models import Officer
from accounts.roles import Role
from cameras.models import (
    Camera,
    Contractor,
    EntrustmentContract,
    InstallationProject,
    Paper,
    PriorConsultation,
    PublicConsultation,
    SignReport,
)
from casework import next_steps, searching
from committee.models import Resolution
from ordinance import due
from portal import home
from records import models as records
from records.models import Provision, ViewingRequest
from records.provision import authority
from records.viewing import search_results
from reports import packet
from reports.models import OutgoingDocument
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory
from tests.portal import portal_views, world
from tests.portal.permissions import ANONYMOUS, MAY_GET, MAY_SEND, NOT_IN_THE_SAMPLE, OWN, REGISTERS, Roles
from tests.portal.portal_views import View
from tests.records.people import competent
from tests.records.provisions import reviewed
from tests.records.situations import confirmed, looked_for

# The mark gives every test a savepoint of its own inside the transaction that holds the sample world.
pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of a scaled image to the garbage collector.
    pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
]

VIEWS = portal_views.portal_views()
OURS = {**OWN, **REGISTERS}
OWN_VIEWS = [view for view in VIEWS if view.name in OURS]
WHO = [ANONYMOUS, *Role]
Visit = Callable[[View, Role | None, str, str], HttpResponse]
PERSON, SCRIPT = "text/html", "application/json"


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[world.World]:
    """The world is built once; what a request does to it is taken back."""
    folder = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=str(folder)), transaction.atomic():
        built = world.build()
        built.media = str(folder)
        yield built
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def sessions(sample, django_db_blocker) -> dict[Role, str]:
    """Everybody logs in once."""
    keys = {}
    with django_db_blocker.unblock():
        for role, officer in sample.officers.items():
            client = Client()
            client.force_login(officer)
            keys[role] = client.session.session_key
    return keys


@pytest.fixture(scope="module")
def one_menu_each() -> Iterator[None]:
    """A person's menu is the same on every page, and costs half of a refusal: made once for each, by Wagtail as ever."""
    menus: dict[int, Any] = {}
    packed: dict[int, Any] = {}
    render_component = wagtailadmin_tags.admin_menu.render_component

    def menu_of(request: Any) -> Any:
        if request.user.pk not in menus:
            menus[request.user.pk] = render_component(request)
        return menus[request.user.pk]

    class Packing(JSContext):
        def pack(self, modules: Any) -> Any:
            person = modules[-1].user.pk
            if person not in packed:
                packed[person] = super().pack(modules)
            return packed[person]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wagtailadmin_tags.admin_menu, "render_component", menu_of)
        patch.setattr(wagtailadmin_tags, "JSContext", Packing)
        yield


@pytest.fixture(scope="module")
def one_packet_each() -> Iterator[None]:
    """A meeting's papers are the same for all who may have them, and take seconds to bind: bound once, as ever."""
    with pytest.MonkeyPatch.context() as patch:
        for bind in (packet.one_file, packet.folder):
            patch.setattr(packet, bind.__name__, functools.cache(bind))
        yield


@pytest.fixture
def visit(sample, sessions, settings, one_menu_each, one_packet_each):
    """Send a request as somebody; what it did is taken back."""
    settings.MEDIA_ROOT = sample.media

    def send(view: View, who: Role | None, method: str, accept: str) -> HttpResponse:
        client = Client(headers={"accept": accept})
        if who is not ANONYMOUS:
            client.cookies[settings.SESSION_COOKIE_NAME] = sessions[who]
        block = transaction.atomic()
        block._from_testcase = (
            True  # what asks for a transaction of its own gets one, as in a test of its own
        )
        with block:
            answer = client.generic(method, portal_views.address(view, sample.values(view.name)))
            if answer.streaming:
                answer.getvalue()  # read to the end, so that the test client closes it without the connection
            transaction.set_rollback(True)
        return answer

    return send


def _id(view: View) -> str:
    return view.name


def test_every_view_has_a_line_and_every_line_a_view():
    known = set(portal_views.names())
    assert sorted(known - MAY_GET.keys()) == [], "views without a line in tests/portal/permissions.py"
    assert sorted(MAY_GET.keys() - known) == [], "lines of views that do not exist"
    assert sorted(MAY_SEND.keys() - OURS.keys()) == []
    assert sorted(NOT_IN_THE_SAMPLE - known) == []


@pytest.mark.parametrize("view", VIEWS, ids=_id)
def test_who_may_open(view, visit, sample):
    """… and nobody is led on to a screen that refuses."""
    _check_each(view, visit, "GET", MAY_GET[view.name], sample)


@pytest.mark.parametrize("view", OWN_VIEWS, ids=_id)
def test_who_may_send(view, visit):
    _check_each(view, visit, "POST", MAY_SEND.get(view.name, MAY_GET[view.name]))


def _led_astray(view: View, sample: world.World, who: Role, answer: HttpResponse) -> Iterator[str]:
    """Links of a page to screens that refuse whoever reads it."""
    if view.name not in OURS or answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
        return
    for address in sorted(set(re.findall(r'href="(/portal/[^"#?]*)', answer.content.decode()))):
        try:
            match = resolve(address)
        except Resolver404:
            continue
        needed = getattr(match.func, "required_permissions", ())
        if needed and not any(sample.officers[who].has_perm(name) for name in needed):
            yield f"{view.name} leads {who} to {match.view_name}"


def _check_each(view: View, visit: Visit, method: str, may: Roles, sample: Any = None) -> None:
    """Everybody asks; a failure names each cell of the table that is not so."""
    wrong = []
    for who in WHO:
        answer = visit(view, who, method, _asks_as(who, view, may))
        if sample is not None and isinstance(who, Role) and who in may:
            wrong += _led_astray(view, sample, who, answer)
        if fault := _fault(view, who, answer, may):
            wrong.append(f"{method} {view.name}, {who or 'anonymous'}: {fault}")
    assert not wrong, "\n".join(wrong)


def _asks_as(who: Role | None, view: View, may: Roles) -> str:
    """Of those whom a view of ours refuses one reads the page that says so, a different one from view to view.

    The others are told by the same line of code in a word, as a script is: the page would be the same.
    """
    refused = [role for role in Role if role not in may]
    if who in may or who is ANONYMOUS or view.name not in OURS:
        return PERSON
    return PERSON if refused.index(who) == len(view.route) % len(refused) else SCRIPT


def _fault(view: View, who: Role | None, answer: HttpResponse, may: Roles) -> str:
    if who in may:
        if _is_refused(answer):
            return "is refused"
        is_missing = answer.status_code == 404 and view.name not in NOT_IN_THE_SAMPLE
        return "finds nothing" if is_missing and answer.wsgi_request.method == "GET" else ""
    if answer.status_code == 405 and answer.wsgi_request.method == "GET":
        # A view that takes POST only says so to everybody; whom it refuses is asked by POST.
        return "" if view.name in OURS else "is told 405"
    if not _is_refused(answer):
        return f"is let in with {answer.status_code}"
    return _fault_of_manner(view, who, answer)


def _is_refused(answer: HttpResponse) -> bool:
    """403, or Wagtail's way: to the login page, or home with a message."""
    if answer.status_code == 403:
        return True
    if answer.status_code != 302:
        return False
    target = answer.headers["Location"].partition("?")[0]
    if target == reverse("wagtailadmin_login"):
        return True
    return target == reverse("wagtailadmin_home") and answer.wsgi_request.path != reverse(
        "wagtailadmin_login"
    )


def _fault_of_manner(view: View, who: Role | None, answer: HttpResponse) -> str:
    """Visitors are sent to the login page; our views say 403 in Korean, Wagtail's redirect."""
    if who is ANONYMOUS:
        is_right = answer.headers.get("Location", "").startswith(reverse("wagtailadmin_login"))
        return "" if is_right else "is not sent to the login page"
    if view.name in OURS:
        said = answer.json()["error"] if answer["Content-Type"] == SCRIPT else answer.content.decode()
        return (
            ""
            if answer.status_code == 403 and "권한" in said
            else f"is refused without a word ({answer.status_code})"
        )
    return "" if answer.status_code == 302 else f"is refused with {answer.status_code}"


# -- the first page: whose task each item is


def _matters(official: Officer, manager: Officer) -> dict[str, str]:
    """What only one of several who may open it can do: by the item's code, the role whose task it is."""
    request = confirmed(CameraFactory(), official)
    looked_for(request, official)
    nothing = {
        line.pk: search_results.Finding("not_recorded", "녹화기에 없음") for line in request.cameras.all()
    }
    search_results.confirm(request, nothing, by=official)
    provision = reviewed(CameraFactory(), competent(OfficerFactory(role=Role.OFFICIAL)))
    authority.grant(manager, "head", "holder", from_on=timezone.localdate(), document_number="1", by=official)
    return {
        f"records.viewing_request:{request.pk}": "결정하기",
        f"records.provision_waiting:{provision.pk}": "결재",
    }


def test_what_stands_under_own_tasks_can_be_done_by_that_person(sample, sessions, settings, one_menu_each):
    settings.MEDIA_ROOT = sample.media
    official, manager = sample.officers[Role.OFFICIAL], sample.officers[Role.CCTV_MANAGER]
    decided_by_manager = _matters(competent(official), competent(manager))
    nobodys = [
        item.code for item in due.collect() if item.is_anybodys and item.severity in ("due", "overdue")
    ]
    assert not [code for code in nobodys if code != "ordinance.due_dates"], "each item says who can act"
    mine: dict[Role, dict[str, str]] = {}
    for role, person in sample.officers.items():
        person = Officer.objects.get(pk=person.pk)  # without the rights that it has kept
        found = home.desk(person, timezone.now())
        mine[role] = {item.key: item.verb for item in found.mine}
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[role]
        for item in found.mine:
            assert item.verb != "열기", item.code
            assert client.get(item.href).status_code in (200, 302), (role, item.code)
            label = {"viewing:request": ViewingRequest, "provision:page": Provision}.get(item.url_name)
            step = next_steps.of(label.objects.get(pk=item.url_args[0]), timezone.now()) if label else None
            if step is not None and item.verb == step.verb:
                assert step.is_for(person), (role, item.code)
                url = reverse(step.url_name, args=step.url_args)
                assert client.get(url).status_code == 200, (role, url)
        waiting = {item.key for item in found.waiting}
        if role == Role.OFFICIAL:
            assert decided_by_manager.keys() <= waiting
        elif role != Role.CCTV_MANAGER:
            assert not decided_by_manager.keys() & (waiting | mine[role].keys())
    for key, verb in decided_by_manager.items():
        assert mine[Role.CCTV_MANAGER][key].startswith(verb)
    letters = "reports.unsent_letters"
    assert letters in mine[Role.CCTV_MANAGER]


def test_the_address_of_every_kind_of_hit_exists(sample):
    """Each place that the one search looks at finds a matter of the sample, whose page is there."""
    texts = {
        "cameras.cameras": Camera.objects.latest("pk").number,
        "cameras.nearby": "화곡로 9999",
        "cameras.projects": InstallationProject.objects.latest("pk").number,
        "cameras.prior": PriorConsultation.objects.latest("pk").number,
        "cameras.consultations": PublicConsultation.objects.latest("pk").number,
        "cameras.papers": Paper.objects.latest("pk").document_number,
        "cameras.contracts": EntrustmentContract.objects.latest("pk").number,
        "cameras.contractors": Contractor.objects.latest("pk").name,
        "cameras.sign_reports": SignReport.objects.latest("pk").receipt_number,
        "committee.meetings": "운영위원회",
        "committee.resolutions": Resolution.objects.latest("pk").number,
        "records.provision": Provision.objects.latest("pk").number,
        "records.viewing": ViewingRequest.objects.latest("pk").receipt_number,
        "records.visits": records.Visit.objects.latest("pk").number,
        "reports.letters": OutgoingDocument.objects.latest("pk").number,
    }
    assert texts.keys() == searching._places.keys(), "every place has a text here that it finds"
    for code, text in texts.items():
        hits = list(searching._places[code].find(text))
        assert hits, code
        for hit in hits:
            assert reverse(hit.url_name, args=hit.url_args)
