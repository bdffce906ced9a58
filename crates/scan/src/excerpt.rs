//! The lines round a finding, as they may be shown: every secret of the file is masked, wherever its value stands again.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};
use bartizan_core::{ByteRange, Excerpt, ExcerptLine, Finding, LineIndex, Location, Subject};

/// Lines shown before and after the finding's own.
const N_CONTEXT_LINES: u32 = 1;
/// Of a finding that spans many lines so many are shown.
const MAX_FINDING_LINES: u32 = 4;
/// Longer lines are cut round the highlighted part.
const MAX_CHARACTERS: usize = 160;
/// A cut line shows at least so much before the highlighted part, if there is so much.
const MIN_CHARACTERS_BEFORE: usize = 40;
/// Shorter values are masked where they were found, and nowhere else: they would blot out half of the text.
const MIN_REPEATED_BYTES: usize = 6;

const MASK: &str = "****";
const CUT: char = '…';

/// Makes the excerpts of one file.
pub(crate) struct Excerpts<'a> {
    text: &'a str,
    lines: &'a LineIndex,
    /// Sorted, without overlap, on character boundaries.
    masks: Vec<ByteRange>,
}

impl<'a> Excerpts<'a> {
    /// Finds out what has to be masked: `findings` are all of this file, whoever reported them.
    pub(crate) fn new(text: &'a str, lines: &'a LineIndex, findings: &[Finding]) -> Self {
        let is_secret = |finding: &&Finding| matches!(finding.subject, Some(Subject::Secret(_)));
        let ranges = findings.iter().filter(is_secret).flat_map(|finding| &finding.occurrences).filter_map(Location::range);
        let mut masks: Vec<ByteRange> = ranges.map(|range| on_characters(text, range)).filter(|range| !range.is_empty()).collect();
        let values: BTreeSet<&str> = masks.iter().filter_map(|range| text.get(range.start()..range.end())).collect();
        let values: Vec<&str> = values.into_iter().filter(|value| MIN_REPEATED_BYTES <= value.len()).collect();
        if !values.is_empty() {
            match AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&values) {
                Ok(automaton) => masks.extend(automaton.find_iter(text).map(|found| ByteRange::new(found.start(), found.end()))),
                // Where nothing can be looked for, nothing is shown.
                Err(_) => masks.push(ByteRange::new(0, text.len())),
            }
        }
        Self::with_masks(text, lines, masks)
    }

    /// Makes excerpts of a text whose secrets are known.
    pub(crate) fn with_masks(text: &'a str, lines: &'a LineIndex, masks: Vec<ByteRange>) -> Self {
        Self { text, lines, masks: merged(masks) }
    }

    /// The text with every byte of a secret replaced by an asterisk, line breaks excepted, and where secrets stood.
    pub(crate) fn masked(&self) -> (String, Vec<ByteRange>) {
        let mut masked = String::with_capacity(self.text.len());
        let mut end = 0;
        for mask in &self.masks {
            masked.push_str(self.text.get(end..mask.start()).unwrap_or_default());
            masked.extend(
                mask.of(self.text.as_bytes()).iter().map(|&byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { '*' }),
            );
            end = mask.end();
        }
        masked.push_str(self.text.get(end..).unwrap_or_default());
        (masked, self.masks.clone())
    }

    /// The lines of a place; none for a file as a whole.
    pub(crate) fn of(&self, location: &Location) -> Excerpt {
        let Some(range) = location.range() else { return Excerpt::default() };
        let range = on_characters(self.text, range);
        let first = self.lines.line(range.start());
        // A range that ends with a line break does not reach into the next line.
        let last = self.lines.line(range.end().saturating_sub(1).max(range.start())).min(first.saturating_add(MAX_FINDING_LINES - 1));
        let from = first.saturating_sub(N_CONTEXT_LINES).max(1);
        let n_lines = u32::try_from(self.lines.n_lines()).unwrap_or(u32::MAX);
        let to = last.saturating_add(N_CONTEXT_LINES).min(n_lines);
        Excerpt { lines: (from..=to).map(|number| self.line(number, (first..=last).contains(&number).then_some(range))).collect() }
    }

    /// A part of a line as it may be shown, cut if it is long.
    pub(crate) fn shown(&self, range: ByteRange) -> String {
        let (mut shown, is_cut, _) = self.forward(range.start(), range, None);
        shown.extend(is_cut.then_some(CUT));
        shown
    }

    fn line(&self, number: u32, highlighted: Option<ByteRange>) -> ExcerptLine {
        let line = self.lines.line_range(self.text, number);
        let highlighted = highlighted.map(|range| clipped(range, line)).filter(|range| !range.is_empty());
        // A highlight that starts within a mask starts with it.
        let highlight_start = highlighted.map_or(line.start(), ByteRange::start);
        let anchor = self.mask_at(highlight_start).map_or(highlight_start, ByteRange::start).max(line.start());

        let (mut after, is_cut_after, n_highlighted) = self.forward(anchor, line, highlighted);
        let room = MAX_CHARACTERS.saturating_sub(after.chars().count()).max(MIN_CHARACTERS_BEFORE);
        let (before, is_cut_before) = self.backward(anchor, line, room);
        let n_before = before.chars().count();
        let n_after = after.chars().count();
        let mut is_cut_after = is_cut_after;
        if MAX_CHARACTERS < n_before + n_after {
            after = after.chars().take(MAX_CHARACTERS - n_before).collect();
            is_cut_after = true;
        }

        let mut text = String::with_capacity(before.len() + after.len() + 6);
        text.extend(is_cut_before.then_some(CUT));
        text.push_str(&before);
        let start = text.chars().count();
        text.push_str(&after);
        let end = (start + n_highlighted).min(text.chars().count());
        text.extend(is_cut_after.then_some(CUT));
        let highlight = highlighted.and_then(|_| Some((u32::try_from(start).ok()?, u32::try_from(end).ok()?)));
        ExcerptLine { number, text, highlight: highlight.filter(|(start, end)| start < end) }
    }

    /// What is shown from an offset to the right, whether something is missing, and how many characters are highlighted.
    fn forward(&self, from: usize, line: ByteRange, highlighted: Option<ByteRange>) -> (String, bool, usize) {
        let mut shown = String::new();
        let (mut n_shown, mut n_highlighted, mut at) = (0, 0, from);
        while at < line.end() {
            if MAX_CHARACTERS <= n_shown {
                return (shown, true, n_highlighted);
            }
            let is_highlighted = highlighted.is_some_and(|range| at < range.end());
            let (n_added, next) = match self.mask_at(at) {
                Some(mask) => {
                    shown.push_str(MASK);
                    (MASK.len(), mask.end())
                }
                None => {
                    let Some(character) = self.text.get(at..).and_then(|rest| rest.chars().next()) else { break };
                    let visible = visible(character);
                    shown.extend(visible);
                    (usize::from(visible.is_some()), at + character.len_utf8())
                }
            };
            n_shown += n_added;
            n_highlighted += if is_highlighted { n_added } else { 0 };
            at = next;
        }
        (shown, false, n_highlighted)
    }

    /// What is shown from an offset to the left, and whether something is missing.
    fn backward(&self, from: usize, line: ByteRange, room: usize) -> (String, bool) {
        let mut shown: Vec<char> = Vec::new();
        let mut at = from;
        while line.start() < at {
            if room <= shown.len() {
                return (shown.into_iter().rev().collect(), true);
            }
            match self.mask_at(at - 1) {
                Some(mask) => {
                    shown.extend(MASK.chars());
                    at = mask.start();
                }
                None => {
                    let Some(character) = self.text.get(..at).and_then(|rest| rest.chars().next_back()) else { break };
                    shown.extend(visible(character));
                    at -= character.len_utf8();
                }
            }
        }
        (shown.into_iter().rev().collect(), false)
    }

    /// The mask over the byte at an offset.
    fn mask_at(&self, offset: usize) -> Option<ByteRange> {
        let index = self.masks.partition_point(|mask| mask.end() <= offset);
        self.masks.get(index).copied().filter(|mask| mask.start() <= offset)
    }
}

