//! How one name may be taken for another.

use super::names::{MIN_BYTES, Names};
use crate::Ecosystem;

/// A popular name, and what makes another look like it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Likeness {
    pub(super) target: &'static str,
    pub(super) trick: &'static str,
}

/// What people put before and behind a name without meaning another package.
const PREFIXES: [&str; 7] = ["node-", "js-", "npm-", "python-", "python3-", "py-", "the-"];
const SUFFIXES: [&str; 9] = ["-js", "js", ".js", "-node", "-npm", "-python", "-py", "-official", "-lib"];

/// Neighbours on a keyboard, row by row: QWERTY, and QWERTZ where it differs.
const ROWS: [&str; 4] = ["1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Characters that look alike.
const LOOK_ALIKE: [(char, char); 5] = [('0', 'o'), ('1', 'l'), ('1', 'i'), ('l', 'i'), ('u', 'v')];

/// The popular name that this one may be taken for.
pub(super) fn of(name: &str, ecosystem: Ecosystem, names: &Names) -> Option<Likeness> {
    if name.len() < MIN_BYTES {
        return None;
    }
    let scope = name.split_once('/').map(|(scope, _)| scope).filter(|_| matches!(ecosystem, Ecosystem::Npm | Ecosystem::Composer));
    // Whoever owns a scope gives the names in it.
    if scope.is_some_and(|scope| names.is_known_scope(scope)) {
        return None;
    }
    let by_slip = names.near(name).into_iter().find_map(|target| Some(Likeness { target, trick: slip(name, target)? }));
    by_slip.or_else(|| by_letters(name, ecosystem, names)).or_else(|| by_affix(name, ecosystem, names))
}

/// The slip of a finger or of an eye that turns a name into another.
fn slip(name: &str, target: &str) -> Option<&'static str> {
    let (name, target): (Vec<char>, Vec<char>) = (name.chars().collect(), target.chars().collect());
    let n_before = name.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let (name_rest, target_rest) = (name.get(n_before..)?, target.get(n_before..)?);
    // Short names are close to each other by chance.
    let is_long = 7 <= target.len();
    match (name_rest, target_rest) {
        ([a, b, rest @ ..], [c, d, target @ ..]) if a == d && b == c && a != b && rest == target => {
            (a.is_ascii_alphabetic() && b.is_ascii_alphabetic()).then_some("two letters are swapped")
        }
        ([a, rest @ ..], [b, target @ ..]) if rest == target => substituted(*a, *b, is_long),
        ([a, rest @ ..], target_rest) if rest == target_rest => {
            let is_doubled = n_before.checked_sub(1).and_then(|at| name.get(at)) == Some(a);
            match (is_doubled, a) {
                // What counts or names several is another thing.
                (_, a) if !a.is_ascii_alphabetic() => None,
                (_, 's') if rest.is_empty() => None,
                (true, _) => Some("a letter is doubled"),
                (false, _) => (6 <= target.len()).then_some("a letter is added"),
            }
        }
        (name_rest, [a, rest @ ..]) if rest == name_rest => {
            let is_of_several = *a == 's' && rest.is_empty();
            (a.is_ascii_alphabetic() && !is_of_several && (is_long || 6 <= target.len())).then_some("a letter is left out")
        }
        _ => None,
    }
}

fn substituted(a: char, b: char, is_long: bool) -> Option<&'static str> {
    let is_pair = |(one, other): &(char, char)| (*one == a && *other == b) || (*one == b && *other == a);
    if LOOK_ALIKE.iter().any(is_pair) {
        return Some("a character is replaced by one that looks like it");
    }
    // Another digit is another version of the same.
    let are_letters = a.is_ascii_alphabetic() && b.is_ascii_alphabetic();
    (are_letters && is_long && are_neighbours(a, b)).then_some("a letter is replaced by its neighbour on the keyboard")
}

