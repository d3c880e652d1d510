"""Requests of citizens and what else the office did, told without a person, a case or a receipt number."""

import json
from datetime import timedelta

import pytest
import time_machine

from ordinance.models import DueDate
from records.models import ViewingNotice
from reports.figures import for_period
from tests.records import situations as requests
from tests.records.conftest import camera, manager  # noqa: F401 - fixtures
from tests.reports.situations import seoul

pytestmark = pytest.mark.django_db
NOW = seoul(2026, 10, 2, 9)


def test_requests_are_counted_by_channel_outcome_and_lateness(camera, manager):  # noqa: F811 - fixtures
    with time_machine.travel(seoul(2026, 7, 6, 10), tick=False):
        camera.history.update(history_date=seoul(2026, 7, 1))
        in_time = requests.told_about(camera, manager)
        late = requests.told_about(camera, manager)
        waiting = requests.received(camera)
    # Told a month later, as the office entered it.
    DueDate.objects.filter(subject_number=late.receipt_number).update(closed_at=seoul(2026, 8, 20, 10))
    ViewingNotice.objects.filter(request=late).update(at=seoul(2026, 8, 20, 10))
    figures = for_period("2026Q3", now=NOW)
    told = {figure.code: figure.value for _, figure in figures.figures()}
    assert told["requests_received"] == 3
    assert (told["requests_decided"], told["requests_in_time"], told["requests_decided_late"]) == (2, 1, 1)
    assert told["requests_in_time_share"] == 50.0
    assert told["requests_overdue"] == 1
    assert told["requests_longest"] == timedelta(days=45).total_seconds()
    assert figures.table("requests_by_channel").total["requests"] == 3
    assert figures.table("requests_by_outcome").total["requests"] >= 2
    # Answering it later does not make it punctual.
    DueDate.objects.filter(subject_number=waiting.receipt_number).update(closed_at=seoul(2026, 10, 5))
    assert for_period("2026Q3", now=NOW + timedelta(days=30)).value("requests_overdue") == 1
    frozen = json.dumps(figures.to_json(), ensure_ascii=False)
    for request in (in_time, late, waiting):
        assert request.receipt_number not in frozen


def test_what_no_chapter_counts_is_named_with_its_number(camera):  # noqa: F811 - a fixture
    figures = for_period("2026Q3", now=NOW)
    assert figures.table("uncounted").rows == []
    states = {row["key"]: row["state"] for row in figures.table("by_article").rows}
    assert (states["22"], states["29"], states["16"]) == ("일부 다룸", "일부 다룸", "다루지 않음")
