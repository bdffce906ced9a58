//! What one file says about packages.

use bartizan_core::{ByteRange, Hash, Scope};
use serde::{Deserialize, Serialize};

use crate::{Index, Remark, Serves, maven::Pom, remark};

/// What one file says about packages, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Inventory {
    /// The packages, the project's own ones among them.
    pub packages: Vec<Package>,
    /// What depends on what.
    pub edges: Vec<Edge>,
    /// What a lock file answers to what manifests ask for, where its names alone don't say which package is meant.
    pub answers: Vec<Answer>,
    /// What code imports packages by, where their names don't tell.
    pub names_in_code: Vec<NameInCode>,
    /// How much of what is there the file has.
    pub role: Role,
    /// The registries that the project is set up to take packages from.
    pub indexes: Vec<Index>,
    /// The licences that the file holds the texts of.
    pub licence_texts: Vec<String>,
    /// What a pom of Maven says: versions and scopes are known only when all poms of a project are.
    pub pom: Option<Box<Pom>>,
    /// What an archive of Java says about itself: which package it is, several of its files say together.
    pub archive: Option<Box<JavaArchive>>,
    /// What the file says about the operating system that its packages are of.
    pub system: Option<Box<System>>,
}

/// What is known of the operating system that packages are installed in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct System {
    /// The distribution: `debian`; empty where the file is not about that.
    pub id: String,
    /// Its release: `12`; empty where it has none.
    pub release: String,
    /// Files that its packages brought and that say something about packages of languages, by their path from the root. Whoever
    /// reports the package of the system reports what it holds.
    pub owned: Vec<String>,
}

/// What one file says about an archive of Java: its name, its manifest, or one of the packages in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JavaArchive {
    /// The archive's own name, without its ending.
    Name(String),
    /// The attributes of its manifest that may name it, in order of what they are worth; and its version.
    Manifest {
        /// What may be the group.
        groups: Vec<String>,
        /// What may be the name.
        names: Vec<String>,
        /// The version.
        version: Option<String>,
    },
    /// The packages of the inventory are in the archive.
    Packages,
}

/// What code imports a package by: another name that the manifest gives it, or the namespaces that are loaded from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NameInCode {
    /// Where the package lives.
    pub ecosystem: Ecosystem,
    /// The package, as the ecosystem writes it.
    pub package: String,
    /// What code writes.
    pub name: String,
}

/// How much of what is there a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Role {
    /// All that its kind of file has.
    #[default]
    Whole,
    /// Not what only others need: another file of its folder has that.
    Partial,
    /// What another file of its folder lacks, and maybe more: where that file is whole, this says nothing.
    Supplement,
    /// What a package manager put there: in a project, a lock file in a folder above knows better; in a system nothing does.
    Installed,
    /// What is built into a program or an archive, or lies beside it: it is there, whatever a lock file says.
    Embedded,
}

/// A request and the package that it gets: `debug` at `^2.6.0` is that one, and at `4` another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The name that is asked for.
    pub name: String,
    /// What is asked for, as the manifest writes it.
    pub requirement: String,
    /// What it gets.
    pub package: PackageIndex,
}

/// A package in an [`Inventory`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PackageIndex(pub u32);

/// A package as a file names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// What it is to the project.
    pub kind: PackageKind,
    /// Where it lives.
    pub ecosystem: Ecosystem,
    /// Its whole name as the ecosystem writes it: `@babel/core`, `org.slf4j:slf4j-api`, `github.com/spf13/cobra`.
    pub name: String,
    /// Its exact version, where it is known.
    pub version: Option<String>,
    /// What it is needed for, where the file says so of the package itself; empty where the edges say it, or nothing does.
    pub scopes: Scopes,
    /// Where it comes from.
    pub origin: Origin,
    /// What else its package URL needs to name it, by the keys of its type: the `uuid` of Julia, the `classifier` of Maven.
    pub qualifiers: Vec<(String, String)>,
    /// What its content is known by.
    pub hashes: Vec<Hash>,
    /// Its licences, as the file declares them: an SPDX expression or what the author wrote.
    pub licences: Vec<String>,
    /// What else the file says about it.
    pub remarks: Vec<Remark>,
    /// Where the file names it, in bytes.
    pub range: (u32, u32),
}

/// What a package is to the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PackageKind {
    /// The project itself, or a member of its workspace: what dependencies are there for.
    Root,
    /// What it is made of.
    Dependency,
}

