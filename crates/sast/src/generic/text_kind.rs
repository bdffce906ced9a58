//! Guesses from the beginning of a file whether people wrote it.

/// What a file looks like.
///
/// Semgrep runs patterns of spacegrep on [`Text`](Self::Text) and [`Short`](Self::Short) only; aliengrep, and the text that a
/// metavariable is bound to, are not filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextKind {
    /// Lines of a length that people write.
    Text,
    /// Long lines, but so little text that it doesn't matter.
    Short,
    /// Lines that are too long on average.
    Minified,
    /// Control characters.
    Binary,
}

impl TextKind {
    /// How many bytes are looked at.
    pub const PEEK_BYTES: usize = 4096;
    const MAX_SHORT_BYTES: usize = 500;
    /// A line has at most so many bytes on average.
    const MAX_MEAN_LINE_BYTES: usize = 150;
    /// One control character among so many ASCII characters makes a file binary.
    const ASCII_PER_CONTROL: usize = 100;

    /// Looks at the first [`PEEK_BYTES`](Self::PEEK_BYTES) bytes of a file.
    #[must_use]
    pub fn of(content: &[u8]) -> Self {
        let head = content.get(..Self::PEEK_BYTES).unwrap_or(content);
        let n_lines = 1 + head.iter().filter(|&&byte| byte == b'\n').count();
        let n_ascii = head.iter().filter(|byte| byte.is_ascii()).count();
        let n_control = head.iter().filter(|&&byte| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r')).count();
        if 0 < n_control && n_ascii <= n_control * Self::ASCII_PER_CONTROL {
            return Self::Binary;
        }
        if head.len() <= n_lines * Self::MAX_MEAN_LINE_BYTES {
            return Self::Text;
        }
        if head.len() <= Self::MAX_SHORT_BYTES { Self::Short } else { Self::Minified }
    }

    /// Whether Semgrep would run patterns of spacegrep on such a file.
    #[must_use]
    pub fn is_searched(self) -> bool {
        match self {
            Self::Text | Self::Short => true,
            Self::Minified | Self::Binary => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: TextKind, content: impl AsRef<[u8]>) {
        let content = content.as_ref();
        assert_eq!(TextKind::of(content), expected, "{:?}", String::from_utf8_lossy(content));
    }

    #[test]
    fn lines_are_text() {
        check(TextKind::Text, "");
        check(TextKind::Text, "one");
        check(TextKind::Text, "\n\n\n");
        check(TextKind::Text, "naïve café\n".repeat(1000));
        check(TextKind::Text, "x".repeat(150));
    }

    #[test]
    fn one_long_line_is_short_or_minified() {
        check(TextKind::Short, "x".repeat(151));
        check(TextKind::Short, "x".repeat(500));
        check(TextKind::Minified, "x".repeat(501));
    }

    #[test]
    fn control_characters_are_binary() {
        check(TextKind::Binary, [vec![b'x'; 99], vec![1]].concat());
        check(TextKind::Text, [vec![b'x'; 100], vec![1]].concat());
        check(TextKind::Text, [0x80, 0xff, 0xfe]);
        check(TextKind::Binary, [0x7f]);
    }

    #[test]
    fn only_the_beginning_counts() {
        check(TextKind::Text, ["line\n".repeat(1000), "x".repeat(100_000)].concat());
    }
}
