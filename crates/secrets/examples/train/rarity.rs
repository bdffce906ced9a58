//! Costs of trigrams, from the words and identifiers that stand in more than one file.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    path::Path,
};

use bartizan_secrets::context::{N_SYMBOLS, symbol};

const EXTENSIONS: [&str; 25] = [
    "py", "js", "ts", "go", "rb", "java", "php", "cs", "rs", "c", "h", "cpp", "md", "rst", "txt", "yml", "yaml", "json", "html", "css",
    "sql", "sh", "kt", "scala", "toml",
];
const MAX_FILE_BYTES: usize = 400_000;
const EDGE: usize = N_SYMBOLS - 1;
/// How much a shorter context weighs against a longer one, for each continuation that was seen (Witten and Bell, 1991).
const BACK_OFF: f64 = 5.0;

/// The costs of all trigrams in sixteenths of a bit, the last symbol varying fastest.
pub(super) fn train(folders: &[&str]) -> Result<Vec<u8>, Box<dyn Error>> {
    let words = words(folders)?;
    let (mut singles, mut pairs, mut triples) = (vec![0.0; N_SYMBOLS], vec![0.0; N_SYMBOLS * N_SYMBOLS], vec![0.0; N_SYMBOLS.pow(3)]);
    for (word, n_files) in words.iter().filter(|(_, n_files)| 2 <= **n_files) {
        let weight = f64::from(1 + n_files).log2();
        let (mut first, mut second) = (EDGE, EDGE);
        for &byte in word {
            let third = symbol(byte);
            add(&mut singles, third, weight);
            add(&mut pairs, second * N_SYMBOLS + third, weight);
            add(&mut triples, (first * N_SYMBOLS + second) * N_SYMBOLS + third, weight);
            (first, second) = (second, third);
        }
    }
    let total: f64 = singles.iter().sum();
    let n_symbols = f64::from(u32::try_from(EDGE)?);
    let single = |symbol: usize| (at(&singles, symbol) + 1.0) / (total + n_symbols);
    let interpolate = |counts: &[f64], context: usize, symbol: usize, shorter: f64| {
        let row = counts.get(context * N_SYMBOLS..(context + 1) * N_SYMBOLS).unwrap_or_default();
        let n_kinds = row.iter().filter(|&&count| 0.0 < count).count();
        let doubt = BACK_OFF * f64::from(u32::try_from(n_kinds).unwrap_or(0));
        let sum: f64 = row.iter().sum();
        if sum <= 0.0 { shorter } else { (at(row, symbol) + doubt * shorter) / (sum + doubt) }
    };
    let mut costs = Vec::with_capacity(triples.len());
    for index in 0..triples.len() {
        let (first, second, third) = (index / (N_SYMBOLS * N_SYMBOLS), index / N_SYMBOLS % N_SYMBOLS, index % N_SYMBOLS);
        if third == EDGE {
            costs.push(u8::MAX);
            continue;
        }
        let pair = interpolate(&pairs, second, third, single(third));
        let triple = interpolate(&triples, first * N_SYMBOLS + second, third, pair);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
        costs.push((-triple.log2() * 16.0).round().clamp(0.0, 255.0) as u8);
    }
    eprintln!("{} words", words.len());
    Ok(costs)
}

fn add(counts: &mut [f64], index: usize, weight: f64) {
    if let Some(count) = counts.get_mut(index) {
        *count += weight;
    }
}

fn at(counts: &[f64], index: usize) -> f64 {
    counts.get(index).copied().unwrap_or(0.0)
}

/// Words of 4 to 40 bytes that start with a letter, and in how many files each stands.
fn words(folders: &[&str]) -> Result<BTreeMap<Vec<u8>, u32>, Box<dyn Error>> {
    let mut words: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    for folder in folders {
        let mut paths = Vec::new();
        super::files(Path::new(folder), &mut paths)?;
        for path in paths {
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            if !EXTENSIONS.contains(&extension) {
                continue;
            }
            let text = fs::read(&path)?;
            let text = text.get(..text.len().min(MAX_FILE_BYTES)).unwrap_or_default();
            let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
            let found: BTreeSet<&[u8]> = text
                .split(|byte| !is_part(byte))
                .filter(|word| 4 <= word.len() && word.len() <= 40 && word.first().is_some_and(u8::is_ascii_alphabetic))
                .collect();
            for word in found {
                *words.entry(word.to_vec()).or_default() += 1;
            }
        }
    }
    Ok(words)
}
