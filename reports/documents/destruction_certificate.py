"""영상정보 파기 확인서: what was destroyed of a camera's footage in a period, from the manifests alone.

It certifies facts: which files, when, by which run, under which ledger entry, and only of those that are gone. What the
last look still found is named beside them with the reason, but never whose case keeps it: the paper may go to anybody.
Where nothing was destroyed there is nothing to certify, and no number is taken. The ledger is sealed first, and its head is printed, so that the certificate
itself can be checked later.
"""

import csv
import hashlib
import io
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from cameras.models import Camera
from casework.numbers_of_year import next_number
from footage import manifests
from footage.manifests import DestroyedFile
from footage.models import DeletionConfirmation, FootageDay, Hold, Storage
from ledger import append
from ledger.models import Entry
from ordinance import articles, parameters
from reports import pdf, sealing, standby, wording
from reports.annex import neutral
from reports.figures.context import district_name
from reports.models import Certificate
from reports.period import SEOUL

TITLE = "영상정보 파기 확인서"
ENTRY_KIND = "reports.certified"
NUMBER_PREFIX = "파기-"
CSV_NAME = "destroyed-files.csv"
# No more than is done: the file's name goes and its blocks are given free; when they are overwritten nobody observes.
METHOD = (
    "저장소에서 파일을 삭제함. 지운 자리는 새 녹화가 차례로 덮어쓰며, 덮어쓰기가 끝난 때는 따로 기록하지 않음"
)
LONGEST_ENTRIES = 40


class UnusableRange(ValueError):
    """The dates cannot be certified; the message says why."""


class NothingDestroyed(UnusableRange):
    """Of these days nothing was destroyed: a certificate of it would certify nothing."""


class ManifestBroken(ValueError):
    """The manifests are not what the ledger says; nothing can be certified from them."""


@dataclass
class Day:
    """What was destroyed of the footage of one day."""

    on: date
    files: int = 0
    size: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    destroyed_from_at: datetime | None = None
    destroyed_until_at: datetime | None = None

    def add(self, one: DestroyedFile) -> None:
        self.files += 1
        self.size += one.bytes
        self.first_at = min(self.first_at or one.start, one.start)
        self.last_at = max(self.last_at or one.start, one.start)
        self.destroyed_from_at = min(self.destroyed_from_at or one.destroyed_at, one.destroyed_at)
        self.destroyed_until_at = max(self.destroyed_until_at or one.destroyed_at, one.destroyed_at)


@dataclass(frozen=True)
class LedgerLine:
    """One ledger entry under which files were destroyed."""

    sequence: int
    at: str
    by: str
    manifest: str
    digest: str


@dataclass(frozen=True)
class Remainder:
    """What the last look still found in one storage of days that follow each other, and why it is there."""

    from_on: date
    until_on: date
    storage: str
    files: int
    size: int
    reason: str

    def goes_on_with(self, later: "Remainder") -> bool:
        return (self.storage, self.reason) == (later.storage, later.reason) and (
            self.until_on + timedelta(days=1) == later.from_on
        )


@dataclass
class Account:
    """Everything that the certificate says about the destroyed files."""

    days: dict[date, Day] = field(default_factory=dict)
    storages: set[str] = field(default_factory=set)
    entries: set[int] = field(default_factory=set)
    rows: io.StringIO = field(default_factory=io.StringIO)

    @property
    def total(self) -> Day:
        total = Day(date.min)
        for day in self.days.values():
            total.files += day.files
            total.size += day.size
        for name, pick in (
            ("first_at", min),
            ("last_at", max),
            ("destroyed_from_at", min),
            ("destroyed_until_at", max),
        ):
            found = [getattr(day, name) for day in self.days.values()]
            setattr(total, name, pick(found) if found else None)
        return total


@dataclass(frozen=True)
class Issued:
    """A certificate that was issued, with its file."""

    number: str
    content: bytes

    @property
    def file_name(self) -> str:
        return f"{self.number}.pdf"


def issue(
    camera: Camera,
    from_on: date,
    until_on: date,
    *,
    recipient: str = "",
    use: str = "",
    by: Officer | None = None,
    now: datetime | None = None,
    file_name: str = "",
) -> Issued:
    """Issue the certificate of a camera for the footage of these days, both included, as PDF/A-3a.

    Issuing takes the next number of the year and leaves a ledger entry, after the head that it prints. To whom and
    for what it is issued is printed and kept nowhere: it may be a citizen's name.
    """
    now = now or timezone.now()
    refuse_unusable(from_on, until_on, now)
    head = sealing.seal()
    from_at, until_at = _bounds(from_on, until_on)
    account = _certain_account(camera, from_at, until_at)
    if not account.days:
        raise NothingDestroyed(
            "이 기간에 녹화된 영상을 파기한 기록이 없어 확인서를 발급하지 않습니다. 기간과 카메라를 확인하십시오."
        )
    with transaction.atomic():
        # Numbered first, since the number is printed; whatever fails gives it back.
        number = next_number(Certificate, NUMBER_PREFIX, now.astimezone(SEOUL).date())
        addressed = {"number": number, "recipient": recipient.strip(), "use": use.strip()}
        file_name = file_name or f"{number}.pdf"
        content = _document(camera, from_on, until_on, account, head, addressed, by, now, file_name)
        _record(
            number,
            camera,
            from_on,
            until_on,
            account,
            content,
            sealing.digests(_enclosures(account, head)),
            by,
            now,
        )
    return Issued(number, content)


