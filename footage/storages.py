"""Registering recorders' folders, and telling a missing disk from missing footage."""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Sum
from django.utils.timezone import now

from accounts.korean import josa
from casework import second_person
from footage import roots, second_words
from footage.errors import Refused, UnusableInput
from footage.findings import follow_confirmation, follow_loss
from footage.holds import reference
from footage.layouts import Layout, LayoutError
from footage.models import FootageDay, Storage
from footage.tree import Folder, Tree, Visitor
from ledger import running_as
from ledger.append import record

if TYPE_CHECKING:
    from accounts.models import Officer

LONGEST_SEGMENT_SECONDS = 7 * 86_400
# What the file system itself puts into an empty mount point; a layout that begins with the camera would take it
# for one.
NO_FOOTAGE = frozenset({"lost+found"})


@dataclass(frozen=True)
class Example:
    """One path of a tree and what the layout makes of it."""

    path: str
    camera: str | None
    start: datetime | None
    reason: str = ""


def add(
    name: str,
    root: str,
    layout: str,
    timezone: str = "Asia/Seoul",
    segment_seconds: int = 600,
    *,
    queue: str = "",
    by: "Officer | None" = None,
    actor: str = "",
) -> Storage:
    """Register a recorder's folder. Refuses what could destroy the wrong thing.

    What a person registers in the portal is swept when a second person has confirmed it; a command is run by the
    machine's operator, who is named in the ledger, and needs nobody else.
    """
    name = _check_name(name)
    made = _check_layout(layout, timezone)
    if not 0 < segment_seconds <= LONGEST_SEGMENT_SECONDS:
        raise UnusableInput(
            f"파일 길이(초)는 1 이상 {LONGEST_SEGMENT_SECONDS:,} 이하여야 합니다: {segment_seconds}"
        )
    with transaction.atomic():
        if Storage.objects.filter(name=name).exists():
            raise UnusableInput(f"이미 있는 저장소 이름입니다: {name}")
        storage = Storage.objects.create(
            name=name,
            root=check_root(root),
            layout=layout,
            timezone=made.zone.key,
            segment_seconds=segment_seconds,
            queue=queue,
            added_by=by,
            confirmed_at=None if by is not None else now(),
        )
        follow_confirmation()
        record(
            second_words.ADDED,
            actor=actor or reference(by),
            subject=f"storage:{storage.pk}",
            payload={
                "name": name,
                "root": storage.root,
                "layout": layout,
                "timezone": storage.timezone,
                "segment_seconds": segment_seconds,
            }
            | ({"operator": running_as.account()} if by is None else {}),
        )
    return storage


def confirm(storage: Storage, *, by: "Officer") -> None:
    """A second person has looked at the folder and at how it is read: from now on it is swept."""
    with transaction.atomic():
        current = Storage.objects.select_for_update().get(pk=storage.pk)
        # One from before there was a second person, or whose confirmation came past us, is confirmed on record now.
        if current.confirmed_at is not None and second_words.is_on_record(current):
            raise Refused("이미 확인한 저장소입니다.")
        if problem := second_person.problem(current.added_by_id, by, "등록한"):
            raise Refused(problem)
        storage.confirmed_at, storage.confirmed_by = now(), by
        storage.save(update_fields=["confirmed_at", "confirmed_by"])
        record(
            second_words.CONFIRMED,
            actor=reference(by),
            subject=f"storage:{storage.pk}",
            payload={
                "name": current.name,
                "root": current.root,
                "layout": current.layout,
                "timezone": current.timezone,
            },
        )


def change_timezone(storage: Storage, timezone: str, *, by: "Officer", reason: str) -> None:
    """Names are read in another zone from now on. Files fall due earlier or later by it, so it is confirmed anew.

    Until another person has looked at how the names are read now, nothing is destroyed there.
    """
    if not reason.strip():
        raise UnusableInput("사유를 적어 주십시오.")
    with transaction.atomic():
        current = Storage.objects.select_for_update().get(pk=storage.pk)
        made = _check_layout(current.layout, timezone)
        if made.has_fixed_zone:
            raise Refused("시간대가 정해진 경로 형식입니다. 녹화기의 시계와 시간대를 고치십시오.")
        if made.zone.key == current.timezone:
            raise Refused("지금과 같은 시간대입니다.")
        before, storage.timezone = current.timezone, made.zone.key
        storage.added_by, storage.confirmed_at, storage.confirmed_by = by, None, None
        storage.offset_hours, storage.offset_files = None, 0
        storage.save(
            update_fields=[
                "timezone",
                "added_by",
                "confirmed_at",
                "confirmed_by",
                "offset_hours",
                "offset_files",
            ]
        )
        record(
            second_words.TIMEZONE_CHANGED,
            actor=reference(by),
            subject=f"storage:{storage.pk}",
            payload={
                "name": storage.name,
                "old": before,
                "new": storage.timezone,
                "reason": reason.strip()[:500],
            },
        )


