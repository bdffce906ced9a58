//! What requirements of versions allow, and how one is changed so that it allows another version.
//!
//! As <https://github.com/npm/node-semver#ranges>, <https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html>, PEP 440,
//! <https://guides.rubygems.org/patterns/#pessimistic-version-constraint> and <https://getcomposer.org/doc/articles/versions.md> say.

use std::cmp::Ordering;

use crate::{
    Ecosystem,
    version::{Scheme, Version},
};

/// The longest requirement that is read, in bytes.
const MAX_BYTES: usize = 1_000;

/// How a version is compared with the one of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Exactly,
    Not,
    AtLeast,
    Above,
    AtMost,
    Below,
    /// `^1.2`: as long as the first number that is not zero stays.
    Caret,
    /// `~1.2`: as long as the numbers before the last one stay; of npm and the Rust registry `~1.2` is `1.2.*`.
    Tilde,
    /// `~> 1.2`, `~= 1.2`: as long as the numbers before the last one stay.
    Pessimistic,
}

const OPERATORS: [(&str, Operator); 12] = [
    ("===", Operator::Exactly),
    ("~>", Operator::Pessimistic),
    ("~=", Operator::Pessimistic),
    (">=", Operator::AtLeast),
    ("<=", Operator::AtMost),
    ("==", Operator::Exactly),
    ("!=", Operator::Not),
    ("^", Operator::Caret),
    ("~", Operator::Tilde),
    (">", Operator::Above),
    ("<", Operator::Below),
    ("=", Operator::Exactly),
];

/// One condition: an operator and a version, with what stands between them.
#[derive(Debug, Clone, Copy)]
struct Condition<'r> {
    operator: Option<Operator>,
    version: &'r str,
}

/// The order of versions in an ecosystem.
pub(super) fn scheme(ecosystem: Ecosystem) -> Scheme {
    ecosystem.in_osv().and_then(Scheme::of_ecosystem).unwrap_or(Scheme::SemVer)
}

/// Whether a requirement allows a version; nothing where it can't be told: names of branches, addresses.
pub(super) fn allows(ecosystem: Ecosystem, requirement: &str, version: &str) -> Option<bool> {
    let requirement = requirement.trim();
    let requirement = requirement.strip_prefix("npm:").unwrap_or(requirement);
    if MAX_BYTES < requirement.len() {
        return None;
    }
    if matches!(requirement, "" | "*" | "latest" | "x" | "@stable") {
        return Some(true);
    }
    match ecosystem {
        // The highest of all that is asked for is taken.
        Ecosystem::Golang => return Some(compare(ecosystem, version, requirement).is_ge()),
        Ecosystem::Maven | Ecosystem::NuGet => return in_interval(ecosystem, requirement, version),
        _ => {}
    }
    let alternatives =
        requirement.split("||").flat_map(|part| if ecosystem == Ecosystem::Composer { part.split('|').collect() } else { vec![part] });
    let mut is_allowed = Some(false);
    for alternative in alternatives {
        match all_allow(ecosystem, alternative.trim(), version) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_allowed = None,
        }
    }
    is_allowed
}

fn compare(ecosystem: Ecosystem, left: &str, right: &str) -> Ordering {
    let scheme = scheme(ecosystem);
    Version::new(scheme, left).compare(&Version::new(scheme, right))
}

/// `1.0`, `[1.0,2.0)`, `(,1.0]`: a plain version is a lower bound.
fn in_interval(ecosystem: Ecosystem, requirement: &str, version: &str) -> Option<bool> {
    let Some(inner) = requirement.strip_prefix(['[', '(']) else { return Some(compare(ecosystem, version, requirement).is_ge()) };
    let is_closed = requirement.starts_with('[');
    let (inner, ends_closed) = match inner.strip_suffix(']') {
        Some(inner) => (inner, true),
        None => (inner.strip_suffix(')')?, false),
    };
    let Some((low, high)) = inner.split_once(',') else { return Some(compare(ecosystem, version, inner.trim()).is_eq()) };
    let (low, high) = (low.trim(), high.trim());
    let is_above = low.is_empty() || compare(ecosystem, version, low).is_gt() || (is_closed && compare(ecosystem, version, low).is_eq());
    let is_below =
        high.is_empty() || compare(ecosystem, version, high).is_lt() || (ends_closed && compare(ecosystem, version, high).is_eq());
    Some(is_above && is_below)
}