/// What a package depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edge {
    /// Who depends.
    pub dependent: PackageIndex,
    /// On what.
    pub target: Target,
    /// What for.
    pub scope: Scope,
    /// What is asked for, as it is written: `^1.2`; empty where the file doesn't say.
    pub requirement: String,
    /// Where the file asks for it, in bytes, if it is known by its name. What nothing answers becomes a component without a
    /// version where this is known; without a place it is left out.
    pub range: Option<(u32, u32)>,
}

/// The far end of an edge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    /// A package of the same file.
    Package(PackageIndex),
    /// A package by its name: a manifest asks for it, and a lock file beside it may know which version it gets.
    Named(String),
}

/// What a package is needed for, by any of its dependents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Scopes(u8);

/// Where a package comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// The ecosystem's registry; the address, where the file gives one.
    Registry(Option<String>),
    /// A repository of git: its address and the commit.
    Git {
        /// The address.
        url: String,
        /// The commit, where it is known.
        commit: Option<String>,
    },
    /// A folder or archive of the project, by its path from the file.
    Path(String),
    /// An archive at an address.
    Url(String),
}

macro_rules! ecosystems {
    ($($(#[$doc:meta])* $variant:ident = $purl:literal;)*) => {
        /// Where packages live: each has its own names, versions and registry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Ecosystem { $($(#[$doc])* $variant,)* }

        impl Ecosystem {
            /// The type of its package URLs.
            #[must_use]
            pub const fn purl_type(self) -> &'static str { match self { $(Self::$variant => $purl,)* } }

            /// The one of a type of package URLs.
            #[must_use]
            pub fn of_purl_type(purl_type: &str) -> Option<Self> { match purl_type { $($purl => Some(Self::$variant),)* _ => None } }
        }
    };
}

ecosystems! {
    /// Alpine Linux.
    Apk = "apk";
    /// Bioconductor, for R.
    Bioconductor = "bioconductor";
    /// The Rust registry.
    Cargo = "cargo";
    /// CocoaPods.
    CocoaPods = "cocoapods";
    /// Composer, for PHP.
    Composer = "composer";
    /// Conan, for C and C++.
    Conan = "conan";
    /// Conda, for Python and what it needs.
    Conda = "conda";
    /// R's archive.
    Cran = "cran";
    /// Debian and its children.
    Deb = "deb";
    /// Images of containers in a registry.
    Docker = "docker";
    /// RubyGems.
    Gem = "gem";
    /// What has no registry: a file, a folder, a project without a package.
    Generic = "generic";
    /// Repositories and actions on GitHub.
    GitHub = "github";
    /// Go's modules.
    Golang = "golang";
    /// Haskell's registry.
    Hackage = "hackage";
    /// Hex, for Elixir and Erlang.
    Hex = "hex";
    /// Julia's registry.
    Julia = "julia";
    /// Maven's repositories: Java, Kotlin, Scala. A name is `group:artifact`.
    Maven = "maven";
    /// npm, for JavaScript.
    Npm = "npm";
    /// NuGet, for .NET.
    NuGet = "nuget";
    /// Pub, for Dart.
    Pub = "pub";
    /// The Python Package Index.
    PyPi = "pypi";
    /// RPM of Red Hat, SUSE and others.
    Rpm = "rpm";
    /// Swift packages; a name is the address of a repository without its scheme.
    Swift = "swift";
}

impl Ecosystem {
    /// Its name in records of OSV: <https://ossf.github.io/osv-schema/#defined-ecosystems>. Nothing where there is none, or where
    /// it differs from release to release.
    #[must_use]
    pub const fn in_osv(self) -> Option<&'static str> {
        match self {
            Self::Bioconductor => Some("Bioconductor"),
            Self::Cargo => Some("crates.io"),
            Self::Composer => Some("Packagist"),
            Self::Conan => Some("ConanCenter"),
            Self::Cran => Some("CRAN"),
            Self::Gem => Some("RubyGems"),
            Self::GitHub => Some("GitHub Actions"),
            Self::Golang => Some("Go"),
            Self::Hackage => Some("Hackage"),
            Self::Hex => Some("Hex"),
            Self::Julia => Some("Julia"),
            Self::Maven => Some("Maven"),
            Self::Npm => Some("npm"),
            Self::NuGet => Some("NuGet"),
            Self::Pub => Some("Pub"),
            Self::PyPi => Some("PyPI"),
            Self::Swift => Some("SwiftURL"),
            Self::Apk | Self::CocoaPods | Self::Conda | Self::Deb | Self::Docker | Self::Generic | Self::Rpm => None,
        }
    }
}

impl Scopes {
    /// One scope.
    #[must_use]
    pub const fn of(scope: Scope) -> Self {
        Self(1 << scope as u8)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a scope is among them.
    #[must_use]
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & Self::of(scope).0 != 0
    }

    /// These and others.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Each of them, the weightiest first.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        let all = [Scope::Runtime, Scope::Optional, Scope::Build, Scope::Test, Scope::Development];
        all.into_iter().filter(move |&scope| self.has(scope))
    }
}

