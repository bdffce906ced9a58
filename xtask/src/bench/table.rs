//! Writes measurements down, as a table of Markdown.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::Result;

use super::measure::Measurement;

/// A table of one tree; ratios are to the first line.
pub(super) fn render(tree: &Path, results: &[Measurement]) -> Result<String> {
    let (n_files, n_bytes) = size(tree)?;
    let name = tree.file_name().unwrap_or(tree.as_os_str()).to_string_lossy();
    let mut out = format!("\n**{name}**: {n_files} files, {:.1} MB\n\n", megabytes(n_bytes));
    out.push_str("| program | CPU s | ratio | wall s | MB per CPU s | findings |\n|---|---|---|---|---|---|\n");
    let first = results.first().map_or(f64::NAN, |result| median(&result.cpu));
    for result in results {
        let cpu = median(&result.cpu);
        let _ = writeln!(
            out,
            "| {} | {cpu:.2} | {:.2} | {:.2} | {:.1} | {} |",
            result.name,
            cpu / first,
            median(&result.wall),
            megabytes(n_bytes) / cpu,
            result.n_findings.map_or_else(|| "–".to_owned(), |n_findings| n_findings.to_string())
        );
    }
    Ok(out)
}

/// A page with a new text between the marks of an area; nothing if it has none.
pub(super) fn replace(page: &str, area: &str, text: &str) -> Option<String> {
    let [begin, end] = ["begin", "end"].map(|side| format!("<!-- bench {area}: {side} -->"));
    let (before, rest) = page.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n{text}{end}{after}"))
}

/// The number in the middle of several.
pub(super) fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
    if sorted.len() % 2 == 1 { at(middle) } else { f64::midpoint(at(middle.wrapping_sub(1)), at(middle)) }
}

/// How many files lie below a folder, and their bytes.
pub(super) fn size(folder: &Path) -> Result<(u64, u64)> {
    let (mut n_files, mut n_bytes) = (0, 0);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            let (files, bytes) = size(&entry.path())?;
            n_files += files;
            n_bytes += bytes;
        } else if kind.is_file() {
            n_files += 1;
            n_bytes += entry.metadata()?.len();
        }
    }
    Ok((n_files, n_bytes))
}

/// Millions of bytes; trees are smaller than what a kilobyte's rounding would show.
pub(super) fn megabytes(n_bytes: u64) -> f64 {
    f64::from(u32::try_from(n_bytes / 1000).unwrap_or(u32::MAX)) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[3.0, 1.0, 2.0]).to_bits(), 2.0_f64.to_bits());
        assert_eq!(median(&[4.0, 1.0]).to_bits(), 2.5_f64.to_bits());
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn a_page_keeps_what_is_around_the_marks() {
        let (begin, end) = ("<!-- bench sast: begin -->", "<!-- bench sast: end -->");
        let page = format!("a\n{begin}\nold\n{end}\nb\n");
        assert_eq!(replace(&page, "sast", "new\n"), Some(format!("a\n{begin}\nnew\n{end}\nb\n")));
        assert_eq!(replace(&page, "secrets", "new"), None);
    }
}
