"""The sample district's people are taught and sworn in by the product's own acts; one has just come."""

import pytest
from django.utils import timezone

from accounts.models import Officer
from portal.sample import competence, people
from records.competence import standing
from records.models import StaffMember
from tests.ordinance.duties import unmet

pytestmark = pytest.mark.django_db


def test_manager_and_official_may_look_and_the_new_agent_may_not(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    people.open_accounts(people.found_office())
    competence.teach(people.manager(), people.official())
    competence.teach(people.manager(), people.official())
    rows = list(StaffMember.objects.select_related("officer"))
    found = standing.of(rows, timezone.localdate())
    able = {row.officer.username for row in rows if found[row.pk].is_trained and found[row.pk].is_sworn}
    assert able == {"manager", "official", "admin", "secretary"}
    assert unmet("training_current") == unmet("pledge_signed") == {"M001"}
    assert Officer.objects.get(username="agent").is_active
