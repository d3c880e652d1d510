"""What an act does for whoever uses it: writing, rows of the matter, files, and the line in the ledger."""

import datetime as dt
import hashlib
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from cameras import sign_reports
from casework import acts, refusals
from casework.models import Attachment
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.cameras.consultations import PDF, upload
from tests.cameras.contracts import entered, trained
from tests.cameras.factories import SiteFactory

pytestmark = pytest.mark.django_db


def test_files_are_kept_with_the_row_and_the_line_carries_their_digests() -> None:
    contract = entered()
    training = trained(contract, files=[upload("교육.pdf"), upload("참석부.pdf")])
    assert sorted(file.name for file in training.attachments.all()) == ["교육.pdf", "참석부.pdf"]
    assert not contract.attachments.exists()
    line = Entry.objects.get(kind="cameras.contractor_trained")
    assert line.content["files"] == [hashlib.sha256(PDF).hexdigest()] * 2
    assert line.subject == contract.ledger_subject


def test_a_file_that_may_not_be_attached_stops_the_whole_act() -> None:
    contract = entered()
    with pytest.raises(ValidationError, match=r"plan\.exe"):
        trained(contract, files=[upload("교육.pdf"), upload("plan.exe")])
    assert not contract.trainings.exists()
    assert not Attachment.objects.exists()


def test_an_act_that_is_not_about_a_person_does_not_open_the_cell() -> None:
    report = sign_reports.receive(SiteFactory(), "missing", contact="010-0000-0000", submission=uuid.uuid4())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cameras_signreport SET contact = 'unreadable'")
    sign_reports.close(report, "put_right", note="다시 걸었음", by=OfficerFactory())
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact, closing_note FROM cameras_signreport")
        assert cursor.fetchone() == ("unreadable", "다시 걸었음")


def test_the_line_comes_after_what_follows() -> None:
    order = []
    contract = entered()
    with acts.begin("cameras.contract_changed", contract, by=OfficerFactory()) as act:
        act.afterwards(lambda: order.append(Entry.objects.filter(kind="cameras.contract_changed").count()))
    assert order == [0]
    assert Entry.objects.filter(kind="cameras.contract_changed").count() == 1


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (dt.date(2026, 3, 1), []),
        (dt.date(2026, 3, 31), []),
        (dt.date(2026, 4, 1), ["회신일은 오늘보다 뒤일 수 없습니다."]),
        (dt.date(2026, 2, 28), ["회신일은 요청일(2026-03-01)보다 앞설 수 없습니다."]),
    ],
)
def test_a_day_lies_between_what_came_before_and_today(day: dt.date, said: list[str]) -> None:
    found = refusals.outside(
        day, "on", "회신일", until=dt.date(2026, 3, 31), since=dt.date(2026, 3, 1), since_name="요청일"
    )
    assert [refusal.text for refusal in found] == said
