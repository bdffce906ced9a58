//! Whose a finding is, and why.
//!
//! The code-owners file comes first. Where it names nobody, those who wrote the lines are asked, if they are still around; and
//! where nobody is, the team of the repository. A person who names an owner by hand is right whatever the rest says.

use std::collections::BTreeMap;

use bartizan_core::Owner;
use bartizan_formats::codeowners::CodeOwners;
use serde::{Deserialize, Serialize};

use crate::time::Time;

/// How authors of code become owners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Who did nothing in the repository for so many days is not asked.
    pub inactive_after_days: i64,
    /// Of so many authors at most.
    pub max_authors: usize,
    /// Whose share of the lines is less than this, in percent, is not asked, unless nobody has more.
    pub min_percent: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { inactive_after_days: 90, max_authors: 2, min_percent: 20 }
    }
}

/// Somebody who wrote lines of the code that a finding is in, as `git blame` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorship {
    /// One person, whatever addresses they write from: the caller puts those together.
    pub author: Owner,
    /// How many of the lines are theirs.
    pub n_lines: u32,
    /// When they last changed one of them.
    pub changed: Time,
    /// When they last did anything in the repository; none if it is not known.
    pub last_active: Option<Time>,
}

/// What is known about the place of a finding.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place<'a> {
    /// The repository's code-owners file.
    pub code_owners: Option<&'a CodeOwners>,
    /// The path below the repository's root; none if the finding is in no file.
    pub path: Option<&'a str>,
    /// Who wrote the lines round the finding.
    pub authors: &'a [Authorship],
    /// The team that answers for the repository.
    pub team: Option<&'a Owner>,
    /// Whom a person named, and who that person was.
    pub by_hand: Option<(&'a Owner, &'a str)>,
}

/// Whose a finding is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    /// Who is asked, the first one first; nobody if nobody is known.
    pub owners: Vec<Owner>,
    /// Why they are.
    pub why: Why,
    /// What somebody should know about it.
    pub warnings: Vec<Warning>,
}

/// Why somebody owns a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "kebab-case")]
pub enum Why {
    /// Somebody said so.
    ByHand {
        /// The id of that user.
        user: String,
    },
    /// Lines of the code-owners file.
    CodeOwners {
        /// One for each section.
        lines: Vec<CodeOwnersLine>,
    },
    /// They wrote the code.
    Authors {
        /// Each owner's share of the lines of all authors, in percent.
        percents: Vec<u32>,
        /// How many other authors are not active any more.
        n_inactive: usize,
    },
    /// They answer for the repository.
    Team,
    /// Nobody does: nothing of the above names anybody.
    Nobody,
}

/// A line that names an owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeOwnersLine {
    /// Counted from one.
    pub line: u32,
    /// As the file has it.
    pub pattern: String,
    /// The section, if it has a name.
    pub section: Option<String>,
}

/// What somebody should know about an ownership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Warning {
    /// One author alone is left who knows this code.
    OneActiveAuthor,
    /// Of those who wrote this code nobody is active.
    NoActiveAuthor,
    /// The code-owners file says that nobody owns the path.
    DisownedByFile,
}

/// Finds out whose a finding is.
#[must_use]
pub fn of(place: &Place<'_>, policy: &Policy, now: Time) -> Ownership {
    if let Some((owner, user)) = place.by_hand {
        return Ownership { owners: vec![owner.clone()], why: Why::ByHand { user: user.to_owned() }, warnings: Vec::new() };
    }
    let mut warnings = Vec::new();
    if let (Some(file), Some(path)) = (place.code_owners, place.path) {
        match by_file(file, path) {
            FileSays::Owned(owners, lines) => return Ownership { owners, why: Why::CodeOwners { lines }, warnings },
            FileSays::Disowned => warnings.push(Warning::DisownedByFile),
            FileSays::Nothing => {}
        }
    }
    let authors = by_authors(place.authors, policy, now);
    warnings.extend(authors.warning);
    if !authors.owners.is_empty() {
        let why = Why::Authors { percents: authors.percents, n_inactive: authors.n_inactive };
        return Ownership { owners: authors.owners, why, warnings };
    }
    match place.team {
        Some(team) => Ownership { owners: vec![team.clone()], why: Why::Team, warnings },
        None => Ownership { owners: Vec::new(), why: Why::Nobody, warnings },
    }
}

enum FileSays {
    Owned(Vec<Owner>, Vec<CodeOwnersLine>),
    Disowned,
    Nothing,
}

