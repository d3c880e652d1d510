"""The ledger on screen: pages of a long ledger, filters, words, heads, a check as a long run, the bundle."""

import ast
import json
import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from accounts.roles import Role
from ledger import append, seal
from ledger.append import Draft
from ledger.heads import as_data
from ledger.models import Entry
from portal import ledger_check, ledger_check_run, ledger_words
from portal.models import LedgerVerification
from portal.views.ledger import NewestFirst
from tests.accounts.factories import OfficerFactory
from tests.portal import content, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    officer = OfficerFactory(username="auditor", role=Role.AUDITOR)
    client.force_login(officer)
    return officer


@pytest.fixture
def told_auditor(auditor):
    """An account of which the ledger tells, as one that was made in the portal."""
    append.record(
        "officer.created",
        actor="system:test",
        subject=f"officer:{auditor.pk}",
        payload={"role": Role.AUDITOR.value},
    )
    return auditor


@pytest.fixture
def entries():
    drafts = [
        Draft("portal.exported", f"officer:{n % 3}", f"list:{n}", {"rows": n, "purpose": "inspection"})
        for n in range(1, 121)
    ]
    with transaction.atomic():
        return append.record_many(drafts)


def test_pages_are_ranges_newest_first(client, auditor, entries):
    first = client.get(reverse("ledger:entries")).content.decode()
    last = client.get(reverse("ledger:entries"), {"page": 3}).content.decode()
    assert "list:120" not in last
    assert "목록 120" in first
    assert "목록 1<" in last
    assert [each.sequence for each in NewestFirst()[0:3]] == [120, 119, 118]
    assert [each.sequence for each in NewestFirst()[118:140]] == [2, 1]


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999"])
def test_a_page_that_is_none_is_no_error(client, auditor, entries, page):
    assert client.get(reverse("ledger:entries"), {"page": page}).status_code == 200


