"""A PostgreSQL database of a benchmark's own, where a server lets us make one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def own_database(name: str) -> Iterator[str | None]:
    import psycopg

    named = [os.environ.get("TEST_POSTGRES_URL"), os.environ.get("DATABASE_URL")]
    users = (os.environ.get("USER", ""), "root", "postgres")
    usual = [f"postgres://{user}@127.0.0.1:5432/postgres" for user in users]
    for url in [url for url in named if url and url.startswith("postgres")] or usual:
        database = f"bench_{name}_{os.getpid()}"
        try:
            server = psycopg.connect(url, autocommit=True, connect_timeout=2)
            server.execute(f"CREATE DATABASE {database}")
        except psycopg.Error:
            continue
        try:
            yield url.rsplit("/", 1)[0] + f"/{database}"
        finally:
            server.execute(f"DROP DATABASE {database} WITH (FORCE)")
            server.close()
        return
    yield None
