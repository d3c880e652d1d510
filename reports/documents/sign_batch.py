"""안내판 묶음: the signs of many sites in one PDF, made by the worker, with progress and cancel.

The signs are recorded when the file is finished, all of them or none: a batch that was cancelled leaves nothing.
"""

import hashlib
import tempfile
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.core.files import File
from django.db import transaction

from accounts.models import Officer
from cameras.enums import SignSize
from cameras.models import SignBatch, Site
from cameras.signs import making
from reports import joining, pdf
from reports.documents import sign

# Sheets that one process sets in a few seconds.
SHEETS_IN_PART = 40
MOST_SITES = 5_000


class UnusableBatch(ValueError):
    """The batch cannot be made; the message says why."""


def request(sites: Sequence[int], *, title: str, size: str, by: Officer) -> SignBatch:
    """A batch to be made by the worker, for sites by primary key."""
    keys = list(dict.fromkeys(sites))
    if not keys:
        raise UnusableBatch("설치장소를 하나 이상 고르십시오.")
    if len(keys) > MOST_SITES:
        raise UnusableBatch(
            f"한 번에 {MOST_SITES:,}곳까지 만듭니다. 나누어 만드십시오 (고른 설치장소 {len(keys):,}곳)."
        )
    return SignBatch.objects.create(title=title, sites=keys, size=SignSize(size), requested_by=by)


def carry_out(batch: SignBatch) -> None:
    """Make a requested batch; how it went stands in the row."""
    with batch.running():
        found = making.plan(Site.objects.filter(pk__in=batch.sites))
        batch.left_out = [list(pair) for pair in found.left_out]
        if not found.plans:
            raise UnusableBatch("고른 설치장소 가운데 안내판을 만들 수 있는 곳이 없습니다.")
        batch.beat(0, len(found.plans), "안내판을 조판합니다")
        with tempfile.TemporaryDirectory(prefix="signs-") as folder:
            path, pages = _print(found.plans, SignSize(batch.size), Path(folder), batch)
            batch.beat(len(found.plans), step="판을 기록합니다")
            _keep(batch, found.plans, path, pages)


def _print(plans: Sequence[making.Plan], size: SignSize, folder: Path, batch: SignBatch) -> tuple[Path, int]:
    parts = _parts(plans, SHEETS_IN_PART)
    jobs = [
        sign.compose(
            [sign.Sheet(plan.contents, plan.version, plan.made_on) for plan in part],
            size,
            folder / f"part-{number}.pdf",
            title=sign.title_of([plan.contents.site for plan in plans]),
            total=len(plans),
        )
        for number, part in enumerate(parts)
    ]

    def progress(done: int) -> None:
        batch.beat(sum(len(part) for part in parts[:done]))

    with pdf.Pressroom() as pressroom:
        printed = pressroom.print_all(jobs, progress)
    return _joined([one.path for one in printed], folder), sum(one.pages for one in printed)


def _parts(plans: Sequence[making.Plan], size: int) -> list[Sequence[making.Plan]]:
    return [plans[start : start + size] for start in range(0, len(plans), size)]


def _joined(paths: Sequence[Path], folder: Path) -> Path:
    if len(paths) == 1:
        return paths[0]
    target = folder / "signs.pdf"
    joining.join(paths, target)
    return target


def _keep(batch: SignBatch, plans: Sequence[making.Plan], path: Path, pages: int) -> None:
    """File and signs stand or fall together."""
    with path.open("rb") as file:
        batch.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        batch.file.save(f"{uuid.uuid4().hex}.pdf", File(file), save=False)
    batch.pages = pages
    try:
        with transaction.atomic():
            making.record(plans, size=batch.size, by=batch.requested_by)
            batch.save(update_fields=["file", "sha256", "pages", "left_out"])
    except BaseException:
        batch.file.storage.delete(str(batch.file.name))
        raise


def stale() -> Iterable[int]:
    """Batches whose worker died or whose task was lost."""
    return SignBatch.objects.stale().order_by("pk").values_list("pk", flat=True)
