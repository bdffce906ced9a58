"""Public keys of others: which of a key set can be used, and for what (RFC 7517)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from joserfc.jwk import ECKey, OKPKey, RSAKey

from ..constants import ALGORITHMS, LIMITS, Reason
from ..encoding import decode_base64url
from ..refusal import Refused, refuse
from ..strict_json import JsonObject, parse_object

#: What an algorithm needs of a key.
FITS: Final[dict[str, str]] = {
    "ES256": "P-256",
    "ES384": "P-384",
    "ES512": "P-521",
    "PS256": "RSA",
    "PS384": "RSA",
    "PS512": "RSA",
    "RS256": "RSA",
    "RS384": "RSA",
    "RS512": "RSA",
    "EdDSA": "Ed25519",
    "Ed25519": "Ed25519",
}


@dataclass(frozen=True)
class PublicKey:
    """A key that may verify signatures."""

    kid: str
    #: RSA, or the curve.
    type: str
    #: The algorithm that the key is announced for, if any.
    alg: str | None
    key: RSAKey | ECKey | OKPKey
    #: Length of a signature in bytes.
    signature_bytes: int


@dataclass
class KeySet:
    """The keys of a set, and why others were left out."""

    keys: list[PublicKey] = field(default_factory=list)
    ignored: list[tuple[str, Reason]] = field(default_factory=list)


def _goes_with(alg: str, announced: str | None) -> bool:
    """Whether an algorithm goes with the one that a key is announced for.

    It is of the same family, and for RSA the hash is not shorter. Of an elliptic curve the algorithm follows from the curve.
    """
    if announced is None or announced == alg:
        return True
    family = alg[:2]
    return family != "Ed" and announced.startswith(family) and (family == "ES" or int(alg[2:]) >= int(announced[2:]))


def fits(key: PublicKey, alg: str) -> bool:
    """Whether ``key`` may verify ``alg``."""
    return key.type == FITS[alg] and _goes_with(alg, key.alg)


def pin_algorithms(algorithms: Sequence[str] | None = None) -> tuple[str, ...]:
    """Pins algorithms: a list that is not empty, of supported ones alone (RFC 8725, section 3.1)."""
    pinned = tuple(ALGORITHMS["default"] if algorithms is None else algorithms)
    if not pinned:
        refuse("configuration-invalid", "no algorithm is pinned")
    for alg in pinned:
        if alg not in ALGORITHMS["supported"]:
            refuse("configuration-invalid", f"algorithm {alg} is not supported")
    return pinned


def parse_key_set(text: str) -> KeySet:
    """Reads a key set."""
    parsed = parse_object(text)
    if parsed is None:
        refuse("json-malformed")
    keys = parsed.get("keys")
    if not isinstance(keys, list):
        refuse("jwks-malformed")
    if len(keys) > LIMITS["jwks_keys"]:
        refuse("jwks-too-many-keys")
    found = KeySet()
    for jwk in keys:
        try:
            found.keys.append(import_key(jwk))
        except Refused as error:
            kid = jwk.get("kid") if isinstance(jwk, dict) else None
            found.ignored.append((kid if isinstance(kid, str) else "", error.reason))
    return found


_PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")
_SIGNATURES = re.compile(r"(?:ES|PS|RS)[0-9]{3}|EdDSA|Ed25519")


def import_key(jwk: Any) -> PublicKey:
    """Imports a public JWK, or refuses with why it can't be used."""
    if not isinstance(jwk, dict) or not isinstance(jwk.get("kty"), str):
        refuse("key-malformed")
    kid, alg = jwk.get("kid", ""), jwk.get("alg")
    if not isinstance(kid, str) or not ("alg" not in jwk or isinstance(alg, str)):
        refuse("key-malformed")
    if jwk["kty"] == "oct":
        refuse("key-symmetric")
    if any(member in jwk for member in _PRIVATE):
        refuse("key-private")
    if "use" in jwk and jwk["use"] != "sig":
        refuse("key-not-for-signatures")
    operations = jwk.get("key_ops")
    if "key_ops" in jwk and not (isinstance(operations, list) and "verify" in operations):
        refuse("key-not-for-signatures")
    kind = _type_of(jwk)
    if alg is not None and not _SIGNATURES.fullmatch(alg):
        refuse("key-not-for-signatures")
    key, signature_bytes = _import_rsa(jwk) if kind == "RSA" else _import_curve(jwk, kind)
    return PublicKey(kid, kind, alg, key, signature_bytes)


_CURVES = {"EC": ("P-256", "P-384", "P-521"), "OKP": ("Ed25519",)}


def _type_of(jwk: JsonObject) -> str:
    if jwk["kty"] == "RSA":
        return "RSA"
    curve = jwk.get("crv")
    if not isinstance(curve, str) or curve not in _CURVES.get(jwk["kty"], ()):
        refuse("key-unsupported")
    return curve


def _member(jwk: JsonObject, name: str) -> bytes:
    """Decodes a member that must be there."""
    text = jwk.get(name)
    data = decode_base64url(text) if isinstance(text, str) else None
    return data if data else refuse("key-malformed")


def _import_rsa(jwk: JsonObject) -> tuple[RSAKey, int]:
    n, e = _member(jwk, "n"), _member(jwk, "e")
    # RFC 7518, section 2: Base64urlUInt has no zeros in front.
    if n[0] == 0 or e[0] == 0:
        refuse("key-malformed")
    bits, exponent = int.from_bytes(n, "big").bit_length(), int.from_bytes(e, "big")
    if len(e) > 4 or bits > LIMITS["rsa_bits_max"]:
        refuse("key-too-large")
    if bits < LIMITS["rsa_bits_min"] or exponent < 3 or exponent % 2 == 0:
        refuse("key-too-weak")
    return _create(RSAKey, {"kty": "RSA", "n": jwk["n"], "e": jwk["e"]}), len(n)


_COORDINATE_BYTES = {"P-256": 32, "P-384": 48, "P-521": 66, "Ed25519": 32}


def _import_curve(jwk: JsonObject, curve: str) -> tuple[ECKey | OKPKey, int]:
    size, names = _COORDINATE_BYTES[curve], ("x",) if curve == "Ed25519" else ("x", "y")
    if any(len(_member(jwk, name)) != size for name in names):
        refuse("key-malformed")
    picked = {name: jwk[name] for name in ("kty", "crv", *names)}
    return _create(OKPKey if curve == "Ed25519" else ECKey, picked), 2 * size


def _create(kind: Any, jwk: JsonObject) -> Any:
    """OpenSSL checks that the point is on the curve."""
    try:
        key = kind.import_key(jwk)
        key.get_op_key("verify")
        return key
    except Exception:
        refuse("key-malformed")
