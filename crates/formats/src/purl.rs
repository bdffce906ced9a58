//! Package URLs: `pkg:npm/%40angular/core@17.0.0`, names of packages that every tool of the supply chain understands.
//!
//! As ECMA-427 and the registered types of <https://github.com/package-url/purl-spec> say. What is deliberately absent: where a
//! package can be downloaded, and whether it exists.
//!
//! ```
//! use bartizan_formats::purl::PackageUrl;
//! let package: PackageUrl = "pkg:PyPI/Django_package@1.11.1?file_name=a%20b.whl".parse()?;
//! assert_eq!((package.package_type(), package.name(), package.version()), ("pypi", "django-package", Some("1.11.1")));
//! assert_eq!(package.qualifier("file_name"), Some("a b.whl"));
//! assert_eq!(package.to_string(), "pkg:pypi/django-package@1.11.1?file_name=a%20b.whl");
//! # Ok::<(), bartizan_formats::purl::PurlError>(())
//! ```

mod encoding;
mod parse;
mod rules;

use std::{fmt, str::FromStr};

use encoding::Encoded;
use parse::Strictness;

/// A package URL in canonical form.
///
/// Invariant: the type and the keys of qualifiers are lower-case, the name is not empty, segments of the namespace and of the
/// subpath are not empty, qualifiers are sorted by key, and everything is as the rules of the type want it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PackageUrl {
    package_type: String,
    namespace: Option<String>,
    name: String,
    version: Option<String>,
    qualifiers: Vec<(String, String)>,
    subpath: Option<String>,
}

/// The parts of a package URL, as somebody has them: nothing is encoded, and nothing needs to be in canonical form.
#[derive(Debug, Clone, Copy, Default)]
pub struct Parts<'a> {
    /// The kind of package, such as `npm`.
    pub package_type: &'a str,
    /// What the name is below, segments separated by slashes; may be empty.
    pub namespace: &'a str,
    /// The name.
    pub name: &'a str,
    /// The version; may be empty.
    pub version: &'a str,
    /// Keys and values; pairs without a value are left out.
    pub qualifiers: &'a [(&'a str, &'a str)],
    /// A path below the package's root; may be empty.
    pub subpath: &'a str,
}

/// Why a text or parts are no package URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PurlError {
    /// It does not start with `pkg:`.
    #[error("a package URL starts with `pkg:`")]
    NoScheme,
    /// The type is missing, or has characters that a type can't have.
    #[error("a package URL has a type of letters, digits, `.` and `-` that starts with a letter: `{0}`")]
    InvalidType(String),
    /// There is no name.
    #[error("a package URL has a name")]
    NoName,
    /// A percent sign is not followed by two hexadecimal digits, or what is encoded is no UTF-8.
    #[error("`{0}` is not percent-encoded UTF-8")]
    InvalidEncoding(String),
    /// An encoded slash in a segment of the namespace or the subpath.
    #[error("a segment has no slash in it: `{0}`")]
    SlashInSegment(String),
    /// A qualifier's key has characters that a key can't have.
    #[error("a qualifier's key consists of lower-case letters, digits, `.`, `-` and `_`, and starts with a letter: `{0}`")]
    InvalidKey(String),
    /// Two qualifiers have one key.
    #[error("a qualifier is there once: `{0}`")]
    RepeatedKey(String),
    /// Packages of this type have a namespace.
    #[error("a package of type `{0}` has a namespace")]
    NoNamespace(String),
    /// Packages of this type have no namespace.
    #[error("a package of type `{package_type}` has no namespace: `{namespace}`")]
    UnexpectedNamespace {
        /// The type.
        package_type: String,
        /// The namespace that it can't have.
        namespace: String,
    },
    /// Packages of this type have a qualifier that is missing.
    #[error("a package of type `{package_type}` has the qualifier `{key}`")]
    NoQualifier {
        /// The type.
        package_type: String,
        /// The qualifier that is missing.
        key: &'static str,
    },
    /// Names of this type look different.
    #[error("a package of type `{package_type}` has no such name: `{name}`")]
    InvalidName {
        /// The type.
        package_type: String,
        /// The name that it can't have.
        name: String,
    },
    /// Versions of this type look different.
    #[error("a package of type `{package_type}` has no such version: `{version}`")]
    InvalidVersion {
        /// The type.
        package_type: String,
        /// The version that it can't have.
        version: String,
    },
}

impl PackageUrl {
    /// Puts a package URL together.
    pub fn build(parts: Parts<'_>) -> Result<Self, PurlError> {
        Self::build_with(parts, Strictness::Strict)
    }

