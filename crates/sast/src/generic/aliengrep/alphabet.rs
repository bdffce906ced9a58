//! Which characters make words, which ones pair, and which ones are blanks.

use super::super::{GenericOptions, PatternError};

/// The characters of a pattern and its targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::generic) struct Alphabet {
    word_bytes: Box<[bool; 256]>,
    /// Opening and closing brackets; each is ASCII, and none stands twice on the same side.
    pairs: Vec<(u8, u8)>,
    pub(super) is_multiline: bool,
    pub(super) is_caseless: bool,
}

impl Alphabet {
    const PAIRS: [(u8, u8); 3] = [(b'(', b')'), (b'[', b']'), (b'{', b'}')];

    pub(in crate::generic) fn new(options: &GenericOptions) -> Result<Self, PatternError> {
        let ascii = |character: char| u8::try_from(character).ok().filter(u8::is_ascii).ok_or(PatternError::WideCharacter { character });
        let mut word_bytes = Box::new([false; 256]);
        for (byte, is_word) in (0..=u8::MAX).zip(word_bytes.iter_mut()) {
            *is_word = byte.is_ascii_alphanumeric() || byte == b'_';
        }
        for &character in &options.extra_word_characters {
            if let Some(is_word) = word_bytes.get_mut(usize::from(ascii(character)?)) {
                *is_word = true;
            }
        }

        let mut pairs: Vec<(u8, u8)> = Vec::new();
        if options.braces.is_none() {
            pairs.extend(Self::PAIRS);
        }
        for &(open, close) in options.braces.iter().flatten().chain(&options.extra_braces) {
            pairs.push((ascii(open)?, ascii(close)?));
        }
        let alphabet = Self { word_bytes, pairs, is_multiline: options.is_multiline, is_caseless: options.is_caseless };
        for (index, &(open, close)) in alphabet.pairs.iter().enumerate() {
            if let Some(byte) = [open, close].into_iter().find(|&byte| alphabet.is_word_byte(byte)) {
                return Err(PatternError::BraceInWord { character: byte.into() });
            }
            let before = alphabet.pairs.get(..index).unwrap_or_default();
            if before.iter().any(|&(other, _)| other == open) {
                return Err(PatternError::RepeatedBrace { character: open.into() });
            }
            if before.iter().any(|&(_, other)| other == close) {
                return Err(PatternError::RepeatedBrace { character: close.into() });
            }
        }
        Ok(alphabet)
    }

    fn is_word_byte(&self, byte: u8) -> bool {
        self.word_bytes.get(usize::from(byte)).is_some_and(|&is_word| is_word)
    }

    /// Whether a character belongs to words.
    pub(super) fn is_word(&self, character: char) -> bool {
        match u8::try_from(character) {
            Ok(byte) => self.is_word_byte(byte),
            // Without case, these are the letters K and s.
            Err(_) => self.is_caseless && matches!(character, '\u{212a}' | '\u{17f}'),
        }
    }

    /// What closes an opening bracket.
    pub(super) fn closing(&self, byte: u8) -> Option<u8> {
        self.pairs.iter().find(|&&(open, _)| open == byte).map(|&(_, close)| close)
    }

    /// Whether a character closes something.
    pub(super) fn is_closing(&self, byte: u8) -> bool {
        self.pairs.iter().any(|&(_, close)| close == byte)
    }

    /// Whether two characters are equal, with case or without.
    pub(super) fn is_equal(&self, one: char, other: char) -> bool {
        one == other || self.is_caseless && fold(one) == fold(other)
    }
}

/// A character in the case that stands for all.
fn fold(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    let mut upper = character.to_uppercase();
    let character = upper.next().filter(|_| upper.next().is_none()).unwrap_or(character);
    let mut lower = character.to_lowercase();
    lower.next().filter(|_| lower.next().is_none()).unwrap_or(character)
}

/// What is taken for blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Spacing {
    /// Spaces and tabs.
    Line,
    /// Line ends too, and the other control characters that C takes for blank.
    Text,
}

impl Spacing {
    pub(super) fn is_blank(self, byte: u8) -> bool {
        match self {
            Self::Line => matches!(byte, b' ' | b'\t'),
            Self::Text => matches!(byte, b'\t'..=b'\r' | b' '),
        }
    }

    /// The first offset from another one on where there is no blank.
    pub(super) fn skip(self, text: &str, at: usize) -> usize {
        let tail = text.as_bytes().get(at..).unwrap_or_default();
        at + tail.iter().take_while(|&&byte| self.is_blank(byte)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(options: &GenericOptions, expected: Option<PatternError>) {
        assert_eq!(Alphabet::new(options).map(drop), expected.map_or(Ok(()), Err), "{options:?}");
    }

    #[test]
    fn braces_are_ascii_and_unique() {
        let extra = |pairs: &[(char, char)]| GenericOptions { extra_braces: pairs.to_vec(), ..GenericOptions::default() };
        check(&extra(&[('<', '>'), ('"', '"')]), None);
        check(&extra(&[('«', '»')]), Some(PatternError::WideCharacter { character: '«' }));
        check(&extra(&[('a', 'z')]), Some(PatternError::BraceInWord { character: 'a' }));
        check(&extra(&[('(', '>')]), Some(PatternError::RepeatedBrace { character: '(' }));
        check(&extra(&[('<', ')')]), Some(PatternError::RepeatedBrace { character: ')' }));
        let replaced = GenericOptions { braces: Some(vec![('(', ']')]), ..GenericOptions::default() };
        check(&replaced, None);
    }

    #[test]
    fn word_characters_are_ascii_and_no_braces() {
        let extra = |characters: &str| GenericOptions { extra_word_characters: characters.chars().collect(), ..GenericOptions::default() };
        check(&extra("-$"), None);
        check(&extra("é"), Some(PatternError::WideCharacter { character: 'é' }));
        check(&extra("("), Some(PatternError::BraceInWord { character: '(' }));
    }

    #[test]
    fn case_is_folded_to_one_character() {
        for (one, other) in [('a', 'A'), ('k', '\u{212a}'), ('S', '\u{17f}'), ('é', 'É'), ('σ', 'ς'), ('ß', 'ẞ'), ('µ', 'μ')] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
        assert_ne!(fold('a'), fold('ä'));
    }
}
