//! Messages: plain text in which nothing but our own links is a link.

use super::log::Message;
use crate::visible::visible_line;

/// A text that is written as it is.
pub(super) fn plain(text: &str) -> Message {
    Message { text: escaped(text) }
}

/// A message in the making.
#[derive(Default)]
pub(super) struct Writer {
    text: String,
}

impl Writer {
    /// Adds a text.
    pub(super) fn say(&mut self, text: &str) {
        self.text.push_str(&escaped(text));
    }

    /// Adds a link to the location of the result with this id. SARIF 2.1.0, section 3.11.6.
    pub(super) fn link(&mut self, text: &str, id: usize) {
        self.text.push('[');
        for character in escaped(&visible_line(text)).chars() {
            if matches!(character, '\\' | '[' | ']') {
                self.text.push('\\');
            }
            self.text.push(character);
        }
        self.text.push_str(&format!("]({id})"));
    }

    /// The message.
    pub(super) fn finish(self) -> Message {
        Message { text: self.text }
    }
}

/// A text that holds no link and no placeholder.
///
/// Brackets may stand where they don't form a link. Braces are doubled: SARIF 2.1.0, section 3.11.5.
fn escaped(text: &str) -> String {
    crate::visible(text).replace("](", "] (").replace('{', "{{").replace('}', "}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_holds_no_links_but_ours() {
        let mut message = Writer::default();
        message.say("see [here](https://evil.example) {0} ");
        message.link("a[0]\\b", 1);
        assert_eq!(message.finish().text, "see [here] (https://evil.example) {{0}} [a\\[0\\]\\\\b](1)");
    }

    #[test]
    fn what_steers_is_shown() {
        assert_eq!(plain("a\u{1b}b").text, "a\\u{{1b}}b");
    }
}
