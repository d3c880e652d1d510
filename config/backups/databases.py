"""The database as one file, and back: SQLite by its online backup, PostgreSQL by `pg_dump` and `psql`.

Both give the state of one instant while the system works on. What the manifest says of that state (migrations, ledger)
is read from the same instant: from the copy itself, or in the snapshot that `pg_dump` is given.

Coming back, the new state is whole beside the old one before the old one goes: a file that takes the name, or one
transaction that empties the schema and fills it again.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.db import DatabaseError, connection, transaction

from accounts.korean import josa
from config.backups.errors import Refused
from ledger.files import sync_folder

EMPTY_SCHEMA = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT format('%I.%I', schemaname, viewname) AS name FROM pg_views
        WHERE schemaname = current_schema()
    LOOP EXECUTE 'DROP VIEW IF EXISTS ' || found.name || ' CASCADE'; END LOOP;
    FOR found IN SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
        WHERE schemaname = current_schema()
    LOOP EXECUTE 'DROP TABLE IF EXISTS ' || found.name || ' CASCADE'; END LOOP;
    FOR found IN SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences
        WHERE schemaname = current_schema()
    LOOP EXECUTE 'DROP SEQUENCE IF EXISTS ' || found.name || ' CASCADE'; END LOOP;
    FOR found IN SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP EXECUTE 'DROP ROUTINE IF EXISTS ' || found.name || ' CASCADE'; END LOOP;
END $$;
"""


@dataclass(frozen=True)
class Facts:
    """Of the state in the copy."""

    version: str
    migrations: dict[str, list[str]]
    ledger: dict[str, Any]


class Database(Protocol):
    vendor: str

    def check_tools(self) -> None:
        """Whether `dump` and `put_in_place` can work here. Refused."""

    def size(self) -> int:
        """Bytes that a copy may need at most."""

    def is_empty(self) -> bool: ...

    def dump(self, folder: Path) -> Facts:
        """One file in `folder`. Refused, OSError."""

    def stage(self, file: Path) -> Path:
        """Whatever is needed beside a checked `file` before it can take the place of what is there. Refused, OSError."""

    def put_in_place(self, staged: Path, aside: str) -> str:
        """All or nothing; returns what became of the old state, in Korean. Refused, OSError."""


def current() -> Database:
    return SQLite() if connection.vendor == "sqlite" else PostgreSQL()


# ---------------------------------------------------------------- SQLite


class SQLite:
    vendor = "sqlite"
    file = "db.sqlite3"

    def __init__(self) -> None:
        self.path = Path(str(connection.settings_dict["NAME"]))

    def check_tools(self) -> None:
        """The module is Python's own."""

    def size(self) -> int:
        return sum(path.stat().st_size for path in (self.path, _wal(self.path)) if path.exists())

    def is_empty(self) -> bool:
        try:
            return not connection.introspection.table_names()
        except DatabaseError:  # destroyed, which is not the same as empty
            return False

    def dump(self, folder: Path) -> Facts:
        if not self.path.exists():
            raise Refused(f"데이터베이스 파일이 없습니다: {self.path}")
        target = folder / self.file
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            with (
                closing(sqlite3.connect(self.path, timeout=30)) as source,
                closing(sqlite3.connect(target)) as copy,
            ):
                # All pages in one step: readers do not block writers, and nobody's write makes it start again.
                source.backup(copy)
                # A file of its own, without a log beside it.
                copy.execute("PRAGMA journal_mode=DELETE")
                _check_sqlite(copy)
                facts = _facts(copy.cursor(), f"SQLite {sqlite3.sqlite_version}")
        except sqlite3.Error as error:
            raise Refused(f"데이터베이스를 백업할 수 없습니다: {error}") from error
        with open(target, "rb") as handle:
            os.fsync(handle.fileno())
        return facts

    def stage(self, file: Path) -> Path:
        try:
            with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
                _check_sqlite(copy)
        except sqlite3.Error as error:
            raise Refused(f"백업의 데이터베이스를 열 수 없습니다: {error}") from error
        # On the disk of the old one, so that taking its place is a change of name.
        beside = self.path.with_name(f".{self.path.name}.restoring")
        beside.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(file, beside)
        with open(beside, "rb") as handle:
            os.fsync(handle.fileno())
        return beside

    def put_in_place(self, staged: Path, aside: str) -> str:
        was_empty = self.is_empty()
        connection.close()
        if self.path.exists():
            self._be_the_only_one()
        kept = self.path.with_name(f"{self.path.name}.{aside}")
        if self.path.exists() and not was_empty:
            os.link(self.path, kept)
        os.replace(staged, self.path)
        sync_folder(self.path.parent)
        return "" if was_empty else f"전의 데이터베이스: {kept}"

    def _be_the_only_one(self) -> None:
        """Nobody has it open, and no log is left that would be read into the new file."""
        try:
            with closing(sqlite3.connect(self.path, timeout=2)) as old:
                mode = old.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                mode = "locked"
            else:  # a destroyed file: what is left of its log belongs to it
                mode = "delete"
                for rest in (_wal(self.path), self.path.with_name(f"{self.path.name}-shm")):
                    rest.unlink(missing_ok=True)
        if mode != "delete":
            raise Refused(f"다른 프로그램이 데이터베이스를 열고 있습니다. 먼저 멈추십시오: {self.path}")


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _check_sqlite(database: sqlite3.Connection) -> None:
    found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise Refused(f"데이터베이스 파일이 손상되었습니다: {found}")


