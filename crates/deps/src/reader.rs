//! What a reader of one kind of file is, and all of them.

use std::{collections::HashMap, sync::OnceLock};

use bartizan_core::ByteRange;
use bartizan_source::{
    FileInfo,
    document::{Document, Node, XmlDocument, XmlElement},
};

use crate::{Inventory, configured, installed, lockfile, manifest, reference};

/// Every reader. A file is read by the first that claims it.
pub static READERS: &[&Reader] = &[
    // What is installed comes first: a package of npm below `node_modules` has the file that a project has, too.
    &installed::apk::READER,
    &installed::composer::READER,
    &installed::conda::READER,
    &installed::dpkg::READER,
    &installed::dpkg::files::READER,
    &installed::gem::READER,
    &installed::java::archive::READER,
    &installed::java::manifest::READER,
    &installed::java::pom::READER,
    &installed::node::READER,
    &installed::os_release::READER,
    &installed::program::READER,
    &installed::python::READER,
    &installed::rpm::READER,
    &lockfile::bun::READER,
    &lockfile::cargo::READER,
    &lockfile::composer::READER,
    &lockfile::gemfile::READER,
    &lockfile::go_mod::READER,
    &lockfile::go_sum::READER,
    &lockfile::go_work::READER,
    &lockfile::npm::READER,
    &lockfile::pdm::READER,
    &lockfile::pipfile::READER,
    &lockfile::pnpm::READER,
    &lockfile::poetry::READER,
    &lockfile::pylock::READER,
    &lockfile::requirements::READER,
    &lockfile::uv::READER,
    &lockfile::vendor_modules::READER,
    &lockfile::yarn::READER,
    &manifest::cargo::READER,
    &manifest::composer_json::READER,
    &manifest::gemfile::READER,
    &manifest::gemspec::READER,
    &manifest::package_json::READER,
    &manifest::pipfile::READER,
    &manifest::pyproject::READER,
    &manifest::setup_cfg::READER,
    &manifest::setup_py::READER,
    &lockfile::gradle::READER,
    &lockfile::gradle_verification::READER,
    &manifest::gradle_catalog::READER,
    &manifest::pom::READER,
    &lockfile::nuget::lock::READER,
    &lockfile::nuget::assets::READER,
    &lockfile::nuget::deps::READER,
    &manifest::msbuild::config::READER,
    &manifest::msbuild::central::READER,
    &manifest::msbuild::project::READER,
    &lockfile::mix::READER,
    &lockfile::pubspec::READER,
    &lockfile::swift::READER,
    &lockfile::podfile::READER,
    &lockfile::conan::READER,
    &lockfile::renv::READER,
    &lockfile::haskell::stack::READER,
    &lockfile::haskell::cabal::READER,
    &lockfile::paket::READER,
    &lockfile::julia::READER,
    &configured::bunfig::READER,
    &configured::cargo_config::READER,
    &configured::npmrc::READER,
    &configured::pip_conf::READER,
    &configured::yarnrc::READER,
    &manifest::build_rs::READER,
    &reference::github_actions::READER,
    &reference::dockerfile::READER,
    &reference::compose::READER,
    &reference::git_modules::READER,
    &reference::licence_text::READER,
    // Any other YAML may be an object of Kubernetes.
    &reference::kubernetes::READER,
];

/// Reads one kind of file.
#[derive(Debug)]
pub struct Reader {
    /// Its name, for `bartizan doctor` and for messages: what its users call the file.
    pub name: &'static str,
    /// Which files it reads.
    pub claims: &'static [Claim],
    /// How it reads them.
    pub read: Read,
}

