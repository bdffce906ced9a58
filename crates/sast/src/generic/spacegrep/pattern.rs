//! Patterns of spacegrep, as a program for the matcher.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{
    super::PatternError,
    atoms::{Class, indentation, line_end},
};

/// The index of a metavariable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot(pub(super) usize);

/// What has to stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    Word(Box<str>),
    Byte(u8),
    /// A metavariable: any word the first time, the same word from then on.
    Any(Slot),
}

/// One step of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Atom(Literal),
    /// `...` or `$...X`.
    Ellipsis(Option<Slot>),
    /// A block begins, whose end is the [`Step::Leave`] at an index.
    Enter {
        leave: usize,
    },
    Leave,
    /// The end of the pattern.
    End,
}

/// A metavariable of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metavariable {
    /// With its dollar: `$X`, `$...X`.
    pub(super) name: Arc<str>,
    /// The steps that mention it the first and the last time.
    first: usize,
    last: usize,
}

impl Metavariable {
    /// Whether the pattern mentions it more than once, the last time at a step or behind it.
    pub(super) fn is_repeated_from(&self, step: usize) -> bool {
        self.first < self.last && step <= self.last
    }
}

/// A pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::generic) struct Pattern {
    /// Ends with [`Step::End`].
    pub(super) steps: Vec<Step>,
    /// For each step whether nothing but ellipses follows up to the end of its block.
    pub(super) only_ellipses_follow: Vec<bool>,
    pub(super) metavariables: Vec<Metavariable>,
}

impl Pattern {
    /// How many words and characters a pattern may have.
    const MAX_ATOMS: usize = 10_000;

    pub(in crate::generic) fn parse(text: &str) -> Result<Self, PatternError> {
        let mut parser = Parser::default();
        parser.parse(text)?;
        let steps = parser.steps;
        Ok(Self { only_ellipses_follow: only_ellipses_follow(&steps), steps, metavariables: parser.metavariables })
    }

    /// The words that every match has in it.
    pub(in crate::generic) fn required_words(&self) -> Vec<&str> {
        self.steps
            .iter()
            .filter_map(|step| match step {
                Step::Atom(Literal::Word(word)) => Some(&**word),
                Step::Atom(Literal::Byte(_) | Literal::Any(_)) | Step::Ellipsis(_) | Step::Enter { .. } | Step::Leave | Step::End => None,
            })
            .collect()
    }

    /// Whether a part of the pattern depends on nothing but where it begins.
    pub(super) fn is_context_free(&self) -> bool {
        let has_blocks = self.steps.iter().any(|step| matches!(step, Step::Enter { .. }));
        !has_blocks && !self.metavariables.iter().any(|metavariable| metavariable.is_repeated_from(0))
    }
}

fn only_ellipses_follow(steps: &[Step]) -> Vec<bool> {
    let mut answers = vec![true; steps.len()];
    // What holds behind the blocks around.
    let mut behind = Vec::new();
    let mut holds = true;
    for (answer, step) in answers.iter_mut().zip(steps).rev() {
        match step {
            Step::Atom(_) => holds = false,
            Step::Ellipsis(_) | Step::End => {}
            Step::Leave => {
                behind.push(holds);
                holds = true;
            }
            Step::Enter { .. } => {
                // The block is the first of what follows.
                holds = holds && behind.pop().unwrap_or(true);
            }
        }
        *answer = holds;
    }
    answers
}

#[derive(Debug, Default)]
struct Parser {
    steps: Vec<Step>,
    metavariables: Vec<Metavariable>,
    slots: FxHashMap<Arc<str>, Slot>,
    /// The indentations of open blocks, and where they begin.
    open: Vec<(usize, usize)>,
    n_atoms: usize,
}

impl Parser {
    fn parse(&mut self, text: &str) -> Result<(), PatternError> {
        let mut at = 0;
        while at < text.len() {
            at = self.line(text, at)?;
        }
        self.leave(0);
        self.steps.push(Step::End);
        Ok(())
    }

    /// Closes the blocks that are indented more than a line.
    fn leave(&mut self, indent: usize) {
        while let Some(&(outer, enter)) = self.open.last() {
            if outer <= indent {
                break;
            }
            self.open.pop();
            let leave = self.steps.len();
            if let Some(step) = self.steps.get_mut(enter) {
                *step = Step::Enter { leave };
            }
            self.steps.push(Step::Leave);
        }
    }

    /// Reads the line that begins at an offset, and returns the offset behind it.
    fn line(&mut self, text: &str, start: usize) -> Result<usize, PatternError> {
        let tail = text.as_bytes().get(start..).unwrap_or_default();
        let n_blanks = tail.iter().take_while(|&&byte| Class::of(byte) == Class::Blank).count();
        let indent = indentation(tail.get(..n_blanks).unwrap_or_default());
        let mut at = start + n_blanks;
        let mut is_first = true;
        loop {
            let tail = text.as_bytes().get(at..).unwrap_or_default();
            let Some(&byte) = tail.first() else { return Ok(at) };
            if let Some(length) = line_end(tail) {
                return Ok(at + length);
            }
            if Class::of(byte) == Class::Blank {
                at += 1;
                continue;
            }
            if is_first {
                is_first = false;
                self.leave(indent);
                if self.open.last().map_or(0, |&(outer, _)| outer) < indent {
                    self.open.push((indent, self.steps.len()));
                    self.steps.push(Step::Enter { leave: 0 });
                }
            }
            at += self.token(text, at)?;
            if Pattern::MAX_ATOMS < self.n_atoms {
                return Err(PatternError::TooLong { max: Pattern::MAX_ATOMS });
            }
        }
    }

