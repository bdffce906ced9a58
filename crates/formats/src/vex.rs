//! Statements on which flaws matter to which products (VEX), as OpenVEX, CSAF and CycloneDX have them.
//!
//! A document is read by [`read()`](read), whatever its format, and written by [`write()`]. What is deliberately absent: whether a
//! statement is to be believed, and what it means for a finding.
//!
//! ```
//! use bartizan_formats::vex::{self, Status};
//! let text = br#"{"@context": "https://openvex.dev/ns/v0.2.0", "timestamp": "2026-01-01T00:00:00Z", "statements": [{
//!     "vulnerability": {"name": "CVE-2026-1"}, "products": [{"@id": "pkg:npm/left@1.0.0"}],
//!     "status": "not_affected", "justification": "vulnerable_code_not_present"}]}"#;
//! let read = vex::read(text).unwrap();
//! assert_eq!((read.value.statements[0].status, read.problems.len()), (Status::NotAffected, 0));
//! ```

mod read;
mod write;

pub use self::{
    read::{Parsed, read},
    write::write,
};
use crate::{Timestamp, purl::PackageUrl};

/// The largest document that is read, in bytes.
pub const MAX_DOCUMENT_BYTES: u64 = 64 << 20;

/// So many statements of one document are read, one product and one flaw each.
pub const MAX_STATEMENTS: usize = 1_000_000;

/// What somebody says about products.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Its own name.
    pub id: String,
    /// Who says it.
    pub author: String,
    /// When it was said for the last time.
    pub timestamp: Option<Timestamp>,
    /// What is said.
    pub statements: Vec<Statement>,
}

/// What somebody says about one flaw in some products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Every name of the flaw, the first one the author's.
    pub flaws: Vec<String>,
    /// What it is said of.
    pub products: Vec<Product>,
    /// What is said. Invariant of what is read: what is not affected has a justification or an explanation.
    pub status: Status,
    /// Why it does no harm, in a word.
    pub justification: Option<Justification>,
    /// Why, or how that is known, at length; may be empty.
    pub explanation: String,
    /// What to do; may be empty.
    pub action: String,
    /// When it was said; the document's time, if it has none of its own.
    pub timestamp: Option<Timestamp>,
}

/// What a statement is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Product {
    /// As its author names it.
    pub id: String,
    /// Its package URL, where it has one; of a component within it no version is needed.
    pub purl: Option<PackageUrl>,
    /// The versions that are meant, where the package URL does not say it; all, if there are none.
    pub versions: Vec<String>,
    /// The parts of the product that are meant; the product as a whole, if there are none.
    pub components: Vec<PackageUrl>,
    /// Whether it has parts that nobody can find: then nothing is said of the others.
    pub has_unknown_components: bool,
}

/// What a flaw means to a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It does harm.
    Affected,
    /// It is not known yet.
    UnderInvestigation,
    /// It was there, and is not any more.
    Fixed,
    /// It does no harm.
    NotAffected,
}

/// Why a flaw does no harm. OpenVEX 0.2.0, "Status Justifications"; CISA, "Vulnerability Exploitability eXchange – Status
/// Justifications".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Justification {
    /// What is vulnerable is not part of the product.
    ComponentNotPresent,
    /// It is, without the code that is vulnerable.
    VulnerableCodeNotPresent,
    /// The code is there, and never runs.
    VulnerableCodeNotInExecutePath,
    /// It runs, and no attacker decides what it is given.
    VulnerableCodeCannotBeControlledByAdversary,
    /// Something else keeps it from doing harm.
    InlineMitigationsAlreadyExist,
}

/// The formats that documents are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// OpenVEX 0.2.0.
    OpenVex,
    /// CycloneDX 1.6 as JSON, with vulnerabilities alone.
    CycloneDx,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Affected, Self::UnderInvestigation, Self::Fixed, Self::NotAffected];

    /// As OpenVEX says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::UnderInvestigation => "under_investigation",
            Self::Fixed => "fixed",
            Self::NotAffected => "not_affected",
        }
    }
}

impl Justification {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::ComponentNotPresent,
        Self::VulnerableCodeNotPresent,
        Self::VulnerableCodeNotInExecutePath,
        Self::VulnerableCodeCannotBeControlledByAdversary,
        Self::InlineMitigationsAlreadyExist,
    ];

    /// As OpenVEX and CSAF say it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ComponentNotPresent => "component_not_present",
            Self::VulnerableCodeNotPresent => "vulnerable_code_not_present",
            Self::VulnerableCodeNotInExecutePath => "vulnerable_code_not_in_execute_path",
            Self::VulnerableCodeCannotBeControlledByAdversary => "vulnerable_code_cannot_be_controlled_by_adversary",
            Self::InlineMitigationsAlreadyExist => "inline_mitigations_already_exist",
        }
    }
}

impl Product {
    /// A product that is known by its package URL.
    #[must_use]
    pub fn of(purl: &PackageUrl) -> Self {
        Self { id: purl.to_string(), purl: Some(purl.clone()), ..Self::default() }
    }
}

/// Whether a package URL means another one: the same package, in this version if it names one, with these qualifiers at least.
///
/// ```
/// use bartizan_formats::{purl::PackageUrl, vex::covers};
/// let purl = |text: &str| text.parse::<PackageUrl>().unwrap();
/// let installed = purl("pkg:apk/alpine/git@2.39.0-r1?arch=x86_64&distro=alpine-3.19");
/// assert!(covers(&purl("pkg:apk/alpine/git"), &installed));
/// assert!(covers(&purl("pkg:apk/alpine/git@2.39.0-r1?arch=x86_64"), &installed));
/// assert!(!covers(&purl("pkg:apk/alpine/git@2.39.0-r1?arch=armv7"), &installed));
/// assert!(!covers(&purl("pkg:apk/alpine/git@2.40.0-r0"), &installed));
/// ```
#[must_use]
pub fn covers(meant: &PackageUrl, other: &PackageUrl) -> bool {
    let is_same = (meant.package_type(), meant.namespace(), meant.name()) == (other.package_type(), other.namespace(), other.name());
    let is_version = meant.version().is_none_or(|version| other.version() == Some(version));
    let is_subpath = meant.subpath().is_none_or(|subpath| other.subpath() == Some(subpath));
    is_same && is_version && is_subpath && meant.qualifiers().all(|(key, value)| other.qualifier(key) == Some(value))
}
