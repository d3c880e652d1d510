"""The control centre in a real browser: an incident by the keyboard against the clock."""

import re
import time

import pytest
from django.urls import reverse

from accounts.roles import Role
from records.models import Incident
from tests.accounts.factories import OfficerFactory
from tests.browser.test_portal import log_in
from tests.footage.factories import CameraFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# As somebody types who does not look at the keys; issue 11 asks for less than twenty seconds.
MILLISECONDS_A_KEY = 120
SECONDS = 20


def test_an_incident_is_entered_with_the_keyboard_in_less_than_twenty_seconds(strict_visitor):
    camera = CameraFactory()
    log_in(strict_visitor, OfficerFactory(role=Role.MONITORING_AGENT))
    page = strict_visitor.page
    started = time.monotonic()
    strict_visitor.open(reverse("incidents:add"))
    page.keyboard.type(camera.number, delay=MILLISECONDS_A_KEY)
    page.keyboard.press("Tab")
    page.keyboard.type("차량 털이 의심", delay=MILLISECONDS_A_KEY)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/incidents/\d+/"))
    took = time.monotonic() - started
    row = Incident.objects.get()
    assert (row.camera, row.kind, row.body_told) == (camera, "차량 털이 의심", "112치안종합상황실")
    assert row.told_at is not None
    assert took < SECONDS
    assert strict_visitor.errors == []
