//! The keys of values: what they are called, and where they were given.

use std::{collections::HashMap, sync::Arc};

use bartizan_core::ByteRange;

use crate::{
    helm::{text::FileId, value::Key},
    rendered::{Cause, CauseKind},
};

/// All keys, by number.
#[derive(Debug, Default)]
pub(super) struct Keys {
    known: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    parent: Key,
    name: Box<str>,
    file: FileId,
    range: ByteRange,
}

/// What documents say of keys: made once for each.
pub(super) type Causes = HashMap<Key, Arc<Cause>>;

impl Keys {
    /// A new key below another one.
    pub(super) fn add(&mut self, file: FileId, parent: Key, name: &str, range: ByteRange) -> Key {
        self.known.push(Known { parent, name: name.into(), file, range });
        Key(u32::try_from(self.known.len()).unwrap_or(0))
    }

    fn get(&self, key: Key) -> Option<&Known> {
        self.known.get((key.0 as usize).checked_sub(1)?)
    }

    /// What a key is called and where it is given.
    pub(super) fn cause(&self, key: Key, paths: &[Arc<str>], causes: &mut Causes) -> Option<Arc<Cause>> {
        if let Some(cause) = causes.get(&key) {
            return Some(Arc::clone(cause));
        }
        let known = self.get(key)?;
        let path = paths.get(known.file.0 as usize)?;
        let cause = Arc::new(Cause { kind: CauseKind::Value, name: self.name(key), path: Arc::clone(path), range: known.range });
        causes.insert(key, Arc::clone(&cause));
        Some(cause)
    }

    /// `a.b[0].c`.
    fn name(&self, key: Key) -> String {
        let mut parts = Vec::new();
        let mut next = key;
        while let Some(known) = self.get(next) {
            parts.push(known.name.as_ref());
            next = known.parent;
        }
        let mut name = String::new();
        for part in parts.into_iter().rev() {
            if !name.is_empty() && !part.starts_with('[') {
                name.push('.');
            }
            name.push_str(part);
        }
        name
    }
}
