//! The lines of code of a finding.

use std::io::{self, Write};

use bartizan_core::{ExcerptLine, Finding};

use super::{line, place};

/// Writes the lines, if there are any.
pub(super) fn write(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    if finding.excerpt.lines.is_empty() {
        return Ok(());
    }
    // Whoever can't scroll with a pointer can do it with keys where the element can be focused.
    write!(out, "<pre class=\"code\" tabindex=\"0\" role=\"region\" aria-label=\"Code at {}\">", line(&place::short(&finding.location)))?;
    for excerpt_line in &finding.excerpt.lines {
        let class = if excerpt_line.highlight.is_some() { "line hit" } else { "line" };
        write!(out, "<span class=\"{class}\"><span class=\"number\">{}</span><code>", excerpt_line.number)?;
        write_code(excerpt_line, out)?;
        write!(out, "</code></span>")?;
    }
    writeln!(out, "</pre>")
}

fn write_code(excerpt_line: &ExcerptLine, out: &mut dyn Write) -> io::Result<()> {
    let Some((start, end)) = excerpt_line.highlight else { return write!(out, "{}", code(&excerpt_line.text)) };
    let offset = |n_characters: u32| {
        let n_characters = usize::try_from(n_characters).unwrap_or(usize::MAX);
        excerpt_line.text.char_indices().nth(n_characters).map_or(excerpt_line.text.len(), |(offset, _)| offset)
    };
    let (before, rest) = excerpt_line.text.split_at(offset(start));
    let (marked, after) = rest.split_at(offset(end).saturating_sub(before.len()));
    write!(out, "{}<mark>{}</mark>{}", code(before), code(marked), code(after))
}

/// Code as markup; a tab stays a tab.
fn code(text: &str) -> String {
    crate::markup::escaped(&crate::visible(&text.replace(['\n', '\r'], " ")))
}
