//! Texts in HTML and XML that stay texts.

/// A text between two tags, or between two quotes of an attribute.
///
/// Characters that XML has no place for must have been made visible before.
pub(crate) fn escaped(text: &str) -> String {
    let mut markup = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => markup.push_str("&amp;"),
            '<' => markup.push_str("&lt;"),
            '>' => markup.push_str("&gt;"),
            '"' => markup.push_str("&quot;"),
            '\'' => markup.push_str("&#39;"),
            _ => markup.push(character),
        }
    }
    markup
}
