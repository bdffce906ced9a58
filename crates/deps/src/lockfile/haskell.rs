//! What Haskell's tools write: Stack and Cabal.

pub(crate) mod cabal;
pub(crate) mod stack;
