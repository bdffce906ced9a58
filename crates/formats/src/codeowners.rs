//! Who owns a path: code-owners files in GitHub's places and dialect, and in GitLab's with sections.
//!
//! The last line that matches a path decides; a line without owners says that nobody owns it. A line that can't be used is
//! skipped, as GitHub does, and a diagnostic says why. Whether an owner exists is not asked.

mod line;

use bartizan_core::{ArtifactPath, ByteRange, Diagnostic, DiagnosticKind, Level, Limit, Location, Owner, Position, Region};

use self::line::Line;
use crate::path_pattern::{PathPattern, PatternSet};

/// Where code-owners files are looked for, below the repository's root; the first one that exists is the one.
///
/// GitHub's places in GitHub's order, then GitLab's own.
pub const PLACES: &[&str] = &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// The largest code-owners file that is used, in bytes: GitHub's limit of 3 MB.
pub const MAX_BYTES: usize = 3 << 20;

/// The most lines with a pattern that are used.
pub const MAX_RULES: usize = 100_000;

/// The most sections of GitLab's dialect that are used.
pub const MAX_SECTIONS: usize = 1_000;

/// Of the lines that can't be used so many are named one by one.
const MAX_NAMED_LINES: usize = 20;

/// Whose rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// GitHub's: one list.
    GitHub,
    /// GitLab's: sections, each of which has its own last match; more forms of owners.
    GitLab,
}

impl Dialect {
    /// The dialect that a file seems to be written in: GitLab's if it lies in GitLab's place or has a section's headline.
    #[must_use]
    pub fn of(place: &str, text: &[u8]) -> Self {
        let has_section =
            || text.split(|&byte| byte == b'\n').any(|line| matches!(Line::parse(line, Self::GitLab), Ok(Line::Section { .. })));
        if place.starts_with(".gitlab/") || has_section() { Self::GitLab } else { Self::GitHub }
    }
}

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
    /// Groups are sections, numbers are indices of `owners`.
    patterns: PatternSet,
    owners: Vec<Vec<Owner>>,
    n_sections: usize,
}

impl CodeOwners {
    /// Reads a file; what can't be used is skipped and said.
    #[must_use]
    pub fn parse(text: &[u8], file: &ArtifactPath, dialect: Dialect) -> (Self, Vec<Diagnostic>) {
        let mut problems = Problems { file, all: Vec::new(), n_unnamed: 0 };
        if MAX_BYTES < text.len() {
            problems.limit("a code-owners file of this size is not used", "max-code-owners-bytes", MAX_BYTES);
            return (Self::default(), problems.into_diagnostics());
        }
        let mut reader = Reader { result: Self { n_sections: 1, ..Self::default() }, section: 0, of_section: Vec::new() };
        let mut start = 0;
        for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
            let place = Place { number: u32::try_from(index + 1).unwrap_or(u32::MAX), start, text: line };
            start += line.len() + 1;
            let line = if index == 0 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
            match Line::parse(line, dialect).and_then(|line| reader.take(line)) {
                Ok(()) => {}
                Err(Refusal::Line(reason)) => problems.line(&place, reason),
                Err(Refusal::Rules) => {
                    problems.limit("the lines after this many patterns are not used", "max-code-owners-rules", MAX_RULES);
                    break;
                }
                Err(Refusal::Sections) => {
                    problems.limit("the lines after this many sections are not used", "max-code-owners-sections", MAX_SECTIONS);
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
        let separator = ArtifactPath::ENTRY_SEPARATOR.as_bytes();
        let container = memchr::memmem::find(path, separator).and_then(|end| path.get(..end)).unwrap_or(path);
        let mut last: Vec<Option<u32>> = vec![None; self.n_sections];
        self.patterns.each_match(container, &mut |section, number| {
            if let Some(last) = usize::try_from(section).ok().and_then(|section| last.get_mut(section)) {
                *last = (*last).max(Some(number));
            }
        });
        let of_line = |number: u32| usize::try_from(number).ok().and_then(|index| self.owners.get(index));
        let mut owners: Vec<Owner> = Vec::new();
        for owner in last.into_iter().flatten().filter_map(of_line).flatten() {
            if !owners.contains(owner) {
                owners.push(owner.clone());
            }
        }
        owners
    }
}

/// Why a line is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    Line(String),
    Rules,
    Sections,
}

struct Reader {
    result: CodeOwners,
    section: u32,
    /// Who owns the paths of the section's lines that name nobody.
    of_section: Vec<Owner>,
}

impl Reader {
    fn take(&mut self, line: Line) -> Result<(), Refusal> {
        match line {
            Line::Empty => {}
            Line::Section { owners } => {
                if MAX_SECTIONS <= self.result.n_sections {
                    return Err(Refusal::Sections);
                }
                self.section = u32::try_from(self.result.n_sections).unwrap_or(u32::MAX);
                self.result.n_sections += 1;
                self.of_section = owners;
            }
            Line::Rule { pattern, owners } => {
                if MAX_RULES <= self.result.owners.len() {
                    return Err(Refusal::Rules);
                }
                let pattern = PathPattern::parse(&pattern).map_err(|error| Refusal::Line(error.to_string()))?;
                let number = u32::try_from(self.result.owners.len()).unwrap_or(u32::MAX);
                self.result.patterns.add(&pattern, self.section, number);
                self.result.owners.push(if owners.is_empty() { self.of_section.clone() } else { owners });
            }
        }
        Ok(())
    }
}

struct Place<'a> {
    number: u32,
    start: usize,
    text: &'a [u8],
}

