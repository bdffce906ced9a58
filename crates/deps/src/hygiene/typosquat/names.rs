//! Names of packages that many use, by ecosystem: `names/*.txt`, one a line, sorted.
//!
//! A star says that others imitate it, two that they do so with something before or behind it. The lists of npm and PyPI are
//! those of the most downloaded packages of November 2026; the others are what lock files of well-known projects have, and what
//! is famous. Names are facts; nothing else of the packages is here.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use crate::{Ecosystem, name};

/// The names of an ecosystem.
#[derive(Debug)]
pub(super) struct Names {
    known: HashSet<&'static str>,
    /// Scopes of npm, and owners of Composer's packages: names behind them are given by whoever owns them.
    scopes: HashSet<&'static str>,
    /// Names that are imitated, by each text that one of them becomes when a character is left out, or none.
    by_variant: HashMap<String, Vec<&'static str>>,
    /// The same by their letters and digits alone.
    by_letters: HashMap<String, &'static str>,
    /// Names that are imitated with something before or behind them.
    most_famous: HashSet<&'static str>,
}

/// The shortest name that is compared: among shorter ones everything is close to everything.
pub(super) const MIN_BYTES: usize = 5;

/// The names of an ecosystem, if there is a list.
pub(super) fn of(ecosystem: Ecosystem) -> Option<&'static Names> {
    macro_rules! list {
        ($file:literal) => {{
            static NAMES: OnceLock<Names> = OnceLock::new();
            Some(NAMES.get_or_init(|| Names::new(include_str!(concat!("names/", $file, ".txt")))))
        }};
    }
    match ecosystem {
        Ecosystem::Npm => list!("npm"),
        Ecosystem::PyPi => list!("pypi"),
        Ecosystem::Cargo => list!("cargo"),
        Ecosystem::Gem => list!("gem"),
        Ecosystem::Composer => list!("composer"),
        Ecosystem::Golang => list!("golang"),
        Ecosystem::NuGet => list!("nuget"),
        _ => None,
    }
}

/// A name as it is compared: as the ecosystem does, and of Go's modules without the major version.
pub(super) fn normal(ecosystem: Ecosystem, text: &str) -> String {
    let text = name::normalized(ecosystem, text);
    match ecosystem {
        Ecosystem::Golang => without_major(&text).to_ascii_lowercase(),
        // crates.io takes hyphens and underscores for one another.
        Ecosystem::Cargo => text.replace('_', "-").to_ascii_lowercase(),
        _ => text.to_ascii_lowercase(),
    }
}

/// `example.org/a/v2` is `example.org/a`, `gopkg.in/a.v2` is `gopkg.in/a`.
fn without_major(path: &str) -> &str {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    ["/v", ".v"].iter().find_map(|mark| path.rsplit_once(mark).filter(|(_, number)| is_number(number))).map_or(path, |(path, _)| path)
}

/// The letters and digits of a name.
pub(super) fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// What a name becomes when a character is left out, and the name itself.
pub(super) fn variants(name: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let without = |(at, c): (usize, char)| {
        let (before, behind) = (name.get(..at).unwrap_or_default(), name.get(at + c.len_utf8()..).unwrap_or_default());
        Cow::Owned(format!("{before}{behind}"))
    };
    std::iter::once(Cow::Borrowed(name)).chain(name.char_indices().map(without))
}

impl Names {
    fn new(text: &'static str) -> Self {
        let (mut known, mut scopes, mut most_famous) = (HashSet::new(), HashSet::new(), HashSet::new());
        let (mut by_variant, mut by_letters): (HashMap<String, Vec<&'static str>>, HashMap<String, &'static str>) = Default::default();
        for line in text.lines() {
            let name = line.trim_end_matches('*');
            known.insert(name);
            scopes.extend(name.split_once('/').map(|(scope, _)| scope));
            if name == line || name.len() < MIN_BYTES {
                continue;
            }
            variants(name).for_each(|variant| by_variant.entry(variant.into_owned()).or_default().push(name));
            by_letters.insert(letters(name), name);
            if line.ends_with("**") {
                most_famous.insert(name);
            }
        }
        Self { known, scopes, by_variant, by_letters, most_famous }
    }

    /// Whether many use a package, so that its name is no imitation.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.known.contains(name)
    }

    /// Whether the owner of a name has others that many use.
    pub(super) fn is_known_scope(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }

    /// Imitated names that share a variant with this one: no other is one slip away.
    pub(super) fn near(&self, name: &str) -> Vec<&'static str> {
        let mut near: Vec<&str> = variants(name).filter_map(|variant| self.by_variant.get(variant.as_ref())).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        near
    }

    /// The imitated name of the same letters.
    pub(super) fn of_letters(&self, name: &str) -> Option<&'static str> {
        self.by_letters.get(&letters(name)).copied()
    }

    /// One of the most famous names, if this is one.
    pub(super) fn most_famous(&self, name: &str) -> Option<&'static str> {
        self.most_famous.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_normal_sorted_and_small() {
        const MAX_BYTES: usize = 160_000;
        for (ecosystem, text) in [
            (Ecosystem::Npm, include_str!("names/npm.txt")),
            (Ecosystem::PyPi, include_str!("names/pypi.txt")),
            (Ecosystem::Cargo, include_str!("names/cargo.txt")),
            (Ecosystem::Gem, include_str!("names/gem.txt")),
            (Ecosystem::Composer, include_str!("names/composer.txt")),
            (Ecosystem::Golang, include_str!("names/golang.txt")),
            (Ecosystem::NuGet, include_str!("names/nuget.txt")),
        ] {
            assert!(text.len() < MAX_BYTES, "{ecosystem:?}");
            let names: Vec<&str> = text.lines().map(|line| line.trim_end_matches('*')).collect();
            assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{ecosystem:?}");
            for name in names {
                assert_eq!(normal(ecosystem, name), name, "{ecosystem:?}");
            }
        }
    }

    #[test]
    fn major_versions_are_no_part_of_a_name() {
        assert_eq!(normal(Ecosystem::Golang, "github.com/urfave/cli/v2"), "github.com/urfave/cli");
        assert_eq!(normal(Ecosystem::Golang, "gopkg.in/yaml.v3"), "gopkg.in/yaml");
        assert_eq!(normal(Ecosystem::Cargo, "serde_json"), "serde-json");
    }
}
