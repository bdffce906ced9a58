//! Colors: which, and whether. Nothing is conveyed by color alone.

use bartizan_core::{Level, Severity};

/// Colors text, or leaves it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Painter {
    has_colors: bool,
}

/// What a piece of text is, which decides how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Text as it is.
    Plain,
    /// What the eye should find first.
    Strong,
    /// What the eye may skip.
    Faint,
    /// Line numbers and the frame of a snippet.
    Frame,
    /// A heading.
    Heading,
    /// Something failed.
    Error,
    /// Something is not as it should be.
    Warning,
    /// Something to know, or something is well.
    Good,
    /// A finding of this severity.
    Severity(Severity),
}

impl Ink {
    /// What a diagnostic of this level looks like.
    pub(crate) const fn of_level(level: Level) -> Self {
        match level {
            Level::Note => Self::Frame,
            Level::Incomplete => Self::Warning,
            Level::Error => Self::Error,
        }
    }

    /// The parameters of ANSI's "select graphic rendition"; of the 16 colors that every theme defines.
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "1",
            Self::Faint => "2",
            Self::Frame => "94",
            Self::Heading => "1;4",
            Self::Error | Self::Severity(Severity::High) => "1;91",
            Self::Warning | Self::Severity(Severity::Medium) => "1;33",
            Self::Good => "1;32",
            Self::Severity(Severity::Critical) => "1;95",
            Self::Severity(Severity::Low) => "1;36",
            Self::Severity(Severity::Info) => "1;34",
        }
    }
}

impl Painter {
    /// A painter that colors, or one that doesn't.
    pub(crate) const fn new(has_colors: bool) -> Self {
        Self { has_colors }
    }

    /// The text in the given ink.
    pub(crate) fn paint(self, ink: Ink, text: &str) -> String {
        if !self.has_colors || text.is_empty() || ink.code().is_empty() {
            return text.to_owned();
        }
        format!("\x1b[{}m{text}\x1b[0m", ink.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_escape_sequence_without_colors_or_text() {
        assert_eq!(Painter::new(false).paint(Ink::Error, "x"), "x");
        assert_eq!(Painter::new(true).paint(Ink::Error, ""), "");
        assert_eq!(Painter::new(true).paint(Ink::Error, "x"), "\x1b[1;91mx\x1b[0m");
    }
}
