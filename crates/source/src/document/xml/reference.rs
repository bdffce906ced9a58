//! References to characters and entities: `&amp;`, `&#x20AC;`.

use std::borrow::Cow;

/// Replaces the references of a text; gives the name of the first that is not known, too.
pub(super) fn replace(written: &str) -> (Cow<'_, str>, Option<&str>) {
    if !written.contains('&') {
        return (Cow::Borrowed(written), None);
    }
    let (mut text, mut unknown, mut rest) = (String::with_capacity(written.len()), None, written);
    while let Some((before, behind)) = rest.split_once('&') {
        text.push_str(before);
        let reference = behind.split_once(';').filter(|(name, _)| !name.is_empty() && !name.contains(['&', ' ', '<', '\n']));
        rest = behind;
        match reference.map(|(name, after)| (name, after, character(name))) {
            Some((_, after, Some(character))) => {
                text.push(character);
                rest = after;
            }
            Some((name, _, None)) => {
                unknown = unknown.or(Some(name));
                text.push('&');
            }
            None => text.push('&'),
        }
    }
    text.push_str(rest);
    (Cow::Owned(text), unknown)
}

/// XML 1.0, sections 4.1 and 4.6.
fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix('x') {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}
