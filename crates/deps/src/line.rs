//! Lines of a text, with their places.

use bartizan_core::ByteRange;

/// Each line without the blanks around it, and where that stands.
pub(crate) fn of(text: &str) -> impl Iterator<Item = (ByteRange, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |whole| {
        let start = at + whole.len() - whole.trim_start().len();
        at += whole.len();
        let line = whole.trim();
        // A blank line is nothing but its end.
        let start = start.min(at);
        (ByteRange::new(start, start + line.len()), line)
    })
}
