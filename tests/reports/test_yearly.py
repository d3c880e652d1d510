"""연간 문서: what the records tell of a year, finished by a person, frozen, published where the law says so."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from casework.refusals import Refused
from ledger.models import Entry
from reports.documents import yearly_paper
from reports.models import YearlyKind, YearlyPaper
from reports.yearly import due, papers, prepared
from tests.accounts.factories import OfficerFactory
from tests.committee.factories import MeetingFactory, recorded
from tests.reports import pdf_checks, situations
from tests.reports.situations import seoul

pytestmark = pytest.mark.django_db
NOW = seoul(2027, 1, 4, 10)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def officer():
    return OfficerFactory()


def value(section, key):
    return {row["key"]: row["value"] for row in section.tables[0].rows}[key]


def test_the_committees_year_is_counted(officer):
    meeting = MeetingFactory(on=date(2026, 11, 5))
    recorded(meeting)
    recorded(meeting, votes=(3, 6, 3))
    MeetingFactory(on=date(2025, 11, 5))
    MeetingFactory(on=date(2026, 12, 5), planned=True)
    found = prepared.section(YearlyKind.COUNCIL, 2026, NOW)
    assert [value(found, key) for key in ("meetings", "resolutions", "carried")] == [1, 2, 1]
    # Nobody entered who sits on it: that is not a committee of nobody.
    assert value(found, "members") is None


def test_each_purpose_has_its_cameras(officer):
    situations.cameras(50, at=seoul(2026, 6, 1))
    found = prepared.section(YearlyKind.IMPACT, 2026, NOW)
    counted = {row["key"]: row["cameras"] for row in found.tables[0].rows}
    assert sum(counted.values()) == 50
    assert counted["crime_prevention"] == 48


def test_of_a_year_without_records_nothing_is_said(officer):
    for kind in YearlyKind:
        for table in prepared.section(kind, 2026, NOW).tables:
            assert (table.unknown, table.rows) == ("기록 없음", [])


def test_a_paper_is_finished_once_with_words_and_again_with_a_reason(officer):
    with pytest.raises(Refused, match="평가나 설명"):
        papers.finish("evaluation", 2026, words=" ", by=officer)
    with pytest.raises(Refused, match="끝난 해"):
        papers.finish("evaluation", 2027, words="계속 둔다.", by=officer)
    with pytest.raises(Refused, match="주민등록번호"):
        papers.finish("evaluation", 2026, words="900101-1234567", by=officer)
    first = papers.finish("evaluation", 2026, words="계속 둔다.", by=officer)
    before = papers.section_of(first)
    recorded(MeetingFactory(on=date(2026, 11, 5)))
    first.refresh_from_db()
    assert papers.section_of(first) == before
    with pytest.raises(Refused, match="다시 내는 까닭"):
        papers.finish("evaluation", 2026, words="계속 둔다.", by=officer)
    second = papers.finish("evaluation", 2026, words="계속 둔다.", reason="의결을 늦게 적음", by=officer)
    assert (second.version, value(papers.section_of(second), "resolutions")) == (2, 1)
    line = Entry.objects.of_kind(papers.FINISHED).latest("sequence")
    assert line.content["sha256"] == second.digest


def test_what_goes_to_the_council_is_due_until_it_was_sent(officer):
    with time_machine.travel(seoul(2026, 5, 1)):
        papers.finish(
            "evaluation", 2025, words="계속 둔다.", by=officer
        )  # the office works with this system since
    open_now = {item.key.split(":")[1] for item in due.last_year(NOW)}
    assert open_now == {kind.value for kind in YearlyKind}
    (item,) = [item for item in due.last_year(NOW) if "council" in item.key]
    assert (item.due_on, item.severity) == (date(2027, 6, 30), "due")
    (late,) = [item for item in due.last_year(seoul(2027, 7, 1)) if "council" in item.key]
    assert late.severity == "overdue"
    paper = papers.finish("council", 2026, words="한 번 열었다.", by=officer)
    assert any("council" in item.key for item in due.last_year(NOW))
    with pytest.raises(Refused, match="확정한 날부터"):
        papers.send(paper, on=date(2027, 1, 3), document="안전-1", by=officer)
    papers.send(paper, on=date(2027, 1, 4), document="안전-1", by=officer)
    with pytest.raises(Refused, match="이미 기록"):
        papers.send(paper, on=date(2027, 1, 4), document="안전-1", by=officer)
    assert not any("council" in item.key for item in due.last_year(NOW))
    other = papers.finish("impact", 2026, words="그대로다.", by=officer)
    with pytest.raises(Refused, match="제출하는 문서가 아닙니다"):
        papers.send(other, on=date(2027, 1, 4), document="안전-2", by=officer)


def test_statistics_of_notices_are_public_when_they_are_finished_and_the_others_are_not(officer):
    client = Client()
    address = reverse("website_yearly_paper", args=[2026, "notices"])
    assert client.get(address).status_code == 404
    papers.finish("notices", 2026, words="한 번 예고했다.", by=officer)
    body = client.get(address).content.decode()
    assert "한 번 예고했다." in body
    papers.finish("council", 2026, words="비공개", by=officer)
    assert client.get(reverse("website_yearly_paper", args=[2026, "council"])).status_code == 404
    assert "행정예고 통계" in client.get(reverse("website_figures")).content.decode()


def test_the_paper_of_a_finished_one_is_the_same_on_every_day(officer, tmp_path):
    made = papers.finish("council", 2026, words="한 번 열었다.", by=officer)
    made = YearlyPaper.objects.get(pk=made.pk)
    first = yearly_paper.pdf_of(YearlyKind.COUNCIL, 2026, papers.section_of(made), made)
    with time_machine.travel(seoul(2027, 3, 1)):
        assert yearly_paper.pdf_of(YearlyKind.COUNCIL, 2026, papers.section_of(made), made) == first
    reader = pdf_checks.read(first)
    pdf_checks.assert_archivable(reader)
    pdf_checks.assert_accessible(reader)
    assert "제1판" in pdf_checks.words(first)
