"""Production as the documents say, behind a server that writes headers: started, asked, and seen from inside."""

import http.client
import re
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.utils.crypto import salted_hmac

from tests.ground.front_server import SEEN_ADDRESS, front_server
from tests.ground.processes import ROOT, free_port, manage, started, wait_for

HOST = "cctv.gangseo.example"
SECRET = "a-long-and-random-key-of-a-test-0123456789-abcdefghijklmnopqrstuvwxyz"
SITE = "202631500000000001"
DATASET = (
    "관리번호,관리기관명,소재지도로명주소,소재지지번주소,설치목적구분,카메라대수,카메라화소수,촬영방면정보,보관일수,"
    "설치연월,관리기관전화번호,WGS84위도,WGS84경도,데이터기준일자\n"
    f"{SITE},서울특별시 강서구청,화곡로 1,,생활방범,1,200,,30,2020-01,02-2600-6114,37.55,126.85,2026-01-01\n"
)


def documented():
    """The environment of `deploy/cctv.env`, which the documents tell to copy."""
    lines = (ROOT / "deploy" / "cctv.env").read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value.strip('"') for name, value in pairs}


def environment(data_dir, port, **more):
    """As documented, but for what each office has of its own: keys, database, broker, port."""
    own = {"SECRET_KEY": SECRET, "DATABASE_URL": f"sqlite:///{data_dir / 'db.sqlite3'}"}
    return documented() | own | {"BROKER_URL": "", "EMAIL_URL": "", "PORT": str(port)} | more


def start(data_dir, log, port, **more):
    settings = environment(data_dir, port, **more)
    settings.pop("DATA_DIR")
    return started("make", "serve", data_dir=data_dir, log=log, **settings)


