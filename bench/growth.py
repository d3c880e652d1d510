"""How large a district of 3,265 cameras grows in five years: bytes of real rows and files, times the yearly rates.

Bytes are those of an office's own rows, with their indexes, as SQLite stores them (`dbstat`); rates and rules are in
config/growth.py. Writes the table of docs/running.md. Tables of which the office has no row yet are said to be not measured.

    python -m bench.growth --office FOLDER     an installation that has worked a while (bench.load leaves one)
"""

import argparse
import os
import re
import sqlite3
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
PAGE = HERE / "docs" / "running.md"
YEARS = 5
MARKS = ("<!-- bench/growth.py 시작 -->", "<!-- bench/growth.py 끝 -->")
HEAD = (
    "| 표·폴더 | 지금 | 하나의 크기 | 한 해에 늘어나는 수 | 5년 | 끝 |\n| --- | --- | --- | --- | --- | --- |"
)
FEW = 1


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="적지 않고 보이기만")
    parser.add_argument("--office", metavar="폴더", help="DATA_DIR (SQLite)")
    options = parser.parse_args()
    if not options.office:
        print("잴 자료 폴더를 --office로 적으십시오. 재지 않았습니다.")
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    os.environ["DATA_DIR"] = options.office
    import django

    django.setup()
    lines = table(Path(options.office))
    print("\n".join(lines))
    if not options.quick:
        text = PAGE.read_text(encoding="utf-8")
        inner = "\n".join([MARKS[0], HEAD, *lines, MARKS[1]])
        pattern = re.compile(re.escape(MARKS[0]) + ".*" + re.escape(MARKS[1]), re.DOTALL)
        PAGE.write_text(pattern.sub(lambda _: inner, text), encoding="utf-8")
    return 0


def table(office: Path) -> list[str]:
    from django.apps import apps

    from config import growth

    total = 0.0
    lines = []
    with sqlite3.connect(f"file:{office / 'db.sqlite3'}?mode=ro", uri=True) as database:
        for label, (yearly, source) in growth.YEARLY.items():
            model = apps.get_model(label)
            rows, size = measured(database, model._meta.db_table)
            if label == "footage.ManifestBlock" and rows:
                size = block_size(database, growth.FILES_A_MINUTE)
            end = "지우지 않음" if label in growth.KEPT else growth.PRUNED[label][1]
            line, grown = as_line(f"{model._meta.verbose_name} (`{label}`)", rows, size, yearly, source, end)
            lines.append(line)
            total += grown
    for name, (yearly, source) in growth.FILES_YEARLY.items():
        count, size = files(office / name, is_lines=name == "logs")
        line, grown = as_line(
            f"`{name}`",
            count,
            size,
            yearly,
            source,
            growth.FOLDERS[name],
            years=growth.YEARS_KEPT.get(name, YEARS),
        )
        lines.append(line)
        total += grown
    return [*lines, f"| **합계** | | | | **{as_size(total)}** | |"]


def as_line(
    name: str, count: int, size: float, yearly: int, source: str, end: str, *, years: int = YEARS
) -> tuple[str, float]:
    if count < FEW:
        return f"| {name} | {count:,} | 재지 못함 | {yearly:,} ({source}) | - | {end} |", 0.0
    grown = size * yearly * years
    return f"| {name} | {count:,} | {size:,.0f} B | {yearly:,} ({source}) | {as_size(grown)} | {end} |", grown


def as_size(size: float) -> str:
    return f"{size / 2**30:,.1f} GiB" if size >= 2**30 else f"{size / 2**20:,.1f} MiB"


def measured(database: sqlite3.Connection, name: str) -> tuple[int, float]:
    """Rows, and bytes of one with its share of the indexes."""
    (rows,) = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
    (size,) = database.execute(
        "SELECT COALESCE(sum(payload), 0) FROM dbstat WHERE name IN (SELECT name FROM sqlite_master WHERE tbl_name = ?)",
        [name],
    ).fetchone()
    return rows, size / rows if rows else 0.0


def block_size(database: sqlite3.Connection, lines: int) -> float:
    """A block of so many lines: what its lines take in the blocks that are there, and a row around them."""
    found = database.execute(
        "SELECT sum(length(lines) + length(outcome)), sum(count) FROM footage_manifestblock"
    )
    size, files_listed = found.fetchone()
    return 300 + lines * (size or 0) / (files_listed or 1)


def files(folder: Path, *, is_lines: bool) -> tuple[int, float]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in found)
    count = sum(path.read_bytes().count(b"\n") for path in found) if is_lines else len(found)
    return count, size / count if count else 0.0


if __name__ == "__main__":
    sys.exit(main())
