//! Semantic versions, as `github.com/Masterminds/semver/v3` compares them.

use std::{cmp::Ordering, rc::Rc};

use super::{Function, Kind, Val, exactly, fail};
use crate::helm::object::Object;

/// How long a version or a constraint may be.
const MAX_LENGTH: usize = 4096;

pub(super) const FUNCTIONS: &[Function] = &[
    exactly(1, "semver", |_, args| match Version::parse(args.str(0)?) {
        Some(version) => Ok(Val::new(Kind::Object(Rc::new(Object::Version(version))))),
        None => fail("invalid semantic version"),
    }),
    exactly(2, "semverCompare", |_, args| {
        let (constraint, version) = (args.str(0)?, args.str(1)?);
        let Some(version) = Version::parse(version) else { return fail(format!("invalid semantic version: {version:.80}")) };
        match satisfies(constraint, &version) {
            Some(is) => Ok(Val::bool(is)),
            None => fail(format!("improper constraint: {constraint:.80}")),
        }
    }),
];

/// A version. What is not written of it is zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::helm) struct Version {
    pub(in crate::helm) numbers: [u64; 3],
    pub(in crate::helm) prerelease: String,
    pub(in crate::helm) metadata: String,
    pub(in crate::helm) original: String,
}

impl Version {
    pub(in crate::helm) fn parse(text: &str) -> Option<Self> {
        if MAX_LENGTH < text.len() {
            return None;
        }
        let (rest, metadata) = text.split_once('+').unwrap_or((text, ""));
        let (rest, prerelease) = rest.split_once('-').unwrap_or((rest, ""));
        if text.contains('+') && !is_identifiers(metadata) || text.split('+').next()?.contains('-') && !is_identifiers(prerelease) {
            return None;
        }
        let mut numbers = [0; 3];
        let parts: Vec<&str> = rest.strip_prefix('v').unwrap_or(rest).split('.').collect();
        if 3 < parts.len() {
            return None;
        }
        for (number, part) in numbers.iter_mut().zip(&parts) {
            if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            *number = part.parse().ok()?;
        }
        Some(Self { numbers, prerelease: prerelease.to_owned(), metadata: metadata.to_owned(), original: text.to_owned() })
    }

    pub(in crate::helm) fn print(&self) -> String {
        let [major, minor, patch] = self.numbers;
        let mut out = format!("{major}.{minor}.{patch}");
        for (sign, part) in [('-', &self.prerelease), ('+', &self.metadata)] {
            if !part.is_empty() {
                out.push(sign);
                out.push_str(part);
            }
        }
        out
    }

    /// Semantic Versioning 2.0.0, section 11.
    pub(in crate::helm) fn compare(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare_prerelease(&self.prerelease, &other.prerelease),
        })
    }
}

fn is_identifiers(text: &str) -> bool {
    text.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

fn compare_prerelease(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => a.cmp(b),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// One comparison of a constraint.
struct Comparison<'t> {
    operator: &'t str,
    version: Version,
    /// Parts that are `x` or are not written.
    minor_is_open: bool,
    patch_is_open: bool,
}

/// Whether a version satisfies a constraint: alternatives by `||`, parts by spaces or commas. Nothing if it is no constraint.
pub(in crate::helm) fn satisfies(constraint: &str, version: &Version) -> Option<bool> {
    if MAX_LENGTH < constraint.len() {
        return None;
    }
    let mut is_satisfied = false;
    for alternative in constraint.split("||") {
        let comparisons = comparisons(alternative)?;
        let with_prereleases = comparisons.iter().any(|comparison| !comparison.version.prerelease.is_empty());
        is_satisfied |=
            comparisons.iter().all(|comparison| (version.prerelease.is_empty() || with_prereleases) && comparison.holds(version));
    }
    Some(is_satisfied)
}

const OPERATORS: &[&str] = &[">=", "=>", "<=", "=<", "!=", "~>", "=", ">", "<", "~", "^"];

fn comparisons(text: &str) -> Option<Vec<Comparison<'_>>> {
    // `1.2 - 2.3` is a range.
    let words: Vec<&str> = text.split_whitespace().collect();
    if let [low, "-", high] = words.as_slice() {
        return Some(vec![Comparison::parse(">=", low)?, Comparison::parse("<=", high)?]);
    }
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator)).copied().unwrap_or("");
        let behind = rest.get(operator.len()..)?.trim_start();
        let end = behind.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(behind.len());
        found.push(Comparison::parse(operator, behind.get(..end)?)?);
        let after = behind.get(end..)?.trim_start();
        rest = after.strip_prefix(',').map_or(after, str::trim_start);
        if rest.is_empty() && after.starts_with(',') {
            return None;
        }
    }
    (!found.is_empty()).then_some(found)
}

