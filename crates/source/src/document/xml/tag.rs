//! The first tag of an element: its name and its attributes, with their places.

use std::borrow::Cow;

use bartizan_core::ByteRange;

use super::element::{Attribute, Element};

/// Reads a tag whose bounds are known. What is no attribute in it is left out.
pub(super) fn read(text: &str, range: ByteRange) -> Element<'_> {
    let written = text.get(range.start()..range.end()).unwrap_or_default();
    let within = written.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    let mut at = range.start() + written.len() - written.trim_start_matches('<').len();
    let end = at + within.len();
    let n_name = within.find(is_blank).unwrap_or(within.len());
    let name = within.get(..n_name).unwrap_or_default();
    at += n_name;
    let mut attributes = Vec::new();
    while let Some((attribute, next)) = attribute(text, at, end) {
        attributes.extend(attribute);
        at = next;
    }
    Element::begin(local(name), range, attributes)
}

/// The next attribute, and where what follows begins; no attribute, but a place to go on, where something else stands.
fn attribute(text: &str, at: usize, end: usize) -> Option<(Option<Attribute<'_>>, usize)> {
    let rest = text.get(at..end)?;
    let rest = rest.trim_start_matches(is_blank);
    if rest.is_empty() {
        return None;
    }
    let n_name = rest.find(|c| is_blank(c) || c == '=').unwrap_or(rest.len());
    let name = rest.get(..n_name)?;
    let behind = rest.get(n_name..)?.trim_start_matches(is_blank);
    let Some(value) = behind.strip_prefix('=') else {
        // `disabled` without a value is HTML, not XML.
        return Some((None, end - behind.len()));
    };
    let value = value.trim_start_matches(is_blank);
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    let Some(quote) = quote else { return Some((None, (end - value.len()).max(at + 1))) };
    let value = value.strip_prefix(quote)?;
    let n_value = value.find(quote)?;
    let start = end - value.len();
    let range = ByteRange::new(start, start + n_value);
    let attribute = Attribute { name: Cow::Borrowed(local(name)), value: Cow::Borrowed(value.get(..n_value)?), range };
    Some((Some(attribute), start + n_value + quote.len_utf8()))
}

/// A name without the prefix of its namespace.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Whether a name can be one: XML 1.0, section 2.3, with every character beyond ASCII allowed.
pub(super) fn is_name(name: &str) -> bool {
    let is_start = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    let is_inner = |c: char| is_start(c) || c.is_ascii_digit() || matches!(c, '-' | '.');
    name.starts_with(is_start) && name.chars().all(is_inner)
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}
