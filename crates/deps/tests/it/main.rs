//! Versions in the orders of their ecosystems.

#[cfg(test)]
mod version;