    /// Puts a package URL together though what the rules of its type ask for may be missing: `pkg:golang/stdlib` has no namespace,
    /// and yet everybody knows the standard library of Go by it.
    pub fn build_lenient(parts: Parts<'_>) -> Result<Self, PurlError> {
        Self::build_with(parts, Strictness::Lenient)
    }

    fn build_with(parts: Parts<'_>, strictness: Strictness) -> Result<Self, PurlError> {
        let mut qualifiers = Vec::new();
        for (key, value) in parts.qualifiers {
            parse::add_qualifier(&mut qualifiers, key, (*value).to_owned(), Strictness::Lenient)?;
        }
        let mut purl = Self {
            package_type: parse::package_type(parts.package_type)?,
            namespace: join(parts.namespace.split('/').filter(|segment| !segment.is_empty())),
            name: parts.name.trim_matches('/').to_owned(),
            version: Some(parts.version).filter(|version| !version.is_empty()).map(ToOwned::to_owned),
            qualifiers,
            subpath: join(parts.subpath.split('/').filter(|segment| parse::is_subpath_segment(segment))),
        };
        purl.finish(strictness)?;
        Ok(purl)
    }

    /// Reads a package URL as it is found in other people's documents.
    ///
    /// Keys of qualifiers may be upper-case, and what the rules of a type ask for may be missing: tools write `pkg:golang/stdlib`
    /// though packages of Go have a namespace. What comes out is written in canonical form.
    pub fn lenient(text: &str) -> Result<Self, PurlError> {
        parse::parse(text, Strictness::Lenient)
    }

    /// The kind of package, such as `npm`; lower-case.
    pub fn package_type(&self) -> &str {
        &self.package_type
    }

    /// What the name is below: a scope, a group, an owner. Segments are separated by slashes.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Keys and values, sorted by key.
    pub fn qualifiers(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.qualifiers.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The value of a qualifier.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers().find(|(other, _)| *other == key).map(|(_, value)| value)
    }

    /// A path below the package's root.
    pub fn subpath(&self) -> Option<&str> {
        self.subpath.as_deref()
    }

    /// The same package in whatever version: no version, no qualifiers, no subpath.
    #[must_use]
    pub fn without_version(&self) -> Self {
        Self { version: None, qualifiers: Vec::new(), subpath: None, ..self.clone() }
    }

    /// Establishes the invariant.
    fn finish(&mut self, strictness: Strictness) -> Result<(), PurlError> {
        self.qualifiers.sort_unstable();
        rules::normalize(self);
        if self.name.is_empty() {
            return Err(PurlError::NoName);
        }
        match strictness {
            Strictness::Strict => rules::check(self),
            Strictness::Lenient => Ok(()),
        }
    }
}

impl FromStr for PackageUrl {
    type Err = PurlError;

    /// Reads a package URL, and refuses what the rules of its type don't allow.
    fn from_str(text: &str) -> Result<Self, PurlError> {
        parse::parse(text, Strictness::Strict)
    }
}

impl fmt::Display for PackageUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "pkg:{}/", self.package_type)?;
        for segment in self.namespace.iter().flat_map(|namespace| namespace.split('/')) {
            write!(formatter, "{}/", Encoded(segment))?;
        }
        if self.namespace.is_some() && rules::has_path_as_name(&self.package_type) {
            let segments: Vec<String> = self.name.split('/').map(|segment| Encoded(segment).to_string()).collect();
            write!(formatter, "{}", segments.join("/"))?;
        } else {
            write!(formatter, "{}", Encoded(&self.name))?;
        }
        if let Some(version) = &self.version {
            write!(formatter, "@{}", Encoded(version))?;
        }
        for (position, (key, value)) in self.qualifiers.iter().enumerate() {
            let separator = if position == 0 { '?' } else { '&' };
            write!(formatter, "{separator}{key}={}", Encoded(value))?;
        }
        for (position, segment) in self.subpath.iter().flat_map(|subpath| subpath.split('/')).enumerate() {
            let separator = if position == 0 { '#' } else { '/' };
            write!(formatter, "{separator}{}", Encoded(segment))?;
        }
        Ok(())
    }
}

/// A text without percent-encoding; as it is, if it is not encoded well.
pub(crate) fn decoded(text: &str) -> String {
    encoding::decode(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

/// Segments with slashes between them; no segments are no text.
fn join<S: AsRef<str>>(segments: impl Iterator<Item = S>) -> Option<String> {
    let mut joined = String::new();
    for segment in segments {
        if !joined.is_empty() {
            joined.push('/');
        }
        joined.push_str(segment.as_ref());
    }
    Some(joined).filter(|joined| !joined.is_empty())
}
