//! How much verification costs beyond the signature, and what a look at a session costs.
//!
//!     cargo run --release -p bartizan-paved-auth --example bench
#![expect(clippy::print_stdout, reason = "it says what it has measured")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use bartizan_paved_auth::{
    Auth, IdToken, IdTokenExpectation, KeyRing, MemoryStore, Pinned, Provider, PublicClient, Sessions, SigningKey, Store, check_id_token,
    parse_key_set, verify,
};
use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{decode_base64url, encode_base64url, random_text};
use bartizan_paved_web_guard::WebRequest;
use http::{HeaderMap, HeaderValue, Method};
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey, VerificationAlgorithm};
use serde_json::{Value, json};

type Failed = Box<dyn std::error::Error + Send + Sync>;

const ROUNDS: u32 = 4000;
const NOW: f64 = 1_800_000_000.0;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    // The seed of RFC 8032, section 7.1, test 1.
    let ed = Secret::new(r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#.into());
    measure(&SigningKey::generate()?, &ECDSA_P256_SHA256_FIXED)?;
    measure(&SigningKey::from_jwk(&ed)?, &ED25519)?;
    session().await
}

/// Operations a second: the best of some rounds, for others work on this machine, too.
fn rate(mut run: impl FnMut() -> bool) -> f64 {
    (0..7).fold(0.0, |best: f64, _| {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            assert!(black_box(run()));
        }
        best.max(f64::from(ROUNDS) / start.elapsed().as_secs_f64())
    })
}

fn measure(key: &SigningKey, algorithm: &'static dyn VerificationAlgorithm) -> Result<(), Failed> {
    let claims = json!({ "iss": "https://id.example.org", "aud": "orders", "sub": "alice", "iat": NOW, "exp": NOW + 600.0, "nonce": "n" });
    let (Value::Object(header), Value::Object(claims)) = (json!({ "alg": key.algorithm().name() }), claims) else {
        return Err("no objects".into());
    };
    let token = key.sign(&header, &claims)?;
    let keys = parse_key_set(json!({ "keys": [key.public_jwk()] }).to_string().as_bytes())?.keys;
    let (message, signature) = token.rsplit_once('.').ok_or("no token")?;
    let signature = decode_base64url(signature).ok_or("no signature")?;
    let part = |name: &str| key.public_jwk().get(name).and_then(Value::as_str).and_then(decode_base64url);
    let point = match (part("x"), part("y")) {
        (Some(x), Some(y)) => [vec![4], x, y].concat(),
        (x, _) => x.ok_or("no point")?,
    };
    let raw = rate(|| UnparsedPublicKey::new(algorithm, &point).verify(message.as_bytes(), &signature).is_ok());
    let expected = IdTokenExpectation {
        now: NOW,
        issuer: "https://id.example.org",
        client_id: "orders",
        nonce: "n",
        access_token: None,
        max_age: None,
        acr_values: &[],
    };
    let pinned = Pinned::default();
    let whole = rate(|| verify::<IdToken>(&token, &keys, &pinned).is_ok_and(|token| check_id_token(&token, &expected).is_ok()));
    println!("{}: {raw:.0} signatures/s, {whole:.0} ID tokens/s: {:.1} %", key.algorithm().name(), 100.0 * whole / raw);
    Ok(())
}

async fn session() -> Result<(), Failed> {
    let ring = encode_base64url([7; 32]);
    let (store, sealing) = (Arc::new(MemoryStore::default()), KeyRing::of([("k", ring.as_str())])?);
    let auth = Auth::at("https://orders.example.org")
        .provider(Provider::new("https://id.example.org", "orders", PublicClient))
        .sessions(Sessions::in_store(Arc::clone(&store) as Arc<dyn Store>, KeyRing::of([("k", ring.as_str())])?))
        .build()?;
    let id = random_text::<32>()?;
    let (key, now) = (Sessions::key_of(&id), std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs_f64());
    let record = json!({
        "provider": "default", "issuer": "https://id.example.org", "subject": "alice", "nonce": "n", "scopes": ["openid", "read"], "claims": { "sub": "alice" },
        "created": now, "seen": now, "access_token": "a".repeat(800), "refresh_token": "r".repeat(40),
    });
    store.put(&key, sealing.seal(&key, &record.to_string())?, now + 600.0).await?;
    let headers = HeaderMap::from_iter([(http::header::COOKIE, HeaderValue::from_str(&format!("__Host-bz-session={id}"))?)]);
    let request = WebRequest { method: Method::GET, path: "/".into(), query: String::new(), headers, certificate: None };
    let mut times = Vec::new();
    for _ in 0..20_000 {
        let start = Instant::now();
        if auth.session(&request).await?.is_none() {
            return Err("nobody is signed in".into());
        }
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    println!("session: {:.1} µs median, {:.1} µs at p99", at(50), at(99));
    Ok(())
}
