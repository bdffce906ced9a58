//! Declared licences: which are expressions of SPDX, and how documents say those that are none.

mod known;

use bartizan_core::IdentityKey;

/// Licences as documents of SPDX say them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Declared {
    /// An expression of known licences and of references; nothing where none is declared.
    pub(super) expression: Option<String>,
    /// What the references stand for: each with what the author wrote.
    pub(super) references: Vec<(String, String)>,
}

/// The identifier of a licence in SPDX's list, as the list spells it, if it is known here.
pub(super) fn known(text: &str) -> Option<&'static str> {
    known::LICENCES.iter().copied().find(|id| id.eq_ignore_ascii_case(text))
}

/// Whether a text is an expression of licences as SPDX 2.3, annex D, writes them. It says nothing about whether a list has
/// those licences.
pub(super) fn is_expression(text: &str) -> bool {
    let mut depth = 0_u32;
    let mut wants_operand = true;
    for token in tokens(text) {
        match (token, wants_operand) {
            ("(", true) => depth += 1,
            (")", false) => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            ("AND" | "OR" | "WITH", false) => wants_operand = true,
            ("AND" | "OR" | "WITH" | "(" | ")", _) | (_, false) => return false,
            (id, true) if is_id(id) => wants_operand = false,
            (_, true) => return false,
        }
    }
    depth == 0 && !wants_operand
}

/// Says licences as documents of SPDX want them. Several are joined with `AND`: whoever obeys all of them is safe.
pub(super) fn declare(licences: &[String]) -> Declared {
    let mut declared = Declared::default();
    let parts: Vec<String> = licences.iter().filter(|text| !text.trim().is_empty()).map(|text| declare_one(text, &mut declared)).collect();
    declared.references.sort();
    declared.references.dedup();
    declared.expression = match parts.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(several.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(" AND ")),
    };
    declared
}

fn declare_one(text: &str, declared: &mut Declared) -> String {
    if !is_expression(text) || !has_known_exceptions(text) {
        return reference(text, declared);
    }
    let mut expression = String::new();
    let mut is_exception = false;
    for token in tokens(text) {
        let word = match token {
            "AND" | "OR" | "WITH" | "(" | ")" => token.to_owned(),
            exception if is_exception => exception.to_owned(),
            id => match (known(id), id.strip_suffix('+').and_then(known)) {
                (Some(id), _) => id.to_owned(),
                (None, Some(id)) => format!("{id}+"),
                (None, None) => reference(id, declared),
            },
        };
        is_exception = token == "WITH";
        if !expression.is_empty() && !expression.ends_with('(') && word != ")" {
            expression.push(' ');
        }
        expression.push_str(&word);
    }
    expression
}

/// Whether every exception is in SPDX's list: an exception can't be described.
fn has_known_exceptions(text: &str) -> bool {
    let words: Vec<&str> = tokens(text).collect();
    words.windows(2).all(|pair| match pair {
        ["WITH", exception] => known::EXCEPTIONS.contains(exception),
        _ => true,
    })
}

/// A reference that stands for a text, SPDX 2.3, section 10.1.
fn reference(text: &str, declared: &mut Declared) -> String {
    const MAX_NAME_CHARACTERS: usize = 40;
    const PREFIX: &str = "LicenseRef-";
    let is_reference = text.strip_prefix(PREFIX).is_some_and(|name| !name.is_empty() && name.chars().all(is_id_character));
    let reference = if is_reference {
        text.to_owned()
    } else {
        let name: String = text.chars().take(MAX_NAME_CHARACTERS).map(|c| if is_id_character(c) { c } else { '-' }).collect();
        // The number tells texts apart whose names look alike.
        let number: String = IdentityKey::new([0; 32]).fingerprint(&[b"licence", text.as_bytes()]).to_string().chars().take(8).collect();
        format!("{PREFIX}{name}-{number}")
    };
    declared.references.push((reference.clone(), text.to_owned()));
    reference
}

/// The words and parentheses of an expression.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().flat_map(|word| word.split_inclusive(['(', ')'])).flat_map(|piece| {
        let (word, parenthesis) = match piece.char_indices().last() {
            Some((at, '(' | ')')) => piece.split_at(at),
            _ => (piece, ""),
        };
        [word, parenthesis].into_iter().filter(|part| !part.is_empty())
    })
}

/// `idstring` with an optional `+`, or a reference to a licence of another document.
fn is_id(text: &str) -> bool {
    let id = text.strip_suffix('+').unwrap_or(text);
    !id.is_empty() && id.chars().all(|character| is_id_character(character) || character == ':')
}

const fn is_id_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '-')
}

#[cfg(test)]
mod tests {
    use super::{declare, is_expression, known};

    #[test]
    fn expressions_are_told_from_prose() {
        for yes in ["MIT", "Apache-2.0 OR MIT", "(MIT AND (BSD-3-Clause OR ISC))", "GPL-2.0+ WITH Classpath-exception-2.0", "LicenseRef-a"]
        {
            assert!(is_expression(yes), "{yes}");
        }
        for no in ["", "Apache 2.0", "MIT/Apache-2.0", "MIT OR", "OR MIT", "(MIT", "MIT)", "()", "see LICENSE", "MIT (ISC)"] {
            assert!(!is_expression(no), "{no}");
        }
    }

    #[test]
    fn what_is_no_known_licence_is_described() {
        for (licences, expected) in [
            (&[][..], None),
            (&["mit"], Some("MIT")),
            (&["(MIT OR Apache-2.0)"], Some("(MIT OR Apache-2.0)")),
            (&["Apache-1.1+ AND ISC"], Some("Apache-1.1+ AND ISC")),
            (&["MIT", "ISC"], Some("(MIT) AND (ISC)")),
            (&["Apache-2.0 WITH LLVM-exception"], Some("Apache-2.0 WITH LLVM-exception")),
            (&["MIT WITH a-smile"], Some("LicenseRef-MIT-WITH-a-smile-*")),
            (&["MIT OR Unheard-Of"], Some("MIT OR LicenseRef-Unheard-Of-*")),
            (&["LicenseRef-own"], Some("LicenseRef-own")),
            (&["BSD"], Some("LicenseRef-BSD-*")),
        ] {
            let licences: Vec<String> = licences.iter().map(|&text| text.to_owned()).collect();
            let declared = declare(&licences);
            let mut expression = declared.expression.clone();
            for (reference, _) in declared.references.iter().filter(|(reference, text)| reference != text) {
                let shown = reference.rsplit_once('-').map_or("", |(name, _)| name);
                expression = expression.map(|text| text.replace(reference, &format!("{shown}-*")));
            }
            assert_eq!(expression.as_deref(), expected, "{licences:?}");
        }
    }

    #[test]
    fn known_licences_are_in_order() {
        let lower: Vec<String> = super::known::LICENCES.iter().map(|id| id.to_ascii_lowercase()).collect();
        assert!(lower.is_sorted() && known("gpl-3.0-only") == Some("GPL-3.0-only"));
    }
}
