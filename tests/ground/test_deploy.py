"""The folder deploy/: every command in the units exists and starts, every part of the examples fits the code."""

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings
from django.urls import URLResolver, get_resolver, reverse
from django.utils import translation

from tests.ground.processes import ROOT, free_port, manage, started, wait_for
from tests.ground.test_serve import HOST, ask, environment

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def setting_of(unit, name):
    return [line.partition("=")[2] for line in unit.read_text().splitlines() if line.startswith(f"{name}=")]


def here(command, **instance):
    """A command of a unit with this checkout in the place of /opt/cctv."""
    text = command.replace("/opt/cctv/.venv/bin/python", sys.executable).replace("/opt/cctv", str(ROOT))
    return shlex.split(text.replace("%i", instance.get("queue", "celery")).replace("%H", "localhost"))


def own(data_dir, port):
    chosen = environment(data_dir, port)
    chosen.pop("DATA_DIR")
    return chosen


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_understands_the_units(tmp_path):
    for unit in [*UNITS, *DEPLOY.glob("*.timer")]:
        text = (
            unit.read_text()
            .replace("/opt/cctv/.venv/bin/python", sys.executable)
            .replace("/opt/cctv", str(ROOT))
        )
        (tmp_path / unit.name.replace("@.", "@celery.")).write_text(text)
    files = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False
    )
    told = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "cctv-" in line]
    assert told == []


def test_units_agree_on_user_folder_and_environment():
    for unit in UNITS:
        assert setting_of(unit, "User") == ["cctv"]
        assert setting_of(unit, "EnvironmentFile") == ["/etc/cctv/cctv.env"]
        assert setting_of(unit, "WorkingDirectory") == ["/opt/cctv"]
        assert len(setting_of(unit, "ExecStart")) == 1


def test_every_queue_command_of_the_units_is_known():
    kinds = ("web", "worker@", "beat", "watchdog", "backup")
    assert {unit.name for unit in UNITS} == {f"cctv-{kind}.service" for kind in kinds}
    text = (ROOT / "docs" / "running.md").read_text()
    for path in DEPLOY.iterdir():
        assert path.name in text, f"{path.name} is not in docs/running.md"


def block_of(marker):
    """The lines of a block of docs/running.md that a reader types, between two comments of that name."""
    page = (ROOT / "docs" / "running.md").read_text()
    block = page.partition(f"<!-- {marker} 시작 -->")[2].partition(f"<!-- {marker} 끝 -->")[0]
    return block.replace("```", "").strip()


