//! Texts without which an expression can't match.
//!
//! A sequence is cut into runs of places at which few characters are possible. Of each run the window that says most with few
//! alternatives becomes a list; alternatives of an expression become one list if each of them requires something.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Shorter texts occur everywhere.
const MIN_BYTES: usize = 3;
/// A longer list of alternatives is no help.
const MAX_ALTERNATIVES: usize = 64;
/// How many alternatives a window of a run may have.
const MAX_PER_WINDOW: usize = 32;
/// At how many characters a place counts as anything.
const MAX_PER_PLACE: usize = 4;
/// More lists are no help.
const MAX_LISTS: usize = 8;
/// Longer texts are cut.
const MAX_PLACES: usize = 32;
/// Of an expression nested more deeply nothing is known.
const MAX_DEPTH: usize = 200;
/// Of an expression that takes more steps nothing more is known.
const MAX_STEPS: usize = 20_000;

/// What an expression requires: of each list at least one text.
pub(super) fn required(hir: &Hir) -> Vec<Vec<String>> {
    let mut lists = lists(hir, 0, &mut 0);
    // The list that says most first: its shortest text is the longest, then the one with fewer texts.
    lists.sort_by_key(|list| (std::cmp::Reverse(shortest(list)), list.len()));
    lists.dedup();
    lists.truncate(MAX_LISTS);
    lists
}

/// The lists of one expression, in its order.
fn lists(hir: &Hir, depth: usize, n_steps: &mut usize) -> Vec<Vec<String>> {
    let mut found = Found { lists: Vec::new(), run: Vec::new(), n_steps };
    found.walk(hir, depth);
    found.end_run();
    found.lists
}

fn shortest(list: &[String]) -> usize {
    list.iter().map(String::len).min().unwrap_or(0)
}

struct Found<'n> {
    lists: Vec<Vec<String>>,
    /// The characters that are possible at each place of the run that is being read.
    run: Vec<Vec<char>>,
    n_steps: &'n mut usize,
}

impl Found<'_> {
    fn walk(&mut self, hir: &Hir, depth: usize) {
        *self.n_steps += 1;
        if MAX_DEPTH < depth || MAX_STEPS < *self.n_steps {
            return self.end_run();
        }
        match hir.kind() {
            // Assertions take no place.
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) => self.run.extend(text.chars().map(|character| vec![character])),
                Err(_) => self.end_run(),
            },
            HirKind::Class(class) => match few(class) {
                Some(characters) => self.run.push(characters),
                None => self.end_run(),
            },
            HirKind::Capture(capture) => self.walk(&capture.sub, depth + 1),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.walk(part, depth + 1)),
            HirKind::Repetition(repetition) => {
                let is_exact = repetition.max == Some(repetition.min);
                let n_times = if is_exact { repetition.min.min(8) } else { repetition.min.min(1) };
                for _ in 0..n_times {
                    self.walk(&repetition.sub, depth + 1);
                }
                if !is_exact || n_times < repetition.min {
                    self.end_run();
                }
            }
            HirKind::Alternation(branches) => {
                self.end_run();
                self.lists.extend(any_of(branches, depth, self.n_steps));
            }
        }
    }

    /// Makes a list of the run that was read.
    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        self.lists.extend(best_window(&run));
    }
}

/// One list for all branches, if each of them requires something.
fn any_of(branches: &[Hir], depth: usize, n_steps: &mut usize) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for branch in branches {
        let best = lists(branch, depth + 1, n_steps).into_iter().max_by_key(|list| (shortest(list), std::cmp::Reverse(list.len())))?;
        all.extend(best);
        if MAX_ALTERNATIVES < all.len() {
            return None;
        }
    }
    all.sort_unstable();
    all.dedup();
    (!all.is_empty()).then_some(all)
}

/// The characters of a class, if they are few.
fn few(class: &Class) -> Option<Vec<char>> {
    let Class::Unicode(class) = class else { return None };
    let mut characters = Vec::new();
    for range in class.ranges() {
        for character in range.start()..=range.end() {
            characters.push(character);
            if MAX_PER_PLACE < characters.len() {
                return None;
            }
        }
    }
    (!characters.is_empty()).then_some(characters)
}

/// The texts of the window that says most.
fn best_window(run: &[Vec<char>]) -> Option<Vec<String>> {
    let mut best: Option<(usize, usize, &[Vec<char>])> = None;
    for start in 0..run.len() {
        let rest = run.get(start..).unwrap_or_default();
        let mut n_alternatives = 1_usize;
        let mut length = 0;
        for place in rest.iter().take(MAX_PLACES) {
            if MAX_PER_WINDOW < n_alternatives * place.len() {
                break;
            }
            n_alternatives *= place.len();
            length += 1;
        }
        // Longer is better, even with more alternatives.
        let is_better = best.is_none_or(|(best_length, best_n, _)| {
            (best_length, best_n) < (length, 0) || (best_length == length && n_alternatives < best_n)
        });
        if is_better {
            best = Some((length, n_alternatives, rest.get(..length).unwrap_or_default()));
        }
    }
    let (_, _, window) = best?;
    let mut texts = vec![String::new()];
    for place in window {
        texts = place.iter().flat_map(|character| texts.iter().map(move |text| format!("{text}{character}"))).collect();
    }
    texts.sort_unstable();
    (MIN_BYTES <= shortest(&texts)).then_some(texts)
}
