//! Applies fixes to the text of a file, and looks at the result as a scan would before anybody gets to see it.
//!
//! This module reads and writes no files.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bartizan_core::{ArtifactPath, ByteRange, Finding, Fix, RuleId};
use bartizan_source::{Analyzer, FileFacts, FileInfo, FileView, Interest, ProjectView, Reporter};

use crate::{
    ScanError,
    edits::{TextEdit, apply, choose},
    workers,
};

/// A file whose findings are fixed.
pub struct Fixing<'a> {
    /// What is known of the file.
    pub info: &'a FileInfo,
    /// Its text.
    pub text: &'a str,
    /// The engines that found something in it.
    pub analyzers: &'a [Box<dyn Analyzer>],
    /// The other files of the project, with their texts; read only if a finding depends on more than its own file.
    pub others: &'a (dyn Fn() -> Vec<(FileInfo, String)> + Sync),
    /// How many errors of syntax a text has in the file's language.
    pub n_syntax_errors: &'a (dyn Fn(&str) -> usize + Sync),
}

/// What became of the fixes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fixed {
    /// The text with all fixes that were applied.
    pub text: String,
    /// The findings that are gone, by index.
    pub applied: Vec<usize>,
    /// Those whose fix was not applied, by index.
    pub refused: Vec<(usize, Refusal)>,
}

/// Why a fix was not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// It changes what another fix changes, too.
    Overlaps,
    /// The finding is not in the text, or is there still after the fix.
    StillFound,
    /// After it, less of the file can be parsed.
    BreaksSyntax,
}

impl Refusal {
    /// The reason in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overlaps => "overlaps another fix; run the command again",
            Self::StillFound => "the finding would still be there",
            Self::BreaksSyntax => "the file could no longer be parsed",
        }
    }
}

/// Applies what can be applied of these fixes, all of which are for this file.
///
/// Of fixes that overlap the first in the text is taken. A fix is kept if its finding is gone afterwards and the file has
/// no more errors of syntax; all are tried together first, and one by one if that fails.
///
/// # Errors
/// If no thread can be started.
pub fn fix(file: &Fixing<'_>, candidates: &[(&Finding, &Fix)]) -> Result<Fixed, ScanError> {
    // Deeply nested code is read by recursion.
    workers::alone(|| fix_here(file, candidates))
}

fn fix_here(file: &Fixing<'_>, candidates: &[(&Finding, &Fix)]) -> Fixed {
    let edits: Vec<Vec<TextEdit>> = candidates.iter().map(|(_, fix)| edits_of(fix)).collect();
    let (chosen, left_out) = compatible(&edits);
    let refused: Vec<_> = left_out.into_iter().map(|index| (index, Refusal::Overlaps)).collect();
    let alone = Surroundings::default();
    let before = found_in(file, file.text, &alone);
    let range_of = |finding: &Finding| finding.location.range().unwrap_or_default();
    let is_known = |(finding, _): &(&Finding, &Fix)| 0 < count(&before, &finding.rule, range_of(finding));
    // What is found only when all files were seen is looked for among all files.
    let (around, before) = if candidates.iter().all(is_known) {
        (alone, before)
    } else {
        let around = Surroundings::of(file);
        let before = found_in(file, file.text, &around);
        (around, before)
    };
    let n_syntax_errors = (file.n_syntax_errors)(file.text);
    let attempt = Attempt { file, candidates, edits: &edits, before: &before, around: &around, n_syntax_errors };

    let (text, failed) = attempt.apply(&chosen);
    if failed.is_empty() {
        return Fixed { text, applied: chosen, refused };
    }
    let mut fixed = Fixed { text: file.text.to_owned(), applied: Vec::new(), refused };
    for index in chosen {
        let tried: Vec<usize> = fixed.applied.iter().copied().chain([index]).collect();
        let (text, failed) = attempt.apply(&tried);
        match failed.iter().find(|(failed, _)| *failed == index).or_else(|| failed.first()) {
            None => {
                fixed.text = text;
                fixed.applied = tried;
            }
            Some((_, refusal)) => fixed.refused.push((index, *refusal)),
        }
    }
    fixed.refused.sort_unstable();
    fixed
}

