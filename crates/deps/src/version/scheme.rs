//! Which order holds where.

use std::str::FromStr;

/// An order of versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Semantic Versioning 2.0.0, read leniently: Rust, and whatever has no order of its own.
    SemVer,
    /// npm.
    Npm,
    /// Python: PEP 440, and what was written before it.
    Pep440,
    /// Maven's `ComparableVersion`.
    Maven,
    /// Ruby's `Gem::Version`.
    RubyGems,
    /// NuGet: Semantic Versioning with four numbers, case folded.
    NuGet,
    /// Composer: PHP's `version_compare`.
    Composer,
    /// Go modules and Go itself.
    Go,
    /// Debian and what comes from it.
    Debian,
    /// `rpmvercmp`: Red Hat, SUSE and others.
    Rpm,
    /// `apk`: Alpine, Wolfi and others.
    Alpine,
    /// R's `package_version`.
    Cran,
    /// Haskell's `Version`.
    Hackage,
    /// Dart: Semantic Versioning where builds have an order, too.
    Pub,
    /// Elixir and Erlang.
    Hex,
    /// Swift packages.
    Swift,
}

/// No scheme, ecosystem or type of package has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no versions are known of `{0}`")]
pub struct UnknownScheme(pub String);

/// Schemes by their own names.
const NAMES: &[(&str, Scheme)] = &[
    ("semver", Scheme::SemVer),
    ("npm", Scheme::Npm),
    ("pypi", Scheme::Pep440),
    ("maven", Scheme::Maven),
    ("rubygems", Scheme::RubyGems),
    ("nuget", Scheme::NuGet),
    ("packagist", Scheme::Composer),
    ("go", Scheme::Go),
    ("debian", Scheme::Debian),
    ("rpm", Scheme::Rpm),
    ("alpine", Scheme::Alpine),
    ("cran", Scheme::Cran),
    ("hackage", Scheme::Hackage),
    ("pub", Scheme::Pub),
    ("hex", Scheme::Hex),
    ("swift", Scheme::Swift),
];

/// Ecosystems of OSV: <https://ossf.github.io/osv-schema/#defined-ecosystems>, version 1.7; lower-case, without blanks.
const ECOSYSTEMS: &[(&str, Scheme)] = &[
    ("almalinux", Scheme::Rpm),
    ("alpaquita", Scheme::Alpine),
    ("alpine", Scheme::Alpine),
    ("bellsofthardenedcontainers", Scheme::Alpine),
    ("bioconductor", Scheme::SemVer),
    ("bitnami", Scheme::SemVer),
    ("chainguard", Scheme::Alpine),
    ("conancenter", Scheme::SemVer),
    ("cran", Scheme::Cran),
    ("crates.io", Scheme::SemVer),
    ("debian", Scheme::Debian),
    ("dockerhardenedimages", Scheme::SemVer),
    ("echo", Scheme::Debian),
    ("ghc", Scheme::SemVer),
    ("githubactions", Scheme::SemVer),
    ("go", Scheme::Go),
    ("hackage", Scheme::Hackage),
    ("hex", Scheme::Hex),
    ("julia", Scheme::SemVer),
    ("kubernetes", Scheme::SemVer),
    ("mageia", Scheme::Rpm),
    ("maven", Scheme::Maven),
    ("minimos", Scheme::Alpine),
    ("npm", Scheme::Npm),
    ("nuget", Scheme::NuGet),
    ("opam", Scheme::Debian),
    ("openeuler", Scheme::Rpm),
    ("opensuse", Scheme::Rpm),
    ("packagist", Scheme::Composer),
    ("photonos", Scheme::Rpm),
    ("pub", Scheme::Pub),
    ("pypi", Scheme::Pep440),
    ("redhat", Scheme::Rpm),
    ("rockylinux", Scheme::Rpm),
    ("rubygems", Scheme::RubyGems),
    ("suse", Scheme::Rpm),
    ("swifturl", Scheme::Swift),
    ("ubuntu", Scheme::Debian),
    ("vscode", Scheme::SemVer),
    ("wolfi", Scheme::Alpine),
];

/// Types of package URLs: <https://github.com/package-url/purl-spec>.
const PACKAGE_TYPES: &[(&str, Scheme)] = &[
    ("apk", Scheme::Alpine),
    ("bazel", Scheme::SemVer),
    ("bitnami", Scheme::SemVer),
    ("cargo", Scheme::SemVer),
    // CocoaPods is a gem, and its versions are gems' versions.
    ("cocoapods", Scheme::RubyGems),
    ("composer", Scheme::Composer),
    ("conan", Scheme::SemVer),
    ("cran", Scheme::Cran),
    ("deb", Scheme::Debian),
    ("gem", Scheme::RubyGems),
    ("github", Scheme::SemVer),
    ("golang", Scheme::Go),
    ("hackage", Scheme::Hackage),
    ("hex", Scheme::Hex),
    ("julia", Scheme::SemVer),
    ("maven", Scheme::Maven),
    ("npm", Scheme::Npm),
    ("nuget", Scheme::NuGet),
    ("opam", Scheme::Debian),
    ("pub", Scheme::Pub),
    ("pypi", Scheme::Pep440),
    ("rpm", Scheme::Rpm),
    ("swift", Scheme::Swift),
    ("vscode-extension", Scheme::SemVer),
];

impl Scheme {
    /// All of them.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        NAMES.iter().map(|(_, scheme)| *scheme)
    }

    /// The order of an ecosystem of OSV; what follows a colon, such as the release in `Debian:12`, makes no difference.
    pub fn of_ecosystem(name: &str) -> Option<Self> {
        let name = name.split_once(':').map_or(name, |(name, _)| name);
        let name: String =
            name.chars().filter(|character| !character.is_whitespace()).map(|character| character.to_ascii_lowercase()).collect();
        find(ECOSYSTEMS, &name)
    }

    /// The order of a package URL's type.
    pub fn of_package_type(package_type: &str) -> Option<Self> {
        find(PACKAGE_TYPES, package_type)
    }

    /// The name of the scheme.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, scheme)| *scheme == self).map_or("semver", |(name, _)| name)
    }
}

impl FromStr for Scheme {
    type Err = UnknownScheme;

    /// Finds a scheme by its own name, by an ecosystem of OSV, or by the type of a package URL.
    fn from_str(name: &str) -> Result<Self, UnknownScheme> {
        find(NAMES, name)
            .or_else(|| Self::of_ecosystem(name))
            .or_else(|| Self::of_package_type(name))
            .ok_or_else(|| UnknownScheme(name.to_owned()))
    }
}

fn find(table: &[(&str, Scheme)], name: &str) -> Option<Scheme> {
    table.iter().find(|(other, _)| *other == name).map(|(_, scheme)| *scheme)
}
