//! Judges values that have no shape of their own by what stands around them.

mod feature;
mod name;
pub(crate) mod placeholder;
mod rarity;
mod score;
mod weights;

pub(crate) use feature::{Feature, Features, PathKind, Place};
pub(crate) use name::{Meaning, Name};
pub use rarity::{N_SYMBOLS, symbol};
pub(crate) use rarity::{bits_per_character, shannon_entropy};
pub(crate) use score::score;

/// The names of all features, in the order of their weights: for training.
#[must_use]
pub fn feature_names() -> Vec<&'static str> {
    Feature::ALL.iter().map(|feature| feature.name()).collect()
}
