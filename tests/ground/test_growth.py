"""Nothing grows without a rule: every table and folder says what ends it, and what is old goes at night."""

import os
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone

from accounts.longrun import RunState
from cameras.models import ImportRun, SignBatch
from config import growth, pruning
from config.schedule import BEAT_SCHEDULE
from footage.models import Sweep
from portal.models import LedgerVerification
from tests.accounts.factories import OfficerFactory

LONG_AGO = timedelta(days=400)


def tables():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def test_every_table_says_how_long_its_rows_stay():
    """Whoever adds a table writes into config/growth.py why its rows are kept, or what prunes them."""
    labels = {model._meta.label for model in tables()}
    decided = set(growth.KEPT) | set(growth.PRUNED)
    # The search index of PostgreSQL has no table of its own.
    assert labels - decided == set()
    assert decided - labels - {"wagtailsearch.SQLiteFTSIndexEntry"} == set()
    assert set(growth.KEPT) & set(growth.PRUNED) == set()
    assert set(growth.YEARLY) <= decided


def test_what_prunes_is_in_the_schedule():
    tasks = {line["task"] for line in BEAT_SCHEDULE.values()}
    assert {task for task, _, _ in growth.PRUNED.values()} <= tasks


def test_every_folder_of_files_says_what_ends_it():
    named = {name.removeprefix("media/") for name in growth.FOLDERS}
    for model in tables():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField) and not model._meta.app_label.startswith("wagtail"):
                assert str(field.upload_to).split("/")[0] in named, f"{model._meta.label}.{field.name}"


@pytest.mark.django_db
def test_what_is_old_goes_and_what_is_evidence_stays(tmp_path, settings):
    now = timezone.now()
    by = OfficerFactory()
    for ends in (-1, 1):
        session = SessionStore()
        session.create()
        Session.objects.filter(pk=session.session_key).update(expire_date=now + timedelta(minutes=ends))
    for age in (LONG_AGO, timedelta(days=1)):
        ended = {"state": RunState.SUCCEEDED, "finished_at": now - age, "requested_by": by}
        LedgerVerification.objects.create(**ended)
        Sweep.objects.create(at=now - age, is_dry_run=True, **ended)
        Sweep.objects.create(at=now - age, **ended)
        rehearsal = ImportRun(file_name="a.csv", **ended)
        rehearsal.file.save("a.csv", ContentFile(b"a"), save=True)
        ImportRun.objects.create(file_name="a.csv", is_dry_run=False, file=rehearsal.file.name, **ended)
        batch = SignBatch(title="t", sites=[], **ended)
        batch.file.save("a.pdf", ContentFile(b"%PDF"), save=True)
    control = tmp_path / "control"
    messages = tmp_path / "messages"
    for folder in (control, messages):
        folder.mkdir()
    settings.BROKER_URL = "filesystem://"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {
        "control_folder": str(control),
        "data_folder_in": str(messages),
    }
    for path in (control / "1.celery.msg.taken", control / "celery.exchange", messages / "1.gone.msg"):
        path.touch()
        os.utime(path, (0, 0))
    (messages / "2.celery.msg").touch()
    gone = pruning.prune(now)
    assert gone == {
        "sessions": 1,
        "ledger_checks": 1,
        "rehearsed_sweeps": 1,
        "calendar_events": 0,
        "imports": 2,
        "sign_batches": 1,
        "editing": 0,
        "access_log": 0,
        "queue": 2,
    }
    assert Session.objects.count() == 1
    assert Sweep.objects.filter(is_dry_run=False).count() == 2
    kept = ImportRun.objects.filter(is_dry_run=False).order_by("pk")
    assert [bool(run.file) for run in kept] == [False, True]
    assert [bool(batch.file) for batch in SignBatch.objects.order_by("pk")] == [False, True]
    assert len(list((tmp_path / "media").rglob("*.csv"))) == 1
    assert len(list((tmp_path / "media").rglob("*.pdf"))) == 1
    assert sorted(path.name for path in tmp_path.glob("*/*.*") if path.is_file()) == [
        "2.celery.msg",
        "celery.exchange",
    ]
    assert not any(pruning.prune(now).values())
