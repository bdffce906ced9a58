//! Writes measurements down, as tables of Markdown.

use std::{fmt::Write as _, path::Path};

use anyhow::Result;

use super::{
    super::table::{megabytes, size},
    Measurement,
    language::Measured,
    scanner::Costs,
};

/// The name of the parse alone.
pub(super) const PARSE: &str = "tree-sitter alone";

/// A table of one tree; ratios are to the first line, multiples are of the parse.
pub(super) fn render(name: &str, measured: &Measured, tree: &Path, results: &[Measurement]) -> Result<String> {
    let (n_files, n_bytes) = size(tree)?;
    // One of the files says that none is ignored.
    let n_files = n_files.saturating_sub(1);
    let mut out = format!(
        "\n**{name}**: {n_files} files of {}, {:.1} MB; rules: {}\n\n",
        measured.name,
        megabytes(n_bytes),
        measured.rules.join(", ")
    );
    out.push_str("| program | CPU s | ratio | without start-up | ratio | × parse | wall s | MiB | findings |\n");
    out.push_str("|---|---|---|---|---|---|---|---|---|\n");
    let costs =
        |result: Option<&Measurement>| result.and_then(|result| result.costs.as_ref().ok()).map(|(whole, start)| Figures::of(whole, start));
    let first = costs(results.first());
    let parse = costs(results.iter().find(|result| result.name == PARSE));
    let ratio = |one: f64, other: Option<f64>| {
        other.filter(|other| 0.0 < *other).map_or_else(|| "–".to_owned(), |other| format!("{:.2}", one / other))
    };
    for result in results {
        let (whole, start) = match &result.costs {
            Ok(costs) => costs,
            Err(error) => {
                let reason = format!("{error:#}").replace(['\n', '|'], " ");
                let _ = writeln!(out, "| {} | left out: {reason} | | | | | | | |", result.name);
                continue;
            }
        };
        let figures = Figures::of(whole, start);
        let optional = |number: Option<String>| number.unwrap_or_else(|| "–".to_owned());
        let _ = writeln!(
            out,
            "| {} | {:.2} | {} | {:.2} | {} | {} | {:.2} | {} | {} |",
            result.name,
            figures.whole_s,
            ratio(figures.whole_s, first.as_ref().map(|first| first.whole_s)),
            figures.net_s,
            ratio(figures.net_s, first.as_ref().map(|first| first.net_s)),
            ratio(figures.net_s, parse.as_ref().map(|parse| parse.net_s)),
            whole.wall_s(),
            optional(whole.peak_mib().map(|mib| mib.to_string())),
            optional(whole.n_findings.map(|n_findings| n_findings.to_string()))
        );
    }
    Ok(out)
}

/// CPU seconds, from start to end and without what a file of one line costs.
struct Figures {
    whole_s: f64,
    net_s: f64,
}

impl Figures {
    fn of(whole: &Costs, start: &Costs) -> Self {
        let whole_s = whole.cpu_s();
        Self { whole_s, net_s: (whole_s - start.cpu_s()).max(0.0) }
    }
}

/// A table of what the cache saves on one tree; ratios are to the first scan.
pub(super) fn render_cached(name: &str, tree: &Path, runs: &[(&'static str, Costs)]) -> Result<String> {
    let (n_files, n_bytes) = size(tree)?;
    let mut out = format!("\n**{name}, with the cache**: {n_files} files, {:.1} MB; its own rules\n\n", megabytes(n_bytes));
    out.push_str("| scan | CPU s | ratio | wall s | ratio | MiB |\n|---|---|---|---|---|---|\n");
    let Some((_, first)) = runs.first() else { return Ok(out) };
    for (name, costs) in runs {
        let mib = costs.peak_mib().map_or_else(|| "–".to_owned(), |mib| mib.to_string());
        let (cpu_s, wall_s) = (costs.cpu_s(), costs.wall_s());
        let _ =
            writeln!(out, "| {name} | {cpu_s:.2} | {:.2} | {wall_s:.2} | {:.2} | {mib} |", cpu_s / first.cpu_s(), wall_s / first.wall_s());
    }
    Ok(out)
}
