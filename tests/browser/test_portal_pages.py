"""Every page of ours below /portal/ in a real browser, from the table of permissions: a new view is opened here as
soon as it has its line there.

What is a page says the server: it answers a GET with HTML, with 200, at that address. Downloads, progress in JSON,
redirects and views that take POST only are none. Each page is opened by one role that may, on a desk's screen, and
then made as narrow as a telephone. `PORTAL_SCREENSHOTS=folder` keeps a picture of each at both widths, to look at.
"""

import os
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.models import Page, Site

from accounts.roles import Role
from tests.accounts.factories import OfficerFactory
from tests.browser.conftest import Visitor
from tests.browser.test_portal import log_in
from tests.portal import content, portal_views, world
from tests.portal.permissions import MAY_GET, NOT_IN_THE_SAMPLE, OWN, REGISTERS
from website.models import HomePage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # Wagtail leaves the temporary file of a scaled image to the garbage collector.
    pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
]

# Parts of the table, so that several test processes share the work.
SHARES = 2
DESK, TELEPHONE = 1280, 360
# The menu is the same on every page; it is looked at where each of its screens is opened (test_portal).
MENU = ("#wagtail-sidebar",)
RICH_TEXT = ("[data-draftail-editor-wrapper]",)
# Those of OWN and REGISTERS, and ours below Wagtail's names.
OURS = {*OWN, *REGISTERS, "wagtailadmin_home", "portal_account"}
# Who opens a page: the first of these who may.
BY_RANK = (
    Role.CCTV_MANAGER,
    Role.SYSTEM_ADMINISTRATOR,
    Role.OFFICIAL,
    Role.AUDITOR,
    Role.COMMITTEE_SECRETARY,
    Role.MONITORING_AGENT,
)
# Words of the program instead of the office's: None, is_open, <QuerySet …>, {'a': …}.
RAW = re.compile(
    r"\b(?:None|True|False|NaN|undefined)\b|(?<![/\w])[a-z]+_[a-z_]+\b|\b[a-z]+:[a-z]+\b|<\w+|\{'|\[\["
)
# What a person reads in the page's own part. Paths, keys and addresses of files are what they are.
WORDS = """
() => {
  const copy = document.querySelector("main").cloneNode(true);
  copy.querySelectorAll(".p-code, .p-pre, code, pre, script, style, template").forEach((part) => part.remove());
  return copy.textContent;
}
"""
# Between two widths the menu moves; what is looked at is where it comes to rest.
STILL = """
const still = new CSSStyleSheet();
still.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important; }");
document.adoptedStyleSheets = [still];
"""
HEIGHT = "Math.max(600, document.querySelector('main').scrollHeight + 60)"


class Address(NamedTuple):
    role: Role
    view: str
    path: str
    # The view's own, or one of those where it shows something else.
    is_further: bool


def addresses(sample: world.World) -> Iterator[Address]:
    for view in portal_views.portal_views():
        if view.name in OURS:
            role = next(role for role in BY_RANK if role in MAY_GET[view.name])
            yield Address(
                role, view.name, portal_views.address(view, sample.values(view.name)), is_further=False
            )
            for path in sample.further.get(view.name, ()):
                yield Address(role, view.name, path, is_further=True)


def is_page(answer: HttpResponse) -> bool:
    return answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")


def pages(sample: world.World, share: int) -> Iterator[Address]:
    """The pages of this share, those of one person after the other."""
    for role, asked in groupby(sorted(addresses(sample))[share::SHARES], key=lambda address: address.role):
        client = Client()
        client.force_login(sample.officers[role])
        for address in asked:
            answer = client.get(address.path)
            if answer.streaming:
                answer.getvalue()  # read to the end, so that the client closes it without the connection
            assert answer.status_code != 404 or address.view in NOT_IN_THE_SAMPLE, address
            if is_page(answer):
                yield address


