//! SPDX 2 as lines of `Tag: value`: <https://spdx.github.io/spdx-spec/v2.3/conformance/>. Each package becomes the value that JSON has for it.

use std::io::{self, BufRead};

use serde_json::{Map, Value, json};

use super::{draft::Draft, spdx};

/// Reads a document.
pub(super) fn read(input: &mut dyn BufRead, draft: &mut Draft) -> io::Result<()> {
    let mut reader = Lines { draft, section: Section::Document, members: Map::new() };
    let mut line = Vec::new();
    // A value between `<text>` and `</text>` has several lines.
    let mut open: Option<(String, String)> = None;
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&line);
        if let Some((tag, mut value)) = open.take() {
            match text.split_once("</text>") {
                Some((rest, _)) => {
                    value.push_str(rest);
                    reader.tag(&tag, value.trim());
                }
                None => {
                    value.push_str(&text);
                    open = Some((tag, value));
                }
            }
            continue;
        }
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let Some((tag, value)) = text.split_once(':') else {
            if reader.draft.is_bill {
                reader.draft.remark(format!("a line has no tag: `{text}`"));
                continue;
            }
            // Whatever this is, it is no bill.
            return Ok(());
        };
        match value.trim().strip_prefix("<text>") {
            None => reader.tag(tag.trim(), value.trim()),
            Some(value) => match value.split_once("</text>") {
                Some((value, _)) => reader.tag(tag.trim(), value.trim()),
                None => open = Some((tag.trim().to_owned(), format!("{value}\n"))),
            },
        }
        if !reader.draft.is_bill {
            return Ok(());
        }
    }
    if let Some((tag, _)) = open {
        reader.draft.loss(format!("the text of `{tag}` has no end"));
    }
    reader.end();
    Ok(())
}

/// What the tags belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Document,
    Package,
    Licence,
    Other,
}

struct Lines<'d> {
    draft: &'d mut Draft,
    section: Section,
    members: Map<String, Value>,
}

impl Lines<'_> {
    fn tag(&mut self, tag: &str, value: &str) {
        match tag {
            "SPDXVersion" => self.draft.is_bill = true,
            "PackageName" => self.start(Section::Package, "name", value),
            "LicenseID" => self.start(Section::Licence, "licenseId", value),
            "FileName" => {
                self.end();
                self.section = Section::Other;
                self.draft.n_files += 1;
            }
            "SnippetSPDXID" => {
                self.end();
                self.section = Section::Other;
            }
            "Relationship" => self.relationship(value),
            "AnnotationComment" => spdx::annotation(self.draft, &json!({ "comment": value })),
            "Created" => spdx::creation(self.draft, &json!({ "created": value })),
            "Creator" => {
                let timestamp = self.draft.timestamp;
                spdx::creation(self.draft, &json!({ "creators": [value] }));
                self.draft.timestamp = timestamp;
            }
            _ => self.member(tag, value),
        }
    }

    fn start(&mut self, section: Section, name: &str, value: &str) {
        self.end();
        self.section = section;
        self.members.insert(name.to_owned(), value.into());
    }

    /// A tag of the package or licence that was started.
    fn member(&mut self, tag: &str, value: &str) {
        let name = match (self.section, tag) {
            (Section::Package, "SPDXID") => "SPDXID",
            (Section::Package, "PackageVersion") => "versionInfo",
            (Section::Package, "PackageLicenseDeclared") => "licenseDeclared",
            (Section::Package, "PackageLicenseConcluded") => "licenseConcluded",
            (Section::Package, "PackageSourceInfo") => "sourceInfo",
            (Section::Package, "PrimaryPackagePurpose") => "primaryPackagePurpose",
            (Section::Licence, "LicenseName") => "name",
            (Section::Licence, "ExtractedText") => "extractedText",
            (Section::Package, "ExternalRef") => return self.external_reference(value),
            (Section::Package, "PackageChecksum") => return self.checksum(value),
            (Section::Document | Section::Package | Section::Licence | Section::Other, _) => return,
        };
        self.members.insert(name.to_owned(), value.into());
    }

    fn external_reference(&mut self, value: &str) {
        let mut words = value.split_whitespace().skip(1);
        if let (Some(kind), Some(locator)) = (words.next(), words.next()) {
            self.push("externalRefs", json!({ "referenceType": kind, "referenceLocator": locator }));
        }
    }

    fn checksum(&mut self, value: &str) {
        if let Some((algorithm, value)) = value.split_once(':') {
            self.push("checksums", json!({ "algorithm": algorithm.trim(), "checksumValue": value.trim() }));
        }
    }

    fn push(&mut self, name: &str, item: Value) {
        if let Value::Array(items) = self.members.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
            items.push(item);
        }
    }

    fn relationship(&mut self, value: &str) {
        let words: Vec<&str> = value.split_whitespace().collect();
        match words.as_slice() {
            [from, kind, to, ..] => {
                let value = json!({ "spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to });
                spdx::relationship(self.draft, &value);
            }
            _ => self.draft.remark(format!("a relationship lacks an end: `{value}`")),
        }
    }

    /// Ends what was started.
    fn end(&mut self) {
        let value = Value::Object(std::mem::take(&mut self.members));
        match self.section {
            Section::Package => spdx::package(self.draft, &value),
            Section::Licence => spdx::licence(self.draft, &value),
            Section::Document | Section::Other => {}
        }
        self.section = Section::Document;
    }
}
