"""Headless Chromium from Debian against a real server and the test database."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# Playwright's synchronous interface runs an event loop; the ORM is used from the same thread on purpose.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.fail("Chromium is missing: the set-up installs Debian's package `chromium`.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture(params=[1280, 360], ids=["desktop", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


class Visitor:
    """A browser page that remembers what went wrong: script errors and requests that left the host."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.address = address
        self.errors: list[str] = []
        self.strays: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        page.on("request", self._note_stray)

    def _note_stray(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.strays.append(request.url)

    def open(self, path: str) -> Any:
        response = self.page.goto(self.address + path)
        self.page.wait_for_load_state("networkidle")
        return response

    def axe(self, exclude: tuple[str, ...] = ()) -> list[str]:
        """Violations of the open page, one line each."""
        self.page.add_script_tag(path=str(AXE))
        found = self.page.evaluate(
            "exclude => axe.run({exclude: exclude.map(one => [one])}, {resultTypes: ['violations']})",
            list(exclude),
        )
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window; 0 when nothing sticks out."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )


@pytest.fixture
def visitor(browser: Any, width: int, live_server: Any) -> Iterator[Visitor]:
    # axe is injected as a script of its own, which the site's policy rightly refuses.
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="ko-KR", bypass_csp=True)
    yield Visitor(context.new_page(), live_server.url)
    context.close()


@pytest.fixture
def strict_visitor(browser: Any, live_server: Any) -> Iterator[Visitor]:
    """With the content security policy in force, as citizens have it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ko-KR")
    yield Visitor(context.new_page(), live_server.url)
    context.close()
