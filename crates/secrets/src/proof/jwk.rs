//! Private JSON Web Keys (RFC 7517), as JSON and as programs in JavaScript spell them.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{Proof, Verdict};
use crate::rule::example::Random;

/// An object with `kty` and a private part, `d` or `k`, that is base 64.
#[derive(Debug)]
pub(super) struct Jwk;

/// The longest object that is read, in bytes.
const MAX_BYTES: usize = 64 << 10;
/// The key types of RFC 7518, section 6.1, and RFC 8037.
const KEY_TYPES: [&str; 4] = ["EC", "RSA", "oct", "OKP"];

impl Proof for Jwk {
    fn name(&self) -> &'static str {
        "jwk"
    }

    fn check(&self, value: &str) -> Verdict {
        let Some(key) = members(value) else {
            return Verdict::Consistent("the names of a private key's parts stand together".to_owned());
        };
        let has_type = key.get("kty").is_some_and(|kind| KEY_TYPES.contains(kind));
        let is_part = |name: &str| key.get(name).is_some_and(|part| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).is_ok());
        if has_type && (is_part("d") || is_part("k")) {
            Verdict::Proven("parses as a private key".to_owned())
        } else {
            Verdict::Failed("holds no private part".to_owned())
        }
    }

    fn example(&self, prefix: &str, random: &mut Random) -> Option<String> {
        let mut part = || URL_SAFE_NO_PAD.encode(random.bytes(32));
        let (x, y, d) = (part(), part(), part());
        if prefix.starts_with("{\"") {
            return Some(format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","d":"{d}"}}"#));
        }
        Some(format!("{{ kty: 'EC', crv: 'P-256', x: '{x}', y: '{y}', d: '{d}', ext: true }}"))
    }
}

/// The members of an object whose values are strings, by name; nothing if it is no object.
///
/// Names may be bare, and either may stand in quotes of any kind, each perhaps behind a backslash, as in JSON within a string.
/// What else a value may be is skipped: nothing in a key nests.
fn members(value: &str) -> Option<BTreeMap<&str, &str>> {
    if MAX_BYTES < value.len() {
        return None;
    }
    let mut rest = value.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut members = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Some(members);
        }
        let (name, after) = quoted(rest).or_else(|| bare(rest))?;
        rest = after.trim_start().strip_prefix(':')?.trim_start();
        match quoted(rest) {
            Some((text, after)) => {
                members.insert(name, text);
                rest = after;
            }
            None => rest = after_other_value(rest),
        }
        rest = rest.trim_start();
        if !rest.is_empty() {
            rest = rest.strip_prefix(',')?;
        }
    }
}

/// A string without escapes in it, and what follows.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let n_backslashes = text.bytes().take_while(|&byte| byte == b'\\').count();
    let (_, unescaped) = text.split_at_checked(n_backslashes)?;
    let quote = unescaped.chars().next().filter(|character| matches!(character, '"' | '\'' | '`'))?;
    let (open, rest) = text.split_at_checked(n_backslashes + quote.len_utf8())?;
    rest.split_once(open)
}

/// A name of letters, digits and underscores, and what follows.
fn bare(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|character: char| !character.is_alphanumeric() && character != '_' && character != '$').unwrap_or(text.len());
    text.split_at_checked(end).filter(|(name, _)| !name.is_empty())
}

/// What follows a value that is no string: a list, a number, a word, a call.
fn after_other_value(text: &str) -> &str {
    let mut n_open = 0_usize;
    for (index, character) in text.char_indices() {
        match character {
            '[' | '(' => n_open += 1,
            ']' | ')' => n_open = n_open.saturating_sub(1),
            ',' if n_open == 0 => return text.get(index..).unwrap_or_default(),
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_keys_are_read_in_json_and_in_javascript() {
        for key in [
            r#"{"kty":"oct","k":"AAECAwQF"}"#,
            r#"{"key_ops":["sign","verify"],"ext":true,"kty":"RSA","d":"AAECAwQF"}"#,
            r#"{\"kty\":\"EC\",\"d\":\"AAECAwQF\"}"#,
            "{kty:'EC',d:'AAECAwQF'}",
            "{\n  kty: \"OKP\",\n  'kid': id(1, 2),\n  key_ops: ['sign', 'verify'],\n  n: 1,\n  d: `AAECAwQF`,\n}",
        ] {
            assert!(matches!(Jwk.check(key), Verdict::Proven(_)), "{key}: {:?}", Jwk.check(key));
        }
    }

    #[test]
    fn other_objects_are_refused() {
        for key in [
            "{kty:'EC',x:'AAECAwQF'}",
            "{kty:'EC',d:'not base 64'}",
            "{kty:'EC',d:process.env.KEY}",
            "{kty:'party',d:'AAECAwQF'}",
            r#"{"d":"AAECAwQF"}"#,
            "{}",
        ] {
            assert!(matches!(Jwk.check(key), Verdict::Failed(_)), "{key}: {:?}", Jwk.check(key));
        }
        for no_object in ["{kty", "{kty:'EC' d:'AAECAwQF'}", "{'kty:}", "{kty: 'EC', // a comment\n d: 'AAECAwQF'}"] {
            assert!(matches!(Jwk.check(no_object), Verdict::Consistent(_)), "{no_object}: {:?}", Jwk.check(no_object));
        }
    }
}
