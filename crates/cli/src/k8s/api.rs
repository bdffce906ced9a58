//! The API of a cluster, read only.

use std::{io::Read as _, sync::Arc, thread, time::Duration};

use base64::Engine as _;
use serde_json::Value as Json;
use ureq::{
    Agent,
    http::header,
    tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem},
};

use super::Access;
use crate::{
    failure::{Failure, Outcome},
    http,
    text::harmless,
};

const CALL_TIMEOUT: Duration = Duration::from_secs(120);
/// The largest answer, in bytes: a page of 500 objects of the largest size that there is has 750 MB, and none has.
const MAX_ANSWER_BYTES: u64 = 256 << 20;
/// So often it is asked again when the server has too much to do.
const MAX_ATTEMPTS: u32 = 6;
/// The longest wait that a server may ask for.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// Asks the API of a cluster. It only ever sends GET.
pub(crate) struct Api {
    agent: Agent,
    server: String,
    authorization: Option<String>,
}

/// What was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// Whoever asks may not read it.
    Forbidden,
    /// There is no such thing.
    Missing,
    /// The list that was being read is too old: it has to be read from its start.
    Expired,
    /// Something else went wrong, in words.
    Failed(String),
}

impl Api {
    pub(crate) fn new(access: Access) -> Outcome<Self> {
        let bad = |what: &str| Failure::bad_input("kubeconfig", format!("{what} can't be read")).with_help("it should be PEM");
        let roots: Vec<Certificate<'static>> = match &access.authority {
            Some(pem) => certificates(pem),
            None => http::system_authorities(),
        };
        if roots.is_empty() && access.authority.is_some() {
            return Err(bad("the certificate of the authority").into());
        }
        let client = match &access.credentials.certificate {
            Some((certificate, key)) => {
                let key = PrivateKey::from_pem(key).map_err(|_| bad("the key of the user"))?;
                Some(ClientCert::new_with_certs(&certificates(certificate), key))
            }
            None => None,
        };
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&roots))
            .client_cert(client)
            .disable_verification(access.is_insecure)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        // Redirects are not followed: one could lead the token to somebody else.
        let config = http::settings(tls).timeout_global(Some(CALL_TIMEOUT)).build();
        let authorization = match (access.credentials.token, access.credentials.basic) {
            (Some(token), _) => Some(format!("Bearer {token}")),
            (None, Some((name, password))) => {
                Some(format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{name}:{password}"))))
            }
            (None, None) => None,
        };
        Ok(Self { agent: config.into(), server: access.server, authorization })
    }

    /// Asks for a document; waits and asks again where the server has too much to do.
    pub(crate) fn get(&self, path: &str, accept: &str) -> Result<Json, Unanswered> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            match self.ask(path, accept) {
                Err(Asked::Again(wait, _)) if attempt < MAX_ATTEMPTS => thread::sleep(wait),
                Err(Asked::Again(_, why)) => return Err(Unanswered::Failed(format!("{why}, {MAX_ATTEMPTS} times"))),
                Err(Asked::For(unanswered)) => return Err(unanswered),
                Ok(document) => return Ok(document),
            }
        }
    }

    fn ask(&self, path: &str, accept: &str) -> Result<Json, Asked> {
        let failed = |why: String| Asked::For(Unanswered::Failed(harmless(&why).into_owned()));
        let mut request = self.agent.get(format!("{}{path}", self.server)).header(header::ACCEPT, accept);
        if let Some(authorization) = &self.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let response = request.call().map_err(|error| failed(error.to_string()))?;
        let status = response.status().as_u16();
        let wait = response.headers().get(header::RETRY_AFTER).and_then(|seconds| seconds.to_str().ok()?.parse().ok());
        match status {
            200 => {}
            401 => return Err(failed("the server does not know who asks (401): the credentials may have expired".to_owned())),
            403 => return Err(Asked::For(Unanswered::Forbidden)),
            404 => return Err(Asked::For(Unanswered::Missing)),
            410 => return Err(Asked::For(Unanswered::Expired)),
            429 | 500 | 502..=504 => {
                let wait = wait.map_or(Duration::from_secs(1), Duration::from_secs).min(MAX_WAIT);
                return Err(Asked::Again(wait, format!("the server answers {status}")));
            }
            _ => return Err(failed(format!("the server answers {status}"))),
        }
        let mut bytes = Vec::new();
        let mut body = response.into_body().into_reader().take(MAX_ANSWER_BYTES.saturating_add(1));
        body.read_to_end(&mut bytes).map_err(|error| failed(format!("the answer broke off: {error}")))?;
        if MAX_ANSWER_BYTES < crate::text::to_u64(bytes.len()) {
            return Err(failed(format!("the answer is larger than {}", crate::text::bytes(MAX_ANSWER_BYTES))));
        }
        serde_json::from_slice(&bytes).map_err(|error| failed(format!("the answer is no JSON: {error}")))
    }
}

/// What came of one attempt.
enum Asked {
    /// Ask again after a while.
    Again(Duration, String),
    /// Asking again would not help.
    For(Unanswered),
}

fn certificates(pem: &[u8]) -> Vec<Certificate<'static>> {
    let of = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    parse_pem(pem).filter_map(of).collect()
}
