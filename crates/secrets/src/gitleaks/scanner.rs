//! One file through all rules.

use std::{cell::OnceCell, collections::BTreeMap, ops::Range, sync::Arc};

use regex_automata::Match;

use super::{
    allow::{Allowed, Judged},
    config::{Config, Required},
    decode::Passes,
    entropy::shannon,
    file_kind::{is_application, is_archive_name},
    fragment::{Fragment, Fragments},
    keywords::{Hits, Keywords},
    leak::Leak,
    position::position,
    rule::Rule,
};
use crate::go_regex::Text;

/// The comment that makes gitleaks leave out what stands in its line.
pub const ALLOW_MARK: &str = "gitleaks:allow";

/// How files are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanOptions {
    /// How often what was decoded is decoded again.
    pub max_decode_depth: usize,
    /// Which files are not looked into.
    pub skip: Skip,
}

/// Which files are not looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skip {
    /// Those that gitleaks skips: what its libraries take for archives by name, or for an `application/…` type by content.
    AsGitleaks,
    /// Those with an `application/…` type by content: names such as `app.browser.js` mean nothing.
    ByContent,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self { max_decode_depth: 5, skip: Skip::AsGitleaks }
    }
}

/// A configuration, ready to search files as `gitleaks dir` does.
///
/// ```
/// use bartizan_secrets::gitleaks::{ScanOptions, Scanner, config};
/// let rules = "[[rules]]\nid = 'demo'\nregex = 'tok_[a-z]{4}'\nkeywords = ['tok_']\n";
/// let options = config::Options { read_file: &|_| Err(String::new()), default_config: None };
/// let scanner = Scanner::new(config::read("rules.toml", rules, &options).value, ScanOptions::default());
/// let leaks = scanner.scan("a.txt", b"x\ntok_abcd\n");
/// assert_eq!(leaks[0].fingerprint(), "a.txt:demo:2");
/// ```
#[derive(Debug)]
pub struct Scanner {
    pub(super) rules: Vec<Rule>,
    keywords: Keywords,
    /// The rules of each keyword.
    rules_of_keyword: Vec<Vec<usize>>,
    without_keywords: Vec<usize>,
    by_id: BTreeMap<Arc<str>, usize>,
    allowed: Vec<Allowed>,
    options: ScanOptions,
}

impl Scanner {
    /// Makes a configuration ready.
    #[must_use]
    pub fn new(config: Config, options: ScanOptions) -> Self {
        let keywords = Keywords::new(config.rules.values().flat_map(|rule| rule.keywords.iter().map(String::as_str)));
        let rules: Vec<Rule> = config.rules.into_values().map(|rule| Rule::new(rule, &keywords)).collect();
        let mut rules_of_keyword = vec![Vec::new(); keywords.len()];
        let mut without_keywords = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            let Some(numbers) = &rule.keywords else {
                without_keywords.push(index);
                continue;
            };
            for &number in numbers {
                if let Some(rules) = usize::try_from(number).ok().and_then(|number| rules_of_keyword.get_mut(number)) {
                    rules.push(index);
                }
            }
        }
        let by_id = rules.iter().enumerate().map(|(index, rule)| (rule.id.clone(), index)).collect();
        let allowed = config.allowlists.into_iter().map(Allowed::new).collect();
        Self { rules, keywords, rules_of_keyword, without_keywords, by_id, allowed, options }
    }

    /// Whether gitleaks does not walk into this path, or does not open it: a global allowlist names it.
    #[must_use]
    pub fn is_pruned(&self, path: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed.names_path(path))
    }

    /// What is found in a file, in order of fragment and rule. `.gitleaksignore` and baselines come after this.
    #[must_use]
    pub fn scan(&self, path: &str, bytes: &[u8]) -> Vec<Leak> {
        let is_archive = self.options.skip == Skip::AsGitleaks && is_archive_name(path.as_bytes());
        if is_archive || self.allowed.iter().any(|allowed| allowed.allows_file(path)) {
            return Vec::new();
        }
        let mut leaks = Vec::new();
        let mut n_lines = 0;
        for fragment in Fragments::new(bytes) {
            // As long as there was no line break, each fragment counts as the start.
            if n_lines == 0 && is_application(fragment.bytes.get(..fragment.n_read).unwrap_or_default()) {
                return leaks;
            }
            let scan = FragmentScan {
                scanner: self,
                path,
                fragment,
                text: Text::new(fragment.bytes),
                first_line: n_lines + 1,
                line_feeds: OnceCell::new(),
                marks: OnceCell::new(),
            };
            leaks.extend(scan.run());
            n_lines += memchr::memchr_iter(b'\n', fragment.bytes).count();
        }
        leaks
    }

    /// The rules that a text is worth a look for, in order.
    fn rules_for(&self, hits: &Hits) -> Vec<usize> {
        let present =
            self.rules_of_keyword.iter().enumerate().filter(|&(number, _)| u32::try_from(number).is_ok_and(|number| hits.contains(number)));
        let mut rules: Vec<usize> = present.flat_map(|(_, rules)| rules).chain(&self.without_keywords).copied().collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}