struct Problems<'a> {
    file: &'a ArtifactPath,
    all: Vec<Diagnostic>,
    n_unnamed: usize,
}

impl Problems<'_> {
    fn line(&mut self, place: &Place<'_>, reason: String) {
        if MAX_NAMED_LINES <= self.all.len() {
            self.n_unnamed += 1;
            return;
        }
        let text = place.text.trim_ascii_end();
        let n_characters = u32::try_from(String::from_utf8_lossy(text).chars().count()).unwrap_or(u32::MAX);
        let region = Region {
            start: Position { line: place.number, column: 1 },
            end: Position { line: place.number, column: n_characters.saturating_add(1) },
        };
        let range = ByteRange::new(place.start, place.start + text.len());
        let diagnostic = note(reason)
            .at(Location { artifact: self.file.clone(), place: Some((range, region)) })
            .with_help("the line is skipped, here as on the code host; a line is a path pattern and its owners: `/docs/ @user @organization/team mail@example.org`");
        self.all.push(diagnostic);
    }

    fn limit(&mut self, reason: &str, name: &str, value: usize) {
        let limit = Limit { name: name.to_owned(), value: u64::try_from(value).unwrap_or(u64::MAX) };
        let diagnostic = Diagnostic::new(DiagnosticKind::Configuration, reason).at(Location::whole(self.file.clone())).because_of(limit);
        self.all.push(diagnostic.with_help("findings are shown without these owners; shorten the file, code hosts have a limit too"));
    }

    fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        if 0 < self.n_unnamed {
            let reason = format!("{} more lines that can't be used", self.n_unnamed);
            self.all.push(note(reason).at(Location::whole(self.file.clone())));
        }
        self.all
    }
}

