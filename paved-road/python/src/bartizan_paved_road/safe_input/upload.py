"""Uploads by what they begin with (CWE-434). Names and media types that a browser says are not asked."""

from collections.abc import Sequence

from ..constants import UPLOADS
from ..refusal import refuse


class UploadPolicy:
    """Which files are allowed."""

    def __init__(self, allowed: Sequence[str], size_max: int) -> None:
        if not allowed or not all(kind in UPLOADS["kinds"] for kind in allowed) or not size_max > 0:
            refuse("configuration-invalid", "upload policy")
        self._allowed, self._size_max = tuple(allowed), size_max

    def check(self, content: bytes) -> tuple[str, str]:
        """Says what a file is and which extension it gets, or refuses it."""
        if not content:
            refuse("upload-empty")
        if len(content) > self._size_max:
            refuse("upload-too-large")
        found = next((kind for kind, about in UPLOADS["kinds"].items() if _begins(content, about["magic"]) or ("or" in about and _begins(content, about["or"]))), None)
        if found is None:
            refuse("upload-kind-unknown")
        if found not in self._allowed:
            refuse("upload-kind-refused")
        return found, UPLOADS["kinds"][found]["extension"]


def _begins(content: bytes, magic: Sequence[Sequence[int | str]]) -> bool:
    return all(content[int(offset) :].startswith(bytes.fromhex(str(pattern))) for offset, pattern in magic)
