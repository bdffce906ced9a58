//! Where the lines of a file went.

use imara_diff::{Algorithm, Diff, InternedInput};
use serde::{Deserialize, Serialize};

use super::Tokens;

/// The most lines of both sides of one change that are compared once more without their layout.
const MAX_REFINED_LINES: u32 = 20_000;

/// A change as `@@ -3,2 +3,4 @@` of a unified difference without context lines says it: lines from 1; where a side has none, the
/// number is that of the line before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// The first line that is gone.
    pub old_start: u32,
    /// How many are gone.
    pub n_old: u32,
    /// The first line that is new.
    pub new_start: u32,
    /// How many are new.
    pub n_new: u32,
}

impl Hunk {
    /// Reads the head of a hunk; nothing if the line is none.
    ///
    /// ```
    /// use bartizan_triage::identity::Hunk;
    ///
    /// let hunk = Hunk { old_start: 3, n_old: 1, new_start: 4, n_new: 0 };
    /// assert_eq!(Hunk::parse("@@ -3 +4,0 @@ fn main() {"), Some(hunk));
    /// assert_eq!(Hunk::parse("@@ -3 @@"), None);
    /// ```
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let (ranges, _) = line.strip_prefix("@@ -")?.split_once(" @@")?;
        let (old, new) = ranges.split_once(" +")?;
        let range = |text: &str| match text.split_once(',') {
            Some((start, n_lines)) => Some((start.parse().ok()?, n_lines.parse().ok()?)),
            None => Some((text.parse().ok()?, 1)),
        };
        let ((old_start, n_old), (new_start, n_new)) = (range(old)?, range(new)?);
        Some(Self { old_start, n_old, new_start, n_new })
    }
}

/// Which lines of a file's old state are still there, and where. Lines are counted from 1; their order is kept.
///
/// ```
/// use bartizan_triage::identity::LineMap;
///
/// let map = LineMap::between("a\nb\nc\n", "x\na\nb2\n    c\n");
/// assert_eq!([1, 2, 3].map(|line| map.new_line(line)), [Some(2), None, Some(4)]);
/// assert_eq!(map.old_line(2), Some(1));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LineMap {
    /// Runs of lines that stayed together, in order; they don't overlap on either side.
    runs: Vec<Run>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Run {
    old: u32,
    new: u32,
    n_lines: u32,
}

impl LineMap {
    /// The map of a file that did not change.
    #[must_use]
    pub fn identity() -> Self {
        Self { runs: vec![Run { old: 1, new: 1, n_lines: u32::MAX }] }
    }

    /// The map of these changes, in order. A hunk that contradicts those before it ends the map: nothing is known behind it.
    #[must_use]
    pub fn from_hunks(hunks: &[Hunk]) -> Self {
        let mut map = Self::default();
        let (mut old, mut new) = (1_u32, 1_u32);
        for hunk in hunks {
            let old_start = if hunk.n_old == 0 { hunk.old_start.saturating_add(1) } else { hunk.old_start };
            let new_start = if hunk.n_new == 0 { hunk.new_start.saturating_add(1) } else { hunk.new_start };
            match (old_start.checked_sub(old), new_start.checked_sub(new)) {
                (Some(n_lines), Some(n_new)) if n_lines == n_new => map.push(old, new, n_lines),
                _ => return map,
            }
            old = old_start.saturating_add(hunk.n_old);
            new = new_start.saturating_add(hunk.n_new);
        }
        map.push(old, new, u32::MAX);
        map
    }

    /// Compares two texts: by lines as git does, and what is left within each change once more without its layout, so that lines
    /// which were only indented anew are still there.
    #[must_use]
    pub fn between(old: &str, new: &str) -> Self {
        let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
        let mut map = Self::default();
        let (mut old_at, mut new_at) = (0_u32, 0_u32);
        for change in changes(&old, &new) {
            map.push(old_at + 1, new_at + 1, change.before.start - old_at);
            map.refine(&old, &new, &change);
            (old_at, new_at) = (change.before.end, change.after.end);
        }
        map.push(old_at + 1, new_at + 1, u32::try_from(old.len()).unwrap_or(u32::MAX).saturating_sub(old_at));
        map
    }

    /// Where a line is now; nothing if it is gone or was changed.
    #[must_use]
    pub fn new_line(&self, old_line: u32) -> Option<u32> {
        let at = self.runs.partition_point(|run| run.old <= old_line).checked_sub(1)?;
        let run = self.runs.get(at)?;
        let offset = old_line - run.old;
        (offset < run.n_lines).then(|| run.new.saturating_add(offset))
    }

    /// Where a line was; nothing if it is new or was changed.
    #[must_use]
    pub fn old_line(&self, new_line: u32) -> Option<u32> {
        let at = self.runs.partition_point(|run| run.new <= new_line).checked_sub(1)?;
        let run = self.runs.get(at)?;
        let offset = new_line - run.new;
        (offset < run.n_lines).then(|| run.old.saturating_add(offset))
    }

