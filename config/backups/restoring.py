"""`restore`: an installation as a backup has it, or nothing changed.

Everything that can be refused is refused first: services that run, data that would be written over, a list or a file that is
not as it was, a backup of newer code, keys that do not fit. Then all of it is laid beside its place, each file checked
again while it is copied. Then it takes the place of what was there: the database in one step (`databases`), then the
uploaded files. The old ones are kept beside it, except the content of a PostgreSQL database.

What this machine knows of the ledger (`DATA_DIR/ledger`, retired keys) is never replaced by what the backup knew: it is
how an older state is noticed. The restore itself is an entry that a person confirms before anything is destroyed
(`ledger.restores`). What was destroyed since the backup stays destroyed and has no line in it; what was not is
destroyed under new lines by the sweeps that follow the confirmation.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from config import maintenance
from config.backups import databases, making, manifest, signing
from config.backups.copying import copy_file, copy_open, make_folder, sync_folders
from config.backups.errors import Damaged, LeftHalfDone, Refused
from config.backups.manifest import Manifest
from ledger import restores, running_as
from ledger.errors import LedgerError
from ledger.verify import Verification, verify

# Made anew without loss: sessions end, a trial's accounts get another password.
DISPENSABLE_KEYS = frozenset({"secret_key", "demo_password"})
MISSING_TOLD = 20


@dataclass
class Restored:
    manifest: Manifest
    files: int
    is_rehearsal: bool = False
    migrated: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # Of the ledger in itself; that newer heads are known elsewhere is for `continuity`.
    verification: Verification | None = None
    missing_files: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return self.verification is not None and self.verification.ok


def restore(
    source: Path,
    *,
    keys_from: Path | None = None,
    rehearse: bool = False,
    replace: bool = False,
    without_keys: bool = False,
    manifest_sha256: str = "",
) -> Restored:
    """Refused, Damaged: nothing changed. LeftHalfDone: services do not start until it is done again."""
    listed = manifest.read(source)
    _check_fits(listed)
    keys = _Keys.read(keys_from) if keys_from is not None else None
    _check_keys(listed, keys, may_miss=without_keys or rehearse)
    unproved = _check_origin(source, listed, keys, manifest_sha256, may_miss=rehearse)
    with contextlib.nullcontext() if rehearse else maintenance.alone(Path(settings.DATA_DIR)):
        there = _what_is_there()
        if there and not (replace or rehearse):
            raise Refused(
                f"이 설치에는 이미 자료가 있습니다({there}). 바꾸려면 --replace-existing-data를 붙여 실행하십시오."
            )
        count = sum(1 for _ in manifest.verify_files(source, listed))
        result = Restored(listed, count, is_rehearsal=rehearse)
        result.notes += unproved + _fault_of_keys(listed, keys)
        if rehearse:
            result.notes += [f"이미 있는 자료: {there}"] if there else []
            return result
        _replace(source, listed, keys, result)
    return result


# ---------------------------------------------------------------- what is refused


def _check_fits(listed: Manifest) -> None:
    if listed.vendor != connection.vendor:
        raise Refused(
            f"{listed.vendor}의 백업은 {connection.vendor} 설치에 되돌릴 수 없습니다. DATABASE_URL을 확인하십시오."
        )
    if sum(name.startswith("database/") for name in listed.files) != 1:
        raise Damaged("백업의 목록에 데이터베이스가 하나가 아닙니다.")
    databases.current().check_tools()
    ours, theirs = (
        manifest.version_key(text) for text in (manifest.product_version(), listed.product_version)
    )
    unknown = unknown_migrations(listed.migrations, are_apps_known=theirs < ours)
    if theirs > ours or unknown:
        raise Refused(
            f"이 프로그램({manifest.product_version()})보다 새 프로그램({listed.product_version})의 백업입니다. "
            f"프로그램을 먼저 갱신하십시오. {', '.join(unknown[:3])}".rstrip()
        )


def unknown_migrations(applied: dict[str, list[str]], *, are_apps_known: bool) -> list[str]:
    """Applied and not in this code; of apps that we do not have too, unless an older version had them."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = set(loader.disk_migrations) | {
        replaced for each in loader.disk_migrations.values() for replaced in each.replaces
    }
    return [
        f"{app}.{name}"
        for app, names in sorted(applied.items())
        for name in names
        if (app, name) not in known and not (are_apps_known and app not in loader.migrated_apps)
    ]


