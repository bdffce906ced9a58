//! What one file of code uses: what it imports, which functions it calls by name, and which names of packages it mentions.
//!
//! These are facts of the file alone. What they mean for a component is decided in `reachability`, when all files are known.
//! The syntax tree is that of the pass: where another engine has made it, it is not made again.

mod collector;
mod csharp;
mod golang;
mod java;
mod javascript;
mod php;
mod python;
mod ruby;
mod rust;
mod text;
mod walk;

use bartizan_core::{ArtifactPath, ByteRange, Location, Region};
use bartizan_source::{FileInfo, FileView, Language};
use bartizan_syntax::{Grammar, Trees};
use serde::{Deserialize, Serialize};

use self::collector::Collector;
pub(crate) use self::text::hash;
use crate::Ecosystem;

/// The largest file of code that is looked at, in bytes.
const MAX_CODE_BYTES: usize = 1_000_000;

/// The largest other file whose words are noted, in bytes: people configure in small files.
const MAX_WORDS_BYTES: u64 = 256 << 10;

/// What a file uses.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Usage {
    /// The languages that it belongs to; nothing if it is no code.
    pub(crate) family: Option<Family>,
    /// What it imports, each once, in order.
    pub(crate) imports: Vec<Import>,
    /// What it calls by name, whatever that belongs to; in languages whose advisories name functions.
    pub(crate) calls: Vec<Used>,
    /// Hashes of what may be names of packages: in texts of code, and words of other files. Sorted.
    pub(crate) mentions: Vec<u32>,
    /// Why there may be more than is told here.
    pub(crate) obstacles: Vec<(Obstacle, Place)>,
}

/// Something that is imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Import {
    /// What is written: `lodash/fp`, `yaml.loader`, `golang.org/x/net/html`, `org.slf4j.Logger`, `serde`.
    pub(crate) name: String,
    /// Where first.
    pub(crate) place: Place,
    /// What of it is used, in Go.
    pub(crate) members: Vec<Used>,
}

/// A name, and where it is used first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Used {
    pub(crate) name: String,
    pub(crate) place: Place,
}

/// Where something is, without the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) range: ByteRange,
    pub(crate) region: Option<Region>,
}

impl Place {
    /// The same, in a file.
    pub(crate) fn within(&self, path: &ArtifactPath) -> Location {
        Location { artifact: path.clone(), place: self.region.map(|region| (self.range, region)) }
    }
}

/// Why a file may use more than it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Obstacle {
    /// It imports what a name says that is made at run time.
    Dynamic,
    /// It loads whatever the manifest names.
    LoadsAll,
    /// It could not be parsed, or not all of it.
    Unparsed,
}

/// Languages that share packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Family {
    JavaScript,
    Python,
    Jvm,
    Go,
    Rust,
    Ruby,
    Php,
    DotNet,
}

impl Family {
    /// All of them.
    pub(crate) const ALL: [Self; 8] =
        [Self::JavaScript, Self::Python, Self::Jvm, Self::Go, Self::Rust, Self::Ruby, Self::Php, Self::DotNet];

    /// The languages whose code uses the packages of an ecosystem.
    pub(crate) const fn of(ecosystem: Ecosystem) -> Option<Self> {
        match ecosystem {
            Ecosystem::Npm => Some(Self::JavaScript),
            Ecosystem::PyPi => Some(Self::Python),
            Ecosystem::Maven => Some(Self::Jvm),
            Ecosystem::Golang => Some(Self::Go),
            Ecosystem::Cargo => Some(Self::Rust),
            Ecosystem::Gem => Some(Self::Ruby),
            Ecosystem::Composer => Some(Self::Php),
            Ecosystem::NuGet => Some(Self::DotNet),
            _ => None,
        }
    }
}

/// How the code of a language is read.
struct Reading {
    family: Family,
    /// Its grammar, and what is noted in its tree; nothing where imports are found in the text.
    tree: Option<(Grammar, walk::Visit)>,
}

