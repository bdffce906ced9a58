//! Reports in the formats that others read, one module a format.
//!
//! Everything here turns a [`Report`](bartizan_core::Report) into bytes. It opens no file, asks no clock and prints nothing;
//! the same report gives the same bytes. What a format calls its parts is defined by wire types of its own, so that the
//! vocabulary of `bartizan-core` can change without changing a published format.
//!
//! What others say about flaws (VEX) is read, and written, by [`vex`].
//!
//! Beside them are notations that formats and engines share: package URLs ([`purl`]) and CVSS vectors ([`cvss`]).
//!
//! A secret's value is written by the formats that say so ([`Exporter::carries_values`]), and there only where the report
//! holds it because the caller asked for it.
//!
//! ```
//! use bartizan_core::Report;
//! let mut out = Vec::new();
//! let json = bartizan_formats::exporter("json").unwrap();
//! json.export(&Report::default(), &mut out)?;
//! assert!(String::from_utf8(out).unwrap().contains(bartizan_formats::JSON_SCHEMA_ID));
//! # Ok::<(), std::io::Error>(())
//! ```

mod context;
pub mod cvss;
mod document;
mod export;
mod group;
mod identifier;
pub mod import;
mod markdown;
mod markup;
mod place;
pub mod purl;
pub mod sbom;
mod summary;
pub mod vex;
mod visible;

pub use context::{Context, Occurrences, Timestamp};
pub use document::{JSON_SCHEMA_ID, JSONL_SCHEMA_ID, json_schema, jsonl_schema, write_components};
pub use export::{EXPORTERS, Exporter, FormatId, exporter};
pub use group::{FileGroup, SeverityGroup, by_severity_and_file};
pub use summary::{Counts, OwnerCounts, RuleCounts, Summary};
pub use visible::visible;