fn edits_of(fix: &Fix) -> Vec<TextEdit> {
    fix.edits.iter().map(|edit| TextEdit { range: edit.range, replacement: edit.replacement.clone() }).collect()
}

/// Fixes that don't overlap, in order of place, and those that are left out.
fn compatible(fixes: &[Vec<TextEdit>]) -> (Vec<usize>, Vec<usize>) {
    let mut order: Vec<usize> = (0..fixes.len()).collect();
    order.sort_by_key(|index| fixes.get(*index));
    let (mut chosen, mut left_out) = (Vec::new(), Vec::new());
    let mut taken: Vec<TextEdit> = Vec::new();
    for index in order {
        let Some(edits) = fixes.get(index) else { continue };
        let together: Vec<_> = taken.iter().chain(edits).cloned().collect();
        if choose(&together).1.is_empty() {
            taken = together;
            chosen.push(index);
        } else {
            left_out.push(index);
        }
    }
    (chosen, left_out)
}

struct Attempt<'a> {
    file: &'a Fixing<'a>,
    candidates: &'a [(&'a Finding, &'a Fix)],
    edits: &'a [Vec<TextEdit>],
    before: &'a [(RuleId, ByteRange)],
    around: &'a Surroundings,
    n_syntax_errors: usize,
}

impl Attempt<'_> {
    /// The text after some fixes, and what is wrong with it.
    fn apply(&self, chosen: &[usize]) -> (String, Vec<(usize, Refusal)>) {
        let edits: Vec<&TextEdit> = chosen.iter().filter_map(|index| self.edits.get(*index)).flatten().collect();
        let text = apply(self.file.text, &edits);
        let breaks_syntax = self.n_syntax_errors < (self.file.n_syntax_errors)(&text);
        let after = found_in(self.file, &text, self.around);
        let mut failed = Vec::new();
        for &index in chosen {
            let Some((finding, _)) = self.candidates.get(index) else { continue };
            let range = finding.location.range().unwrap_or_default();
            let n_before = count(self.before, &finding.rule, range);
            let n_after = count(&after, &finding.rule, moved(range, &edits));
            if breaks_syntax {
                failed.push((index, Refusal::BreaksSyntax));
            } else if n_before <= n_after {
                failed.push((index, Refusal::StillFound));
            }
        }
        (text, failed)
    }
}

/// How many findings of a rule lie within a range.
fn count(findings: &[(RuleId, ByteRange)], rule: &RuleId, range: ByteRange) -> usize {
    findings.iter().filter(|(of_rule, place)| of_rule == rule && range.contains(*place)).count()
}

/// Where a range lies after edits.
fn moved(range: ByteRange, edits: &[&TextEdit]) -> ByteRange {
    let mut unique = edits.to_vec();
    unique.sort();
    unique.dedup();
    let place = |offset: usize, is_before: &dyn Fn(&TextEdit) -> bool| {
        let (added, removed) = unique
            .iter()
            .filter(|edit| is_before(edit))
            .fold((0, 0), |(added, removed), edit| (added + edit.replacement.len(), removed + edit.range.len()));
        (offset + added).saturating_sub(removed)
    };
    let start = place(range.start(), &|edit| edit.range.end() <= range.start() && edit.range != range);
    let end = place(range.end(), &|edit| edit.range.end() <= range.end());
    ByteRange::new(start, end)
}

/// What was noted of a file: its path, the notes, and its text where that is kept.
type Noted = (ArtifactPath, Vec<u8>, Option<String>);

/// What engines note of the other files of a project.
#[derive(Default)]
struct Surroundings {
    is_known: bool,
    /// By engine, in order.
    noted: Vec<Vec<Noted>>,
    paths: Vec<ArtifactPath>,
}

