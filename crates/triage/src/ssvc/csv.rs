//! CSV as RFC 4180 has it, for tables.

use super::{MAX_COLUMNS, MAX_ROWS, TableError};

/// A line, or several if a quoted cell has line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// Where it starts, counted from one.
    pub(super) line: usize,
    /// Without white space around.
    pub(super) cells: Vec<String>,
}

/// Reads all records; empty lines are none.
pub(super) fn records(text: &str) -> Result<Vec<Record>, TableError> {
    let mut records = Vec::new();
    let mut reader = Reader { line: 1, record: Record { line: 1, cells: Vec::new() }, cell: String::new() };
    let mut characters = text.chars().peekable();
    let mut opened_in = None;
    while let Some(character) = characters.next() {
        if character == '\n' {
            reader.line += 1;
        }
        match (character, opened_in) {
            ('"', Some(_)) if characters.peek() == Some(&'"') => {
                characters.next();
                reader.cell.push('"');
            }
            ('"', Some(_)) => opened_in = None,
            (_, Some(_)) => reader.cell.push(character),
            ('"', None) if reader.cell.trim().is_empty() => opened_in = Some(reader.line),
            (',', None) => reader.end_cell()?,
            ('\n', None) => records.extend(reader.end_record()?),
            (_, None) => reader.cell.push(character),
        }
        if MAX_ROWS < records.len() {
            return Err(TableError::TooLarge { unit: "rows", value: MAX_ROWS });
        }
    }
    if let Some(line) = opened_in {
        return Err(TableError::OpenQuote { line });
    }
    records.extend(reader.end_record()?);
    Ok(records)
}

struct Reader {
    line: usize,
    record: Record,
    cell: String,
}

impl Reader {
    fn end_cell(&mut self) -> Result<(), TableError> {
        if MAX_COLUMNS <= self.record.cells.len() {
            return Err(TableError::TooLarge { unit: "columns", value: MAX_COLUMNS });
        }
        self.record.cells.push(self.cell.trim().to_owned());
        self.cell.clear();
        Ok(())
    }

    fn end_record(&mut self) -> Result<Option<Record>, TableError> {
        self.end_cell()?;
        let next = Record { line: self.line, cells: Vec::new() };
        let record = std::mem::replace(&mut self.record, next);
        let is_empty = record.cells.iter().all(String::is_empty);
        Ok(Some(record).filter(|_| !is_empty))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_commas_line_breaks_and_quotes() {
        let records = records("a,\"b, \"\"c\"\"\n d\" ,e\r\n\r\nf,,g").unwrap();
        let expected = [
            Record { line: 1, cells: vec!["a".to_owned(), "b, \"c\"\n d".to_owned(), "e".to_owned()] },
            Record { line: 4, cells: vec!["f".to_owned(), String::new(), "g".to_owned()] },
        ];
        assert_eq!(records, expected);
    }

    #[test]
    fn limits_and_open_quotes_are_errors() {
        assert_eq!(records("a\nb,\"c\n"), Err(TableError::OpenQuote { line: 2 }));
        assert_eq!(records(&",".repeat(MAX_COLUMNS)), Err(TableError::TooLarge { unit: "columns", value: MAX_COLUMNS }));
        assert_eq!(records(&"a\n".repeat(MAX_ROWS + 2)), Err(TableError::TooLarge { unit: "rows", value: MAX_ROWS }));
    }
}
