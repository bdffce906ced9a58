//! Weights of features: logistic regressions, fitted by Newton's method with an L2 penalty.
//!
//! A corpus is a folder with `labels.jsonl` (one label a line: file, line_start, line_end, label `T` or not, cat) and the files.

use std::{collections::BTreeMap, error::Error, fmt::Write, fs, path::Path};

use bartizan_core::{ArtifactPath, IdentityKey, LineIndex};
use bartizan_secrets::{Options, SecretsEngine, context::feature_names};
use serde::Deserialize;

#[derive(Deserialize)]
struct Label {
    file: String,
    line_start: i64,
    line_end: i64,
    label: String,
    cat: String,
}

/// One observation: the features that are set, whether it is a secret, how much it counts.
struct Sample {
    features: Vec<usize>,
    is_secret: bool,
    weight: f64,
}

/// Categories that are identifiers rather than secrets.
const IDENTIFIERS: [&str; 8] =
    ["UUID", "Nonce", "Salt", "AWS S3 Bucket", "Firebase Domain", "Tencent WeChat API App ID", "AWS Client ID", "Other"];
/// What an observation counts that nobody labelled: it is probably no secret.
const UNLABELLED_WEIGHT: f64 = 0.7;
/// The L2 penalty on weights.
const PENALTY: f64 = 1.0 / 0.15;
const N_MEANINGS: usize = 3;

/// The source of `weights.rs`.
pub(super) fn train(corpus: &Path) -> Result<String, Box<dyn Error>> {
    let names = feature_names();
    let samples = samples(corpus, &names)?;
    let mut fitted = Vec::new();
    for (meaning, samples) in samples.iter().enumerate() {
        eprintln!(
            "meaning {meaning}: {} observations, {} secrets",
            samples.len(),
            samples.iter().filter(|sample| sample.is_secret).count()
        );
        fitted.push(fit(samples, names.len()));
    }
    let numbers = |index: usize| {
        fitted.iter().map(|weights| format!("{:.2}", weights.get(index).copied().unwrap_or(0.0))).collect::<Vec<_>>().join(", ")
    };
    let mut source = String::from("//! The weights of the features, fitted by `cargo xtask train context CORPUS`.\n\n");
    source.push_str("/// The constant term for each meaning: password, secret, weak.\n");
    writeln!(source, "pub(super) const BIAS: [f32; {N_MEANINGS}] = [{}];\n", numbers(names.len()))?;
    source.push_str("/// The weights of each feature, in the order of their declaration, for each meaning.\n");
    writeln!(source, "pub(super) const WEIGHTS: [[f32; {N_MEANINGS}]; {}] = [", names.len())?;
    for (index, name) in names.iter().enumerate() {
        writeln!(source, "    [{}], // {name}", numbers(index))?;
    }
    source.push_str("];\n");
    Ok(source)
}

fn samples(corpus: &Path, names: &[&str]) -> Result<Vec<Vec<Sample>>, Box<dyn Error>> {
    let mut labels: BTreeMap<String, Vec<Label>> = BTreeMap::new();
    for line in fs::read_to_string(corpus.join("labels.jsonl"))?.lines() {
        let label: Label = serde_json::from_str(line)?;
        labels.entry(label.file.clone()).or_default().push(label);
    }
    let engine = SecretsEngine::built_in(Options::new(IdentityKey::new([0; 32])));
    let mut paths = Vec::new();
    super::files(corpus, &mut paths)?;
    let mut samples: Vec<Vec<Sample>> = (0..N_MEANINGS).map(|_| Vec::new()).collect();
    for path in paths {
        let Some(name) = path.strip_prefix(corpus)?.to_str() else { continue };
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if !name.contains('/') || text.contains('\0') {
            continue;
        }
        let lines = LineIndex::new(&text);
        for observation in engine.observations(&ArtifactPath::from(name), &text) {
            let line = i64::from(lines.line(observation.range.start()));
            let here: Vec<&Label> = labels
                .get(name)
                .into_iter()
                .flatten()
                .filter(|label| label.line_start <= line && line <= label.line_end.max(label.line_start))
                .collect();
            let is_true = |label: &&&Label| label.label == "T";
            let is_secret = here.iter().filter(is_true).any(|label| label.cat.split(':').any(|category| !IDENTIFIERS.contains(&category)));
            if !is_secret && here.iter().any(|label| label.label == "T") {
                continue;
            }
            let weight = if here.is_empty() { UNLABELLED_WEIGHT } else { 1.0 };
            let features = observation.features.iter().filter_map(|feature| names.iter().position(|name| name == feature)).collect();
            if let Some(samples) = samples.get_mut(observation.meaning) {
                samples.push(Sample { features, is_secret, weight });
            }
        }
    }
    Ok(samples)
}

