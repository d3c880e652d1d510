"""Files and pictures for the website go through the same process as everybody else's."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection

from accounts.roles import Role
from casework import judging
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    client.force_login(OfficerFactory(role=Role.CCTV_MANAGER))
    return client


def post(client, kind, name, content):
    given = {
        "title": "가",
        "file": SimpleUploadedFile(name, content),
        "collection": Collection.objects.get().pk,
    }
    return client.post(reverse(f"{kind}:add"), given)


def picture(kind="PNG", size=(20, 20)):
    out = io.BytesIO()
    Picture.new("RGB", size).save(out, kind)
    return out.getvalue()


def test_a_document_with_a_script_is_not_published(editor):
    page = post(editor, "wagtaildocs", "a.pdf", b"%PDF-1.7\n1 0 obj\n<</S/JavaScript>>\nendobj")
    assert "스스로 동작하는 것" in page.content.decode()
    assert not Document.objects.exists()
    post(editor, "wagtaildocs", "a.pdf", b"%PDF-1.7\n%%EOF")
    assert Document.objects.count() == 1


def test_a_picture_is_judged_before_anything_here_opens_it(editor, monkeypatch):
    judged = []
    real = judging.judge
    monkeypatch.setattr(judging, "judge", lambda *given: judged.append(1) or real(*given))
    assert (
        "사진으로 읽을 수 없는"
        in post(editor, "wagtailimages", "a.png", b"\x89PNG\r\n\x1a\nx").content.decode()
    )
    post(editor, "wagtailimages", "a.png", picture())
    assert (len(judged), Image.objects.count()) == (2, 1)
    post(editor, "wagtailimages", "b.gif", picture("GIF"))
    assert Image.objects.count() == 1
