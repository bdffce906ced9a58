"""Names of files from outside (CWE-22), safe on every system."""

import os
import re
import unicodedata
from typing import BinaryIO

from ..constants import LIMITS
from ..refusal import refuse

_NEVER = re.compile(r'[/\\:*?"<>|]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)", re.IGNORECASE | re.ASCII)
#: What can't be seen: controls, formats, line and paragraph separators, halves of characters.
_INVISIBLE = ("Cc", "Cf", "Zl", "Zp", "Cs")


def check_file_name(name: str) -> str:
    """Checks one name."""
    if name == "":
        refuse("name-empty")
    if len(name) > LIMITS["file_name_chars"]:
        refuse("name-too-long")
    if _NEVER.search(name) or any(unicodedata.category(char) in _INVISIBLE for char in name):
        refuse("name-character")
    if name in (".", "..") or _DEVICE.match(name):
        refuse("name-reserved")
    if name[0] in ". " or name[-1] in ". ":
        refuse("name-hidden")
    return name


def check_relative_path(text: str) -> list[str]:
    """Splits a relative path into names. Nothing is normalized: a path that goes up is refused, even if it comes back."""
    if text == "":
        refuse("path-empty")
    parts = text.split("/")
    if text.startswith("/") or any(part in (".", "..") for part in parts):
        refuse("path-escapes")
    return [check_file_name(part) for part in parts]


def open_below(folder: str, relative: str) -> BinaryIO:
    """Opens an existing file below a folder, for reading. No symbolic link is followed on the way, nor is one the file."""
    *folders, name = check_relative_path(relative)
    current = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in folders:
            following = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=current)
            os.close(current)
            current = following
        return os.fdopen(os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=current), "rb")
    finally:
        os.close(current)
