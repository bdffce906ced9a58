//! What holds of matching whatever the snapshots are.

#[cfg(test)]
mod laws;
#[cfg(test)]
mod random;
