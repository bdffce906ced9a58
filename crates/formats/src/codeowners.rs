//! Who owns a path: code-owners files as GitHub, GitLab, Bitbucket, and Gitea and Forgejo read them.
//!
//! | dialect | what a line's first word is | which lines count for a path |
//! |---|---|---|
//! | GitHub | a pattern like those of `.gitignore` | the last one that matches |
//! | GitLab | a pattern of fnmatch for the whole path | the last one of each section, unless a line of that section excludes the path |
//! | Bitbucket | a pattern like those of `.gitignore` | the last one that matches |
//! | Gitea, Forgejo | a regular expression for the whole path, or with `!` for all other paths | all that match |
//!
//! A line without owners says that nobody owns its paths. What can't be used is skipped, as code hosts do, and a diagnostic says
//! why. Whether an owner exists is not asked, and neither is who is in a group.

mod dialect;
mod expression;
mod line;
mod owner;
mod problem;

use std::collections::BTreeMap;

use bartizan_core::{ArtifactPath, Diagnostic, Owner};

pub use self::{
    dialect::Dialect,
    owner::{CodeOwner, Selection},
};
use self::{
    expression::Expression,
    line::{Headline, Line, RuleLine},
    problem::{Place, Problems},
};
use crate::path_pattern::{PathPattern, PatternSet};

/// Where code-owners files are looked for, below the repository's root; the first one that exists is the one.
///
/// GitHub's places in GitHub's order, then those that other code hosts have for themselves.
pub const PLACES: &[&str] = &[
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
    ".bitbucket/CODEOWNERS",
    ".gitea/CODEOWNERS",
    ".forgejo/CODEOWNERS",
];

/// The largest code-owners file that is used, in bytes: GitHub's limit of 3 MB.
pub const MAX_BYTES: usize = 3 << 20;

/// The most lines with a pattern that are used.
pub const MAX_RULES: usize = 100_000;

/// The most sections of GitLab's dialect that are used.
pub const MAX_SECTIONS: usize = 1_000;

/// The most regular expressions of Gitea's dialect that are used: each is asked about every path.
pub const MAX_EXPRESSIONS: usize = 2_000;

/// The lines of a code-owners file, ready to be asked.
///
/// ```
/// use bartizan_core::Owner;
/// use bartizan_formats::codeowners::{CodeOwners, Dialect};
///
/// let text = b"* @acme/everyone\n/docs/ @ann # writes\n/docs/draft/\n";
/// let (owners, problems) = CodeOwners::parse(text, &"CODEOWNERS".into(), Dialect::GitHub);
/// assert!(problems.is_empty());
/// assert_eq!(owners.owners_of(b"docs/a.md"), [Owner("@ann".to_owned())]);
/// assert_eq!(owners.owners_of(b"docs/draft/b.md"), []);
/// assert_eq!(owners.owners_of(b"main.rs"), [Owner("@acme/everyone".to_owned())]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct CodeOwners {
    /// Groups are sections, twice: lines that name owners are even, those that exclude are odd. Numbers are indices of `rules`.
    patterns: PatternSet,
    /// Of Gitea's dialect; each with the index of its rule.
    expressions: Vec<(Expression, u32)>,
    rules: Vec<Rule>,
    headlines: Vec<Headline>,
    /// How many sections there are, those of one name counted once; the first one needs no headline.
    n_sections: usize,
    groups: BTreeMap<Box<str>, Vec<Owner>>,
}

/// One line that counts for a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim<'a> {
    /// Counted from one.
    pub line: u32,
    /// The pattern as the file has it.
    pub pattern: &'a str,
    /// The section's name; none for lines above the first headline, and in dialects without sections.
    pub section: Option<&'a str>,
    /// Whether the owners need not approve: `^[Section]`.
    pub is_optional: bool,
    /// How many of the owners must approve: `[Section][2]`.
    pub n_approvals: u32,
    /// Nobody if the line says so.
    pub owners: &'a [CodeOwner],
}

#[derive(Debug, Clone)]
struct Rule {
    line: u32,
    pattern: Box<str>,
    /// An index of `headlines`.
    headline: Option<u32>,
    owners: Vec<CodeOwner>,
}

