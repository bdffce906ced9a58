"""Every store does the same."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bartizan_paved_road import MemoryStore, PostgresStore, RedisStore, SqliteStore, Store

POSTGRES, REDIS = os.environ.get("BARTIZAN_TEST_POSTGRES"), os.environ.get("BARTIZAN_TEST_REDIS")


def sqlite(folder: Path) -> Store:
    store = SqliteStore(str(folder / "sessions.db"))
    store.migrate()
    return store


def postgres(_: Path) -> Store:
    from pg8000 import dbapi

    url = urlsplit(POSTGRES or "")

    def connect() -> Any:
        return closing(dbapi.connect(url.username or "", host=url.hostname or "", port=url.port or 5432, database=url.path[1:]))

    store = PostgresStore(connect)
    with connect() as connection:
        connection.cursor().execute("DROP TABLE IF EXISTS bz_records, bz_members")
        connection.commit()
    store.migrate()
    return store


def redis(_: Path) -> Store:
    import redis as client

    return RedisStore(client.Redis.from_url(REDIS or ""), prefix=f"test-{time.time()}:")


KINDS = [
    lambda _: MemoryStore(),
    sqlite,
    pytest.param(postgres, marks=pytest.mark.skipif(not POSTGRES, reason="BARTIZAN_TEST_POSTGRES is not set")),
    pytest.param(redis, marks=pytest.mark.skipif(not REDIS, reason="BARTIZAN_TEST_REDIS is not set")),
]


@pytest.fixture(params=KINDS, ids=["memory", "sqlite", "postgres", "redis"])
def store(request: Any, tmp_path: Path) -> Iterator[Store]:
    yield request.param(tmp_path)


def soon() -> float:
    return time.time() + 60


def at_once(work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(8) as pool:
        return [result for result in pool.map(work, range(20)) if result]


def test_puts_gets_removes(store: Store) -> None:
    store.put("a:1", "x", soon())
    store.put("a:1", "y", soon())
    assert store.get("a:1") == "y"
    store.remove("a:1")
    assert store.get("a:1") is None


def test_what_has_expired_is_not_there(store: Store) -> None:
    store.put("b:1", "x", time.time() + 0.05)
    time.sleep(0.12)
    assert store.get("b:1") is None and store.take("b:1") is None
    assert not store.replace("b:1", "x", "y", soon())
    assert store.add("b:1", "z", soon())


def test_adds_once(store: Store) -> None:
    assert at_once(lambda number: store.add("c:1", str(number), soon())) == [True]


def test_gives_to_one_who_takes(store: Store) -> None:
    store.put("d:1", "x", soon())
    assert at_once(lambda _: store.take("d:1")) == ["x"]


def test_replaces_what_is_as_expected(store: Store) -> None:
    store.put("e:1", "x", soon())
    assert not store.replace("e:1", "no", "y", soon())
    assert at_once(lambda number: store.replace("e:1", "x", f"y{number}", soon())) == [True]


def test_removes_what_is_as_expected(store: Store) -> None:
    store.put("f:1", "x", soon())
    store.remove("f:1", "no")
    assert store.get("f:1") == "x"
    store.remove("f:1", "x")
    assert store.get("f:1") is None


def test_keeps_sets(store: Store) -> None:
    for member, end in (("m1", soon()), ("m2", soon()), ("m2", soon()), ("old", time.time() - 1)):
        store.link("s:1", member, end)
    assert sorted(store.members("s:1")) == ["m1", "m2"] and store.members("s:2") == []


def test_sweeps(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "sweep.db"))
    store.migrate()
    store.put("g:1", "x", time.time() - 1)
    store.sweep()
    assert store.add("g:1", "y", soon())
