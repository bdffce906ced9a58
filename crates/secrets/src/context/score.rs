//! Adds features up to a probability, and explains it.

use bartizan_core::{Evidence, Strength};

use super::{Feature, Features, Meaning, weights};

/// How likely it is that an assigned value is a live secret.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Score {
    /// The probability.
    pub(crate) probability: f32,
    meaning: Meaning,
    features: Features,
}

/// Adds up the weights of the features: a logistic regression, one for each meaning of names.
pub(crate) fn score(meaning: Meaning, features: Features) -> Score {
    let sum: f32 = features.iter().map(|feature| weight(meaning, feature)).sum();
    let log_odds = weights::BIAS.get(meaning as usize).copied().unwrap_or(0.0) + sum;
    Score { probability: 1.0 / (1.0 + (-log_odds).exp()), meaning, features }
}

fn weight(meaning: Meaning, feature: Feature) -> f32 {
    weights::WEIGHTS.get(feature as usize).and_then(|row| row.get(meaning as usize)).copied().unwrap_or(0.0)
}

impl Score {
    /// The features that count most, on both sides.
    pub(crate) fn explain(&self) -> Vec<Evidence> {
        const N_REASONS: usize = 4;
        const LEAST_WEIGHT: f32 = 0.3;
        let mut reasons: Vec<_> = self.features.iter().map(|feature| (feature, weight(self.meaning, feature))).collect();
        reasons.retain(|(_, weight)| LEAST_WEIGHT <= weight.abs());
        reasons.sort_by(|(first, a), (second, b)| b.abs().total_cmp(&a.abs()).then(first.cmp(second)));
        let name = Evidence { strength: Strength::Contextual, text: self.meaning.as_str().to_owned(), weight: None };
        let reasons = reasons.into_iter().take(N_REASONS).map(|(feature, weight)| Evidence {
            strength: Strength::Contextual,
            text: feature.as_str().to_owned(),
            weight: Some((weight * 10.0).round() / 10.0),
        });
        std::iter::once(name).chain(reasons).collect()
    }
}
