//! The keywords of all rules, looked for in one pass.

use std::collections::BTreeMap;

use super::{
    lanes::Literals,
    lower::{LOWER_TO_ASCII, lower},
};
use crate::go_regex::Text;

/// The keywords of all rules.
#[derive(Debug)]
pub(super) struct Keywords {
    /// In lower case, sorted.
    words: Vec<String>,
    literals: Option<Literals>,
    /// Whether all are ASCII.
    is_ascii: bool,
}

/// The keywords of a text.
#[derive(Debug)]
pub(super) struct Hits {
    is_present: Vec<bool>,
    /// Keyword and offset, where the text holds a keyword up to the case of ASCII letters.
    places: Vec<(u32, usize)>,
}

impl Keywords {
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        // gitleaks' matcher never finds an empty one.
        let unique: BTreeMap<&str, ()> = words.filter(|word| !word.is_empty()).map(|word| (word, ())).collect();
        let words: Vec<String> = unique.into_keys().map(str::to_owned).collect();
        let is_ascii = words.iter().all(|word| word.is_ascii());
        let literals = Literals::new(&words);
        Self { words, literals, is_ascii }
    }

    /// The number of a keyword.
    pub(super) fn number(&self, word: &str) -> Option<u32> {
        self.words.binary_search_by(|known| known.as_str().cmp(word)).ok().and_then(|index| u32::try_from(index).ok())
    }

    /// The keyword of a number.
    pub(super) fn word(&self, number: u32) -> Option<&str> {
        usize::try_from(number).ok().and_then(|index| self.words.get(index)).map(String::as_str)
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Looks for all keywords.
    pub(super) fn find(&self, text: &Text<'_>) -> Hits {
        let mut hits = Hits { is_present: vec![false; self.words.len()], places: Vec::new() };
        let Some(literals) = &self.literals else { return hits };
        literals.find(text.as_str().as_bytes(), &mut |keyword, place| {
            hits.note(keyword);
            hits.places.push((keyword, place));
        });
        if !text.is_ascii() && (!self.is_ascii || LOWER_TO_ASCII.iter().any(|character| text.as_str().contains(character))) {
            literals.find(lower(text.as_str()).as_bytes(), &mut |keyword, _| hits.note(keyword));
        }
        hits
    }
}

impl Hits {
    /// Whether a keyword stands in the text, as gitleaks sees it: in lower case.
    pub(super) fn contains(&self, keyword: u32) -> bool {
        usize::try_from(keyword).ok().and_then(|index| self.is_present.get(index)).copied().unwrap_or(false)
    }

    /// The offsets of some keywords, in order.
    pub(super) fn places_of(&self, keywords: &[u32]) -> Vec<usize> {
        let mut places: Vec<usize> =
            self.places.iter().filter(|(keyword, _)| keywords.contains(keyword)).map(|&(_, place)| place).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    fn note(&mut self, keyword: u32) {
        if let Some(is_present) = usize::try_from(keyword).ok().and_then(|index| self.is_present.get_mut(index)) {
            *is_present = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_is_judged_in_lower_case_and_places_in_ascii() {
        let keywords = Keywords::new(["key", "api_key", "é", ""].into_iter());
        let number = |word| keywords.number(word).unwrap();
        let text = Text::new("my API_KEY, É".as_bytes());
        let hits = keywords.find(&text);
        assert!(["key", "api_key", "é"].iter().all(|word| hits.contains(number(word))));
        assert_eq!(hits.places_of(&[number("key"), number("api_key"), number("é")]), [3, 7]);
        assert!(keywords.find(&Text::new("\u{212a}EY".as_bytes())).contains(number("key")));
        assert_eq!(keywords.number(""), None);
    }
}
