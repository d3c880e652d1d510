"""`backup`: one folder that is whole or does not have its name.

Order, and why no row of the backup points to a file that it lacks: uploaded files are copied, then the database's instant
is taken, then the files again (only what is new or changed). A file is written before its row is committed and deleted
after the row is gone, so a row of that instant has its file there at that instant: copied before it, or found by the second
pass. (One that was uploaded after the first pass and erased again before the second is missing; `restore` names such
rows.) The other way round would lose what is uploaded while the files are copied, or what is erased while they are.

The ledger's files are copied before that instant: the head that this machine remembers must not be newer than the database, or
the backup would accuse itself of being an older state. Keys must be the same before and after: a key that was changed
meanwhile (`reencrypt --new-key`) would leave cells that neither the old nor the new file opens.

Footage is not part of it: a copy of recordings would outlive the ordinance's period.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from config.backups import databases, manifest, signing
from config.backups.copying import (
    Copied,
    Tree,
    copy_file,
    copy_tree,
    digest_of,
    make_folder,
    size_below,
    sync_folders,
    write_file,
)
from config.backups.errors import Refused
from config.backups.manifest import KEYS_FORMAT, File, Manifest
from config.keys import KNOWN
from footage.vault import folders as vault
from ledger import running_as
from ledger.append import record
from ledger.files import sync_folder
from ledger.keys import signing_key

PREFIX, KEYS_PREFIX, UNFINISHED = "cctv-backup-", "cctv-keys-", ".unfinished"
BACKED_UP = "system.backed_up"
ENVIRONMENT = "environment"
# What a deployment chose; values with passwords go with the keys.
PLAIN_NAMES = (
    "DJANGO_SETTINGS_MODULE",
    "DATA_DIR",
    "PUBLIC_URL",
    "ALLOWED_HOSTS",
    "HOST",
    "PORT",
    "TRUSTED_PROXY",
    "TRUSTED_PROXY_COUNT",
    "STORAGE_ROOTS",
    "VAULT_DIR",
    "ACCESS_LOG_FOLDER",
    "ACCESS_LOG_MAP",
    "SECOND_FACTOR_GRACE_DAYS",
    "LEDGER_WITNESS",
    "LEDGER_CLOCK_TOLERANCE_SECONDS",
    "EMAIL_FROM",
    "REMINDER_TIME",
    "LOG_DIR",
    "DEFAULT_QUEUE",
    "ORDINANCE_PROFILE",
    "MAX_UPLOAD_MEGABYTES",
    "IDLE_TIMEOUT_MINUTES",
    "SESSION_LIFETIME_HOURS",
    "SESSIONS_PER_PERSON",
    "REAUTHENTICATION_MINUTES",
    "ALLOWED_NETWORKS",
    "DEBUG",
    "JSON_LOGS",
    "FOOTAGE_FOLDERS_FOR_WORKERS",
    "OPINIONS_PER_ADDRESS_10_MINUTES",
    "OPINIONS_PER_ADDRESS_DAY",
    "OPINIONS_PER_10_MINUTES",
)
SECRET_NAMES = ("SECRET_KEY", "DATABASE_URL", "BROKER_URL", "EMAIL_URL", "METRICS_TOKEN")


@dataclass
class Made:
    path: Path
    keys_path: Path | None
    manifest: Manifest
    digest: str
    notes: list[str] = field(default_factory=list)


def make(to: Path, keys_to: Path | None = None) -> Made:
    """A backup in `to`, its keys in `keys_to`. Refused: nothing that looks whole is left."""
    _check_targets(to, keys_to)
    with _only_one():
        notes = [f"끊긴 백업을 지웠습니다: {path}" for path in _clean_up(to, keys_to)]
        _check_space(to)
        name = f"{timezone.now():%Y%m%dT%H%M%SZ}"
        try:
            with contextlib.ExitStack() as drafts:
                draft = drafts.enter_context(_draft(to / f"{PREFIX}{name}"))
                made = _fill(draft, name)
                keys_path = None
                if keys_to is not None:
                    keys_draft = drafts.enter_context(_draft(keys_to / f"{KEYS_PREFIX}{name}"))
                    _fill_keys(keys_draft, made.manifest)
                    # The keys first: where the backup has its name, they have theirs.
                    keys_path = _give_name(keys_draft)
                path = _give_name(draft)
        except OSError as error:
            raise Refused(_in_words(error)) from error
    notes += _notes(made.manifest, to, keys_to)
    result = Made(path, keys_path, made.manifest, made.digest, notes)
    _enter(result)
    return result


def _in_words(error: OSError) -> str:
    name = f": {error.filename}" if error.filename else ""
    return f"백업하지 못했고 아무것도 남기지 않았습니다. {error.strerror or error}{name}"


# ---------------------------------------------------------------- where to


def _check_targets(to: Path, keys_to: Path | None) -> None:
    data = Path(settings.DATA_DIR).resolve()
    for target in [to] if keys_to is None else [to, keys_to]:
        if not target.is_dir():
            # Never made: where a disk is not mounted, the backup would fill the disk that it is to save.
            raise Refused(f"폴더가 없습니다: {target}")
        for ours in (data, Path(settings.MEDIA_ROOT).resolve()):
            if target.resolve().is_relative_to(ours):
                raise Refused(f"자료 폴더({ours}) 안에는 백업하지 않습니다: {target}")
    if keys_to is not None:
        one, other = to.resolve(), keys_to.resolve()
        if one.is_relative_to(other) or other.is_relative_to(one):
            raise Refused("열쇠는 백업과 다른 폴더에 두어야 합니다. 서로 안에 있어서도 안 됩니다.")


def needed_bytes() -> int:
    folders = [Path(settings.MEDIA_ROOT), _ledger_folder(), Path(settings.LOG_DIR), _vault()]
    return databases.current().size() + sum(map(size_below, folders))


def _check_space(to: Path) -> None:
    needed, free = needed_bytes(), shutil.disk_usage(to).free
    if needed > free:
        raise Refused(
            f"자리가 모자랍니다. {megabytes(needed)}가 필요하고 {megabytes(free)}가 남았습니다: {to}"
        )


def megabytes(count: int) -> str:
    return f"{count / 1024 / 1024:,.1f}MB"


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    with open(Path(settings.DATA_DIR) / "backup.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("다른 백업이 진행 중입니다. 끝난 뒤에 다시 실행하십시오.") from None
        yield


def _clean_up(*folders: Path | None) -> list[Path]:
    """What a killed backup left. One that is locked is another installation's, at work."""
    gone = []
    for folder in filter(None, folders):
        for path in [*folder.glob(f"{PREFIX}*{UNFINISHED}"), *folder.glob(f"{KEYS_PREFIX}*{UNFINISHED}")]:
            if path.is_symlink() or not path.is_dir():
                continue
            with _locked(path) as is_free:
                if is_free:
                    shutil.rmtree(path)
                    gone.append(path)
    return gone


