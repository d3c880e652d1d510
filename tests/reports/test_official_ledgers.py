"""개인영상정보 관리대장 and 목적 외 이용·제공 대장: as many lines as things that happened, each with what the form asks."""

import csv
import io
import json
from datetime import timedelta

import hwpx as library
import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.roles import Role
from footage.models import DeletionConfirmation
from ledger.models import Entry
from ordinance.models import Ground
from records.enums import RequestKind
from records.models import ViewingDecision, ViewingRequest
from records.official_ledgers import out_of_purpose, personal_video
from records.official_ledgers.personal_video import ERASED, LineKind, Where
from records.provision import ending, handover, recall, restrictions
from records.viewing import decisions, duplicates, leaving, notices, routes
from records.viewing.decisions import Answer, RangeAnswer
from reports.documents import official_ledger
from reports.documents.official_ledger import Name
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records import provisions, situations
from tests.reports import pdf_checks

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))


@pytest.fixture
def happened(officer):
    """One of each: given, shown at the centre to an office of ours, destroyed at the agency, viewed, refused, deleted."""
    camera = CameraFactory()
    given = provisions.released(camera)
    ending.confirm(
        given.hand_overs.get(),
        kind="destroyed",
        at=timezone.now(),
        confirmer_name="이순경",
        document_number="형사-9",
        by=officer,
        files=[provisions.paper()],
    )
    used = provisions.approved(CameraFactory(), unit=None, department=DepartmentFactory(), form="viewing")
    if restrictions.is_owed(used):
        provisions.restricted(used, officer)
    handover.hand_over(used, provisions.seen(), by=officer)
    situations.shown(situations.told_about(CameraFactory(), officer), officer)
    situations.refused_about(CameraFactory(), officer)
    DeletionConfirmation.objects.create(
        confirmed_at=timezone.now(),
        confirmed_by=officer,
        period_from=timezone.localdate() - timedelta(days=30),
        period_until=timezone.localdate(),
        cycle="1분마다",
        is_working=True,
    )
    return given


def today_lines():
    today = timezone.localdate()
    return personal_video.lines(today, today)


def test_each_thing_that_happened_is_exactly_one_line(happened):
    kinds = sorted(line.kind.value for line in today_lines())
    assert kinds == ["destruction", "destruction", "provision", "use", "viewing", "viewing"]
    # The refusal is known by its day only: it comes before what has a moment.
    assert today_lines()[0].at == timezone.localdate()
    moments = [line.at for line in today_lines()[1:]]
    assert moments == sorted(moments)


def test_a_letter_that_refuses_two_things_is_one_line(officer):
    letter = situations.refused_about(CameraFactory(), officer).notices.get()
    first = letter.decisions.get()
    ViewingDecision.objects.create(
        request=letter.request,
        kind=RequestKind.CORRECTION,
        outcome=first.outcome,
        ground=first.ground,
        national_ground=first.national_ground,
        notice=letter,
        decided_at=first.decided_at,
        decided_by=officer,
    )
    [line] = today_lines()
    assert line.reason.count("거절: ") == 2
    assert line.form == "열람, 정정·삭제 거절"


def two_cameras(officer, **changes):
    first = CameraFactory()
    CameraFactory(site=first.site, ordinal=2, number="GS-ODD-2")
    request = situations.confirmed(first, officer, cameras=list(first.site.cameras.order_by("pk")), **changes)
    return situations.secured(request, officer)