/// One fragment through all rules.
struct FragmentScan<'s> {
    scanner: &'s Scanner,
    path: &'s str,
    fragment: Fragment<'s>,
    text: Text<'s>,
    first_line: usize,
    /// Offsets of line breaks.
    line_feeds: OnceCell<Vec<usize>>,
    /// Offsets of [`ALLOW_MARK`].
    marks: OnceCell<Vec<usize>>,
}

/// The text of one pass: the fragment, or what it decodes to.
struct Pass<'p> {
    text: &'p Text<'p>,
    hits: Hits,
    passes: &'p Passes,
}

impl FragmentScan<'_> {
    fn run(&self) -> Vec<Leak> {
        let mut leaks = Vec::new();
        let mut passes = Passes::default();
        let mut decoded: Option<Vec<u8>> = None;
        for depth in 0.. {
            let decoded_text = decoded.as_deref().map(Text::new);
            let text = decoded_text.as_ref().unwrap_or(&self.text);
            let pass = Pass { hits: self.scanner.keywords.find(text), text, passes: &passes };
            for index in self.scanner.rules_for(&pass.hits) {
                leaks.extend(self.rule(index, &pass));
            }
            if depth == self.scanner.options.max_decode_depth {
                break;
            }
            match passes.decode(decoded.as_deref().unwrap_or(self.fragment.bytes)) {
                Some(next) => decoded = Some(next),
                None => break,
            }
        }
        without_generic_copies(leaks)
    }

    /// What one rule reports.
    fn rule(&self, index: usize, pass: &Pass<'_>) -> Vec<Leak> {
        let Some(rule) = self.scanner.rules.get(index).filter(|rule| !rule.is_silent) else { return Vec::new() };
        let leaks = self.matches(rule, pass);
        // A path that says it all needs nothing else.
        let is_complete = rule.required.is_empty() || rule.finder.is_none() || leaks.is_empty();
        if is_complete { leaks } else { self.complete(rule, leaks, pass) }
    }

    /// The matches of one rule that are not allowed.
    fn matches(&self, rule: &Rule, pass: &Pass<'_>) -> Vec<Leak> {
        if rule.allowed.iter().any(|allowed| allowed.allows_file(self.path)) || !rule.is_for(self.path) {
            return Vec::new();
        }
        if rule.finder.is_none() {
            return if pass.passes.is_decoded() { Vec::new() } else { vec![self.path_leak(rule)] };
        }
        rule.find_all(pass.text, &pass.hits, &self.scanner.keywords).into_iter().filter_map(|found| self.leak(rule, found, pass)).collect()
    }

    /// A file whose path says it all.
    fn path_leak(&self, rule: &Rule) -> Leak {
        Leak {
            rule: rule.id.clone(),
            description: rule.description.clone(),
            file: self.path.to_owned(),
            start_line: 0,
            end_line: 0,
            start_column: 0,
            end_column: 0,
            matched: format!("file detected: {}", self.path),
            secret: String::new(),
            entropy: 0.0,
            tags: rule.tags.clone(),
            range: None,
            is_marked: false,
        }
    }

    /// A match, unless something speaks against it.
    fn leak(&self, rule: &Rule, found: Match, pass: &Pass<'_>) -> Option<Leak> {
        let text = pass.text.as_str();
        let matched = text.get(found.range())?;
        let leading = matched.len() - matched.trim_start_matches('\n').len();
        let matched = matched.trim_matches('\n');
        let matched_start = found.start() + leading;
        let mut tags = rule.tags.clone();

        // Where it is in the fragment, as gitleaks sees it.
        let in_pass = pass.text.original(found.start())..pass.text.original(found.end());
        let (range, decoded) = if pass.passes.is_decoded() {
            let traced = pass.passes.trace(in_pass)?;
            tags.extend(traced.tags);
            (traced.original, Some(traced.decoded))
        } else {
            // The line breaks at its ends don't count, but the start stays where it is.
            let n_bytes = pass.text.original(matched_start + matched.len()) - pass.text.original(matched_start);
            (in_pass.start..in_pass.start + n_bytes, None)
        };
        let line_feeds = self.line_feeds.get_or_init(|| memchr::memchr_iter(b'\n', self.fragment.bytes).collect());
        let position = position(line_feeds, self.fragment.bytes, range.clone());
        let line = self.text.as_str().get(self.text.from_original(position.line.start)..self.text.from_original(position.line.end));
        let is_marked = self.is_marked(&position.line);

        // The groups are those of the match alone, without what stands around it.
        let secret = secret_of(rule, matched);
        let secret_start = matched_start + secret.start;
        let secret_bytes = pass.text.original(secret_start + secret.len()) - pass.text.original(secret_start);
        let secret = matched.get(secret)?;
        let entropy = shannon(secret, secret_bytes);
        if rule.entropy != 0.0 && entropy <= rule.entropy {
            return None;
        }

        let decoded_line = decoded.map(|decoded| current_line(pass.text, decoded)).filter(|line| !line.is_empty());
        let judged = Judged { path: self.path, secret, whole_match: matched, line: decoded_line.or(line).unwrap_or_default() };
        if self.scanner.allowed.iter().chain(&rule.allowed).any(|allowed| allowed.allows_match(judged)) {
            return None;
        }
        Some(Leak {
            rule: rule.id.clone(),
            description: rule.description.clone(),
            file: self.path.to_owned(),
            start_line: self.first_line + position.start_line,
            end_line: self.first_line + position.end_line,
            start_column: position.start_column,
            end_column: position.end_column,
            matched: matched.to_owned(),
            secret: secret.to_owned(),
            entropy: narrowed(entropy),
            tags,
            range: Some(self.fragment.start + range.start..self.fragment.start + range.end),
            is_marked,
        })
    }

    /// Whether [`ALLOW_MARK`] stands in a line.
    fn is_marked(&self, line: &Range<usize>) -> bool {
        let find = || memchr::memmem::find_iter(self.fragment.bytes, ALLOW_MARK).collect();
        let marks: &Vec<usize> = self.marks.get_or_init(find);
        let first = marks.partition_point(|&mark| mark < line.start);
        marks.get(first).is_some_and(|&mark| mark + ALLOW_MARK.len() <= line.end)
    }

    /// Those leaks that have a match of every required rule near by.
    fn complete(&self, rule: &Rule, leaks: Vec<Leak>, pass: &Pass<'_>) -> Vec<Leak> {
        let parts_of = |required: &Required| -> Vec<Leak> {
            let other = self.scanner.by_id.get(&required.id).and_then(|&index| self.scanner.rules.get(index));
            other.map(|other| self.matches(other, pass)).unwrap_or_default().into_iter().filter(|part| !part.is_marked).collect()
        };
        let parts: Vec<(&Required, Vec<Leak>)> = rule.required.iter().map(|required| (required, parts_of(required))).collect();
        // An id that is required twice is there if one of the two distances fits.
        let is_there = |leak: &Leak, id: &str| {
            parts.iter().any(|(required, parts)| *required.id == *id && parts.iter().any(|part| is_near(leak, part, required)))
        };
        leaks.into_iter().filter(|leak| rule.required.iter().all(|required| is_there(leak, &required.id))).collect()
    }
}