/// A character as it may be shown: nothing that moves the cursor, changes colors or reverses what follows.
fn visible(character: char) -> Option<char> {
    match character {
        '\t' => Some(' '),
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => None,
        _ if character.is_control() => None,
        _ => Some(character),
    }
}

fn on_characters(text: &str, range: ByteRange) -> ByteRange {
    ByteRange::new(text.floor_char_boundary(range.start()), text.ceil_char_boundary(range.end()))
}

fn clipped(range: ByteRange, line: ByteRange) -> ByteRange {
    ByteRange::new(range.start().max(line.start()), range.end().min(line.end()))
}

fn merged(mut ranges: Vec<ByteRange>) -> Vec<ByteRange> {
    ranges.sort_unstable();
    let mut merged: Vec<ByteRange> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start() <= last.end() => *last = ByteRange::new(last.start(), last.end().max(range.end())),
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use bartizan_core::{Confidence, Fingerprint, SecretId, SecretSummary, Severity};

    use super::*;

    fn finding(text: &str, lines: &LineIndex, range: ByteRange, is_secret: bool) -> Finding {
        let location = Location::within("f".into(), range, text, lines);
        let fingerprint = Fingerprint([0; 16]);
        Finding {
            rule: "r".parse().unwrap(),
            message: String::new(),
            severity: Severity::High,
            confidence: Confidence::High,
            occurrences: vec![location.clone()],
            location,
            excerpt: Excerpt::default(),
            evidence: Vec::new(),
            fingerprint,
            related: Vec::new(),
            flow: Vec::new(),
            fixes: Vec::new(),
            cwe: Vec::new(),
            standards: Vec::new(),
            subject: is_secret.then(|| Subject::Secret(SecretSummary { id: SecretId(fingerprint), mask: String::new(), value: None })),
            owners: Vec::new(),
            suppression: None,
            baseline: None,
        }
    }

    /// `«…»` marks secrets, `‹…›` other findings; the excerpt of the first is compared, with `[…]` round what is highlighted.
    fn check(marked: &str, expected: &[&str]) {
        let (mut text, mut ranges, mut start) = (String::new(), Vec::new(), 0);
        for character in marked.chars() {
            match character {
                '«' | '‹' => start = text.len(),
                '»' | '›' => ranges.push((ByteRange::new(start, text.len()), character == '»')),
                _ => text.push(character),
            }
        }
        let lines = LineIndex::new(&text);
        let findings: Vec<Finding> = ranges.into_iter().map(|(range, is_secret)| finding(&text, &lines, range, is_secret)).collect();
        let excerpt = Excerpts::new(&text, &lines, &findings).of(&findings[0].location);
        let shown: Vec<String> = excerpt.lines.iter().map(show).collect();
        assert_eq!(shown, expected);
    }

    fn show(line: &ExcerptLine) -> String {
        let mut shown: Vec<String> = line.text.chars().map(String::from).collect();
        if let Some((start, end)) = line.highlight {
            let (start, end) = (usize::try_from(start).unwrap(), usize::try_from(end).unwrap());
            shown[start].insert(0, '[');
            shown[end - 1].push(']');
        }
        format!("{} {}", line.number, shown.concat())
    }

    #[test]
    fn one_line_round_the_finding_is_shown() {
        check("a\nb\nx = ‹eval›(y)\nc\nd", &["2 b", "3 x = [eval](y)", "4 c"]);
        check("‹a›", &["1 [a]"]);
        check("‹a\n›b", &["1 [a]", "2 b"]);
    }

    #[test]
    fn every_secret_of_the_file_is_masked_however_often_it_stands_there() {
        check(
            "old = hunter2!\nnew = «hunter2!» # was «geheim»\nurl = u:hunter2!@h geheim",
            &["1 old = ****", "2 new = [****] # was ****", "3 url = u:****@h ****"],
        );
    }

    #[test]
    fn a_short_value_is_masked_where_it_was_found() {
        check("a = «a»; b = a", &["1 a = [****]; b = a"]);
    }

    #[test]
    fn a_secret_over_many_lines_is_masked_in_each() {
        check("k: «-----B\nMIIE\nMIIF\nMIIG\nMIIH\n----E»\nz", &["1 k: [****]", "2 [****]", "3 [****]", "4 [****]", "5 ****"]);
    }

    #[test]
    fn a_secret_within_another_finding_is_masked_in_its_highlight() {
        check("‹connect(«hunter2!»)›;", &["1 connect([****]);"]);
        check("‹connect(\"é\")› «hunter2!»;", &["1 [connect(\"é\")] ****;"]);
    }

    #[test]
    fn long_lines_are_cut_round_the_finding() {
        let (left, right) = ("é".repeat(500), "z".repeat(500));
        check(&format!("{left}‹eval›{right}"), &[&format!("1 …{}[eval]{}…", "é".repeat(40), "z".repeat(116))]);
        check(&format!("{left}‹eval›"), &[&format!("1 …{}[eval]", "é".repeat(156))]);
        check(&format!("‹eval›{right}"), &[&format!("1 [eval]{}…", "z".repeat(156))]);
        check(&format!("«{right}»{left}"), &[&format!("1 [****]{}…", "é".repeat(156))]);
        check(&format!("‹a›\n{right}"), &["1 [a]", &format!("2 {}…", "z".repeat(160))]);
    }

    #[test]
    fn nothing_that_could_forge_the_report_is_shown() {
        check("a\t\u{1b}[31m\u{202e}‹b›\u{7}\u{2028}c", &["1 a [31m[b]c"]);
    }

    #[test]
    fn a_range_within_a_character_is_widened() {
        let text = "é";
        let lines = LineIndex::new(text);
        let finding = finding(text, &lines, ByteRange::new(1, 1), true);
        let excerpt = Excerpts::new(text, &lines, std::slice::from_ref(&finding)).of(&finding.location);
        assert_eq!(excerpt.lines[0].text, "****");
    }
}
