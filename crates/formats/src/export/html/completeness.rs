//! What was looked at, and what could not be.

use std::io::{self, Write};

use bartizan_core::{Diagnostic, Level, Report, SkipReason};

use super::{line, number};
use crate::place;

/// The diagnostics that are listed.
const MAX_DIAGNOSTICS: usize = 1000;

/// Says above the findings that some may be missing.
pub(super) fn write_warning(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if !report.is_incomplete() {
        return Ok(());
    }
    let n_problems = report.diagnostics.iter().filter(|diagnostic| Level::Note < diagnostic.level).count();
    writeln!(
        out,
        "<p class=\"panel warning\"><strong>Not everything was analyzed.</strong> {} below; findings may be missing. <a href=\"#completeness\">See what</a></p>",
        if n_problems == 1 { "One problem is listed".to_owned() } else { format!("{} problems are listed", number(n_problems)) },
    )
}

/// Writes the section.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<section id=\"completeness\" aria-labelledby=\"completeness-title\"><h2 id=\"completeness-title\">What was looked at</h2>"
    )?;
    writeln!(out, "<dl class=\"panel coverage\">")?;
    write_number("Analyzed", &format!("{} files, {}", number(report.coverage.n_files), size(report.coverage.n_bytes)), out)?;
    for &(reason, n_files) in &report.coverage.skipped {
        let what = match reason {
            SkipReason::Binary => "Binary, read by no engine",
            SkipReason::Empty => "Empty",
            SkipReason::NotInteresting => "Of no interest to any engine",
            SkipReason::Problem => "Left out because of a problem",
        };
        write_number(what, &format!("{} {}", number(n_files), if n_files == 1 { "file" } else { "files" }), out)?;
    }
    writeln!(out, "</dl>")?;

    let mut diagnostics: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    diagnostics.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.level));
    if !diagnostics.is_empty() {
        writeln!(out, "<ul class=\"panel diagnostics\">")?;
        for diagnostic in diagnostics.iter().take(MAX_DIAGNOSTICS) {
            write_diagnostic(diagnostic, out)?;
        }
        if let n_more @ 1.. = diagnostics.len().saturating_sub(MAX_DIAGNOSTICS) {
            writeln!(out, "<li class=\"quiet\">and {} more</li>", number(n_more))?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "</section>")
}

fn write_number(what: &str, value: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<div><dt>{what}</dt><dd>{value}</dd></div>")
}

fn write_diagnostic(diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let level = match diagnostic.level {
        Level::Note => "Note",
        Level::Incomplete => "Incomplete",
        Level::Error => "Error",
    };
    write!(out, "<li><span class=\"level {}\">{level}</span><div><p>{}", diagnostic.level, line(&diagnostic.reason))?;
    if let Some(limit) = &diagnostic.limit {
        write!(out, " <span class=\"quiet\">({} = {})</span>", line(&limit.name), number(limit.value))?;
    }
    write!(out, "</p>")?;
    if let Some(location) = &diagnostic.location {
        write!(out, "<p><code class=\"place\">{}</code></p>", line(&place::exact(location)))?;
    }
    if !diagnostic.help.is_empty() {
        write!(out, "<p class=\"quiet\">{}</p>", line(&diagnostic.help))?;
    }
    writeln!(out, "</div></li>")
}

/// Bytes in a unit in which they have up to four digits.
fn size(n_bytes: u64) -> String {
    const MAX_SHOWN: u64 = 9_999;
    if n_bytes <= MAX_SHOWN {
        return format!("{} {}", number(n_bytes), if n_bytes == 1 { "byte" } else { "bytes" });
    }
    let mut amount = n_bytes;
    let mut shown = String::new();
    for unit in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
        // To the nearest, in integers, so that all machines agree.
        let rounded = amount / 1024 + u64::from(512 <= amount % 1024);
        shown = format!("{} {unit}", number(rounded));
        if rounded <= MAX_SHOWN {
            break;
        }
        amount /= 1024;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_few_digits() {
        for (n_bytes, shown) in
            [(0, "0 bytes"), (1, "1 byte"), (9_999, "9,999 bytes"), (10_000, "10 KiB"), (10_485_760, "10 MiB"), (u64::MAX, "16,384 PiB")]
        {
            assert_eq!(size(n_bytes), shown, "{n_bytes}");
        }
    }
}