def test_what_the_document_tells_to_type_sets_an_installation_up(installation, tmp_path):
    """Read as it stands, by a shell, with the example's environment; only the account is the one of this run."""
    given = environment(
        installation, 8000, DATA_DIR=str(installation), BROKER_URL="redis://mq.example:6379/0"
    )
    file = tmp_path / "cctv.env"
    file.write_text("".join(f'{name}="{value}"\n' for name, value in given.items()))
    block = block_of("설치 시험").replace("/etc/cctv/cctv.env", str(file))
    block = block.replace("runuser -u cctv -- .venv/bin/python", sys.executable)
    done = subprocess.run(
        ["bash", "-euc", block],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "/own-password/" in done.stdout
    with closing(sqlite3.connect(installation / "db.sqlite3")) as database:
        assert database.execute(
            "SELECT count(*) FROM accounts_officer WHERE username = 'kim'"
        ).fetchone() == (1,)


@pytest.mark.skipif(os.geteuid() != 0, reason="runuser is root's")
def test_another_account_is_given_the_environment_that_was_read():
    """Which `sudo -E` does only where the office's sudoers lets it."""
    page = (ROOT / "docs" / "running.md").read_text()
    assert not re.search(r"^sudo ", page, re.MULTILINE)
    for block in re.findall(r"^```\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        if "runuser -u cctv" in block:
            assert block.index("/etc/cctv/cctv.env") < block.index("runuser -u cctv")
    command = "set -a; CCTV_TOLD='a b'; set +a; runuser -u nobody -- printenv CCTV_TOLD"
    assert subprocess.run(["bash", "-c", command], capture_output=True, text=True).stdout == "a b\n"


def test_the_document_copies_every_file_of_the_folder():
    page = (ROOT / "docs" / "running.md").read_text()
    copied = [
        DEPLOY / name
        for words in re.findall(r"^install -m 0644 (.+) \S+$", page, re.MULTILINE)
        for word in words.split()
        for name in [path.name for path in ROOT.glob(word)]
    ]
    run_where_they_are = {"watchdog.py", "cctv.env"}
    assert {path.name for path in copied} | run_where_they_are == {path.name for path in DEPLOY.iterdir()}


def test_the_backup_of_the_unit_is_a_command_of_ours():
    """Its folders are mounts that a new machine does not have: it says so and makes none."""
    command = here(*setting_of(DEPLOY / "cctv-backup.service", "ExecStart"))
    assert command[2:] == ["backup", "--to", "/backup/cctv", "--keys-to", "/backup-keys/cctv"]
    writable = setting_of(DEPLOY / "cctv-backup.service", "ReadWritePaths")[0].split()
    assert {command[4], command[6]} < set(writable)


def test_worker_and_scheduler_of_the_units_start_and_work(installation, tmp_path):
    chosen = own(installation, 8000)
    worker = here(*setting_of(DEPLOY / "cctv-worker@.service", "ExecStart"))
    beat = here(*setting_of(DEPLOY / "cctv-beat.service", "ExecStart"))
    alive = installation / "alive"
    with (
        started(*worker, data_dir=installation, log=tmp_path / "worker.log", **chosen) as working,
        started(*beat, data_dir=installation, log=tmp_path / "beat.log", **chosen) as beating,
    ):
        manage(
            installation, "shell", "-c", "from config.tasks import mark_alive; mark_alive.delay()", **chosen
        )
        wait_for(alive.exists, 60, "the worker's sign")
        wait_for((installation / "beat-schedule.json").exists, 60, "the scheduler's file")
        assert (working.poll(), beating.poll()) == (None, None)


def test_web_and_watchdog_of_the_units(installation, tmp_path):
    port = free_port()
    chosen = own(installation, port)
    web = here(*setting_of(DEPLOY / "cctv-web.service", "ExecStart"))
    watchdog = here(*setting_of(DEPLOY / "cctv-watchdog.service", "ExecStart"))

    def watch():
        log = tmp_path / "watchdog.log"
        with started(*watchdog, data_dir=installation, log=log, **chosen) as process:
            return process.wait(60), log.read_text()

    status, words = watch()
    assert (status, "답하지 않습니다" in words) == (2, True)
    with started(*web, data_dir=installation, log=tmp_path / "web.log", **chosen) as process:
        wait_for(lambda: is_up(port) or process.poll() is not None, 60, "the web process")
        with closing(sqlite3.connect(installation / "db.sqlite3", timeout=30)) as database:
            database.execute("INSERT OR REPLACE INTO portal_workersign VALUES (1, datetime('now'))")
            database.commit()
            assert watch() == (0, "")
            database.execute("DELETE FROM portal_workersign")
            database.commit()
        status, words = watch()
        assert (status, words.startswith("worker: ")) == (1, True)
        assert "cctv_check_ok" in ask(port, "/metrics")[2]
        # Through a front server that names its client, nothing is told.
        assert ask(port, "/metrics", X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="https")[0] == 403
        ask(port, "/portal/login/", X_Forwarded_Proto="https")
        lines = [
            json.loads(line) for line in (installation / "logs" / "access.jsonl").read_text().splitlines()
        ]
        assert lines[-1]["route"] == "portal/login/"


def is_up(port):
    try:
        return ask(port, "/healthz")[0] == 200
    except OSError:
        return False


def test_the_example_of_nginx_fits_the_application():
    text = (DEPLOY / "nginx.conf").read_text()
    assert text.count("{") == text.count("}")
    for header in ("Host $host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto https"):
        assert f"proxy_set_header {header};" in text
    for path in ("/metrics", "/readyz", "/media/"):
        assert re.search(rf"location (= )?{path} *{{ deny all; }}", text)
    # Addresses that are keys stand in no log.
    for path in ("/calendar/", "/own-password/"):
        assert re.search(rf"location {path} {{\s*access_log off;", text)
    portal = int(re.search(r"location /portal/ {\s*client_max_body_size (\d+)m", text)[1])
    assert portal * 1024 * 1024 >= settings.MAX_UPLOAD_BYTES
    assert not {"$request_uri", "$uri"} & set(re.search(r"log_format .*", text)[0].split())
    assert f"server_name {HOST};" in text


SECRETS = {
    "website_form_step": ["key-of-it", "contact"],
    "website_report_status": ["key-of-it"],
    "website_viewing_letter": ["key-of-it", "pdf"],
    "website_viewing_opened": ["key-of-it"],
    "website_viewing_act": ["key-of-it", "withdraw"],
    "website_visit_status": ["key-of-it"],
    "website_committee_link": ["key-of-it"],
    "calendar_feed": ["key-of-it"],
    "own_password": ["Mg", "key-of-it"],
}


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", SECRETS)
def test_an_address_that_is_a_key_stands_in_no_log_of_nginx(name, language):
    text = (DEPLOY / "nginx.conf").read_text()
    with translation.override(language):
        path = reverse(name, args=SECRETS[name])
    cut = re.search(r'"~\^\(\?<cctv_before>(.*)" "', text)[1]
    found = re.match(f"(?P<before>{cut}", path)
    assert found
    assert "key-of-it" not in found["before"]
    in_error_log = re.findall(r"location (?:~ )?(\S+) {[^}]*?error_log \S+ crit;", text)
    assert any(re.match(pattern if "^" in pattern else f"^{pattern}", path) for pattern in in_error_log)


def test_each_secret_address_is_known_to_the_example_of_nginx():
    """A new address that bears a key is asked about here."""
    named = {"secret", "token", "key"}
    found = {
        pattern.name
        for pattern in _patterns(get_resolver())
        if named & set(pattern.pattern.converters) and not pattern.name.startswith("wagtail")
    }
    assert found <= set(SECRETS)


def _patterns(resolver):
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each)
        elif each.name:
            yield each


@pytest.mark.skipif(
    not shutil.which("nginx") or os.geteuid() != 0, reason="nginx is not here, or not for this user"
)
def test_nginx_understands_the_example(tmp_path):
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    asked = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={HOST}"]
    subprocess.run([*asked, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    text = (DEPLOY / "nginx.conf").read_text().replace("/etc/cctv/tls", str(tmp_path))
    text = re.sub(r"listen (\[::\]:)?(80|443)\b", lambda _: f"listen 127.0.0.1:{free_port()}", text)
    text = text.replace("/var/log/nginx", str(tmp_path))
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log;\nevents {{}}\nhttp {{\n{text}\n}}\n"
    )
    done = subprocess.run(["nginx", "-t", "-c", whole], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_logrotate_names_the_files_that_are_written():
    from config import logs

    text = (DEPLOY / "logrotate.conf").read_text()
    assert "/srv/cctv/logs/*.jsonl" in text
    assert logs.settings_of(settings.LOG_DIR, as_json=True)["handlers"]["access"]["filename"].endswith(
        ".jsonl"
    )
    # Two years, by weeks.
    assert int(re.search(r"rotate (\d+)", text)[1]) >= 105


def test_database_and_broker_of_the_example_ask_for_tls_and_password():
    import dj_database_url
    from kombu import Connection

    from tests.ground.test_serve import documented

    chosen = documented()
    database = dj_database_url.parse(chosen["DATABASE_URL"])
    assert database["OPTIONS"]["sslmode"] == "verify-full"
    assert database["PASSWORD"]
    with closing(Connection(chosen["BROKER_URL"])) as broker:
        assert broker.transport_cls == "rediss"
        assert broker.password


def test_the_bill_of_materials_holds_what_is_installed(tmp_path):
    file = tmp_path / "sbom.json"
    for _ in range(2):
        subprocess.run([sys.executable, "scripts/sbom.py", str(file)], cwd=ROOT, check=True)
    bill = json.loads(file.read_text())
    names = {part["name"] for part in bill["components"]}
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert {"django", "wagtail", "pillow", "leaflet", "krds-uiux"} <= names
    assert not {"pytest", "matplotlib", "axe-core"} & names
    assert all(part["hashes"] and part["version"] for part in bill["components"])
    lists = "".join((ROOT / "requirements" / name).read_text() for name in ("base.txt", "models.txt"))
    pinned = re.findall(r"^[A-Za-z0-9._\[\]-]+==", lists, re.M)
    assert sum(part["purl"].startswith("pkg:pypi/") for part in bill["components"]) == len(pinned)
