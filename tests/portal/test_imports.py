"""Import of the standard dataset in the portal: rehearsal, errors, confirmation, rejected rows, no worker."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.longrun import RunState
from accounts.roles import Role
from cameras import import_runs, tasks
from cameras.models import Camera, ImportRun
from casework.refusals import Refused
from ledger.models import Entry
from portal import worker
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import as_csv, as_workbook, row, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def official(client):
    officer = OfficerFactory(role=Role.OFFICIAL)
    client.force_login(officer)
    return officer


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """What was handed to the worker; there is none in the tests."""
    handed: list[int] = []
    monkeypatch.setattr(tasks.run_import, "apply_async", lambda args: handed.extend(args))
    return handed


def upload(client, content: bytes, name: str = "cameras.csv"):
    return client.post(reverse("cameras:import_add"), {"file": SimpleUploadedFile(name, content)})


def rehearse(client, content: bytes, name: str = "cameras.csv") -> ImportRun:
    """Upload, then the work that the page offers to do here and now."""
    answer = upload(client, content, name)
    assert answer.status_code == 302, answer.context["form"].errors
    run = ImportRun.objects.order_by("-pk").first()
    client.post(reverse("cameras:import_run_here", args=[run.pk]))
    run.refresh_from_db()
    return run


def page(client, run: ImportRun, **query):
    return client.get(reverse("cameras:import", args=[run.pk]), query)


def confirm(client, run: ImportRun, **data) -> ImportRun | None:
    client.post(reverse("cameras:import_confirm", args=[run.pk]), data)
    made = ImportRun.objects.filter(is_dry_run=False).order_by("-pk").first()
    if made:
        client.post(reverse("cameras:import_run_here", args=[made.pk]))
        made.refresh_from_db()
    return made


def test_one_rehearsal_is_imported_once(client, official, tmp_path, sent):
    run = rehearse(client, as_csv(tmp_path / "a.csv", rows(2)).read_bytes())
    stale = ImportRun.objects.get(pk=run.pk)
    import_runs.confirm(run, skip_invalid=False, by=official)
    with pytest.raises(Refused, match="이미 가져오기를"):
        import_runs.confirm(stale, skip_invalid=False, by=official)
    client.post(reverse("cameras:import_confirm", args=[run.pk]))
    assert ImportRun.objects.filter(is_dry_run=False).count() == 1


def test_upload_hands_a_rehearsal_to_the_worker(
    client, official, tmp_path, sent, django_capture_on_commit_callbacks
):
    content = as_csv(tmp_path / "a.csv", rows(2)).read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, content)
    run = ImportRun.objects.get()
    assert (run.is_dry_run, run.state, run.requested_by) == (True, RunState.WAITING, official)
    assert sent == [run.pk]
    assert ".." not in run.file.name


def test_a_rehearsal_changes_nothing_and_the_confirmation_stores_it(client, official, tmp_path, sent):
    run = rehearse(client, as_csv(tmp_path / "a.csv", rows(3)).read_bytes())
    assert run.state == RunState.SUCCEEDED, run.error
    assert not Camera.objects.exists()
    shown = page(client, run)
    assert {name: number for _, number, name in shown.context["figures"]}["created"] == 3
    done = confirm(client, run)
    assert done.state == RunState.SUCCEEDED
    assert Camera.objects.count() == 6
    assert Camera.objects.first().history.first().history_user == official
    assert "대장에 저장했습니다" in page(client, done).content.decode()
    longer = [{**row, "보관일수": "15"} for row in rows(1)]
    changed = rehearse(client, as_csv(tmp_path / "b.csv", longer).read_bytes())
    shown = page(client, changed).content.decode()
    assert changed.step == "대장과 견줌"
    assert [(cell["old"], cell["new"]) for cell in changed.result["changes"]] == [("30", "15")], (
        changed.result
    )
    assert "아직 대장에 저장한 것은 없습니다" in shown
    again = rehearse(client, as_csv(tmp_path / "a.csv", rows(3)).read_bytes())
    assert "가져올 것이 없습니다" in page(client, again).content.decode()


def test_every_error_is_shown_and_wrong_rows_are_left_out_only_when_asked(client, official, tmp_path, sent):
    bad = row(관리번호="202631500000009999", 카메라대수="두 대", 보관일수="한 달")
    run = rehearse(client, as_csv(tmp_path / "a.csv", [*rows(2), bad]).read_bytes())
    shown = page(client, run)
    assert {error["row"] for error in run.result["errors"]} == {4}
    assert {"카메라대수", "보관일수"} <= {error["column"] for error in run.result["errors"]}
    assert "두 대" in shown.content.decode()
    assert confirm(client, run) is None
    assert not Camera.objects.exists()
    done = confirm(client, run, skip="yes")
    assert done.result["created"] == 2
    rejected = client.get(reverse("cameras:import_rejected", args=[run.pk]))
    content = b"".join(rejected.streaming_content).decode("utf-8-sig")
    assert "두 대" in content
    assert content.count("\r\n") == 2


def test_errors_come_in_pages_with_a_fixed_number_of_queries(
    client, official, tmp_path, sent, django_assert_max_num_queries
):
    wrong = [row(관리번호=f"2026315{n:011d}", 카메라대수="x") for n in range(250)]
    run = rehearse(client, as_csv(tmp_path / "a.csv", wrong).read_bytes())
    with django_assert_max_num_queries(25):
        shown = page(client, run, page=3)
    assert shown.context["links"].page.paginator.count == run.result["error_count"]
    assert shown.context["links"].page.number == 3
    assert "저장할 수 있는 행이 없습니다" in shown.content.decode()


def test_a_workbook_is_known_by_its_content(client, official, tmp_path, sent):
    content = as_workbook(tmp_path / "a.xlsx", rows(1)).read_bytes()
    run = rehearse(client, content, name="cameras.csv")
    assert run.state == RunState.SUCCEEDED, run.error
    assert run.result["created"] == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "빈 파일"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "옛 엑셀"),
        (b"\x89PNG\r\n", "그림"),
        (b"MZ\x90\x00", "실행 파일"),
        (b"\x7fELF", "실행 파일"),
        (b"\x1f\x8b\x08", "압축"),
        (b"abc\x00\x00\x01def", "글자로 된 파일이 아닙니다"),
    ],
)
def test_other_kinds_of_files_are_refused_with_their_name(client, official, sent, content, words):
    answer = upload(client, content)
    assert answer.status_code == 200
    assert words in " ".join(answer.context["form"].errors["file"])
    assert not ImportRun.objects.exists()


def test_a_file_too_big_is_refused(client, official, sent, settings):
    settings.MAX_UPLOAD_BYTES = 10
    assert "너무 큽니다" in upload(client, b"x" * 11).content.decode()


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 but no workbook", "이름,주소\r\n1,2\r\n".encode(), b"\xff\xff\xff\xfe"]
)
def test_an_unusable_file_ends_as_failed_with_words(client, official, sent, content):
    run = rehearse(client, content)
    assert run.state == RunState.FAILED
    assert run.error
    assert "Traceback" not in run.error
    assert run.error[:20] in page(client, run).content.decode().replace("&#x27;", "'").replace("&quot;", '"')
    assert page(client, run).context["can_import"] is False


def test_what_a_file_leaves_open_is_decided_in_the_preview(client, official, tmp_path, sent):
    table = [
        row(관리번호="1", 데이터기준일자="2024-04-30"),
        row(관리번호="2", 보관일수=""),
    ]
    run = rehearse(client, as_csv(tmp_path / "a.csv", table).read_bytes())
    shown = page(client, run).content.decode()
    assert "보관일수를 알 수 없는 행" in shown
    assert 'name="retention_if_unknown"' in shown
    url = reverse("cameras:import_confirm", args=[run.pk])
    assert (
        "숫자여야"
        in client.post(url, {"again": "1", "retention_if_unknown": "한달"}, follow=True).content.decode()
    )
    client.post(url, {"again": "1", "retention_if_unknown": "30"})
    filled = ImportRun.objects.order_by("-pk").first()
    client.post(reverse("cameras:import_run_here", args=[filled.pk]))
    filled.refresh_from_db()
    assert (filled.is_dry_run, filled.result["rejected"], filled.result["cameras"]) == (True, 0, 4)
    client.post(
        reverse("cameras:import_confirm", args=[filled.pk]),
        {"again": "1", "newest_only": "yes", "retention_if_unknown": "30"},
    )
    newest = ImportRun.objects.order_by("-pk").first()
    client.post(reverse("cameras:import_run_here", args=[newest.pk]))
    newest.refresh_from_db()
    assert "이 행들을 빼고" in page(client, newest).content.decode()
    done = confirm(client, newest)
    assert (done.newest_only, done.retention_if_unknown, done.result["created"]) == (True, 30, 1)
    assert list(Camera.objects.values_list("number", flat=True).order_by("number")) == ["2-1", "2-2"]


def test_a_waiting_import_says_whether_a_worker_is_there(client, official, tmp_path, sent):
    upload(client, as_csv(tmp_path / "a.csv", rows(1)).read_bytes())
    run = ImportRun.objects.get()
    assert not worker.is_alive()
    assert "저절로 시작하지 않고 있습니다" in page(client, run).content.decode()
    worker.leave_sign(timezone.now())
    assert worker.is_alive()
    assert "저절로 시작하지 않고 있습니다" not in page(client, run).content.decode()


def test_a_waiting_import_is_cancelled_at_once_and_stays_so(client, official, tmp_path, sent):
    upload(client, as_csv(tmp_path / "a.csv", rows(1)).read_bytes())
    run = ImportRun.objects.get()
    client.post(reverse("cameras:import_cancel", args=[run.pk]))
    client.post(reverse("cameras:import_run_here", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert json.loads(client.get(reverse("cameras:import_progress", args=[run.pk])).content)["is_finished"]
    assert confirm(client, run) is None


def test_only_an_official_may_import_and_an_auditor_may_look(client, tmp_path, sent):
    run = ImportRun.objects.create(file_name="a.csv", state=RunState.SUCCEEDED)
    client.force_login(OfficerFactory(role=Role.AUDITOR))
    assert page(client, run).status_code == 200
    assert client.get(reverse("cameras:imports")).status_code == 200
    assert client.post(reverse("cameras:import_confirm", args=[run.pk])).status_code == 403
    assert upload(client, b"a,b").status_code == 403


def test_reading_never_starts_anything(client, official, sent):
    run = ImportRun.objects.create(file_name="a.csv")
    for name in ("import_confirm", "import_cancel", "import_run_here"):
        client.get(reverse(f"cameras:{name}", args=[run.pk]))
    run.refresh_from_db()
    assert (run.state, run.cancel_requested, ImportRun.objects.count()) == (RunState.WAITING, False, 1)


def test_the_empty_form_is_read_when_it_is_filled(client, official, sent, tmp_path):
    page = client.get(reverse("cameras:import_add"))
    form = client.get(reverse("cameras:import_template"))
    names = tuple(form.content.decode("utf-8-sig").strip().split(","))
    assert names == tuple(column.name for column in page.context["columns"])
    assert all(f"<div>{name}" in page.content.decode() for name in names)
    filled = as_csv(tmp_path / "filled.csv", [{name: row()[name] for name in names}], columns=names)
    run = rehearse(client, filled.read_bytes())
    assert (run.result["created"], run.result["rejected"]) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_stored_is_not_called_failed_by_what_follows_it(client, official, tmp_path, sent):
    def locked(execute, sql, params, many, context):
        if sql.startswith(("PRAGMA optimize", "VACUUM")):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    run = rehearse(client, as_csv(tmp_path / "a.csv", rows(2)).read_bytes())
    with connection.execute_wrapper(locked):
        done = confirm(client, run)
    assert (done.state, Camera.objects.count()) == (RunState.SUCCEEDED, 4), done.error
    # And should a worker be lost right after the commit, the next one does not import once more.
    ImportRun.objects.filter(pk=done.pk).update(state=RunState.WAITING)
    entries = Entry.objects.count()
    tasks.run_import(done.pk)
    done.refresh_from_db()
    assert (done.state, done.result["created"], Entry.objects.count()) == (RunState.SUCCEEDED, 2, entries)
    # Or ended as failed: what it stored is shown with the way to take it back.
    ImportRun.objects.filter(pk=done.pk).update(state=RunState.FAILED, error="끊겼습니다.")
    shown = page(client, done).content.decode()
    assert "대장에 저장했습니다" in shown
    assert reverse("cameras:change_group", args=[import_runs.group_of(done)]) in shown


def test_an_import_that_stored_nothing_is_made_again_from_its_rehearsal(client, official, tmp_path, sent):
    run = rehearse(client, as_csv(tmp_path / "a.csv", rows(2)).read_bytes())
    failed = import_runs.confirm(run, skip_invalid=False, by=official)
    ImportRun.objects.filter(pk=failed.pk).update(state=RunState.FAILED, error="데이터베이스를 쓸 수 없어")
    assert reverse("cameras:import", args=[run.pk]) in page(client, failed).content.decode()
    assert page(client, run).context["can_import"]
    again = confirm(client, run)
    assert (again.state, again.pk != failed.pk, Camera.objects.count()) == (RunState.SUCCEEDED, True, 4)


def test_a_new_place_without_a_number_beside_a_standing_one_is_told_before_it_is_stored(
    client, official, tmp_path, sent
):
    confirm(client, rehearse(client, as_csv(tmp_path / "a.csv", rows(1)).read_bytes()))
    standing = Camera.objects.select_related("site").first().site.number
    other = [{**rows(1)[0], "관리번호": "", "설치연월": "201312"}]
    shown = page(client, rehearse(client, as_csv(tmp_path / "b.csv", other).read_bytes())).content.decode()
    assert "관리번호가 비어 있는 새 설치장소가 1곳" in shown
    assert f"이미 설치장소 {standing}" in shown


def test_taking_an_import_back_says_what_was_changed_back_and_what_was_removed(
    client, official, tmp_path, sent
):
    done = confirm(client, rehearse(client, as_csv(tmp_path / "a.csv", rows(1)).read_bytes()))
    group = import_runs.group_of(done)
    undo = reverse("cameras:change_undo", args=[group])
    listed = client.get(reverse("cameras:change_group", args=[group])).content.decode()
    assert "바뀐 항목이 없습니다" not in listed
    with CaptureQueriesContext(connection) as asked:
        assert "새로 등록된 카메라 2대" in client.get(undo).content.decode()
    counted = [one["sql"] for one in asked if "COUNT(" in one["sql"] and "'+'" in one["sql"]]
    assert len(counted) == 1, counted
    answer = client.post(undo, {"reason": "다른 파일"}, follow=True)
    text = answer.content.decode()
    assert "카메라 2대를 ‘철거’로 적었습니다" in text
    assert "변경 전의 값으로 되돌렸습니다" not in text