impl CodeOwners {
    /// Reads a file; what can't be used is skipped and said.
    #[must_use]
    pub fn parse(text: &[u8], file: &ArtifactPath, dialect: Dialect) -> (Self, Vec<Diagnostic>) {
        let mut problems = Problems::of(file);
        if MAX_BYTES < text.len() {
            problems.limit("a code-owners file of this size is not used", "max-code-owners-bytes", MAX_BYTES);
            return (Self::default(), problems.into_diagnostics());
        }
        let mut reader = Reader::new(dialect);
        let mut start = 0;
        for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
            let place = Place { number: u32::try_from(index + 1).unwrap_or(u32::MAX), start, text: line };
            start += line.len() + 1;
            let line = if index == 0 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
            match Line::parse(line, dialect).and_then(|line| reader.take(line, place.number)) {
                Ok(ignored) => ignored.into_iter().for_each(|reason| problems.line(&place, reason)),
                Err(Refusal::Line(reason)) => problems.line(&place, reason),
                Err(Refusal::Limit(limit)) => {
                    problems.limit(limit.reason, limit.name, limit.value);
                    break;
                }
            }
        }
        (reader.result, problems.into_diagnostics())
    }

    /// The owners of a path below the repository's root, in the order in which the file names them; nobody if no line says.
    ///
    /// The owners of an archive own its entries.
    #[must_use]
    pub fn owners_of(&self, path: &[u8]) -> Vec<Owner> {
        let mut owners: Vec<Owner> = Vec::new();
        for owner in self.claims_on(path).iter().flat_map(|claim| claim.owners) {
            if !owners.contains(&owner.owner) {
                owners.push(owner.owner.clone());
            }
        }
        owners
    }

    /// The lines that count for a path, in the order of their sections and then of the file.
    ///
    /// A line without owners is among them: it is why nobody owns the path.
    #[must_use]
    pub fn claims_on(&self, path: &[u8]) -> Vec<Claim<'_>> {
        let separator = ArtifactPath::ENTRY_SEPARATOR.as_bytes();
        let container = memchr::memmem::find(path, separator).and_then(|end| path.get(..end)).unwrap_or(path);
        let mut numbers = self.last_of_sections(container);
        numbers.extend(self.expressions.iter().filter(|(expression, _)| expression.is_match(container)).map(|&(_, number)| number));
        numbers.into_iter().filter_map(|number| self.claim(number)).collect()
    }

    /// The members that the file itself gives a group: `@@@Writers @ann @bob` of Bitbucket's dialect.
    #[must_use]
    pub fn members_of(&self, group: &Owner) -> Option<&[Owner]> {
        self.groups.get(group.0.as_str()).map(Vec::as_slice)
    }

    fn last_of_sections(&self, path: &[u8]) -> Vec<u32> {
        let mut last: Vec<Option<u32>> = vec![None; 2 * self.n_sections];
        self.patterns.each_match(path, &mut |group, number| {
            if let Some(last) = usize::try_from(group).ok().and_then(|group| last.get_mut(group)) {
                *last = (*last).max(Some(number));
            }
        });
        let of_section = |pair: &[Option<u32>]| match *pair {
            [number, None] => number,
            _ => None,
        };
        last.chunks(2).filter_map(of_section).collect()
    }

    fn claim(&self, number: u32) -> Option<Claim<'_>> {
        let rule = self.rules.get(usize::try_from(number).ok()?)?;
        let headline = rule.headline.and_then(|index| self.headlines.get(usize::try_from(index).ok()?));
        Some(Claim {
            line: rule.line,
            pattern: &rule.pattern,
            section: headline.map(|headline| &*headline.name),
            is_optional: headline.is_some_and(|headline| headline.is_optional),
            n_approvals: headline.map_or(0, |headline| headline.n_approvals),
            owners: &rule.owners,
        })
    }
}

/// Why a line is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    Line(String),
    Limit(TooMany),
}

/// Nothing of the file is read from here on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TooMany {
    reason: &'static str,
    name: &'static str,
    value: usize,
}

const TOO_MANY_RULES: TooMany =
    TooMany { reason: "the lines after this many patterns are not used", name: "max-code-owners-rules", value: MAX_RULES };
