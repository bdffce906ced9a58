//! Public keys of others: which of a key set can be used, and for what (RFC 7517).

use bartizan_paved_spec::{JsonObject, Reason, Refused, decode_base64url, limits, parse_object, refuse};
use serde_json::Value;

use super::algorithm::{Algorithm, KeyType};

/// A key that may verify signatures.
#[derive(Clone)]
pub struct PublicKey {
    pub(crate) kid: String,
    /// The algorithm that the key is announced for, if any.
    announced: Option<String>,
    pub(crate) key_type: KeyType,
    pub(crate) material: Material,
    /// Length of a signature in bytes.
    pub(crate) signature_bytes: usize,
}

/// What a signature is checked with.
#[derive(Clone)]
pub(crate) enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point of P-256 or P-384, or the 32 bytes of Ed25519.
    Point(Vec<u8>),
    P521(Box<p521::ecdsa::VerifyingKey>),
}

/// A key that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredKey {
    /// Its id, or empty.
    pub kid: String,
    /// Why it can't be used.
    pub reason: Reason,
}

/// The keys of a set, and those that were left out.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    /// Keys that can be used, in order.
    pub keys: Vec<PublicKey>,
    /// The others.
    pub ignored: Vec<IgnoredKey>,
}

impl PublicKey {
    /// Its id; empty if it has none.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Whether it may verify `alg`.
    #[must_use]
    pub fn fits(&self, alg: Algorithm) -> bool {
        self.key_type == alg.key_type() && alg.goes_with(self.announced.as_deref())
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PublicKey({:?}, {:?})", self.kid, self.key_type)
    }
}

/// Reads a key set.
///
/// # Errors
/// `json-malformed`, `jwks-malformed`, `jwks-too-many-keys`. A single key that can't be used is no error.
pub fn parse_key_set(text: &[u8]) -> Result<KeySet, Refused> {
    let set = parse_object(text).ok_or(Reason::JsonMalformed)?;
    let Some(Value::Array(keys)) = set.get("keys") else { return refuse(Reason::JwksMalformed) };
    if keys.len() > limits::JWKS_KEYS {
        return refuse(Reason::JwksTooManyKeys);
    }
    let mut found = KeySet::default();
    for jwk in keys {
        match import_key(jwk) {
            Ok(key) => found.keys.push(key),
            Err(refused) => found
                .ignored
                .push(IgnoredKey { kid: jwk.get("kid").and_then(Value::as_str).unwrap_or_default().into(), reason: refused.reason }),
        }
    }
    Ok(found)
}

const PRIVATE: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Imports a public JWK.
///
/// # Errors
/// Why it can't be used: a reason that begins with `key-`.
pub fn import_key(jwk: &Value) -> Result<PublicKey, Refused> {
    let jwk = jwk.as_object().ok_or(Reason::KeyMalformed)?;
    let kty = jwk.get("kty").and_then(Value::as_str).ok_or(Reason::KeyMalformed)?;
    let kid = optional_text(jwk, "kid")?.unwrap_or_default();
    let announced = optional_text(jwk, "alg")?;
    if kty == "oct" {
        return refuse(Reason::KeySymmetric);
    }
    if PRIVATE.iter().any(|member| jwk.contains_key(*member)) {
        return refuse(Reason::KeyPrivate);
    }
    let operations = jwk.get("key_ops").map(|list| list.as_array().is_some_and(|list| list.iter().any(|one| one == "verify")));
    if jwk.get("use").is_some_and(|purpose| purpose != "sig") || operations == Some(false) {
        return refuse(Reason::KeyNotForSignatures);
    }
    let key_type = type_of(jwk, kty)?;
    if announced.is_some_and(|alg| !is_for_signatures(alg)) {
        return refuse(Reason::KeyNotForSignatures);
    }
    let (material, signature_bytes) = if key_type == KeyType::Rsa { import_rsa(jwk)? } else { import_curve(jwk, key_type)? };
    Ok(PublicKey { kid: kid.into(), announced: announced.map(str::to_owned), key_type, material, signature_bytes })
}

