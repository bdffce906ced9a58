"""Our own keys and tokens: client authentication, signed requests, DPoP proofs."""

import json
from typing import Any

from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from ..encoding import encode_base64url, sha256
from ..refusal import or_refuse, refuse
from ..strict_json import JsonObject, parse_object
from .keys import FITS, import_key

_MEMBERS = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}
_KINDS: dict[str, Any] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}


def compact_json(value: Any) -> str:
    """JSON without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def public_part(jwk: JsonObject) -> JsonObject:
    """The members of a JWK that are public and say which key it is."""
    kty = jwk.get("kty")
    members = _MEMBERS.get(kty) if isinstance(kty, str) else None
    if members is None:
        refuse("key-unsupported")
    return {name: jwk.get(name) for name in members}


def thumbprint(jwk: JsonObject) -> str:
    """The thumbprint of a public JWK (RFC 7638)."""
    return sha256(compact_json(public_part(jwk)))


class SigningKey:
    """A private key with the one algorithm that it is used for. It prints as ``[redacted]``."""

    def __init__(self, jwk: JsonObject) -> None:
        """Reads a private JWK. Its algorithm is ``alg``, or follows from the curve."""
        public = public_part(jwk)
        kind = import_key(public).type
        alg = jwk.get("alg") or next((alg for alg, fit in FITS.items() if fit == kind and kind != "RSA"), None)
        if not isinstance(alg, str) or FITS.get(alg) != kind:
            refuse("configuration-invalid", "the key names no algorithm that fits it")
        self.alg = alg
        self.kid: str | None = jwk.get("kid")
        self.public_jwk = public
        self.__jwk = {name: value for name, value in jwk.items() if name not in ("alg", "kid", "use", "key_ops")}
        self.__key = or_refuse("configuration-invalid", lambda: _KINDS[jwk["kty"]].import_key(self.__jwk))
        if not self.__key.is_private:
            refuse("configuration-invalid", "the key is not private")

    @classmethod
    def from_json(cls, text: str) -> "SigningKey":
        """Reads the text of a private JWK."""
        jwk = parse_object(text)
        return cls(jwk) if jwk is not None else refuse("configuration-invalid", "the key is no JSON object")

    @classmethod
    def generate(cls) -> "SigningKey":
        """Makes a new key for ES256."""
        return cls(dict(ECKey.generate_key("P-256").as_dict(private=True)))

    @property
    def thumbprint(self) -> str:
        return thumbprint(self.public_jwk)

    def expose(self) -> JsonObject:
        """The private JWK, to be kept sealed."""
        return {**self.__jwk, "alg": self.alg, **({"kid": self.kid} if self.kid is not None else {})}

    def sign(self, header: JsonObject, claims: JsonObject) -> str:
        """Signs a token."""
        message = f"{encode_base64url(compact_json(header))}.{encode_base64url(compact_json(claims))}"
        model: Any = JWSRegistry.algorithms["EdDSA" if self.alg == "Ed25519" else self.alg]
        return f"{message}.{encode_base64url(model.sign(message.encode(), self.__key))}"

    def __repr__(self) -> str:
        return f"SigningKey({self.alg}, [redacted])"

    def __reduce__(self) -> str:
        raise TypeError("a private key can't be serialized")
