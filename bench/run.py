"""`make bench`: every benchmark in turn, each a process of its own, so that none measures another's leftovers.

    make bench                     all of them
    make bench BENCH="ledger"      those whose file name starts so
    make bench BENCH="--quick"     small sizes: shows that they run, says nothing about speed

A benchmark is a file here with `main`; it writes its rows with `bench.table.record` and ends with 1 when a
target was missed.
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NOT_BENCHMARKS = {"__init__", "run", "table"}


def benchmarks(prefixes: list[str]) -> list[Path]:
    """Files that can be started; those that begin with an underscore are their helpers."""
    files = [path for path in sorted(HERE.glob("*.py")) if path.stem not in NOT_BENCHMARKS]
    runnable = [path for path in files if not path.stem.startswith("_") and "__main__" in path.read_text()]
    return [path for path in runnable if not prefixes or path.stem.startswith(tuple(prefixes))]


def main() -> int:
    parser = argparse.ArgumentParser(description="성능 측정")
    parser.add_argument("only", nargs="*", help="이름이 이렇게 시작하는 것만")
    parser.add_argument("--quick", action="store_true", help="작은 크기로")
    options = parser.parse_args()
    missed = []
    chosen = benchmarks(options.only)
    for path in chosen:
        print(f"== {path.stem}", flush=True)
        command = [sys.executable, "-m", f"bench.{path.stem}", *(["--quick"] if options.quick else [])]
        if subprocess.run(command, cwd=HERE.parent, check=False).returncode:
            missed.append(path.stem)
    print(f"== 끝: {len(chosen)}개, 목표에 못 미치거나 실패: {', '.join(missed) or '없음'}")
    return 1 if missed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
