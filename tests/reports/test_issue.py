import hashlib
import json
import threading
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.longrun import Cancelled, LongRun, RunState
from cameras.models import Camera
from ledger.models import Entry
from ledger.verify import verify
from reports import annex, files, issue, outputs, pdf, standby
from reports.documents import committee
from reports.models import Frozen, IssuedReport
from reports.period import UnusablePeriod
from tests.reports import pdf_checks, situations
from tests.reports.situations import seoul

pytestmark = pytest.mark.django_db

NOW = seoul(2026, 10, 2, 9)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def in_short(monkeypatch):
    """All is counted, and of the chapters the first and the last are printed: for what holds of a report of any length."""
    compose = committee.compose

    def compose_in_short(template, context, style_sheets):
        if "figures" in context:
            chapters = context["figures"].sections
            context |= {"figures": replace(context["figures"], sections=[chapters[0], chapters[-1]])}
        return compose(template, context, style_sheets)

    monkeypatch.setattr(committee, "compose", compose_in_short)


def run(*arguments):
    """The command: exit status, JSON of its last line, what it said to people."""
    out, err = StringIO(), StringIO()
    try:
        call_command("issue_report", "committee", *arguments, stdout=out, stderr=err)
        status = 0
    except CommandError as error:
        status = error.returncode
        err.write(str(error))
    lines = out.getvalue().strip().splitlines()
    return status, json.loads(lines[-1]) if lines else None, err.getvalue()


def read_report(report):
    with files.open_report(report) as file:
        return file.read()


def test_the_whole_report(tmp_path):
    chosen = situations.district(40)
    chosen[5].site.road_address = situations.HOSTILE_ADDRESS
    chosen[5].site.save()
    target = tmp_path / "out" / "F.pdf"
    target.parent.mkdir()
    head = tmp_path / "head.json"
    status, said, _ = run("--period", "2026Q3", "--output", str(target), "--head", str(head), "--json")
    assert status == 0
    content = target.read_bytes()
    assert said["sha256"] == hashlib.sha256(content).hexdigest()
    reader = pdf_checks.read(target)
    assert said["pages"] == len(reader.pages)
    assert said["version"] == 1
    assert sorted(path.name for path in target.parent.iterdir()) == ["F-annex-1.pdf", "F.pdf"]
    for path in (target, target.with_name("F-annex-1.pdf")):
        one = pdf_checks.read(path)
        pdf_checks.assert_archivable(one)
        pdf_checks.assert_accessible(one)
        pdf_checks.assert_well_printed(path, tmp_path)
        pages = pdf_checks.text(path)
        for number, page in enumerate(pages, start=1):
            assert said["ledger_root"] in page
            assert f"{number}/{len(pages)}" in page.replace(" ", "")

    pages = pdf_checks.text(target)
    assert "중간 보고" not in "".join(pages)
    assert "서울특별시 강서구" in pages[0]
    assert "뷁-unknown" in "".join(pages)
    assert len(reader.outline) > 10
    # Dots that lead to a page number would be read out, one by one; a table is one, on however many pages.
    assert len([one for one in pdf_checks.structure(reader) if one["/S"] == "/Link"]) < 90
    annexed = pdf_checks.structure(pdf_checks.read(target.with_name("F-annex-1.pdf")))
    (table,) = [one for one in annexed if one["/S"] == "/Table"]
    assert table["/A"]["/Summary"] == "카메라별 현황"
    assert len([one for one in annexed if one["/S"] == "/THead"]) == 1
    # 40 cameras, the head, and a line for the files of no camera.
    assert len([one for one in annexed if one["/S"] == "/TR"]) == 42
    titles = [item.title for item in reader.outline if not isinstance(item, list)]
    assert "1. 영상정보처리기기 설치·운영 현황" in titles
    assert "" not in {title.strip() for title in titles}
    links = [note for page in reader.pages for note in page.get("/Annots", [])]
    assert len(links) > 10

    line = "".join(pdf_checks.text(target.with_name("F-annex-1.pdf")))
    for word in ("뷁쀍로", "<script>", "龍門", "[U+202E]", "[U+0007]"):
        assert word in line

    assert head.read_bytes() == reader.attachments["ledger-head.json"][0]
    csv = reader.attachments[annex.CSV_NAME][0]
    assert csv.startswith(b"\xef\xbb\xbf")
    assert len(csv.decode("utf-8-sig").splitlines()) >= 41
    embedded = reader.root_object["/AF"]
    assert len(embedded) == 4
    assert {item.get_object()["/AFRelationship"] for item in embedded} == {"/Data", "/Supplement"}
    frozen = json.loads(reader.attachments["figures.json"][0])
    assert frozen == IssuedReport.objects.get().figures


