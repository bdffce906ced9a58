//! What is known about a terminal: its width, and whether it has colors.

use std::{env, ffi::OsStr, io::IsTerminal};

use crate::{args::When, style::Painter};

/// One output, as far as its looks matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Terminal {
    /// Colors, or none.
    pub(crate) painter: Painter,
    /// Columns to fill.
    pub(crate) width: usize,
    /// Whether somebody may be watching.
    pub(crate) is_terminal: bool,
    /// Whether it understands no escape sequences.
    pub(crate) is_dumb: bool,
}

impl Terminal {
    /// The narrowest layout; a narrower terminal breaks lines by itself.
    pub(crate) const MIN_WIDTH: usize = 40;
    /// The widest layout: longer lines are hard to read.
    pub(crate) const MAX_WIDTH: usize = 110;
    /// The width of a file or a pipe.
    pub(crate) const DEFAULT_WIDTH: usize = 80;

    /// Standard output.
    pub(crate) fn stdout(choice: When) -> Self {
        Self::of(&std::io::stdout(), choice, terminal_size::terminal_size_of)
    }

    /// Standard error.
    pub(crate) fn stderr(choice: When) -> Self {
        Self::of(&std::io::stderr(), choice, terminal_size::terminal_size_of)
    }

    /// A file: no colors unless they are asked for by name.
    pub(crate) fn file(choice: When) -> Self {
        Self { painter: Painter::new(choice == When::Always), width: width(None), is_terminal: false, is_dumb: true }
    }

    fn of<'a, S: IsTerminal>(
        stream: &'a S,
        choice: When,
        size: impl FnOnce(&'a S) -> Option<(terminal_size::Width, terminal_size::Height)>,
    ) -> Self {
        let is_terminal = stream.is_terminal();
        let columns = if is_terminal { size(stream).map(|(columns, _)| usize::from(columns.0)) } else { None };
        let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let has_colors = match choice {
            When::Always => true,
            When::Never => false,
            When::Auto => has_colors(is_terminal, variable),
        };
        Self {
            painter: Painter::new(has_colors),
            width: width(columns),
            is_terminal,
            is_dumb: variable("TERM").is_some_and(|term| term == "dumb"),
        }
    }
}

/// The order of <https://no-color.org> and <https://bixense.com/clicolors>.
fn has_colors<V: AsRef<OsStr>>(is_terminal: bool, variable: impl Fn(&str) -> Option<V>) -> bool {
    let is = |name: &str, value: &str| variable(name).is_some_and(|found| found.as_ref() == value);
    if variable("NO_COLOR").is_some() {
        return false;
    }
    if variable("CLICOLOR_FORCE").is_some() && !is("CLICOLOR_FORCE", "0") {
        return true;
    }
    is_terminal && !is("TERM", "dumb") && !is("CLICOLOR", "0")
}

fn width(columns: Option<usize>) -> usize {
    let wanted = env::var("COLUMNS").ok().and_then(|text| text.trim().parse().ok()).filter(|&columns: &usize| 0 < columns);
    wanted.or(columns).unwrap_or(Terminal::DEFAULT_WIDTH).clamp(Terminal::MIN_WIDTH, Terminal::MAX_WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_follow_the_conventions() {
        for (is_terminal, variables, expected) in [
            (true, &[("TERM", "xterm")][..], true),
            (false, &[("TERM", "xterm")], false),
            (true, &[("TERM", "dumb")], false),
            (true, &[("CLICOLOR", "0")], false),
            (false, &[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], true),
            (false, &[("CLICOLOR_FORCE", "0")], false),
            (true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], false),
        ] {
            let variable = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
            assert_eq!(has_colors(is_terminal, variable), expected, "{variables:?}");
        }
    }
}
