"""Headless Chromium from Debian against a real server and the test database."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# What sticks out of the window, or is cut off by a box that does not scroll. A map is cut off on purpose, what only
# screen readers meet is a pixel wide, and what a scrolling box holds can be reached. `main` itself is no such box:
# Wagtail lets it scroll, so a page that is too wide shows only here.
CUT_OFF = r"""
() => {
  const main = document.querySelector("main");
  const wide = document.documentElement.clientWidth;
  const shown = (box) => box.width > 1 && box.height > 1;
  const scrolls = (box) => /auto|scroll/.test(getComputedStyle(box).overflowX) && box.getBoundingClientRect().right <= wide + 1;
  const excused = (element) => {
    for (let above = element.parentElement; above && above !== main; above = above.parentElement) {
      if (above.matches(".leaflet-container, svg") || above.clientWidth <= 1 || scrolls(above)) return true;
    }
    return false;
  };
  const hides = (element) => /hidden|clip/.test(getComputedStyle(element).overflowX)
    && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1
    && !element.matches(".leaflet-container, svg, progress, input, textarea");
  const name = (element) => `${element.tagName.toLowerCase()} “${element.textContent.trim().slice(0, 40)}”`;
  return [...main.querySelectorAll("*")]
    .filter((element) => shown(element.getBoundingClientRect()) && !excused(element))
    .filter((element) => element.getBoundingClientRect().right > wide + 1 || hides(element))
    .map(name).slice(0, 5);
}
"""
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


STEP_MS, QUIET_STEPS, MOST_STEPS = 40, 3, 750


class Visitor:
    """A browser page that remembers what went wrong: script errors and requests that left the host."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.address = address
        self.errors: list[str] = []
        self.strays: list[str] = []
        self.under_way: set[Any] = set()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        page.on("request", self._note_stray)
        page.on("request", lambda request: self.under_way.add(request))
        page.on("requestfinished", lambda request: self.under_way.discard(request))
        page.on("requestfailed", lambda request: self.under_way.discard(request))

    def _note_stray(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.strays.append(request.url)

    def open(self, path: str) -> Any:
        """Open a page and wait for what its scripts fetch, no longer: half a second of silence a page is minutes a run."""
        self.under_way.clear()
        from playwright.sync_api import Error

        try:
            response = self.page.goto(self.address + path)
        except Error as error:
            # A page that waits for a long run went on by itself in the same moment.
            if "ERR_ABORTED" not in str(error):
                raise
            response = self.page.goto(self.address + path)
        quiet = 0
        for _ in range(MOST_STEPS):
            self.page.wait_for_timeout(STEP_MS)
            quiet = quiet + 1 if not self.under_way else 0
            if quiet == QUIET_STEPS:
                return response
        raise AssertionError(f"{path} still fetches {[one.url for one in self.under_way]}")

    def axe(self, exclude: tuple[str, ...] = ()) -> list[str]:
        """Violations of the open page, one line each."""
        # Not as a script tag, which the content security policy would rightly refuse; once for a page. Wagtail's editor
        # brings an axe of its own, with rules of its own.
        if not self.page.evaluate("Boolean(window.ourAxe)"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            self.page.evaluate("() => { window.ourAxe = window.axe; }")
        # A message that is still fading in has not the colours that a person reads.
        self.page.evaluate(
            "() => Promise.allSettled(document.getAnimations().filter(one => one.playState === 'running' && "
            "Number.isFinite(one.effect.getComputedTiming().endTime)).map(one => one.finished))"
        )
        # Style sheets would be fetched and read a second time, for a rule that is not among those that are on.
        found = self.page.evaluate(
            "exclude => ourAxe.run({exclude: exclude.map(one => [one])}, "
            "{resultTypes: ['violations'], preload: {assets: ['media']}})",
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

    def cut_off(self) -> list[str]:
        """Parts of the page's own content that cannot be seen whole, a few by name."""
        return list(self.page.evaluate(CUT_OFF))


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
