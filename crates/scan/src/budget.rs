//! How many bytes of files may be in memory at once, whatever the number of threads.

use std::sync::{Condvar, Mutex, PoisonError};

/// Lends bytes. Whoever wants more than there are waits, and gets all of them.
#[derive(Debug)]
pub(crate) struct Budget {
    total: u64,
    free: Mutex<u64>,
    returned: Condvar,
}

/// Borrowed bytes; they return when it is dropped.
#[derive(Debug)]
pub(crate) struct Loan<'a> {
    budget: &'a Budget,
    n_bytes: u64,
}

impl Budget {
    pub(crate) const fn new(total: u64) -> Self {
        Self { total, free: Mutex::new(total), returned: Condvar::new() }
    }

    /// Waits until so many bytes are free. Nobody may hold a loan while asking for another one.
    pub(crate) fn borrow(&self, n_bytes: u64) -> Loan<'_> {
        let n_bytes = n_bytes.min(self.total);
        // A thread that panicked with the lock held has left a plain number behind.
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free < n_bytes {
            free = self.returned.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= n_bytes;
        Loan { budget: self, n_bytes }
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        *self.budget.free.lock().unwrap_or_else(PoisonError::into_inner) += self.n_bytes;
        self.budget.returned.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn no_more_is_lent_than_there_is() {
        let budget = Budget::new(10);
        let (lent, most) = (AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for size in 1..=8 {
                let (budget, lent, most) = (&budget, &lent, &most);
                scope.spawn(move || {
                    for _ in 0..200 {
                        let _loan = budget.borrow(size);
                        most.fetch_max(lent.fetch_add(size, Ordering::SeqCst) + size, Ordering::SeqCst);
                        lent.fetch_sub(size, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= 10);
        assert_eq!(*budget.free.lock().unwrap(), 10);
    }

    #[test]
    fn whoever_wants_more_than_all_gets_all() {
        let budget = Budget::new(10);
        assert_eq!(budget.borrow(u64::MAX).n_bytes, 10);
    }
}
