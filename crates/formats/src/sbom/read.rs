//! Bills of materials as others write them.
//!
//! CycloneDX 1.2 to 1.7 as JSON and XML, SPDX 2.2 and 2.3 as JSON and as tags with values, SPDX 3.0 as JSON-LD, and each of the
//! JSON formats within an in-toto statement. The format is recognised by content. A document is read as a stream: what is kept
//! is what a [`Bom`] holds. What is wrong with a document becomes a [`Problem`] beside what could be understood.

mod cyclonedx;
mod draft;
mod fields;
mod json;
mod spdx;
mod spdx3;
mod tag_value;
mod xml;

use std::io::{self, BufRead};

use super::{Bom, Component};
use draft::Draft;

/// So many problems are said one by one.
const MAX_PROBLEMS: usize = 100;

/// What was understood of a document, and what was not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// What was understood.
    pub value: Bom,
    /// What was not, in the order of the document.
    pub problems: Vec<Problem>,
}

/// Something that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether components are missing because of it.
    pub is_loss: bool,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
}

/// Reads a document.
///
/// ```
/// use bartizan_formats::sbom;
/// let text = r#"{"bomFormat": "CycloneDX", "components": [{"name": "left-pad", "purl": "pkg:npm/left-pad@1.3.0"}]}"#;
/// let parsed = sbom::read(&mut text.as_bytes())?;
/// assert_eq!(parsed.value.components[0].purl.as_deref(), Some("pkg:npm/left-pad@1.3.0"));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Those of the input, and [`io::ErrorKind::InvalidData`] if it is no bill of a known format.
pub fn read(input: &mut dyn BufRead) -> io::Result<Parsed> {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    if input.fill_buf()?.starts_with(MARK) {
        input.consume(MARK.len());
    }
    let mut draft = Draft::default();
    match first_byte(input)? {
        Some(b'{') => json::read(input, &mut draft),
        Some(b'<') => xml::read(input, &mut draft),
        Some(_) => tag_value::read(input, &mut draft)?,
        None => {}
    }
    if draft.is_bill {
        return Ok(draft.finish());
    }
    let reason = draft.problems.first().map_or(String::new(), |problem| format!(": {}", problem.message));
    Err(io::Error::new(io::ErrorKind::InvalidData, format!("this is no bill of materials in CycloneDX or SPDX{reason}")))
}

/// The first byte that is no blank.
fn first_byte(input: &mut dyn BufRead) -> io::Result<Option<u8>> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(None);
        }
        let n_blank = buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let first = buffer.get(n_blank).copied();
        input.consume(n_blank);
        if first.is_some() {
            return Ok(first);
        }
    }
}

impl Bom {
    /// The components that can't be matched with anything, because nothing says which package they are.
    pub fn unmatched(&self) -> impl Iterator<Item = &Component> {
        self.components.iter().filter(|component| component.purl.is_none())
    }
}