def look(root: str, layout: str, timezone: str, limit: int, *, by: "Officer") -> list[Example]:
    """What a person sees of a folder before registering it. Each look is on record, a refused one too."""
    refusal = ""
    found: list[Example] = []
    try:
        found = examples(root, layout, timezone, limit)
    except UnusableInput as error:
        refusal = str(error)
    payload = {"root": root[:1000], "layout": layout, "paths": len(found), "refusal": refusal[:300]}
    with transaction.atomic():
        record("footage.folder_looked_at", actor=reference(by), subject="storage:", payload=payload)
    if refusal:
        raise UnusableInput(refusal)
    return found


def check_root(root: str, *, besides: Storage | None = None) -> str:
    """The folder's real path. Two storages must not share a file: it would have two owners and two layouts."""
    if not root or "\x00" in root:
        raise UnusableInput(f"폴더 경로가 비어 있거나 올바르지 않습니다: {root!r}")
    try:
        root.encode()
    except UnicodeEncodeError:
        raise UnusableInput("폴더 경로는 UTF-8이어야 합니다.") from None
    # The real path is stored: a link that is turned elsewhere later must not turn the sweep with it.
    real = os.path.realpath(root)
    # Asked before the folder is looked at: what exists elsewhere on this machine is nobody's business here.
    if reason := roots.refusal(real):
        raise UnusableInput(reason)
    if not os.path.isdir(root):
        raise UnusableInput(f"폴더가 없거나 폴더가 아닙니다: {root}")
    if len(real) > 1000:
        raise UnusableInput("폴더 경로가 너무 깁니다.")
    others = Storage.objects.all() if besides is None else Storage.objects.exclude(pk=besides.pk)
    for other in others:
        if roots.is_inside(real, other.root) or roots.is_inside(other.root, real):
            raise UnusableInput(
                f"저장소 '{other.name}'({other.root}){josa(other.root, '과/와')} 폴더가 겹칩니다: {real}"
            )
    return real


def _check_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise UnusableInput("저장소 이름은 1자 이상 100자 이하의 글자여야 합니다.")
    return name


def _check_layout(layout: str, zone: str) -> Layout:
    if len(layout) > 300:
        raise UnusableInput("경로 형식은 300자까지 쓸 수 있습니다.")
    try:
        return Layout(layout, zone)
    except LayoutError as error:
        raise UnusableInput(str(error)) from error


def layout_of(storage: Storage) -> Layout:
    return Layout(storage.layout, storage.timezone)


def absence(storage: Storage) -> str:
    """Why a storage is absent, or nothing when it is there.

    It is when its root is missing, or empty although footage is on record there that no sweep destroyed: then the
    disk is not mounted, and nothing may be recorded as gone.
    """
    try:
        tree = Tree(storage.root)
    except OSError as error:
        return f"폴더를 열 수 없습니다 ({error.strerror}): {storage.root}"
    try:
        if not has_footage_on_record(storage) or _has_anything(storage, tree):
            return ""
    except OSError as error:
        return f"폴더를 읽을 수 없습니다 ({error.strerror}): {storage.root}"
    finally:
        tree.close()
    return f"폴더가 비어 있으나 파기되지 않은 영상이 기록되어 있습니다 (디스크 연결 확인): {storage.root}"


def has_footage_on_record(storage: Storage) -> bool:
    return storage.files_on_record > 0 or FootageDay.objects.filter(storage=storage, segments__gt=0).exists()


def _has_anything(storage: Storage, tree: Tree) -> bool:
    """Whether the root holds a folder that footage can lie in. The layout's own bare folders are none (a disk may be
    mounted on `recordings`), nor is what does not belong to it (`lost+found`, a note of somebody's)."""
    layout = layout_of(storage)
    todo = [("", layout.top())]
    while todo:
        path, cursors = todo.pop()
        descriptor = tree.open(path)
        try:
            names = os.listdir(descriptor)
        finally:
            os.close(descriptor)
        if layout.is_leaf(cursors) and any(name not in NO_FOOTAGE for name in names):
            return True
        for name in names:
            deeper = layout.enter(cursors, name)
            if not deeper or name in NO_FOOTAGE:
                continue
            if not layout.is_fixed(deeper):
                return True
            todo.append((f"{path}/{name}" if path else name, deeper))
    return False