@pytest.mark.once
@pytest.mark.usefixtures("in_short")
def test_the_printed_head_verifies_the_ledger(tmp_path):
    situations.district(5)
    target, head = tmp_path / "F.pdf", tmp_path / "head.json"
    _, said, _ = run("--period", "2026Q3", "--output", str(target), "--head", str(head), "--json")
    out = StringIO()
    call_command("verify_ledger", "--head", str(head), "--json", stdout=out, stderr=StringIO())
    verified = json.loads(out.getvalue().splitlines()[-1])
    assert verified["ok"]
    assert json.loads(head.read_text())["root"] == said["ledger_root"]
    assert json.loads(head.read_text())["size"] == said["ledger_size"]
    assert verify().ok


@pytest.mark.usefixtures("in_short")
def test_issuing_is_an_entry_after_the_printed_head(tmp_path):
    report = issue.committee_report("2026Q3", output=tmp_path / "F.pdf")
    entry = Entry.objects.get(kind="reports.issued")
    assert entry.sequence == report.ledger_entry > report.ledger_size
    assert entry.content["sha256"] == report.sha256
    assert entry.content["figures_sha256"] == issue.figures_digest(report.figures)
    assert entry.content["annex"] == [{"number": 1, "sha256": report.volumes[0]["sha256"]}]
    assert entry.actor == "command:issue_report"


@pytest.mark.once
def test_an_empty_district_has_a_proper_report(tmp_path):
    target = tmp_path / "F.pdf"
    status, _, _ = run("--period", "2026Q3", "--output", str(target), "--json")
    assert status == 0
    text = "".join(pdf_checks.text(target))
    # A register in which nothing was entered does not say that nothing hangs in the street.
    assert "등록된 카메라가 없습니다." not in text
    assert "이 기간의 기록이 없어 이 표에 적을 것이 있었는지 알 수 없습니다." in text
    assert "이 기간에 파기한 영상이 없습니다." not in text
    # Nothing was on record, and nobody looked: that is printed, and never as zero.
    assert "기록 없음" in text
    assert "확인하지 않음" in text
    pdf_checks.assert_well_printed(target, tmp_path)
    pdf_checks.assert_archivable(pdf_checks.read(target))
    assert "등록된 카메라가 없습니다." in pdf_checks.text(tmp_path / "F-annex-1.pdf")[0]


@pytest.mark.usefixtures("in_short")
def test_issuing_again_makes_a_version_that_says_what_changed(tmp_path):
    situations.cameras(3)
    target = tmp_path / "F.pdf"
    first = issue.committee_report("2026Q3", output=target, with_annex=False)
    kept = read_report(first)
    situations.cameras(2, prefix="more")
    status, said, words = run("--period", "2026Q3", "--output", str(target), "--without-annex", "--json")
    assert (status, said["version"]) == (0, 2)
    sentence = "영상정보처리기기 설치·운영 현황 · 설치된 카메라 (설치·운영·중지): 3 → 5 (+2)"
    assert sentence in words
    assert sentence in " ".join("".join(pdf_checks.text(target)).split())
    assert read_report(first) == kept
    first.refresh_from_db()
    assert first.figures["period"] == "2026Q3"
    assert issue.is_untouched(first)
    assert issue.latest(issue.Period.parse("2026Q3")).version == 2


@pytest.mark.once
@pytest.mark.usefixtures("in_short")
def test_an_unchanged_version_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("reports.figures.accountability.ledger", lambda reach: _without_ledger(reach))
    situations.cameras(1)
    issue.committee_report("2026Q3", with_annex=False)
    issue.committee_report("2026Q3", output=tmp_path / "F.pdf", with_annex=False)
    assert "수치는 제1판과 모두 같습니다." in "".join(pdf_checks.text(tmp_path / "F.pdf"))


def _without_ledger(reach):
    from reports.tabulation import Section

    return Section("ledger", "기록 원장", "", [], [], source="원장", article="조례")


@pytest.mark.once
@pytest.mark.usefixtures("in_short")
def test_an_interim_report_is_marked_on_every_page(tmp_path):
    target = tmp_path / "F.pdf"
    status, said, _ = run("--period", "2026Q4", "--output", str(target), "--json")
    assert (status, said["is_interim"]) == (0, True)
    for page in pdf_checks.text(target):
        assert "중간 보고" in page
    assert "중간 보고" in pdf_checks.read(target).metadata.title


@pytest.mark.parametrize("period", ["2027Q1", "2026q3", "foo", "", "2026Q5", "9999Q4"])
def test_an_unusable_period_is_refused(period, tmp_path):
    status, said, words = run("--period", period, "--output", str(tmp_path / "F.pdf"), "--json")
    assert (status, set(said)) == (2, {"error"})
    assert words
    assert list(tmp_path.iterdir()) == []
    assert not IssuedReport.objects.exists()
    assert not Entry.objects.exists()