/// The weights, and the constant term as the last.
fn fit(samples: &[Sample], n_features: usize) -> Vec<f64> {
    const N_STEPS: usize = 25;
    let size = n_features + 1;
    let mut weights = vec![0.0; size];
    for _ in 0..N_STEPS {
        let mut gradient: Vec<f64> = weights.iter().map(|weight| PENALTY * weight).collect();
        let mut curvature = vec![vec![0.0; size]; size];
        for (index, row) in curvature.iter_mut().enumerate() {
            if let Some(diagonal) = row.get_mut(index) {
                *diagonal = PENALTY;
            }
        }
        // The constant term is not penalized, but for what keeps the matrix regular.
        if let (Some(last), Some(diagonal)) = (gradient.last_mut(), curvature.last_mut().and_then(|row| row.last_mut())) {
            (*last, *diagonal) = (0.0, 1e-6);
        }
        for sample in samples {
            let active: Vec<usize> = sample.features.iter().copied().chain([n_features]).collect();
            let log_odds: f64 = active.iter().filter_map(|&index| weights.get(index)).sum();
            let probability = 1.0 / (1.0 + (-log_odds).exp());
            let error = sample.weight * (probability - f64::from(u8::from(sample.is_secret)));
            let certainty = sample.weight * probability * (1.0 - probability);
            for &index in &active {
                if let Some(slope) = gradient.get_mut(index) {
                    *slope += error;
                }
                let Some(row) = curvature.get_mut(index) else { continue };
                for &other in &active {
                    if let Some(cell) = row.get_mut(other) {
                        *cell += certainty;
                    }
                }
            }
        }
        let step = solve(curvature, gradient);
        for (weight, step) in weights.iter_mut().zip(step) {
            *weight -= step;
        }
    }
    weights
}

/// Solves a regular system of equations by elimination with pivoting.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    let at = |matrix: &[Vec<f64>], row: usize, column: usize| matrix.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0.0);
    for column in 0..size {
        let pivot = (column..size).max_by(|&a, &b| at(&matrix, a, column).abs().total_cmp(&at(&matrix, b, column).abs())).unwrap_or(column);
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let top = matrix.get(column).cloned().unwrap_or_default();
        let (diagonal, top_right) = (at(&matrix, column, column), right.get(column).copied().unwrap_or(0.0));
        for row in column + 1..size {
            let factor = at(&matrix, row, column) / diagonal;
            if let Some(cells) = matrix.get_mut(row) {
                cells.iter_mut().zip(&top).for_each(|(cell, top)| *cell -= factor * top);
            }
            if let Some(value) = right.get_mut(row) {
                *value -= factor * top_right;
            }
        }
    }
    let mut solution = vec![0.0; size];
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|column| at(&matrix, row, column) * solution.get(column).copied().unwrap_or(0.0)).sum();
        let value = (right.get(row).copied().unwrap_or(0.0) - known) / at(&matrix, row, row);
        if let Some(slot) = solution.get_mut(row) {
            *slot = value;
        }
    }
    solution
}
