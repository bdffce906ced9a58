//! Ecosystems, and which names of packages mean the same in them.

use std::borrow::Cow;

use crate::version::Scheme;

/// An ecosystem as OSV writes it: a name, and a release where distributions differ between releases (`Debian:12`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ecosystem<'a> {
    /// What is before the first colon.
    pub name: &'a str,
    /// What follows it.
    pub release: Option<&'a str>,
}

impl<'a> Ecosystem<'a> {
    /// Takes an ecosystem apart.
    pub fn new(text: &'a str) -> Self {
        match text.split_once(':') {
            Some((name, release)) => Self { name, release: Some(release) },
            None => Self { name: text, release: None },
        }
    }

    /// The order of its versions.
    pub fn scheme(&self) -> Option<Scheme> {
        Scheme::of_ecosystem(self.name)
    }

    /// Whether a record about this ecosystem is about a package of another one: the same, or one of its releases.
    pub fn covers(&self, other: Ecosystem<'_>) -> bool {
        self.name.eq_ignore_ascii_case(other.name) && (self.release.is_none() || self.release == other.release)
    }

    /// The name by which a package is found: equal for names that mean the same package.
    pub fn package_name<'n>(&self, name: &'n str) -> Cow<'n, str> {
        match self.name {
            // https://packaging.python.org/specifications/name-normalization, PEP 503.
            "PyPI" => python_name(name),
            // Registries that don't tell packages apart by case.
            "NuGet" | "Packagist" | "Hex" | "Pub" | "GitHub Actions" | "VSCode" => lower(name),
            // Names are addresses of repositories.
            "SwiftURL" => repository(name),
            // Go's module paths, Maven's coordinates, npm's oldest packages and others differ by case.
            _ => Cow::Borrowed(name),
        }
    }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.contains(char::is_uppercase) { Cow::Owned(name.to_lowercase()) } else { Cow::Borrowed(name) }
}

fn python_name(name: &str) -> Cow<'_, str> {
    let is_separator = |character| matches!(character, '-' | '_' | '.');
    let is_normal =
        !name.contains("--") && name.chars().all(|character| character == '-' || !is_separator(character) && !character.is_uppercase());
    if is_normal {
        return Cow::Borrowed(name);
    }
    let mut normal = String::with_capacity(name.len());
    let mut was_separator = false;
    for character in name.chars() {
        if !is_separator(character) {
            normal.extend(character.to_lowercase());
        } else if !was_separator {
            normal.push('-');
        }
        was_separator = is_separator(character);
    }
    Cow::Owned(normal)
}

fn repository(name: &str) -> Cow<'_, str> {
    let name = name.split_once("://").map_or(name, |(_, name)| name).trim_end_matches('/');
    lower(name.strip_suffix(".git").unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ecosystem: &str, name: &str, expected: &str) {
        assert_eq!(Ecosystem::new(ecosystem).package_name(name), expected);
    }

    #[test]
    fn names_that_mean_one_package_are_equal() {
        check("PyPI", "Zope.Interface", "zope-interface");
        check("PyPI", "a__.-b", "a-b");
        check("PyPI", "plain-name", "plain-name");
        check("NuGet", "Newtonsoft.Json", "newtonsoft.json");
        check("Packagist", "Laravel/Framework", "laravel/framework");
        check("SwiftURL", "https://github.com/Apple/swift-nio.git", "github.com/apple/swift-nio");
    }

    #[test]
    fn names_that_differ_by_case_stay_different() {
        check("Go", "github.com/Masterminds/semver/v3", "github.com/Masterminds/semver/v3");
        check("npm", "JSONStream", "JSONStream");
        check("Maven", "org.Foo:Bar", "org.Foo:Bar");
    }

    #[test]
    fn records_cover_releases() {
        let covers = |record: &str, package: &str| Ecosystem::new(record).covers(Ecosystem::new(package));
        assert!(covers("Debian", "Debian:12"));
        assert!(covers("Debian:12", "Debian:12"));
        assert!(!covers("Debian:11", "Debian:12"));
        assert!(!covers("Debian:12", "Debian"));
        assert!(!covers("Debian", "Ubuntu:22.04"));
        assert!(covers("PyPI", "pypi"));
    }
}
