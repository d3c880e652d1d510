"""Issuing the committee's report: seal, count, compare, print, publish, record.

The order matters. The ledger is sealed before anything is counted, so that the printed head covers all that the
figures tell. Files are made in a folder of their own and become visible only together with the row and the ledger
entry that hold their digests: the last steps are one transaction, with the renaming in it. Whatever fails before
leaves nothing behind: no version, no file, no entry.

Two people who issue the same period at once get two versions: the number is taken when the row is first written, under
the unique constraint on (kind, period, version).
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.longrun import Cancelled, RunState
from accounts.models import Officer
from ledger import append
from reports import comparison, outputs, sealing
from reports.annex import Annex
from reports.documents import committee, promises, summary
from reports.figures import for_period
from reports.figures.context import Reach
from reports.models import IssuedReport
from reports.pdf import Enclosure, Job, Pressroom, Printed
from reports.period import Period
from reports.tabulation import Figures

KIND = "committee"
EDITIONS = (committee.PUBLIC, committee.RESIDENTS)
# Two who collide try again with the next number; more than this is no collision.
_ATTEMPTS = 20

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Task:
    """What is to be issued, as far as it is known before anything is counted."""

    report: IssuedReport
    period: Period
    now: datetime
    actor: str
    output: outputs.Output | None
    progress: Progress


def committee_report(
    period: Period | str,
    *,
    by: Officer | None = None,
    output: Path | str | None = None,
    with_annex: bool = True,
    head_file: Path | str | None = None,
) -> IssuedReport:
    """Issue the report of a quarter now, and copy it and its annex to `output` when that is given."""
    period = Period.parse(period) if isinstance(period, str) else period
    period.refuse_future(timezone.now())
    destination = outputs.prepare(output, head_file)
    # Nobody asked the worker for it: when this process dies, beat must not finish its work.
    report = IssuedReport.objects.create(kind=KIND, period=period.code, with_annex=with_annex)
    try:
        return carry_out(report, by=by, output=destination)
    except BaseException:
        # A command that failed leaves no run behind; one that somebody asked for in the portal keeps its error.
        IssuedReport.objects.filter(pk=report.pk, sha256="").delete()
        raise


def request(period: Period | str, *, by: Officer, with_annex: bool = True) -> IssuedReport:
    """Ask for a report to be issued by the worker; refuses a period that has not begun."""
    period = Period.parse(period) if isinstance(period, str) else period
    period.refuse_future(timezone.now())
    return IssuedReport.objects.create(kind=KIND, period=period.code, requested_by=by, with_annex=with_annex)


def carry_out(
    report: IssuedReport, *, by: Officer | None = None, output: outputs.Output | None = None
) -> IssuedReport:
    """Make and issue a requested report, with progress in its row; a cancel ends it without a trace."""
    report.start()
    try:
        printed = _issue(
            Task(
                report=report,
                period=Period.parse(report.period),
                now=timezone.now(),
                actor=f"officer:{by.pk}" if by is not None else "command:issue_report",
                output=output,
                progress=lambda done, total, step: report.beat(done, total, step),
            ),
            by,
        )
    except Cancelled:
        _give_version_back(report)
        report.cancel()
        raise
    except BaseException as error:
        _give_version_back(report)
        report.end_with(error)
        raise
    report.refresh_from_db()
    report.printing = [
        {"name": item.path.name, "pages": item.pages, "seconds": item.seconds, "peak_kib": item.peak_kib}
        for item in printed
    ]
    return report


def latest(period: Period) -> IssuedReport | None:
    """The newest issued version of a period."""
    return _issued(period).order_by("-version").first()


def is_untouched(report: IssuedReport) -> bool:
    """Whether the stored files are still those whose digests were recorded when the report was issued."""
    others = [*report.volumes, *report.editions]
    expected = {report.file.name: report.sha256, **{item["path"]: item["sha256"] for item in others}}
    root = Path(settings.MEDIA_ROOT)
    return all((root / name).is_file() and digest(root / name) == value for name, value in expected.items())


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def figures_digest(figures: Mapping[str, Any]) -> str:
    canonical = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _issue(task: Task, by: Officer | None) -> list[Printed]:
    with Pressroom() as pressroom:
        task.progress(0, 0, "원장 봉인")
        head = sealing.seal()
        task.progress(0, 0, "수치 집계")
        edition = _edition(task, head)
        if task.output is not None:
            task.output.refuse_leftovers(edition.annex.volume_count if edition.annex is not None else 0)
        with tempfile.TemporaryDirectory(prefix="issue-", dir=_workshop()) as folder:
            attached = committee.enclosures(edition)
            printed = _print(task, edition, attached, pressroom, Path(folder))
            task.progress(len(printed), len(printed), "발행")
            _publish(task, edition, printed, sealing.digests(attached), by)
            return [*printed.own, *printed.for_all]


def _edition(task: Task, head: sealing.PrintedHead) -> committee.Edition:
    earlier = latest(task.period.previous)
    figures = for_period(
        task.period,
        now=task.now,
        earlier=Figures.from_json(earlier.figures) if earlier is not None else None,
        ledger_size=head.size,
    )
    reach = Reach(task.period, task.now, head.size)
    # A year's cameras stand in the annexes of its quarters.
    annex = Annex(reach) if task.report.with_annex and not task.period.is_year else None
    version, before = _take_version(task.report)
    stem = task.output.stem if task.output is not None else f"committee-{task.period.code}-v{version}"
    edition = committee.Edition(
        figures=figures,
        version=version,
        head=head,
        file_stem=stem,
        issued_at=task.now,
        annex=annex,
        previous_version=before.version if before is not None else None,
        changes=comparison.changes(Figures.from_json(before.figures), figures) if before is not None else [],
        previous_has_annex=before is not None and bool(before.volumes),
        earlier=_earlier(task.period),
    )
    figures.front = committee.told(edition)
    return edition


def _earlier(period: Period) -> list[Figures | None]:
    """The last four times as they were reported, the newest first; None where nothing was."""
    found: list[Figures | None] = []
    for _ in range(promises.MOST_BEFORE):
        period = period.previous
        report = latest(period)
        found.append(Figures.from_json(report.figures) if report is not None else None)
    return found


def _take_version(report: IssuedReport) -> tuple[int, IssuedReport | None]:
    """The next number of the period, ours from here on, and the newest issued version before it."""
    period = Period.parse(report.period)
    for _ in range(_ATTEMPTS):
        others = IssuedReport.objects.filter(kind=KIND, period=report.period).exclude(pk=report.pk)
        taken = others.aggregate(last=Max("version"))["last"]
        try:
            with transaction.atomic():
                IssuedReport.objects.filter(pk=report.pk).update(version=(taken or 0) + 1)
        except IntegrityError:
            continue
        report.version = (taken or 0) + 1
        return report.version, _issued(period).filter(version__lt=report.version).order_by("-version").first()
    raise RuntimeError("다른 발행과 판 번호가 계속 겹칩니다. 잠시 뒤에 다시 발행하십시오.")


def _give_version_back(report: IssuedReport) -> None:
    IssuedReport.objects.filter(pk=report.pk, sha256="").update(version=None)
    report.version = None


def _issued(period: Period) -> "QuerySet[IssuedReport]":
    return IssuedReport.objects.filter(kind=KIND, period=period.code).exclude(sha256="")


@dataclass(frozen=True)
class Files:
    """The report and its volumes, the report first; and the editions for everybody, in the order of `EDITIONS`."""

    own: list[Printed]
    for_all: list[Printed]

    def __len__(self) -> int:
        return len(self.own) + len(self.for_all)


def _print(
    task: Task,
    edition: committee.Edition,
    enclosures: Sequence[Enclosure],
    pressroom: Pressroom,
    folder: Path,
) -> Files:
    """The report, every volume and the editions for everybody, side by side."""
    report = Job(
        committee.report_html(edition, enclosures), folder / edition.file_name, edition.issued_at, enclosures
    )
    jobs = [report]
    if edition.annex is not None:
        jobs += [
            Job(
                committee.volume_html(edition, volume),
                folder / edition.volume_name(volume.number),
                edition.issued_at,
            )
            for volume in edition.annex.volumes()
        ]
    own = len(jobs)
    jobs += _jobs_for_all(edition, folder)
    printed = pressroom.print_all(jobs, lambda done: task.progress(done, len(jobs), "조판"))
    return Files(printed[:own], printed[own:])


def _jobs_for_all(edition: committee.Edition, folder: Path) -> list[Job]:
    public = committee.public_edition(edition)
    enclosures = committee.public_enclosures(public)
    return [
        Job(
            committee.report_html(public, enclosures, is_public=True),
            folder / public.file_name,
            edition.issued_at,
            enclosures,
        ),
        Job(
            summary.html(
                public.figures,
                check_url=sealing.check_url(),
                figures_url=sealing.figures_url(public.figures.period),
            ),
            folder / f"{edition.file_stem}-{committee.RESIDENTS}.pdf",
            edition.issued_at,
        ),
    ]


def _publish(
    task: Task,
    edition: committee.Edition,
    printed: Files,
    attached: list[dict[str, str]],
    by: Officer | None,
) -> None:
    """Make files, row and ledger entry visible together."""
    report = task.report
    folder = Path("reports") / str(task.period.year)
    stem = f"committee-{task.period.code}-v{edition.version}"
    names = [f"{stem}.pdf", *(f"{stem}-annex-{number}.pdf" for number in range(1, len(printed.own)))]
    names += [f"{stem}-{kind}.pdf" for kind in EDITIONS]
    made = [*printed.own, *printed.for_all]
    digests = [digest(item.path) for item in made]
    kept = outputs.Kept(Path(settings.MEDIA_ROOT))
    try:
        for name, item in zip(names, made, strict=True):
            kept.add(item.path, folder / name)
        if task.output is not None:
            task.output.stage([item.path for item in printed.own], edition.head.file)
        with transaction.atomic():
            values = _frozen_values(edition, printed, digests, [str(folder / name) for name in names])
            IssuedReport.objects.filter(pk=report.pk, sha256="").update(**values, issued_by=by)
            report.succeed()
            entry = append.record(
                committee.ENTRY_KIND,
                actor=task.actor,
                subject=f"report:{task.period.code}/v{edition.version}",
                payload=_entry_payload(edition, values) | {"enclosures": attached},
            )
            IssuedReport.objects.filter(pk=report.pk).update(ledger_entry=entry.sequence)
            if task.output is not None:
                task.output.reveal()
    except BaseException:
        kept.discard()
        if task.output is not None:
            task.output.discard()
        raise


def _frozen_values(
    edition: committee.Edition, printed: Files, digests: list[str], names: list[str]
) -> dict[str, Any]:
    own = len(printed.own)
    return {
        "is_interim": edition.figures.is_interim,
        "figures": edition.figures.to_json(),
        "changes": list(edition.changes),
        "file": names[0],
        "volumes": [
            {
                "number": number,
                "path": names[number],
                "sha256": digests[number],
                "pages": printed.own[number].pages,
            }
            for number in range(1, own)
        ],
        "editions": [
            {"kind": kind, "path": name, "sha256": value, "pages": item.pages}
            for kind, name, value, item in zip(
                EDITIONS, names[own:], digests[own:], printed.for_all, strict=True
            )
        ],
        "sha256": digests[0],
        "pages": printed.own[0].pages,
        "ledger_size": edition.head.size,
        "ledger_root": edition.head.root,
        "ledger_at": edition.head.sealed_at,
        "issued_at": edition.issued_at,
    }


def _entry_payload(edition: committee.Edition, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "period": edition.figures.period,
        "version": edition.version,
        "is_interim": edition.figures.is_interim,
        "sha256": values["sha256"],
        "pages": values["pages"],
        "figures_sha256": figures_digest(values["figures"]),
        "annex": [{"number": item["number"], "sha256": item["sha256"]} for item in values["volumes"]],
        "editions": [{"kind": item["kind"], "sha256": item["sha256"]} for item in values["editions"]],
        "ledger_size": edition.head.size,
        "ledger_root": edition.head.root,
        "verifier_sha256": sealing.checker_digest(),
    }


def _workshop() -> Path:
    """Where files are made before they are published: on the same disk as the published ones."""
    folder = Path(settings.MEDIA_ROOT) / "reports" / ".workshop"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def requested_and_stale() -> "QuerySet[IssuedReport]":
    """Reports that someone asked for in the portal and nobody is working on."""
    return IssuedReport.objects.stale().filter(sha256="", requested_by__isnull=False)


def close_abandoned() -> int:
    """Close the runs of commands that were killed, so that their version is free again."""
    abandoned = IssuedReport.objects.stale().filter(sha256="", requested_by__isnull=True)
    return abandoned.update(
        state=RunState.FAILED, version=None, finished_at=timezone.now(), error="발행 명령이 중단되었습니다."
    )


def clear_workshop(older_than: datetime) -> None:
    """Remove what a killed run left half made."""
    for left in _workshop().iterdir():
        if left.is_dir() and left.stat().st_mtime < older_than.timestamp():
            shutil.rmtree(left, ignore_errors=True)