@contextlib.contextmanager
def _draft(final: Path) -> Iterator[Path]:
    """A folder for this user only, locked while we write, gone unless it was given its name."""
    if final.exists():
        raise Refused(f"같은 이름의 백업이 이미 있습니다: {final}")
    draft = final.with_name(f"{final.name}{UNFINISHED}")
    draft.mkdir(mode=0o700)
    try:
        with _locked(draft):
            yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
            return
        yield False
    finally:
        os.close(descriptor)


def _give_name(draft: Path) -> Path:
    sync_folders(draft)
    final = draft.with_name(draft.name.removesuffix(UNFINISHED))
    draft.rename(final)
    sync_folder(final.parent)
    return final


# ---------------------------------------------------------------- what


@dataclass(frozen=True)
class _Filled:
    manifest: Manifest
    digest: str


def _fill(draft: Path, name: str) -> _Filled:
    database = databases.current()
    # Made now where nothing was sealed yet: the list is signed with it.
    signing_key()
    keys = key_digests()
    for section in manifest.SECTIONS:
        make_folder(draft / section)
    trees = {"ledger": copy_tree(_ledger_folder(), draft / "ledger")}
    _without_marks_of_restores(trees["ledger"], draft)
    media = Path(settings.MEDIA_ROOT)
    before = copy_tree(media, draft / "media")
    facts = database.dump(draft / "database")
    trees["media"] = copy_tree(media, draft / "media", before)
    trees["logs"] = copy_tree(Path(settings.LOG_DIR), draft / "logs")
    if _vault().is_dir():
        trees["vault"] = copy_tree(_vault(), draft / "vault")
    if key_digests() != keys:
        raise Refused("백업하는 동안 열쇠가 바뀌었습니다. 열쇠를 바꾸는 일이 끝난 뒤에 다시 실행하십시오.")
    files = {
        f"{section}/{path}": _as_file(copied)
        for section, tree in trees.items()
        for path, copied in tree.files.items()
    }
    for path in sorted((draft / "database").iterdir()):
        files[f"database/{path.name}"] = _as_file(digest_of(path))
    made = Manifest(
        format=manifest.FORMAT,
        made_at=timezone.now().isoformat(timespec="seconds"),
        product_version=manifest.product_version(),
        files=files,
        vendor=database.vendor,
        database_version=facts.version,
        migrations=facts.migrations,
        ledger=facts.ledger,
        keys=keys,
        settings={each: os.environ[each] for each in PLAIN_NAMES if os.environ.get(each)},
        left_out=[
            f"{section}/{path}" for section, tree in sorted(trees.items()) for path in sorted(tree.left_out)
        ],
    )
    digest = manifest.write(draft, made)
    signing.sign(draft, digest)
    return _Filled(made, digest)


