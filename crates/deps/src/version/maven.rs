//! Maven (<https://maven.apache.org/pom.html#version-order-specification>).
//!
//! Tokens are split at dots, hyphens and wherever digits meet other characters, which counts as a hyphen. Tokens that say nothing
//! (`0`, `ga`, `final`, `release`) are left out in front of a hyphen and of the end. Where Maven's own order goes in circles
//! (`2.9` < `2.9-1` < `2.9.0.RC1` < `2.9`; mended in Maven 3.9, MNG-7644), a pre-release stays before its release.

use super::key::{Key, is_number, is_zero, take_digits, take_while};

/// In their order, seen from the end: a qualifier after a dot, after a hyphen, after zeros; numbers after a hyphen, after a dot.
const PRE_RELEASE_AFTER_DOT: u8 = 1;
const PRE_RELEASE_AFTER_HYPHEN: u8 = 2;
const ZERO_BEFORE_PRE_RELEASE: u8 = 3;
const END: u8 = 4;
const WORD_AFTER_DOT: u8 = 5;
const WORD_AFTER_HYPHEN: u8 = 6;
const NUMBER_AFTER_HYPHEN: u8 = 7;
const ZERO_BEFORE_WORD: u8 = 8;
const NUMBER_AFTER_DOT: u8 = 9;

/// What comes before a release, in this order.
const PRE_RELEASES: &[&str] = &["alpha", "beta", "milestone", "rc", "snapshot"];
const SERVICE_PACK: u8 = 0;
const OTHER_WORD: u8 = 1;

/// What a token says.
enum Meaning {
    /// A zero, or a word for the release itself.
    Nothing,
    Number(String),
    /// A place in `PRE_RELEASES`.
    PreRelease(u8),
    Word(String),
}

/// A token and what is before it.
struct Token {
    is_after_hyphen: bool,
    meaning: Meaning,
}

/// Writes a key.
pub(super) fn encode(text: &str, key: &mut Key) {
    let tokens = significant(tokens(text));
    let mut zero_marks = zero_marks(&tokens).into_iter().rev();
    for token in &tokens {
        let pick = |after_dot, after_hyphen| if token.is_after_hyphen { after_hyphen } else { after_dot };
        let zero_mark = zero_marks.next();
        match &token.meaning {
            Meaning::Nothing => {
                key.mark(zero_mark.unwrap_or(NUMBER_AFTER_DOT));
                key.number("");
            }
            Meaning::Number(digits) => {
                key.mark(pick(NUMBER_AFTER_DOT, NUMBER_AFTER_HYPHEN));
                key.number(digits);
            }
            Meaning::PreRelease(rank) => {
                key.mark(pick(PRE_RELEASE_AFTER_DOT, PRE_RELEASE_AFTER_HYPHEN));
                key.mark(*rank);
            }
            Meaning::Word(word) => {
                key.mark(pick(WORD_AFTER_DOT, WORD_AFTER_HYPHEN));
                key.mark(if word == "sp" { SERVICE_PACK } else { OTHER_WORD });
                key.text(word);
            }
        }
    }
    key.mark(END);
}

/// How each token is marked if it says nothing, the last one first: the place of zeros depends on what follows them.
fn zero_marks(tokens: &[Token]) -> Vec<u8> {
    let mut mark = NUMBER_AFTER_DOT;
    let mut marks = Vec::with_capacity(tokens.len());
    for (position, token) in tokens.iter().enumerate().rev() {
        match &token.meaning {
            Meaning::Nothing => {}
            Meaning::Number(_) => mark = NUMBER_AFTER_DOT,
            Meaning::PreRelease(_) => mark = ZERO_BEFORE_PRE_RELEASE,
            Meaning::Word(_) => mark = ZERO_BEFORE_WORD,
        }
        let own = if token.is_after_hyphen { NUMBER_AFTER_HYPHEN } else { mark };
        marks.push(if position == 0 { NUMBER_AFTER_DOT } else { own });
    }
    marks
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut is_after_hyphen = false;
    let mut rest = text;
    loop {
        let (part, after) = take_while(rest, |character| character != '.' && character != '-');
        split_part(part, is_after_hyphen, &mut tokens);
        let mut characters = after.chars();
        let Some(separator) = characters.next() else { return tokens };
        is_after_hyphen = separator == '-';
        rest = characters.as_str();
    }
}

/// Splits what is between two separators.
fn split_part(part: &str, mut is_after_hyphen: bool, tokens: &mut Vec<Token>) {
    let mut rest = part;
    loop {
        let (number, after) = take_digits(rest);
        let (text, after) = if number.is_empty() { take_while(rest, |character| !character.is_ascii_digit()) } else { (number, after) };
        tokens.push(Token { is_after_hyphen, meaning: meaning(text, !after.is_empty()) });
        is_after_hyphen = true;
        rest = after;
        if rest.is_empty() {
            return;
        }
    }
}

fn meaning(text: &str, is_before_number: bool) -> Meaning {
    if is_number(text) {
        return if is_zero(text) { Meaning::Nothing } else { Meaning::Number(text.to_owned()) };
    }
    let word = text.to_lowercase();
    let name = match word.as_str() {
        "" | "ga" | "final" | "release" => return Meaning::Nothing,
        "cr" => "rc",
        "a" if is_before_number => "alpha",
        "b" if is_before_number => "beta",
        "m" if is_before_number => "milestone",
        other => other,
    };
    match (0..).zip(PRE_RELEASES).find(|(_, other)| **other == name) {
        Some((rank, _)) => Meaning::PreRelease(rank),
        None => Meaning::Word(word),
    }
}

/// Leaves out tokens that say nothing where they make no difference; the first one stays.
fn significant(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let drop_empty = |kept: &mut Vec<Token>| {
        while 1 < kept.len() && kept.last().is_some_and(|token| matches!(token.meaning, Meaning::Nothing)) {
            kept.pop();
        }
    };
    for token in tokens {
        if token.is_after_hyphen {
            drop_empty(&mut kept);
        }
        kept.push(token);
    }
    drop_empty(&mut kept);
    kept
}
