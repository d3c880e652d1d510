"""`make test`: every check, then every test on every service that this machine can reach.

    scripts/run_tests.py                 all of it
    scripts/run_tests.py --checks-only   ruff, import-linter, mypy, missing migrations, tests that cannot be loaded

The suite runs on SQLite, and on PostgreSQL, where one answers, as much of it again as sends every kind of statement that
the first run sent (tests/second_run.py; without the browser and what is marked `once`). The round
trip through a real worker runs on the filesystem broker always, and on Redis and RabbitMQ where they answer. The closing
lines say what was tested for real and what was not there; the last line counts. The exit status is 0 only when
everything that ran has passed.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
# Where facts and rules are; screens are tested in the browser.
MYPY_TARGETS = "config accounts ledger ordinance casework cameras footage records committee reports".split()  # noqa: SIM905
# One more than cores: tests of the browser, of processes and of printing wait for others.
PROCESSES = (os.cpu_count() or 2) + 1
BROKER_TESTS = "test_brokers"
# The longest first; the last one also compiles the tests for those who run them.
CHECKS = {
    "mypy": [BIN / "mypy", *MYPY_TARGETS],
    "ruff": [BIN / "ruff", "check", "."],
    "ruff format": [BIN / "ruff", "format", "--check", "."],
    "import-linter": [BIN / "lint-imports"],
    "makemigrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "collection": [sys.executable, "-m", "pytest", "--collect-only", "-qq", "--no-header"],
}


@dataclass
class Tally:
    """What all runs together have done."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    broken: list[str] = field(default_factory=list)
    brokers: dict[str, bool] = field(default_factory=dict)

    def add_report(self, report: Path, name: str, status: int) -> None:
        """Count one pytest run; a run that left no report, or ended badly without a failed test, is broken."""
        root = ElementTree.parse(report).getroot() if report.exists() else ElementTree.Element("none")
        suites = list(root.iter("testsuite"))
        failed = sum(int(suite.get("failures", 0)) + int(suite.get("errors", 0)) for suite in suites)
        skipped = sum(int(suite.get("skipped", 0)) for suite in suites)
        total = sum(int(suite.get("tests", 0)) for suite in suites)
        self.failed += failed
        self.skipped += skipped
        self.passed += max(total - failed - skipped, 0)
        for case in root.iter("testcase"):
            if case.get("classname", "").endswith(BROKER_TESTS):
                self._note_broker(case)
        if status and not failed:
            self.broken.append(f"{name} (상태 {status})")

    def _note_broker(self, case: ElementTree.Element) -> None:
        """Which broker a round trip went over, from the test's own name: `test_…[redis]`."""
        broker = case.get("name", "").rpartition("[")[2].rstrip("]")
        outcomes = {child.tag for child in case}
        if "skipped" not in outcomes:
            is_failed = bool(outcomes & {"failure", "error"})
            self.brokers[broker] = self.brokers.get(broker, True) and not is_failed

    def broker_line(self, broker: str, variable: str) -> str:
        if broker not in self.brokers:
            return f"연결되지 않아 시험하지 않음 ({variable})"
        return "시험함" if self.brokers[broker] else "시험했으나 실패"


def say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


# ---------------------------------------------------------------- services


def answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


def reachable_postgresql() -> str | None:
    """The first address at which a database can be made; named by the environment, or the usual ones."""
    named = [os.environ.get("TEST_POSTGRES_URL"), os.environ.get("DATABASE_URL")]
    user = os.environ.get("USER") or "root"
    usual = [
        f"postgres://{name}@127.0.0.1:5432/postgres" for name in dict.fromkeys((user, "root", "postgres"))
    ]
    usual.append("postgres://postgres:postgres@127.0.0.1:5432/postgres")
    candidates = [url for url in named if url and url.startswith("postgres")] or usual
    for url in candidates:
        parts = urlsplit(url)
        if answers(parts.hostname or "127.0.0.1", parts.port or 5432) and can_make_databases(url):
            return url
    return None


def can_make_databases(url: str) -> bool:
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            )
            found = row.fetchone()
            return bool(found and found[0])
    except psycopg.Error:
        return False


def reachable_broker(variable: str, usual: str) -> str | None:
    url = os.environ.get(variable) or usual
    parts = urlsplit(url)
    default_port = 6379 if parts.scheme.startswith("redis") else 5672
    return url if answers(parts.hostname or "127.0.0.1", parts.port or default_port) else None