def mark(storage: Storage, absent_reason: str) -> None:
    """Remember since when a storage is absent, or that it is back."""
    since = storage.absent_since
    if bool(absent_reason) == (since is not None) and absent_reason[:300] == storage.absent_reason:
        return
    storage.absent_since = (since or now()) if absent_reason else None
    storage.absent_reason = absent_reason[:300]
    if since is not None and not absent_reason:
        storage.returned_at, storage.last_absent_since = now(), since
    storage.save(update_fields=["absent_since", "absent_reason", "returned_at", "last_absent_since"])


def confirm_empty(storage: Storage, *, by: "Officer", reason: str) -> None:
    """A person says that the footage on record is really lost: an empty root counts as empty again.

    Only of a storage that is absent now. A disk that is there may not be written off.
    """
    if not reason.strip():
        raise UnusableInput("사유를 적어 주십시오.")
    with transaction.atomic():
        current = Storage.objects.select_for_update().get(pk=storage.pk)
        if not has_footage_on_record(current) or not absence(current):
            raise Refused("연결이 끊긴 저장소가 아니거나 이미 확인한 소실입니다.")
        lost = max(current.files_on_record, 0)
        days = FootageDay.objects.filter(storage=current, segments__gt=0)
        held = days.aggregate(held=Sum("held"))["held"] or 0
        days.update(
            vanished=F("vanished") + F("segments"),
            vanished_held=F("vanished_held") + F("held"),
            vanished_at=now(),
            segments=0,
            bytes=0,
            held=0,
        )
        storage.files_on_record = 0
        storage.absent_since, storage.absent_reason = None, ""
        storage.save(update_fields=["files_on_record", "absent_since", "absent_reason"])
        follow_loss(storage)
        record(
            "footage.loss_confirmed",
            actor=reference(by),
            subject=f"storage:{storage.pk}",
            payload={
                "storage": current.name,
                "files_on_record": lost,
                "held": held,
                "reason": reason.strip()[:500],
            },
        )


def confirm_names(
    storage: Storage, until: datetime, *, reason: str, by: "Officer | None" = None, actor: str = ""
) -> None:
    """A person looked at files whose names contradict their modification times, and says that the names are right.

    So it is after copying or restoring a storage: every file is as new as the copy. What is written later is doubted
    as before.
    """
    if not reason.strip():
        raise UnusableInput("사유를 적어 주십시오.")
    if until > now():
        raise UnusableInput(
            "아직 쓰이지 않은 파일의 이름은 확인할 수 없습니다. 지금보다 앞선 시각을 적어 주십시오."
        )
    with transaction.atomic():
        storage.names_confirmed_until = until
        storage.save(update_fields=["names_confirmed_until"])
        record(
            "footage.names_confirmed",
            actor=actor or reference(by),
            subject=f"storage:{storage.pk}",
            payload={"storage": storage.name, "until": until.isoformat(), "reason": reason.strip()[:500]},
        )


class _Sampler(Visitor):
    """Collects a few paths with what the layout makes of them."""

    def __init__(self, root: str, layout: Layout, limit: int) -> None:
        super().__init__(root, layout)
        self.limit = limit
        self.found: list[Example] = []

    def take(self, folder: Folder, descriptor: int, portion: list[os.DirEntry[str]]) -> None:
        for entry, reading in self.readings(folder, portion):
            if len(self.found) < self.limit:
                self.found.append(Example(folder.child(entry.name), reading.camera, reading.start))


def examples(
    root: str, layout: str, timezone: str = "Asia/Seoul", limit: int = 10, *, besides: Storage | None = None
) -> list[Example]:
    """A few files of a folder as a layout reads them: what a person looks at before registering it."""
    sampler = _Sampler(check_root(root, besides=besides), _check_layout(layout, timezone), limit)
    todo = [Folder("", sampler.layout.top())]
    try:
        while todo and len(sampler.found) < limit and sampler.entries < 50_000:
            folder = todo.pop()
            with suppress(OSError):
                todo.extend(sampler.visit(folder))
    finally:
        sampler.close()
    strange = [
        Example(path, None, None, reason)
        for reason, paths in sampler.findings.examples.items()
        for path in paths[:limit]
    ]
    return sampler.found + strange[:limit]