def unusable_places(tmp_path):
    (tmp_path / "file").write_text("x")
    return [
        tmp_path / "nowhere" / "F.pdf",
        tmp_path,
        tmp_path / "file" / "F.pdf",
        Path("/proc/F.pdf"),
        Path("/dev/null"),
        Path(settings.MEDIA_ROOT) / "F.pdf",
        "",
        "a\0b",
        tmp_path / ("ㄱ" * 300),
        tmp_path / "보고서".encode("cp949").decode(errors="surrogateescape"),
        tmp_path / "보고\n서.pdf",
    ]


@pytest.mark.once
def test_an_unusable_output_is_refused_and_leaves_nothing(tmp_path):
    Path(settings.MEDIA_ROOT).mkdir(parents=True)
    for place in unusable_places(tmp_path):
        with pytest.raises(outputs.UnusableOutput):
            issue.committee_report("2026Q3", output=place)
    assert not IssuedReport.objects.exists()
    assert not Entry.objects.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "media"]


@pytest.mark.once
@pytest.mark.usefixtures("in_short")
def test_a_failure_while_printing_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "_ask", lambda process, order: {"error": "kaputt"})
    status, said, words = run("--period", "2026Q3", "--output", str(tmp_path / "F.pdf"), "--json")
    # Report and annex are printed side by side; whichever fails first is named.
    assert status == 1
    assert said in [{"error": "F.pdf: kaputt"}, {"error": "F-annex-1.pdf: kaputt"}]
    assert "kaputt" in words
    assert [path.name for path in tmp_path.iterdir()] == ["media"]
    assert not IssuedReport.objects.exists()
    assert not Entry.objects.filter(kind="reports.issued").exists()