def _what_is_there() -> str:
    found = [] if databases.current().is_empty() else ["데이터베이스"]
    media = Path(settings.MEDIA_ROOT)
    if media.is_dir() and any(media.iterdir()):
        found.append("올린 파일")
    return ", ".join(found)


@dataclass(frozen=True)
class _Keys:
    folder: Path
    listed: Manifest

    @classmethod
    def read(cls, folder: Path) -> "_Keys":
        listed = manifest.read(folder, manifest.KEYS_FORMAT)
        for _ in manifest.verify_files(folder, listed):
            pass
        return cls(folder, listed)

    @property
    def digests(self) -> dict[str, str]:
        return {name: file.sha256 for name, file in self.listed.files.items() if name != making.ENVIRONMENT}


def _check_keys(listed: Manifest, keys: _Keys | None, *, may_miss: bool) -> None:
    fault = _fault_of_keys(listed, keys)
    if fault and not may_miss:
        raise Refused(
            f"{fault[0]} --keys-from으로 열쇠의 백업을 주십시오. 열쇠를 잃었으면 --without-keys를 붙이십시오."
        )


def _check_origin(
    source: Path, listed: Manifest, keys: _Keys | None, told: str, *, may_miss: bool
) -> list[str]:
    """That the list is the office's own. A rehearsal changes nothing, and says where that is not known."""
    try:
        signing.check(source, listed.digest, keys_folder=keys.folder if keys else None, told=told)
    except Refused as error:
        if may_miss:
            return [str(error)]
        raise
    return []


def _fault_of_keys(listed: Manifest, keys: _Keys | None) -> list[str]:
    """Keys of the backup that will not be there, whatever it was that sealed with them."""
    will_be = making.key_digests() | (keys.digests if keys else {})
    lacking = [
        name
        for name, digest in sorted(listed.keys.items())
        if name not in DISPENSABLE_KEYS and will_be.get(name) != digest
    ]
    if not lacking:
        return []
    return [
        f"백업에 맞는 열쇠가 없습니다({', '.join(lacking)}). 없으면 잠근 개인정보와 첨부 파일을 열 수 없고 원장의 서명을 확인할 수 없습니다."
    ]


# ---------------------------------------------------------------- what is done


def _replace(source: Path, listed: Manifest, keys: _Keys | None, result: Restored) -> None:
    database, media = databases.current(), Path(settings.MEDIA_ROOT)
    if media.is_mount():
        raise Refused(f"올린 파일의 폴더가 마운트 지점이라 통째로 바꿀 수 없습니다: {media}")
    aside = f"before-restore-{timezone.now():%Y%m%dT%H%M%SZ}"
    was_unfinished = restores.unfinished_file(Path(settings.DATA_DIR)) is not None
    with _stage() as stage:
        _lay_out(source, listed, stage)
        staged = database.stage(next((stage / "database").iterdir()))
        facts = listed.ledger
        begun = restores.begin(listed.made_at, int(facts.get("size", 0)), str(facts.get("root", "")))
        try:
            told = database.put_in_place(staged, aside)
        except BaseException:
            if not was_unfinished:
                restores.end()
            raise
        result.notes += [told] if told else []
        with _half_done(aside, result):
            _put_files(stage, media, aside, result)
            _put_keys(keys, aside, result)
            result.migrated = migrate_if_older()
            restores.enter(begun, operator=running_as.account())
            result.verification = verify(in_itself=True)
            result.missing_files = list(missing_files())
            # What an unfinished upgrade left is gone with it.
            maintenance.forget_upgrade(Path(settings.DATA_DIR))
            restores.end()


