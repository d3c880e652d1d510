"""Many people at once: citizens file viewing requests, officials list and edit cameras, while sweeps and assessments run.

Against the real web process (config.serve), worker and scheduler, on SQLite and on PostgreSQL. Every receipt that a
citizen was given must be a row of the database, every edit that an official was led on from must be in the history,
and nothing may answer with an error.

    python -m bench.load            50 citizens with 4 requests each, 10 officials, 3,265 cameras
    python -m bench.load --quick    6 citizens with 1 request, 2 officials
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from statistics import median, quantiles

from bench._postgresql import own_database
from bench._visitors import REDIRECTS, Answer, Visitor, fields_of
from bench.table import Row, record

HERE = Path(__file__).resolve().parents[1]
SEOUL = timezone(timedelta(hours=9))
RECEIPT = re.compile(r"V\d{6}-[0-9A-Z]{6}")
CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "config"]
PLANTED = 5_000
REASON = "부하 측정"
# The last page of a form: the answers to check.
CHECK, MOST_PAGES = "/check/", 15
KINDS = {
    "form": "청구 화면",
    "request": "청구 접수",
    "list": "카메라 목록",
    "search": "목록에서 찾기",
    "edit": "고치기 화면",
    "save": "고치기 저장",
}


@dataclass
class Tally:
    """What all people together met. `errors`: what was no answer of the kind that the step has."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)

    def note(self, kind: str, answer: Answer, *, is_right: bool) -> bool:
        self.seconds[kind].append(answer.seconds)
        if not is_right:
            self.errors.append(
                f"{kind}: {answer.status} {' '.join(re.sub('<[^>]+>', ' ', answer.text).split())[:300]}"
            )
        return is_right


@dataclass(frozen=True)
class Filed:
    """What came of one request: its pages, the answer to what was sent, the receipt on it ("" without one)."""

    pages: list[Answer]
    answer: Answer
    receipt: str


def request_path(site: str) -> str:
    return f"/viewing-request/at/{site}/"


def answers() -> dict[str, str | list[str]]:
    """To all pages of the form, for an hour of yesterday; each page takes its own."""
    now = datetime.now(SEOUL)
    return {
        "kinds": ["viewing"],
        "from_at": f"{now - timedelta(hours=26):%Y-%m-%d %H:%M}",
        "length": "60",
        "purpose": "가방을 잃어버렸습니다",
        "requester_role": "subject",
        "requester_name": "홍길동",
        "requester_phone": "010-1234-5678",
        "requester_birth_on": "1980-05-01",
        "requester_address": "화곡로 1",
        "answer_by": "web",
    }


def receipt_of(answer: Answer) -> str:
    found = RECEIPT.search(answer.text) if answer.status == 200 else None
    return found[0] if found else ""


def form_to_send(citizen: Visitor, site: str) -> list[Answer]:
    """Every page of a request up to the answers to check; the last one leads there where nothing was wrong."""
    met = [citizen.get(request_path(site))]
    path = request_path(site)
    while path and not path.endswith(CHECK) and len(met) < MOST_PAGES:
        met.append(citizen.post(path, answers()))
        path = met[-1].location
    return met


def send(citizen: Visitor, check: str) -> Answer:
    """The button of the last page, and the receipt to which it leads: one wait for whoever pressed it."""
    sent = citizen.post(check, {})
    if sent.status not in REDIRECTS:
        return sent
    receipt = citizen.get(sent.location)
    return replace(receipt, seconds=sent.seconds + receipt.seconds)


def file_request(citizen: Visitor, site: str) -> Filed:
    """One request at one place."""
    pages = form_to_send(citizen, site)
    answer = send(citizen, pages[-1].location)
    return Filed(pages, answer, receipt_of(answer))