    /// Reads the token at an offset, and returns its length.
    fn token(&mut self, text: &str, at: usize) -> Result<usize, PatternError> {
        let tail = text.as_bytes().get(at..).unwrap_or_default();
        let n_dots = tail.iter().take_while(|&&byte| byte == b'.').count();
        if n_dots == 3 {
            self.ellipsis(None);
            return Ok(n_dots);
        }
        // More dots than three are dots.
        if 3 < n_dots {
            (0..n_dots).for_each(|_| self.atom(Literal::Byte(b'.')));
            return Ok(n_dots);
        }
        if let Some(rest) = tail.strip_prefix(b"$...")
            && let Some(length) = name_length(rest)
        {
            let length = length + b"$...".len();
            let slot = self.slot(text.get(at..at + length).unwrap_or_default());
            if let Some(Step::Ellipsis(_)) = self.steps.last() {
                return Err(PatternError::AdjacentEllipses { at });
            }
            self.ellipsis(Some(slot));
            return Ok(length);
        }
        if let Some(rest) = tail.strip_prefix(b"$")
            && let Some(length) = name_length(rest)
        {
            let length = length + b"$".len();
            let slot = self.slot(text.get(at..at + length).unwrap_or_default());
            self.atom(Literal::Any(slot));
            return Ok(length);
        }
        let n_word = tail.iter().take_while(|&&byte| Class::of(byte) == Class::Word).count();
        if n_word != 0 {
            self.atom(Literal::Word(text.get(at..at + n_word).unwrap_or_default().into()));
            return Ok(n_word);
        }
        self.atom(Literal::Byte(tail.first().copied().unwrap_or_default()));
        Ok(1)
    }

    fn atom(&mut self, literal: Literal) {
        self.n_atoms += 1;
        self.steps.push(Step::Atom(literal));
    }

    fn ellipsis(&mut self, slot: Option<Slot>) {
        self.n_atoms += 1;
        self.steps.push(Step::Ellipsis(slot));
    }

    fn slot(&mut self, name: &str) -> Slot {
        let step = self.steps.len();
        if let Some(&slot) = self.slots.get(name) {
            if let Some(metavariable) = self.metavariables.get_mut(slot.0) {
                metavariable.last = step;
            }
            return slot;
        }
        let slot = Slot(self.metavariables.len());
        let name: Arc<str> = name.into();
        self.slots.insert(name.clone(), slot);
        self.metavariables.push(Metavariable { name, first: step, last: step });
        slot
    }
}

/// The length of the name of a metavariable: a word that begins with a capital letter.
fn name_length(bytes: &[u8]) -> Option<usize> {
    bytes.first().filter(|byte| byte.is_ascii_uppercase())?;
    Some(bytes.iter().take_while(|&&byte| Class::of(byte) == Class::Word).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks are printed in angle brackets, metavariables in braces.
    fn check(text: &str, expected: &str) {
        let printed = match Pattern::parse(text) {
            Ok(pattern) => {
                let steps: Vec<String> = pattern
                    .steps
                    .iter()
                    .map(|step| match step {
                        Step::Atom(Literal::Word(word)) => word.to_string(),
                        Step::Atom(Literal::Byte(byte)) => char::from(*byte).to_string(),
                        Step::Atom(Literal::Any(slot)) | Step::Ellipsis(Some(slot)) => {
                            format!("{{{}}}", pattern.metavariables[slot.0].name)
                        }
                        Step::Ellipsis(None) => "...".to_owned(),
                        Step::Enter { leave } => {
                            assert_eq!(pattern.steps[*leave], Step::Leave);
                            "<".to_owned()
                        }
                        Step::Leave => ">".to_owned(),
                        Step::End => ";;".to_owned(),
                    })
                    .collect();
                steps.join(" ")
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(printed, expected, "{text:?}");
    }

    #[test]
    fn tokens_of_patterns() {
        check("", ";;");
        check("a.b ... c", "a . b ... c ;;");
        check("a....b", "a . . . . b ;;");
        check("$X $Foo_1 $x $_ $1", "{$X} {$Foo_1} $ x $ _ $ 1 ;;");
        check("$...ARGS $... $....X", "{$...ARGS} $ ... $ . . . . X ;;");
        check("f(x[0])", "f ( x [ 0 ] ) ;;");
    }

    #[test]
    fn indentation_of_patterns() {
        check("a\n  b\n  c\n d\ne\n", "a < b c > < d > e ;;");
        check("a\n  b\n    c", "a < b < c > > ;;");
        check("  a\n\n  b\n", "< a b > ;;");
    }

    #[test]
    fn named_ellipsis_after_an_ellipsis_is_refused() {
        check("a ... $...X", "an ellipsis with a name can't follow another ellipsis: byte 6");
        check("$...X\n$...Y", "an ellipsis with a name can't follow another ellipsis: byte 6");
        check("$...X ... y", "{$...X} ... y ;;");
        check("...\n  $...X", "... < {$...X} > ;;");
    }

    #[test]
    fn long_pattern_is_refused() {
        assert!(Pattern::parse(&"a ".repeat(Pattern::MAX_ATOMS)).is_ok());
        check(&"a ".repeat(Pattern::MAX_ATOMS + 1), "a pattern has at most 10000 words and characters");
    }

    #[test]
    fn what_may_be_empty_is_known() {
        let answers = |text: &str| Pattern::parse(text).unwrap().only_ellipses_follow;
        assert_eq!(answers("a ..."), [false, true, true]);
        assert_eq!(answers("...\n  ..."), [true; 5]);
        assert_eq!(answers("...\n  ...\na"), [false, false, true, true, false, true]);
        assert_eq!(answers("...\n  ... b ..."), [false, false, false, false, true, true, true]);
    }
}
