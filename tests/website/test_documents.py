"""Files published with the site are of a closed list of kinds, and none is run by a browser."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.documents.models import Document

from accounts.roles import Role
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db


def stored(name, content=b"alert(1)"):
    document = Document(title=name)
    document.file.save(name, ContentFile(content), save=False)
    document.save()
    return document


def fetched(client, name, content=b"alert(1)"):
    answer = client.get(stored(name, content).url)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, content)
    return answer.headers


@pytest.mark.parametrize(
    "name", ["x.js", "x.svg", "x.html", "x.xhtml", "x.exe", "x.mjs", "x", "x.JS", "x.pdf.js"]
)
def test_what_was_stored_earlier_comes_as_bytes_to_be_saved(client, name):
    headers = fetched(client, name)
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_paper_is_shown_and_a_text_is_saved(client):
    paper = fetched(client, "안내.pdf", b"%PDF-1.7")
    assert (paper["Content-Type"], paper["Content-Disposition"][:6]) == ("application/pdf", "inline")
    assert "sandbox" in paper["Content-Security-Policy"]
    assert fetched(client, "a.txt")["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("number", ["9" * 18, "9" * 30, "9" * 5_000, "٣", "²", "x"])
def test_a_strange_number_is_no_document(client, number):
    assert client.get(f"/documents/{number}/x.js").status_code == 404


@pytest.mark.parametrize("name", ["x.js", "x.svg", "x.html", "x.exe", "x.php"])
def test_other_kinds_cannot_be_added(client, name):
    client.force_login(OfficerFactory(role=Role.CCTV_MANAGER))
    upload = SimpleUploadedFile(name, b"<script>alert(1)</script>")
    client.post(reverse("wagtaildocs:add"), {"title": "x", "file": upload})
    client.post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "x", "files[]": SimpleUploadedFile(name, b"<script>")},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert not Document.objects.exists()