class Inspection:
    """Opens pages and keeps what is wrong with them, so that one run tells everything."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.page.add_init_script(STILL)
        self.faults: list[str] = []
        self.opened: set[str] = set()

    def look_at(self, address: Address) -> None:
        self.visitor.errors.clear()
        self.visitor.strays.clear()
        self.opened.add(address.view)
        self.be_wide(DESK)
        self.page.goto(self.visitor.address + address.path)
        self.note(address, self.of_words())
        self.note(address, [*self.of_shape(), *self.visitor.axe(MENU)], DESK)
        self.be_wide(TELEPHONE)
        # What only a narrow screen can spoil; a second look by axe where the page is one of its kind.
        seen = [] if address.is_further else self.visitor.axe(MENU)
        self.note(address, [*self.of_shape(), *seen], TELEPHONE)
        self.note(address, [*self.visitor.errors, *self.visitor.strays])

    def be_wide(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})

    def note(self, address: Address, faults: Any, width: int = 0) -> None:
        where = f"{address.view}{f' at {width}' if width else ''} {address.path}"
        self.faults += [f"{where}: {fault}" for fault in faults]
        if width:
            self.keep_picture(address, width)

    def of_words(self) -> Iterator[str]:
        if (headings := self.page.locator("h1").count()) != 1:
            yield f"{headings} headings of the first rank"
        if not self.page.title().strip():
            yield "no title"
        if raw := RAW.search(self.page.evaluate(WORDS)):
            yield f"says {raw[0]}"

    def of_shape(self) -> Iterator[str]:
        if pixels := self.visitor.overflow():
            yield f"sticks out by {pixels} px"
        yield from (f"cut off: {part}" for part in self.visitor.cut_off())

    def keep_picture(self, address: Address, width: int) -> None:
        if folder := os.environ.get("PORTAL_SCREENSHOTS"):
            name = re.sub(r"\W+", "-", address.path.removeprefix("/portal/")).strip("-")
            Path(folder).mkdir(parents=True, exist_ok=True)
            # Wagtail scrolls within the window.
            self.page.set_viewport_size({"width": width, "height": self.page.evaluate(HEIGHT)})
            self.page.screenshot(path=Path(folder) / f"{name or 'home'}-{width}.png")


def editing_screens() -> Iterator[str]:
    """Wagtail's forms for what is ours: each kind of page of the site, new and as it stands, and the settings."""
    for model in apps.get_app_config("website").get_models():
        if issubclass(model, Page):
            yield from (
                reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in model.objects.all()[:1]
            )
            if parent := next((page for page in HomePage.objects.all() if model.can_create_at(page)), None):
                yield reverse("wagtailadmin_pages:add", args=["website", model._meta.model_name, parent.pk])
    site = Site.objects.get(is_default_site=True)
    for model in settings_registry:
        names = model._meta.app_label, model._meta.model_name
        yield reverse("wagtailsettings:edit", args=[*names, site.pk])


def test_the_editing_screens_of_the_site_are_accessible(strict_visitor: Visitor) -> None:
    """Ours within Wagtail's forms; its own editor of rich text is not ours to mend, nor is how its forms scroll."""
    log_in(strict_visitor, OfficerFactory(role=Role.CCTV_MANAGER))
    paths = list(editing_screens())
    assert len(paths) >= 5
    for path in paths:
        assert strict_visitor.page.goto(strict_visitor.address + path).status == 200, path
        for width in (DESK, TELEPHONE):
            strict_visitor.page.set_viewport_size({"width": width, "height": 900})
            assert strict_visitor.axe((*MENU, *RICH_TEXT)) == [], (path, width)
    assert strict_visitor.strays == []


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_accessible_and_fits(share: int, strict_visitor: Visitor, tmp_path: Path) -> None:
    """Under the content security policy, as officials have it."""
    sample = world.build()
    content.fill(sample, tmp_path)
    inspection = Inspection(strict_visitor)
    for role, asked in groupby(pages(sample, share), key=lambda address: address.role):
        log_in(strict_visitor, sample.officers[role])
        for address in asked:
            inspection.look_at(address)
    assert inspection.opened
    assert not inspection.faults, "\n".join(inspection.faults)
