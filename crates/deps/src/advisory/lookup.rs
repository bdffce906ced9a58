//! A record by any of its names, as it was before it was taken apart for matching.

use super::{Advisory, Segment, Texts};
use crate::osv::{AffectedPackage, Record};

impl Segment {
    /// The advisories that have this name, as their own or as an alias; in the order of their ids. Case does not count.
    #[must_use]
    pub fn named(&self, name: &str) -> Vec<Advisory<'_>> {
        let is_named = |advisory: &Advisory<'_>| advisory.names().any(|known| known.eq_ignore_ascii_case(name));
        self.advisories().filter(is_named).collect()
    }

    /// A record as it was read, but for what matching, severity and explanation don't need.
    #[must_use]
    pub fn record(&self, advisory: &Advisory<'_>, texts: Texts) -> Record {
        Record {
            id: advisory.id().to_owned(),
            aliases: advisory.names().skip(1).map(str::to_owned).collect(),
            is_withdrawn: false,
            modified: advisory.modified().to_owned(),
            informational: advisory.informational().to_owned(),
            summary: advisory.summary().to_owned(),
            details: texts.details,
            severities: advisory.severities().map(str::to_owned).collect(),
            cwe: advisory.cwe().to_vec(),
            references: texts.references,
            packages: self.packages_of(advisory.id()),
        }
    }

    /// What an advisory affects, in the order of the packages' names.
    fn packages_of(&self, id: &str) -> Vec<AffectedPackage> {
        let mut packages = Vec::new();
        self.each_row(&mut |name, row| {
            if self.advisory_of(row).is_some_and(|advisory| advisory.id() == id) {
                packages.push(super::segment::package(name, row));
            }
        });
        packages
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::SegmentBuilder;

    const RECORD: &str = r#"{"id": "PYSEC-1", "modified": "2024-01-01T00:00:00Z", "aliases": ["CVE-2024-1", "GHSA-a-b"], "summary": "s", "details": "long",
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}], "references": [{"type": "WEB", "url": "https://e.x"}],
        "affected": [{"package": {"ecosystem": "PyPI", "name": "some-name"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2"}]}]},
            {"package": {"ecosystem": "PyPI", "name": "other"}, "versions": ["1"]}]}"#;

    #[test]
    fn a_record_is_found_by_any_name_and_put_together_again() {
        let mut builder = SegmentBuilder::default();
        builder.add(Record::from_json(RECORD.as_bytes()).unwrap());
        let built = builder.build("PyPI");
        let segment = Segment::open(built.index).unwrap();
        for name in ["PYSEC-1", "CVE-2024-1", "ghsa-A-b"] {
            assert_eq!(segment.named(name).iter().map(Advisory::id).collect::<Vec<_>>(), ["PYSEC-1"], "{name}");
        }
        assert!(segment.named("CVE-2024-10").is_empty());
        let advisory = segment.named("PYSEC-1").remove(0);
        let mut read = |start: u64, len: u32| {
            let start = usize::try_from(start).ok()?;
            Some(built.texts.get(start..start + len as usize)?.to_vec())
        };
        let texts = segment.texts(&advisory, &mut read);
        let record = segment.record(&advisory, texts);
        let names: Vec<&str> = record.packages.iter().map(|package| package.name.as_str()).collect();
        assert_eq!((names, record.details.as_str(), record.severities.len()), (vec!["other", "some-name"], "long", 1));
        // What is written is read as the same record.
        let mut again = SegmentBuilder::default();
        again.add(Record::from_json(record.to_json().to_string().as_bytes()).unwrap());
        let original = Segment::open(builder.build("PyPI").index).unwrap();
        assert_eq!(
            Segment::open(again.build("PyPI").index).unwrap().matching(crate::osv::Ecosystem::new("PyPI"), "some_name", "1.1").len(),
            1
        );
        assert_eq!(original.n_packages(), 2);
    }
}
