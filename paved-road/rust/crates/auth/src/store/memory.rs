use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bartizan_paved_safe_http::Later;
use bartizan_paved_spec::limits;

use super::Store;
use crate::StoreError;
use crate::danger::{Clock, system_clock};

/// Keeps everything in this process: for one replica, and for tests. Each kind of record is bounded; the oldest goes first.
pub struct MemoryStore {
    now: Clock,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Records by what stands before the colon of their key.
    spaces: HashMap<String, Space<Entry>>,
    sets: Space<HashMap<String, f64>>,
}

struct Entry {
    value: String,
    expires: f64,
}

/// A map that remembers the order in which its keys were written.
struct Space<T> {
    by_key: HashMap<String, (u64, T)>,
    by_turn: BTreeMap<u64, String>,
    turn: u64,
}

impl<T> Default for Space<T> {
    fn default() -> Self {
        Self { by_key: HashMap::new(), by_turn: BTreeMap::new(), turn: 0 }
    }
}

impl<T> Space<T> {
    fn get(&self, key: &str) -> Option<&T> {
        self.by_key.get(key).map(|(_, value)| value)
    }

    fn remove(&mut self, key: &str) -> Option<T> {
        let (turn, value) = self.by_key.remove(key)?;
        self.by_turn.remove(&turn);
        Some(value)
    }

    fn insert(&mut self, key: &str, value: T) {
        self.remove(key);
        self.turn += 1;
        self.by_turn.insert(self.turn, key.to_owned());
        self.by_key.insert(key.to_owned(), (self.turn, value));
    }

    /// Drops from the oldest on, while that is `is_over` or there are too many.
    fn make_room(&mut self, is_over: impl Fn(&T) -> bool) {
        while let Some(oldest) = self.by_turn.first_key_value().map(|(_, key)| key.clone()) {
            if self.by_key.len() < limits::REPLAY_ENTRIES && !self.get(&oldest).is_some_and(&is_over) {
                break;
            }
            self.remove(&oldest);
        }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::with_clock(system_clock())
    }
}

impl MemoryStore {
    /// A store with another clock.
    #[must_use]
    pub fn with_clock(now: Clock) -> Self {
        Self { now, inner: Mutex::default() }
    }

    fn lock(&self) -> (MutexGuard<'_, Inner>, f64) {
        let now = (self.now)();
        (self.inner.lock().unwrap_or_else(PoisonError::into_inner), now)
    }
}

impl Inner {
    fn space(&mut self, key: &str) -> &mut Space<Entry> {
        let name = key.split(':').next().unwrap_or_default();
        self.spaces.entry(name.to_owned()).or_default()
    }

    fn live(&mut self, key: &str, now: f64) -> Option<&str> {
        self.space(key).get(key).filter(|entry| entry.expires > now).map(|entry| entry.value.as_str())
    }

    fn write(&mut self, key: &str, value: String, expires: f64, now: f64) {
        let space = self.space(key);
        space.remove(key);
        space.make_room(|entry| entry.expires <= now);
        space.insert(key, Entry { value, expires });
    }
}

/// Says at once what was found.
fn ready<'a, T: Send + 'a>(value: T) -> Later<'a, Result<T, StoreError>> {
    Box::pin(std::future::ready(Ok(value)))
}

impl Store for MemoryStore {
    fn get<'a>(&'a self, key: &'a str) -> Later<'a, Result<Option<String>, StoreError>> {
        let (mut inner, now) = self.lock();
        ready(inner.live(key, now).map(str::to_owned))
    }

    fn put<'a>(&'a self, key: &'a str, value: String, expires: f64) -> Later<'a, Result<(), StoreError>> {
        let (mut inner, now) = self.lock();
        inner.write(key, value, expires, now);
        ready(())
    }

    fn add<'a>(&'a self, key: &'a str, value: String, expires: f64) -> Later<'a, Result<bool, StoreError>> {
        let (mut inner, now) = self.lock();
        let is_new = inner.live(key, now).is_none();
        if is_new {
            inner.write(key, value, expires, now);
        }
        ready(is_new)
    }

    fn take<'a>(&'a self, key: &'a str) -> Later<'a, Result<Option<String>, StoreError>> {
        let (mut inner, now) = self.lock();
        let entry = inner.space(key).remove(key).filter(|entry| entry.expires > now);
        ready(entry.map(|entry| entry.value))
    }

    fn replace<'a>(&'a self, key: &'a str, before: &'a str, after: String, expires: f64) -> Later<'a, Result<bool, StoreError>> {
        let (mut inner, now) = self.lock();
        let is_same = inner.live(key, now) == Some(before);
        if is_same {
            inner.write(key, after, expires, now);
        }
        ready(is_same)
    }

    fn remove<'a>(&'a self, key: &'a str, value: Option<&'a str>) -> Later<'a, Result<(), StoreError>> {
        let (mut inner, now) = self.lock();
        if value.is_none() || inner.live(key, now) == value {
            inner.space(key).remove(key);
        }
        ready(())
    }

    fn link<'a>(&'a self, set: &'a str, member: &'a str, expires: f64) -> Later<'a, Result<(), StoreError>> {
        let (mut inner, now) = self.lock();
        let mut members = inner.sets.remove(set).unwrap_or_default();
        members.retain(|_, end| *end > now);
        members.insert(member.to_owned(), expires);
        inner.sets.make_room(|_| false);
        inner.sets.insert(set, members);
        ready(())
    }

    fn members<'a>(&'a self, set: &'a str) -> Later<'a, Result<Vec<String>, StoreError>> {
        let (inner, now) = self.lock();
        let live = inner.sets.get(set).into_iter().flatten().filter(|(_, end)| **end > now);
        let mut members: Vec<_> = live.map(|(member, _)| member.clone()).collect();
        members.sort_unstable();
        ready(members)
    }
}