def _document(
    camera: Camera,
    from_on: date,
    until_on: date,
    account: Account,
    head: sealing.PrintedHead,
    addressed: dict[str, str],
    by: Officer | None,
    now: datetime,
    file_name: str,
) -> bytes:
    from_at, until_at = _bounds(from_on, until_on)
    today = now.astimezone(SEOUL).date()
    held = _held_ranges(camera, from_at, until_at)
    storages = list(Storage.objects.order_by("name").values_list("name", "scanned_at"))
    ordinance = articles.version(on=today)
    context = {
        **_about(camera, from_on, until_on, now),
        **addressed,
        "head": head,
        "by": by,
        "account": account,
        "days": [account.days[on] for on in sorted(account.days)],
        "total": account.total,
        "method": METHOD,
        "storages": sorted(account.storages),
        "entries": _ledger_lines(account.entries),
        "entries_left_out": max(len(account.entries) - LONGEST_ENTRIES, 0),
        "held": held,
        "left": _left(camera, from_on, until_on, held, now),
        # A whole reading of a storage looks for every camera, also for one of which it finds nothing.
        "looked_at": min((at for _, at in storages if at is not None), default=None),
        "unread": [name for name, at in storages if at is None],
        "confirmation": _confirmation(account.total, now),
        "ordinance": ordinance.title if ordinance else "",
        "retention": parameters.value("retention_max_days", on=today),
        "csv_name": CSV_NAME,
        "verification": sealing.instructions(head, file_name, ENTRY_KIND, today),
    }
    return standby.render(
        "reports/destruction_certificate.html",
        context,
        style_sheets=["destruction_certificate.css"],
        created=now,
        enclosures=_enclosures(account, head),
    )


def _enclosures(account: Account, head: sealing.PrintedHead) -> list[pdf.Enclosure]:
    content = account.rows.getvalue().encode("utf-8-sig")
    files = pdf.Enclosure(CSV_NAME, "파기한 파일 전부 (CSV, UTF-8 BOM)", content, "Data")
    return [files, *sealing.enclosures(head)]


def refuse_unusable(from_on: date, until_on: date, now: datetime) -> None:
    if until_on < from_on:
        raise UnusableRange("끝 날짜가 시작 날짜보다 앞섭니다.")
    if from_on > now.astimezone(SEOUL).date():
        raise UnusableRange("아직 오지 않은 날의 영상은 확인할 수 없습니다.")
    if until_on.year > 9990 or from_on.year < 1990:
        raise UnusableRange("날짜가 너무 이르거나 늦습니다.")


def _bounds(from_on: date, until_on: date) -> tuple[datetime, datetime]:
    """Of the days in Seoul: from the first midnight to the one after the last day."""
    return (
        datetime.combine(from_on, time.min, tzinfo=SEOUL),
        datetime.combine(until_on + timedelta(days=1), time.min, tzinfo=SEOUL),
    )


def _certain_account(camera: Camera, from_at: datetime, until_at: datetime) -> Account:
    """The account, or a refusal: what an altered manifest says must not be certified."""
    try:
        account = _account(manifests.destroyed(camera, from_at, until_at))
        entries = Entry.objects.filter(sequence__in=account.entries).order_by("sequence")
        problems = [problem for problem in map(manifests.verify, entries) if problem]
    except (zlib.error, ValueError, LookupError, TypeError) as error:
        raise ManifestBroken(
            "파기 목록을 읽을 수 없어 확인서를 만들 수 없습니다. 원장과 파기 목록을 점검하십시오."
        ) from error
    if problems:
        raise ManifestBroken(f"파기 목록이 원장과 달라 확인서를 만들 수 없습니다: {problems[0]}")
    return account


def _account(files: Iterable[DestroyedFile]) -> Account:
    """Sum the files by day while writing them into the list that travels with the certificate."""
    account = Account()
    writer = csv.writer(account.rows, lineterminator="\r\n")
    writer.writerow(["저장소", "카메라 번호", "경로", "용량(바이트)", "녹화 시작", "파기한 때", "원장 번호"])
    for one in files:
        on = one.start.astimezone(SEOUL).date()
        account.days.setdefault(on, Day(on)).add(one)
        account.storages.add(one.storage)
        if one.ledger_entry:
            account.entries.add(one.ledger_entry)
        writer.writerow(
            [
                neutral(one.storage),
                neutral(one.camera or ""),
                neutral(one.path.encode("utf-8", "backslashreplace").decode()),
                one.bytes,
                wording.machine_instant(one.start),
                wording.machine_instant(one.destroyed_at),
                one.ledger_entry or "",
            ]
        )
    return account


