"""Passwords: argon2id, made stronger at sign-in, a bounded queue. Needs the extra ``passwords`` (argon2-cffi)."""

import hashlib
import hmac
import re
import threading
from typing import Any

from .constants import LIMITS, PASSWORDS
from .encoding import encode_base64url
from .refusal import refuse
from .secret import Secret

_PHC = re.compile(r"\$argon2id\$v=19\$m=([0-9]+),t=([0-9]+),p=([0-9]+)\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+", re.ASCII)


def check_password(password: str) -> None:
    """Refuses a password that can't be set. Characters count, not bytes; nothing is said about their kinds (NIST SP 800-63B-4, 3.1.1.2)."""
    if len(password) < LIMITS["password_chars_min"]:
        refuse("password-too-short")
    if len(password) > LIMITS["password_chars_max"]:
        refuse("password-too-long")


def needs_rehash(stored: str) -> bool:
    """Whether a stored hash is weaker than what is made today."""
    parts = _PHC.fullmatch(stored)
    return parts is None or int(parts[1]) < PASSWORDS["memory_kib"] or int(parts[2]) < PASSWORDS["passes"]


def peppered(password: str, pepper: Secret | None) -> str:
    """What is hashed: the password, or with a pepper its HMAC-SHA-256 in base64url, the same in every language."""
    if pepper is None:
        return password
    return encode_base64url(hmac.digest(pepper.expose().encode(), password.encode("utf-8", "surrogatepass"), hashlib.sha256))


class Passwords:
    """Hashes and checks passwords, a few at a time: hashing is meant to be slow, and a queue without end is an outage."""

    def __init__(self, pepper: Secret | None = None) -> None:
        """``pepper`` is a key that is kept apart from the hashes; passwords pass through HMAC-SHA-256 with it first."""
        from argon2 import PasswordHasher

        self._hasher = PasswordHasher(PASSWORDS["passes"], PASSWORDS["memory_kib"], PASSWORDS["lanes"], PASSWORDS["hash_bytes"], PASSWORDS["salt_bytes"])
        self._pepper = pepper
        self._places = threading.BoundedSemaphore(PASSWORDS["parallel"])
        self._waiting = threading.BoundedSemaphore(PASSWORDS["queue"] + PASSWORDS["parallel"])
        self._dummy = self._hasher.hash(peppered("a password that nobody has", pepper))

    def hash(self, password: str) -> str:
        """Makes a hash to be stored."""
        check_password(password)
        return str(self._queued(self._hasher.hash, peppered(password, self._pepper)))

    def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Checks a password against a stored hash. Without one (no such user) it takes as long.

        Gives whether it is right, and a new hash to be stored if the old one is weaker than what is made today.
        """
        if len(password) > LIMITS["password_chars_max"]:
            return False, None
        is_right = self._queued(self._matches, stored or self._dummy, password) and stored is not None
        return is_right, str(self._queued(self._hasher.hash, peppered(password, self._pepper))) if is_right and needs_rehash(stored or "") else None

    def _matches(self, stored: str, password: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return bool(self._hasher.verify(stored, peppered(password, self._pepper)))
        except (VerificationError, InvalidHashError):
            return False

    def _queued(self, work: Any, *arguments: str) -> Any:
        if not self._waiting.acquire(blocking=False):
            refuse("password-queue-full")
        try:
            with self._places:
                return work(*arguments)
        finally:
            self._waiting.release()
