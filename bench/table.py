"""Where benchmarks write what they measured: one section each in docs/performance.md.

    from bench.table import Row, record
    record("원장", [Row("기록 추가", ours="24,100건/s", baseline="단순 INSERT 61,000건/s", ratio=0.40, target="20,000건/s 이상", is_met=True)])

A section is rewritten as a whole, with the machine and the day, so that the page never mixes two runs of
the same benchmark. `ratio` is our time (or figure) divided by the baseline's, measured in the same run.
"""

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
HEADING = """# 성능

`make bench`가 잰 값입니다. 비율은 같은 실행에서 잰 기준 대비 우리 값입니다. 부분마다 잰 기계와 날을 적습니다.
"""
COLUMNS = "| 항목 | 우리 | 기준 | 비율 | 목표 | 판정 |\n| --- | --- | --- | --- | --- | --- |"


@dataclass(frozen=True)
class Row:
    """One line of the table. Figures come with their units, as a person reads them."""

    item: str
    ours: str
    baseline: str = "-"
    ratio: float | None = None
    target: str = "-"
    is_met: bool | None = None

    def as_markdown(self) -> str:
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        verdict = {True: "달성", False: "**미달**", None: "-"}[self.is_met]
        cells = [self.item, self.ours, self.baseline, ratio, self.target, verdict]
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def machine() -> str:
    """What the figures depend on, in one line."""
    model = "?"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text())
        model = found[1] if found else platform.machine()
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    on = datetime.now(ZoneInfo("Asia/Seoul")).date()
    cores = len(os.sched_getaffinity(0))
    return f"{on}, {model}, 코어 {cores}개, 기억장치 {gib:.0f} GiB, Python {platform.python_version()}"


def record(section: str, rows: Sequence[Row], note: str = "", page: Path = PAGE) -> str:
    """Rewrite `section` of the page with these rows, and return what was written."""
    body = "\n".join([COLUMNS, *(row.as_markdown() for row in rows)])
    text = f"## {section}\n\n{machine()}\n\n{body}\n"
    if note:
        text += f"\n{note.strip()}\n"
    page.parent.mkdir(parents=True, exist_ok=True)
    before = page.read_text(encoding="utf-8") if page.exists() else HEADING
    sections = re.split(r"(?m)^(?=## )", before)
    kept = [part.rstrip() + "\n" for part in sections]
    place = next((i for i, part in enumerate(kept) if part.startswith(f"## {section}\n")), None)
    if place is None:
        kept.append(text)
    else:
        kept[place] = text
    page.write_text("\n".join(kept), encoding="utf-8")
    return text
