//! Our own keys and tokens: client authentication, signed requests, DPoP proofs.

use std::sync::Arc;

use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{JsonObject, Reason, Refused, encode_base64url, parse_object, random_bytes, refuse, refuse_with};
use ring::rand::SystemRandom;
use ring::{rsa, signature};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, KeyType};
use super::keys::{import_key, member};
use crate::hash::sha256;

/// The members of a JWK that are public and say which key it is, in the order of RFC 7638.
pub(crate) fn public_part(jwk: &JsonObject) -> Result<JsonObject, Refused> {
    let names: &[&str] = match jwk.get("kty").and_then(Value::as_str) {
        Some("RSA") => &["e", "kty", "n"],
        Some("EC") => &["crv", "kty", "x", "y"],
        Some("OKP") => &["crv", "kty", "x"],
        _ => return refuse(Reason::KeyUnsupported),
    };
    Ok(names.iter().filter_map(|name| Some(((*name).to_owned(), jwk.get(*name)?.clone()))).collect())
}

/// The thumbprint of a public JWK (RFC 7638).
pub(crate) fn thumbprint(jwk: &JsonObject) -> Result<String, Refused> {
    Ok(sha256(Value::Object(public_part(jwk)?).to_string()))
}

/// A private key with the one algorithm that it is used for. It prints as `[redacted]`.
#[derive(Clone)]
pub struct SigningKey {
    alg: Algorithm,
    kid: Option<String>,
    public: JsonObject,
    pair: Arc<Pair>,
    /// The private JWK as text, to be kept sealed.
    jwk: Secret,
}

enum Pair {
    Ecdsa(signature::EcdsaKeyPair),
    Ed25519(signature::Ed25519KeyPair),
    P521(Box<p521::ecdsa::SigningKey>),
    Rsa(signature::RsaKeyPair, &'static dyn signature::RsaEncoding),
}

impl SigningKey {
    /// Reads the text of a private JWK. Its algorithm is `alg`, or follows from the curve.
    ///
    /// # Errors
    /// `configuration-invalid`, or why its public part can't be used.
    pub fn from_jwk(text: &Secret) -> Result<Self, Refused> {
        let Some(jwk) = parse_object(text.expose().as_bytes()) else {
            return refuse_with(Reason::ConfigurationInvalid, "the key is no JSON object");
        };
        let public = public_part(&jwk)?;
        let key_type = import_key(&Value::Object(public.clone()))?.key_type;
        let named = match jwk.get("alg") {
            Some(name) => name.as_str().and_then(Algorithm::from_name),
            None => Algorithm::ALL.iter().map(|(alg, _)| *alg).find(|alg| key_type != KeyType::Rsa && alg.key_type() == key_type),
        };
        let Some(alg) = named.filter(|alg| alg.key_type() == key_type) else {
            return refuse_with(Reason::ConfigurationInvalid, "the key names no algorithm that fits it");
        };
        let Some(pair) = import_pair(&jwk, alg) else { return refuse_with(Reason::ConfigurationInvalid, "the key is no private key") };
        let kid = jwk.get("kid").and_then(Value::as_str).map(str::to_owned);
        Ok(Self { alg, kid, public, pair: Arc::new(pair), jwk: text.clone() })
    }

    /// Makes a new key for ES256.
    ///
    /// # Errors
    /// `configuration-invalid` where the system has no randomness.
    pub fn generate() -> Result<Self, Refused> {
        // Nearly every number is a scalar of the curve; the next one is, else.
        for _ in 0..8 {
            let scalar = Zeroizing::new(random_bytes::<32>()?);
            let Ok(key) = p256::SecretKey::from_slice(scalar.as_slice()) else { continue };
            let point = p256::elliptic_curve::sec1::ToEncodedPoint::to_encoded_point(&key.public_key(), false);
            let (Some(x), Some(y)) = (point.x(), point.y()) else { continue };
            let jwk = json!({ "kty": "EC", "crv": "P-256", "x": encode_base64url(x), "y": encode_base64url(y), "d": encode_base64url(scalar.as_slice()) });
            return Self::from_jwk(&Secret::new(jwk.to_string()));
        }
        refuse_with(Reason::ConfigurationInvalid, "the system has no randomness")
    }

    /// What it signs with.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.alg
    }

    /// Its id, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The public part.
    #[must_use]
    pub const fn public_jwk(&self) -> &JsonObject {
        &self.public
    }

    /// The thumbprint of the public part (RFC 7638).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        sha256(Value::Object(self.public.clone()).to_string())
    }

    /// The private JWK as text, to be kept sealed.
    pub(crate) const fn jwk(&self) -> &Secret {
        &self.jwk
    }

    /// Signs a token.
    ///
    /// # Errors
    /// `configuration-invalid` where the system has no randomness.
    pub fn sign(&self, header: &JsonObject, claims: &JsonObject) -> Result<String, Refused> {
        let encode = |part: &JsonObject| serde_json::to_string(part).map(encode_base64url);
        let (Ok(header), Ok(claims)) = (encode(header), encode(claims)) else { return refuse_with(Reason::ConfigurationInvalid, "claims") };
        let message = format!("{header}.{claims}");
        let Some(signature) = self.signature(message.as_bytes()) else {
            return refuse_with(Reason::ConfigurationInvalid, "the system has no randomness");
        };
        Ok(format!("{message}.{}", encode_base64url(signature)))
    }

    fn signature(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match self.pair.as_ref() {
            Pair::Ecdsa(pair) => Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
            Pair::Ed25519(pair) => Some(pair.sign(message).as_ref().to_vec()),
            Pair::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature).ok()?;
                Some(signature)
            }
            Pair::P521(key) => {
                use p521::ecdsa::signature::Signer as _;
                let signature: p521::ecdsa::Signature = key.try_sign(message).ok()?;
                Some(signature.to_bytes().to_vec())
            }
        }
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SigningKey({}, [redacted])", self.alg.name())
    }
}

