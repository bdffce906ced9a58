//! The lines of a Dockerfile, joined where they go on, and texts that stand apart (here-documents).
//!
//! As BuildKit joins them: <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go>.

use bartizan_core::ByteRange;

/// So many instructions are read.
const MAX_INSTRUCTIONS: usize = 10_000;
/// So many here-documents of one instruction are read.
const MAX_DOCUMENTS: usize = 64;

/// An instruction in one line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Logical<'t> {
    /// Its text without marks of continuation and comments between its lines.
    pub(super) text: String,
    /// Where parts of the text come from: offsets in it and in the file, both rising.
    pieces: Vec<(usize, usize)>,
    /// All of it in the file, here-documents included.
    pub(super) range: ByteRange,
    pub(super) documents: Vec<HereDocument<'t>>,
}

/// A text that stands apart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HereDocument<'t> {
    pub(super) name: String,
    pub(super) text: &'t str,
    /// Where the text begins in the file.
    pub(super) start: usize,
}

/// A setting in the first lines: `# escape=`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Directive<'t> {
    pub(super) name: String,
    pub(super) value: &'t str,
    pub(super) range: ByteRange,
}

/// All instructions.
#[derive(Debug, Default)]
pub(super) struct Lines<'t> {
    pub(super) directives: Vec<Directive<'t>>,
    pub(super) instructions: Vec<Logical<'t>>,
    /// What is wrong with the text, and where.
    pub(super) problems: Vec<(ByteRange, String)>,
    /// Whether a limit was reached.
    pub(super) is_cut: bool,
}

impl Logical<'_> {
    /// Where a range of the text is in the file.
    pub(super) fn place(&self, range: ByteRange) -> ByteRange {
        let end = if range.is_empty() { self.source(range.end()) } else { self.source(range.end() - 1) + 1 };
        ByteRange::new(self.source(range.start()), end)
    }

    fn source(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|(logical, _)| *logical <= offset);
        let (logical, source) = after.checked_sub(1).and_then(|last| self.pieces.get(last)).copied().unwrap_or_default();
        source + offset.saturating_sub(logical)
    }
}

/// Divides a text into instructions.
pub(super) fn read(text: &str) -> Lines<'_> {
    let mut lines = Lines { directives: directives(text), ..Lines::default() };
    let is_escape = |directive: &&Directive<'_>| directive.name == "escape";
    let escape = if lines.directives.iter().find(is_escape).is_some_and(|given| given.value == "`") { '`' } else { '\\' };
    let mut at = 0;
    while at < text.len() {
        if MAX_INSTRUCTIONS <= lines.instructions.len() {
            lines.is_cut = true;
            break;
        }
        at = instruction(text, at, escape, &mut lines);
    }
    lines
}

/// Reads the instruction that begins at a line; gives where the next line begins.
fn instruction<'t>(text: &'t str, start: usize, escape: char, lines: &mut Lines<'t>) -> usize {
    let mut logical = Logical { text: String::new(), pieces: Vec::new(), range: ByteRange::default(), documents: Vec::new() };
    let (mut at, mut begin, mut end) = (start, None, start);
    while let Some(whole) = text.get(at..).and_then(|rest| rest.split_inclusive('\n').next()) {
        let line_start = at;
        let line = whole.trim_end_matches(['\n', '\r']);
        let trimmed = line.trim_start();
        at += whole.len();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            // Neither ends an instruction that goes on.
            if begin.is_none() {
                return at;
            }
            continue;
        }
        let (content, goes_on) = continued(line, escape);
        let n_blank = if begin.is_none() { content.len() - content.trim_start().len() } else { 0 };
        logical.pieces.push((logical.text.len(), line_start + n_blank));
        logical.text.push_str(content.get(n_blank..).unwrap_or_default());
        begin.get_or_insert(line_start + n_blank);
        end = line_start + line.trim_end().len();
        if !goes_on {
            break;
        }
    }
    let Some(begin) = begin else { return at };
    let kept = logical.text.trim_end().len();
    logical.text.truncate(kept);
    for (name, strips_tabs) in document_names(&logical.text) {
        let (document_text, next) = document(text, at, &name, strips_tabs);
        let document_end = at + document_text.len();
        if next == document_end && !document_text.is_empty() || next == at {
            lines.problems.push((ByteRange::new(begin, end), format!("the here-document `{name}` does not end")));
        }
        logical.documents.push(HereDocument { name, text: document_text, start: at });
        (at, end) = (next, end.max(document_end));
    }
    logical.range = ByteRange::new(begin, end);
    lines.instructions.push(logical);
    at
}