# ---------------------------------------------------------------- runs


def run_checks(tally: Tally) -> None:
    """All side by side, as many at once as there are cores, and told as they end."""
    with ThreadPoolExecutor(os.cpu_count() or 2) as hands:
        begun = {hands.submit(_check, command): name for name, command in CHECKS.items()}
        for ended in as_completed(begun):
            status, words, seconds = ended.result()
            if status:
                say(words.rstrip())
                tally.broken.append(begun[ended])
            say(f"-- {begun[ended]}: {'실패' if status else '이상 없음'} ({seconds:.0f}초)")


def _check(command: list[str | Path]) -> tuple[int, str, float]:
    environment = own_environment() | {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    started = time.monotonic()
    done = subprocess.run(
        list(map(str, command)),
        cwd=ROOT,
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout, time.monotonic() - started


def own_environment() -> dict[str, str]:
    """Ours, but Python keeps what it has compiled: some dozens of processes load the same thousand files."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def run_pytest(name: str, options: list[str], tally: Tally, **environment: str) -> None:
    say(f"\n== {name}")
    with tempfile.TemporaryDirectory(prefix="cctv-tests-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", f"--junitxml={report}", "-q", "--durations=5", *options]
        variables = {key: value for key, value in own_environment().items() if key != "DATABASE_URL"}
        variables |= {"DATA_DIR": str(Path(folder) / "data"), "PYTHONUNBUFFERED": "1", **environment}
        Path(variables["DATA_DIR"]).mkdir()
        started = time.monotonic()
        status = subprocess.run(
            command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, check=False
        ).returncode
        tally.add_report(report, name, status)
    say(f"-- {name}: {time.monotonic() - started:.0f}초")


def run_again(postgresql: str, parallel: list[str], tally: Tally, statements: str) -> None:
    """The second run: what the first has sent to its database (tests/second_run.py chooses)."""
    # What does not depend on the database: the browser, and processes that bring their own.
    elsewhere = ["tests/browser", "tests/ground/test_run.py", "tests/ground/test_brokers.py"]
    chosen = ["-m", "not soak and not browser and not once", *(f"--ignore={path}" for path in elsewhere)]
    run_pytest(
        "PostgreSQL",
        [*parallel, *chosen],
        tally,
        DATABASE_URL=postgresql,
        TEST_RUN_ID=f"_{os.getpid()}",
        TEST_ONLY_THE_DATABASE="1",
        TEST_STATEMENTS=statements,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="모든 검사와 시험")
    parser.add_argument("--checks-only", action="store_true")
    options = parser.parse_args()
    tally = Tally()
    run_checks(tally)
    if options.checks_only:
        return 1 if tally.broken else 0

    postgresql = reachable_postgresql()
    redis = reachable_broker("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
    rabbitmq = reachable_broker("TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
    brokers = {
        key: url for key, url in {"TEST_REDIS_URL": redis, "TEST_RABBITMQ_URL": rabbitmq}.items() if url
    }
    parallel = ["-n", str(PROCESSES), "--dist", "worksteal"]
    with tempfile.TemporaryDirectory(prefix="cctv-statements-") as statements:
        run_pytest("SQLite", parallel, tally, TEST_STATEMENTS=statements, **brokers)
        if postgresql:
            run_again(postgresql, parallel, tally, statements)

    say("\n== 실제 서비스로 시험한 것")
    say("   SQLite: 시험함")
    say(f"   PostgreSQL: {'시험함' if postgresql else '연결되지 않아 시험하지 않음 (TEST_POSTGRES_URL)'}")
    say(f"   Celery 파일시스템 전송: {tally.broker_line('filesystem', 'tests/ground')}")
    say(f"   Redis: {tally.broker_line('redis', 'TEST_REDIS_URL')}")
    say(f"   RabbitMQ: {tally.broker_line('rabbitmq', 'TEST_RABBITMQ_URL')}")
    if tally.broken:
        say(f"   통과하지 못한 검사: {', '.join(tally.broken)}")
    failed = tally.failed + len(tally.broken)
    skipped = f", {tally.skipped} skipped" if tally.skipped else ""
    say(f"{tally.passed} passed, {failed} failed{skipped}")
    return 1 if failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main())