def _fill_keys(draft: Path, made: Manifest) -> None:
    folder = Path(settings.KEY_STORE.folder)
    files = {}
    for name in made.keys:
        copied = copy_file(folder / name, draft / name)
        if copied is None or copied.sha256 != made.keys[name]:
            raise Refused(f"백업하는 동안 열쇠가 바뀌었습니다: {name}")
        files[name] = _as_file(copied)
    secrets = [f"{name}={os.environ[name]}" for name in SECRET_NAMES if os.environ.get(name)]
    if secrets:
        write_file(draft / ENVIRONMENT, ("\n".join(secrets) + "\n").encode())
        files[ENVIRONMENT] = _as_file(digest_of(draft / ENVIRONMENT))
    manifest.write(draft, Manifest(KEYS_FORMAT, made.made_at, made.product_version, files))


def key_digests() -> dict[str, str]:
    """Digests of the key files by their names; not of drafts, which begin with a point, and of the list of names."""
    folder = Path(settings.KEY_STORE.folder)
    if not folder.is_dir():
        return {}
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.is_symlink() and path.name != KNOWN and not path.name.startswith(".")
    }


def _without_marks_of_restores(tree: Tree, draft: Path) -> None:
    """That this machine was in the middle of a restore says nothing about the next one."""
    for name in [name for name in tree.files if name == "restoring.json" or name.startswith(".ledger-")]:
        del tree.files[name]
        (draft / "ledger" / name).unlink()


def _as_file(copied: Copied) -> File:
    return File(copied.sha256, copied.bytes)


def _ledger_folder() -> Path:
    return Path(settings.DATA_DIR) / "ledger"


def _vault() -> Path:
    """Copies of held footage, encrypted; their keys are wrapped by one that goes with the keys."""
    return Path(settings.VAULT_DIR)


# ---------------------------------------------------------------- what is said


def _notes(made: Manifest, to: Path, keys_to: Path | None) -> list[str]:
    notes = [f"파일이 아니어서 백업하지 않았습니다(바로가기 등): {name}" for name in made.left_out]
    if absent := vault.absence():
        notes.append(f"주의: 증거 보관함을 담지 못했습니다. {absent}")
    if keys_to is None:
        names = ", ".join(made.keys) or "없음"
        notes.append(
            f"열쇠는 이 백업에 없습니다. {settings.KEY_STORE.folder}의 파일을 다른 곳에 따로 보관하십시오: {names}"
        )
        notes.append("환경 파일(SECRET_KEY, 연결 주소)도 열쇠와 함께 따로 보관하십시오.")
    elif to.stat().st_dev == keys_to.stat().st_dev:
        notes.append("주의: 열쇠가 백업과 같은 디스크에 있습니다. 다른 곳으로 옮기십시오.")
    return notes


def _enter(made: Made) -> None:
    """Everything that the office knows has been copied: that is a line of the ledger."""
    payload = {
        "name": made.path.name,
        "sha256": made.digest,
        "files": len(made.manifest.files),
        "bytes": made.manifest.bytes,
        "with_keys": made.keys_path is not None,
        "operator": running_as.account(),
    }
    try:
        with transaction.atomic():
            record(BACKED_UP, actor="command:backup", subject=f"backup:{made.path.name}", payload=payload)
    except DatabaseError as error:
        made.notes.append(f"백업했다는 사실을 원장에 적지 못했습니다: {error}")