const TOO_MANY_SECTIONS: TooMany =
    TooMany { reason: "the lines after this many sections are not used", name: "max-code-owners-sections", value: MAX_SECTIONS };
const TOO_MANY_EXPRESSIONS: TooMany =
    TooMany { reason: "the lines after this many expressions are not used", name: "max-code-owners-expressions", value: MAX_EXPRESSIONS };

struct Reader {
    dialect: Dialect,
    result: CodeOwners,
    /// The section that lines belong to, by its name in lower case: those of one name are one.
    sections: BTreeMap<String, u32>,
    section: u32,
    headline: Option<u32>,
}

impl Reader {
    fn new(dialect: Dialect) -> Self {
        // What GitLab calls the section of lines above the first headline.
        let sections = BTreeMap::from([("codeowners".to_owned(), 0)]);
        Self { dialect, result: CodeOwners { n_sections: 1, ..CodeOwners::default() }, sections, section: 0, headline: None }
    }

    /// Takes a line; says what of it was ignored.
    fn take(&mut self, line: Line, number: u32) -> Result<Vec<String>, Refusal> {
        match line {
            Line::Empty => Ok(Vec::new()),
            Line::Section { headline, ignored } => {
                self.enter(headline)?;
                Ok(ignored)
            }
            Line::Group { name, members } => {
                self.result.groups.insert(name.into(), members);
                Ok(Vec::new())
            }
            Line::Rule(rule) => self.add(rule, number),
        }
    }

    fn enter(&mut self, headline: Headline) -> Result<(), Refusal> {
        if MAX_SECTIONS <= self.result.headlines.len() {
            return Err(Refusal::Limit(TOO_MANY_SECTIONS));
        }
        let fresh = u32::try_from(self.result.n_sections).unwrap_or(u32::MAX);
        self.section = *self.sections.entry(headline.name.to_lowercase()).or_insert(fresh);
        if self.section == fresh {
            self.result.n_sections += 1;
        }
        self.headline = u32::try_from(self.result.headlines.len()).ok();
        self.result.headlines.push(headline);
        Ok(())
    }

    fn add(&mut self, line: RuleLine, number: u32) -> Result<Vec<String>, Refusal> {
        if MAX_RULES <= self.result.rules.len() {
            return Err(Refusal::Limit(TOO_MANY_RULES));
        }
        let index = u32::try_from(self.result.rules.len()).unwrap_or(u32::MAX);
        let refused = |error: &dyn std::fmt::Display| Refusal::Line(error.to_string());
        let group = 2 * self.section + u32::from(line.is_exclusion && self.dialect == Dialect::GitLab);
        match self.dialect {
            Dialect::GitHub => {
                let pattern = PathPattern::parse(&line.pattern).map_err(|error| refused(&error))?;
                self.result.patterns.add(&pattern, group, index);
            }
            Dialect::GitLab => {
                let pattern = PathPattern::parse_fnmatch(&line.pattern).map_err(|error| refused(&error))?;
                self.result.patterns.add(&pattern, group, index);
            }
            Dialect::Bitbucket => {
                let pattern = PathPattern::parse(&line.pattern).map_err(|error| refused(&error))?;
                self.result.patterns.add(&pattern.reaching_below(), group, index);
            }
            Dialect::Gitea => {
                if MAX_EXPRESSIONS <= self.result.expressions.len() {
                    return Err(Refusal::Limit(TOO_MANY_EXPRESSIONS));
                }
                let expression = Expression::parse(&line.pattern, line.is_exclusion).map_err(Refusal::Line)?;
                self.result.expressions.push((expression, index));
            }
        }
        let pattern = String::from_utf8_lossy(&line.pattern);
        let pattern = if line.is_exclusion { format!("!{pattern}").into() } else { pattern.into() };
        let inherited = || self.headline.and_then(|index| self.result.headlines.get(usize::try_from(index).ok()?));
        let owners = if line.inherits { inherited().map(|headline| headline.owners.clone()).unwrap_or_default() } else { line.owners };
        self.result.rules.push(Rule { line: number, pattern, headline: self.headline, owners });
        Ok(line.ignored)
    }
}

#[cfg(test)]
mod tests;
