//! Bills of materials: what a project is made of, in the formats that others read.
//!
//! A [`Bom`] stands between the formats: it is made of a report ([`Bom::of`])
//! or read from a document ([`read()`](read)), and written by [`write()`]. What a format can't
//! say is left out; nothing is made up. Everything is sorted, so that the same input gives the same bytes.
//!
//! ```
//! use bartizan_core::Report;
//! use bartizan_formats::sbom::{self, Bom, Format};
//! let mut out = Vec::new();
//! sbom::write(&Bom::of(&Report::default(), "shop"), Format::CycloneDxJson(sbom::CycloneDxVersion::V1_6), &mut out)?;
//! assert!(String::from_utf8(out).unwrap().contains("\"bomFormat\": \"CycloneDX\""));
//! # Ok::<(), std::io::Error>(())
//! ```

mod attest;
mod cyclonedx;
mod cyclonedx_xml;
mod identity;
mod licence;
mod of_report;
mod read;
mod spdx;
mod spdx3;
mod xml;

use std::io::{self, BufWriter, Write};

use bartizan_core::{ComponentKind, Hash, Layer, Scope, Tool};
use serde::Serialize;

pub use self::{
    attest::{Subject, attest},
    read::{Parsed, Problem, read},
};
use crate::Timestamp;

/// What something is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Bom {
    /// What is said about the bill itself.
    pub metadata: Metadata,
    /// The components without the subject, by id. Invariant of what [`Bom::of`] makes: no id is there twice.
    pub components: Vec<Component>,
    /// What depends on what, in order. Invariant of what [`Bom::of`] makes: both ends exist.
    pub dependencies: Vec<Dependency>,
}

/// What is said about a bill itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Metadata {
    /// What the bill is of.
    pub subject: Option<Component>,
    /// When it was made, where somebody says so.
    #[serde(serialize_with = "identity::timestamp")]
    pub timestamp: Option<Timestamp>,
    /// What made it.
    #[serde(serialize_with = "identity::tools")]
    pub tools: Vec<Tool>,
    /// What is missing from it, as far as that is known.
    pub gaps: Vec<Gap>,
}

/// One thing that something is made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Component {
    /// What dependencies call it: its package URL, where it has one.
    pub id: String,
    /// Its package URL.
    pub purl: Option<String>,
    /// What the name is below: a group of Maven, a scope of npm.
    pub group: Option<String>,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// What it is to its project.
    pub kind: ComponentKind,
    /// What it is needed for.
    pub scope: Option<Scope>,
    /// Its licences: SPDX expressions, or what the author wrote.
    pub licences: Vec<String>,
    /// What its content is known by.
    pub hashes: Vec<Hash>,
    /// Where it is named.
    pub places: Vec<Place>,
    /// The layer that brought it, if it is of an image of a container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<Layer>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: Option<u32>,
}

/// One component depends on another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Dependency {
    /// The id of the component that depends.
    pub dependent: String,
    /// The id of the component that is depended on.
    pub dependency: String,
    /// What for, where the format says it.
    pub scope: Option<Scope>,
}

/// Something that is missing from a bill.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Gap {
    /// What it means.
    pub kind: GapKind,
    /// Where and why, in one line: `path:line: reason`.
    pub text: String,
}

/// What a gap means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum GapKind {
    /// Something could not be read: components are missing.
    Unparsed,
    /// A component is there, but its version or what it depends on is not known.
    Unresolved,
}

/// The formats that bills are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CycloneDX as JSON.
    CycloneDxJson(CycloneDxVersion),
    /// CycloneDX as XML.
    CycloneDxXml(CycloneDxVersion),
    /// SPDX 2.3 as JSON.
    SpdxJson,
    /// SPDX 3.0.1 as JSON-LD.
    Spdx3Json,
}

/// The versions of CycloneDX that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CycloneDxVersion {
    /// 1.6, or ECMA-424, first edition.
    #[default]
    V1_6,
    /// 1.7, or ECMA-424, second edition.
    V1_7,
}

impl GapKind {
    /// The name of its property in a bill.
    #[must_use]
    pub const fn property(self) -> &'static str {
        match self {
            Self::Unparsed => "bartizan:unparsed",
            Self::Unresolved => "bartizan:unresolved",
        }
    }
}

impl CycloneDxVersion {
    /// As documents say it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_6 => "1.6",
            Self::V1_7 => "1.7",
        }
    }
}

/// Writes a bill, and flushes.
///
/// # Errors
/// Those of `out`.
pub fn write(bom: &Bom, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    match format {
        Format::CycloneDxJson(version) => cyclonedx::write(bom, version, &mut out)?,
        Format::CycloneDxXml(version) => cyclonedx_xml::write(bom, version, &mut out)?,
        Format::SpdxJson => spdx::write(bom, &mut out)?,
        Format::Spdx3Json => spdx3::write(bom, &mut out)?,
    }
    out.flush()
}
