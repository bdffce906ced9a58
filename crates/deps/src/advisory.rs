//! What is known of vulnerable and malicious packages: advisories, in an index that is opened without parsing.
//!
//! Records of OSV and RustSec are read ([`read_record`]), put into one immutable segment an ecosystem ([`SegmentBuilder`]) and asked
//! about packages ([`Segment`]). This module opens no files and asks no network: bytes come in, bytes go out.

mod alias;
mod build;
mod lookup;
mod packed;
mod rustsec;
mod segment;
mod store;
mod watch;

pub use self::{
    alias::{Group, collapse, preferred},
    build::{Built, SegmentBuilder, segment_name},
    packed::{pack, unpack},
    rustsec::from_rustsec,
    segment::{Advisory, BrokenSegment, Hit, Segment, Texts},
    store::{Load, LoadExploited, Store},
    watch::{Inventory, News, Seen, watch},
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
        "json" if is_other_document(bytes) => None,
        "json" => Some(Record::from_json(bytes)),
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

/// Whether this is good JSON without the id and the packages that every record has. A schema of records has their names, but no id.
fn is_other_document(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Identified {
        id: Option<serde::de::IgnoredAny>,
        affected: Option<serde::de::IgnoredAny>,
        withdrawn: Option<serde::de::IgnoredAny>,
    }
    match serde_json::from_slice::<Identified>(bytes) {
        Ok(Identified { id, affected, withdrawn }) => id.is_none() || affected.or(withdrawn).is_none(),
        // A list or a text is something else; what is cut off may have been a record.
        Err(error) => error.is_data(),
    }
}
