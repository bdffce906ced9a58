//! DPoP proofs (RFC 9449): those of others at an API, and ours.

use bartizan_paved_spec::{JsonObject, Reason, Refused, algorithms, is_equal, lifetimes, parse_url, refuse};
use serde_json::{Value, json};

use crate::claims::{check_token_id, numeric_date, text};
use crate::hash::sha256;
use crate::jose::{Algorithm, ParsedToken, PublicKey, SigningKey, import_key, thumbprint};

/// What a proof must say.
#[derive(Clone, Copy)]
pub struct ProofExpectation<'a> {
    /// Seconds since 1970.
    pub now: f64,
    /// Of this request.
    pub method: &'a str,
    /// To this URL.
    pub url: &'a str,
    /// With this token.
    pub access_token: &'a str,
    /// The nonce that this server wants, if any.
    pub nonce: Option<&'a str>,
}

/// A proof that holds. Whoever gets this remembers `token_id` for twice `lifetimes.dpop_skew_seconds`, and refuses it a second time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProvedKey {
    /// The key's thumbprint.
    pub jkt: String,
    /// The proof's id.
    pub token_id: String,
}

/// Checks the DPoP headers of a request (RFC 9449, section 4.3).
///
/// # Errors
/// The first rule that they break, in the order of the specification.
pub fn check_proof(proofs: &[String], expected: &ProofExpectation<'_>) -> Result<ProvedKey, Refused> {
    let proof = match proofs {
        [] => return refuse(Reason::DpopMissing),
        [proof] => proof,
        _ => return refuse(Reason::DpopRepeated),
    };
    let token = ParsedToken::parse(proof)?;
    let known: Vec<_> = algorithms::DPOP.iter().filter_map(|name| Algorithm::from_name(name)).collect();
    let alg = token.check_header(&known, &["dpop+jwt"])?;
    let jwk = token.header.get("jwk").and_then(Value::as_object).ok_or(Reason::DpopKeyMalformed)?;
    let claims = token.verify(alg, &import_proof_key(jwk, alg)?)?;
    let token_id = check_token_id(&claims)?;
    if text(&claims, "htm") != Some(expected.method) {
        return refuse(Reason::DpopMethodMismatch);
    }
    match text(&claims, "htu").and_then(normal_target) {
        Some(target) if Some(&target) == normal_target(expected.url).as_ref() => {}
        _ => return refuse(Reason::DpopUrlMismatch),
    }
    let issued = numeric_date(claims.get("iat")).ok_or(Reason::IatMissing)?;
    if (expected.now - issued).abs() > lifetimes::DPOP_SKEW_SECONDS {
        return refuse(Reason::DpopExpired);
    }
    if !text(&claims, "ath").is_some_and(|hash| is_equal(hash, sha256(expected.access_token))) {
        return refuse(Reason::DpopTokenMismatch);
    }
    if expected.nonce.is_some() && text(&claims, "nonce") != expected.nonce {
        return refuse(Reason::DpopNonceRequired);
    }
    Ok(ProvedKey { jkt: thumbprint(jwk)?, token_id })
}

/// The key of a proof, of which only the key itself counts.
fn import_proof_key(jwk: &JsonObject, alg: Algorithm) -> Result<PublicKey, Refused> {
    let own = jwk.iter().filter(|(name, _)| !["alg", "use", "key_ops", "kid"].contains(&name.as_str()));
    let own = Value::Object(own.map(|(name, value)| (name.clone(), value.clone())).collect());
    let key = import_key(&own).ok().filter(|key| key.key_type == alg.key_type());
    Ok(key.ok_or(Reason::DpopKeyMalformed)?)
}

/// The URL without query and fragment, in normal form (RFC 3986, section 6.2.2 and 6.2.3); `None` if it is none.
fn normal_target(text: &str) -> Option<String> {
    let url = parse_url(text).filter(|url| !url.has_user)?;
    let mut path = String::with_capacity(url.path.len());
    let mut pieces = url.path.split('%');
    path.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let escape = piece.split_at_checked(2).and_then(|(digits, rest)| Some((digits, rest, hex_byte(digits)?)));
        match escape {
            Some((_, rest, byte)) if byte.is_ascii_alphanumeric() || b"._~-".contains(&byte) => {
                path.extend([char::from(byte)].into_iter().chain(rest.chars()));
            }
            Some((digits, rest, _)) => path.extend(["%", digits.to_ascii_uppercase().as_str(), rest]),
            None => path.extend(["%", piece]),
        }
    }
    if path.is_empty() {
        path.push('/');
    }
    Some(url.origin() + &path)
}

fn hex_byte(digits: &str) -> Option<u8> {
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hex { u8::from_str_radix(digits, 16).ok() } else { None }
}

/// What a proof of ours says.
#[derive(Clone, Copy)]
pub struct ProofRequest<'a> {
    /// For this request.
    pub method: &'a str,
    /// To this URL.
    pub url: &'a str,
    /// Seconds since 1970.
    pub now: u64,
    /// Fresh and random.
    pub jti: &'a str,
    /// What the server wants in it, if anything.
    pub nonce: Option<&'a str>,
    /// The token that goes with it, if any.
    pub access_token: Option<&'a str>,
}

/// What is signed in a proof of ours: header without the key, and claims.
#[must_use]
pub fn proof_parts(alg: &str, request: &ProofRequest<'_>) -> (JsonObject, JsonObject) {
    let target = request.url.split(['?', '#']).next().unwrap_or_default();
    let header = json!({ "typ": "dpop+jwt", "alg": alg });
    let mut claims = object(json!({ "jti": request.jti, "htm": request.method, "htu": target, "iat": request.now }));
    if let Some(nonce) = request.nonce {
        claims.insert("nonce".into(), nonce.into());
    }
    if let Some(token) = request.access_token {
        claims.insert("ath".into(), sha256(token).into());
    }
    (object(header), claims)
}

/// Makes a proof.
pub(crate) fn make_proof(key: &SigningKey, request: &ProofRequest<'_>) -> Result<String, Refused> {
    let (mut header, claims) = proof_parts(key.algorithm().name(), request);
    header.insert("jwk".into(), Value::Object(key.public_jwk().clone()));
    key.sign(&header, &claims)
}

/// The members of what `json!` has made.
pub(crate) fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(members) => members,
        _ => JsonObject::new(),
    }
}
