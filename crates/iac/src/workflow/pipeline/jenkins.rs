//! Pipelines of Jenkins: no more of Groovy than its strings, and the steps that run them.

use std::ops::Range;

use bartizan_core::{ByteRange, Confidence, Severity};

use crate::workflow::remark::Remark;

const INJECTION: &str = "jenkins-value-in-script";
const SECRET: &str = "jenkins-secret-in-script";

/// Steps that run a text.
const STEPS: &[&str] = &["sh", "bat", "powershell", "pwsh"];

/// Variables that whoever pushes or opens a pull request chooses.
const CHOSEN: &[&str] = &[
    "BRANCH_NAME",
    "CHANGE_AUTHOR",
    "CHANGE_AUTHOR_DISPLAY_NAME",
    "CHANGE_AUTHOR_EMAIL",
    "CHANGE_BRANCH",
    "CHANGE_FORK",
    "CHANGE_TITLE",
    "GIT_BRANCH",
    "GIT_LOCAL_BRANCH",
    "TAG_NAME",
    "ghprbPullTitle",
    "ghprbSourceBranch",
    "ghprbPullLongDescription",
    "ghprbCommentBody",
    "gitlabSourceBranch",
    "gitlabMergeRequestTitle",
    "gitlabMergeRequestDescription",
];

/// What `withCredentials` calls the variables that it sets.
const BINDINGS: &[&str] = &["variable:", "passwordVariable:", "usernameVariable:", "keyFileVariable:", "passphraseVariable:"];

/// What is wrong in a pipeline.
pub(crate) fn look(text: &str) -> Vec<Remark> {
    let secrets = secrets(text);
    let mut remarks = Vec::new();
    for string in scripts(text) {
        for (name, range) in values(text, string) {
            let at = ByteRange::from(range);
            let bare = name.strip_prefix("env.").unwrap_or(&name);
            let mut found = |rule, severity, confidence, message: String| {
                remarks.push(Remark::new(rule, at, message).known_by(&name).severity(severity).confidence(confidence));
            };
            if CHOSEN.contains(&bare) {
                let message = format!("`{name}` becomes part of the script: whoever pushes chooses it, and can run commands with it");
                found(INJECTION, Severity::High, Confidence::High, message);
            } else if name.starts_with("params.") {
                let message = format!("`{name}` becomes part of the script: whoever starts the job chooses it");
                found(INJECTION, Severity::Medium, Confidence::Medium, message);
            } else if secrets.iter().any(|secret| secret == bare) {
                let message = format!("the secret `{name}` becomes part of the command line, which logs and process lists show");
                found(SECRET, Severity::Medium, Confidence::High, message);
            }
        }
    }
    remarks
}

/// Variables that hold credentials.
fn secrets(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for binding in BINDINGS {
        for (at, _) in text.match_indices(binding) {
            let rest = text.get(at + binding.len()..).unwrap_or_default().trim_start();
            let name = rest.strip_prefix(['\'', '"']).and_then(|rest| rest.split(['\'', '"']).next());
            found.extend(name.map(str::to_owned));
        }
    }
    for line in text.lines() {
        let Some((name, value)) = line.split_once('=') else { continue };
        if value.trim_start().starts_with("credentials(") {
            found.push(name.trim().to_owned());
        }
    }
    found
}

/// The texts in double quotes that steps run: only there Groovy puts in values.
fn scripts(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut word: &str = "";
    while let Some(byte) = bytes.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        match byte {
            b'/' if rest.starts_with("//") => at += rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => at += rest.find("*/").map_or(rest.len(), |end| end + 2),
            b'"' | b'\'' => {
                let string = string_at(text, at);
                if *byte == b'"' && STEPS.contains(&word) {
                    found.push(string.clone());
                }
                at = string.end.max(at + 1);
            }
            byte if byte.is_ascii_alphabetic() || *byte == b'_' => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                let name = rest.get(..end).unwrap_or_default();
                // `sh(returnStdout: true, script: "…")`: names of arguments don't end the step.
                let is_argument = STEPS.contains(&word)
                    && (rest.get(end..).is_some_and(|after| after.trim_start().starts_with(':')) || matches!(name, "true" | "false"));
                word = if is_argument { word } else { name };
                at += end;
            }
            byte => {
                if matches!(byte, b'\n' | b';' | b'}' | b')') && !matches!(byte, b'\n') {
                    word = "";
                }
                at += 1;
                while !text.is_char_boundary(at) {
                    at += 1;
                }
            }
        }
    }
    found
}

/// The text that begins with a quote: its bytes, quotes included.
fn string_at(text: &str, start: usize) -> Range<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote)).unwrap_or("\"");
    let mut at = start + quote.len();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(quote) {
            return start..at + quote.len();
        }
        if quote.len() == 1 && rest.starts_with('\n') {
            break;
        }
        let n_escape = usize::from(rest.starts_with('\\'));
        at += n_escape + rest.chars().nth(n_escape).map_or(0, char::len_utf8);
    }
    start..at.min(text.len())
}

/// The values that are put into a text: `${…}` and `$name`, and their bytes.
fn values(text: &str, string: Range<usize>) -> Vec<(String, Range<usize>)> {
    let source = text.get(string.clone()).unwrap_or_default();
    let mut found = Vec::new();
    for (offset, _) in source.match_indices('$') {
        if source.get(..offset).is_some_and(|before| before.ends_with('\\')) {
            continue;
        }
        let rest = source.get(offset + 1..).unwrap_or_default();
        let (name, n_bytes) = match rest.strip_prefix('{') {
            Some(inner) => {
                let name = inner.split('}').next().unwrap_or_default();
                (name.trim(), name.len() + 3)
            }
            None => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.')).unwrap_or(rest.len());
                let name = rest.get(..end).unwrap_or_default().trim_end_matches('.');
                (name, name.len() + 1)
            }
        };
        let start = string.start + offset;
        if !name.is_empty() {
            found.push((name.to_owned(), start..start + n_bytes));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = scripts(text).into_iter().flat_map(|string| values(text, string)).map(|(name, _)| name).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn only_strings_with_values_of_steps_count() {
        check("sh \"echo ${params.A} $B \\$C\"", &["params.A", "B"]);
        check("sh 'echo ${A}'\necho \"${B}\"", &[]);
        check("sh(returnStdout: true, script: \"\"\"\n a ${env.CHANGE_TITLE}\n\"\"\")", &["env.CHANGE_TITLE"]);
        check("// sh \"${A}\"\n/* sh \"${B}\" */ bat \"${C}\"", &["C"]);
        check("sh \"é ${A", &["A"]);
    }
}