/// How files of a language are read; nothing for languages that are not looked at as code.
fn reading(language: Language) -> Option<Reading> {
    let parsed = |family, grammar, visit| Some(Reading { family, tree: Some((grammar, visit)) });
    let scanned = |family| Some(Reading { family, tree: None });
    match language {
        Language::JavaScript => parsed(Family::JavaScript, Grammar::JavaScript, javascript::visit),
        Language::TypeScript => parsed(Family::JavaScript, Grammar::TypeScript, javascript::visit),
        Language::Python => parsed(Family::Python, Grammar::Python, python::visit),
        Language::Java => parsed(Family::Jvm, Grammar::Java, java::visit),
        Language::Go => parsed(Family::Go, Grammar::Go, golang::visit),
        Language::Rust => parsed(Family::Rust, Grammar::Rust, rust::visit),
        Language::Ruby => parsed(Family::Ruby, Grammar::Ruby, ruby::visit),
        Language::Php => parsed(Family::Php, Grammar::Php, php::visit),
        Language::CSharp => parsed(Family::DotNet, Grammar::CSharp, csharp::visit),
        Language::Vue | Language::Svelte | Language::Astro => scanned(Family::JavaScript),
        Language::Jupyter => scanned(Family::Python),
        Language::Kotlin | Language::Scala | Language::Groovy | Language::Clojure => scanned(Family::Jvm),
        Language::FSharp | Language::VisualBasic => scanned(Family::DotNet),
        _ => None,
    }
}

/// Languages whose texts load nothing: what people read, data, styles.
const fn is_inert(language: Language) -> bool {
    use Language as L;
    matches!(
        language,
        L::Markdown
            | L::ReStructuredText
            | L::AsciiDoc
            | L::OrgMode
            | L::Latex
            | L::Csv
            | L::Diff
            | L::Log
            | L::Pem
            | L::PlainText
            | L::Css
            | L::Sql
            | L::GraphQl
            | L::Protobuf
            | L::Thrift
    )
}

/// Whether a file is worth reading for what it uses.
pub(crate) fn is_wanted(file: &FileInfo) -> bool {
    match file.language {
        Some(language) if reading(language).is_some() => true,
        Some(language) => !is_inert(language) && file.size_bytes <= MAX_WORDS_BYTES,
        None => file.size_bytes <= MAX_WORDS_BYTES,
    }
}

/// What a file uses. Of a manifest or lock file, which mentions packages by being one, only what it runs counts.
pub(crate) fn read(file: &FileView<'_>, manifest_of: Option<Ecosystem>) -> Option<Usage> {
    let text = file.text()?;
    if manifest_of.and_then(Family::of).is_some() {
        let mentions = text::mentions_beside_dependencies(file.path().as_str().unwrap_or_default(), text);
        return (!mentions.is_empty()).then(|| Usage { mentions, ..Usage::default() });
    }
    let Some(Reading { family, tree }) = file.language().and_then(reading) else {
        let is_read = file.language().is_none_or(|language| !is_inert(language)) && file.info().size_bytes <= MAX_WORDS_BYTES;
        return is_read.then(|| Usage { mentions: text::words(text), ..Usage::default() });
    };
    // What a bundler made holds copies of packages, and imports none.
    if file.is_minified() {
        return None;
    }
    let mut found = Collector::new(file, text, family);
    match tree {
        _ if MAX_CODE_BYTES < text.len() => found.obstacle(Obstacle::Unparsed, ByteRange::new(0, 0)),
        None => text::imports(family, &mut found),
        Some((grammar, visit)) => match file.shared::<Trees>().of(grammar, text).as_ref() {
            Ok((_, tree)) => {
                walk::walk(tree, visit, &mut found);
                if let Some(range) = walk::first_error(tree) {
                    found.obstacle(Obstacle::Unparsed, range);
                }
            }
            Err(_) => found.obstacle(Obstacle::Unparsed, ByteRange::new(0, 0)),
        },
    }
    Some(found.finish())
}

#[cfg(test)]
mod tests;