impl Inventory {
    /// Adds a package; says which it is.
    pub fn add(&mut self, package: Package) -> PackageIndex {
        let index = PackageIndex(u32::try_from(self.packages.len()).unwrap_or(u32::MAX));
        self.packages.push(package);
        index
    }

    /// Adds an edge to a package of the same file.
    pub fn depends(&mut self, dependent: PackageIndex, dependency: PackageIndex, scope: Scope) {
        self.edges.push(Edge { dependent, target: Target::Package(dependency), scope, requirement: String::new(), range: None });
    }

    /// Adds an edge to a package that is known by its name.
    pub fn requires(&mut self, dependent: PackageIndex, name: impl Into<String>, scope: Scope, requirement: impl Into<String>) {
        self.edges.push(Edge { dependent, target: Target::Named(name.into()), scope, requirement: requirement.into(), range: None });
    }

    /// Adds an edge to a package that is known by its name, asked for at a place.
    pub fn requires_at(
        &mut self,
        dependent: PackageIndex,
        name: impl Into<String>,
        scope: Scope,
        requirement: impl Into<String>,
        at: ByteRange,
    ) {
        let range = Some((narrow(at.start()), narrow(at.end())));
        self.edges.push(Edge { dependent, target: Target::Named(name.into()), scope, requirement: requirement.into(), range });
    }

    /// Says what code imports a package by.
    pub fn imported_as(&mut self, ecosystem: Ecosystem, package: &str, name: &str) {
        self.names_in_code.push(NameInCode { ecosystem, package: package.to_owned(), name: name.to_owned() });
    }

    /// Says which package a request gets.
    pub fn answers(&mut self, name: impl Into<String>, requirement: impl Into<String>, package: PackageIndex) {
        self.answers.push(Answer { name: name.into(), requirement: requirement.into(), package });
    }

    /// Adds a registry that the project is set up to take packages from, named at a place. What is no address is left out.
    pub fn asks(&mut self, ecosystem: Ecosystem, url: &str, serves: Serves, at: ByteRange) {
        if url.contains("://") {
            let range = (narrow(at.start()), narrow(at.end()));
            self.indexes.push(Index { ecosystem, url: remark::without_secrets(url), serves, range });
        }
    }

    /// A package.
    #[must_use]
    pub fn package(&self, index: PackageIndex) -> Option<&Package> {
        self.packages.get(usize::try_from(index.0).ok()?)
    }
}

impl Package {
    /// A dependency from the registry, named at a place.
    #[must_use]
    pub fn dependency(ecosystem: Ecosystem, name: impl Into<String>, version: Option<&str>, range: ByteRange) -> Self {
        Self {
            kind: PackageKind::Dependency,
            ecosystem,
            name: name.into(),
            version: version.filter(|version| !version.is_empty()).map(str::to_owned),
            scopes: Scopes::default(),
            origin: Origin::Registry(None),
            qualifiers: Vec::new(),
            hashes: Vec::new(),
            licences: Vec::new(),
            remarks: Vec::new(),
            range: (narrow(range.start()), narrow(range.end())),
        }
    }

    /// The project itself, or a member of its workspace.
    #[must_use]
    pub fn root(ecosystem: Ecosystem, name: impl Into<String>, version: Option<&str>, range: ByteRange) -> Self {
        Self { kind: PackageKind::Root, ..Self::dependency(ecosystem, name, version, range) }
    }

    /// Where it is named.
    #[must_use]
    pub fn byte_range(&self) -> ByteRange {
        widened(self.range)
    }

    /// Says where it is named.
    pub(crate) fn set_range(&mut self, range: ByteRange) {
        self.range = (narrow(range.start()), narrow(range.end()));
    }
}

impl Edge {
    /// Where it is asked for.
    #[must_use]
    pub fn byte_range(&self) -> Option<ByteRange> {
        self.range.map(widened)
    }
}

fn widened((start, end): (u32, u32)) -> ByteRange {
    let widen = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    ByteRange::new(widen(start), widen(end))
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
