"""Texts that must not get into logs."""

import os
from collections.abc import Mapping

from .encoding import is_equal
from .refusal import refuse

_REDACTED = "[redacted]"


class Secret:
    """A secret text. It prints, formats and represents itself as ``[redacted]``, and can't be pickled; reading it takes ``expose()``.

    Python can't wipe texts: what has been exposed stays in memory until it is collected.
    """

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    @classmethod
    def from_env(cls, name: str, env: Mapping[str, str] = os.environ) -> "Secret":
        """Reads an environment variable, which must be there."""
        text = env.get(name)
        if not text:
            refuse("configuration-invalid", f"environment variable {name} is not set")
        return cls(text)

    def expose(self) -> str:
        """The text itself. Every call is a place to review."""
        return self.__text

    def __eq__(self, other: object) -> bool:
        """Compares in constant time."""
        return isinstance(other, Secret) and is_equal(self.__text, other.__text)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return _REDACTED

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return _REDACTED

    def __reduce__(self) -> str:
        raise TypeError("a secret can't be serialized")
