"""Access and security logs: JSON lines that say what happened and hold nothing about a person."""

import json
import logging

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document

from accounts.roles import Role
from config import logs
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.77"


@pytest.fixture
def lines(tmp_path):
    """What the two files get; by handlers of the same kind as those of the settings."""
    chosen = logs.settings_of(tmp_path, as_json=True)
    added = []
    for name, file in [
        ("access", "access.jsonl"),
        ("security", "security.jsonl"),
        ("django.security", "security.jsonl"),
    ]:
        handler = logging.handlers.WatchedFileHandler(chosen["handlers"][file.split(".")[0]]["filename"])
        handler.setFormatter(logs.JsonLines())
        handler.addFilter(logs.SecurityEvent())
        logging.getLogger(name).addHandler(handler)
        added.append((name, handler))

    def read(file):
        path = tmp_path / f"{file}.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    yield read
    for name, handler in added:
        logging.getLogger(name).removeHandler(handler)
        handler.close()


def events(lines):
    return [line["event"] for line in lines("security")]


def test_a_request_is_a_line_without_what_was_asked_for(client, lines):
    client.get("/search/", {"q": "홍길동 010-1234-5678"}, REMOTE_ADDR=ADDRESS)
    (line,) = lines("access")
    assert (line["route"], line["method"], line["status"], line["officer"]) == ("search/", "GET", 200, None)
    assert line["ms"] >= 0
    for part in ("홍길동", "1234", ADDRESS):
        assert part not in json.dumps(line, ensure_ascii=False)


def test_a_secret_address_is_not_written_down(client, lines):
    client.get("/calendar/of-somebody-secret.ics")
    assert "of-somebody-secret" not in json.dumps(lines("access"))


@pytest.mark.parametrize("path", ["/calendar/of-somebody-secret.ics", "/form/of-somebody-secret/x/"])
def test_standard_error_names_no_path(client, caplog, path):
    caplog.handler.addFilter(logs.WithoutPath())
    client.get(path)
    (record,) = [record for record in caplog.records if record.name == "django.request"]
    assert "of-somebody-secret" not in logs.JsonLines().format(record)
    assert "404" in record.getMessage()


def test_login_failure_refusal_and_logout(client, lines):
    officer = OfficerFactory(username="kim", role=Role.MONITORING_AGENT)
    url = reverse("wagtailadmin_login")
    client.post(url, {"username": "kim", "password": "typed-in-the-wrong-field"}, REMOTE_ADDR=ADDRESS)
    client.force_login(officer)
    client.get("/portal/reports/site-history/")
    client.post(reverse("wagtailadmin_logout"))
    found = events(lines)
    assert found[0] == "login_failed"
    assert {"login", "logout"} <= set(found)
    text = json.dumps(lines("security"), ensure_ascii=False)
    for part in ("kim", "typed-in", ADDRESS):
        assert part not in text
    logins = [line for line in lines("security") if line["event"] == "login"]
    assert [line["officer"] for line in logins] == [officer.pk]


def test_a_form_that_came_from_elsewhere(lines):
    Client(enforce_csrf_checks=True).post(reverse("wagtailadmin_login"), {"username": "a"})
    assert {"csrf", "refused"} <= set(events(lines))


def test_a_download_is_told(client, lines):
    """Also one that anybody may make; who asks for a public file is not looked up for the log."""
    paper = Document(title="안내")
    paper.file.save("notice.txt", ContentFile(b"x"))
    answer = client.get(paper.url)
    assert b"".join(answer.streaming_content) == b"x"
    told = [line for line in lines("security") if line["event"] == "download"]
    assert [(line["status"], line["officer"]) for line in told] == [(200, None)]
    assert "notice" not in json.dumps(told)


def test_a_flood_is_told_without_the_address(client, lines, monkeypatch):
    from django.test import RequestFactory

    from website import floods

    request = RequestFactory().post("/", REMOTE_ADDR=ADDRESS)
    floods.mark(request, "x")
    limit = (floods.Limit(1, floods.KEPT),)
    assert floods.refusal(request, "x", limit)
    (line,) = lines("security")
    assert (line["event"], line["form"]) == ("flood", "x")
    assert ADDRESS not in json.dumps(line)


def test_one_sender_is_told_from_another_but_not_found(client, lines):
    for address in (ADDRESS, ADDRESS, "198.51.100.1"):
        client.get("/search/", REMOTE_ADDR=address)
    first, second, other = (line["source"] for line in lines("access"))
    assert first == second != other


def test_a_traceback_is_one_line():
    try:
        raise ValueError("넷\n줄")
    except ValueError:
        import sys

        record = logging.LogRecord("x", logging.ERROR, "", 0, "일 %s", ("하나",), sys.exc_info())
    text = logs.JsonLines().format(record)
    assert "\n" not in text
    assert json.loads(text)["event"] == "일 하나"