def test_odd_ends_leave_the_lines_of_what_was_done_and_no_others(officer):
    """Counted by hand: withdrawn, transferred, joined, partly refused, recalled, given in two parts, destroyed later."""
    today = timezone.localdate()
    withdrawn = situations.confirmed(CameraFactory(), officer)
    leaving.withdraw(withdrawn, on=today, document_number="취하-1", by=officer)
    moved = situations.confirmed(CameraFactory(), officer)
    routes.transfer(moved, situations.letter(), to="petition", new_number="민원-1", by=officer)
    assert today_lines() == []

    partly = two_cameras(officer)
    shown, refused = partly.cameras.order_by("pk")
    duplicates.join(situations.confirmed(shown.camera, officer), partly, by=officer)
    ground = Ground.objects.get(layer="pipa35", item="2")
    own = RangeAnswer(refused.pk, "refused", reason="옆집이 비침", national_ground=ground)
    decisions.decide(partly, [Answer("viewing", "granted", ranges=(own,))], by=officer)
    notices.notify(partly, situations.viewing_letter(), by=officer)
    situations.shown(partly, officer)
    told, seen = today_lines()
    assert (told.form, told.cameras) == ("열람 일부 거절", (refused.camera.number,))
    assert str(ground) in told.reason
    assert seen.cameras == (shown.camera.number,)
    assert refused.camera.number not in seen.file_name

    case = provisions.released(CameraFactory())
    second = provisions.handed(case, officer, file_name="두 번째")
    recall.order(case, reason="제한을 어김", document_number="안전-8", by=provisions.head())
    said = {"at": timezone.now(), "confirmer_name": "이순경", "document_number": "형사-9", "by": officer}
    ending.confirm(case.hand_overs.first(), kind="returned", **said)
    ending.confirm(second, kind="destroyed", **said)
    case.refresh_from_db()
    assert case.state == "recalled"
    kinds = sorted(line.kind.value for line in today_lines())
    assert kinds == ["destruction", "provision", "provision", "viewing", "viewing"]
    assert len(out_of_purpose.hand_overs(today, today)) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_lines_are_asked_in_as_many_queries_for_one_as_for_many(
    officer, count, django_assert_max_num_queries
):
    for _ in range(count):
        situations.refused_about(CameraFactory(), officer)
        situations.shown(situations.told_about(CameraFactory(), officer), officer)
    with django_assert_max_num_queries(14):
        assert len(today_lines()) == 2 * count


def test_each_line_has_what_its_kind_must_have(happened):
    for line in today_lines():
        assert line.file_name, line
        assert line.officer, line
        assert line.reason, line
        if line.kind != LineKind.DESTRUCTION:
            assert line.recipient, line
            assert line.form, line
    given = next(line for line in today_lines() if line.kind == LineKind.PROVISION)
    assert "서울강서경찰서 형사과" in given.recipient
    assert "이순경" in given.recipient
    assert happened.letter_number in given.basis


def test_only_what_lay_outside_the_purpose_is_in_the_other_ledger(happened, officer):
    today = timezone.localdate()
    inside = provisions.opinion(
        relation="within", ground=None, national_ground=None, legal_basis="개인정보 보호법 제17조제1항제2호"
    )
    within = provisions.approved(CameraFactory(), using=inside)
    provisions.handed(within, officer)
    rows = out_of_purpose.hand_overs(today, today)
    assert {out_of_purpose.kind_of(row) for row in rows} == {LineKind.USE, LineKind.PROVISION}
    assert within.pk not in {row.provision_id for row in rows}
    cells = out_of_purpose.cells(1, next(row for row in rows if row.provision_id == happened.pk))
    assert len(cells) == len(out_of_purpose.HEADINGS)
    assert happened.restrictions.get().document_number in str(cells[-1])


def test_other_days_are_other_days(happened):
    yesterday = timezone.localdate() - timedelta(days=1)
    assert personal_video.lines(yesterday, yesterday) == []


def test_persons_that_were_erased_leave_their_line(happened):
    row = happened.hand_overs.get()
    row.receiver_name = row.receiver_rank = ""
    row.save()
    assert ERASED in next(line for line in today_lines() if line.kind == LineKind.PROVISION).recipient


@pytest.mark.parametrize("name", list(Name))
def test_pdf_workbook_and_text_say_the_same(happened, name):
    today = timezone.localdate()
    made = {
        ending: official_ledger.make(name, today, today, ending, actor="command:test")
        for ending in (".pdf", ".xlsx", ".csv", ".hwpx")
    }
    sheet = openpyxl.load_workbook(io.BytesIO(made[".xlsx"].content))["대장"]
    text = list(csv.reader(io.StringIO(made[".csv"].content.decode("utf-8-sig"))))
    assert {one.rows for one in made.values()} == {len(text) - 1, sheet.max_row - 1}
    assert [cell.value for cell in sheet[1]] == text[0] == list(official_ledger.HEADINGS[name])
    words = pdf_checks.words(made[".pdf"].content)
    assert official_ledger.TITLES[name].replace(" ", "") in words.replace(" ", "").replace("\n", "")
    paper = library.HwpxDocument.open(made[".hwpx"].content)
    assert paper.validate().ok
    assert {len(row.cells) for row in paper.tables[1].rows} == {len(text[0])}
    for row in text:
        for cell in row:
            assert squeezed(cell.removeprefix("'")) in squeezed(paper.text.plain())
    assert "서울강서경찰서" in words.replace(" ", "").replace("\n", "")