/// Which files a reader reads, by their path.
#[derive(Debug, Clone, Copy)]
pub enum Claim {
    /// Files of this name: `Cargo.lock`.
    Name(&'static str),
    /// Files whose name ends so: `.csproj`.
    Suffix(&'static str),
    /// Files whose path ends in these folders and this name: `gradle/libs.versions.toml`.
    Path(&'static str),
    /// Files at this path below the root of what is scanned, or of a file system that is in an image or an archive of it.
    Root(&'static str),
    /// Whatever this says yes to, given the path.
    Like(fn(&str) -> bool),
    /// Programs and libraries, whatever their name.
    Program,
}

/// How files are read.
#[derive(Debug, Clone, Copy)]
pub enum Read {
    /// From decoded text.
    Text(fn(&SourceText<'_>) -> Parsed),
    /// From bytes: databases, archives, programs.
    Bytes(fn(&str, &[u8]) -> Parsed),
    /// From the path alone.
    Path(fn(&str) -> Parsed),
}

/// A text to read.
#[derive(Debug, Clone, Copy)]
pub struct SourceText<'t> {
    /// Its path below the scanned root, with `/` between folders.
    pub path: &'t str,
    /// The decoded text.
    pub text: &'t str,
}

/// What was understood of a file, and what could not be. One bad entry does not hide the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// What was understood.
    pub inventory: Inventory,
    /// What was not, in order of place.
    pub problems: Vec<Problem>,
}

/// Something that a reader could not understand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub range: ByteRange,
    /// What it means for the inventory.
    pub kind: ProblemKind,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
}

/// What a problem means for the inventory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// Components are missing: the file, or an entry of it, can't be read.
    Unreadable,
    /// A component is there, but something about it is not known: its version, or what it depends on.
    Unresolved,
    /// Nothing is missing, but somebody should know.
    Remark,
}

impl Parsed {
    /// Adds a problem that loses components.
    pub fn unreadable(&mut self, range: ByteRange, message: impl Into<String>) {
        self.problems.push(Problem { range, kind: ProblemKind::Unreadable, message: message.into() });
    }

    /// Adds a problem that leaves something open.
    pub fn unresolved(&mut self, range: ByteRange, message: impl Into<String>) {
        self.problems.push(Problem { range, kind: ProblemKind::Unresolved, message: message.into() });
    }

    /// The value of a document, whose problems are added.
    pub(crate) fn root<'t>(&mut self, document: Document<'t>) -> Option<Node<'t>> {
        self.document(document.problems);
        document.root
    }

    /// The root element of a document, whose problems are added.
    pub(crate) fn xml_root<'t>(&mut self, document: XmlDocument<'t>) -> Option<XmlElement<'t>> {
        self.document(document.problems);
        document.root
    }

    /// Adds the problems of a document.
    pub(crate) fn document(&mut self, problems: Vec<bartizan_source::document::DocumentProblem>) {
        self.problems.extend(problems.into_iter().map(|problem| {
            let kind = if problem.is_cut { ProblemKind::Unreadable } else { ProblemKind::Remark };
            Problem { range: problem.range, kind, message: problem.message }
        }));
    }
}

impl Reader {
    /// Reads a text, or its path; nothing if this reads bytes.
    #[must_use]
    pub fn read_text(&self, source: &SourceText<'_>) -> Option<Parsed> {
        match self.read {
            Read::Text(read) => Some(in_order(read(source))),
            Read::Path(read) => Some(read(source.path)),
            Read::Bytes(_) => None,
        }
    }

    /// Reads bytes, or the path; nothing if this reads text.
    #[must_use]
    pub fn read_bytes(&self, path: &str, bytes: &[u8]) -> Option<Parsed> {
        match self.read {
            Read::Text(_) => None,
            Read::Path(read) => Some(read(path)),
            Read::Bytes(read) => Some(in_order(read(path, bytes))),
        }
    }
}

fn in_order(mut parsed: Parsed) -> Parsed {
    parsed.problems.sort_by_key(|problem| (problem.range.start(), problem.range.end()));
    parsed
}

impl Claim {
    pub(crate) fn is_for(self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        match self {
            Self::Name(known) => name == known,
            Self::Suffix(suffix) => suffix.len() < name.len() && name.ends_with(suffix),
            Self::Path(end) => path.strip_suffix(end).is_some_and(|folder| folder.is_empty() || folder.ends_with('/')),
            Self::Root(whole) => installed::below_root(path) == Some(whole),
            Self::Like(is_like) => is_like(path),
            Self::Program => false,
        }
    }
}

/// The reader of a file, by its path; of a program, that of programs.
#[must_use]
pub(crate) fn of_file(file: &FileInfo) -> Option<&'static Reader> {
    let by_path = file.path.as_str().and_then(of);
    by_path.or_else(|| file.is_program.then_some(&installed::program::READER))
}