/// A finding without its owner is a finding still: nothing is incomplete.
fn note(reason: String) -> Diagnostic {
    Diagnostic { level: Level::Note, ..Diagnostic::new(DiagnosticKind::Configuration, reason) }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, path::PathBuf};

    use serde::Deserialize;

    use super::*;

    fn parse(text: &str, dialect: Dialect) -> (CodeOwners, Vec<Diagnostic>) {
        CodeOwners::parse(text.as_bytes(), &"CODEOWNERS".into(), dialect)
    }

    fn check(text: &str, dialect: Dialect, expected: &[(&str, &[&str])]) {
        let (owners, problems) = parse(text, dialect);
        assert_eq!(problems, []);
        for (path, expected) in expected {
            let found: Vec<String> = owners.owners_of(path.as_bytes()).into_iter().map(|owner| owner.0).collect();
            assert_eq!(&found, expected, "{path}");
        }
    }

    #[test]
    fn the_last_match_wins() {
        let text = "\u{feff}# everybody\n* @a @b\n\n*.js\t@js   # inline comment\r\n/build/logs/ @doctocat\napps/ octo@example.com\n/apps/github\n";
        check(
            text,
            Dialect::GitHub,
            &[
                ("x", &["@a", "@b"]),
                ("lib/x.js", &["@js"]),
                ("build/logs/x.js", &["@doctocat"]),
                ("y/apps/z", &["octo@example.com"]),
                ("apps/github/x", &[]),
            ],
        );
    }

    #[test]
    fn spaces_can_be_escaped_and_a_hash_inside_of_a_word_is_no_comment() {
        check("a\\ b/ @x\nc#d @y #z\n\\#e @w\n", Dialect::GitHub, &[("a b/c", &["@x"]), ("c#d", &["@y"]), ("#e", &["@w"])]);
    }

    #[test]
    fn entries_of_an_archive_have_its_owners() {
        check("*.war @java\n*.xml @xml\n", Dialect::GitHub, &[("lib/app.war!/WEB-INF/web.xml", &["@java"])]);
    }

    #[test]
    fn sections_have_a_last_match_each_and_owners_of_their_own() {
        let text = "* @all\n[Docs] @docs\n*.md\nREADME.md @ann\n^[Security Team][2] @@maintainer @sec/ops/blue.team\n*.rs\n";
        assert_eq!(Dialect::of("CODEOWNERS", text.as_bytes()), Dialect::GitLab);
        check(
            text,
            Dialect::GitLab,
            &[("a.md", &["@all", "@docs"]), ("README.md", &["@all", "@ann"]), ("a.rs", &["@all", "@@maintainer", "@sec/ops/blue.team"])],
        );
    }

    #[test]
    fn brackets_are_a_path_unless_the_whole_line_is_a_headline() {
        assert_eq!(Dialect::of("CODEOWNERS", b"[param]/page.ts @web\n/app/[id]/ @web\n"), Dialect::GitHub);
        assert_eq!(Dialect::of(".gitlab/CODEOWNERS", b"* @a\n"), Dialect::GitLab);
    }

    #[test]
    fn a_line_that_cannot_be_used_is_skipped_and_named() {
        for (line, reason) in [
            ("!docs @a", "negate"),
            ("docs @a nobody", "`nobody`"),
            ("docs @", "`@`"),
            ("docs @a/b/c", "`@a/b/c`"),
            ("docs a@b@c.d", "`a@b@c.d`"),
            ("a***b @a", "three"),
            ("a\\", "end in"),
        ] {
            let (owners, problems) = parse(&format!("* @all\n  {line}  \n"), Dialect::GitHub);
            let [problem] = &problems[..] else { panic!("{line}: {problems:?}") };
            assert!(problem.reason.contains(reason), "{line}: {}", problem.reason);
            let region = problem.location.as_ref().and_then(Location::region).unwrap();
            assert_eq!(region.start, Position { line: 2, column: 1 });
            assert_eq!((problem.level, problem.location.as_ref().unwrap().range().unwrap().start()), (Level::Note, 7));
            assert_eq!(owners.owners_of(b"docs/x"), [Owner("@all".to_owned())]);
        }
    }

    #[test]
    fn limits_are_diagnostics() {
        let (owners, problems) = parse(&"#".repeat(MAX_BYTES + 1), Dialect::GitHub);
        assert!(owners.owners_of(b"a").is_empty());
        assert_eq!(problems[0].limit.as_ref().unwrap().name, "max-code-owners-bytes");

        let (_, problems) = parse(&"a @a\n".repeat(MAX_RULES + 1), Dialect::GitHub);
        assert_eq!(problems[0].limit.as_ref().unwrap().name, "max-code-owners-rules");

        let (_, problems) = parse(&"[s]\n* @a\n".repeat(MAX_SECTIONS + 1), Dialect::GitLab);
        assert_eq!(problems[0].limit.as_ref().unwrap().name, "max-code-owners-sections");

        let (_, problems) = parse(&"a nobody\n".repeat(100), Dialect::GitHub);
        assert_eq!(problems.len(), MAX_NAMED_LINES + 1);
        assert_eq!(problems[MAX_NAMED_LINES].reason, "80 more lines that can't be used");
    }

    #[derive(Deserialize)]
    struct Vector {
        name: String,
        pattern: String,
        paths: BTreeMap<String, bool>,
    }

    #[test]
    fn github_s_pattern_forms_match_as_recorded() {
        let usual = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
        let folder = std::env::var_os("BARTIZAN_VECTORS").map_or(usual, PathBuf::from);
        let Ok(text) = std::fs::read(folder.join("codeowners/patterns.json")) else {
            eprintln!("skipped: no codeowners/patterns.json in {}; set BARTIZAN_VECTORS", folder.display());
            return;
        };
        let vectors: Vec<Vector> = serde_json::from_slice(&text).unwrap();
        let mut failures = Vec::new();
        for vector in &vectors {
            let (owners, problems) = parse(&format!("{} @x\n", vector.pattern), Dialect::GitHub);
            assert_eq!(problems, [], "{}", vector.name);
            for (path, expected) in &vector.paths {
                if owners.owners_of(path.as_bytes()).is_empty() == *expected {
                    failures.push(format!("{}: `{}` and `{path}`", vector.name, vector.pattern));
                }
            }
        }
        assert!(!vectors.is_empty());
        assert_eq!(failures, [""; 0]);
    }

    /// Not a timed test: it would run for minutes if every path were compared with every line.
    #[test]
    fn many_rules_and_many_paths_are_no_problem() {
        let mut text = String::new();
        for number in 0..5_000 {
            let line = match number % 5 {
                0 => format!("/services/team-{number}/ @team-{number}\n"),
                1 => format!("*.ext{number} @team-{number}\n"),
                2 => format!("package-{number} @team-{number}\n"),
                3 => format!("/services/**/config-{number}/*.yaml @team-{number}\n"),
                _ => format!("/lib/{number}/*/src/** @team-{number}\n"),
            };
            text.push_str(&line);
        }
        let (owners, problems) = parse(&text, Dialect::GitHub);
        assert_eq!(problems, []);
        let mut n_owned = 0;
        for number in 0..100_000 {
            let path = format!("services/team-{}/src/module-{}/file-{number}.ext{}", number % 6_000, number % 77, number % 10_000);
            n_owned += owners.owners_of(path.as_bytes()).len();
        }
        assert!(10_000 < n_owned);
    }
}