def citizen(tally: Tally, port: int, number: int, sites: list[str], count: int) -> None:
    # Of another run nobody is known: floods are counted by address.
    visitor = Visitor(port, f"10.{os.getpid() % 200 + 3}.{number // 250}.{number % 250 + 1}")
    for turn in range(count):
        filed = file_request(visitor, sites[(number + turn * 7) % len(sites)])
        for page in filed.pages:
            tally.note("form", page, is_right=page.status == 200 or page.status in REDIRECTS)
        if tally.note("request", filed.answer, is_right=bool(filed.receipt)):
            tally.receipts.append(filed.receipt)


def logged_in(port: int, number: int, password: str) -> Visitor:
    """One after the other, before anybody begins: logins of one account at the same moment wait for each other
    (accounts.login_delays)."""
    visitor = Visitor(port, f"10.2.0.{number + 1}")
    answer = visitor.log_in("official", password)
    if answer.status not in REDIRECTS:
        raise SystemExit(f"login: {answer.status}")
    return visitor


def official(
    tally: Tally, visitor: Visitor, number: int, cameras: list[int], is_over: Callable[[], bool]
) -> None:
    """Lists, looks for, opens and edits, again and again; each edit with a reason of its own, each camera one person's."""
    turn = 0
    while not is_over():
        turn += 1
        camera = cameras[(turn * 10 + number) % len(cameras)]
        listed = visitor.get(f"/portal/cameras/?p={turn % 20 + 1}")
        tally.note("list", listed, is_right=listed.status == 200)
        found = visitor.get("/portal/cameras/?q=%ED%99%94%EA%B3%A1")
        tally.note("search", found, is_right=found.status == 200)
        page = visitor.get(f"/portal/cameras/{camera}/edit/")
        if not tally.note("edit", page, is_right=page.status == 200):
            continue
        reason = f"{REASON} {os.getpid()}-{number}-{turn}"
        given = fields_of(page.text, "reason") | {"reason": [reason], "filming_direction": [f"{turn}도 방향"]}
        saved = visitor.post(f"/portal/cameras/{camera}/edit/", given)
        if tally.note("save", saved, is_right=saved.status in REDIRECTS):
            tally.saved.append(reason)


@dataclass
class Office:
    """An installation with the sample district and its three processes."""

    data: Path
    port: int
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=HERE,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )

    def asked(self, code: str) -> str:
        """The last line that a piece of our own code prints."""
        done = self.manage("shell", "-v", "0", "-c", code)
        if done.returncode:
            raise SystemExit(done.stderr[-3000:])
        return done.stdout.strip().splitlines()[-1]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        worker = [*CELERY, "worker", "--concurrency=2", "--queues", "celery", "--loglevel=WARNING"]
        commands = {
            "web": [sys.executable, "-m", "config.serve"],
            "worker": [*worker, "--without-mingle", "--without-gossip"],
            "beat": [*CELERY, "beat", "--loglevel=WARNING", "--pidfile="],
        }
        try:
            for name, command in commands.items():
                log = (self.data / f"{name}.log").open("wb")
                self.processes[name] = subprocess.Popen(
                    command, cwd=HERE, env=self.environment, stdout=log, stderr=log, start_new_session=True
                )
            until = time.monotonic() + 120
            while Visitor(self.port).get("/healthz").status != 200 and time.monotonic() < until:
                time.sleep(0.2)
            yield
        finally:
            for process in self.processes.values():
                process.terminate()
            for process in self.processes.values():
                process.wait(60)

    def memory(self) -> dict[str, list[int]]:
        """MiB that each process and its children hold, children after their parent."""
        found = {}
        for name, process in self.processes.items():
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            found[name] = [_resident(pid) for pid in [str(process.pid), *children]]
        return found