fn all_allow(ecosystem: Ecosystem, alternative: &str, version: &str) -> Option<bool> {
    if let Some((low, high)) = alternative.split_once(" - ") {
        return Some(compare(ecosystem, version, low.trim()).is_ge() && at_most_partial(ecosystem, high.trim(), version));
    }
    let mut is_allowed = true;
    for condition in conditions(ecosystem, alternative) {
        is_allowed &= allows_one(ecosystem, condition?, version)?;
    }
    Some(is_allowed)
}

/// The conditions that all must hold.
fn conditions(ecosystem: Ecosystem, text: &str) -> Vec<Option<Condition<'_>>> {
    let spaced = matches!(ecosystem, Ecosystem::Npm | Ecosystem::Composer);
    let mut found = Vec::new();
    let mut rest = text.trim().trim_start_matches('(').trim_end_matches(')');
    while !rest.is_empty() {
        let (operator, after) =
            OPERATORS.iter().find_map(|(sign, operator)| Some((Some(*operator), rest.strip_prefix(sign)?))).unwrap_or((None, rest));
        let after = after.trim_start();
        let end = after.find(|c: char| c == ',' || (c == ' ' && spaced) || c == ';').unwrap_or(after.len());
        let (version, next) = after.split_at(end);
        let version = version.trim().split('@').next().unwrap_or_default();
        let is_version = version.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit() || matches!(c, '*' | 'x' | 'X'));
        found.push(is_version.then_some(Condition { operator, version }));
        rest = next.trim_start_matches([',', ' ']);
        // A marker of an environment says nothing of versions.
        if rest.starts_with(';') {
            break;
        }
    }
    found
}

/// The leading numbers of a version, and whether it ends in a wildcard.
fn numbers(version: &str) -> (Vec<u64>, bool) {
    let core = version.trim_start_matches(['v', 'V']).split(['-', '+']).next().unwrap_or_default();
    let mut numbers = Vec::new();
    for part in core.split('.') {
        match part.parse() {
            Ok(number) => numbers.push(number),
            Err(_) => return (numbers, matches!(part, "*" | "x" | "X")),
        }
    }
    (numbers, false)
}

fn allows_one(ecosystem: Ecosystem, condition: Condition<'_>, version: &str) -> Option<bool> {
    let wanted = condition.version;
    let (parts, is_wild) = numbers(wanted);
    let is_partial = parts.len() < 3;
    let operator = match (condition.operator, ecosystem) {
        (Some(operator), _) => operator,
        (None, Ecosystem::Cargo) => Operator::Caret,
        // `1.2` is any of its patches, in npm.
        (None, _) => Operator::Exactly,
    };
    let order = compare(ecosystem, version, &whole(ecosystem, wanted));
    Some(match operator {
        Operator::Exactly if is_wild => begins_with(&parts, version),
        Operator::Not if is_wild => !begins_with(&parts, version),
        Operator::Exactly if ecosystem == Ecosystem::Npm && is_partial => begins_with(&parts, version),
        Operator::Exactly => order.is_eq(),
        Operator::Not => order.is_ne(),
        Operator::AtLeast => is_wild || order.is_ge(),
        Operator::Above => order.is_gt(),
        Operator::AtMost => at_most_partial(ecosystem, wanted, version),
        Operator::Below => order.is_lt(),
        Operator::Caret => order.is_ge() && begins_with(&kept_by_caret(&parts), version),
        Operator::Tilde => {
            let kept = match (ecosystem, parts.len()) {
                (Ecosystem::Composer, n) => n.saturating_sub(1).max(1),
                (_, n) => n.min(2),
            };
            order.is_ge() && begins_with(parts.get(..kept)?, version)
        }
        Operator::Pessimistic => order.is_ge() && begins_with(parts.get(..parts.len().saturating_sub(1))?, version),
    })
}

