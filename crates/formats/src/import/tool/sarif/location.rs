//! Places of results. SARIF 2.1.0, sections 3.28 to 3.30.

use super::{Node, Place, run::Run};
use crate::import::path;

/// How many bases may be relative to each other.
const MAX_BASES: usize = 16;

/// The places of one result, and the code at the first.
#[derive(Default)]
pub(super) struct Places {
    pub(super) place: Place,
    pub(super) also: Vec<Place>,
    pub(super) snippet: String,
}

impl Places {
    pub(super) fn of(result: &Node, run: &Run) -> Self {
        let locations = result.each("locations");
        let mut places = locations.iter().map(|location| place(location, run));
        let first = locations.first().copied().unwrap_or(&Node::Null);
        let snippet = first.first(&["physicalLocation.region.snippet.text", "physicalLocation.contextRegion.snippet.text"]);
        let target = || file(result.at("analysisTarget"), &Node::Null, run);
        Self { place: places.next().unwrap_or_default().or(target()), also: places.collect(), snippet: snippet.to_owned() }
    }
}

/// A location as a place.
pub(super) fn place(location: &Node, run: &Run) -> Place {
    let physical = location.at("physicalLocation");
    let file = file(physical.at("artifactLocation"), physical.at("region"), run);
    let logical = location.at("logicalLocations");
    file.or(Place::resource(logical.first(&["fullyQualifiedName", "name"]), logical.str("kind"), ""))
}

fn file(location: &Node, region: &Node, run: &Run) -> Place {
    let (uri, mut base) = run.uri(location);
    if uri.starts_with("http://") || uri.starts_with("https://") {
        return Place::url(uri);
    }
    // Relative to a root, whatever that is called on the machine that wrote the log.
    let root = run.roots().find(|root| root.len() < uri.len() && uri.starts_with(root));
    let mut path = path::decoded(root.and_then(|root| uri.strip_prefix(root)).unwrap_or(uri));
    for _ in 0..MAX_BASES {
        let (uri, next) = run.base(base);
        if base.is_empty() || uri.contains("://") || uri.starts_with('/') || path.contains("://") || path.starts_with('/') {
            break;
        }
        path.insert_str(0, &path::decoded(uri));
        base = next;
    }
    Place::file(&path, region.line("startLine")).to(region.line("startColumn"), region.line("endLine"), region.line("endColumn"))
}
