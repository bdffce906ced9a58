//! Decoded layers: what gitleaks makes of percent, Unicode, hexadecimal and base64 encodings, and the way back.
//!
//! Each pass finds encoded parts of the text, replaces them by what they decode to, and searches the whole again. A match
//! counts if it touches a decoded part; its place is that of the encoded part in the original text.

mod encoding;
mod find;

use std::ops::Range;

pub(super) use encoding::Encoding;

/// A part that was decoded in the latest pass.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// In the original text.
    original: Span,
    /// In the text before this pass.
    encoded: Span,
    /// In the text after this pass.
    decoded: Span,
    /// Everything that was decoded here in this pass and before, as bits of [`Encoding`].
    encodings: u8,
}

/// All passes so far: their segments, in order.
#[derive(Debug, Default)]
pub(super) struct Passes(Vec<Vec<Segment>>);

impl Passes {
    /// Makes a pass; nothing if there is nothing to decode.
    pub(super) fn decode(&mut self, text: &[u8]) -> Option<Vec<u8>> {
        let mut segments: Vec<Segment> = Vec::new();
        let mut result = Vec::with_capacity(text.len());
        let mut copied = 0;
        let (latest, before) = self.0.split_last().map_or((&[][..], &[][..]), |(latest, before)| (latest.as_slice(), before));
        for found in find::encoded_parts(text) {
            let Some(value) = text.get(found.range.clone()).and_then(|encoded| found.encoding.decode(encoded)) else { continue };
            result.extend_from_slice(text.get(copied..found.range.start).unwrap_or_default());
            let start = result.len();
            result.extend_from_slice(&value);
            copied = found.range.end;
            let encoded = Span::new(found.range.start, found.range.end);
            let earlier = latest.iter().filter(|segment| encoded.touches(segment.decoded)).fold(0, |all, segment| all | segment.encodings);
            segments.push(Segment {
                original: to_original(before, latest, encoded),
                encoded,
                decoded: Span::new(start, result.len()),
                encodings: earlier | found.encoding.bit(),
            });
        }
        if segments.is_empty() {
            return None;
        }
        result.extend_from_slice(text.get(copied..).unwrap_or_default());
        self.0.push(segments);
        Some(result)
    }

    /// Whether there was a pass.
    pub(super) const fn is_decoded(&self) -> bool {
        !self.0.is_empty()
    }

    /// What a match of the latest text means in the original one; nothing if it touches nothing that was decoded.
    pub(super) fn trace(&self, range: Range<usize>) -> Option<Traced> {
        let (latest, before) = self.0.split_last()?;
        let range = Span::new(range.start, range.end);
        let segments: Vec<Segment> = latest.iter().filter(|segment| segment.decoded.touches(range)).cloned().collect();
        let first = segments.first()?;
        let encodings = segments.iter().fold(0, |all, segment| all | segment.encodings);
        let mut tags: Vec<String> = Encoding::ALL
            .iter()
            .filter(|encoding| encodings & encoding.bit() != 0)
            .map(|encoding| format!("decoded:{}", encoding.as_str()))
            .collect();
        tags.push(format!("decode-depth:{}", self.0.len()));
        let decoded = segments.iter().fold(first.decoded, |all, segment| all.merge(segment.decoded));
        Some(Traced { original: to_original(before, &segments, range).into_range(), tags, decoded: decoded.into_range() })
    }
}

/// A match of a decoded text.
#[derive(Debug)]
pub(super) struct Traced {
    /// Where it is in the original text.
    pub(super) original: Range<usize>,
    /// How it was decoded, as gitleaks tags it.
    pub(super) tags: Vec<String>,
    /// The decoded parts that it touches, in the latest text.
    pub(super) decoded: Range<usize>,
}

/// Where a range of a decoded text comes from; `segments` made that text, `before` are the passes before.
fn to_original(before: &[Vec<Segment>], segments: &[Segment], decoded: Span) -> Span {
    let mut encoded: Option<Span> = None;
    for segment in segments.iter().filter(|segment| segment.decoded.touches(decoded)) {
        if segment.decoded.contains(decoded) {
            return segment.original;
        }
        let overflow = segment.decoded.merge(decoded);
        let mapped = Span {
            start: segment.encoded.start + (overflow.start - segment.decoded.start),
            end: segment.encoded.end + (overflow.end - segment.decoded.end),
        };
        encoded = Some(encoded.map_or(mapped, |encoded| encoded.merge(mapped)));
    }
    let Some(encoded) = encoded else { return decoded };
    match before.split_last() {
        Some((segments, before)) => to_original(before, segments, encoded),
        None => encoded,
    }
}

/// Where something starts and ends; while it is traced back, an end can lie outside of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    start: isize,
    end: isize,
}

impl Span {
    fn new(start: usize, end: usize) -> Self {
        let signed = |offset| isize::try_from(offset).unwrap_or(isize::MAX);
        Self { start: signed(start), end: signed(end) }
    }

    /// Whether the spans share a byte or meet.
    const fn touches(self, other: Self) -> bool {
        other.start <= self.end && self.start <= other.end
    }

    const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    fn merge(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    fn into_range(self) -> Range<usize> {
        let unsigned = |offset| usize::try_from(offset).unwrap_or(0);
        unsigned(self.start)..unsigned(self.end)
    }
}
