//! What the store asks of its surroundings.

/// The time, and chance.
pub trait Host: Send + Sync {
    /// Now, in microseconds since 1970-01-01T00:00:00Z.
    fn now_us(&self) -> i64;

    /// Fills the buffer with bytes that nobody can foresee.
    fn random(&self, buffer: &mut [u8]);
}
