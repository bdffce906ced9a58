//! A text, with the brackets that pair in it.

use super::{
    alphabet::{Alphabet, Spacing},
    brackets::{Event, pair},
};

/// A text that is ready to be searched.
#[derive(Debug, Clone)]
pub(in crate::generic) struct Target {
    alphabet: Alphabet,
    /// The pairs within lines; of use only where line ends matter.
    line_pairs: Vec<(u32, u32)>,
    text_pairs: Vec<(u32, u32)>,
}

impl Target {
    /// Prepares a text, which must be shorter than 4 GiB.
    pub(in crate::generic) fn new(text: &str, alphabet: Alphabet) -> Self {
        let line_pairs = if alphabet.is_multiline { Vec::new() } else { pairs(text, &alphabet, Spacing::Line) };
        let text_pairs = pairs(text, &alphabet, Spacing::Text);
        Self { alphabet, line_pairs, text_pairs }
    }

    pub(super) fn alphabet(&self) -> &Alphabet {
        &self.alphabet
    }

    /// The offset behind the node at an offset: a word, a pair of brackets, or another character; nothing at a blank.
    pub(super) fn node_end(&self, text: &str, at: usize, spacing: Spacing) -> Option<usize> {
        let character = text.get(at..)?.chars().next()?;
        if self.alphabet.is_word(character) {
            return self.word_end(text, at);
        }
        if let Ok(byte) = u8::try_from(character) {
            if Spacing::Text.is_blank(byte) {
                return None;
            }
            if self.alphabet.closing(byte).is_some()
                && let Some(end) = self.pair_end(at, spacing)
            {
                return Some(end);
            }
        }
        Some(at + character.len_utf8())
    }

    /// The offset behind the word that begins at an offset.
    pub(super) fn word_end(&self, text: &str, at: usize) -> Option<usize> {
        let (before, tail) = text.split_at_checked(at)?;
        if before.chars().next_back().is_some_and(|character| self.alphabet.is_word(character)) {
            return None;
        }
        let length: usize = tail.chars().take_while(|&character| self.alphabet.is_word(character)).map(char::len_utf8).sum();
        (length != 0).then_some(at + length)
    }

    fn pair_end(&self, at: usize, spacing: Spacing) -> Option<usize> {
        let pairs = match spacing {
            Spacing::Line => &self.line_pairs,
            Spacing::Text => &self.text_pairs,
        };
        let at = u32::try_from(at).ok()?;
        let index = pairs.binary_search_by_key(&at, |&(open, _)| open).ok()?;
        pairs.get(index).map(|&(_, end)| end as usize)
    }
}

/// Of each pair the offset of the opening bracket, and the one behind the closing bracket.
fn pairs(text: &str, alphabet: &Alphabet, spacing: Spacing) -> Vec<(u32, u32)> {
    let mut offsets = Vec::new();
    let mut events = Vec::new();
    for (at, byte) in (0_u32..).zip(text.bytes()) {
        let is_stop = Spacing::Text.is_blank(byte) && !spacing.is_blank(byte);
        let closing = alphabet.closing(byte);
        if is_stop || closing.is_some() || alphabet.is_closing(byte) {
            // Brackets with nothing but blanks in between don't pair; those with nothing at all do.
            let inside = at as usize + 1;
            let behind_blanks = spacing.skip(text, inside);
            let is_blank = inside < behind_blanks && closing.is_some() && text.as_bytes().get(behind_blanks).copied() == closing;
            offsets.push(at);
            events.push(Event { byte: (!is_stop).then_some(byte), closing: closing.filter(|_| !is_blank) });
        }
    }
    let end = |partner: Option<u32>| offsets.get(partner? as usize).map(|&close| close + 1);
    offsets.iter().zip(pair(&events)).filter_map(|(&open, partner)| Some((open, end(partner)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::super::GenericOptions, *};

    /// Checks the nodes from the beginning of a text.
    fn check(options: &GenericOptions, text: &str, expected: &[&str]) {
        let target = Target::new(text, Alphabet::new(options).unwrap());
        let spacing = if options.is_multiline { Spacing::Text } else { Spacing::Line };
        let mut nodes = Vec::new();
        let mut at = spacing.skip(text, 0);
        while let Some(end) = target.node_end(text, at, spacing) {
            nodes.push(text.get(at..end).unwrap());
            at = spacing.skip(text, end);
        }
        assert_eq!(nodes, expected, "{text:?}");
    }

    #[test]
    fn nodes_are_words_pairs_and_characters() {
        let options = GenericOptions::default();
        check(&options, "f(x, [y]) + é1;", &["f", "(x, [y])", "+", "é", "1", ";"]);
        check(&options, "a ( ] b", &["a", "(", "]", "b"]);
        check(&options, "() ( ) ( x )", &["()", "(", ")", "( x )"]);
        check(&options, "(\nx\n)", &["(\nx\n)"]);
    }

    #[test]
    fn lines_end_pairs_and_sequences() {
        let options = GenericOptions { is_multiline: false, ..GenericOptions::default() };
        check(&options, "f(x) (y\n)", &["f", "(x)", "(", "y"]);
        check(&options, "(x\r)", &["(", "x"]);
    }

    #[test]
    fn words_and_pairs_can_be_extended() {
        let options = GenericOptions {
            extra_braces: vec![('\'', '\''), ('<', '>')],
            extra_word_characters: vec!['-', '.'],
            ..GenericOptions::default()
        };
        check(&options, "<a-b.c 'x)'>", &["<a-b.c 'x)'>"]);
        check(&options, "a-b.c 'x)'", &["a-b.c", "'x)'"]);
    }
}