/// `<3` is `<3.0.0` where versions have three numbers.
fn whole(ecosystem: Ecosystem, version: &str) -> String {
    let (parts, _) = numbers(version);
    if !matches!(ecosystem, Ecosystem::Npm | Ecosystem::Cargo) || 2 < parts.len() || version.contains(['-', '+']) {
        return version.to_owned();
    }
    let all: Vec<String> = parts.iter().chain(&[0, 0, 0]).take(3).map(u64::to_string).collect();
    all.join(".")
}

/// Up to the first number that is not zero.
fn kept_by_caret(parts: &[u64]) -> Vec<u64> {
    let first = parts.iter().position(|part| *part != 0).map_or(parts.len(), |first| first + 1);
    parts.iter().take(first).copied().collect()
}

fn begins_with(parts: &[u64], version: &str) -> bool {
    let (numbers, _) = numbers(version);
    parts.iter().enumerate().all(|(index, part)| numbers.get(index).copied().unwrap_or_default() == *part)
}

/// `<=1.2` allows `1.2.9` in npm.
fn at_most_partial(ecosystem: Ecosystem, wanted: &str, version: &str) -> bool {
    let (parts, _) = numbers(wanted);
    compare(ecosystem, version, wanted).is_le() || (ecosystem == Ecosystem::Npm && parts.len() < 3 && begins_with(&parts, version))
}

/// A requirement that allows a version, made from one that does not: operators stay, versions change, and no more than must.
pub(super) fn changed(ecosystem: Ecosystem, requirement: &str, version: &str) -> Option<String> {
    let candidates = [raised(ecosystem, requirement, version), widened(requirement, version)];
    candidates.into_iter().flatten().find(|candidate| allows(ecosystem, candidate, version) == Some(true))
}

/// The last version of the requirement becomes the new one, as precise as it was: `^4.17.20`, `~> 5.0`, `1.x`.
fn raised(ecosystem: Ecosystem, requirement: &str, version: &str) -> Option<String> {
    let (start, end) = last_version(requirement)?;
    let old = requirement.get(start..end)?;
    let (parts, is_wild) = numbers(old);
    let (new_parts, _) = numbers(version);
    let is_short =
        parts.len() < new_parts.len() && (is_wild || !matches!(ecosystem, Ecosystem::PyPi | Ecosystem::Gem) || requirement.contains('~'));
    let new = if is_short {
        let kept: Vec<String> = new_parts.iter().take(parts.len()).map(u64::to_string).collect();
        format!("{}{}", kept.join("."), if is_wild { old.get(old.rfind('.')?..)? } else { "" })
    } else {
        version.trim_start_matches('v').to_owned()
    };
    let is_enough = |new: &str| allows(ecosystem, &replaced(requirement, start, end, new), version) == Some(true);
    let new = if is_enough(&new) { new } else { version.trim_start_matches('v').to_owned() };
    Some(replaced(requirement, start, end, &new))
}

/// The upper bound moves behind the new version: `>=1,<2` becomes `>=1,<3`.
fn widened(requirement: &str, version: &str) -> Option<String> {
    let sign = requirement.rfind('<')?;
    let (start, end) = last_version(requirement.get(sign..)?)?;
    let (start, end) = (sign + start, sign + end);
    let (parts, _) = numbers(version);
    let n = numbers(requirement.get(start..end)?).0.len();
    let mut bound = vec![parts.first()?.checked_add(1)?];
    bound.resize(n.max(1), 0);
    Some(replaced(requirement, start, end, &bound.iter().map(u64::to_string).collect::<Vec<_>>().join(".")))
}

fn replaced(text: &str, start: usize, end: usize, new: &str) -> String {
    format!("{}{new}{}", text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default())
}

