//! Reads what a program printed for a terminal: text, and escape sequences that say how it looks.

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Look {
    /// The color, if it is not the usual one.
    pub(super) color: Option<Color>,
    pub(super) is_bold: bool,
    pub(super) is_dim: bool,
    pub(super) is_underlined: bool,
}

/// One of the sixteen colors that every terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Color {
    Black,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
    White,
    BrightBlack,
    BrightRed,
    BrightGreen,
    BrightYellow,
    BrightBlue,
    BrightMagenta,
    BrightCyan,
    BrightWhite,
}

impl Color {
    const ALL: [Self; 16] = [
        Self::Black,
        Self::Red,
        Self::Green,
        Self::Yellow,
        Self::Blue,
        Self::Magenta,
        Self::Cyan,
        Self::White,
        Self::BrightBlack,
        Self::BrightRed,
        Self::BrightGreen,
        Self::BrightYellow,
        Self::BrightBlue,
        Self::BrightMagenta,
        Self::BrightCyan,
        Self::BrightWhite,
    ];
}

/// A piece of a line that looks the same all over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) look: Look,
    pub(super) text: String,
}

/// Reads lines of spans.
pub(super) fn parse(printed: &str) -> Vec<Vec<Span>> {
    let mut look = Look::default();
    printed.lines().map(|line| parse_line(line, &mut look)).collect()
}

fn parse_line(line: &str, look: &mut Look) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut push = |text: &str, look: Look| {
        if !text.is_empty() {
            spans.push(Span { look, text: text.to_owned() });
        }
    };
    let mut pieces = line.split("\x1b[");
    push(pieces.next().unwrap_or_default(), *look);
    for piece in pieces {
        // Other sequences than "select graphic rendition" don't occur in what is not a terminal.
        let Some((codes, text)) = piece.split_once('m') else { continue };
        for code in codes.split(';') {
            apply(code.parse().unwrap_or(0), look);
        }
        push(text, *look);
    }
    spans
}

/// ECMA-48, section 8.3.117, as far as a table needs it.
fn apply(code: usize, look: &mut Look) {
    let color = |index: usize| Color::ALL.get(index).copied();
    match code {
        0 => *look = Look::default(),
        1 => look.is_bold = true,
        2 => look.is_dim = true,
        4 => look.is_underlined = true,
        22 => (look.is_bold, look.is_dim) = (false, false),
        24 => look.is_underlined = false,
        30..=37 => look.color = color(code - 30),
        39 => look.color = None,
        90..=97 => look.color = color(code - 90 + 8),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_read() {
        let red = Look { color: Some(Color::BrightRed), is_bold: true, ..Look::default() };
        let span = |text: &str, look| Span { look, text: text.to_owned() };
        let lines = parse("a\x1b[1;91mb\x1b[0mc\n\x1b[2md");
        let dim = Look { is_dim: true, ..Look::default() };
        assert_eq!(lines, [vec![span("a", Look::default()), span("b", red), span("c", Look::default())], vec![span("d", dim)]]);
    }
}
