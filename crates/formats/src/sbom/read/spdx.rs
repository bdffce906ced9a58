//! What stands in SPDX 2.2 and 2.3: <https://spdx.github.io/spdx-spec/v2.3/>.

use bartizan_core::{ComponentKind, Scope, Tool};
use serde_json::Value;

use super::{
    draft::{Draft, Found},
    fields::{hash, items, text},
};
use crate::{
    Timestamp,
    sbom::{Dependency, Place},
};

const DOCUMENT_ID: &str = "SPDXRef-DOCUMENT";

/// A package, section 7.
pub(super) fn package(draft: &mut Draft, value: &Value) {
    let is_purl = |reference: &&Value| text(reference, "referenceType").is_some_and(|kind| kind.rsplit('/').next() == Some("purl"));
    let reference = items(value, "externalRefs").iter().find(is_purl);
    let purl = reference.and_then(|reference| text(reference, "referenceLocator")).and_then(|purl| draft.purl(purl));
    let hashes = items(value, "checksums").iter();
    let found = Found {
        id: text(value, "SPDXID"),
        purl,
        group: None,
        name: text(value, "name"),
        version: text(value, "versionInfo").filter(|version| is_said(version)),
        kind: text(value, "primaryPackagePurpose").and_then(kind),
        scope: None,
        licences: licence_of(value).map(ToOwned::to_owned).into_iter().collect(),
        hashes: hashes.filter_map(|wire| hash(text(wire, "algorithm"), text(wire, "checksumValue"))).collect(),
        places: text(value, "sourceInfo").map(places).unwrap_or_default(),
    };
    match found.into_component() {
        Some(component) => draft.components.push(component),
        None => draft.loss("a package has no name"),
    }
}

/// The licence that is declared; else the one that somebody concluded.
fn licence_of(package: &Value) -> Option<&str> {
    let said = |name| text(package, name).filter(|licence| is_said(licence));
    said("licenseDeclared").or_else(|| said("licenseConcluded"))
}

/// Section 3.2: `NOASSERTION` says that nobody says anything, `NONE` that there is nothing.
fn is_said(text: &str) -> bool {
    !matches!(text, "NOASSERTION" | "NONE")
}

/// What a component is, in the words of SPDX 2.3 and 3.
pub(super) fn kind(purpose: &str) -> Option<ComponentKind> {
    match purpose.to_ascii_lowercase().replace('_', "-").as_str() {
        "application" => Some(ComponentKind::Application),
        "container" => Some(ComponentKind::Container),
        "operating-system" | "operatingsystem" => Some(ComponentKind::OperatingSystem),
        "library" | "framework" => Some(ComponentKind::Library),
        _ => None,
    }
}

/// Places as [`super::super::spdx::source_info`] writes them.
pub(super) fn places(source_info: &str) -> Vec<Place> {
    let Some(list) = source_info.strip_prefix("named in ") else { return Vec::new() };
    let place = |text: &str| match text.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?))) {
        Some((path, line)) => Place { path: path.to_owned(), line: Some(line) },
        None => Place { path: text.to_owned(), line: None },
    };
    list.split(", ").map(place).collect()
}

/// A relationship, section 11.
pub(super) fn relationship(draft: &mut Draft, value: &Value) {
    let (Some(from), Some(to)) = (text(value, "spdxElementId"), text(value, "relatedSpdxElement")) else {
        return draft.remark("a relationship lacks an end");
    };
    let name = text(value, "relationshipType").unwrap_or_default().to_ascii_uppercase();
    let is_of_document = from == DOCUMENT_ID || to == DOCUMENT_ID;
    let (dependent, dependency, scope) = match name.as_str() {
        "DESCRIBES" => return draft.described.push(to.to_owned()),
        "DESCRIBED_BY" => return draft.described.push(from.to_owned()),
        _ if is_of_document || !is_said(from) || !is_said(to) => return,
        "DEPENDS_ON" | "CONTAINS" | "STATIC_LINK" | "DYNAMIC_LINK" => (from, to, None),
        "DEPENDENCY_OF" | "CONTAINED_BY" => (to, from, None),
        "RUNTIME_DEPENDENCY_OF" | "PROVIDED_DEPENDENCY_OF" => (to, from, Some(Scope::Runtime)),
        "OPTIONAL_DEPENDENCY_OF" => (to, from, Some(Scope::Optional)),
        "BUILD_DEPENDENCY_OF" | "BUILD_TOOL_OF" => (to, from, Some(Scope::Build)),
        "TEST_DEPENDENCY_OF" | "TEST_TOOL_OF" => (to, from, Some(Scope::Test)),
        "DEV_DEPENDENCY_OF" | "DEV_TOOL_OF" => (to, from, Some(Scope::Development)),
        _ => return,
    };
    draft.edges.push(Dependency { dependent: dependent.to_owned(), dependency: dependency.to_owned(), scope });
}

/// A licence that is not in the list, section 10.
pub(super) fn licence(draft: &mut Draft, value: &Value) {
    // A name says which licence it is; the text may be pages long.
    let text_of = text(value, "name").filter(|name| is_said(name)).or_else(|| text(value, "extractedText"));
    if let (Some(id), Some(text)) = (text(value, "licenseId"), text_of) {
        draft.licences.texts.insert(id.to_owned(), text.to_owned());
    }
}

/// A remark, section 12.
pub(super) fn annotation(draft: &mut Draft, value: &Value) {
    if let Some((name, text)) = text(value, "comment").and_then(|comment| comment.split_once(": ")) {
        draft.gap(name, text);
    }
}

/// Who made the document and when, section 6.
pub(super) fn creation(draft: &mut Draft, value: &Value) {
    draft.timestamp = text(value, "created").and_then(Timestamp::parse);
    let tools = items(value, "creators").iter().filter_map(|creator| creator.as_str()?.strip_prefix("Tool:"));
    draft.tools.extend(tools.map(tool));
}

/// `name-version`, where that is what it looks like.
fn tool(text: &str) -> Tool {
    let text = text.trim();
    let is_version = |version: &str| version.starts_with(|first: char| first == 'v' || first.is_ascii_digit());
    let (name, version) = text.rsplit_once('-').filter(|(_, version)| is_version(version)).unwrap_or((text, ""));
    Tool { name: name.to_owned(), version: version.to_owned() }
}

/// `documentDescribes`, of SPDX 2.2.
pub(super) fn described(draft: &mut Draft, value: &Value) {
    draft.described.extend(value.as_str().map(ToOwned::to_owned));
}