fn by_file(file: &CodeOwners, path: &str) -> FileSays {
    let claims = file.claims_on(path.as_bytes());
    let naming = claims.iter().filter(|claim| !claim.owners.is_empty());
    let lines: Vec<CodeOwnersLine> = naming
        .map(|claim| CodeOwnersLine { line: claim.line, pattern: claim.pattern.to_owned(), section: claim.section.map(str::to_owned) })
        .collect();
    match (lines.is_empty(), claims.is_empty()) {
        (false, _) => FileSays::Owned(file.owners_of(path.as_bytes()), lines),
        (true, false) => FileSays::Disowned,
        (true, true) => FileSays::Nothing,
    }
}

struct ByAuthors {
    owners: Vec<Owner>,
    percents: Vec<u32>,
    n_inactive: usize,
    warning: Option<Warning>,
}

fn by_authors(authors: &[Authorship], policy: &Policy, now: Time) -> ByAuthors {
    let all: u64 = authors.iter().map(|author| u64::from(author.n_lines)).sum();
    let percent = |author: &Authorship| u32::try_from(100 * u64::from(author.n_lines) / all.max(1)).unwrap_or(100);
    let is_active = |author: &&Authorship| now.days_since(author.last_active.unwrap_or(author.changed)) <= policy.inactive_after_days;
    let mut active: Vec<&Authorship> = authors.iter().filter(is_active).collect();
    // The most lines first; of equal shares, who changed them last; then by name, so that the order is always the same.
    active.sort_by(|a, b| (b.n_lines, b.changed, &a.author).cmp(&(a.n_lines, a.changed, &b.author)));
    let warning = match active.len() {
        _ if authors.is_empty() => None,
        0 => Some(Warning::NoActiveAuthor),
        1 => Some(Warning::OneActiveAuthor),
        _ => None,
    };
    let n_inactive = authors.len() - active.len();
    let n_large = active.iter().filter(|author| policy.min_percent <= percent(author)).count();
    active.truncate(n_large.max(1).min(policy.max_authors));
    ByAuthors {
        owners: active.iter().map(|author| author.author.clone()).collect(),
        percents: active.iter().map(|author| percent(author)).collect(),
        n_inactive,
        warning,
    }
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ByHand { user } => write!(f, "named by {user}"),
            Self::CodeOwners { lines } => {
                write!(f, "code-owners file, ")?;
                for (index, line) in lines.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    write!(f, "{separator}line {}: `{}`", line.line, line.pattern)?;
                    if let Some(section) = &line.section {
                        write!(f, " in section {section}")?;
                    }
                }
                Ok(())
            }
            Self::Authors { percents, n_inactive } => {
                let shares: Vec<String> = percents.iter().map(|percent| format!("{percent} %")).collect();
                write!(f, "wrote {} of the lines", shares.join(" and "))?;
                if 0 < *n_inactive {
                    write!(f, "; {n_inactive} other authors are no longer active")?;
                }
                Ok(())
            }
            Self::Team => f.write_str("the repository's team"),
            Self::Nobody => f.write_str("no line of a code-owners file, no active author, and no team"),
        }
    }
}

impl Warning {
    /// What people read.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::OneActiveAuthor => "one active author alone knows this code",
            Self::NoActiveAuthor => "nobody who wrote this code is active any more",
            Self::DisownedByFile => "the code-owners file says that nobody owns this path",
        }
    }
}

/// How many of a set of findings are owned, and by which rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct OwnerCoverage {
    /// All findings.
    pub n_findings: u64,
    /// Those with an owner.
    pub n_owned: u64,
    /// By where the owner comes from: `by-hand`, `code-owners`, `authors`, `team`, `nobody`.
    pub by_source: BTreeMap<&'static str, u64>,
}

impl OwnerCoverage {
    /// Counts.
    #[must_use]
    pub fn of<'a>(ownerships: impl IntoIterator<Item = &'a Ownership>) -> Self {
        ownerships.into_iter().fold(Self::default(), |mut coverage, ownership| {
            coverage.n_findings += 1;
            coverage.n_owned += u64::from(!ownership.owners.is_empty());
            *coverage.by_source.entry(ownership.why.source()).or_default() += 1;
            coverage
        })
    }

    /// The share of findings with an owner, in percent, rounded down; none without findings.
    #[must_use]
    pub fn percent(&self) -> Option<u64> {
        (100 * self.n_owned).checked_div(self.n_findings)
    }
}