# ---------------------------------------------------------------- PostgreSQL


class PostgreSQL:
    vendor = "postgresql"
    file = "db.pgdump"

    def check_tools(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            server = int(cursor.fetchone()[0]) // 10000
        for tool in ("pg_dump", "pg_restore", "psql"):
            major = _major_version(tool)
            if major < server:
                raise Refused(
                    f"{tool} {major}{josa(major, '은/는')} PostgreSQL {server} 서버에 쓸 수 없습니다. postgresql-client-{server} 이상을 설치하십시오."
                )

    def size(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])

    def is_empty(self) -> bool:
        return not connection.introspection.table_names()

    def dump(self, folder: Path) -> Facts:
        self.check_tools()
        target = folder / self.file
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
                snapshot, version = cursor.fetchone()
                facts = _facts(cursor, f"PostgreSQL {version}")
                _run("pg_dump", "-Fc", f"--snapshot={snapshot}", f"--file={target}", to_database=True)
        except DatabaseError as error:
            raise Refused(f"데이터베이스를 백업할 수 없습니다: {error}") from error
        _run("pg_restore", "--list", str(target))
        with open(target, "rb") as handle:
            os.fsync(handle.fileno())
        return facts

    def stage(self, file: Path) -> Path:
        """The whole script first: `psql` would take the end of a broken pipe for the end of the work."""
        self.check_tools()
        script = file.with_suffix(".sql")
        # Owners and grants are those of this server: docs/ledger.md gives the application's role its own again.
        _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(file))
        empty = file.with_name("empty.sql")
        empty.write_text(EMPTY_SCHEMA)
        return script

    def put_in_place(self, staged: Path, aside: str) -> str:
        connection.close()
        _run(
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--single-transaction",
            "--output=/dev/null",
            f"--file={staged.with_name('empty.sql')}",
            f"--file={staged}",
            to_database=True,
        )
        return "전의 데이터베이스의 내용은 바뀌었고 남아 있지 않습니다."


def _major_version(tool: str) -> int:
    words = _run(tool, "--version").split()
    number = next((word for word in words if word[0].isdigit()), "")
    return int(number.split(".")[0]) if number else 0


def _run(tool: str, *arguments: str, to_database: bool = False) -> str:
    """A program of the PostgreSQL client; the password goes by its environment. Refused."""
    if (program := shutil.which(tool)) is None:
        raise Refused(f"{tool} 프로그램이 없습니다. postgresql-client 패키지를 설치하십시오.")
    environment: dict[str, str] = {}
    if to_database:
        command, given = connection.client.settings_to_cmd_args_env(connection.settings_dict, arguments)
        arguments, environment = tuple(command[1:]), given or {}
    done = subprocess.run(  # noqa: S603 - the program of that name, with arguments of ours
        [program, *arguments],
        env={**os.environ, **environment, "LC_MESSAGES": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise Refused(
            f"{tool}{josa(tool, '이/가')} 실패했습니다: {' / '.join(done.stderr.strip().splitlines()[:3])}"
        )
    return done.stdout


# ---------------------------------------------------------------- what the copy holds


def _facts(cursor: Any, version: str) -> Facts:
    migrations: dict[str, list[str]] = {}
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    for app, name in cursor.fetchall():
        migrations.setdefault(app, []).append(name)
    cursor.execute("SELECT count(*) FROM ledger_entry")
    (entries,) = cursor.fetchone()
    cursor.execute("SELECT size, root, at FROM ledger_signedhead ORDER BY size DESC, id DESC LIMIT 1")
    size, root, at = cursor.fetchone() or (0, "", "")
    return Facts(version, migrations, {"entries": entries, "size": size, "root": root, "at": str(at)})
