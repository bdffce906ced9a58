//! What is known of vulnerable and malicious packages: advisories, in an index that is opened without parsing.
//!
//! Records of OSV and RustSec are read ([`read_record`]), put into one immutable segment an ecosystem ([`SegmentBuilder`]) and asked
//! about packages ([`Segment`]). This module opens no files and asks no network: bytes come in, bytes go out.

mod alias;
mod build;
mod rustsec;
mod segment;
mod store;

pub use self::{
    alias::{Group, collapse, preferred},
    build::{Built, SegmentBuilder, segment_name},
    rustsec::from_rustsec,
    segment::{Advisory, BrokenSegment, Hit, Segment, Texts},
    store::{Load, Store},
};
use crate::osv::{InvalidRecord, Record};

/// Reads a record of any kind that is understood, by the name of its file; nothing if it is of no such kind.
///
/// # Errors
///
/// When it is of such a kind, and can't be read.
pub fn read_record(name: &str, bytes: &[u8]) -> Option<Result<Record, InvalidRecord>> {
    let (_, extension) = name.rsplit_once('.')?;
    match extension {
        "json" => looks_like_record(bytes).then(|| Record::from_json(bytes)).filter(|read| read.is_ok() || has_id(bytes)),
        "yaml" | "yml" => {
            let text = std::str::from_utf8(bytes).ok()?;
            let has_id = text.lines().any(|line| line.starts_with("id:"));
            let has_affected = text.lines().any(|line| line.starts_with("affected:") || line.starts_with("withdrawn:"));
            (has_id && has_affected).then(|| Record::from_yaml(text))
        }
        "md" => from_rustsec(std::str::from_utf8(bytes).ok()?),
        _ => None,
    }
}

/// Whether JSON is an object with an id: a schema of records has the names of their fields, but is none.
fn has_id(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Identified {
        id: Option<String>,
    }
    let parsed = serde_json::from_slice::<Identified>(bytes);
    parsed.map_or_else(|error| !error.is_data(), |identified| identified.id.is_some())
}

/// Whether JSON has the names that every record of OSV has.
fn looks_like_record(bytes: &[u8]) -> bool {
    let has = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
    has(b"\"id\"") && has(b"\"modified\"") && (has(b"\"affected\"") || has(b"\"withdrawn\""))
}
