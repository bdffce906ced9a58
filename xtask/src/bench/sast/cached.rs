//! What the cache saves: a second scan of a tree that has not changed, and one after a change of a single file.

use std::{fs, path::Path, thread, time::Duration};

use anyhow::{Context as _, Result};

use super::{
    scanner::{Costs, Scanner},
    trees,
};
use crate::step::say;

/// Files that have just been written are read again, however their times look.
const SETTLED_AFTER: Duration = Duration::from_secs(3);

/// The scans of a tree, by what has happened before each.
pub(super) fn measure(bartizan: &Path, tree: &Path, work: &Path, n_runs: usize) -> Result<Vec<(&'static str, Costs)>> {
    let cache = work.join("cache");
    let shown = cache.to_string_lossy();
    let scanner = Scanner::bartizan(bartizan, &[], &["--cache-dir", &shown], &work.join("home"));
    let mut runs = vec![("first", Costs::default()), ("nothing changed", Costs::default()), ("one file changed", Costs::default())];
    for round in 1..=n_runs {
        if cache.exists() {
            fs::remove_dir_all(&cache).with_context(|| format!("can't remove {}", cache.display()))?;
        }
        thread::sleep(SETTLED_AFTER);
        for (index, (name, costs)) in runs.iter_mut().enumerate() {
            if index == 2 {
                trees::change(tree, round)?;
            }
            let cost = scanner.run(tree, work, costs)?;
            say(&format!("  round {round}: {name:40} {:8.2} s CPU {:8.2} s", cost.cpu_s, cost.wall_s));
        }
    }
    Ok(runs)
}
