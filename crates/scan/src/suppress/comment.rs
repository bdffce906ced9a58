//! Comments, told without knowing the language.

/// What starts a comment wherever it stands in a line.
const OPENERS: [&str; 10] = ["#", "//", "/*", "--", ";", "<!--", "%", "(*", "{-", "{#"];
/// What starts a comment, or goes on with one, at the start of a line alone.
const OPENERS_AT_START: [&str; 8] = ["*", "'", "!", "\"", "rem ", "REM ", "@rem ", "dnl "];
/// What ends a comment within a line.
const CLOSERS: [&str; 6] = ["*/", "-->", "*)", "-}", "#}", "%>"];

/// Whether a comment starts in what stands before a mark.
pub(super) fn is_open(before: &str) -> bool {
    OPENERS.iter().any(|opener| before.contains(opener)) || starts(before)
}

/// Whether a line holds a comment and nothing before it.
pub(super) fn is_alone(line: &str) -> bool {
    let line = line.trim_start();
    OPENERS.iter().any(|opener| line.starts_with(opener)) || starts(line)
}

/// The text up to where the comment ends.
pub(super) fn until_closed(text: &str) -> &str {
    let end = CLOSERS.iter().filter_map(|closer| text.find(closer)).min().unwrap_or(text.len());
    text.get(..end).unwrap_or(text).trim()
}

fn starts(line: &str) -> bool {
    let line = line.trim_start();
    OPENERS_AT_START.iter().any(|opener| line.starts_with(opener))
}