impl Surroundings {
    /// Shows the other files to the engines, once.
    fn of(file: &Fixing<'_>) -> Self {
        let mut around = Self { is_known: true, noted: file.analyzers.iter().map(|_| Vec::new()).collect(), paths: Vec::new() };
        for (info, text) in (file.others)().into_iter().filter(|(info, _)| info.path != file.info.path) {
            let view = FileView::new(&info, text.as_bytes(), Some(&text));
            for (analyzer, noted) in file.analyzers.iter().zip(&mut around.noted) {
                let Some(mut report) = visited(&**analyzer, &view) else { continue };
                let notes = report.take_notes();
                if !notes.facts.is_empty() {
                    noted.push((info.path.clone(), notes.facts, notes.keeps_text.then(|| text.clone())));
                }
            }
            around.paths.push(info.path);
        }
        around
    }
}

/// What an engine says of a text; nothing if it fails.
fn visited(analyzer: &dyn Analyzer, view: &FileView<'_>) -> Option<Reporter> {
    let visit = || {
        let mut report = Reporter::default();
        if Interest::Path < analyzer.interest(view.info()) {
            analyzer.visit(view, &mut report);
        }
        report
    };
    catch_unwind(AssertUnwindSafe(visit)).ok()
}

/// What engines find in a text, alone or among other files; an engine that fails finds nothing.
fn found_in(file: &Fixing<'_>, text: &str, around: &Surroundings) -> Vec<(RuleId, ByteRange)> {
    let info = FileInfo { size_bytes: u64::try_from(text.len()).unwrap_or(u64::MAX), ..file.info.clone() };
    let view = FileView::new(&info, text.as_bytes(), Some(text));
    let mut found = Vec::new();
    for (number, analyzer) in file.analyzers.iter().enumerate() {
        let Some(mut report) = visited(&**analyzer, &view) else { continue };
        let notes = report.take_notes();
        let (mut findings, ..) = report.into_parts();
        if around.is_known && !notes.facts.is_empty() {
            let others = around.noted.get(number).map(Vec::as_slice).unwrap_or_default();
            let kept = notes.keeps_text.then_some(text);
            findings.extend(concluded(&**analyzer, (&info.path, &notes.facts, kept), others, &around.paths));
        }
        found.extend(findings.into_iter().filter_map(|finding| Some((finding.rule, finding.location.place?.0))));
    }
    found
}

/// What an engine finds in a file when it has seen all of them.
fn concluded(
    analyzer: &dyn Analyzer,
    (path, facts, text): (&ArtifactPath, &[u8], Option<&str>),
    others: &[(ArtifactPath, Vec<u8>, Option<String>)],
    paths: &[ArtifactPath],
) -> Vec<Finding> {
    let mut all: Vec<FileFacts<'_>> = others.iter().map(|(path, facts, text)| FileFacts { path, facts, text: text.as_deref() }).collect();
    all.push(FileFacts { path, facts, text });
    all.sort_by(|one, other| one.path.cmp(other.path));
    let mut paths: Vec<ArtifactPath> = paths.iter().chain([path]).cloned().collect();
    paths.sort();
    let conclude = || {
        let mut report = Reporter::of_project();
        analyzer.finish(&ProjectView { paths: &paths, facts: &all }, &mut report);
        report
    };
    let Ok(report) = catch_unwind(AssertUnwindSafe(conclude)) else { return Vec::new() };
    let (findings, ..) = report.into_parts();
    findings.into_iter().filter(|finding| finding.location.artifact == *path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(range: std::ops::Range<usize>, replacement: &str) -> TextEdit {
        TextEdit { range: range.into(), replacement: replacement.to_owned() }
    }

    #[test]
    fn ranges_move_with_the_edits_before_and_within_them() {
        let edits = [edit(0..2, "xxxx"), edit(6..8, "y")];
        let edits: Vec<_> = edits.iter().collect();
        for (range, expected) in [(0..2, 0..4), (2..5, 4..7), (5..9, 7..10), (6..8, 8..9), (9..9, 10..10)] {
            assert_eq!(moved(range.into(), &edits), expected.into());
        }
    }
}
