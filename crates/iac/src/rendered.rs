//! Documents that something made out of files, with a map back to those files.
//!
//! A check looks at a document as if it had been a file; where it finds something, the map says which bytes of which file made that
//! place, and which key of the values or which patch.

use std::sync::Arc;

use bartizan_core::ByteRange;

/// What was made, and what went wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The documents, in the order of the files that made them.
    pub documents: Vec<Document>,
    /// What is missing, and why.
    pub problems: Vec<Problem>,
}

/// One document of YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The file that it comes from: a template, or a resource.
    pub path: Arc<str>,
    /// The document, without the lines that separate it from others.
    pub text: String,
    /// Where its bytes come from.
    pub map: SourceMap,
}

/// Something that could not be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file that it is about.
    pub path: Arc<str>,
    /// Where in it.
    pub range: ByteRange,
    /// What, in lower case, without a full stop.
    pub message: String,
}

/// Where the bytes of a document come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// Sorted by `at`; each holds up to the next one.
    spans: Vec<Span>,
}

/// From here on, bytes come from one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The first byte of the document.
    pub at: usize,
    /// The file.
    pub path: Arc<str>,
    /// Its bytes.
    pub range: ByteRange,
    /// Whether bytes are copied one by one: then the place within `range` is known, too.
    pub is_copy: bool,
    /// What decided the value, besides the file.
    pub cause: Option<Arc<Cause>>,
}

/// What decided a value, besides the file that it is written by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What kind of thing it is.
    pub kind: CauseKind,
    /// The key, as in `image.tag`, or the name of the patch or of the field of the kustomization.
    pub name: String,
    /// Where that is written.
    pub path: Arc<str>,
    /// Its bytes.
    pub range: ByteRange,
}

/// A kind of [`Cause`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CauseKind {
    /// A key of a chart's values.
    Value,
    /// A patch, or another field of a kustomization that changes resources.
    Patch,
}

/// Where a byte of a document comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin<'m> {
    /// The file.
    pub path: &'m str,
    /// Its bytes, as close as it is known.
    pub range: ByteRange,
    /// Whether the first of them is this very byte; else all of them together made it.
    pub is_copy: bool,
    /// What decided the value.
    pub cause: Option<&'m Cause>,
}

impl SourceMap {
    /// A map of spans that are sorted by `at`.
    #[must_use]
    pub fn new(mut spans: Vec<Span>) -> Self {
        spans.sort_by_key(|span| span.at);
        Self { spans }
    }

    /// Where a byte comes from; nothing if the map doesn't say.
    #[must_use]
    pub fn origin(&self, at: usize) -> Option<Origin<'_>> {
        let index = self.spans.partition_point(|span| span.at <= at).checked_sub(1)?;
        let span = self.spans.get(index)?;
        let start = if span.is_copy { (span.range.start() + (at - span.at)).min(span.range.end()) } else { span.range.start() };
        Some(Origin {
            path: &span.path,
            range: ByteRange::new(start, span.range.end()),
            is_copy: span.is_copy,
            cause: span.cause.as_deref(),
        })
    }

    /// All spans, in order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }
}
