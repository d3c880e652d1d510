"""A hundred citizens file a viewing request at the same time while a sweep runs: how long each waits, and none is lost.

Each has filled in the form and reads the answers once more; then all press the button at once. The web process is the real one (config.serve), on SQLite and on
PostgreSQL; the sweep destroys thousands of due files one run after the other. Once more, the same hundred come spread over
a minute, as people do who read the same news: that says how long one waits who does not press in the same instant.

    python -m bench.filing            100 citizens
    python -m bench.filing --quick    8 citizens, 5 seconds
"""

import argparse
import json
import os
import sys
import threading
import time
from pathlib import Path
from statistics import median, quantiles

from bench._visitors import Visitor
from bench.load import (
    PLANTED,
    WHAT_THERE_IS,
    WHAT_WAS_STORED,
    Office,
    Tally,
    ask_for_prepared,
    chosen_offices,
    disturb,
    form_to_send,
    opened,
    receipt_of,
    send,
)
from bench.table import Row, record

# Seconds that 95 of 100 wait at the most.
TARGETS = {"PostgreSQL": 1.0, "SQLite": 3.0}
AT_ONCE, SPREAD = "모두 한순간에", "나누어"


class Crowd:
    """Citizens who have the form open. `over` seconds: within which they press the button, evenly; 0: all at once."""

    def __init__(self, port: int, sites: list[str], count: int, network: int) -> None:
        self.sites = sites
        # Floods are counted by address: each of them is known by one of his own.
        self.citizens = [Visitor(port, f"10.{network}.0.{number + 1}") for number in range(count)]
        # Where each of them checks the answers.
        self.checks: list[str] = []

    def open_forms(self) -> None:
        for number, citizen in enumerate(self.citizens):
            self.checks.append(form_to_send(citizen, self._site(number))[-1].location)

    def _site(self, number: int) -> str:
        return self.sites[number % len(self.sites)]

    def press(self, tally: Tally, over: float) -> float:
        ready = threading.Barrier(len(self.citizens))

        def one(number: int) -> None:
            ready.wait()
            time.sleep(over * number / len(self.citizens))
            answer = send(self.citizens[number], self.checks[number])
            receipt = receipt_of(answer)
            if tally.note("request", answer, is_right=bool(receipt)):
                tally.receipts.append(receipt)

        threads = [threading.Thread(target=one, args=(number,)) for number in range(len(self.citizens))]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - began


def measure(name: str, folder: Path, database: str | None, *, count: int, minute: float) -> list[Row]:
    office = opened(folder, database)
    known = json.loads(office.asked(WHAT_THERE_IS))
    office.environment["BENCH_CAMERA"] = known["recorded"]
    rows = []
    for network, (how, over) in enumerate(
        ((AT_ONCE, 0.0), (SPREAD, minute)), start=10 + os.getpid() % 100 * 2
    ):
        before = set(json.loads(office.asked(WHAT_WAS_STORED))["receipts"])
        tally, sweeps, took = _filed(office, known["sites"], count, network, over)
        stored = set(json.loads(office.asked(WHAT_WAS_STORED))["receipts"]) - before
        rows += _rows(name, how, over, tally, stored, sweeps, took)
    return rows


def _filed(
    office: Office, sites: list[str], count: int, network: int, over: float
) -> tuple[Tally, dict[str, int], float]:
    tally, sweeps, is_over = Tally(), {"enforce_retention": 0}, threading.Event()
    with office.at_work():
        crowd = Crowd(office.port, sites, count, network)
        crowd.open_forms()
        sweeping = threading.Thread(target=disturb, args=(office, tally, sweeps, is_over.is_set))
        sweeping.start()
        # The sweep is at it before anybody presses the button.
        time.sleep(3)
        took = crowd.press(tally, over)
        is_over.set()
        sweeping.join()
    return tally, sweeps, took


def _rows(
    name: str, how: str, over: float, tally: Tally, stored: set[str], sweeps: dict[str, int], took: float
) -> list[Row]:
    for line in tally.errors[:10]:
        print(f"{name}, {how}: {line}", flush=True)
    found = tally.seconds["request"]
    p95 = quantiles(found, n=20)[-1] if len(found) > 1 else sum(found)
    lost, unknown = set(tally.receipts) - stored, stored - set(tally.receipts)
    what = f"{name}: {len(found)}명이 {how}{f' ({over:.0f}초 동안)' if over else ''}"
    return [
        Row(
            f"{what}: 청구 접수",
            f"가운뎃값 {median(found or [0]):.2f}초, 95백분위 {p95:.2f}초, 가장 긴 것 {max(found, default=0):.2f}초",
            target=f"95백분위 {TARGETS[name]:.0f}초 미만",
            is_met=p95 < TARGETS[name],
        ),
        Row(
            f"{what}: 잃은 것과 오류",
            f"접수증 {len(tally.receipts)}장 가운데 {len(lost)}, 접수증 없는 접수 {len(unknown)}, 오류 {len(tally.errors)} ({took:.0f}초, 파기 {sweeps['enforce_retention']}번)",
            target="0",
            is_met=not lost and not unknown and not tally.errors and bool(tally.receipts),
        ),
    ]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="작은 크기로")
    ask_for_prepared(parser)
    options = parser.parse_args()
    size = {"count": 8, "minute": 5.0} if options.quick else {"count": 100, "minute": 60.0}
    before = os.getloadavg()[0]
    rows = [
        row for name, folder, url in chosen_offices(options) for row in measure(name, folder, url, **size)
    ]
    note = (
        f"주민 {size['count']}명이 저마다 연 양식을 보내는 동안 파기(번마다 {PLANTED:,}개)를 잇달아 합니다. 웹 프로세스 1개(config.serve), 작업자 2, 표본 자치구. "
        f"재는 쪽도 같은 기계이고, 재기 전 이 기계의 부하 평균은 {before:.1f}, 잰 뒤에는 {os.getloadavg()[0]:.1f}이었습니다(1보다 크면 다른 일과 나누어 쓴 것)."
    )
    if options.quick:
        print("\n".join(row.as_markdown() for row in rows))
    else:
        print(record("한꺼번에 들어오는 열람등 청구", rows, note))
    return 0 if all(row.is_met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
