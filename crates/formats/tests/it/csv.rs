use crate::{hostile, sample, support::export};

/// Splits a file as RFC 4180 says.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                cell.push('"');
                characters.next();
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted => assert_eq!(characters.peek(), Some(&'\n')),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(character),
        }
    }
    assert!(cell.is_empty() && row.is_empty() && !is_quoted, "the file ends with a row");
    rows
}

#[test]
fn every_row_has_every_column() {
    for report in [sample::shop(), hostile::report()] {
        let rows = rows(&export("csv", &report));
        assert_eq!(rows.len(), 1 + report.findings.len());
        assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    }
}

#[test]
fn no_cell_is_a_formula() {
    for row in rows(&export("csv", &hostile::report())) {
        for cell in row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
}

#[test]
fn a_report_in_csv_reads_well() {
    insta::assert_snapshot!(export("csv", &sample::shop()));
}