@pytest.fixture(scope="module")
def served(installation, tmp_path_factory):
    """Ports of the proxy and of waitress behind it."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "sites.csv").write_text(DATASET)
    manage(installation, "import_cameras", folder / "sites.csv")
    port, log = free_port(), folder / "serve.log"
    with start(installation, log, port) as process, front_server(port, HOST) as front:
        wait_for(lambda: process.poll() is not None or answers(port), 60, "waitress")
        assert process.poll() is None, log.read_text()
        yield front, port


def answers(port):
    try:
        ask(port, "/portal/login/")
    except OSError:
        return False
    return True


def ask(port, path, *, method="GET", form=None, source=None, **headers):
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=60, source_address=source and (source, 0)
    )
    named = {"Host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    if form is not None:
        method = "POST"
        named |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{HOST}/"}
    with closing(connection):
        connection.request(method, path, form and urlencode(form), named)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode("utf-8", "replace")


def send_form(port, path, fields, seen):
    """Open the page, and send its form as the browser of somebody at the address `seen` would."""
    _, headers, page = ask(port, path)
    cookie = headers["Set-Cookie"].split(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    fields = {"csrfmiddlewaretoken": token, **fields}
    return ask(port, path, form=fields, Cookie=cookie, **{SEEN_ADDRESS: seen})


def rows(data_dir, query):
    with closing(sqlite3.connect(f"file:{data_dir / 'db.sqlite3'}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def test_a_page_comes_by_tls_with_hsts_and_secure_cookies(served):
    front, _ = served
    status, headers, page = ask(front, "/portal/login/")
    assert (status, "비밀번호" in page) == (200, True)
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookies = headers.get_all("Set-Cookie")
    assert cookies
    assert all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in cookies)
    assert headers["Server"] is None
    style = next(part for part in page.split('"') if part.startswith("/static/") and ".css" in part)
    assert ask(front, style)[0] == 200


def test_nobody_else_may_say_that_a_request_is_secure(served):
    _, port = served
    forged = {"X_Forwarded_Proto": "https", "X_Forwarded_For": "203.0.113.7"}
    status, headers, _ = ask(port, "/portal/login/", source="127.0.0.2", **forged)
    assert (status, headers["Location"]) == (301, f"https://{HOST}/portal/login/")


@pytest.mark.parametrize("seen", ["203.0.113.7", "2001:db8:1:2::7"])
def test_floods_count_the_clients_own_address(served, installation, seen):
    front, _ = served
    fields = {"problem": "missing", "text": ""}
    status, _, page = ask(front, f"/report-sign/{SITE}/", form=fields, **{SEEN_ADDRESS: seen})
    assert status == 302, page
    household = {"203.0.113.7": seen, "2001:db8:1:2::7": "2001:db8:1:2::/64"}[seen]
    expected = salted_hmac("website.floods", household, secret=SECRET, algorithm="sha256").hexdigest()
    assert (expected,) in rows(installation, "SELECT source FROM website_floodmark")


def test_failed_logins_are_counted_for_the_clients_own_address(served, installation):
    front, _ = served
    fields = {"username": "nobody", "password": "wrong", "next": "/portal/"}
    send_form(front, "/portal/login/", fields, "203.0.113.8")
    code = "from accounts.encryption import keyed_digest; print(keyed_digest('login-address', '203.0.113.8'))"
    settings = environment(installation, 8000)
    settings.pop("DATA_DIR")
    digest = manage(installation, "shell", "-v", "0", "-c", code, **settings).stdout.strip()
    keys = [key for (key,) in rows(installation, "SELECT key FROM accounts_logindelay")]
    assert f"address:{digest}" in keys


def test_what_is_too_big_is_refused_before_it_is_read(served):
    _, port = served
    for path, headers in [
        ("/report-sign/1/", {"Content_Length": str(100 * 1024 * 1024)}),
        ("/", {"X_Long": "x" * 70_000}),
    ]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with closing(connection):
            connection.putrequest("POST", path)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            began = time.monotonic()
            assert connection.getresponse().status in {413, 431}
            assert time.monotonic() - began < 5


def refused(tmp_path, **more):
    """The words with which it does not start."""
    log = tmp_path / "serve.log"
    with started(
        sys.executable, "-m", "config.serve", data_dir=tmp_path / "data", log=log, **more
    ) as process:
        assert process.wait(60) == 2
    assert "Traceback" not in log.read_text()
    return log.read_text()


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"TRUSTED_PROXY": ""}, "TRUSTED_PROXY가 없습니다"),
        ({"TRUSTED_PROXY": "*"}, "IP 주소 하나여야"),
        ({"TRUSTED_PROXY_COUNT": "0"}, "1에서 9 사이"),
        ({"PORT": "99999"}, "PORT는"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "change-me"}, "still that of the example"),
    ],
)
def test_what_is_missing_or_wrong_stops_the_start_by_name(tmp_path, changed, word):
    settings = environment(tmp_path, free_port(), **changed)
    settings.pop("DATA_DIR")
    assert word in refused(tmp_path, **settings)


def test_a_forgotten_settings_module_is_production(tmp_path):
    assert "SECRET_KEY must be set in production" in refused(tmp_path, PORT=str(free_port()))


def test_trial_settings_on_an_open_address_are_said_loudly(tmp_path):
    log, port = tmp_path / "serve.log", free_port()
    more = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "PORT": str(port)}
    with started(
        sys.executable, "-m", "config.serve", data_dir=tmp_path / "d", log=log, HOST="0.0.0.0", **more
    ) as process:
        wait_for(lambda: "경고" in log.read_text() or process.poll() is not None, 60, "the warning")
    assert "시범 계정" in log.read_text()


def test_a_worker_without_settings_does_not_start(tmp_path):
    log = tmp_path / "beat.log"
    command = (sys.executable, "-m", "celery", "-A", "config", "beat", "--pidfile=")
    with started(*command, data_dir=tmp_path / "d", log=log) as process:
        assert process.wait(60) != 0
    assert "DJANGO_SETTINGS_MODULE" in log.read_text()


def test_no_sample_district_under_production_settings(tmp_path):
    settings = environment(tmp_path, 8000)
    settings.pop("DATA_DIR")
    result = manage(tmp_path, "seed_district", "--if-empty", "--force", check=False, **settings)
    assert (result.returncode, "운영 설정" in result.stderr) == (2, True)
    assert not Path(tmp_path / "keys" / "demo_password").exists()


@pytest.mark.django_db
def test_the_samples_password_opens_nothing_in_production(settings, tmp_path):
    from django.contrib.auth import authenticate

    from accounts.models import Institution
    from portal.sample import people

    settings.KEY_STORE = type(settings.KEY_STORE)(tmp_path / "keys")
    settings.DATA_DIR = tmp_path
    people.open_accounts(people.found_office())
    assert Institution.objects.exists()
    password = (tmp_path / "keys" / people.PASSWORD_KEY).read_text()
    assert len(password) >= 20
    assert authenticate(None, username="admin", password=password) is not None
    settings.AUTHENTICATION_BACKENDS = [
        "portal.sample.refusal.SamplePasswordRefused",
        *settings.AUTHENTICATION_BACKENDS,
    ]
    assert authenticate(None, username="admin", password=password) is None
