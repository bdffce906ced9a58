//! Texts that remember where their bytes come from.
//!
//! A template's output goes through functions (`include … | nindent 4`) before it is printed. Each piece of it keeps a mark that
//! says which bytes of which file made it, and which key of the values; functions that move text around move its marks, too.

use std::{ops::Range, rc::Rc};

use super::value::Key;

/// A file of the chart, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId(pub(super) u32);

/// Where some bytes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin {
    /// The file, if it is known yet: what a function makes of a value learns it when it is printed.
    pub(super) file: Option<FileId>,
    /// Its bytes, from and to.
    pub(super) start: u32,
    pub(super) end: u32,
    /// The key of the values that was printed.
    pub(super) key: Key,
    /// Whether the bytes are those of the file, one by one.
    pub(super) is_copy: bool,
}

impl Origin {
    /// What is only known by the key of a value.
    pub(super) const fn of_key(key: Key) -> Self {
        Self { file: None, start: 0, end: 0, key, is_copy: false }
    }

    fn skip(self, bytes: usize) -> Self {
        let bytes = if self.is_copy { u32::try_from(bytes).unwrap_or(u32::MAX) } else { 0 };
        Self { start: self.start.saturating_add(bytes).min(self.end), ..self }
    }

    /// What is missing in it, taken from the place that prints it.
    fn completed(self, printed: Self) -> Self {
        let key = if self.key.is_none() { printed.key } else { self.key };
        if self.file.is_some() { Self { key, ..self } } else { Self { key, ..printed } }
    }
}

/// From here on, up to the next mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) at: usize,
    pub(super) origin: Origin,
}

/// A text and its marks. A copy is cheap.
#[derive(Debug, Clone)]
pub(super) struct Text {
    text: Rc<str>,
    marks: Option<Rc<[Mark]>>,
}

impl Text {
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn shared(&self) -> Rc<str> {
        Rc::clone(&self.text)
    }

    pub(super) fn marks(&self) -> &[Mark] {
        self.marks.as_deref().unwrap_or_default()
    }

    /// A part of it.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        let mut writer = Writer::default();
        writer.part(self, range);
        writer.finish()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self { text: text.into(), marks: None }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self { text: text.into(), marks: None }
    }
}

impl From<Rc<str>> for Text {
    fn from(text: Rc<str>) -> Self {
        Self { text, marks: None }
    }
}

/// Makes a text out of pieces.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: String,
    marks: Vec<Mark>,
}

impl Writer {
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Bytes that belong to what stands before them.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Bytes of a known origin.
    pub(super) fn push_from(&mut self, text: &str, origin: Origin) {
        if !text.is_empty() {
            self.mark(origin);
            self.text.push_str(text);
        }
    }

    /// Bytes of another text, which keep their marks.
    pub(super) fn part(&mut self, text: &Text, range: Range<usize>) {
        let Some(slice) = text.text.get(range.clone()) else { return };
        if slice.is_empty() {
            return;
        }
        if let Some(marks) = &text.marks {
            let first = marks.partition_point(|mark| mark.at <= range.start);
            if let Some(mark) = first.checked_sub(1).and_then(|index| marks.get(index)) {
                self.mark(mark.origin.skip(range.start.saturating_sub(mark.at)));
            }
            let base = self.text.len();
            for mark in marks.iter().skip(first).take_while(|mark| mark.at < range.end) {
                self.mark_at(base + (mark.at - range.start), mark.origin);
            }
        }
        self.text.push_str(slice);
    }

    /// Bytes of a text that something prints: what their marks don't say is that place.
    pub(super) fn print(&mut self, text: &Text, printed: Origin) {
        let base = self.text.len();
        if text.text.is_empty() {
            return;
        }
        if text.marks().first().is_none_or(|mark| mark.at != 0) {
            self.mark(Origin { is_copy: false, ..printed });
        }
        for mark in text.marks() {
            self.mark_at(base + mark.at, mark.origin.completed(Origin { is_copy: false, ..printed }));
        }
        self.text.push_str(&text.text);
    }

    pub(super) fn finish(self) -> Text {
        let marks = if self.marks.is_empty() { None } else { Some(self.marks.into()) };
        Text { text: self.text.into(), marks }
    }

    pub(super) fn into_parts(self) -> (String, Vec<Mark>) {
        (self.text, self.marks)
    }

    pub(super) fn mark(&mut self, origin: Origin) {
        self.mark_at(self.text.len(), origin);
    }

    fn mark_at(&mut self, at: usize, origin: Origin) {
        if let Some(last) = self.marks.last_mut() {
            if last.at == at {
                last.origin = origin;
                return;
            }
            if last.origin == origin && !origin.is_copy || last.origin.skip(at.saturating_sub(last.at)) == origin && origin.is_copy {
                return;
            }
        }
        self.marks.push(Mark { at, origin });
    }
}

/// Takes all of some words out of a text.
pub(super) fn without(text: &Text, word: &str) -> Text {
    if !text.as_str().contains(word) {
        return text.clone();
    }
    let mut writer = Writer::default();
    let mut at = 0;
    for (found, _) in text.as_str().match_indices(word) {
        writer.part(text, at..found);
        at = found + word.len();
    }
    writer.part(text, at..text.as_str().len());
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(start: u32) -> Origin {
        Origin { file: Some(FileId(0)), start, end: 100, key: Key::NONE, is_copy: true }
    }

    fn show(text: &Text) -> String {
        let marks: Vec<String> = text.marks().iter().map(|mark| format!("{}<-{}", mark.at, mark.origin.start)).collect();
        format!("{:?} {}", text.as_str(), marks.join(" "))
    }

    #[test]
    fn parts_keep_their_origin() {
        let mut writer = Writer::default();
        writer.push_from("abc", copy(10));
        writer.push_from("def", copy(20));
        let text = writer.finish();
        assert_eq!(show(&text.part(1..5)), r#""bcde" 0<-11 2<-20"#);
        let mut indented = Writer::default();
        indented.push("  ");
        indented.part(&text, 0..2);
        indented.push("\n  ");
        indented.part(&text, 2..6);
        assert_eq!(show(&indented.finish()), r#""  ab\n  cdef" 2<-10 7<-12 8<-20"#);
        assert_eq!(show(&without(&text, "cd")), r#""abef" 0<-10 2<-21"#);
    }

    #[test]
    fn what_is_copied_on_end_is_one_piece() {
        let mut writer = Writer::default();
        writer.push_from("abc", copy(10));
        writer.push_from("def", copy(13));
        assert_eq!(show(&writer.finish()), r#""abcdef" 0<-10"#);
    }
}
