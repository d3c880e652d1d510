"""Requests of before 2026-12 keep working: their numbers open them, their decisions are notices, their steps are rows."""

import base64
import importlib
import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.apps import apps as live
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import resealing
from ordinance import duedates
from records.models import PERSONAL, HandOver, ViewingDecision, ViewingMove, ViewingNotice, ViewingRequest
from records.provision import extending
from records.viewing import guide, intake, keeping, lateness
from tests.records import provisions
from tests.records.situations import received, told_about

pytestmark = pytest.mark.django_db


class Rows:
    """The rows as they were before: with the form's number, and with reply and guide beside the decision."""

    def __init__(self, request, decisions):
        self.request, self.decisions = request, decisions

    def get_model(self, app, name):
        models = {"ViewingRequest": ViewingRequest, "ViewingDecision": ViewingDecision}
        found = {"ViewingRequest": [self.request], "ViewingDecision": self.decisions}
        return _Model(models[name], found[name]) if name in models else live.get_model(app, name)


class _Model:
    def __init__(self, model, rows):
        self.objects, self.model, self.rows = self, model, rows

    def order_by(self, *names):
        return self

    def iterator(self, **options):
        return iter(self.rows)

    def filter(self, **lookup):
        return self.model.objects.filter(**lookup) if "pk" in lookup else self

    def __iter__(self):
        return iter(self.rows)


def test_a_decided_request_is_told_and_its_old_code_still_opens_it(camera, manager) -> None:
    request = received(camera)
    request.moves.all().delete()
    request.submission, request.state = uuid.uuid4(), "decided"
    decision = ViewingDecision.objects.create(
        request=request, outcome="refused", reason="까닭", decided_at=timezone.now(), decided_by=manager
    )
    decision.reply, decision.how_to_object = "거절합니다.", "분쟁조정"
    migration = importlib.import_module("records.migrations.0003_requests_of_before")
    migration.carry_over(Rows(request, [decision]), None)
    importlib.import_module("records.migrations.0015_codes_belong_to_their_requests").bind(apps, None)

    digest = salted_hmac("records.viewing", str(request.submission), algorithm="sha256").digest()
    code = base64.b32encode(digest).decode()[:10]
    found = intake.find(request.receipt_number, code)
    assert found is not None
    assert found.state == "notified"
    notice = ViewingNotice.objects.get()
    assert (notice.reply, notice.how_to_object, notice.way) == ("거절합니다.", "분쟁조정", "web")
    assert ViewingDecision.objects.get().notice == notice
    events = list(ViewingMove.objects.values_list("event", flat=True))
    assert events == ["receive", "decide", "notify"]
    ends = keeping.way_ends(found, keeping.Periods(timezone.localdate()))
    assert ends is not None, "its footage waits for the way to object, too"
    assert intake.known(request.submission).request == found


def test_a_relation_of_before_is_sealed_like_its_neighbours(camera) -> None:
    """It stood in clear until 2026-12; the first migration of the new release seals it."""
    request = received(camera)
    table, key = ViewingRequest._meta.db_table, request.pk

    def stored() -> str:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT relation FROM {table} WHERE id = %s", [key])
            return cursor.fetchone()[0]

    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET relation = %s WHERE id = %s", ["어머니", key])
    resealing.after_migrate()
    assert stored().startswith("p2:")
    assert "어머니" not in stored()
    assert ViewingRequest.objects.get(pk=key).relation == "어머니"
    assert "relation" in PERSONAL


def test_objections_of_before_get_rows_of_their_own_and_granted_viewings_an_appointment(
    camera, manager
) -> None:
    """Whoever waited for an answer still waits, with the same due date; what the web holds does not lapse any more."""
    pending, answered, granted = (told_about(camera, manager) for _ in range(3))
    today = timezone.localdate()
    for request in (pending, answered):
        request.appointments.all().delete()
        _moved(request, "object", manager)
        ViewingRequest.objects.filter(pk=request.pk).update(state="objected")
    _moved(answered, "answer_objection", manager)
    ViewingRequest.objects.filter(pk=answered.pk).update(state="objection_answered")
    due = duedates.open_for(
        "viewing_request", pending.receipt_number, guide.objection_answer_due(today), purpose="objection"
    )
    granted.appointments.all().delete()
    ViewingRequest.objects.filter(pk=granted.pk).update(holds_lapse_at=timezone.now())
    migration = importlib.import_module("records.migrations.0009_objections_become_remedies")
    migration.carry_over(live, None)

    waits, over = pending.remedies.get(), answered.remedies.get()
    assert (waits.kind, waits.against, waits.filed_on, waits.is_open) == (
        "objection",
        "decision",
        today,
        True,
    )
    assert over.ended_on == today
    states = dict(ViewingRequest.objects.values_list("pk", "state"))
    assert (states[pending.pk], states[answered.pk]) == ("notified", "notified")
    due.refresh_from_db()
    assert lateness.open_of(waits).get() == due
    granted.refresh_from_db()
    assert granted.holds_lapse_at is None
    assert granted.appointments.get().place == "통합관제센터 2층"


def test_each_hand_over_of_before_gets_the_period_in_which_it_was_written_down(camera) -> None:
    officer = provisions.official()
    provision = provisions.released(camera, officer)
    first, was = provision.hand_overs.get(), provision.use_until_on
    until = was + timedelta(days=30)
    extending.ask(provision, until=until, reason="재판", document_number="형사-3", by=officer)
    extending.approve(provision, by=provisions.head(), signature=provisions.signed_document())
    provision.refresh_from_db()
    later = provisions.handed(provision, officer, at=first.at)
    migration = importlib.import_module("records.migrations.0047_periods_are_extended_by_a_signature")
    HandOver.objects.update(use_until_on=migration.UNKNOWN)
    migration.keep_the_period_of_each(live, None)
    assert dict(HandOver.objects.values_list("pk", "use_until_on")) == {first.pk: was, later.pk: until}


def _moved(request, event: str, by) -> None:
    now = timezone.now()
    ViewingMove.objects.create(
        request=request,
        event=event,
        from_state="notified",
        to_state="x",
        on=timezone.localdate(),
        at=now,
        by=by,
    )