def squeezed(text):
    return "".join(text.split())


def test_an_empty_ledger_says_so():
    today = timezone.localdate()
    made = official_ledger.make(Name.PERSONAL_VIDEO, today, today, ".pdf", actor="command:test")
    assert made.rows == 0
    assert "기록된 것이 없습니다" in pdf_checks.words(made.content)


def told(capsys, *arguments) -> tuple[int, dict]:
    status = 0
    try:
        call_command("render_register", *arguments, "--json")
    except CommandError as error:
        status = error.returncode
    return status, json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_the_command(happened, tmp_path, capsys):
    today = timezone.localdate().isoformat()
    days = ("--from", today, "--until", today)
    status, answer = told(capsys, "personal-video", *days, "--output", str(tmp_path / "a.csv"))
    assert (status, answer["rows"]) == (0, 6)
    assert answer["by_kind"] == {"use": 1, "provision": 1, "viewing": 2, "destruction": 2}
    entry = Entry.objects.get(kind="reports.official_ledger_made").content
    assert (entry["rows"], entry["sha256"]) == (6, answer["sha256"])
    assert told(capsys, "out-of-purpose", *days, "--output", str(tmp_path / "b.xlsx"))[1]["rows"] == 2


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (("--from", "2026-02-01", "--until", "2026-01-01"), "a.pdf"),
        (("--from", "어제", "--until", "2026-01-01"), "a.pdf"),
        (("--from", "2010-01-01", "--until", "2026-01-01"), "a.pdf"),
        (("--from", "2026-01-01", "--until", "2026-01-01"), "a.docx"),
        (("--from", "2026-01-01", "--until", "2026-01-01"), "no/folder.pdf"),
    ],
)
def test_what_cannot_be_made_is_refused_and_leaves_no_line(days, name, tmp_path, capsys):
    status, answer = told(capsys, "personal-video", *days, "--output", str(tmp_path / name))
    assert status == 2
    assert answer["error"]
    assert not Entry.objects.filter(kind="reports.official_ledger_made").exists()


@pytest.mark.parametrize("name", list(Name))
def test_lines_are_found_by_kind_camera_and_agency(happened, name):
    today = timezone.localdate()
    camera = happened.cameras.get().camera.number
    agency = happened.unit.agency.name

    def shown(**where):
        return official_ledger.show(name, today, today, Where(**where)).rows

    everything = shown()
    assert 0 < len(shown(kind="provision")) < len(everything) or name == Name.OUT_OF_PURPOSE
    assert all("경찰" in str(row) or "파기" in str(row) for row in shown(agency=agency))
    assert 0 < len(shown(camera=camera)) <= len(everything)
    assert shown(camera="NONE-1") == shown(agency="없는 기관") == []


@pytest.mark.parametrize("name", list(Name))
def test_persons_are_shown_for_a_purpose_on_record(happened, name):
    today, officer = timezone.localdate(), OfficerFactory()
    person = happened.hand_overs.get().receiver_name
    without = official_ledger.show(name, today, today, Where())
    assert person not in str(without.rows)
    assert not Entry.objects.filter(kind=official_ledger.READ).exists()
    assert person in str(
        official_ledger.show(name, today, today, Where(), purpose="inspection", by=officer).rows
    )
    entry = Entry.objects.get(kind=official_ledger.READ).content
    assert entry["purpose"] == "inspection"
    assert len(without.headings) == len(without.rows[0])
    for request in ViewingRequest.objects.all():
        assert request.requester_name not in str(without.rows)
        assert request.purpose not in str(without.rows)
