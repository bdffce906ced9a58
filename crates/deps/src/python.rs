//! What files of Python have in common: requirements, groups and hashes.
//!
//! Requirements: PEP 508, <https://packaging.python.org/en/latest/specifications/dependency-specifiers/>.

use std::collections::HashMap;

use bartizan_core::{ByteRange, Hash, HashAlgorithm, Scope};
use bartizan_source::document::Node;

use crate::{
    Ecosystem, Edge, Origin, PackageIndex, Parsed, Remark, Scopes, Target, name,
    remark::{host, is_plain_http, without_secrets},
    requirement,
};

/// A requirement: `NAME[EXTRAS] SPECIFIER; MARKER`, or `NAME @ URL; MARKER`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Requirement<'t> {
    pub(crate) name: &'t str,
    /// Which versions: `>=1,<2`.
    pub(crate) specifier: &'t str,
    /// Where it comes from, if not from an index.
    pub(crate) url: Option<&'t str>,
    /// In which environments it is needed.
    pub(crate) marker: Option<&'t str>,
}

/// Reads a requirement; nothing if it doesn't begin with a name.
pub(crate) fn requirement(text: &str) -> Option<Requirement<'_>> {
    let text = text.trim();
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let (name, rest) = text.split_at_checked(text.find(|c| !is_of_name(c)).unwrap_or(text.len()))?;
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let mut rest = rest.trim_start();
    if let Some(extras) = rest.strip_prefix('[') {
        rest = extras.split_once(']')?.1.trim_start();
    }
    if let Some(url) = rest.strip_prefix('@') {
        // A semicolon may stand in an address: the marker's has a blank before it.
        let (url, marker) = url.split_once(" ;").map_or((url, None), |(url, marker)| (url, Some(marker.trim())));
        return Some(Requirement { name, specifier: "", url: Some(url.trim()), marker });
    }
    let (specifier, marker) = rest.split_once(';').map_or((rest, None), |(specifier, marker)| (specifier, Some(marker.trim())));
    let specifier = specifier.trim();
    let specifier = specifier.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(specifier).trim();
    let is_specifier = specifier.is_empty() || specifier.starts_with(['=', '<', '>', '!', '~']);
    is_specifier.then_some(Requirement { name, specifier, url: None, marker })
}

impl Requirement<'_> {
    /// The one version that is asked for.
    pub(crate) fn version(&self) -> Option<&str> {
        requirement::pinned(Ecosystem::PyPi, self.specifier)
    }

    /// Where it comes from.
    pub(crate) fn origin(&self) -> Origin {
        self.url.map_or(Origin::Registry(None), origin_of_url)
    }

    /// What it is needed for, given what it is where it stands: what is needed for an extra only may be left out.
    pub(crate) fn scope(&self, scope: Scope) -> Scope {
        let is_of_extra = self.marker.is_some_and(|marker| marker.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "extra"));
        if is_of_extra { scope.max(Scope::Optional) } else { scope }
    }
}

/// Where an address leads: `git+https://HOST/PATH@REVISION#egg=NAME`, a folder or an archive.
pub(crate) fn origin_of_url(url: &str) -> Origin {
    let address = url.split('#').next().unwrap_or(url);
    let Some((_, address)) = address.split_once('+').filter(|(vcs, _)| matches!(*vcs, "git" | "hg" | "svn" | "bzr")) else {
        return match address.strip_prefix("file:") {
            Some(path) => Origin::Path(path.trim_start_matches("//").to_owned()),
            None if address.contains("://") => Origin::Url(address.to_owned()),
            None => Origin::Path(address.to_owned()),
        };
    };
    let path = address.find("://").map_or(0, |at| at + 3);
    // Whoever logs in stands before an at sign, too, but not behind a slash.
    let revision = address.rfind('@').filter(|&at| address.get(path..at).is_some_and(|before| before.contains('/')));
    match revision.and_then(|at| Some((address.get(..at)?, address.get(at + 1..)?))) {
        Some((url, revision)) => Origin::Git { url: url.to_owned(), commit: Some(revision.to_owned()) },
        None => Origin::Git { url: address.to_owned(), commit: None },
    }
}

/// What a group of dependencies (PEP 735, or a tool's own) is for.
pub(crate) fn scope_of_group(group: &str) -> Scope {
    match group.to_ascii_lowercase().as_str() {
        "main" | "default" => Scope::Runtime,
        group if group.starts_with("test") || group.ends_with("test") || group.ends_with("tests") => Scope::Test,
        _ => Scope::Development,
    }
}

/// What an extra is for: it is optional, unless its name says that only developers want it.
pub(crate) fn scope_of_extra(extra: &str) -> Scope {
    match scope_of_group(extra) {
        Scope::Test => Scope::Test,
        _ if matches!(extra.to_ascii_lowercase().as_str(), "dev" | "develop" | "development" | "lint" | "doc" | "docs") => {
            Scope::Development
        }
        Scope::Runtime | Scope::Optional | Scope::Build | Scope::Development => Scope::Optional,
    }
}

/// What several groups are for.
pub(crate) fn scopes_of_groups<'t>(groups: impl Iterator<Item = &'t str>) -> Scopes {
    groups.map(scope_of_group).fold(Scopes::default(), |scopes, scope| scopes.and(Scopes::of(scope)))
}

/// The packages of a lock file by name: a name may be there several times, for several environments.
#[derive(Default)]
pub(crate) struct Locked {
    by_name: HashMap<String, Vec<(PackageIndex, String)>>,
}

