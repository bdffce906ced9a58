"""A store in Redis."""

import time
from collections.abc import Callable
from typing import Any, Protocol


class RedisClient(Protocol):
    """What is used of ``redis.Redis``."""

    def execute_command(self, *command: Any) -> Any: ...


_REPLACE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1 end return 0"
_REMOVE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
_LINK = (
    "redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2]) redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3]) "
    "local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES') "
    "redis.call('PEXPIREAT', KEYS[1], math.floor(last[2] * 1000)) return 1"
)


class RedisStore:
    """A store in Redis 6.2 or later, for any number of replicas."""

    def __init__(self, client: RedisClient, prefix: str = "bz:", now: Callable[[], float] = time.time) -> None:
        self._client, self._prefix, self._now = client, prefix, now

    def get(self, key: str) -> str | None:
        return _text(self._send("GET", self._prefix + key))

    def put(self, key: str, value: str, expires: float) -> None:
        self._send("SET", self._prefix + key, value, "PX", self._lifetime(expires))

    def add(self, key: str, value: str, expires: float) -> bool:
        return bool(self._send("SET", self._prefix + key, value, "PX", self._lifetime(expires), "NX"))

    def take(self, key: str) -> str | None:
        return _text(self._send("GETDEL", self._prefix + key))

    def replace(self, key: str, before: str, after: str, expires: float) -> bool:
        return int(self._send("EVAL", _REPLACE, 1, self._prefix + key, before, after, self._lifetime(expires))) == 1

    def remove(self, key: str, value: str | None = None) -> None:
        if value is None:
            self._send("DEL", self._prefix + key)
        else:
            self._send("EVAL", _REMOVE, 1, self._prefix + key, value)

    def link(self, name: str, member: str, expires: float) -> None:
        self._send("EVAL", _LINK, 1, self._prefix + name, expires, member, self._now())

    def members(self, name: str) -> list[str]:
        return sorted(filter(None, map(_text, self._send("ZRANGEBYSCORE", self._prefix + name, f"({self._now()}", "+inf"))))

    def _send(self, *command: Any) -> Any:
        return self._client.execute_command(*command)

    def _lifetime(self, expires: float) -> int:
        return max(1, round((expires - self._now()) * 1000))


def _text(value: Any) -> str | None:
    return None if value is None else value.decode() if isinstance(value, bytes) else str(value)
