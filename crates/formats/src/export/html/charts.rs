//! How many findings, by severity and by owner.
//!
//! The charts are tables: bars are drawn, names and numbers are text, so that they can be read at any width and aloud.

use std::io::{self, Write};

use bartizan_core::Severity;

use super::{line, name, number};
use crate::Summary;

/// The owners that have a bar of their own.
const MAX_OWNERS: usize = 8;

/// Writes the charts, if there is something to draw.
pub(super) fn write(summary: &Summary<'_>, out: &mut dyn Write) -> io::Result<()> {
    if summary.open.total() == 0 {
        return writeln!(out, "<p class=\"panel all-clear\">Nothing was found that asks for action.</p>");
    }
    writeln!(out, "<section class=\"charts\" aria-label=\"Overview\">")?;
    write_severities(summary, out)?;
    write_owners(summary, out)?;
    writeln!(out, "</section>")
}

fn write_severities(summary: &Summary<'_>, out: &mut dyn Write) -> io::Result<()> {
    let open = &summary.open;
    let most = open.iter().map(|(_, count)| count).max().unwrap_or_default();
    writeln!(out, "<div class=\"panel\"><table class=\"chart\"><caption>Open findings by severity</caption><tbody>")?;
    for (severity, count) in open.iter() {
        let mut only = [0; Severity::ALL.len()];
        if let Some(own) = Severity::ALL.iter().zip(&mut only).find_map(|(other, own)| (*other == severity).then_some(own)) {
            *own = count;
        }
        write_row(name(severity), &only, most, count, out)?;
    }
    writeln!(out, "</tbody></table><dl class=\"numbers\">")?;
    let n_unowned = summary.by_owner.iter().find(|counts| counts.owner.is_none()).map_or(0, |counts| counts.open.total());
    let n_new = summary.n_new.map(|n_new| ("New", n_new));
    let others = [("Places", summary.n_occurrences), ("Without an owner", n_unowned), ("Suppressed", summary.n_suppressed)];
    for (what, count) in n_new.into_iter().chain(others) {
        writeln!(out, "<div><dt>{what}</dt><dd>{}</dd></div>", number(count))?;
    }
    writeln!(out, "</dl></div>")
}

fn write_owners(summary: &Summary<'_>, out: &mut dyn Write) -> io::Result<()> {
    // Findings that nobody owns always have a bar: they are the last, and somebody has to see them.
    let (nobody, owned): (Vec<_>, Vec<_>) = summary.by_owner.iter().partition(|counts| counts.owner.is_none());
    let shown: Vec<_> = owned.iter().take(MAX_OWNERS).chain(&nobody).collect();
    let most = shown.iter().map(|counts| counts.open.total()).max().unwrap_or_default();
    writeln!(out, "<div class=\"panel\"><table class=\"chart\"><caption>Open findings by owner</caption><tbody>")?;
    for counts in shown {
        let owner = counts.owner.map_or_else(|| "<em>nobody</em>".to_owned(), |owner| line(&owner.0));
        let parts = Severity::ALL.map(|severity| counts.open.of(severity));
        write_row(&owner, &parts, most, counts.open.total(), out)?;
    }
    if let n_more @ 1.. = owned.len().saturating_sub(MAX_OWNERS) {
        writeln!(out, "<tr><td colspan=\"3\" class=\"quiet\">and {} more owners</td></tr>", number(n_more))?;
    }
    writeln!(out, "</tbody></table></div>")
}

/// A row: a name, a bar whose parts have the colors of the severities, a number.
fn write_row(name: &str, parts: &[usize; 5], most: usize, count: usize, out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "<tr><th scope=\"row\">{name}</th><td class=\"bar\"><svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
    )?;
    write!(out, "<rect class=\"track\" width=\"1000\" height=\"10\"/>")?;
    let mut before = 0;
    for (severity, part) in Severity::ALL.into_iter().zip(parts).filter(|(_, part)| 0 < **part) {
        let (start, end) = (scaled(before, most), scaled(before + part, most));
        // One finding among thousands has a bar that can be seen.
        let width = (end - start).max(6);
        write!(out, "<rect class=\"{severity}\" x=\"{start}\" width=\"{width}\" height=\"10\"/>")?;
        before += part;
    }
    writeln!(out, "</svg></td><td class=\"count\">{}</td></tr>", number(count))
}

/// A share of the longest bar, in thousandths.
fn scaled(count: usize, most: usize) -> usize {
    count.saturating_mul(1000).checked_div(most).unwrap_or_default()
}
