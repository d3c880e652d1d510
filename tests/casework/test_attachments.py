"""Attached files are kept sealed, handed out as they came, and never anything else."""

from pathlib import Path

import pytest

from accounts import encryption, resealing
from casework import attachments
from casework.models import Attachment
from tests.accounts.factories import OfficerFactory
from tests.cameras.life import PDF_BYTES, upload

pytestmark = pytest.mark.django_db


def stored(content: bytes = PDF_BYTES) -> Attachment:
    """As the next request finds it."""
    made = attachments.keep(upload(content=content), by=OfficerFactory())
    return Attachment.objects.get(pk=made.pk)


@pytest.fixture
def kept():
    return stored()


def on_disk(attachment) -> bytes:
    with attachment.file.open("rb") as file:
        return file.read()


def replace(attachment, content: bytes) -> None:
    with open(attachment.file.path, "wb") as file:
        file.write(content)


def test_the_disk_gives_nothing_away_and_the_file_comes_back_whole(kept):
    assert PDF_BYTES not in on_disk(kept)
    assert attachments.content_of(kept) == PDF_BYTES
    assert kept.size == len(PDF_BYTES)


def test_a_file_of_another_attachment_or_a_changed_one_is_not_handed_out(kept):
    other = stored(PDF_BYTES + b" other")
    replace(kept, on_disk(other))
    with pytest.raises(attachments.Damaged):
        attachments.content_of(kept)
    replace(kept, b"%PDF-1.7 planted")
    with pytest.raises(attachments.Damaged, match="다릅니다"):
        attachments.content_of(kept)
    Path(kept.file.path).unlink()
    with pytest.raises(attachments.Damaged):
        attachments.content_of(kept)


def test_files_from_before_are_read_and_sealed_by_reencrypt(kept):
    replace(kept, PDF_BYTES)
    assert attachments.content_of(kept) == PDF_BYTES
    assert resealing.reseal_everything(is_dry_run=True).rewritten == 1
    assert on_disk(kept) == PDF_BYTES
    assert resealing.reseal_everything().rewritten == 1
    assert encryption.is_sealed(on_disk(kept))
    assert attachments.content_of(kept) == PDF_BYTES
    assert resealing.reseal_everything().rewritten == 0


def test_what_cannot_be_opened_is_named_and_left(kept):
    replace(kept, b"p2:gone\nxxxx")
    done = resealing.reseal_everything()
    assert done.unreadable == [f"attachment {kept.pk}"]
    assert on_disk(kept) == b"p2:gone\nxxxx"