fn is_near(leak: &Leak, part: &Leak, required: &Required) -> bool {
    let within =
        |a: usize, b: usize, most: Option<i64>| most.is_none_or(|most| i64::try_from(a.abs_diff(b)).is_ok_and(|distance| distance <= most));
    within(leak.start_line, part.start_line, required.within_lines) && within(leak.start_column, part.start_column, required.within_columns)
}

/// The group that is the secret: the one that the rule names, or else the first that is not empty, or else everything.
fn secret_of(rule: &Rule, matched: &str) -> Range<usize> {
    let whole = 0..matched.len();
    let Some(finder) = rule.finder.as_ref().filter(|finder| 0 < finder.regex().pattern().n_groups()) else { return whole };
    let Some(captures) = finder.regex().captures(matched) else { return whole };
    if 0 < rule.secret_group {
        return captures.get_group(rule.secret_group).map_or(0..0, |span| span.range());
    }
    let mut groups = (1..captures.group_len()).filter_map(|group| captures.get_group(group));
    groups.find(|span| !span.is_empty()).map_or(whole, |span| span.range())
}

/// The lines of a decoded text that hold a range, with the line break before them.
fn current_line<'t>(text: &'t Text<'_>, decoded: Range<usize>) -> &'t str {
    let (start, end) = (text.from_original(decoded.start), text.from_original(decoded.end));
    let bytes = text.as_str().as_bytes();
    let line_start = memchr::memrchr(b'\n', bytes.get(..=start).unwrap_or(bytes)).unwrap_or(0);
    let line_end = memchr::memchr(b'\n', bytes.get(end..).unwrap_or_default()).map_or(bytes.len(), |length| end + length);
    text.as_str().get(line_start..line_end).unwrap_or_default()
}

/// Leaves out what a generic rule found where a rule for one provider found more.
fn without_generic_copies(leaks: Vec<Leak>) -> Vec<Leak> {
    let is_generic = |leak: &Leak| leak.rule.to_lowercase().contains("generic");
    if !leaks.iter().any(is_generic) {
        return leaks;
    }
    let is_copy = |leak: &Leak| {
        is_generic(leak)
            && leaks.iter().any(|other| {
                other.start_line == leak.start_line && !other.is_marked && !is_generic(other) && other.secret.contains(&leak.secret)
            })
    };
    leaks.iter().filter(|leak| !is_copy(leak)).cloned().collect()
}

#[expect(clippy::cast_possible_truncation, reason = "gitleaks reports single precision")]
const fn narrowed(entropy: f64) -> f32 {
    entropy as f32
}
