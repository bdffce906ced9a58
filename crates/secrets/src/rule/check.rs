//! Reads rule files, and says everything that is wrong with one at once.

use std::{borrow::Cow, fmt, str::FromStr};

use bartizan_core::{ArtifactPath, Cwe, RuleId, RuleOrigin, Severity, without_entry};

use super::{
    Boundary, Find, LazyRegex, RuleFile, SecretRule, compile,
    example::{InvalidPlaceholder, expand},
    file::BoundaryFile,
};
use crate::{detector, engine::SecretsEngine, proof, window};

/// Something wrong with a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleProblem {
    /// Line in the file, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// What is wrong and what is expected.
    pub message: String,
}

impl fmt::Display for RuleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// A key of the file, and what is wrong with it.
type KeyProblem = (&'static str, String);

/// The largest rule file, in bytes.
pub const MAX_RULE_FILE_BYTES: usize = 256 << 10;
/// Of values that can't be read so many are said.
const MAX_PROBLEMS: usize = 30;

/// Reads one rule.
///
/// # Errors
///
/// Everything that is wrong with it, in order of place.
pub fn parse(text: &str, origin: ArtifactPath) -> Result<SecretRule, Vec<RuleProblem>> {
    if MAX_RULE_FILE_BYTES < text.len() {
        let message = format!("the file is larger than {MAX_RULE_FILE_BYTES} bytes (max-rule-file-bytes)");
        return Err(vec![RuleProblem { line: 1, column: 1, message }]);
    }
    let (file, unread, mut all) = read(text);
    let (rule, mut problems) = understand(&file, RuleOrigin::File(origin));
    problems.extend(problems_of(&file));
    match rule {
        Some(rule) if problems.is_empty() && all.is_empty() => Ok(rule),
        Some(_) | None => {
            // What could not be read is not missing.
            problems.retain(|(key, message)| !unread.iter().any(|unread| key == unread || message.contains(&format!("`{unread}`"))));
            all.extend(problems.into_iter().map(|(key, message)| at_key(text, key, &message)));
            all.sort_by_key(|problem| (problem.line, problem.column));
            Err(all)
        }
    }
}

/// Reads what can be read, and says which keys could not be, and why.
fn read(text: &str) -> (RuleFile, Vec<String>, Vec<RuleProblem>) {
    let (mut unread, mut problems) = (Vec::new(), Vec::new());
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_PROBLEMS {
        let error = match serde_saphyr::from_str::<RuleFile>(&text) {
            Ok(file) => return (file, unread, problems),
            // Nothing is left that could be read.
            Err(_) if text.trim().is_empty() && !problems.is_empty() => break,
            Err(error) => error,
        };
        let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
        let narrow = |number| u32::try_from(number).unwrap_or(u32::MAX);
        let message = error.without_snippet().to_string();
        problems.push(RuleProblem { line: narrow(line), column: narrow(column), message });
        let Some((key, rest)) = without_entry(&text, narrow(line)) else { break };
        unread.push(key.to_owned());
        text = Cow::Owned(rest);
    }
    // Of a file that can't be read at all there is no more to say.
    let keys = ["id", "title", "provider", "severity", "why", "revoke", "bad", "good"];
    (RuleFile::default(), keys.map(str::to_owned).to_vec(), problems)
}

/// Points at a top-level key of the file.
fn at_key(text: &str, key: &str, message: &str) -> RuleProblem {
    let line = text.lines().position(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
    let line = u32::try_from(line.unwrap_or(0) + 1).unwrap_or(u32::MAX);
    RuleProblem { line, column: 1, message: format!("`{key}`: {message}") }
}

/// Turns a file into a rule, with the checks that cost nothing.
pub(super) fn understand(file: &RuleFile, origin: RuleOrigin) -> (Option<SecretRule>, Vec<KeyProblem>) {
    let mut problems: Vec<KeyProblem> = Vec::new();
    let mut note = |key, message: String| problems.push((key, message));
    let id = RuleId::from_str(&file.id).map_err(|error| note("id", error.to_string())).ok();
    let severity = Severity::from_str(&file.severity).map_err(|error| note("severity", error.to_string())).ok();
    let mut cwe = Vec::new();
    for text in &file.cwe {
        match text.parse::<Cwe>() {
            Ok(number) => cwe.push(number),
            Err(error) => note("cwe", error.to_string()),
        }
    }
    let proof = file.proof.as_deref().and_then(|name| {
        let found = proof::by_name(name);
        if found.is_none() {
            note("proof", format!("unknown proof `{name}`; expected one of: {}", proof::names()));
        }
        found
    });
    let find = match (&file.pattern, &file.assignment, &*file.path, &file.detector) {
        (Some(pattern), None, [], None) => Some(Find::Pattern {
            keywords: file.keywords.iter().map(|keyword| keyword.to_ascii_lowercase()).collect(),
            pattern: LazyRegex::new(pattern.clone()),
            boundary: match file.boundary {
                BoundaryFile::Token => Boundary::Token,
                BoundaryFile::None => Boundary::None,
            },
        }),
        (None, Some(assignment), [], None) => Some(Find::Assignment {
            names: assignment.name.clone(),
            also: assignment.also.clone(),
            value: LazyRegex::new(format!(r"\A(?:{})\z", assignment.value)),
        }),
        (None, None, [_, ..], None) => Some(Find::Path { globs: file.path.clone() }),
        (None, None, [], Some(name)) => {
            let found = detector::by_name(name);
            if found.is_none() {
                note("detector", format!("unknown detector `{name}`; expected one of: {}", detector::names()));
            }
            found.map(Find::Detector)
        }
        _ => {
            note("id", "exactly one of `pattern`, `assignment`, `path` and `detector` says how the credential is found".to_owned());
            None
        }
    };
    let rule = id.zip(severity).zip(find).map(|((id, severity), find)| SecretRule {
        about: SecretRule::about(file, id, severity, cwe, origin),
        provider: file.provider.clone(),
        find,
        proof,
        entropy: file.entropy,
        allow: file.allow.iter().cloned().map(LazyRegex::new).collect(),
        bad: file.bad.clone(),
        good: file.good.clone(),
        source: postcard::to_stdvec(file).unwrap_or_default(),
    });
    (rule, problems)
}

/// The checks that cost something: expressions compile, every match holds a keyword, the words are there.
pub(super) fn problems_of(file: &RuleFile) -> Vec<KeyProblem> {
    const MIN_KEYWORD_BYTES: usize = 3;
    let mut problems: Vec<KeyProblem> = Vec::new();
    let mut note = |key, message: String| problems.push((key, message));
    let is_id = |text: &str| {
        !text.is_empty()
            && text.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
    };
    if !is_id(&file.id) {
        note("id", format!("`{}` is not made of lower-case words joined by hyphens", file.id));
    }
    for (key, text) in [("title", &file.title), ("provider", &file.provider), ("why", &file.why), ("revoke", &file.revoke)] {
        if text.trim().is_empty() {
            note(key, "is missing or empty".to_owned());
        }
    }
    if file.title.trim_end().ends_with('.') {
        note("title", "ends in a full stop".to_owned());
    }
    for reference in file.references.iter().filter(|reference| !reference.starts_with("https://")) {
        note("references", format!("`{reference}` is not an https page"));
    }
    if let Some(pattern) = &file.pattern {
        check_expression("pattern", pattern, &mut note);
        if file.keywords.is_empty() {
            note("pattern", "a pattern needs `keywords`".to_owned());
        }
        for keyword in &file.keywords {
            if keyword.len() < MIN_KEYWORD_BYTES {
                note("keywords", format!("`{keyword}` is shorter than {MIN_KEYWORD_BYTES} bytes"));
            }
        }
        if let Err(reason) = window::Window::of(pattern, &file.keywords) {
            note("pattern", reason.to_string());
        }
    }
    if file.pattern.is_none() && !file.keywords.is_empty() {
        note("keywords", "only a `pattern` needs keywords".to_owned());
    }
    if let Some(assignment) = &file.assignment {
        check_expression("assignment", &assignment.value, &mut note);
        let is_term =
            |term: &&String| term.len() < MIN_KEYWORD_BYTES || !term.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        for term in assignment.name.iter().chain(&assignment.also).filter(is_term) {
            note("assignment", format!("`{term}` is not made of three lower-case letters or digits at least"));
        }
        if assignment.name.is_empty() {
            note("assignment", "`name` is empty".to_owned());
        }
    }
    for glob in &file.path {
        if let Err(error) = globset::Glob::new(glob) {
            note("path", error.to_string());
        }
    }
    for pattern in &file.allow {
        check_expression("allow", pattern, &mut note);
    }
    if file.bad.len() < 2 && file.path.is_empty() {
        note("bad", "at least two texts are needed".to_owned());
    }
    if file.good.is_empty() {
        note("good", "at least one text is needed".to_owned());
    }
    problems
}

fn check_expression(key: &'static str, pattern: &str, note: &mut impl FnMut(&'static str, String)) {
    if let Err(error) = compile(pattern) {
        let reason = error.syntax_error().map_or_else(|| error.to_string(), ToString::to_string);
        note(key, format!("the expression can't be compiled: {reason}"));
    }
}

/// An example that the rule judges wrongly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleFailure {
    /// The example as it stands in the rule, with its placeholders.
    pub example: String,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for ExampleFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason, self.example)
    }
}

