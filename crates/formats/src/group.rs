//! Findings in the order in which people work on them: by severity, then by file.

use bartizan_core::{ArtifactPath, Finding, Report, Severity};

/// The open findings of one severity.
#[derive(Debug, Clone, PartialEq)]
pub struct SeverityGroup<'a> {
    /// How bad they are.
    pub severity: Severity,
    /// The files that hold them, in order of path.
    pub files: Vec<FileGroup<'a>>,
}

/// The open findings of one severity in one file.
#[derive(Debug, Clone, PartialEq)]
pub struct FileGroup<'a> {
    /// The file of each finding's first place.
    pub artifact: &'a ArtifactPath,
    /// The findings, in order of place.
    pub findings: Vec<&'a Finding>,
}

impl SeverityGroup<'_> {
    /// The number of findings.
    #[must_use]
    pub fn n_findings(&self) -> usize {
        self.files.iter().map(|file| file.findings.len()).sum()
    }
}

/// Groups the open findings of a report, the worst first; severities without findings are left out.
#[must_use]
pub fn by_severity_and_file(report: &Report) -> Vec<SeverityGroup<'_>> {
    let mut findings: Vec<&Finding> = report.open_findings().collect();
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), &finding.location, &finding.rule));
    let mut groups: Vec<SeverityGroup<'_>> = Vec::new();
    for same_severity in findings.chunk_by(|one, other| one.severity == other.severity) {
        let files = same_severity.chunk_by(|one, other| one.location.artifact == other.location.artifact);
        let files = files.filter_map(|same_file| {
            let first = same_file.first()?;
            Some(FileGroup { artifact: &first.location.artifact, findings: same_file.to_vec() })
        });
        if let Some(first) = same_severity.first() {
            groups.push(SeverityGroup { severity: first.severity, files: files.collect() });
        }
    }
    groups
}
