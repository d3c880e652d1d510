"""What a first visit costs on a phone: bytes, requests, shifts. Counted as a production server sends it: texts compressed
(static files by WhiteNoise with brotli, pages by `config.compression` with gzip), fonts and pictures as they are."""

import gzip
from typing import Any

import brotli
import pytest

from tests.website.situations import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = [
    "/",
    "/cameras/?q=화곡로 7",
    "/cameras/map/",
    "/s/P-1/",
    "/report-sign/P-1/",
    "/viewing-request/at/P-1/",
    "/policy/",
    "/privacy/",
    "/consultations/",
    "/en/",
]
# Fonts come in small parts, so that a rare character brings few others with it: some more requests, a third fewer bytes.
MOST_BYTES, MOST_REQUESTS, MOST_SHIFT = 200_000, 26, 0.05
COUNT_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shifted += one.value; })
  .observe({ type: "layout-shift", buffered: true });
"""
TEXTS = ("text/", "application/javascript", "application/json", "application/geo+json", "image/svg")


def test_a_first_visit_is_light_and_nothing_shifts(browser: Any, live_server: Any) -> None:
    for number in range(1, 26):
        make_place(f"P-{number}", f"서울특별시 강서구 화곡로 {number}", cameras=2)
    measured = {path: _visit(browser, live_server.url + path) for path in PAGES}
    print(measured)  # noqa: T201 - read with `pytest -s`
    for path, (size, requests, shift) in measured.items():
        assert size < MOST_BYTES, (path, size)
        assert requests <= MOST_REQUESTS, (path, requests)
        assert shift < MOST_SHIFT, (path, shift)


def _visit(browser: Any, address: str) -> tuple[int, int, float]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="ko-KR")
    page = context.new_page()
    page.add_init_script(COUNT_SHIFTS)
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))
    first = page.goto(address)
    page.wait_for_load_state("networkidle")
    assert first.headers["content-encoding"] == "gzip"
    sizes = [_sent(answer) for answer in answers]
    shift = float(page.evaluate("window.shifted"))
    context.close()
    return sum(sizes), len(sizes), round(shift, 3)


def _sent(answer: Any) -> int:
    body = answer.body()
    kind = answer.headers.get("content-type", "")
    if not kind.startswith(TEXTS):
        return len(body)
    return len(brotli.compress(body)) if "/static/" in answer.url else len(gzip.compress(body, 6))