@contextlib.contextmanager
def _half_done(aside: str, result: Restored) -> Iterator[None]:
    try:
        yield
    except (OSError, DatabaseError, LedgerError, Refused, Damaged) as error:
        kept = " ".join(note for note in result.notes if aside in note)
        raise LeftHalfDone(
            f"복원이 끝나지 않았습니다: {error} 서비스는 시작되지 않습니다. 원인을 없앤 뒤 --replace-existing-data를 붙여 다시 "
            f"실행하십시오. {kept}".rstrip()
        ) from error


@contextlib.contextmanager
def _stage() -> Iterator[Path]:
    """A folder beside the data; what a killed restore left in it is gone."""
    data = Path(settings.DATA_DIR)
    stage, beside = data / ".restoring", _media_beside()
    for left in (stage, beside):
        shutil.rmtree(left, ignore_errors=True)
    make_folder(stage)
    try:
        yield stage
    finally:
        for left in (stage, beside):
            shutil.rmtree(left, ignore_errors=True)


def _media_beside() -> Path:
    """On the disk of the uploaded files, so that taking their place is a change of name."""
    media = Path(settings.MEDIA_ROOT)
    return media.with_name(f".{media.name}.restoring")


def _lay_out(source: Path, listed: Manifest, stage: Path) -> None:
    beside = _media_beside()
    make_folder(beside)
    for name, fact in listed.files.items():
        section, _, path = name.partition("/")
        target = beside / path if section == "media" else stage / name
        make_folder(target.parent)
        with manifest.open_listed(source, name) as handle:
            if copy_open(handle, target).sha256 != fact.sha256:
                raise Damaged(f"백업의 파일이 바뀌었습니다: {name}")
    sync_folders(beside)


def _put_files(stage: Path, media: Path, aside: str, result: Restored) -> None:
    if media.is_dir() and any(media.iterdir()):
        kept = media.with_name(f"{media.name}.{aside}")
        media.rename(kept)
        result.notes.append(f"전의 올린 파일: {kept}")
    elif media.is_dir():
        media.rmdir()
    _media_beside().rename(media)
    data = Path(settings.DATA_DIR)
    _add_missing(stage / "ledger", data / "ledger")
    _add_missing(stage / "logs", Path(settings.LOG_DIR))
    _add_missing(stage / "vault", Path(settings.VAULT_DIR))
    # Kept under numbers of history, which the restored state will give to other changes.
    shutil.rmtree(data / "dataset", ignore_errors=True)


def _add_missing(source: Path, target: Path) -> None:
    for folder, _, names in os.walk(source):
        for name in names:
            file = Path(folder) / name
            place = target / file.relative_to(source)
            if not place.exists():
                # Whole under its name or not at all: what a kill cut off must not count as there the next time.
                draft = place.with_name(f".{place.name}.restoring")
                copy_file(file, draft)
                draft.replace(place)


def _put_keys(keys: _Keys | None, aside: str, result: Restored) -> None:
    if keys is None:
        return
    store, here = settings.KEY_STORE, making.key_digests()
    for name, digest in keys.digests.items():
        if here.get(name) == digest:
            continue
        if name in here:
            kept = store.folder.with_name(f"{store.folder.name}.{aside}") / name
            copy_file(store.folder / name, kept)
            result.notes.append(f"전의 열쇠: {kept}")
        with manifest.open_listed(keys.folder, name) as handle:
            store.write(name, handle.read())


def migrate_if_older() -> list[str]:
    """Bring the database to this code; the migrations that were missing."""
    pending = pending_migrations()
    if pending:
        call_command("migrate", interactive=False, verbosity=0)
    return pending


def pending_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def missing_files() -> Iterator[str]:
    """Rows whose file is not there, as `app.Model.field number`."""
    for model in apps.get_models():
        for column in model._meta.get_fields():
            if isinstance(column, models.FileField):
                yield from _missing(model, column)


def _missing(model: type[models.Model], column: Any) -> Iterator[str]:
    rows = model._base_manager.exclude(**{column.name: ""}).exclude(**{column.name: None})
    for key, name in rows.order_by("pk").values_list("pk", column.name).iterator(chunk_size=2000):
        if not column.storage.exists(name):
            yield f"{model._meta.label}.{column.name} {key}"
