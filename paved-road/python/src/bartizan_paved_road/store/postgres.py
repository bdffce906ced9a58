"""A store in PostgreSQL."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from .sql import SqlStore


class PostgresStore(SqlStore):
    """A store in PostgreSQL, for any number of replicas. Call ``migrate()`` once.

    ``connect`` gives a connection of the DB-API whose parameters are ``%s``: of pg8000 ``lambda: closing(pg8000.dbapi.connect(…))``,
    of psycopg 3 ``pool.connection``.
    """

    def __init__(self, connect: Callable[[], AbstractContextManager[Any]], now: Callable[[], float] = time.time) -> None:
        def run(statement: str, parameters: Sequence[str | float]) -> list[Any]:
            with connect() as connection:
                cursor = connection.cursor()
                cursor.execute(statement.replace("?", "%s"), tuple(parameters))
                rows = list(cursor.fetchall()) if cursor.description else []
                connection.commit()
                return rows

        super().__init__(run, now)