/// Runs a rule, alone, on its own examples.
#[must_use]
pub fn check_examples(rule: SecretRule) -> Vec<ExampleFailure> {
    const SEEDS: [u64; 3] = [1, 2, 3];
    let mut failures = Vec::new();
    let (bad, good) = (rule.bad.clone(), rule.good.clone());
    let (id, proof, is_path) = (rule.id().clone(), rule.proof, matches!(rule.find, Find::Path { .. }));
    let engine = SecretsEngine::of_rules(vec![rule]);
    let examples = bad.iter().map(|example| (example, true)).chain(good.iter().map(|example| (example, false)));
    for (example, is_bad) in examples {
        let mut fail = |reason: String| failures.push(ExampleFailure { example: example.clone(), reason });
        for seed in SEEDS {
            let text = match expand(example, proof, &format!("{id} {seed}")) {
                Ok(text) => text,
                Err(InvalidPlaceholder(placeholder)) => {
                    fail(format!("unknown placeholder `{placeholder}`"));
                    break;
                }
            };
            // The examples of a path rule are paths.
            let found = if is_path { engine.finds_in(&text, "") } else { engine.finds_in("example", &text) };
            match (is_bad, found) {
                (true, false) => fail("not reported, but is listed as bad".to_owned()),
                (false, true) => fail("reported, but is listed as good".to_owned()),
                (true, true) | (false, false) => continue,
            }
            break;
        }
    }
    failures
}