/// A dependency that a lock file names.
pub(crate) struct Wanted<'w> {
    pub(crate) dependent: PackageIndex,
    pub(crate) name: &'w str,
    pub(crate) requirement: &'w str,
    pub(crate) scope: Scope,
    pub(crate) range: ByteRange,
}

impl Locked {
    pub(crate) fn add(&mut self, name: &str, version: &str, package: PackageIndex) {
        let name = name::normalized(Ecosystem::PyPi, name).into_owned();
        self.by_name.entry(name).or_default().push((package, version.to_owned()));
    }

    /// Adds the edge that a dependency is. Where several packages are as likely meant, each environment gets one of them: there
    /// is an edge to each.
    pub(crate) fn depend(&self, wanted: &Wanted<'_>, parsed: &mut Parsed) {
        let several = self.by_name.get(name::normalized(Ecosystem::PyPi, wanted.name).as_ref()).map(Vec::as_slice).unwrap_or_default();
        let likeness = |version: &str| requirement::likeness(wanted.requirement, version);
        let best = several.iter().map(|(_, version)| likeness(version)).max().unwrap_or_default();
        if several.is_empty() && wanted.scope != Scope::Optional {
            parsed.unresolved(wanted.range, format!("`{}` is not in this lock file", wanted.name));
        }
        for (target, _) in several.iter().filter(|(target, version)| likeness(version) == best && *target != wanted.dependent) {
            let (dependent, target, requirement) = (wanted.dependent, Target::Package(*target), wanted.requirement.to_owned());
            parsed.inventory.edges.push(Edge { dependent, target, scope: wanted.scope, requirement, range: None });
        }
    }
}

/// What there is to say about the files that a lock file has for a package: each with `url`, and `upload-time` where it is known.
pub(crate) fn remarks(origin: &Origin, files: &[&Node<'_>], has_hash: bool) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let urls = || files.iter().filter_map(|file| file.text_of("url"));
    remarks.extend(urls().find(|url| is_plain_http(url)).map(|url| Remark::PlainHttp(without_secrets(url))));
    // The index and its files are on several hosts.
    let is_of_index = |host: &str| matches!(host, "pypi.org" | "files.pythonhosted.org" | "pypi.python.org");
    if matches!(origin, Origin::Registry(None)) {
        let elsewhere = urls().filter(|url| url.contains("://")).filter_map(host).find(|host| !is_of_index(host));
        remarks.extend(elsewhere.map(|host| Remark::Elsewhere(host.to_owned())));
    }
    if !has_hash && !files.is_empty() {
        remarks.push(Remark::Unhashed);
    }
    // Of several files the first to be there.
    let uploads = files.iter().filter_map(|file| file.get("upload-time").or_else(|| file.get("upload_time"))?.scalar());
    remarks.extend(uploads.min().map(|time| Remark::Published(time.to_owned())));
    remarks
}

/// A hash: `sha256:0a…`.
pub(crate) fn hash(text: &str) -> Option<Hash> {
    let (algorithm, value) = text.split_once([':', '='])?;
    let algorithm = match algorithm.trim() {
        "md5" => HashAlgorithm::Md5,
        "sha1" => HashAlgorithm::Sha1,
        "sha256" => HashAlgorithm::Sha256,
        "sha384" => HashAlgorithm::Sha384,
        "sha512" => HashAlgorithm::Sha512,
        _ => return None,
    };
    let value = value.trim();
    value.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| Hash { algorithm, value: value.to_ascii_lowercase() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown = requirement(text).map_or_else(
            || "none".to_owned(),
            |found| {
                let origin = match found.origin() {
                    Origin::Registry(_) => String::new(),
                    Origin::Git { url, commit } => format!(" git {url} {}", commit.as_deref().unwrap_or("?")),
                    Origin::Path(path) => format!(" path {path}"),
                    Origin::Url(url) => format!(" url {url}"),
                };
                format!("{} `{}` {}{origin} {:?}", found.name, found.specifier, found.version().unwrap_or("?"), found.scope(Scope::Runtime))
            },
        );
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn requirements_are_those_of_pep_508() {
        check("requests", "requests `` ? Runtime");
        check("requests[security,socks] >=2.8.1, == 2.8.* ; python_version < '2.7'", "requests `>=2.8.1, == 2.8.*` ? Runtime");
        check("a (==1.0)", "a `==1.0` 1.0 Runtime");
        check("a===1.0+local", "a `===1.0+local` 1.0+local Runtime");
        check("a==1.0; extra == 'x'", "a `==1.0` 1.0 Optional");
        check("a @ git+https://u@host/a.git@v1#egg=a ; python_version > '3'", "a `` ? git https://u@host/a.git v1 Runtime");
        check("a@https://host/a-1.0.zip", "a `` ? url https://host/a-1.0.zip Runtime");
        check("a @ file:///srv/a", "a `` ? path /srv/a Runtime");
        check("./a", "none");
        check("%s==6.5.1", "none");
        check("a b", "none");
    }

    #[test]
    fn groups_say_what_they_are_for() {
        assert_eq!(
            (scope_of_group("main"), scope_of_group("dev"), scope_of_group("unit-tests")),
            (Scope::Runtime, Scope::Development, Scope::Test)
        );
        assert_eq!(
            (scope_of_extra("s3"), scope_of_extra("docs"), scope_of_extra("testing")),
            (Scope::Optional, Scope::Development, Scope::Test)
        );
    }
}
