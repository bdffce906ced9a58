//! How much one archive of the tree may still unpack.

use std::{
    cell::Cell,
    io::{self, Read},
};

use bartizan_core::Limit;

use crate::{Limits, limits};

/// What is left for one archive of the tree and everything nested in it.
#[derive(Debug)]
pub(crate) struct Budget {
    n_entries: Cell<usize>,
    n_bytes: Cell<u64>,
    /// Which limits these are.
    entries_limit: Limit,
    bytes_limit: (&'static str, Limit),
    state: Cell<State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    EntriesExhausted,
    BytesExhausted,
    Reported,
}

impl Budget {
    /// The budget of an archive of this size.
    pub(crate) fn new(limits: &Limits, archive_bytes: u64) -> Self {
        let by_ratio = archive_bytes.saturating_mul(limits.max_archive_ratio).max(Limits::RATIO_FREE_BYTES);
        let (n_bytes, bytes_limit) = if by_ratio < limits.max_archive_bytes {
            let reason = "archive unpacks to too many times its size; what is left was not looked at";
            (by_ratio, (reason, limits::named("max-archive-ratio", limits.max_archive_ratio)))
        } else {
            let reason = "archive unpacks to too much; what is left was not looked at";
            (limits.max_archive_bytes, (reason, limits::named("max-archive-bytes", limits.max_archive_bytes)))
        };
        Self {
            n_entries: Cell::new(limits.max_archive_entries),
            n_bytes: Cell::new(n_bytes),
            entries_limit: limits::named("max-archive-entries", limits.max_archive_entries),
            bytes_limit,
            state: Cell::new(State::Open),
        }
    }

    /// The budget of an image of a container, whose archive or layout has this size.
    pub(crate) fn of_image(limits: &Limits, image_bytes: u64) -> Self {
        let limits = Limits { max_archive_entries: Limits::MAX_IMAGE_ENTRIES, max_archive_bytes: Limits::MAX_IMAGE_BYTES, ..*limits };
        let mut budget = Self::new(&limits, image_bytes);
        budget.entries_limit.name = "max-image-entries".to_owned();
        if budget.bytes_limit.1.name == "max-archive-bytes" {
            budget.bytes_limit.1.name = "max-image-bytes".to_owned();
        }
        budget
    }

    /// Takes one entry; `false` if there are none left.
    pub(super) fn take_entry(&self) -> bool {
        match self.n_entries.get().checked_sub(1) {
            Some(left) => {
                self.n_entries.set(left);
                true
            }
            None => {
                self.exhaust(State::EntriesExhausted);
                false
            }
        }
    }

    /// Whether a limit was reached.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.state.get() != State::Open
    }

    /// The limit that was reached, once.
    pub(super) fn report(&self) -> Option<(&'static str, Limit)> {
        match self.state.replace(State::Reported) {
            State::EntriesExhausted => Some(("archive has too many entries; what is left was not looked at", self.entries_limit.clone())),
            State::BytesExhausted => Some(self.bytes_limit.clone()),
            State::Open | State::Reported => None,
        }
    }

    /// A reader that takes what it reads from this budget, and fails when there is nothing left.
    pub(crate) const fn metered<R>(&self, inner: R) -> Metered<'_, R> {
        Metered { inner, budget: self }
    }

    fn take_bytes(&self, n_bytes: usize) -> io::Result<()> {
        match self.n_bytes.get().checked_sub(u64::try_from(n_bytes).unwrap_or(u64::MAX)) {
            Some(left) if !self.is_exhausted() => {
                self.n_bytes.set(left);
                Ok(())
            }
            Some(_) | None => {
                self.exhaust(State::BytesExhausted);
                Err(io::Error::other("limit reached"))
            }
        }
    }

    fn exhaust(&self, state: State) {
        if self.state.get() == State::Open {
            self.state.set(state);
        }
    }
}

/// Counts what is unpacked.
pub(crate) struct Metered<'a, R> {
    inner: R,
    budget: &'a Budget,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self.inner.read(buffer)?;
        self.budget.take_bytes(n_read)?;
        Ok(n_read)
    }
}