fn optional_text<'a>(jwk: &'a JsonObject, name: &str) -> Result<Option<&'a str>, Refused> {
    match jwk.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => refuse(Reason::KeyMalformed),
    }
}

/// Whether an algorithm signs at all, be it one that we know or not.
fn is_for_signatures(alg: &str) -> bool {
    let digits = ["ES", "PS", "RS"].iter().find_map(|family| alg.strip_prefix(family));
    alg == "EdDSA"
        || alg == "Ed25519"
        || digits.is_some_and(|digits| digits.len() == 3 && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

fn type_of(jwk: &JsonObject, kty: &str) -> Result<KeyType, Refused> {
    match (kty, jwk.get("crv").and_then(Value::as_str)) {
        ("RSA", _) => Ok(KeyType::Rsa),
        ("EC", Some("P-256")) => Ok(KeyType::P256),
        ("EC", Some("P-384")) => Ok(KeyType::P384),
        ("EC", Some("P-521")) => Ok(KeyType::P521),
        ("OKP", Some("Ed25519")) => Ok(KeyType::Ed25519),
        _ => refuse(Reason::KeyUnsupported),
    }
}

/// Decodes a member that must be there.
pub(super) fn member(jwk: &JsonObject, name: &str) -> Result<Vec<u8>, Refused> {
    let bytes = jwk.get(name).and_then(Value::as_str).and_then(decode_base64url).filter(|bytes| !bytes.is_empty());
    Ok(bytes.ok_or(Reason::KeyMalformed)?)
}

fn import_rsa(jwk: &JsonObject) -> Result<(Material, usize), Refused> {
    let (n, e) = (member(jwk, "n")?, member(jwk, "e")?);
    let (Some(first), Some(last)) = (n.first(), e.last()) else { return refuse(Reason::KeyMalformed) };
    // RFC 7518, section 2: Base64urlUInt has no zeros in front.
    if *first == 0 || e.first() == Some(&0) {
        return refuse(Reason::KeyMalformed);
    }
    let bits = n.len() * 8 - first.leading_zeros() as usize;
    if e.len() > 4 || bits > limits::RSA_BITS_MAX {
        return refuse(Reason::KeyTooLarge);
    }
    if bits < limits::RSA_BITS_MIN || last % 2 == 0 || e == [1] {
        return refuse(Reason::KeyTooWeak);
    }
    let bytes = n.len();
    Ok((Material::Rsa { n, e }, bytes))
}

fn import_curve(jwk: &JsonObject, key_type: KeyType) -> Result<(Material, usize), Refused> {
    let size = match key_type {
        KeyType::P384 => 48,
        KeyType::P521 => 66,
        KeyType::P256 | KeyType::Ed25519 | KeyType::Rsa => 32,
    };
    let x = member(jwk, "x")?;
    if key_type == KeyType::Ed25519 {
        return if x.len() == size { Ok((Material::Point(x), 2 * size)) } else { refuse(Reason::KeyMalformed) };
    }
    let y = member(jwk, "y")?;
    if x.len() != size || y.len() != size {
        return refuse(Reason::KeyMalformed);
    }
    let point = [&[4], x.as_slice(), y.as_slice()].concat();
    // The point is on the curve, or this is no key.
    let material = match key_type {
        KeyType::P256 => p256::PublicKey::from_sec1_bytes(&point).ok().map(|_| Material::Point(point)),
        KeyType::P384 => p384::PublicKey::from_sec1_bytes(&point).ok().map(|_| Material::Point(point)),
        KeyType::P521 => p521::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok().map(|key| Material::P521(Box::new(key))),
        KeyType::Rsa | KeyType::Ed25519 => None,
    };
    Ok((material.ok_or(Reason::KeyMalformed)?, 2 * size))
}