fn import_pair(jwk: &JsonObject, alg: Algorithm) -> Option<Pair> {
    let secret = |name| member(jwk, name).ok().map(Zeroizing::new);
    match alg.key_type() {
        KeyType::P256 => ecdsa(jwk, &signature::ECDSA_P256_SHA256_FIXED_SIGNING),
        KeyType::P384 => ecdsa(jwk, &signature::ECDSA_P384_SHA384_FIXED_SIGNING),
        KeyType::P521 => {
            let key = p521::ecdsa::SigningKey::from_slice(&secret("d")?).ok()?;
            let public = p521::ecdsa::VerifyingKey::from(&key).to_encoded_point(false);
            let is_ours = public.as_bytes().get(1..) == Some([secret("x")?, secret("y")?].map(|part| part.to_vec()).concat().as_slice());
            is_ours.then(|| Pair::P521(Box::new(key)))
        }
        KeyType::Ed25519 => signature::Ed25519KeyPair::from_seed_and_public_key(&secret("d")?, &secret("x")?).ok().map(Pair::Ed25519),
        KeyType::Rsa => {
            let parts = ["n", "e", "d", "p", "q", "dp", "dq", "qi"].map(secret);
            let [Some(n), Some(e), Some(d), Some(p), Some(q), Some(dp), Some(dq), Some(qi)] = &parts else { return None };
            let components = rsa::KeyPairComponents {
                public_key: rsa::PublicKeyComponents { n: n.as_slice(), e },
                d: d.as_slice(),
                p,
                q,
                dP: dp,
                dQ: dq,
                qInv: qi,
            };
            Some(Pair::Rsa(signature::RsaKeyPair::from_components(&components).ok()?, rsa_encoding(alg)?))
        }
    }
}

fn ecdsa(jwk: &JsonObject, algorithm: &'static signature::EcdsaSigningAlgorithm) -> Option<Pair> {
    let secret = Zeroizing::new(member(jwk, "d").ok()?);
    let point = [&[4], member(jwk, "x").ok()?.as_slice(), member(jwk, "y").ok()?.as_slice()].concat();
    signature::EcdsaKeyPair::from_private_key_and_public_key(algorithm, &secret, &point, &SystemRandom::new()).ok().map(Pair::Ecdsa)
}

fn rsa_encoding(alg: Algorithm) -> Option<&'static dyn signature::RsaEncoding> {
    match alg {
        Algorithm::Rs256 => Some(&signature::RSA_PKCS1_SHA256),
        Algorithm::Rs384 => Some(&signature::RSA_PKCS1_SHA384),
        Algorithm::Rs512 => Some(&signature::RSA_PKCS1_SHA512),
        Algorithm::Ps256 => Some(&signature::RSA_PSS_SHA256),
        Algorithm::Ps384 => Some(&signature::RSA_PSS_SHA384),
        Algorithm::Ps512 => Some(&signature::RSA_PSS_SHA512),
        Algorithm::Es256 | Algorithm::Es384 | Algorithm::Es512 | Algorithm::EdDsa | Algorithm::Ed25519 => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::{Pinned, parse_key_set, verify_jws};

    fn check(jwk: &str) {
        let key = SigningKey::from_jwk(&Secret::new(jwk.into())).unwrap();
        let header = JsonObject::from_iter([("alg".to_owned(), Value::from(key.algorithm().name()))]);
        let claims = JsonObject::from_iter([("sub".to_owned(), Value::from("alice"))]);
        let set = json!({ "keys": [key.public_jwk()] }).to_string();
        let token = key.sign(&header, &claims).unwrap();
        let pinned = Pinned::names(&[key.algorithm().name()]).unwrap();
        assert_eq!(verify_jws(&token, &parse_key_set(set.as_bytes()).unwrap().keys, &pinned, &[""]).unwrap(), claims);
        assert!(!format!("{key:?}").contains(parse_object(jwk.as_bytes()).unwrap()["d"].as_str().unwrap()));
    }

    #[test]
    fn what_is_signed_verifies() {
        check(SigningKey::generate().unwrap().jwk().expose());
        // The scalar of each curve is 1, the seed of Ed25519 that of RFC 8032, section 7.1, test 1.
        check(
            r#"{"kty":"EC","crv":"P-256","x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY","y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}"#,
        );
        check(
            r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#,
        );
    }

    #[test]
    fn a_key_without_its_private_part_or_with_another_is_refused() {
        let other = SigningKey::generate().unwrap();
        let mut jwk = parse_object(SigningKey::generate().unwrap().jwk().expose().as_bytes()).unwrap();
        jwk.insert("d".into(), parse_object(other.jwk().expose().as_bytes()).unwrap()["d"].clone());
        for text in [Value::Object(jwk).to_string(), Value::Object(other.public_jwk().clone()).to_string(), "{}".into(), "x".into()] {
            assert!(SigningKey::from_jwk(&Secret::new(text)).is_err());
        }
    }
}