fn are_neighbours(a: char, b: char) -> bool {
    let place = |c: char| ROWS.iter().enumerate().find_map(|(row, keys)| Some((row, keys.find(c)?)));
    let Some(((row_a, at_a), (row_b, at_b))) = place(a).zip(place(b)) else { return false };
    // A row is shifted to the right of the one above it.
    match row_b.cmp(&row_a) {
        std::cmp::Ordering::Equal => at_a.abs_diff(at_b) == 1,
        std::cmp::Ordering::Greater => row_b - row_a == 1 && (at_b == at_a || at_b + 1 == at_a),
        std::cmp::Ordering::Less => row_a - row_b == 1 && (at_a == at_b || at_a + 1 == at_b),
    }
}

/// The same letters, divided otherwise: `types-node` for `@types/node`, `date-utils` for `dateutils`.
fn by_letters(name: &str, ecosystem: Ecosystem, names: &Names) -> Option<Likeness> {
    // A path of Go begins with a host, so that its signs are not chosen freely.
    let target = names.of_letters(name).filter(|target| *target != name && ecosystem != Ecosystem::Golang)?;
    let trick = match (name.contains('/'), target.contains('/')) {
        (false, true) => "it has the letters of its scope and name, and no scope",
        (true, false) => "it has its letters, and a scope",
        (true, true) | (false, false) => "the same letters are divided otherwise",
    };
    Some(Likeness { target, trick })
}

/// Something before or behind a famous name that says nothing.
fn by_affix(name: &str, ecosystem: Ecosystem, names: &Names) -> Option<Likeness> {
    if !matches!(ecosystem, Ecosystem::Npm | Ecosystem::PyPi) {
        return None;
    }
    let cores = PREFIXES.iter().filter_map(|prefix| name.strip_prefix(prefix));
    let mut cores = cores.chain(SUFFIXES.iter().filter_map(|suffix| name.strip_suffix(suffix)));
    let target = cores.find_map(|core| names.most_famous(core))?;
    Some(Likeness { target, trick: "something is put before or behind it that says nothing" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hygiene::typosquat::names;

    #[track_caller]
    fn check(ecosystem: Ecosystem, name: &str, expected: Option<&str>) {
        let names = names::of(ecosystem).unwrap();
        let name = names::normal(ecosystem, name);
        assert!(!names.is_known(&name), "{name} is popular itself");
        assert_eq!(of(&name, ecosystem, names).map(|likeness| likeness.target), expected, "{name}");
    }

    #[test]
    fn names_of_attacks_that_happened_are_found() {
        for (name, target) in [
            ("lodahs", "lodash"),
            ("loadash", "lodash"),
            ("reqest", "request"),
            ("typescirpt", "typescript"),
            ("types-node", "@types/node"),
            ("babelcore", "@babel/core"),
            ("chalk-js", "chalk"),
            ("commnader", "commander"),
        ] {
            check(Ecosystem::Npm, name, Some(target));
        }
        for (name, target) in [
            ("requets", "requests"),
            ("reqeusts", "requests"),
            ("urlib3", "urllib3"),
            ("python-requests", "requests"),
            ("pythondateutil", "python-dateutil"),
            ("colourama", "colorama"),
        ] {
            check(Ecosystem::PyPi, name, Some(target));
        }
        check(Ecosystem::Cargo, "serd-json", Some("serde-json"));
        check(Ecosystem::Golang, "github.com/siruspen/logrus", Some("github.com/sirupsen/logrus"));
        check(Ecosystem::Composer, "symfont/process", Some("symfony/process"));
    }

    #[test]
    fn other_names_are_other_names() {
        for name in ["left-pad-2", "ansi-regex2", "my-app", "@corp/lodash-utils", "es9-ext", "reacts", "expresss", "@babel/plugin-anything"]
        {
            check(Ecosystem::Npm, name, None);
        }
        // A digit is a version, and a letter of a short name may be any.
        for name in ["corp-requests-wrapper", "flask-corp", "numpy2", "abc", "beautifulsoup44", "djanga"] {
            check(Ecosystem::PyPi, name, None);
        }
    }

    #[test]
    fn neighbours_are_beside_or_below_each_other() {
        assert!(are_neighbours('a', 's') && are_neighbours('q', 'a') && are_neighbours('s', 'w') && are_neighbours('e', 's'));
        assert!(!are_neighbours('a', 'd') && !are_neighbours('q', 'z') && !are_neighbours('p', 'a'));
    }
}