/// The reader of a file, by its path.
#[must_use]
pub(crate) fn of(path: &str) -> Option<&'static Reader> {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(Index::new).find(path)
}

/// The readers by what is cheap to tell of a path. Each is known by its place in the registry: of those that claim a file, the first
/// one reads it.
#[derive(Default)]
struct Index {
    /// By the whole name of the file.
    by_name: HashMap<&'static str, Vec<usize>>,
    /// By what follows the last dot.
    by_ending: HashMap<&'static str, Vec<usize>>,
    /// Those that have to be asked.
    others: Vec<usize>,
}

impl Index {
    fn new() -> Self {
        let mut index = Self::default();
        for (place, reader) in READERS.iter().enumerate() {
            for claim in reader.claims {
                match claim {
                    Claim::Name(path) | Claim::Path(path) | Claim::Root(path) => {
                        index.by_name.entry(path.rsplit('/').next().unwrap_or(path)).or_default().push(place);
                    }
                    Claim::Suffix(suffix) => index.by_ending.entry(ending(suffix).unwrap_or(suffix)).or_default().push(place),
                    Claim::Like(_) => index.others.push(place),
                    Claim::Program => {}
                }
            }
        }
        index
    }

    fn find(&self, path: &str) -> Option<&'static Reader> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let of_name = self.by_name.get(name).into_iter().flatten();
        let of_ending = ending(name).and_then(|ending| self.by_ending.get(ending)).into_iter().flatten();
        let mut best = READERS.len();
        for &place in of_name.chain(of_ending).chain(&self.others) {
            let is_claimed = |reader: &&Reader| reader.claims.iter().any(|claim| claim.is_for(path));
            if place < best && READERS.get(place).is_some_and(is_claimed) {
                best = place;
            }
        }
        READERS.get(best).copied()
    }
}

fn ending(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, ending)| ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Beginnings of formats, and what stands where something else is expected.
    const HOSTILE: [&str; 22] = [
        "",
        "\n",
        "\0",
        "\u{feff}",
        "{",
        "[",
        "[[",
        "]",
        "{\"packages\": 1}",
        "{\"packages\": [1, [2], {\"name\": 3}]}",
        "null",
        "- a\n- b",
        "a: b: c",
        "[package]\nname = 1",
        "[[package]]\nname = [\"a\"]\nversion = {}",
        "\"",
        "'",
        "((((((",
        "a@",
        "@",
        "/",
        "\r\n\t é \u{2028}#",
    ];

    #[test]
    fn no_text_makes_a_reader_panic() {
        for reader in READERS {
            for text in HOSTILE {
                for text in [text.to_owned(), text.repeat(2_000), format!("{text}\n").repeat(50)] {
                    let read = reader.read_text(&SourceText { path: "x", text: &text });
                    assert!(read.or_else(|| reader.read_bytes("x", text.as_bytes())).is_some(), "{}", reader.name);
                }
            }
        }
    }
    #[test]
    fn the_first_reader_that_claims_a_file_reads_it() {
        let slowly = |path: &str| READERS.iter().copied().find(|reader| reader.claims.iter().any(|claim| claim.is_for(path)));
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(of(path).map(|reader| reader.name), expected, "{path}");
            assert_eq!(of(path).map(|reader| reader.name), slowly(path).map(|reader| reader.name), "{path}");
        };
        check("a/Cargo.lock", Some("Cargo.lock"));
        check("a/b.csproj", Some("*.csproj"));
        check("a/gradle/libs.versions.toml", Some("libs.versions.toml"));
        check("a.gemspec", Some("gemspec"));
        check("gems/specifications/a-1.gemspec", Some("installed gem"));
        check("node_modules/a/package.json", Some("installed package of npm"));
        check("package.json", Some("package.json"));
        check("var/lib/dpkg/status", Some("dpkg"));
        check("image.tar!/var/lib/dpkg/status", Some("dpkg"));
        check("testdata/var/lib/dpkg/status", None);
        check("testdata/image.tar!/var/lib/dpkg/status", None);
        check("a.rs", None);
        check("", None);
    }
}
