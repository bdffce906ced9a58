//! JSON Web Signatures of others (RFC 7515, RFC 8725): compact form, pinned algorithms, our keys. Nothing in a token chooses how it is
//! checked: `jwk`, `jku`, `x5u` and `x5c` are not read.

use std::marker::PhantomData;

use bartizan_paved_spec::{JsonObject, Reason, Refused, decode_base64url, is_longer, limits, parse_object, refuse};
use ring::signature;
use serde_json::Value;

use super::algorithm::{Algorithm, KeyType, Pinned};
use super::keys::{Material, PublicKey};

/// A kind of token, and the types that its header may name. Kinds can't be mixed up: each check takes only its own.
pub trait TokenKind {
    /// In lower case, without `application/`; the empty text stands for none.
    const TYPES: &'static [&'static str];
}

/// The claims of a token whose signature was verified, with a pinned algorithm and a key of ours. There is no other way to make one:
///
/// ```compile_fail
/// use bartizan_paved_auth::{IdToken, Verified};
/// let forged: Verified<IdToken> = Verified { claims: Default::default() };
/// ```
///
/// And a token of one kind is none of another:
///
/// ```compile_fail
/// use bartizan_paved_auth::{AccessToken, IdTokenExpectation, Verified, check_id_token};
/// fn confused(token: &Verified<AccessToken>, expected: &IdTokenExpectation) {
///     check_id_token(token, expected);
/// }
/// ```
#[derive(Debug)]
pub struct Verified<K> {
    claims: JsonObject,
    alg: Algorithm,
    kind: PhantomData<fn() -> K>,
}

impl<K> Verified<K> {
    /// The claims. That they are for us is not said by the signature.
    #[must_use]
    pub const fn claims(&self) -> &JsonObject {
        &self.claims
    }

    /// What it was signed with.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.alg
    }
}

/// A token whose form is right. Nothing of it is to be trusted yet.
#[derive(Debug)]
pub struct ParsedToken<'a> {
    alg: String,
    kid: Option<String>,
    /// In lower case, without `application/`; empty if absent.
    typ: String,
    pub(crate) header: JsonObject,
    payload: Vec<u8>,
    message: &'a [u8],
    signature: Vec<u8>,
}

impl<'a> ParsedToken<'a> {
    /// Splits a token into its parts.
    ///
    /// # Errors
    /// `token-too-long`, `jwt-malformed`.
    pub fn parse(token: &'a str) -> Result<Self, Refused> {
        if is_longer(token, limits::TOKEN_BYTES) {
            return refuse(Reason::TokenTooLong);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Reason::JwtMalformed)?;
        let (head, payload) = message.split_once('.').ok_or(Reason::JwtMalformed)?;
        let part = |text| decode_base64url(text).ok_or(Reason::JwtMalformed);
        let (head, payload, signature) = (part(head)?, part(payload)?, part(signature)?);
        let header = parse_object(&head).ok_or(Reason::JwtMalformed)?;
        let alg = header.get("alg").and_then(Value::as_str).ok_or(Reason::JwtMalformed)?.to_owned();
        let (kid, typ) = (short_text(&header, "kid")?, short_text(&header, "typ")?.unwrap_or_default().to_lowercase());
        let typ = typ.strip_prefix("application/").unwrap_or(&typ).to_owned();
        Ok(Self { alg, kid, typ, header, payload, message: message.as_bytes(), signature })
    }

    /// Checks what the header says: a pinned algorithm, no extension, an allowed type.
    pub(crate) fn check_header(&self, algorithms: &[Algorithm], types: &[&str]) -> Result<Algorithm, Refused> {
        let alg = Algorithm::from_name(&self.alg).filter(|alg| algorithms.contains(alg)).ok_or(Reason::AlgNotAllowed)?;
        // RFC 7515, section 4.1.11: we understand no extension; RFC 7797's b64 is one.
        if self.header.contains_key("crit") || self.header.contains_key("b64") {
            return refuse(Reason::CritUnsupported);
        }
        if !types.contains(&self.typ.as_str()) {
            return refuse(Reason::TypNotAllowed);
        }
        Ok(alg)
    }

