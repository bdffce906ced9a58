//! What the script filters by, as data in the page, in the order of the cards.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use bartizan_core::{Finding, Report};
use serde::Serialize;

use crate::visible::visible_line;

/// The names are as the choices have them.
#[derive(Serialize)]
struct Facts<'a> {
    severity: &'static str,
    rule: Cow<'a, str>,
    owners: Vec<Cow<'a, str>>,
    is_suppressed: bool,
}

/// Writes the data.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let facts: Vec<Facts<'_>> = super::cards::in_order(report).into_iter().map(facts).collect();
    let json = serde_json::to_string(&facts)?;
    // Within a script only these could end it, or begin a comment; JSON has an escape for each.
    let json = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    writeln!(out, "<script type=\"application/json\" id=\"facts\">{json}</script>")
}

fn facts(finding: &Finding) -> Facts<'_> {
    Facts {
        severity: finding.severity.as_str(),
        rule: visible_line(finding.rule.as_str()),
        owners: finding.owners.iter().map(|owner| visible_line(&owner.0)).collect(),
        is_suppressed: finding.suppression.is_some(),
    }
}
