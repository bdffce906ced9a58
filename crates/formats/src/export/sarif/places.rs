//! Locations, and the list of the files that they are in.

use std::collections::BTreeMap;

use bartizan_core::{ArtifactPath, Excerpt, Report};

use super::{
    log::{Artifact, ArtifactLocation, Location, PhysicalLocation, Region},
    message,
};

/// The files that a report names, in order of path.
pub(super) struct Artifacts<'a> {
    indices: BTreeMap<&'a ArtifactPath, usize>,
}

impl<'a> Artifacts<'a> {
    /// Collects the files that a report names.
    pub(super) fn of(report: &'a Report) -> Self {
        let mut indices = BTreeMap::new();
        let mut add = |path: &'a ArtifactPath| {
            indices.insert(path, 0);
        };
        for finding in &report.findings {
            add(&finding.location.artifact);
            finding.occurrences.iter().for_each(|place| add(&place.artifact));
            finding.related.iter().for_each(|related| add(&related.location.artifact));
            finding.flow.iter().for_each(|step| add(&step.location.artifact));
            finding.fixes.iter().flat_map(|fix| &fix.edits).for_each(|edit| add(&edit.artifact));
            let mark = finding.suppression.as_ref().and_then(|suppression| suppression.location.as_ref());
            mark.into_iter().for_each(|place| add(&place.artifact));
        }
        report.diagnostics.iter().filter_map(|diagnostic| diagnostic.location.as_ref()).for_each(|place| add(&place.artifact));
        for (rank, index) in indices.values_mut().enumerate() {
            *index = rank;
        }
        Self { indices }
    }

    /// The list itself.
    pub(super) fn list(&self) -> Vec<Artifact> {
        self.indices.keys().map(|path| Artifact { location: self.artifact_location(path) }).collect()
    }

    /// A file.
    pub(super) fn artifact_location(&self, path: &ArtifactPath) -> ArtifactLocation {
        ArtifactLocation {
            uri: Some(path.to_uri()),
            uri_base_id: Some("%SRCROOT%"),
            index: self.indices.get(path).copied(),
            description: None,
        }
    }

    /// A place.
    pub(super) fn location(&self, place: &bartizan_core::Location) -> Location {
        Location {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: self.artifact_location(&place.artifact),
                region: place.region().map(region),
                context_region: None,
            },
            message: None,
        }
    }

    /// The place of a result, with the lines around it.
    ///
    /// Code hosts refuse a result without a line, so that a file as a whole is written as its first line.
    pub(super) fn primary_location(&self, place: &bartizan_core::Location, excerpt: Option<&Excerpt>) -> Location {
        let mut location = self.location(place);
        let physical = &mut location.physical_location;
        match place.region() {
            Some(region) => physical.context_region = excerpt.and_then(|excerpt| context_region(region, excerpt)),
            None => physical.region = Some(Region { start_line: 1, ..Region::default() }),
        }
        location
    }

    /// A place with a remark.
    pub(super) fn remark(&self, place: &bartizan_core::Location, message: &str) -> Location {
        Location { message: (!message.is_empty()).then(|| message::plain(message)), ..self.location(place) }
    }
}

/// Lines and columns.
pub(super) fn region(region: bartizan_core::Region) -> Region {
    Region {
        start_line: region.start.line,
        start_column: Some(region.start.column),
        end_line: Some(region.end.line),
        end_column: Some(region.end.column),
        snippet: None,
    }
}

/// The lines of an excerpt, if they contain the region as SARIF 2.1.0, section 3.29.5, asks for.
fn context_region(region: bartizan_core::Region, excerpt: &Excerpt) -> Option<Region> {
    let (first, last) = (excerpt.lines.first()?, excerpt.lines.last()?);
    // A region that ends before the first character of a line holds nothing of that line.
    let last_line_of_region = if region.end.column == 1 { region.end.line.saturating_sub(1) } else { region.end.line };
    if region.start.line < first.number || last.number < last_line_of_region {
        return None;
    }
    let lines: Vec<&str> = excerpt.lines.iter().map(|line| line.text.as_str()).collect();
    Some(Region {
        start_line: first.number,
        end_line: Some(last.number.max(region.end.line)),
        snippet: Some(super::log::Message { text: crate::visible(&lines.join("\n")).into_owned() }),
        ..Region::default()
    })
}