impl Why {
    /// Where the owner comes from, as it is stored.
    #[must_use]
    pub const fn source(&self) -> &'static str {
        match self {
            Self::ByHand { .. } => "by-hand",
            Self::CodeOwners { .. } => "code-owners",
            Self::Authors { .. } => "authors",
            Self::Team => "team",
            Self::Nobody => "nobody",
        }
    }
}

#[cfg(test)]
mod tests {
    use bartizan_formats::codeowners::Dialect;

    use super::*;
    use crate::time::DAY;

    const NOW: Time = Time(1_000 * DAY);

    fn owner(name: &str) -> Owner {
        Owner(name.to_owned())
    }

    fn author(name: &str, n_lines: u32, days_ago: i64) -> Authorship {
        let changed = NOW.plus_days(-days_ago);
        Authorship { author: owner(name), n_lines, changed, last_active: None }
    }

    fn file(text: &str) -> CodeOwners {
        CodeOwners::parse(text.as_bytes(), &"CODEOWNERS".into(), Dialect::of("", text.as_bytes())).0
    }

    fn check(place: &Place<'_>, owners: &[&str], why: &str, warnings: &[Warning]) {
        let found = of(place, &Policy::default(), NOW);
        let names: Vec<&str> = found.owners.iter().map(|owner| owner.0.as_str()).collect();
        assert_eq!((&names[..], found.why.to_string().as_str(), &found.warnings[..]), (owners, why, warnings));
    }

    #[test]
    fn the_file_comes_before_authors_and_these_before_the_team() {
        let (team, authors) = (owner("@acme/web"), [author("ann", 10, 5), author("bob", 10, 6)]);
        let code_owners = file("* @all\n[Docs] @docs\n/docs/\n");
        let full = Place { code_owners: Some(&code_owners), path: Some("docs/a"), authors: &authors, team: Some(&team), by_hand: None };
        check(&full, &["@all", "@docs"], "code-owners file, line 1: `*`; line 3: `/docs/` in section Docs", &[]);
        let hand = owner("@eve");
        check(&Place { by_hand: Some((&hand, "tess")), ..full }, &["@eve"], "named by tess", &[]);
        let no_file = Place { code_owners: None, ..full };
        check(&no_file, &["ann", "bob"], "wrote 50 % and 50 % of the lines", &[]);
        check(&Place { authors: &[], ..no_file }, &["@acme/web"], "the repository's team", &[]);
        let nobody = "no line of a code-owners file, no active author, and no team";
        check(&Place::default(), &[], nobody, &[]);
    }

    #[test]
    fn a_line_without_owners_leaves_the_question_to_authors() {
        let (code_owners, authors) = (file("* @all\n/gen/\n"), [author("ann", 1, 1), author("bob", 9, 1)]);
        let place = Place { code_owners: Some(&code_owners), path: Some("gen/a"), authors: &authors, ..Place::default() };
        check(&place, &["bob"], "wrote 90 % of the lines", &[Warning::DisownedByFile]);
    }

    #[test]
    fn authors_who_have_left_are_not_asked() {
        let team = owner("@team");
        let left = [author("old", 90, 400), author("ann", 10, 80)];
        let place = Place { authors: &left, team: Some(&team), ..Place::default() };
        let why = "wrote 10 % of the lines; 1 other authors are no longer active";
        check(&place, &["ann"], why, &[Warning::OneActiveAuthor]);
        let all_left = [author("old", 90, 400)];
        check(&Place { authors: &all_left, ..place }, &["@team"], "the repository's team", &[Warning::NoActiveAuthor]);
        // Old lines of somebody who works elsewhere in the repository.
        let here = [Authorship { last_active: Some(NOW), ..author("old", 90, 400) }, author("ann", 30, 3)];
        check(&Place { authors: &here, ..place }, &["old", "ann"], "wrote 75 % and 25 % of the lines", &[]);
    }

    #[test]
    fn coverage_counts_where_owners_come_from() {
        let team = owner("@team");
        let with = of(&Place { team: Some(&team), ..Place::default() }, &Policy::default(), NOW);
        let without = of(&Place::default(), &Policy::default(), NOW);
        let coverage = OwnerCoverage::of([&with, &with, &without]);
        assert_eq!((coverage.n_owned, coverage.percent()), (2, Some(66)));
        assert_eq!(coverage.by_source, BTreeMap::from([("nobody", 1), ("team", 2)]));
        assert_eq!(OwnerCoverage::default().percent(), None);
    }
}
