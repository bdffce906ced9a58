"""Where sessions, begun sign-ins, leases and seen token ids live."""

from .memory import MemoryStore
from .postgres import PostgresStore
from .redis import RedisStore
from .sqlite import SqliteStore
from .store import Store

__all__ = ["MemoryStore", "PostgresStore", "RedisStore", "SqliteStore", "Store"]