def _about(camera: Camera, from_on: date, until_on: date, now: datetime) -> dict[str, object]:
    district = district_name(now.astimezone(SEOUL).date())
    return {
        "title": f"{TITLE} {camera.number} {wording.day(from_on)} ~ {wording.day(until_on)}",
        "heading": TITLE,
        "author": district,
        "district": district,
        "description": f"카메라 {camera.number}의 {wording.day(from_on)} ~ {wording.day(until_on)} 영상 파기 확인",
        "keywords": f"개인영상정보, 파기, 확인서, {camera.number}",
        "camera": camera,
        "from_on": from_on,
        "until_on": until_on,
        "issued_on": now.astimezone(SEOUL).date(),
        "issued_at": wording.instant(now),
    }


def _ledger_lines(sequences: set[int]) -> list[LedgerLine]:
    entries = Entry.objects.filter(sequence__in=sorted(sequences)[:LONGEST_ENTRIES]).order_by("sequence")
    return [
        LedgerLine(
            sequence=entry.sequence,
            at=wording.instant(entry.at),
            by=_actor_text(entry.actor),
            manifest=str(entry.content.get("manifest", "")),
            digest=entry.digest,
        )
        for entry in entries
    ]


def _actor_text(actor: str) -> str:
    """Who destroyed: the clock, a person by name, or a command that somebody gave on the server."""
    kind, _, reference = actor.partition(":")
    if kind == "officer" and reference.isdigit():
        officer = Officer.objects.filter(pk=int(reference)).first()
        return str(officer) if officer is not None else actor
    return {"system": "자동 파기", "command": "명령 실행"}.get(kind, actor)


def _held_ranges(camera: Camera, from_at: datetime, until_at: datetime) -> list[tuple[datetime, datetime]]:
    """The parts of these days that must stay now, overlapping ones together; whose case it is stays in the office."""
    ranges: list[tuple[datetime, datetime]] = []
    in_force = Hold.objects.filter(
        camera=camera, from_at__lt=until_at, until_at__gt=from_at, released_at__isnull=True
    )
    for start, end in in_force.order_by("from_at", "pk").values_list("from_at", "until_at"):
        start, end = max(start, from_at), min(end, until_at)
        if ranges and start <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
        else:
            ranges.append((start, end))
    return ranges


def _left(
    camera: Camera, from_on: date, until_on: date, held: Sequence[tuple[datetime, datetime]], now: datetime
) -> list[Remainder]:
    """What the last look still found of these days; days with one reason that follow each other in one line."""
    found = FootageDay.objects.filter(camera=camera, on__gte=from_on, on__lte=until_on, segments__gt=0)
    period = timedelta(days=camera.retention_days)
    left: list[Remainder] = []
    for day in found.select_related("storage").order_by("storage__name", "on"):
        reason = _reason(day.on, period, held, now)
        one = Remainder(day.on, day.on, day.storage.name, day.segments, day.bytes, reason)
        if left and left[-1].goes_on_with(one):
            before = left.pop()
            one = Remainder(
                before.from_on,
                one.until_on,
                one.storage,
                before.files + one.files,
                before.size + one.size,
                reason,
            )
        left.append(one)
    return left


def _reason(on: date, period: timedelta, held: Sequence[tuple[datetime, datetime]], now: datetime) -> str:
    """Why footage of a day is still there: held, within its period, or neither."""
    from_at, until_at = _bounds(on, on)
    reasons = []
    if any(start < until_at and end > from_at for start, end in held):
        reasons.append("삭제 유예")
    if until_at + period > now:
        reasons.append(f"보관기간({period.days}일)이 지나지 않음. 끝나는 대로 차례로 파기함")
    return ", ".join(reasons) or "보관기간이 지났으나 아직 파기하지 않음"


def _confirmation(total: Day, now: datetime) -> DeletionConfirmation | None:
    """The latest confirmation that automatic deletion works (Guideline art. 42(2)) since the files were destroyed;
    the latest before now where nobody has confirmed since."""
    made = DeletionConfirmation.objects.filter(confirmed_at__lte=now).select_related("confirmed_by")
    if total.destroyed_until_at is not None:
        since = made.filter(confirmed_at__gte=total.destroyed_until_at).order_by("confirmed_at").first()
        if since is not None:
            return since
    return made.order_by("-confirmed_at").first()


def _record(
    number: str,
    camera: Camera,
    from_on: date,
    until_on: date,
    account: Account,
    content: bytes,
    attached: list[dict[str, str]],
    by: Officer | None,
    now: datetime,
) -> None:
    total = account.total
    sha256 = hashlib.sha256(content).hexdigest()
    Certificate.objects.create(
        number=number,
        camera_number=camera.number,
        from_on=from_on,
        until_on=until_on,
        files=total.files,
        sha256=sha256,
        issued_at=now,
        issued_by=by,
    )
    append.record(
        ENTRY_KIND,
        actor=f"officer:{by.pk}" if by is not None else "command:render_certificate",
        subject=f"camera:{camera.number}",
        payload={
            "number": number,
            "from": from_on.isoformat(),
            "until": until_on.isoformat(),
            "files": total.files,
            "bytes": total.size,
            "sha256": sha256,
            "verifier_sha256": sealing.checker_digest(),
            "enclosures": attached,
        },
    )
