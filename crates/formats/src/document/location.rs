//! Places and the lines around them.

use schemars::JsonSchema;
use serde::Serialize;

/// A file, or a place in it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Location {
    #[serde(flatten)]
    artifact: Artifact,
    /// Lines and columns; absent where the file as a whole is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
    /// The same in bytes; absent where the file as a whole is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<ByteRange>,
}

/// A file below the scanned root, or an entry of an archive.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Artifact {
    /// The path for people: relative, with `/` between its parts; an archive's entry follows `!/`. Bytes that are no text
    /// are escaped.
    path: String,
    /// The path for programs: a relative URI reference, exact.
    uri: String,
}

/// Lines and columns from 1; columns count Unicode code points; the end is the character after the last one.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Region {
    /// Line of the first character.
    start_line: u32,
    /// Column of the first character.
    start_column: u32,
    /// Line of the character after the last one.
    end_line: u32,
    /// Column of the character after the last one.
    end_column: u32,
}

/// Offsets in the file's text after decoding to UTF-8, from 0, half-open.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ByteRange {
    /// The first byte.
    start: usize,
    /// The byte after the last one.
    end: usize,
}

/// One line of an excerpt.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ExcerptLine<'a> {
    /// Line number, from 1.
    number: u32,
    /// The text without its line break, with all secrets masked; cut parts are replaced by `…`.
    text: &'a str,
    /// The part that the finding is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    highlight: Option<Highlight>,
}

/// A part of a line: code points of the text, from 0, half-open.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Highlight {
    /// The first code point.
    start: u32,
    /// The code point after the last one.
    end: u32,
}

impl From<&bartizan_core::Location> for Location {
    fn from(location: &bartizan_core::Location) -> Self {
        Self {
            artifact: (&location.artifact).into(),
            region: location.region().map(|region| Region {
                start_line: region.start.line,
                start_column: region.start.column,
                end_line: region.end.line,
                end_column: region.end.column,
            }),
            bytes: location.range().map(ByteRange::from),
        }
    }
}

impl From<&bartizan_core::ArtifactPath> for Artifact {
    fn from(path: &bartizan_core::ArtifactPath) -> Self {
        Self { path: path.to_string(), uri: path.to_uri() }
    }
}

impl From<bartizan_core::ByteRange> for ByteRange {
    fn from(range: bartizan_core::ByteRange) -> Self {
        Self { start: range.start(), end: range.end() }
    }
}

impl<'a> From<&'a bartizan_core::ExcerptLine> for ExcerptLine<'a> {
    fn from(line: &'a bartizan_core::ExcerptLine) -> Self {
        let highlight = line.highlight.map(|(start, end)| Highlight { start, end });
        Self { number: line.number, text: &line.text, highlight }
    }
}
