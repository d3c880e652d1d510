"""Redactions on the page of their matter: the step, and who acts next."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from portal.views import redactions
from records.models import Redaction
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory, HoldFactory
from tests.records.situations import received

pytestmark = pytest.mark.django_db


def begun(request, officer, count, **more):
    for _ in range(count):
        hold = HoldFactory()
        Redaction.objects.create(
            case_kind="viewing",
            case_key=request.pk,
            case_number=request.receipt_number,
            camera=hold.camera,
            hold=hold,
            from_at=hold.from_at,
            until_at=hold.until_at,
            created_at=timezone.now() - timedelta(hours=1),
            created_by=officer,
            **{"state": "proposed", **more},
        )


def test_many_cost_as_much_as_one_and_each_says_who_acts_next(rf):
    officer = OfficerFactory(role=Role.OFFICIAL)
    matter = received(CameraFactory())
    asked = rf.get("/")
    asked.user = officer
    redactions.of_matter(asked, "viewing", matter)
    counts = []
    for more in (1, 3):
        begun(matter, officer, more)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert redactions.of_matter(asked, "viewing", matter)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    Redaction.objects.all().delete()
    begun(matter, officer, 1, state="checking", maker=officer)
    (one,) = redactions.of_matter(asked, "viewing", matter)
    assert one["next"] == f"만든 사람({officer})이 아닌 다른 담당자가 확인합니다."
    Redaction.objects.get().runs.create(work="find")
    assert redactions.of_matter(asked, "viewing", matter)[0]["next"] == "시스템이 처리하고 있습니다."


def test_what_is_no_choice_and_no_number_is_answered_in_words(client):
    officer = OfficerFactory(role=Role.OFFICIAL)
    client.force_login(officer)
    begun(received(CameraFactory()), officer, 1)
    row = Redaction.objects.get()
    for sent in ('{"turn": 1e999, "choice": {}}', "[" * 100_000, "[]", '{"turn": "x"}'):
        answer = client.post(
            reverse("redaction:choose", args=[row.pk]), sent, content_type="application/json"
        )
        assert answer.status_code == 400
    assert client.get(reverse("redaction:make", args=[row.pk]), {"turn": "²"}).status_code == 200


def test_who_may_not_look_is_shown_nothing(rf):
    officer = OfficerFactory(role=Role.AUDITOR)
    matter = received(CameraFactory())
    begun(matter, officer, 1)
    asked = rf.get("/")
    asked.user = officer
    assert redactions.of_matter(asked, "viewing", matter) == []
