"""파일의 확인 in a browser: a file is dropped, read where it lies, and only its SHA-256 goes over the wire."""

import hashlib
from typing import Any

import pytest
from django.urls import reverse

from reports import handed_out
from reports.handed_out import Paper
from tests.accounts.factories import OfficerFactory
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KNOWN = b"%PDF-1.7 a paper that was handed out, which nobody else has"
DROP = """
(content) => {
  const carried = new DataTransfer();
  carried.items.add(new File([new TextEncoder().encode(content)], "자체점검표.pdf"));
  for (const name of ["dragover", "drop"])
    document.getElementById("check").dispatchEvent(
      new DragEvent(name, {dataTransfer: carried, bubbles: true, cancelable: true}));
}
"""


@pytest.fixture
def sent(strict_visitor: Visitor) -> list[tuple[str, str, bytes]]:
    """What left the browser since the page was open."""
    handed_out.note(
        KNOWN, Paper.SELF_INSPECTION, "2025-1", about="self-inspection:2025/1", by=OfficerFactory()
    )
    found: list[tuple[str, str, bytes]] = []
    strict_visitor.open(reverse("website_check"))
    strict_visitor.page.on(
        "request", lambda one: found.append((one.method, one.url, one.post_data_buffer or b""))
    )
    return found


def answer(page: Any) -> str:
    result = page.locator("#check-result")
    result.locator("text=SHA-256:").wait_for()
    return str(result.inner_text())


def test_a_file_that_is_dropped_is_known_changed_or_unknown_and_stays_in_the_browser(
    strict_visitor: Visitor, sent: list[tuple[str, str, bytes]]
) -> None:
    page = strict_visitor.page
    page.evaluate(DROP, KNOWN.decode())
    told = answer(page)
    assert "발행한 그대로입니다." in told
    assert "자체점검표 2025-1" in told
    for other in (KNOWN[:-1] + b"!", b"something else"):
        page.evaluate(DROP, other.decode())
        page.locator("#check-result.is-missing").wait_for()
        told = answer(page)
        assert "원장에 없는 파일입니다." in told
        assert "발행한 그대로입니다." not in told
    page.locator("#check-file").set_input_files(
        {"name": "점검.pdf", "mimeType": "application/pdf", "buffer": KNOWN}
    )
    page.locator("#check-result.is-found").wait_for()
    assert {(method, body) for method, _, body in sent} == {("GET", b"")}
    # Fonts may come late; else three SHA-256 were asked about.
    asked = {url.rpartition("/")[2] for _, url, _ in sent if "/static/" not in url}
    files = (KNOWN, KNOWN[:-1] + b"!", b"something else")
    assert asked == {f"{hashlib.sha256(content).hexdigest()}.json" for content in files}
    assert (strict_visitor.errors, strict_visitor.strays) == ([], [])


def test_the_page_is_readable_and_nothing_sticks_out(visitor: Visitor) -> None:
    visitor.open(reverse("website_check"))
    visitor.page.evaluate(DROP, "unknown")
    answer(visitor.page)
    assert visitor.axe() == []
    assert (visitor.overflow(), visitor.cut_off()) == (0, [])