    /// Whether a key may have signed it.
    pub(crate) fn is_wanted(&self, alg: Algorithm, key: &PublicKey) -> bool {
        key.fits(alg) && self.kid.as_ref().is_none_or(|kid| *kid == key.kid)
    }

    /// The one key that fits.
    pub(crate) fn select_key<'k>(&self, alg: Algorithm, keys: &'k [PublicKey]) -> Result<&'k PublicKey, Refused> {
        let mut found = keys.iter().filter(|key| self.is_wanted(alg, key));
        let key = found.next().ok_or(Reason::KeyUnknown)?;
        if found.next().is_some() { refuse(Reason::KeyAmbiguous) } else { Ok(key) }
    }

    /// Checks the signature and reads the claims.
    pub(crate) fn verify(&self, alg: Algorithm, key: &PublicKey) -> Result<JsonObject, Refused> {
        if !self.is_signed_by(alg, key) {
            return refuse(Reason::SignatureInvalid);
        }
        Ok(parse_object(&self.payload).ok_or(Reason::ClaimsMalformed)?)
    }

    /// As `verify`, and says which kind of token it is. Whoever calls has checked the header for that kind.
    pub(crate) fn verify_as<K>(&self, alg: Algorithm, key: &PublicKey) -> Result<Verified<K>, Refused> {
        Ok(Verified { claims: self.verify(alg, key)?, alg, kind: PhantomData })
    }

    fn is_signed_by(&self, alg: Algorithm, key: &PublicKey) -> bool {
        if self.signature.len() != key.signature_bytes || key.key_type != alg.key_type() {
            return false;
        }
        let (message, signature) = (self.message, self.signature.as_slice());
        match &key.material {
            Material::Rsa { n, e } => rsa_parameters(alg)
                .is_some_and(|parameters| signature::RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).is_ok()),
            Material::Point(point) => point_algorithm(key.key_type)
                .is_some_and(|algorithm| signature::UnparsedPublicKey::new(algorithm, point).verify(message, signature).is_ok()),
            Material::P521(key) => {
                use p521::ecdsa::signature::Verifier as _;
                p521::ecdsa::Signature::from_slice(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
        }
    }
}

fn short_text(header: &JsonObject, name: &str) -> Result<Option<String>, Refused> {
    match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if !is_longer(text, limits::HEADER_VALUE_CHARS) => Ok(Some(text.clone())),
        Some(_) => refuse(Reason::JwtMalformed),
    }
}

fn rsa_parameters(alg: Algorithm) -> Option<&'static signature::RsaParameters> {
    match alg {
        Algorithm::Rs256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::Rs512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::Ps256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        Algorithm::Ps384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        Algorithm::Ps512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
        Algorithm::Es256 | Algorithm::Es384 | Algorithm::Es512 | Algorithm::EdDsa | Algorithm::Ed25519 => None,
    }
}

fn point_algorithm(key_type: KeyType) -> Option<&'static dyn signature::VerificationAlgorithm> {
    match key_type {
        KeyType::P256 => Some(&signature::ECDSA_P256_SHA256_FIXED),
        KeyType::P384 => Some(&signature::ECDSA_P384_SHA384_FIXED),
        KeyType::Ed25519 => Some(&signature::ED25519),
        KeyType::P521 | KeyType::Rsa => None,
    }
}

/// Form, header, key and signature of a token, in one step, for keys that are at hand.
///
/// # Errors
/// What the rules of a JSON Web Signature say, in their order.
pub fn verify<K: TokenKind>(text: &str, keys: &[PublicKey], algorithms: &Pinned) -> Result<Verified<K>, Refused> {
    let token = ParsedToken::parse(text)?;
    let alg = token.check_header(algorithms.as_slice(), K::TYPES)?;
    token.verify_as(alg, token.select_key(alg, keys)?)
}

/// As `verify`, for a kind of token that is yours: `types` are those that it may name.
///
/// # Errors
/// As `verify`.
pub fn verify_jws(text: &str, keys: &[PublicKey], algorithms: &Pinned, types: &[&str]) -> Result<JsonObject, Refused> {
    let token = ParsedToken::parse(text)?;
    let alg = token.check_header(algorithms.as_slice(), types)?;
    token.verify(alg, token.select_key(alg, keys)?)
}
