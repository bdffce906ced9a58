//! Lines of a requirements file, joined where they end in a backslash.

use std::borrow::Cow;

use bartizan_core::ByteRange;

use crate::Serves;

/// A line, without comments where they don't mean anything.
pub(super) struct Line<'t> {
    pub(super) range: ByteRange,
    text: Cow<'t, str>,
    /// Whether it is a comment, which may say who asked for the package before it.
    comment: Option<&'t str>,
}

/// What a line says.
pub(super) enum Statement<'l> {
    /// Nothing about packages.
    Nothing,
    /// Who asked for the package before: `# via NAME, NAME`.
    Via(Vec<&'l str>),
    /// Another file of requirements: `-r PATH`.
    Includes(&'l str),
    /// An index to ask: `--index-url URL`, `--extra-index-url URL`.
    Index(&'l str, Serves),
    /// A package, with its options.
    Package(Cow<'l, str>),
}

/// The lines of a file.
pub(super) fn statements(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut open: Option<(usize, String)> = None;
    let mut start = 0;
    for raw in text.split_inclusive('\n') {
        let at = start;
        start += raw.len();
        let content = raw.trim_end_matches(['\n', '\r']);
        let trimmed = content.trim();
        if let Some(comment) = trimmed.strip_prefix('#') {
            lines.push(Line { range: ByteRange::new(at, at + content.len()), text: Cow::Borrowed(""), comment: Some(comment.trim()) });
            continue;
        }
        let (code, comment) = split_comment(content);
        let joined = code.trim_end().strip_suffix('\\');
        let begin = at + (content.len() - content.trim_start().len());
        match (joined, open.take()) {
            (Some(part), None) => open = Some((begin, part.to_owned())),
            (Some(part), Some((begin, before))) => open = Some((begin, before + part)),
            (None, None) => {
                let range = ByteRange::new(begin, begin.max(at + code.trim_end().len()));
                lines.push(Line { range, text: Cow::Borrowed(code), comment: None });
            }
            (None, Some((begin, before))) => {
                let range = ByteRange::new(begin, at + code.trim_end().len());
                lines.push(Line { range, text: Cow::Owned(before + code), comment: None });
            }
        }
        if let Some(comment) = comment {
            lines.push(Line { range: ByteRange::new(at, at + content.len()), text: Cow::Borrowed(""), comment: Some(comment) });
        }
    }
    lines.extend(open.map(|(begin, text)| Line { range: ByteRange::new(begin, start), text: Cow::Owned(text), comment: None }));
    lines
}

/// A comment begins with a hash at the beginning, or behind a blank.
fn split_comment(content: &str) -> (&str, Option<&str>) {
    let at = content.match_indices('#').map(|(at, _)| at).find(|&at| content.get(..at).is_some_and(|before| before.ends_with([' ', '\t'])));
    match at.and_then(|at| content.split_at_checked(at)) {
        Some((code, comment)) => (code, Some(comment.trim_start_matches('#').trim())),
        None => (content, None),
    }
}

impl Line<'_> {
    pub(super) fn statement(&self) -> Statement<'_> {
        if let Some(comment) = self.comment {
            // `via` stands alone where several follow, each on a line of its own.
            let names = comment.strip_prefix("via").unwrap_or(comment);
            let is_name = |name: &str| !name.is_empty() && !name.contains([' ', '/', '(', ':']) && !name.starts_with('-');
            return Statement::Via(names.split(',').map(str::trim).filter(|name| is_name(name)).collect());
        }
        let text = self.text.trim();
        if text.is_empty() {
            return Statement::Nothing;
        }
        let included = ["--requirement=", "--requirement ", "-r "].iter().find_map(|option| text.strip_prefix(option));
        let included = included.or_else(|| text.strip_prefix("-r").filter(|path| !path.is_empty()));
        if let Some(path) = included {
            return Statement::Includes(path.trim());
        }
        let is_editable = text.starts_with("-e ") || text.starts_with("--editable");
        let indexes = [("--index-url", Serves::All), ("-i ", Serves::All), ("--extra-index-url", Serves::Also)];
        for (option, serves) in indexes {
            if let Some(url) = text.strip_prefix(option) {
                return Statement::Index(url.trim_start_matches(['=', ' ']).split(' ').next().unwrap_or_default(), serves);
            }
        }
        if text.starts_with('-') && !is_editable {
            return Statement::Nothing;
        }
        Statement::Package(Cow::Borrowed(text))
    }
}

/// Splits the options off a requirement: `a==1 --hash=sha256:…`.
pub(super) fn without_options(text: &str) -> (&str, Vec<&str>) {
    let Some(at) = text.find(" --").filter(|_| !text.starts_with("--")) else { return (text, Vec::new()) };
    let (requirement, options) = text.split_at_checked(at).unwrap_or((text, ""));
    (requirement.trim(), options.split_ascii_whitespace().collect())
}