@pytest.mark.usefixtures("in_short")
def test_a_failure_at_the_last_step_takes_everything_back(tmp_path, monkeypatch):
    monkeypatch.setattr(
        outputs.Output, "reveal", lambda self: (_ for _ in ()).throw(outputs.UnusableOutput("voll"))
    )
    with pytest.raises(outputs.UnusableOutput):
        issue.committee_report("2026Q3", output=tmp_path / "F.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["media"]
    assert not list((tmp_path / "media").rglob("*.pdf"))
    assert not IssuedReport.objects.exists()
    assert not Entry.objects.filter(kind="reports.issued").exists()


@pytest.mark.once
@pytest.mark.usefixtures("in_short")
def test_a_dead_process_is_an_error_not_a_wait(tmp_path, monkeypatch):
    order = pdf._order
    monkeypatch.setattr(pdf, "_order", lambda job, folder: {**order(job, folder), "html": "/nowhere"})
    status, _, words = run("--period", "2026Q3", "--output", str(tmp_path / "F.pdf"))
    assert status == 1
    assert "FileNotFoundError" in words


@pytest.mark.once
@pytest.mark.usefixtures("in_short")
def test_leftover_volumes_of_a_longer_report_go_foreign_files_stop_us(tmp_path, monkeypatch):
    monkeypatch.setattr(annex, "ROWS_PER_VOLUME", 2)
    situations.cameras(5)
    target = tmp_path / "F.pdf"
    _, said, _ = run("--period", "2026Q3", "--output", str(target), "--json")
    assert [item["number"] for item in said["annex"]] == [1, 2, 3]
    assert (tmp_path / "F-annex-3.pdf").exists()
    monkeypatch.setattr(annex, "ROWS_PER_VOLUME", 3)
    (tmp_path / "F-annex-x.pdf").write_text("not a number")
    status, said, _ = run("--period", "2026Q3", "--output", str(target), "--json")
    assert status == 0
    assert not (tmp_path / "F-annex-3.pdf").exists()
    assert (tmp_path / "F-annex-x.pdf").exists()
    (tmp_path / "F-annex-9.pdf").write_text("somebody's own")
    before = target.read_bytes()
    status, _, words = run("--period", "2026Q3", "--output", str(target), "--json")
    assert status == 2
    assert "F-annex-9.pdf" in words
    assert target.read_bytes() == before
    assert IssuedReport.objects.count() == 2


@pytest.mark.once
@pytest.mark.usefixtures("in_short")
def test_volumes_repeat_their_header_and_hold_every_camera_once(tmp_path, monkeypatch):
    monkeypatch.setattr(annex, "ROWS_PER_VOLUME", 70)
    monkeypatch.setattr(annex, "ROWS_PER_TABLE", 50)
    situations.cameras(100)
    issue.committee_report("2026Q3", output=tmp_path / "F.pdf")
    pages = [page for number in (1, 2) for page in pdf_checks.text(tmp_path / f"F-annex-{number}.pdf")]
    assert len(pages) >= 4
    for page in pages:
        assert "카메라 번호" in page
    everything = "\n".join(pages)
    for number in Camera.objects.values_list("number", flat=True):
        assert everything.count(number) == 1, number
    assert "부록 2 / 2권" in pages[-1]


@pytest.mark.once
def test_the_same_input_gives_the_same_bytes(tmp_path):
    context = {"title": "가", "author": "나", "description": "다", "keywords": "라"}
    one, two = (
        standby.render(
            "reports/base.html", context, created=NOW, enclosures=[pdf.Enclosure("a.csv", "b", b"c")]
        )
        for _ in range(2)
    )
    assert one == two
    assert committee.HEADING


@pytest.mark.usefixtures("in_short")
def test_an_issued_report_is_frozen(tmp_path):
    report = issue.committee_report("2026Q3", with_annex=False)
    report.figures = {}
    with pytest.raises(Frozen):
        report.save()
    with pytest.raises(Frozen):
        report.delete()
    assert IssuedReport.objects.get().figures


@pytest.mark.once
@pytest.mark.usefixtures("in_short")
def test_files_open_only_as_they_were_issued():
    report = issue.committee_report("2026Q3")
    assert read_report(report).startswith(b"%PDF-")
    with files.open_volume(report, 1) as file:
        assert file.read(5) == b"%PDF-"
    with pytest.raises(files.FileUnavailable):
        files.open_volume(report, 2)
    path = Path(settings.MEDIA_ROOT) / report.volumes[0]["path"]
    path.chmod(0o600)
    path.write_bytes(b"%PDF-forged")
    with pytest.raises(files.FileUnavailable):
        files.open_volume(report, 1)
    assert not issue.is_untouched(report)
    report.file.name = "../../etc/passwd"
    with pytest.raises(files.FileUnavailable):
        files.open_report(report)


@pytest.mark.usefixtures("in_short")
def test_a_requested_report_runs_in_the_worker():
    from reports import tasks

    officer = situations.officer()
    run = issue.request("2026Q3", by=officer, with_annex=False)
    tasks.issue(run.pk)
    run.refresh_from_db()
    assert (run.state, run.version, run.issued_by) == (RunState.SUCCEEDED, 1, officer)
    assert Entry.objects.get(kind="reports.issued").actor == f"officer:{officer.pk}"
    tasks.issue(run.pk)
    assert IssuedReport.objects.count() == 1
    with pytest.raises(UnusablePeriod):
        issue.request("2027Q1", by=officer)


@pytest.mark.usefixtures("in_short")
def test_a_cancelled_report_leaves_no_version(monkeypatch):
    run = issue.request("2026Q3", by=situations.officer())
    monkeypatch.setattr(LongRun, "beat", lambda self, *_: (_ for _ in ()).throw(Cancelled))
    with pytest.raises(Cancelled):
        issue.carry_out(run)
    run.refresh_from_db()
    assert (run.state, run.version, run.sha256) == (RunState.CANCELLED, None, "")
    assert not Entry.objects.filter(kind="reports.issued").exists()


@pytest.mark.usefixtures("in_short")
def test_an_abandoned_command_gives_its_version_back():
    IssuedReport.objects.create(
        period="2026Q3",
        version=1,
        state=RunState.RUNNING,
        started_at=seoul(2026, 1, 1),
        heartbeat_at=seoul(2026, 1, 1),
    )
    assert issue.close_abandoned() == 1
    assert issue.committee_report("2026Q3", with_annex=False).version == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("in_short")
def test_two_who_issue_at_once_get_two_versions(tmp_path):
    versions, errors = [], []

    def one(number):
        try:
            report = issue.committee_report("2026Q3", output=tmp_path / f"{number}.pdf", with_annex=False)
            versions.append(report.version)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(versions) == [1, 2, 3]
    assert Entry.objects.filter(kind="reports.issued").count() == 3
    assert verify().ok


def test_a_year_is_reported_by_the_same_makers_without_an_annex(tmp_path):
    situations.district(5)
    target = tmp_path / "Y.pdf"
    status, said, _ = run("--period", "2026", "--output", str(target), "--json")
    assert (status, said["is_interim"], said["annex"]) == (0, True, [])
    pages = pdf_checks.text(target)
    assert "해가 끝나지 않아" in pages[0]
    # 2 holds were placed in July and August; no word of the figures speaks of a quarter.
    frozen = IssuedReport.objects.get()
    assert {
        figure["code"]: figure["value"] for part in frozen.figures["sections"] for figure in part["figures"]
    }["holds_placed"] == 2
    assert not [
        figure["label"]
        for part in frozen.figures["sections"]
        for figure in part["figures"]
        if "분기" in figure["label"]
    ]
    pdf_checks.assert_well_printed(target, tmp_path)
