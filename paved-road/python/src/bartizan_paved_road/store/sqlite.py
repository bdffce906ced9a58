"""A store in SQLite."""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from .sql import SqlStore


class SqliteStore(SqlStore):
    """A store in a file of SQLite 3.35 or later: for one machine. Call ``migrate()`` once."""

    def __init__(self, path: str, now: Callable[[], float] = time.time) -> None:
        self._path, self._local = path, threading.local()
        super().__init__(self._run, now)

    def _run(self, statement: str, parameters: Sequence[str | float]) -> list[Any]:
        return self._connection().execute(statement, parameters).fetchall()

    def _connection(self) -> sqlite3.Connection:
        """One connection a thread, each statement its own transaction."""
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(self._path, timeout=5, isolation_level=None)
            connection.execute("PRAGMA journal_mode = WAL")
            self._local.connection = connection
        found: sqlite3.Connection = self._local.connection
        return found
