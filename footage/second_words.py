"""두 번째 확인의 대조: what the ledger says of storages and of folders without a camera.

A confirmation in the database destroys files. Whoever may write the database could confirm in another's name, turn a
storage to another folder, or give a camera a folder's footage; so a sweep destroys no folder without a camera unless the
ledger has both words (`agreed`), and `verify_ledger` compares every row with its lines (`check_all`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from footage.models import CameraClaim, Storage, UnclaimedFolder
from ledger.checks import Fault
from ledger.models import Entry

TITLE = "저장소와 미등록 폴더의 확인"
ADDED, TIMEZONE_CHANGED, CONFIRMED = (
    "footage.storage_added",
    "footage.storage_timezone_changed",
    "footage.storage_confirmed",
)
# Until there was a second person's word on assignments, `ASSIGNED` alone gave a folder to a camera.
ASSIGNMENT_DECIDED, ASSIGNED = "footage.folder_assignment_decided", "footage.folder_assigned"
DESTRUCTION_DECIDED, DESTRUCTION_CONFIRMED = (
    "footage.folder_destruction_decided",
    "footage.folder_destruction_confirmed",
)
REOPENED = "footage.folder_reopened"
_OF_FOLDERS = (ASSIGNMENT_DECIDED, ASSIGNED, DESTRUCTION_DECIDED, DESTRUCTION_CONFIRMED, REOPENED)
_OF_STORAGES = (ADDED, TIMEZONE_CHANGED, CONFIRMED)

Decision = UnclaimedFolder.Decision


class Said(NamedTuple):
    """What the lines of a folder come to: the decision, and who spoke first and second."""

    decision: str = Decision.OPEN
    first: str = ""
    second: str = ""
    camera: str = ""


def agreed(folders: Iterable[UnclaimedFolder]) -> Iterator[UnclaimedFolder]:
    """Those whose destruction two persons have put on record."""
    by_subject = {_folder_subject(folder.pk): folder for folder in folders}
    said = _said(by_subject) if by_subject else {}
    for subject, folder in by_subject.items():
        found = said.get(subject, Said())
        if found.decision == Decision.DESTROY and found == _as_stored(folder):
            yield folder


def is_on_record(storage: Storage) -> bool:
    """Whether the ledger says that this storage, as it stands, was confirmed."""
    return not why_not_on_record(storage)


def why_not_on_record(storage: Storage) -> str:
    lines = Entry.objects.of_kind(*_OF_STORAGES).about(f"storage:{storage.pk}").order_by("sequence")
    return _storage_problem(storage, list(lines))


def needs_word(storage: Storage) -> bool:
    """Whether a second person is to confirm it: not yet confirmed, or not on record (from before two were asked)."""
    return storage.confirmed_at is None or not is_on_record(storage)


def storages_in_need() -> list[tuple[Storage, str]]:
    """Those that wait for a second person, each with why the ledger does not know of the first confirmation."""
    return [(storage, why) for storage, why in _storages() if storage.confirmed_at is None or why]


def check_all() -> Iterator[Fault | None]:
    for storage, problem in _storages():
        yield Fault(f"저장소 {storage.pk}번: {problem}") if problem else None
    said = _said()
    for folder in UnclaimedFolder.objects.exclude(decision=Decision.OPEN).order_by("pk"):
        is_told = said.get(_folder_subject(folder.pk), Said())[:3] == _as_stored(folder)[:3]
        yield None if is_told else Fault(f"미등록 폴더 {folder.pk}번의 결정이나 확인이 원장과 다릅니다.")
    yield from _claims(said)


def _storages() -> Iterator[tuple[Storage, str]]:
    """Each with why its row does not follow from its lines."""
    lines: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.of_kind(*_OF_STORAGES).order_by("sequence"):
        lines[entry.subject].append(entry)
    for storage in Storage.objects.order_by("pk"):
        yield storage, _storage_problem(storage, lines[f"storage:{storage.pk}"])


def _storage_problem(storage: Storage, lines: list[Entry]) -> str:
    """Why the row does not follow from its lines; empty where it does. Nothing is destroyed before a confirmation."""
    if storage.confirmed_at is None:
        return ""
    if not lines:
        return "등록한 원장 기록이 없습니다."
    told: dict[str, object] = {}
    for line in lines:
        new_zone = {"timezone": line.content.get("new")} if line.kind == TIMEZONE_CHANGED else {}
        told |= {name: line.content[name] for name in ("root", "layout", "timezone") if name in line.content}
        told |= new_zone
    if told != {"root": storage.root, "layout": storage.layout, "timezone": storage.timezone}:
        return "폴더나 경로 형식, 시간대가 원장과 다릅니다."
    last = lines[-1]
    is_by_two = last.kind == CONFIRMED and last.actor == f"officer:{storage.confirmed_by_id}"
    # The machine's operator needs nobody else.
    is_by_operator = last.kind == ADDED and "operator" in last.content and storage.confirmed_by_id is None
    return "" if is_by_two or is_by_operator else "두 번째 사람의 확인이 원장에 없습니다."


def _said(subjects: Iterable[str] = ()) -> dict[str, Said]:
    entries = Entry.objects.of_kind(*_OF_FOLDERS).order_by("sequence")
    if subjects:
        entries = entries.filter(subject__in=list(subjects))
    said: dict[str, Said] = {}
    for entry in entries:
        camera = str(entry.content.get("camera", ""))
        before = said.get(entry.subject, Said())
        said[entry.subject] = {
            ASSIGNMENT_DECIDED: Said(Decision.ASSIGNED, entry.actor, "", camera),
            ASSIGNED: Said(Decision.ASSIGNED, before.first, entry.actor, camera)
            if before.decision == Decision.ASSIGNED and not before.second
            else Said(Decision.ASSIGNED, entry.actor, "-", camera),
            DESTRUCTION_DECIDED: Said(Decision.DESTROY, entry.actor),
            DESTRUCTION_CONFIRMED: before._replace(second=entry.actor),
            REOPENED: Said(),
        }[entry.kind]
    return said


def _as_stored(folder: UnclaimedFolder) -> Said:
    """As the lines would say it. An assignment from before a second person was asked has none (`-`)."""
    second = "" if folder.confirmed_at is None else "-"
    if folder.confirmed_by_id:
        second = f"officer:{folder.confirmed_by_id}"
    return Said(folder.decision, f"officer:{folder.decided_by_id}", second)


def _claims(said: dict[str, Said]) -> Iterator[Fault | None]:
    """A folder's footage is a camera's only where the lines say so; of one whose claim has ended, where they ever did."""
    # Numbers of cameras, by storage and key.
    given: defaultdict[tuple[int | None, str], set[str]] = defaultdict(set)
    ever: defaultdict[tuple[int | None, str], set[str]] = defaultdict(set)
    for folder in UnclaimedFolder.objects.all():
        found = said.get(_folder_subject(folder.pk), Said())
        if found.decision == Decision.ASSIGNED and found.second:
            given[folder.storage_id, folder.key].add(found.camera)
    storages = dict(Storage.objects.values_list("name", "pk"))
    for entry in Entry.objects.of_kind(ASSIGNED):
        place = storages.get(str(entry.content.get("storage"))), str(entry.content.get("key"))
        ever[place].add(str(entry.content.get("camera")))
    claims = CameraClaim.objects.filter(is_former_key=False, storage__isnull=False)
    for claim in claims.select_related("camera"):
        numbers = (given if claim.until_at is None else ever)[claim.storage_id, claim.key]
        is_told = any(_is_camera(claim, number) for number in numbers)
        yield None if is_told else Fault(f"녹화 식별자 배정 {claim.pk}번이 원장에 없습니다.")


def _is_camera(claim: CameraClaim, number: str) -> bool:
    """A camera may have got another number since."""
    return claim.camera.number == number or claim.camera.history.filter(number=number).exists()


def _folder_subject(pk: int) -> str:
    return f"unclaimed_folder:{pk}"
