//! The controls above the findings. They are shown by the script, because they do nothing without it.

use std::io::{self, Write};

use bartizan_core::Report;

use super::{line, name, number};
use crate::Summary;

/// Writes the controls, and opens the section of the findings.
pub(super) fn write(summary: &Summary<'_>, report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section id=\"findings\" aria-labelledby=\"findings-title\"><h2 id=\"findings-title\">Findings</h2>")?;
    if report.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "<form id=\"filters\" class=\"filters\" role=\"search\" aria-label=\"Filter the findings\" hidden>")?;
    writeln!(
        out,
        "<label class=\"field wide\"><span>Search</span><input type=\"search\" name=\"text\" autocomplete=\"off\" placeholder=\"path, rule, text\"></label>"
    )?;
    let owners = summary.by_owner.iter().map(|counts| counts.owner.map_or("", |owner| owner.0.as_str()));
    write_choice("owner", "Owner", owners, "nobody", out)?;
    write_choice("rule", "Rule", summary.by_rule.iter().map(|counts| counts.rule.as_str()), "", out)?;
    writeln!(out, "<fieldset class=\"field\"><legend>Severity</legend><div class=\"chips\">")?;
    for (severity, count) in summary.open.iter() {
        writeln!(
            out,
            "<label class=\"chip {severity}\"><input type=\"checkbox\" name=\"severity\" value=\"{severity}\" checked> {} <b>{}</b></label>",
            name(severity),
            number(count),
        )?;
    }
    if 0 < summary.n_suppressed {
        writeln!(
            out,
            "<label class=\"chip\"><input type=\"checkbox\" name=\"suppressed\"> Suppressed <b>{}</b></label>",
            number(summary.n_suppressed),
        )?;
    }
    writeln!(
        out,
        "</div></fieldset><p class=\"outcome\"><output id=\"shown\" aria-live=\"polite\"></output> <button type=\"reset\">Show all</button> <button type=\"button\" id=\"unfold\">Unfold details</button></p></form>"
    )
}

fn write_choice<'a>(
    field: &str,
    label: &str,
    values: impl Iterator<Item = &'a str>,
    name_of_empty: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "<label class=\"field\"><span>{label}</span><select name=\"{field}\"><option value=\"*\">all</option>")?;
    let mut values: Vec<&str> = values.collect();
    values.sort_unstable();
    for value in values {
        let shown = if value.is_empty() { name_of_empty } else { value };
        write!(out, "<option value=\"{}\">{}</option>", line(value), line(shown))?;
    }
    writeln!(out, "</select></label>")
}