def _resident(pid: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


def plant(office: Office, turn: int) -> None:
    """Files that are due, in the sample's own storage."""
    day = datetime.now(SEOUL) - timedelta(days=50 + turn % 300)
    folder = (
        office.data
        / "sample"
        / "recorder"
        / "recordings"
        / f"{day:%Y-%m-%d}"
        / f"{turn % 24:02d}"
        / office.environment["BENCH_CAMERA"]
    )
    folder.mkdir(parents=True, exist_ok=True)
    then = (day + timedelta(hours=1)).timestamp()
    for number in range(PLANTED):
        path = folder / f"{number // 60 % 60:02d}.{number % 60:02d}.mp4"
        path.touch()
        os.utime(path, (then, then))


def disturb(office: Office, tally: Tally, done: dict[str, int], is_over: Callable[[], bool]) -> None:
    """The commands that `done` counts, one after the other, as long as people are at it; before each round there are
    thousands of due files."""
    turn = 0
    while not is_over():
        turn += 1
        plant(office, turn)
        for command in done:
            ended = office.manage(command)
            done[command] += 1
            if ended.returncode:
                tally.errors.append(f"{command}: {ended.returncode} {ended.stderr[-300:]}")


def measure(
    name: str, folder: Path, database: str | None, *, citizens: int, each: int, officials: int
) -> list[Row]:
    office = opened(folder, database)
    known = json.loads(office.asked(WHAT_THERE_IS))
    office.environment["BENCH_CAMERA"] = known["recorded"]
    tally, done = Tally(), {"enforce_retention": 0, "assess": 0}
    over = threading.Event()
    with office.at_work():
        people = [
            threading.Thread(target=citizen, args=(tally, office.port, number, known["sites"], each))
            for number in range(citizens)
        ]
        others = [
            threading.Thread(
                target=official,
                args=(
                    tally,
                    logged_in(office.port, number, known["password"]),
                    number,
                    known["cameras"],
                    over.is_set,
                ),
            )
            for number in range(officials)
        ]
        others.append(threading.Thread(target=disturb, args=(office, tally, done, over.is_set)))
        began = time.monotonic()
        for person in [*others, *people]:
            person.start()
        for person in people:
            person.join()
        took = time.monotonic() - began
        over.set()
        for other in others:
            other.join()
        memory = office.memory()
    stored = json.loads(office.asked(WHAT_WAS_STORED))
    lost = set(tally.receipts) - set(stored["receipts"])
    unknown = set(stored["receipts"]) - set(known["receipts"]) - set(tally.receipts)
    unsaved = set(tally.saved) - set(stored["reasons"])
    logged = sum((office.data / f"{part}.log").read_text().count("Traceback") for part in office.processes)
    for line in tally.errors[:20]:
        print(f"{name}: {line}")
    print(f"{name}: {done}, {took:.0f} s, unknown {len(unknown)}, tracebacks {logged}, {memory}", flush=True)
    errors = len(tally.errors) + logged
    rows = [
        Row(
            f"{name}: 오류 (답, 명령, 기록의 추적)",
            f"{errors}건 (요청 {sum(map(len, tally.seconds.values())):,}개, {took:.0f}초, 파기 {done['enforce_retention']}번, 점검 {done['assess']}번)",
            target="0",
            is_met=errors == 0,
        ),
        Row(
            f"{name}: 잃은 것",
            f"접수증 {len(tally.receipts)}장 가운데 {len(lost)}, 접수증 없는 접수 {len(unknown)}, 고친 것 {len(tally.saved)}건 가운데 {len(unsaved)}",
            target="0",
            is_met=not lost and not unknown and not unsaved and bool(tally.receipts),
        ),
    ]
    for kind, label in KINDS.items():
        found = tally.seconds[kind]
        p95 = quantiles(found, n=20)[-1] if len(found) > 1 else sum(found)
        rows.append(
            Row(
                f"{name}: {label}",
                f"가운뎃값 {median(found or [0]):.2f}초, 95백분위 {p95:.2f}초 ({len(found):,}번)",
            )
        )
    for part, sizes in memory.items():
        rows.append(Row(f"{name}: 기억장치 {part}", " + ".join(f"{size} MiB" for size in sizes)))
    return rows


WHAT_THERE_IS = """
import json
from django.conf import settings
from cameras.models import Camera, Site
from records.models import ViewingRequest
shown = Camera.objects.filter(state="operating").order_by("pk")
print(json.dumps({
    "sites": list(Site.objects.filter(cameras__state="operating").distinct().order_by("pk").values_list("number", flat=True)[:50]),
    "cameras": list(shown.values_list("pk", flat=True)[:400]),
    "recorded": shown.values_list("recording_key", flat=True).first(),
    "receipts": list(ViewingRequest.objects.values_list("receipt_number", flat=True)),
    "password": settings.KEY_STORE.read("demo_password", bytes).decode(),
}))
"""
WHAT_WAS_STORED = f"""
import json
from cameras.models import Camera
from records.models import ViewingRequest
print(json.dumps({{
    "receipts": list(ViewingRequest.objects.values_list("receipt_number", flat=True)),
    "reasons": list(Camera.history.filter(history_change_reason__startswith="{REASON}").values_list("history_change_reason", flat=True)),
}}))
"""


def opened(folder: Path, database: str | None) -> Office:
    """An office in this folder: made with the sample district, unless it is there already."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "BROKER_URL")},
        "DATA_DIR": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PORT": str(port),
        "TRUSTED_PROXY": "127.0.0.1",
        "PUBLIC_URL": f"http://localhost:{port}",
    } | ({"DATABASE_URL": database} if database else {})
    office = Office(folder / "data", port, environment)
    for command in (["migrate", "-v", "0"], ["seed_district"], ["collectstatic", "--noinput", "-v", "0"]):
        if office.data.joinpath("sample").exists() and office.data.joinpath("static").exists():
            break
        done = office.manage(*command)
        if done.returncode:
            raise SystemExit(done.stderr[-3000:])
    return office


def ask_for_prepared(parser: argparse.ArgumentParser) -> None:
    prepared = parser.add_argument_group("이미 만든 표본 자치구로 (그 자료가 바뀝니다)")
    prepared.add_argument("--sqlite", metavar="폴더", help="DATA_DIR의 위 폴더")
    prepared.add_argument("--postgresql", nargs=2, metavar=("폴더", "주소"))


def chosen_offices(options: argparse.Namespace) -> Iterator[tuple[str, Path, str | None]]:
    """Those that were prepared, else our own."""
    is_prepared = options.sqlite or options.postgresql
    return prepared_offices(options) if is_prepared else offices()


def prepared_offices(options: argparse.Namespace) -> Iterator[tuple[str, Path, str | None]]:
    if options.sqlite:
        yield "SQLite", Path(options.sqlite), None
    if options.postgresql:
        yield "PostgreSQL", Path(options.postgresql[0]), options.postgresql[1]


def offices() -> Iterator[tuple[str, Path, str | None]]:
    """One after the other, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-load-") as folder:
        yield "SQLite", Path(folder), None
    with own_database("load") as database, tempfile.TemporaryDirectory(prefix="bench-load-") as folder:
        if database is not None:
            yield "PostgreSQL", Path(folder), database


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="작은 크기로")
    ask_for_prepared(parser)
    options = parser.parse_args()
    size = (
        {"citizens": 6, "each": 1, "officials": 2}
        if options.quick
        else {"citizens": 50, "each": 4, "officials": 10}
    )
    before = os.getloadavg()[0]
    rows = [
        row for name, folder, url in chosen_offices(options) for row in measure(name, folder, url, **size)
    ]
    note = (
        f"주민 {size['citizens']}명이 한 사람에 {size['each']}번 열람을 청구하고 담당자 {size['officials']}명이 목록을 보고 고치는 동안 "
        f"파기(번마다 {PLANTED:,}개)와 조례 점검을 잇달아 합니다. 웹 프로세스 1개(config.serve), 작업자 2, 표본 자치구. 재는 쪽도 같은 기계이고, "
        f"재기 전 이 기계의 부하 평균은 {before:.1f}이었습니다(1보다 크면 다른 일과 나누어 쓴 것). 기억장치는 잰 직후 프로세스와 그 하위 프로세스의 RSS."
    )
    if options.quick:
        print("\n".join(row.as_markdown() for row in rows))
    else:
        print(record("동시 사용", rows, note))
    return 0 if all(row.is_met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
