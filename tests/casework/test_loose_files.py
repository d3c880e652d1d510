"""Files that nobody confirmed go after a day; whatever any record refers to stays."""

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from cameras.enums import PaperKind
from cameras.models import Opinion
from casework import attachments, loose_files, tasks
from casework.models import Attachment
from ledger.models import Entry
from portal import kept_files
from tests.accounts.factories import OfficerFactory
from tests.cameras import consultations
from tests.cameras.contracts import entered
from tests.cameras.factories import CameraFactory
from tests.cameras.life import upload
from tests.cameras.test_rules import paper

pytestmark = pytest.mark.django_db

LONG_AGO = dt.timedelta(days=400)


def kept(age: dt.timedelta = LONG_AGO, content: bytes = b"%PDF-1.7 x") -> Attachment:
    made = attachments.keep(upload(content=content), by=OfficerFactory())
    Attachment.objects.filter(pk=made.pk).update(added_at=timezone.now() - age)
    return Attachment.objects.get(pk=made.pk)


def is_on_disk(attachment: Attachment) -> bool:
    return attachment.file.storage.exists(attachment.file.name)


def erase(capture) -> loose_files.Loose:
    """As in life, where the files go once the rows are gone for good."""
    with capture(execute=True):
        return loose_files.erase_due()


def test_a_file_of_a_preview_goes_after_a_day_with_a_line(django_capture_on_commit_callbacks):
    old, young = kept(dt.timedelta(days=1, minutes=1)), kept(dt.timedelta(hours=23))
    assert erase(django_capture_on_commit_callbacks) == loose_files.Loose(1, old.size)
    assert list(Attachment.objects.all()) == [young]
    assert not is_on_disk(old)
    assert is_on_disk(young)
    entry = Entry.objects.get(kind=loose_files.KIND_ERASED)
    assert json.loads(entry.payload) == {"files": 1, "sha256": [old.sha256]}
    assert old.name not in entry.payload
    # Again: nothing more, and no line about nothing.
    assert erase(django_capture_on_commit_callbacks) == loose_files.Loose(0, 0)
    assert Entry.objects.filter(kind=loose_files.KIND_ERASED).count() == 1


def test_a_preview_cannot_be_confirmed_any_more_when_its_files_go():
    assert dt.timedelta(seconds=kept_files._KEPT_SECONDS) < loose_files.KEPT_FOR


def relations() -> list[models.Field]:
    """Every field of ours that may refer to an attachment: found by walking all models, not by asking the module."""
    from django.apps import apps

    return [
        field
        for model in apps.get_models()
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.is_relation and field.related_model is Attachment
    ]


def test_every_relation_to_an_attachment_is_known():
    known = set(loose_files._references())
    assert len(relations()) >= 9
    for field in relations():
        if field.many_to_many:
            through = field.remote_field.through
            names = [each.name for each in through._meta.fields if each.related_model is Attachment]
            assert {(through, name) for name in names} <= known, field
        else:
            assert (field.model, field.name) in known, field


def test_no_file_that_a_record_refers_to_is_erased(django_capture_on_commit_callbacks):
    """One of each way of referring: many to many, a foreign key without a way back, a withdrawn paper."""
    camera = CameraFactory()
    filed, withdrawn = kept(), kept()
    paper(PaperKind.NECESSITY_REVIEW, camera).attachments.add(filed)
    paper(PaperKind.NECESSITY_REVIEW, camera, withdrawn_at=timezone.now()).attachments.add(withdrawn)
    of_contract, of_draft, of_opinion = kept(), kept(), kept()
    entered().attachments.add(of_contract)
    consultations.make_draft().attachments.add(of_draft)
    opinion = consultations.make_opinion(consultations.make_published())
    Opinion.objects.filter(pk=opinion.pk).update(attachment=of_opinion)
    loose = kept()
    assert erase(django_capture_on_commit_callbacks).files == 1
    staying = [filed, withdrawn, of_contract, of_draft, of_opinion]
    assert list(Attachment.objects.order_by("pk")) == staying
    assert all(is_on_disk(each) for each in staying)
    assert not is_on_disk(loose)


@pytest.mark.parametrize("field", relations(), ids=lambda field: f"{field.model.__name__}.{field.name}")
def test_each_relation_keeps_its_file(field):
    """The row that refers is written into the table itself: whatever else it may lack, its file stays."""
    found = kept()
    # The query only; a row with nothing but a reference could not be stored.
    model, name = (
        (field.remote_field.through, field.m2m_reverse_field_name())
        if field.many_to_many
        else (field.model, field.name)
    )
    conditions = str(loose_files.due().query)
    assert model._meta.db_table in conditions
    assert model._meta.get_field(name).column in conditions
    assert found in loose_files.due()


def test_a_file_that_is_attached_meanwhile_stays(monkeypatch, django_capture_on_commit_callbacks):
    """Between the first question and the lock somebody attaches it."""
    attached, loose = kept(), kept()
    owner = paper(PaperKind.NECESSITY_REVIEW, CameraFactory())
    ask = loose_files.due

    def ask_then_attach(now=None):
        found = ask(now)
        if not owner.attachments.exists():
            answer = Attachment.objects.filter(pk__in=list(found.values_list("pk", flat=True))).order_by("pk")
            owner.attachments.add(attached)
            return answer
        return found

    monkeypatch.setattr(loose_files, "due", ask_then_attach)
    assert erase(django_capture_on_commit_callbacks).files == 1
    assert list(Attachment.objects.all()) == [attached]
    assert is_on_disk(attached)
    assert not is_on_disk(loose)


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_refuses_to_lose_a_file_that_is_referred_to(monkeypatch):
    attached = kept()
    owner = paper(PaperKind.NECESSITY_REVIEW, CameraFactory())
    owner.attachments.add(attached)
    # Both questions answer wrongly; the foreign keys do not.
    monkeypatch.setattr(loose_files, "due", lambda now=None: Attachment.objects.order_by("pk"))
    with pytest.raises(IntegrityError):
        loose_files.erase_due()
    assert list(owner.attachments.all()) == [attached]
    assert is_on_disk(attached)
    assert not Entry.objects.filter(kind=loose_files.KIND_ERASED).exists()


@pytest.mark.django_db(transaction=True)
def test_a_step_that_fails_erases_nothing(monkeypatch):
    loose = kept()

    def fail(*args, **kwargs):
        raise RuntimeError("ledger is away")

    monkeypatch.setattr(loose_files.append, "record", fail)
    with pytest.raises(RuntimeError):
        loose_files.erase_due()
    assert Attachment.objects.filter(pk=loose.pk).exists()
    assert is_on_disk(loose)


def test_a_file_that_is_gone_from_the_disk_does_not_stop_the_others(django_capture_on_commit_callbacks):
    gone, other = kept(), kept()
    gone.file.storage.delete(gone.file.name)
    assert erase(django_capture_on_commit_callbacks).files == 2
    assert not is_on_disk(other)


def test_many_go_in_portions(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(loose_files, "ERASED_AT_ONCE", 2)
    for _ in range(5):
        kept()
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.erase_loose_files() == 5
    assert not Attachment.objects.exists()
    assert Entry.objects.filter(kind=loose_files.KIND_ERASED).count() == 3


def test_looking_erases_nothing(capsys):
    loose = kept()
    call_command("erase_loose_files", "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out) == {"dry_run": True, "files": 1, "bytes": loose.size}
    assert is_on_disk(loose)
    with transaction.atomic():
        call_command("erase_loose_files", "--json")
    assert json.loads(capsys.readouterr().out)["files"] == 1
    assert not Attachment.objects.exists()