    /// Adds a run behind all others.
    fn push(&mut self, old: u32, new: u32, n_lines: u32) {
        if let Some(last) = self.runs.last_mut()
            && last.old.checked_add(last.n_lines) == Some(old)
            && last.new.checked_add(last.n_lines) == Some(new)
        {
            last.n_lines = last.n_lines.saturating_add(n_lines);
        } else if 0 < n_lines {
            self.runs.push(Run { old, new, n_lines });
        }
    }

    /// Adds lines of a change that differ in their layout only. Empty lines are no lines that one would know again.
    fn refine(&mut self, old: &[&str], new: &[&str], change: &imara_diff::Hunk) {
        let (n_old, n_new) = (change.before.end - change.before.start, change.after.end - change.after.start);
        if n_old == 0 || n_new == 0 || MAX_REFINED_LINES < n_old.saturating_add(n_new) {
            return;
        }
        let normal = |lines: &[&str], range: &std::ops::Range<u32>| -> Vec<(u32, u64)> {
            let numbered = (1_u32..).zip(lines).skip(usize::try_from(range.start).unwrap_or(usize::MAX));
            let within = numbered.take(usize::try_from(range.end - range.start).unwrap_or(0));
            within
                .map(|(number, line)| (number, Tokens::of(line)))
                .filter(|(_, tokens)| !tokens.is_empty())
                .map(|(number, tokens)| (number, tokens.digest().0))
                .collect()
        };
        let (old, new) = (normal(old, &change.before), normal(new, &change.after));
        let mut input = InternedInput::default();
        input.update_before(old.iter().map(|&(_, digest)| digest));
        input.update_after(new.iter().map(|&(_, digest)| digest));
        let mut diff = Diff::compute(Algorithm::Histogram, &input);
        diff.postprocess_no_heuristic(&input);
        let kept = |lines: &[(u32, u64)], is_changed: &dyn Fn(u32) -> bool| -> Vec<u32> {
            (0_u32..).zip(lines).filter(|&(index, _)| !is_changed(index)).map(|(_, &(number, _))| number).collect()
        };
        let (old, new) = (kept(&old, &|index| diff.is_removed(index)), kept(&new, &|index| diff.is_added(index)));
        old.into_iter().zip(new).for_each(|(old, new)| self.push(old, new, 1));
    }
}

/// Compares lines as `git diff` does by default.
fn changes(old: &[&str], new: &[&str]) -> Vec<imara_diff::Hunk> {
    let mut input = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    diff.postprocess_lines(&input);
    diff.hunks().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(map: &LineMap, expected: &[(u32, Option<u32>)]) {
        for &(old, new) in expected {
            assert_eq!(map.new_line(old), new, "line {old} of {map:?}");
            if let Some(new) = new {
                assert_eq!(map.old_line(new), Some(old), "line {new} of {map:?}");
            }
        }
    }

    #[test]
    fn hunks_say_where_lines_went() {
        let hunks = ["@@ -0,0 +1,2 @@", "@@ -3,2 +4,0 @@", "@@ -7 +7,3 @@"].map(|line| Hunk::parse(line).unwrap());
        let map = LineMap::from_hunks(&hunks);
        check(&map, &[(0, None), (1, Some(3)), (2, Some(4)), (3, None), (4, None), (5, Some(5)), (6, Some(6)), (7, None), (8, Some(10))]);
        check(&map, &[(1_000_000, Some(1_000_002))]);
    }

    #[test]
    fn hunks_that_contradict_each_other_end_the_map() {
        let hunks = [Hunk { old_start: 5, n_old: 1, new_start: 5, n_new: 1 }, Hunk { old_start: 3, n_old: 1, new_start: 9, n_new: 1 }];
        check(&LineMap::from_hunks(&hunks), &[(4, Some(4)), (5, None), (6, None)]);
    }

    #[test]
    fn lines_that_were_indented_anew_are_still_there() {
        check(
            &LineMap::between("if a:\n  x()\n  y()\nz()\n", "x()\nz2()\ny()\nz()\n"),
            &[(1, None), (2, Some(1)), (3, Some(3)), (4, Some(4))],
        );
    }

    #[test]
    fn nothing_and_everything() {
        check(&LineMap::identity(), &[(1, Some(1)), (u32::MAX - 1, Some(u32::MAX - 1))]);
        check(&LineMap::between("", "a\n"), &[(1, None)]);
        check(&LineMap::between("a\n", ""), &[(1, None)]);
        check(&LineMap::between("a\nb", "a\nb\n"), &[(1, Some(1)), (2, Some(2)), (3, None)]);
    }
}
