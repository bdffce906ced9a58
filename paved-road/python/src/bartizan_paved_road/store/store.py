"""What a store must do."""

from typing import Protocol


class Store(Protocol):
    """Values are sealed, keys are hashes: whoever reads the store learns neither.

    Every operation is atomic. What has expired is not there. Times are seconds since 1970.
    """

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, value: str, expires: float) -> None: ...

    def add(self, key: str, value: str, expires: float) -> bool:
        """Puts only if the key is not there; says whether it did."""
        ...

    def take(self, key: str) -> str | None:
        """Removes a value and gives it: of many who take, one gets it."""
        ...

    def replace(self, key: str, before: str, after: str, expires: float) -> bool:
        """Puts only if the value is still ``before``."""
        ...

    def remove(self, key: str, value: str | None = None) -> None:
        """Removes, only if the value is ``value`` where that is given."""
        ...

    def link(self, name: str, member: str, expires: float) -> None:
        """Adds a member to a set."""
        ...

    def members(self, name: str) -> list[str]: ...
