//! Versions, in the order of the ecosystem that they come from.
//!
//! Every ecosystem has an order of its own: `1.0-1` comes after `1.0` for Maven and Debian, before it for npm. A version is turned
//! once into a key, bytes that compare as the versions do; so orders are total by construction, and an index can compare bytes.
//! Reading a version never fails: what is odd has its place in every order. What is deliberately absent: requirements (`^1.2`).
//!
//! ```
//! use bartizan_deps::version::{Scheme, Version};
//! use std::cmp::Ordering;
//! let scheme = Scheme::of_ecosystem("Debian:12").unwrap();
//! let [old, new] = ["1:2.4~rc1-1", "1:2.4-1"].map(|text| Version::new(scheme, text));
//! assert_eq!(old.compare(&new), Ordering::Less);
//! assert!(old.key().unwrap() < new.key().unwrap());
//! ```

mod alpine;
mod composer;
mod debian;
mod golang;
mod key;
mod maven;
mod nuget;
mod numbers;
mod pep440;
mod pub_dev;
mod rpm;
mod rubygems;
mod scheme;
mod semver;

use std::{borrow::Cow, cmp::Ordering, fmt};

use key::Key;
pub use scheme::{Scheme, UnknownScheme};

/// A version that knows its place.
#[derive(Debug, Clone)]
pub struct Version {
    scheme: Scheme,
    text: Box<str>,
    key: Box<[u8]>,
}

impl Version {
    /// Reads a version. Nothing is refused: what the ecosystem does not know has a place in its order, too.
    pub fn new(scheme: Scheme, text: &str) -> Self {
        let mut key = Key::default();
        let trimmed = text.trim();
        match scheme {
            Scheme::SemVer | Scheme::Npm | Scheme::Hex | Scheme::Swift => semver::encode(trimmed, &mut key),
            Scheme::Go => golang::encode(trimmed, &mut key),
            Scheme::Pub => pub_dev::encode(trimmed, &mut key),
            Scheme::NuGet => nuget::encode(trimmed, &mut key),
            Scheme::Pep440 => pep440::encode(trimmed, &mut key),
            Scheme::Maven => maven::encode(trimmed, &mut key),
            Scheme::RubyGems => rubygems::encode(trimmed, &mut key),
            Scheme::Composer => composer::encode(trimmed, &mut key),
            Scheme::Debian => debian::encode(trimmed, &mut key),
            Scheme::Rpm => rpm::encode(trimmed, &mut key),
            Scheme::Alpine => alpine::encode(trimmed, &mut key),
            Scheme::Cran | Scheme::Hackage => numbers::encode(trimmed, &mut key),
        }
        Self { scheme, text: text.into(), key: key.into_bytes() }
    }

    /// The order that the version is in.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The version as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What the ecosystem says of two versions.
    ///
    /// It is the order of [`Ord`] but for Composer's versions with a `#` in them, which equal versions that are not equal.
    pub fn compare(&self, other: &Self) -> Ordering {
        if self.scheme == Scheme::Composer && other.scheme == Scheme::Composer && (self.has_wildcard() || other.has_wildcard()) {
            return composer::compare(self.text.trim(), other.text.trim());
        }
        self.cmp(other)
    }

    /// Bytes that compare as the versions of a scheme do; nothing where there is more to comparing than an order.
    ///
    /// Keys may change between releases of this program: whoever stores them stores its version beside them.
    pub fn key(&self) -> Option<&[u8]> {
        (!self.has_wildcard()).then_some(&self.key)
    }

    /// The same text in another order.
    pub fn read_as(&self, scheme: Scheme) -> Cow<'_, Self> {
        if self.scheme == scheme { Cow::Borrowed(self) } else { Cow::Owned(Self::new(scheme, &self.text)) }
    }

    fn has_wildcard(&self) -> bool {
        self.scheme == Scheme::Composer && self.text.contains('#')
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// A total order, so that versions can be sorted; versions of one scheme are together.
impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.scheme.cmp(&other.scheme).then_with(|| self.key.cmp(&other.key))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Equal in the order, however they are written: `1.0` equals `1.0.0` for most schemes.
impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}
