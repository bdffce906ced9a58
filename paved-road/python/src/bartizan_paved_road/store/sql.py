"""The two tables of SQLite and PostgreSQL, and the statements on them."""

import time
from collections.abc import Callable, Sequence
from typing import Any

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS bz_records (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires DOUBLE PRECISION NOT NULL)",
    "CREATE INDEX IF NOT EXISTS bz_records_expires ON bz_records (expires)",
    "CREATE TABLE IF NOT EXISTS bz_members (name TEXT NOT NULL, member TEXT NOT NULL, expires DOUBLE PRECISION NOT NULL, PRIMARY KEY (name, member))",
    "CREATE INDEX IF NOT EXISTS bz_members_expires ON bz_members (expires)",
)

_PUT = "INSERT INTO bz_records (key, value, expires) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
_LINK = "INSERT INTO bz_members (name, member, expires) VALUES (?, ?, ?) ON CONFLICT (name, member) DO UPDATE SET expires = excluded.expires"

#: Runs a statement with parameters and gives its rows. ``?`` stands for a parameter.
Query = Callable[[str, Sequence[str | float]], list[Any]]


class SqlStore:
    """A store in an SQL database. Every operation is one statement, so that it is atomic without a transaction."""

    def __init__(self, query: Query, now: Callable[[], float] = time.time) -> None:
        self._query, self._now = query, now

    def migrate(self) -> None:
        """Makes the tables, where they are not there."""
        for statement in SCHEMA:
            self._query(statement, ())

    def sweep(self) -> None:
        """Removes what has expired. Call it now and then."""
        self._query("DELETE FROM bz_records WHERE expires <= ?", (self._now(),))
        self._query("DELETE FROM bz_members WHERE expires <= ?", (self._now(),))

    def get(self, key: str) -> str | None:
        return self._value("SELECT value FROM bz_records WHERE key = ? AND expires > ?", (key, self._now()))

    def put(self, key: str, value: str, expires: float) -> None:
        self._query(_PUT, (key, value, expires))

    def add(self, key: str, value: str, expires: float) -> bool:
        return bool(self._query(f"{_PUT} WHERE bz_records.expires <= ? RETURNING key", (key, value, expires, self._now())))

    def take(self, key: str) -> str | None:
        return self._value("DELETE FROM bz_records WHERE key = ? AND expires > ? RETURNING value", (key, self._now()))

    def replace(self, key: str, before: str, after: str, expires: float) -> bool:
        statement = "UPDATE bz_records SET value = ?, expires = ? WHERE key = ? AND value = ? AND expires > ? RETURNING key"
        return bool(self._query(statement, (after, expires, key, before, self._now())))

    def remove(self, key: str, value: str | None = None) -> None:
        if value is None:
            self._query("DELETE FROM bz_records WHERE key = ?", (key,))
        else:
            self._query("DELETE FROM bz_records WHERE key = ? AND value = ?", (key, value))

    def link(self, name: str, member: str, expires: float) -> None:
        self._query(_LINK, (name, member, expires))

    def members(self, name: str) -> list[str]:
        rows = self._query("SELECT member FROM bz_members WHERE name = ? AND expires > ? ORDER BY member", (name, self._now()))
        return [str(row[0]) for row in rows]

    def _value(self, statement: str, parameters: Sequence[str | float]) -> str | None:
        rows = self._query(statement, parameters)
        return str(rows[0][0]) if rows else None