def test_the_same_number_of_queries_for_any_page(client, auditor, entries, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(reverse("ledger:entries"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("ledger:entries"), {"page": 3})
    with transaction.atomic():
        append.record_many(Draft("portal.exported", "officer:1", "list:x", {}) for _ in range(500))
    with django_assert_num_queries(len(few)):
        client.get(reverse("ledger:entries"), {"page": 1})


def test_filters_stand_in_the_address(client, auditor, entries):
    url = reverse("ledger:entries")
    page = client.get(url, {"subject": "list:7"}).content.decode()
    assert "모두 1건" in page
    assert 'value="list:7"' in page
    assert "모두 40건" in client.get(url, {"actor": "officer:1"}).content.decode()
    assert "조건에 맞는 기록이 없습니다" in client.get(url, {"until_on": "2001-01-01"}).content.decode()
    for strange in ("0001-01-01", "9999-12-31"):
        for name in ("from_on", "until_on"):
            assert "년까지의 날짜" in client.get(url, {name: strange}).content.decode()
    wrong = client.get(url, {"from_on": "2026-02-02", "until_on": "2026-01-01"}).content.decode()
    assert "종료일은 시작일보다" in wrong


def test_an_entry_in_words_and_as_stored(client, auditor, entries):
    page = client.get(reverse("ledger:entry", args=[7])).content.decode()
    assert "행 수" in page
    assert "아직 봉인되지 않음" in page
    seal.seal()
    assert "봉인됨" in client.get(reverse("ledger:entry", args=[7])).content.decode()
    assert client.get(reverse("ledger:entry", args=[999])).status_code == 404


def test_names_are_looked_up_when_shown(auditor):
    assert ledger_words.actor_name(f"officer:{auditor.pk}") == str(auditor)
    assert ledger_words.actor_name("officer:999999") == "담당자 999999번"
    assert ledger_words.actor_name("system:sweep") == "시스템 파기 실행"
    assert ledger_words.actor_name("officer:없음") == "담당자 없음"


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")
def test_everything_that_the_office_does_is_told_in_korean(tmp_path):
    """Kinds, subjects and facts of every entry that a full district leaves behind."""
    content.fill(world.build(), tmp_path)
    untold = set()
    for entry in Entry.objects.all():
        told = ledger_words.readable(entry.payload)
        labels = [label for label, _ in told]
        columns = [column for label, value in told if label == "바뀐 항목" for column in value.split(", ")]
        about = ledger_words.kind_label(entry.kind), ledger_words.subject_label(entry.subject)
        words = [*about, *labels, *columns]
        untold |= {word for word in words if not re.search("[가-힣]", word)}
    assert untold <= {"SHA-256"}


def payload_keys(tree: ast.AST) -> Iterator[str]:
    """What a module writes under: `payload=…`, `payload |= …`, `payload[…] = …`, `seal(…)`, and the functions for it."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.keyword(arg="payload", value=written)
                | ast.AugAssign(target=ast.Attribute(attr="payload"), value=written)
            ):
                yield from literal_keys(written)
            case ast.Subscript(value=ast.Attribute(attr="payload"), slice=ast.Constant(value=str(key))):
                yield key
            case ast.Call(func=ast.Attribute(attr="seal"), args=[ast.Constant(value=str(name)), *_]):
                yield f"{name}_sha256"
            case ast.FunctionDef(name="_told" | "_facts") | ast.Call(func=ast.Name(id="_tell")):
                for part in ast.walk(node):
                    yield from literal_keys(part)


def literal_keys(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.BinOp):
        yield from (*literal_keys(node.left), *literal_keys(node.right))
    if isinstance(node, ast.Dict):
        yield from (
            key.value for key in node.keys if isinstance(key, ast.Constant) and type(key.value) is str
        )


def test_whatever_a_module_writes_in_the_ledger_has_a_korean_word(project_folder):
    """Also what no sample leaves behind. Screens read the ledger and write nothing of their own under such names."""
    untold = set()
    for app in (
        "accounts",
        "cameras",
        "casework",
        "committee",
        "footage",
        "ordinance",
        "records",
        "reports",
        "portal",
    ):
        for path in sorted((project_folder / app).rglob("*.py")):
            if "migrations" not in path.parts and "views" not in path.parts:
                keys = set(payload_keys(ast.parse(path.read_text("utf-8"))))
                labels = {key: ledger_words.label(key) for key in keys}
                untold |= {(path.name, key) for key in keys if not re.search("[가-힣]|SHA-256", labels[key])}
    assert not untold


def test_values_that_are_codes_are_told_by_their_names():
    told = dict(
        ledger_words.readable('{"event": "suspend", "from": "2026-11-20T06:39:24+00:00", "audio_off": 1}')
    )
    assert told == {"처리": "중지", "시작": "2026-11-20 15:39:24", "녹음기능 미사용 확인": "1"}


def test_entries_are_found_by_a_persons_name_and_by_a_number(client, auditor):
    with transaction.atomic():
        append.record("portal.exported", actor=f"officer:{auditor.pk}", subject="camera:G-7", payload={})
        append.record("portal.exported", actor="system:sweep", subject="hold:G-8", payload={})

    def found(**query):
        rows = client.get(reverse("ledger:entries"), query).context["rows"]
        return [row["entry"].subject for row in rows]

    for actor in (str(auditor), auditor.username, f"officer:{auditor.pk}"):
        assert found(actor=actor) == ["camera:G-7"]
    assert found(actor="시스템") == ["hold:G-8"]
    assert found(subject="G-8") == ["hold:G-8"]
    assert found(subject="camera:G-7") == ["camera:G-7"]
    assert found(actor="아무도 아님") == []


@pytest.mark.parametrize(
    "payload", ["", "not json", "[1, 2]", '"text"', "null", '{"a": {"b": [true, null]}}']
)
def test_any_payload_can_be_shown(payload):
    assert all(isinstance(value, str) for _, value in ledger_words.readable(payload))


def test_a_head_is_handed_out_as_the_file_that_the_command_takes(client, told_auditor, entries, tmp_path):
    from ledger import heads
    from ledger.verify import verify

    head = seal.seal()
    answer = client.get(reverse("ledger:head_file", args=[head.pk]))
    kept = tmp_path / "head.json"
    kept.write_bytes(answer.content)
    assert verify(heads.read(kept)).ok


def test_a_check_is_a_run_with_a_result(
    client, told_auditor, entries, django_capture_on_commit_callbacks, settings
):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    seal.seal()
    answer = client.post(reverse("ledger:verifications"))
    run = LedgerVerification.objects.get()
    assert answer.headers["Location"] == reverse("ledger:verification", args=[run.pk])
    assert run.requested_by == told_auditor

    ledger_check_run.carry_out(run)

    page = client.get(reverse("ledger:verification", args=[run.pk])).content.decode()
    assert "모든 기록이 봉인과 맞습니다" in page
    assert "121건" in page
    now = client.get(reverse("ledger:verification_progress", args=[run.pk])).json()
    assert now["is_finished"]
    assert now["state"] == "succeeded"


def test_a_kept_head_of_another_ledger_is_found_out(client, auditor, entries):
    data = as_data(seal.seal())
    data["root"] = "00" * 32
    head = SimpleUploadedFile("head.json", json.dumps(data).encode())
    client.post(reverse("ledger:verifications"), {"head": head})
    run = LedgerVerification.objects.get()
    ledger_check_run.carry_out(run)
    run.refresh_from_db()
    assert run.is_ok is False
    assert run.reason
    assert "맞지 않습니다" in client.get(reverse("ledger:verification", args=[run.pk])).content.decode()


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[" * 90_000, b"x" * 200_000])
def test_a_file_that_is_no_head_is_refused(client, auditor, content):
    given = {"head": SimpleUploadedFile("head.json", content)}
    answer = client.post(reverse("ledger:verifications"), given)
    assert answer.status_code == 200
    assert "입력한 내용을 확인해 주세요" in answer.content.decode()
    assert not LedgerVerification.objects.exists()


def test_a_persons_check_under_way_is_not_started_twice(auditor):
    assert ledger_check.request(auditor).pk == ledger_check.request(auditor).pk
    assert ledger_check.request(auditor, {"size": 1}).pk != ledger_check.request(auditor).pk


def test_nobody_shares_a_check_that_another_could_cancel(auditor):
    assert ledger_check.request(OfficerFactory()).pk != ledger_check.request(auditor).pk


def test_a_waiting_check_can_be_cancelled(client, auditor):
    run = ledger_check.request(auditor)
    client.post(reverse("ledger:verification_cancel", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == "cancelled"


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.CCTV_MANAGER, Role.SYSTEM_ADMINISTRATOR])
def test_nobody_else_cancels_the_auditors_check(client, auditor, role):
    """Whoever is checked must not be able to stop the check."""
    run = ledger_check.request(auditor)
    client.force_login(OfficerFactory(role=role))
    page = client.get(reverse("ledger:verification", args=[run.pk])).content.decode()
    answer = client.post(reverse("ledger:verification_cancel", args=[run.pk]), follow=True)
    run.refresh_from_db()
    assert (run.state, run.cancel_requested) == ("waiting", False)
    assert "작업 취소" not in page
    assert "다른 사람이 시작한 작업입니다" in answer.content.decode()


def test_taking_the_bundle_is_on_record(client, auditor, entries):
    seal.seal()
    assert "출력 목적" in client.get(reverse("ledger:bundle")).content.decode()
    client.post(reverse("ledger:bundle"))
    assert not Entry.objects.filter(subject="list:ledger_bundle").exists()
    answer = client.post(reverse("ledger:bundle"), {"purpose": "inspection", "format": "jsonl"})
    assert answer.getvalue()
    told = Entry.objects.get(subject="list:ledger_bundle")
    assert (told.actor, told.content["purpose"]) == (f"officer:{auditor.pk}", "inspection")
