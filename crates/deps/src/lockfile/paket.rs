//! Reads `paket.lock` of Paket, for .NET.
//!
//! The format: <https://fsprojects.github.io/Paket/lock-file.html>. Groups of dependencies hold sections (`NUGET`, `GITHUB`, `GIT`,
//! `HTTP`), these what is locked, and that what it needs; all by indentation.

use std::collections::HashMap;

use bartizan_core::{ByteRange, Scope};

use crate::{Claim, Ecosystem, Edge, Origin, Package, PackageIndex, Parsed, Read, Reader, Scopes, SourceText, Target, line};

/// `paket.lock`.
pub(crate) static READER: Reader = Reader { name: "paket.lock", claims: &[Claim::Name("paket.lock")], read: Read::Text(read) };

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    NuGet,
    GitHub,
    Git,
    Http,
    None,
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut lock = Lock {
        parsed: Parsed::default(),
        section: Section::None,
        remote: "",
        scope: Scope::Runtime,
        group: 0,
        last: None,
        by_name: HashMap::new(),
        wanted: Vec::new(),
    };
    for (range, text) in line::of(source.text) {
        if text.is_empty() {
            continue;
        }
        let line_start = source.text.get(..range.start()).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
        match range.start() - line_start {
            0 => lock.head(text, range),
            1..=3 => lock.remote(text),
            4 | 5 => lock.locked(text, range),
            _ => lock.needs(text, range),
        }
    }
    lock.finish()
}

struct Lock<'t> {
    parsed: Parsed,
    section: Section,
    remote: &'t str,
    scope: Scope,
    /// Which group: each is resolved apart.
    group: usize,
    last: Option<PackageIndex>,
    by_name: HashMap<(usize, String), PackageIndex>,
    wanted: Vec<(usize, PackageIndex, &'t str, &'t str, ByteRange)>,
}

impl<'t> Lock<'t> {
    /// `GROUP Build`, a section, or an option (`RESTRICTION: …`, `STORAGE: NONE`).
    fn head(&mut self, text: &str, range: ByteRange) {
        self.last = None;
        self.remote = "";
        self.section = match text {
            "NUGET" => Section::NuGet,
            "GITHUB" => Section::GitHub,
            "GIT" => Section::Git,
            "HTTP" => Section::Http,
            _ => Section::None,
        };
        if let Some(group) = text.strip_prefix("GROUP ") {
            self.group += 1;
            self.scope = scope_of(group.trim());
        } else if self.section == Section::None && !text.contains(':') {
            self.parsed.unreadable(range, format!("`{text}` is no section of Paket"));
        }
    }

    fn remote(&mut self, text: &'t str) {
        self.remote = text.strip_prefix("remote:").map_or(self.remote, str::trim);
    }

    /// `Name (version) - options`.
    fn locked(&mut self, text: &'t str, range: ByteRange) {
        self.last = None;
        if self.section == Section::None {
            return;
        }
        let Some((name, version)) = name_and_version(text) else {
            self.parsed.unreadable(range, "what is locked is `Name (version)`");
            return;
        };
        let package = match self.section {
            Section::NuGet => {
                let is_usual = matches!(self.remote, "" | "https://api.nuget.org/v3/index.json" | "https://www.nuget.org/api/v2");
                let origin = Origin::Registry((!is_usual).then(|| self.remote.to_owned()));
                Package { origin, ..Package::dependency(Ecosystem::NuGet, name, Some(version), range) }
            }
            // A file of a repository, at a commit.
            Section::GitHub => Package::dependency(Ecosystem::GitHub, self.remote, Some(version), range),
            Section::Git => {
                let name = self.remote.trim_end_matches('/').rsplit('/').next().unwrap_or_default().trim_end_matches(".git");
                let origin = Origin::Git { url: self.remote.to_owned(), commit: Some(version.to_owned()) };
                Package { origin, ..Package::dependency(Ecosystem::Generic, name, Some(version), range) }
            }
            Section::Http | Section::None => {
                let origin = Origin::Url(self.remote.to_owned());
                Package { origin, ..Package::dependency(Ecosystem::Generic, name, None, range) }
            }
        };
        let index = self.parsed.inventory.add(Package { scopes: Scopes::of(self.scope), ..package });
        self.by_name.insert((self.group, name.to_lowercase()), index);
        self.last = Some(index);
    }

    /// `Name (>= version)` below what needs it.
    fn needs(&mut self, text: &'t str, range: ByteRange) {
        let Some(dependent) = self.last else { return };
        let (name, requirement) = text.split_once(" (").unwrap_or((text, ""));
        // Options may follow without a version.
        let name = name.split(" - ").next().unwrap_or(name).trim();
        let requirement = requirement.split(')').next().unwrap_or_default();
        self.wanted.push((self.group, dependent, name, requirement, range));
    }

    fn finish(mut self) -> Parsed {
        for (group, dependent, name, requirement, range) in self.wanted {
            match self.by_name.get(&(group, name.to_lowercase())) {
                Some(&index) => {
                    let target = Target::Package(index);
                    let edge = Edge { dependent, target, scope: Scope::Runtime, requirement: requirement.to_owned(), range: None };
                    self.parsed.inventory.edges.push(edge);
                }
                None => self.parsed.unresolved(range, format!("`{name}` is not in its group of this lock file")),
            }
        }
        self.parsed
    }
}

fn name_and_version(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once('(')?;
    let (version, _) = rest.split_once(')')?;
    (!version.trim().is_empty()).then(|| (name.trim(), version.trim()))
}

/// Groups are named freely; these are the usual names.
fn scope_of(group: &str) -> Scope {
    match group.to_lowercase().as_str() {
        "build" => Scope::Build,
        "test" | "tests" => Scope::Test,
        "dev" | "docs" | "formatting" => Scope::Development,
        _ => Scope::Runtime,
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn groups_sections_and_edges() {
        check(
            &super::READER,
            "paket.lock",
            "RESTRICTION: == net8.0
NUGET
  remote: https://api.nuget.org/v3/index.json
    Serilog (2.10)
      System.Memory (>= 4.5) - restriction: >= net6.0
      Gone (>= 1.0)
    System.Memory (4.5.5) - restriction: >= net6.0
  remote: https://nuget.example.org/v3
    Own (1.0)
    bad
GITHUB
  remote: acme/tools
    src/Tool.fs (0123abc)

GROUP Build
NUGET
  remote: https://api.nuget.org/v3/index.json
    FAKE (5.20.4)
      Serilog
",
            "
nuget Serilog 2.10 @4 [runtime]
  -> System.Memory 4.5.5 runtime >= 4.5
nuget System.Memory 4.5.5 @7 [runtime]
nuget Own 1.0 @9 [runtime] registry https://nuget.example.org/v3
github acme/tools 0123abc @13 [runtime]
nuget FAKE 5.20.4 @18 [build]
6: unresolved: `Gone` is not in its group of this lock file
10: unreadable: what is locked is `Name (version)`
19: unresolved: `Serilog` is not in its group of this lock file
",
        );
        check(&super::READER, "paket.lock", "what\n", "1: unreadable: `what` is no section of Paket");
    }
}