impl<'t> Comparison<'t> {
    fn parse(operator: &'t str, text: &str) -> Option<Self> {
        let plain = text.strip_prefix('v').unwrap_or(text);
        let (numbers, suffix) = plain.find(['-', '+']).map_or((plain, ""), |at| plain.split_at(at));
        let parts: Vec<&str> = numbers.split('.').collect();
        let is_x = |index: usize| parts.get(index).is_none_or(|part| matches!(*part, "x" | "X" | "*"));
        if 3 < parts.len() || numbers.is_empty() {
            return None;
        }
        if is_x(0) {
            let version = Version::parse("0.0.0")?;
            let operator = if matches!(operator, "" | "=" | "~" | "~>" | "^" | ">=" | "=>") { ">=" } else { operator };
            return Some(Self { operator, version, minor_is_open: true, patch_is_open: true });
        }
        let (minor_is_open, patch_is_open) = (is_x(1), is_x(1) || is_x(2));
        let part = |index: usize, is_open: bool| if is_open { "0" } else { parts.get(index).copied().unwrap_or("0") };
        let full = format!("{}.{}.{}{suffix}", part(0, false), part(1, minor_is_open), part(2, patch_is_open));
        Some(Self { operator, version: Version::parse(&full)?, minor_is_open, patch_is_open })
    }

    fn holds(&self, version: &Version) -> bool {
        let order = version.compare(&self.version);
        let [major, minor, _] = self.version.numbers;
        let [its_major, its_minor, _] = version.numbers;
        let is_open = self.patch_is_open;
        match self.operator {
            "" | "=" if is_open => self.holds_tilde(version),
            "" | "=" => order == Ordering::Equal,
            "!=" if is_open => its_major != major || !self.minor_is_open && its_minor != minor,
            "!=" => order != Ordering::Equal,
            ">" if !is_open => order == Ordering::Greater,
            ">" => its_major > major || its_major == major && !self.minor_is_open && its_minor > minor,
            "<" => order == Ordering::Less,
            ">=" | "=>" => order != Ordering::Less,
            "<=" | "=<" if !is_open => order != Ordering::Greater,
            "<=" | "=<" => its_major < major || its_major == major && (self.minor_is_open || its_minor <= minor),
            "~" | "~>" => self.holds_tilde(version),
            "^" => self.holds_caret(version),
            _ => false,
        }
    }

    fn holds_tilde(&self, version: &Version) -> bool {
        if version.compare(&self.version) == Ordering::Less {
            return false;
        }
        if self.version.numbers == [0, 0, 0] && !self.minor_is_open && !self.patch_is_open {
            return true;
        }
        let [major, minor, _] = self.version.numbers;
        let [its_major, its_minor, _] = version.numbers;
        its_major == major && (its_minor == minor || self.minor_is_open)
    }

    fn holds_caret(&self, version: &Version) -> bool {
        if version.compare(&self.version) == Ordering::Less {
            return false;
        }
        let [major, minor, patch] = self.version.numbers;
        let [its_major, its_minor, its_patch] = version.numbers;
        if 0 < major || self.minor_is_open {
            return its_major == major;
        }
        if 0 < its_major {
            return false;
        }
        if 0 < minor || self.patch_is_open {
            return its_minor == minor;
        }
        its_minor == 0 && its_patch == patch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_are_those_of_masterminds() {
        let check = |constraint: &str, version: &str, expected: Option<bool>| {
            assert_eq!(satisfies(constraint, &Version::parse(version).unwrap()), expected, "{constraint} {version}");
        };
        check(">=1.19-0", "v1.36.0", Some(true));
        check(">=1.19", "1.20.0-gke.1", Some(false));
        check(">=1.19-0", "1.20.0-gke.1", Some(true));
        check("<1.14-0 || >= 2", "1.13.0", Some(true));
        check("^1.2", "1.9.9", Some(true));
        check("^0.2.3", "0.3.0", Some(false));
        check("~1.2", "1.2.9", Some(true));
        check("1.2.x", "1.3.0", Some(false));
        check("*", "1.2.3", Some(true));
        check("1.2 - 2", "2.0.5", Some(true));
        check(">= 1.0, < 2", "1.5.0", Some(true));
        check("!=1.x", "2.0.0", Some(true));
        check(">1.2", "1.2.3", Some(false));
        check("foo", "1.0.0", None);
    }
}