/// Where the last version of a requirement stands.
fn last_version(requirement: &str) -> Option<(usize, usize)> {
    let is_of_version = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '*' | '_' | '!');
    let end = requirement.rfind(is_of_version)? + 1;
    let start = requirement.get(..end)?.rfind(|c: char| !is_of_version(c)).map_or(0, |at| at + 1);
    let word = requirement.get(start..end)?;
    let from = start + usize::from(word.starts_with(['v', 'V']));
    requirement.get(from..)?.starts_with(|c: char| c.is_ascii_digit()).then_some((from, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ecosystem: Ecosystem, requirement: &str, allowed: &[&str], refused: &[&str]) {
        for (versions, expected) in [(allowed, true), (refused, false)] {
            for version in versions {
                assert_eq!(allows(ecosystem, requirement, version), Some(expected), "{requirement} {version}");
            }
        }
    }

    #[test]
    fn requirements_allow_what_their_ecosystem_says() {
        check(Ecosystem::Npm, "^4.17.20", &["4.17.20", "4.18.0"], &["4.17.19", "5.0.0"]);
        check(Ecosystem::Npm, "^0.2.3", &["0.2.9"], &["0.3.0"]);
        check(Ecosystem::Npm, "~1.2", &["1.2.9"], &["1.3.0"]);
        check(Ecosystem::Npm, "1.x || >=2.5.0 <3", &["1.9.0", "2.6.0"], &["2.4.0", "3.0.0"]);
        check(Ecosystem::Npm, "1.0.0 - 2.3", &["2.3.9"], &["2.4.0"]);
        check(Ecosystem::Npm, "4.17.20", &["4.17.20"], &["4.17.21"]);
        check(Ecosystem::Cargo, "1.2", &["1.9.0"], &["2.0.0", "1.1.0"]);
        check(Ecosystem::Cargo, "=1.2.3", &["1.2.3"], &["1.2.4"]);
        check(Ecosystem::Cargo, ">=1.2, <1.5", &["1.4.9"], &["1.5.0"]);
        check(Ecosystem::PyPi, ">=2.0,!=2.1,<3", &["2.2"], &["2.1", "3.0"]);
        check(Ecosystem::PyPi, "~=2.2", &["2.9"], &["3.0", "2.1"]);
        check(Ecosystem::PyPi, "==2.*", &["2.9"], &["3.0"]);
        check(Ecosystem::PyPi, "^2.1", &["2.9"], &["3.0"]);
        check(Ecosystem::Gem, "~> 5.2.1", &["5.2.9"], &["5.3.0"]);
        check(Ecosystem::Gem, ">= 1.0, < 3", &["2.9"], &["3.0"]);
        check(Ecosystem::Composer, "~1.2", &["1.9.0"], &["2.0.0"]);
        check(Ecosystem::Composer, "^7.0|^8.0", &["8.1.0"], &["9.0.0"]);
        check(Ecosystem::Golang, "v1.2.0", &["v1.3.0"], &["v1.1.0"]);
        check(Ecosystem::NuGet, "[1.0, 2.0)", &["1.5.0"], &["2.0.0"]);
        check(Ecosystem::Maven, "[1.0]", &["1.0"], &["1.1"]);
        assert_eq!(allows(Ecosystem::Npm, "github:a/b", "1.0.0"), None);
        assert_eq!(allows(Ecosystem::Npm, "next", "1.0.0"), None);
    }

    #[test]
    fn a_requirement_changes_no_more_than_it_must() {
        let changed = |ecosystem, requirement, version| changed(ecosystem, requirement, version).unwrap_or_else(|| "-".to_owned());
        assert_eq!(changed(Ecosystem::Npm, "^4.17.20", "5.0.1"), "^5.0.1");
        assert_eq!(changed(Ecosystem::Npm, "4.17.20", "4.17.21"), "4.17.21");
        assert_eq!(changed(Ecosystem::Npm, "1.x", "2.3.4"), "2.x");
        assert_eq!(changed(Ecosystem::Cargo, "0.4", "0.5.1"), "0.5");
        assert_eq!(changed(Ecosystem::Cargo, "=1.2.3", "1.2.4"), "=1.2.4");
        assert_eq!(changed(Ecosystem::PyPi, "==2.0", "2.0.1"), "==2.0.1");
        assert_eq!(changed(Ecosystem::PyPi, ">=1.0,<2", "2.5"), ">=1.0,<3");
        assert_eq!(changed(Ecosystem::Gem, "~> 5.0", "6.1.3"), "~> 6.1");
        assert_eq!(changed(Ecosystem::Npm, ">=1 <2", "2.5.0"), ">=1 <3");
        assert_eq!(changed(Ecosystem::Npm, "next", "2.5.0"), "-");
    }
}
