//! A statement about what a bill is of, as in-toto writes it:
//! <https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md>. It is signed elsewhere.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::Serialize;

use super::{Bom, Format, cyclonedx, spdx, spdx3};

/// What a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// How its digest is made, in the words of in-toto: `sha256`, `gitCommit`.
    pub algorithm: String,
    /// Its digest, in lower-case hexadecimal.
    pub digest: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Statement<'b, P> {
    #[serde(rename = "_type")]
    statement_type: &'static str,
    subject: Vec<WireSubject<'b>>,
    predicate_type: &'static str,
    predicate: P,
}

#[derive(Debug, Serialize)]
struct WireSubject<'b> {
    name: &'b str,
    digest: BTreeMap<&'b str, &'b str>,
}

/// Writes a bill within a statement about its subjects, and flushes.
///
/// # Errors
/// Those of `out`; [`io::ErrorKind::Unsupported`] if the format is not JSON.
pub fn attest(bom: &Bom, format: Format, subjects: &[Subject], out: &mut dyn Write) -> io::Result<()> {
    const CYCLONE_DX: &str = "https://cyclonedx.org/bom";
    const SPDX: &str = "https://spdx.dev/Document";
    match format {
        Format::CycloneDxJson(version) => write(subjects, CYCLONE_DX, cyclonedx::Document::new(bom, version), out),
        Format::SpdxJson => write(subjects, SPDX, spdx::Document::new(bom), out),
        Format::Spdx3Json => write(subjects, SPDX, spdx3::document(bom), out),
        Format::CycloneDxXml(_) => Err(io::Error::new(io::ErrorKind::Unsupported, "a statement holds JSON, and this format is XML")),
    }
}

fn write(subjects: &[Subject], predicate_type: &'static str, predicate: impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let subject = subjects.iter().map(WireSubject::new).collect();
    let statement = Statement { statement_type: "https://in-toto.io/Statement/v1", subject, predicate_type, predicate };
    let mut out = io::BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, &statement)?;
    out.write_all(b"\n")?;
    out.flush()
}

impl<'b> WireSubject<'b> {
    fn new(subject: &'b Subject) -> Self {
        Self { name: &subject.name, digest: BTreeMap::from([(subject.algorithm.as_str(), subject.digest.as_str())]) }
    }
}
