//! Places in a rule file.

use serde::{Deserialize, Serialize};

/// A place in a rule file: bytes, and the line and column at which they start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
    /// Line of the first byte, from 1.
    pub line: u32,
    /// Column of the first byte in code points, from 1.
    pub column: u32,
}

impl Span {
    /// The start alone.
    #[must_use]
    pub(crate) const fn first(self) -> Self {
        Self { end: self.start, ..self }
    }

    /// Whether a place lies within this one.
    pub(crate) const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A text that stands in a rule file: a pattern, an expression, a replacement.
///
/// It knows its place, so that an error in the middle of a pattern of five lines points at the character that is wrong.
#[derive(Debug, Clone, Eq, Serialize, Deserialize)]
pub struct RuleText {
    /// The text, as YAML gives it.
    pub text: std::sync::Arc<str>,
    /// Where it stands, with quotes or the `|`.
    pub span: Span,
    /// How the text lies in the file.
    pub(crate) layout: Layout,
}

/// How a text lies in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Layout {
    /// Line by line as in the file: the first line starts at this line and column, the others at the other column.
    Lines { first_line: u32, first_column: u32, next_column: u32 },
    /// Folded, or with escapes: only the start is known.
    Rewritten,
}

impl RuleText {
    /// A text that stands in no file.
    #[must_use]
    pub fn detached(text: &str) -> Self {
        Self { text: text.into(), span: Span::default(), layout: Layout::Rewritten }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text without white space around it.
    #[must_use]
    pub(crate) fn trimmed(self) -> Self {
        let trimmed = self.text.trim();
        if trimmed.len() == self.text.len() {
            return self;
        }
        let offset = self.text.len() - self.text.trim_start().len();
        let (first_line, first_column) = self.place(offset);
        let layout = match self.layout {
            Layout::Lines { next_column, .. } => Layout::Lines { first_line, first_column, next_column },
            Layout::Rewritten => Layout::Rewritten,
        };
        Self { text: trimmed.into(), span: self.span, layout }
    }

    /// Line and column, from 1, of a byte of the text in the file; the start of the text where YAML has rewritten it.
    #[must_use]
    pub fn place(&self, offset: usize) -> (u32, u32) {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        match self.layout {
            Layout::Rewritten => (self.span.line, self.span.column),
            Layout::Lines { first_line, first_column, next_column } => {
                let before = self.text.get(..offset).unwrap_or(&self.text);
                let (n_lines, last) = match before.rsplit_once('\n') {
                    Some((lines, last)) => (lines.matches('\n').count() + 1, last),
                    None => (0, before),
                };
                let column = if n_lines == 0 { first_column } else { next_column };
                (first_line + narrow(n_lines), column + narrow(last.chars().count()))
            }
        }
    }
}

/// Texts are equal wherever they stand: equal patterns of two rules are matched once.
impl PartialEq for RuleText {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl std::hash::Hash for RuleText {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
