//! All segments that there are, each opened when it is asked for the first time.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, OnceLock},
};

use super::{BrokenSegment, Segment, segment_name};
use crate::{exploited::Exploited, osv::Ecosystem};

/// Gives the bytes of a segment by its name.
pub type Load = dyn Fn(&str) -> std::io::Result<Vec<u8>> + Send + Sync;

/// Gives what is known of attacks.
pub type LoadExploited = dyn Fn() -> Exploited + Send + Sync;

/// Advisories of several ecosystems.
pub struct Store {
    segments: BTreeMap<String, OnceLock<Option<Segment>>>,
    load: Box<Load>,
    exploited: OnceLock<Exploited>,
    load_exploited: Box<LoadExploited>,
    problems: Mutex<BTreeMap<String, String>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("segments", &self.segments.keys()).finish_non_exhaustive()
    }
}

impl Store {
    /// A store of segments by their names ([`segment_name`]).
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = String>, load: Box<Load>) -> Self {
        let segments = names.into_iter().map(|name| (name, OnceLock::new())).collect();
        Self { segments, load, exploited: OnceLock::new(), load_exploited: Box::new(Exploited::default), problems: Mutex::default() }
    }

    /// The same, with what is known of attacks.
    #[must_use]
    pub fn with_exploited(mut self, load: Box<LoadExploited>) -> Self {
        self.load_exploited = load;
        self
    }

    /// What is known of attacks.
    #[must_use]
    pub fn exploited(&self) -> &Exploited {
        self.exploited.get_or_init(|| (self.load_exploited)())
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Whether there is a segment of an ecosystem, whether or not it can be read.
    #[must_use]
    pub fn has_segment(&self, ecosystem: &str) -> bool {
        self.segments.contains_key(&segment_name(ecosystem))
    }

    /// The names of the segments, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.segments.keys().map(String::as_str)
    }

    /// The segment of an ecosystem, if there is one that can be read.
    #[must_use]
    pub fn segment(&self, ecosystem: Ecosystem<'_>) -> Option<&Segment> {
        let name = segment_name(ecosystem.name);
        let slot = self.segments.get(&name)?;
        let open = || {
            let opened = (self.load)(&name).map_err(|error| error.to_string());
            let opened = opened.and_then(|bytes| Segment::open(bytes).map_err(|error: BrokenSegment| error.to_string()));
            opened.map_err(|problem| self.problems.lock().map(|mut problems| problems.insert(name.clone(), problem))).ok()
        };
        slot.get_or_init(open).as_ref()
    }

    /// What is wrong with segments that were asked for, by their names.
    #[must_use]
    pub fn problems(&self) -> Vec<(String, String)> {
        self.problems.lock().map(|problems| problems.clone().into_iter().collect()).unwrap_or_default()
    }
}
