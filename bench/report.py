"""The committee's report with its annex, against one write_pdf of everything together.

Both are whole processes with the same variant, on the same register, one after the other: ours is the command as
people give it; the baseline counts the same figures, then lays report and annex out as one document in one go.

    python -m bench.report            3,265 cameras, as the district has
    python -m bench.report --quick    a tenth
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.table import Row, record

HERE = Path(__file__).resolve().parents[1]
CAMERAS = 3_265
PERIOD = "2026Q3"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="작은 크기로")
    parser.add_argument("--step", choices=["district", "baseline"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    count = CAMERAS // 10 if options.quick else CAMERAS
    if options.step:
        return {"district": make_district, "baseline": baseline}[options.step](count)
    with tempfile.TemporaryDirectory(prefix="bench-report-") as folder:
        return measure(Path(folder), count, is_quick=options.quick)


def measure(folder: Path, count: int, *, is_quick: bool) -> int:
    environment = {**os.environ, "DATA_DIR": str(folder / "var"), "BENCH_OUTPUT": str(folder)}
    environment.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    environment.pop("DATABASE_URL", None)
    quick = ["--quick"] if is_quick else []
    own = [sys.executable, "-m", "bench.report", *quick, "--step"]
    issue = [
        sys.executable,
        "manage.py",
        "issue_report",
        "committee",
        "--period",
        PERIOD,
        "--json",
        "--output",
    ]
    run([*own, "district"], environment)
    alone, _ = run([*issue, str(folder / "alone.pdf"), "--without-annex"], environment)
    ours, said = run([*issue, str(folder / "ours.pdf")], environment)
    peak = max(item["peak_kib"] for item in json.loads(said)["processes"]) / 1024
    together, said = run([*own, "baseline"], environment)
    baseline_peak = json.loads(said)["peak_kib"] / 1024
    shutil.rmtree(folder / "var")
    rows = [
        Row("부록 없는 보고서 (명령 전체)", f"{alone:.1f}초", target="6초 미만", is_met=alone < 6),
        Row(
            f"보고서와 부록 {count:,}대 (명령 전체)",
            f"{ours:.1f}초",
            f"한 번의 write_pdf {together:.1f}초",
            ours / together,
            "0.60 이하",
            ours / together <= 0.6,
        ),
        Row(
            "조판 프로세스 하나의 최대 메모리",
            f"{peak:.0f} MiB",
            f"{baseline_peak:.0f} MiB",
            peak / baseline_peak,
            "400 MB 미만",
            peak * 1.048576 < 400,
        ),
    ]
    if not is_quick:
        print(
            record(
                "위원회 보고서",
                rows,
                "기준은 같은 수치·같은 서식을 한 문서로 이어 같은 변종(pdf/a-3a)으로 한 번에 만든 것입니다.",
            )
        )
    else:
        print("\n".join(row.as_markdown() for row in rows))
    return 0 if all(row.is_met for row in rows) else 1


def run(command: list[str], environment: dict[str, str]) -> tuple[float, str]:
    """Seconds of a whole process, and the last line that it said."""
    started = time.monotonic()
    done = subprocess.run(command, cwd=HERE, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr[-3000:]}")
    return time.monotonic() - started, (done.stdout.strip().splitlines() or [""])[-1]


def django_ready() -> None:
    import django

    django.setup()


def make_district(count: int) -> int:
    django_ready()
    from django.core.management import call_command

    from tests.reports import situations

    call_command("migrate", verbosity=0)
    situations.district(count)
    return 0


def baseline(count: int) -> int:
    """Report and annex as one HTML document, one write_pdf in this process, with WeasyPrint as it comes."""
    django_ready()
    import weasyprint
    from django.utils import timezone

    from reports import sealing
    from reports.annex import Annex
    from reports.documents import committee
    from reports.figures import for_period
    from reports.figures.context import Reach
    from reports.period import Period

    now = timezone.now()
    head = sealing.seal()
    figures = for_period(PERIOD, now=now, ledger_size=head.size)
    annex = Annex(Reach(Period.parse(PERIOD), now, head.size))
    edition = committee.Edition(
        figures=figures,
        version=1,
        head=head,
        file_stem="together",
        issued_at=now,
        annex=annex,
        previous_version=None,
        changes=[],
        earlier_is_reported=False,
    )
    report = committee.report_html(edition, committee.enclosures(edition))
    volumes = [committee.volume_html(edition, volume) for volume in annex.volumes()]
    together = join(report, volumes)
    enclosures = [
        weasyprint.Attachment(
            string=item.content.decode("utf-8", "replace"), name=item.name, relationship="Data"
        )
        for item in committee.enclosures(edition)
    ]
    target = Path(os.environ["BENCH_OUTPUT"]) / "together.pdf"
    weasyprint.HTML(string=together).write_pdf(target, pdf_variant="pdf/a-3a", attachments=enclosures)
    print(json.dumps({"peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
    return 0


def join(report: str, volumes: list[str]) -> str:
    """One document: the volumes' bodies after the report's, each on its own landscape pages."""
    style = volumes[0].partition("<style>")[2].partition("</style>")[0]
    # The annex' sheet sets the page; in one document its pages need a name of their own.
    own = style.rpartition("@page { size: A4 landscape")[2]
    rules = "@page annex { size: A4 landscape" + own + "\n.annex { page: annex; break-before: page; }"
    bodies = "".join(
        f'<section class="annex">{volume.partition("<body>")[2].partition("</body>")[0]}</section>'
        for volume in volumes
    )
    return report.replace("</style>", f"{rules}</style>", 1).replace("</body>", f"{bodies}</body>")


if __name__ == "__main__":
    sys.exit(main())
