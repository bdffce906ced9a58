//! Namespaces of the cluster that the admission server runs in, remembered for a while.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde_json::Value as Json;

use super::{Access, Api};
use crate::failure::Outcome;

/// So long a namespace is remembered: a label that is changed counts after that.
const REMEMBERED: Duration = Duration::from_secs(30);
/// So many are remembered.
const MAX_REMEMBERED: usize = 10_000;
/// So long a token is used: the cluster gives a new one into the same file.
const TOKEN_USED: Duration = Duration::from_secs(300);

/// Asks the cluster for namespaces.
pub(crate) struct Namespaces {
    folder: PathBuf,
    api: Mutex<(Instant, Arc<Api>)>,
    known: Mutex<HashMap<String, Remembered>>,
}

/// What was found under a name, and when.
type Remembered = (Instant, Option<Arc<Json>>);

impl Namespaces {
    /// Whoever asks is the account whose token lies in a folder, as `token`, with the certificate of the authority, `ca.crt`.
    pub(crate) fn new(folder: PathBuf) -> Outcome<Self> {
        let api = Arc::new(Api::new(Access::of_pod(&folder)?)?);
        Ok(Self { folder, api: Mutex::new((Instant::now(), api)), known: Mutex::default() })
    }

    /// A namespace; nothing if it can't be read, so that its labels don't count.
    pub(crate) fn get(&self, name: &str) -> Option<Arc<Json>> {
        let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if name.is_empty() || !is_name(name) {
            return None;
        }
        let now = Instant::now();
        if let Some((since, known)) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(name)
            && now.duration_since(*since) < REMEMBERED
        {
            return known.clone();
        }
        let found = self.api().get(&format!("/api/v1/namespaces/{name}"), "application/json").ok().map(Arc::new);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if MAX_REMEMBERED <= known.len() {
            known.clear();
        }
        known.insert(name.to_owned(), (now, found.clone()));
        found
    }

    fn api(&self) -> Arc<Api> {
        let mut api = self.api.lock().unwrap_or_else(PoisonError::into_inner);
        if TOKEN_USED < api.0.elapsed()
            && let Some(new) = Access::of_pod(&self.folder).ok().and_then(|access| Api::new(access).ok())
        {
            *api = (Instant::now(), Arc::new(new));
        }
        Arc::clone(&api.1)
    }
}
