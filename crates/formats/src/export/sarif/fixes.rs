//! Fixes whose edits have lines and columns.
//!
//! An edit knows the bytes of the decoded text alone. SARIF's byte offsets are those of the file, byte order mark and encoding
//! included, so that writing ours there could change the wrong bytes of somebody's file. Where an edit begins and ends at a
//! place of the finding, its lines and columns are known.

use bartizan_core::{ByteRange, Edit, Finding, Location, Position, Region};

use super::{
    log::{ArtifactChange, Content, Fix, Replacement},
    message,
    places::{self, Artifacts},
};

/// The fixes of a finding, and the descriptions of those that can't be placed.
pub(super) fn of<'a>(finding: &'a Finding, artifacts: &Artifacts<'_>) -> (Vec<Fix<'a>>, Vec<&'a str>) {
    let (mut placed, mut unplaced) = (Vec::new(), Vec::new());
    for fix in &finding.fixes {
        let edits: Option<Vec<(&Edit, Region)>> = fix.edits.iter().map(|edit| Some((edit, region_of(edit, finding)?))).collect();
        match edits.filter(|edits| !edits.is_empty()) {
            Some(edits) => placed.push(Fix { description: message::plain(&fix.description), artifact_changes: changes(&edits, artifacts) }),
            None => unplaced.push(fix.description.as_str()),
        }
    }
    (placed, unplaced)
}

fn changes<'a>(edits: &[(&'a Edit, Region)], artifacts: &Artifacts<'_>) -> Vec<ArtifactChange<'a>> {
    let of_file = edits.chunk_by(|(one, _), (other, _)| one.artifact == other.artifact);
    of_file
        .filter_map(|edits| {
            let (first, _) = edits.first()?;
            let replacements = edits.iter().map(|(edit, region)| Replacement {
                deleted_region: places::region(*region),
                inserted_content: Content { text: &edit.replacement },
            });
            Some(ArtifactChange { artifact_location: artifacts.artifact_location(&first.artifact), replacements: replacements.collect() })
        })
        .collect()
}

/// Lines and columns of an edit, from the places of the finding.
fn region_of(edit: &Edit, finding: &Finding) -> Option<Region> {
    let related = finding.related.iter().map(|related| &related.location);
    let flow = finding.flow.iter().map(|step| &step.location);
    let places = std::iter::once(&finding.location).chain(&finding.occurrences).chain(related).chain(flow);
    let known: Vec<(ByteRange, Region)> =
        places.filter(|place| place.artifact == edit.artifact).filter_map(|place: &Location| place.place).collect();
    let position = |offset: usize| -> Option<Position> {
        known.iter().find_map(|(range, region)| {
            if range.start() == offset {
                Some(region.start)
            } else if range.end() == offset {
                Some(region.end)
            } else {
                None
            }
        })
    };
    Some(Region { start: position(edit.range.start())?, end: position(edit.range.end())? })
}
