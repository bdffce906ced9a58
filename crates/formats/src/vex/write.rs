//! Documents to bytes. The same statements give the same bytes, and the same id.

mod cyclonedx;
mod openvex;

use std::io::{self, Write};

use bartizan_core::{IdentityKey, Tool};
use serde_json::Value;

use super::{Document, Format};
use crate::Timestamp;

/// Writes a document, with a line feed at its end. `id` and `timestamp` are made where the document has none: the id of what is
/// said, the time as OpenVEX wants one.
///
/// # Errors
/// Those of `out`.
pub fn write(document: &Document, format: Format, tool: &Tool, now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    let value = match format {
        Format::OpenVex => openvex::value(document, tool, document.timestamp.unwrap_or(now)),
        Format::CycloneDx => cyclonedx::value(document, tool, document.timestamp),
    };
    serde_json::to_writer_pretty(&mut *out, &value)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// A name of the document that follows from what it says.
fn id(document: &Document, statements: &Value) -> String {
    if !document.id.is_empty() {
        return document.id.clone();
    }
    // A document is no secret, so that a fixed key will do.
    let content = IdentityKey::new([0; 32]).fingerprint(&[b"vex", document.author.as_bytes(), statements.to_string().as_bytes()]);
    format!("urn:uuid:{}", crate::identifier::uuid(content))
}
