//! What holds of matching whatever the snapshots are.

mod laws;
mod random;
