"""What a store holds is sealed: AES-256-GCM, a key ring, and the place as additional data."""

import re
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .encoding import decode_base64url, decode_utf8, encode_base64url
from .refusal import refuse
from .secret import Secret

_NONCE_BYTES, _TAG_BYTES = 12, 16
_ID = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


class KeyRing:
    """Keys that open, the first of which seals.

    Rotate by putting a new one in front, and dropping the last one a session's life later.
    """

    def __init__(self, entries: Sequence[tuple[str, str]]) -> None:
        keys: dict[str, AESGCM] = {}
        for key_id, key in entries:
            data = decode_base64url(key)
            if not _ID.fullmatch(key_id) or data is None or len(data) != 32 or key_id in keys:
                refuse("configuration-invalid", "a key ring has distinct ids and keys of 256 bits")
            keys[key_id] = AESGCM(data)
        if not keys:
            refuse("configuration-invalid", "the key ring is empty")
        self.__keys = keys

    @classmethod
    def parse(cls, secret: Secret) -> "KeyRing":
        """Reads ``id:key,id:key``, keys of 256 bits in base64url: ``python -c "import secrets; print(secrets.token_urlsafe(32))"``."""
        return cls([(key_id, key) for key_id, _, key in (entry.partition(":") for entry in secret.expose().split(","))])

    @classmethod
    def ephemeral(cls) -> "KeyRing":
        """A ring of one key that nobody else has: for stores that end with the process."""
        return cls([("process", encode_base64url(secrets.token_bytes(32)))])

    def seal(self, place: str, text: str) -> str:
        """Seals a text for a place."""
        key_id, key = next(iter(self.__keys.items()))
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return f"1.{key_id}.{encode_base64url(nonce)}.{encode_base64url(key.encrypt(nonce, text.encode(), place.encode()))}"

    def open(self, place: str, sealed: str) -> str:
        """Opens what was sealed for the same place."""
        parts = sealed.split(".")
        if len(parts) != 4 or parts[0] != "1":
            refuse("sealed-malformed")
        nonce, data = decode_base64url(parts[2]), decode_base64url(parts[3])
        if nonce is None or len(nonce) != _NONCE_BYTES or data is None or len(data) < _TAG_BYTES:
            refuse("sealed-malformed")
        key = self.__keys.get(parts[1]) or refuse("sealed-key-unknown")
        try:
            text = decode_utf8(key.decrypt(nonce, data, place.encode()))
        except InvalidTag:
            refuse("sealed-mismatch")
        return text if text is not None else refuse("sealed-mismatch")

    def __repr__(self) -> str:
        return "KeyRing([redacted])"

    def __reduce__(self) -> str:
        raise TypeError("a key ring can't be serialized")