/// A line without its mark of continuation, and whether it has one.
fn continued(line: &str, escape: char) -> (&str, bool) {
    let end = line.trim_end_matches([' ', '\t']);
    match end.strip_suffix(escape) {
        // Two of them are one that is meant.
        Some(content) if !content.ends_with(escape) => (content, true),
        Some(_) | None => (line, false),
    }
}

/// Settings are comments in the first lines; the first line that is none ends them.
fn directives(text: &str) -> Vec<Directive<'_>> {
    let (mut found, mut at) = (Vec::new(), 0);
    for whole in text.split_inclusive('\n') {
        let start = at;
        at += whole.len();
        let line = whole.trim();
        let given = line.strip_prefix('#').and_then(|comment| comment.split_once('='));
        let Some((name, value)) = given else { break };
        let name = name.trim().to_ascii_lowercase();
        if !matches!(name.as_str(), "syntax" | "escape" | "check") {
            break;
        }
        found.push(Directive { name, value: value.trim(), range: ByteRange::new(start, start + whole.trim_end().len()) });
    }
    found
}

/// The names of here-documents that a line announces (`<<EOF`, `<<-"EOF"`), and whether tabs before their lines don't count.
fn document_names(line: &str) -> Vec<(String, bool)> {
    let keyword = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    let is_nested = keyword == "ONBUILD";
    if !(is_nested || matches!(keyword.as_str(), "RUN" | "COPY" | "ADD")) || !line.contains("<<") {
        return Vec::new();
    }
    let script = crate::shell::parse(line, 0);
    let redirects = script.commands.iter().filter(|command| command.depth == 0).flat_map(|command| &command.redirects);
    let documents = redirects.filter(|redirect| matches!(redirect.operator.as_str(), "<<" | "<<-"));
    let named = documents.filter(|redirect| {
        let name = &redirect.target.text;
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
    });
    named.map(|redirect| (redirect.target.text.clone(), redirect.operator == "<<-")).take(MAX_DOCUMENTS).collect()
}

/// The text of a here-document that begins at a line, and where the line after its end begins.
fn document<'t>(text: &'t str, start: usize, name: &str, strips_tabs: bool) -> (&'t str, usize) {
    let mut at = start;
    for whole in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        let line = whole.trim_end_matches(['\n', '\r']);
        let line = if strips_tabs { line.trim_start_matches('\t') } else { line };
        if line == name {
            return (text.get(start..at).unwrap_or_default(), at + whole.len());
        }
        at += whole.len();
    }
    (text.get(start..).unwrap_or_default(), text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let lines = read(text);
        let shown: Vec<String> = lines
            .instructions
            .iter()
            .map(|line| {
                let documents: Vec<String> = line.documents.iter().map(|found| format!("<{}:{}>", found.name, found.text)).collect();
                format!("{}{}", line.text, documents.join(""))
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn lines_go_on() {
        check("FROM a\n\nRUN x \\\n # no\n\n  y \\  \n z\nUSER b", &["FROM a", "RUN x   y  z", "USER b"]);
        check("# escape=`\r\nRUN x `\r\n y c:\\\r\nUSER a\r\n", &["RUN x  y c:\\", "USER a"]);
        check("RUN x \\\\\nUSER y", &["RUN x \\\\", "USER y"]);
    }

    #[test]
    fn here_documents_stand_apart() {
        check(
            "RUN <<A cat <<-'B'\n1\n# 2\nA\n\t3\n\tB\nCOPY <<X /y\nUSER root\nX\nUSER z",
            &["RUN <<A cat <<-'B'<A:1\n# 2\n><B:\t3\n>", "COPY <<X /y<X:USER root\n>", "USER z"],
        );
        check("RUN cat <<< x\nUSER a", &["RUN cat <<< x", "USER a"]);
        assert_eq!(read("RUN <<EOF\nx\n").problems.len(), 1);
    }

    #[test]
    fn directives_come_first() {
        let names: Vec<String> = read("# syntax=a\n#check = b\n# x\n# escape=`\n").directives.into_iter().map(|it| it.name).collect();
        assert_eq!(names, ["syntax", "check"]);
    }

    #[test]
    fn places_are_those_of_the_file() {
        let text = "  RUN a \\\n  # c\n  bcd \\\n  e";
        let lines = read(text);
        let line = lines.instructions.first().unwrap();
        let at = line.text.find("bcd").unwrap();
        let place = line.place(ByteRange::new(at, at + 3));
        assert_eq!(text.get(place.start()..place.end()), Some("bcd"));
        assert_eq!(text.get(line.range.start()..line.range.end()), Some(text.trim()));
    }
}
