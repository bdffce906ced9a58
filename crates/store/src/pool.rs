//! Connections that are lent, one at a time.

use std::sync::{Condvar, Mutex, PoisonError};

use crate::StoreError;

/// At most so many connections, opened when they are needed.
pub(crate) struct Pool<C> {
    state: Mutex<State<C>>,
    returned: Condvar,
    n_most: usize,
    open: Box<dyn Fn() -> Result<C, StoreError> + Send + Sync>,
}

struct State<C> {
    idle: Vec<C>,
    n_open: usize,
}

impl<C> Pool<C> {
    pub(crate) fn new(n_most: usize, open: impl Fn() -> Result<C, StoreError> + Send + Sync + 'static) -> Self {
        Self { state: Mutex::new(State { idle: Vec::new(), n_open: 0 }), returned: Condvar::new(), n_most, open: Box::new(open) }
    }

    /// Lends a connection to `work`, which says whether it may be used again.
    ///
    /// A connection that `work` panicked with is closed.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut C) -> (T, Reuse)) -> Result<T, StoreError> {
        let mut lent = Lent { connection: Some(self.take()?), pool: self, reuse: Reuse::Close };
        let Some(connection) = lent.connection.as_mut() else { return Err(StoreError::Busy) };
        let (result, reuse) = work(connection);
        lent.reuse = reuse;
        Ok(result)
    }

    fn take(&self) -> Result<C, StoreError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok(connection);
            }
            if state.n_open < self.n_most {
                state.n_open += 1;
                break;
            }
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
        (self.open)().inspect_err(|_| self.closed())
    }

    fn closed(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).n_open -= 1;
        self.returned.notify_one();
    }
}

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reuse {
    Keep,
    Close,
}

/// A connection that goes back to its pool, whatever happens.
struct Lent<'a, C> {
    connection: Option<C>,
    pool: &'a Pool<C>,
    reuse: Reuse,
}

impl<C> Drop for Lent<'_, C> {
    fn drop(&mut self) {
        match (self.connection.take(), self.reuse) {
            (Some(connection), Reuse::Keep) => {
                self.pool.state.lock().unwrap_or_else(PoisonError::into_inner).idle.push(connection);
                self.pool.returned.notify_one();
            }
            _ => self.pool.closed(),
        }
    }
}
