"""A store in PostgreSQL."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from .sql import SqlStore


class PostgresStore(SqlStore):
    """A store in PostgreSQL, for any number of replicas. Call ``migrate()`` once.

    ``connect`` gives a connection of psycopg 3, committed at its end: ``pool.connection`` of psycopg_pool, or
    ``lambda: psycopg.connect(url)``.
    """

    def __init__(self, connect: Callable[[], AbstractContextManager[Any]], now: Callable[[], float] = time.time) -> None:
        def run(statement: str, parameters: Sequence[str | float]) -> list[Any]:
            with connect() as connection:
                cursor = connection.execute(statement.replace("?", "%s"), parameters)
                return list(cursor.fetchall()) if cursor.description else []

        super().__init__(run, now)
