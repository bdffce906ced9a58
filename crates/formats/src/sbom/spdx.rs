//! SPDX 2.3 as JSON: <https://spdx.github.io/spdx-spec/v2.3/>.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use bartizan_core::{ComponentKind, HashAlgorithm, IdentityKey, Scope};
use serde::Serialize;

use super::{Bom, Component, Dependency, identity, licence};
use crate::Timestamp;

/// A document, section 6.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'b> {
    spdx_version: &'static str,
    data_license: &'static str,
    #[serde(rename = "SPDXID")]
    spdx_id: &'static str,
    name: &'b str,
    document_namespace: String,
    creation_info: CreationInfo,
    packages: Vec<Package<'b>>,
    relationships: Vec<Relationship>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    has_extracted_licensing_infos: Vec<ExtractedLicence>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<Annotation>,
}

#[derive(Debug, Serialize)]
struct CreationInfo {
    created: String,
    creators: Vec<String>,
}

/// A package, section 7.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Package<'b> {
    #[serde(rename = "SPDXID")]
    spdx_id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_info: Option<&'b str>,
    download_location: &'static str,
    files_analyzed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checksums: Vec<Checksum<'b>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_info: Option<String>,
    license_concluded: &'static str,
    license_declared: String,
    copyright_text: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external_refs: Vec<ExternalReference<'b>>,
    primary_package_purpose: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Checksum<'b> {
    algorithm: &'static str,
    checksum_value: &'b str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExternalReference<'b> {
    reference_category: &'static str,
    reference_type: &'static str,
    reference_locator: &'b str,
}

/// A relationship, section 11.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
struct Relationship {
    spdx_element_id: String,
    relationship_type: &'static str,
    related_spdx_element: String,
}

/// A licence that is not in the list, section 10.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExtractedLicence {
    license_id: String,
    extracted_text: String,
    name: String,
}

/// A remark, section 12.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Annotation {
    annotation_date: String,
    annotation_type: &'static str,
    annotator: String,
    comment: String,
}

const DOCUMENT_ID: &str = "SPDXRef-DOCUMENT";
/// Section 3.2: nobody tried to find out.
const NO_ASSERTION: &str = "NOASSERTION";

/// Writes a bill.
pub(super) fn write(bom: &Bom, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::new(bom))?;
    out.write_all(b"\n")
}

impl<'b> Document<'b> {
    pub(super) fn new(bom: &'b Bom) -> Self {
        let created = created(bom);
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let components = bom.metadata.subject.iter().chain(&bom.components);
        let packages: Vec<Package<'_>> = components.map(|component| Package::new(component, &mut texts)).collect();
        let annotations = bom.metadata.gaps.iter().map(|gap| Annotation {
            annotation_date: created.clone(),
            annotation_type: "OTHER",
            annotator: tool(bom),
            comment: format!("{}: {}", gap.kind.property(), gap.text),
        });
        Self {
            spdx_version: "SPDX-2.3",
            data_license: "CC0-1.0",
            spdx_id: DOCUMENT_ID,
            name: name_of(bom),
            document_namespace: namespace(bom),
            creation_info: CreationInfo { created: created.clone(), creators: vec![tool(bom)] },
            packages,
            relationships: relationships(bom),
            has_extracted_licensing_infos: texts
                .into_iter()
                .map(|(license_id, text)| ExtractedLicence { name: text.clone(), license_id, extracted_text: text })
                .collect(),
            annotations: annotations.collect(),
        }
    }
}

/// A document has a time. Where nobody gives one, it is the first that there is, so that the same input gives the same bytes.
pub(super) fn created(bom: &Bom) -> String {
    bom.metadata.timestamp.unwrap_or(Timestamp::MIN).to_string()
}

/// The name of a document.
pub(super) fn name_of(bom: &Bom) -> &str {
    bom.metadata.subject.as_ref().map_or("bill", |subject| &subject.name)
}

/// What identifiers of a document start with: no two documents share it.
pub(super) fn namespace(bom: &Bom) -> String {
    format!("https://bartizan.dev/spdx/{}", identity::uuid(bom))
}

fn tool(bom: &Bom) -> String {
    let tool = bom.metadata.tools.first().filter(|tool| !tool.name.is_empty());
    tool.map_or_else(|| "Tool: bartizan".to_owned(), |tool| format!("Tool: {}-{}", tool.name, tool.version))
}

impl<'b> Package<'b> {
    fn new(component: &'b Component, texts: &mut BTreeMap<String, String>) -> Self {
        let declared = licence::declare(&component.licences);
        texts.extend(declared.references);
        let checksum = |hash: &'b bartizan_core::Hash| Checksum { algorithm: algorithm(hash.algorithm), checksum_value: &hash.value };
        let purl = component.purl.as_deref().map(|purl| ExternalReference {
            reference_category: "PACKAGE-MANAGER",
            reference_type: "purl",
            reference_locator: purl,
        });
        Self {
            spdx_id: element_id(&component.id),
            name: full_name(component),
            version_info: component.version.as_deref(),
            download_location: NO_ASSERTION,
            files_analyzed: false,
            checksums: component.hashes.iter().map(checksum).collect(),
            source_info: source_info(component),
            license_concluded: NO_ASSERTION,
            license_declared: declared.expression.unwrap_or_else(|| NO_ASSERTION.to_owned()),
            copyright_text: NO_ASSERTION,
            external_refs: purl.into_iter().collect(),
            primary_package_purpose: purpose(component.kind),
        }
    }
}

/// SPDX has no groups: the whole name, as the ecosystem writes it.
pub(super) fn full_name(component: &Component) -> String {
    let is_maven = component.purl.as_deref().is_some_and(|purl| purl.starts_with("pkg:maven/"));
    match &component.group {
        Some(group) if is_maven => format!("{group}:{}", component.name),
        Some(group) => format!("{group}/{}", component.name),
        None => component.name.clone(),
    }
}

/// Where a component is named.
pub(super) fn source_info(component: &Component) -> Option<String> {
    let places = component.places.iter().map(|place| match place.line {
        Some(line) => format!("{}:{line}", place.path),
        None => place.path.clone(),
    });
    let places: Vec<String> = places.collect();
    if places.is_empty() { None } else { Some(format!("named in {}", places.join(", "))) }
}

/// An identifier of letters, digits, dots and hyphens.
pub(super) fn element_id(id: &str) -> String {
    const MAX_NAME_CHARACTERS: usize = 60;
    let bare = id.strip_prefix("pkg:").unwrap_or(id);
    let name = bare.chars().take(MAX_NAME_CHARACTERS).map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' });
    // The number tells ids apart that look alike.
    let number = IdentityKey::new([0; 32]).fingerprint(&[b"element", id.as_bytes()]).to_string();
    let number = number.chars().take(16);
    format!("SPDXRef-{}-{}", name.collect::<String>(), number.collect::<String>())
}

fn relationships(bom: &Bom) -> Vec<Relationship> {
    let components = bom.metadata.subject.iter().chain(&bom.components);
    let known: BTreeSet<&str> = components.map(|component| component.id.as_str()).collect();
    let is_known = |edge: &&Dependency| known.contains(edge.dependent.as_str()) && known.contains(edge.dependency.as_str());
    let mut relationships: Vec<Relationship> = bom.dependencies.iter().filter(is_known).map(Relationship::of).collect();
    relationships.sort();
    relationships.dedup();
    let described = described(bom).into_iter().map(|id| Relationship {
        spdx_element_id: DOCUMENT_ID.to_owned(),
        relationship_type: "DESCRIBES",
        related_spdx_element: element_id(id),
    });
    described.chain(relationships).collect()
}

/// What a document is about: its subject; without one, all that nothing depends on.
pub(super) fn described(bom: &Bom) -> Vec<&str> {
    if let Some(subject) = &bom.metadata.subject {
        return vec![&subject.id];
    }
    let wanted: BTreeSet<&str> = bom.dependencies.iter().map(|edge| edge.dependency.as_str()).collect();
    let ids = || bom.components.iter().map(|component| component.id.as_str());
    let free: Vec<&str> = ids().filter(|id| !wanted.contains(id)).collect();
    if free.is_empty() { ids().collect() } else { free }
}

impl Relationship {
    fn of(edge: &Dependency) -> Self {
        let (dependent, dependency) = (element_id(&edge.dependent), element_id(&edge.dependency));
        let (spdx_element_id, relationship_type, related_spdx_element) = match edge.scope {
            None | Some(Scope::Runtime) => (dependent, "DEPENDS_ON", dependency),
            Some(Scope::Optional) => (dependency, "OPTIONAL_DEPENDENCY_OF", dependent),
            Some(Scope::Build) => (dependency, "BUILD_DEPENDENCY_OF", dependent),
            Some(Scope::Test) => (dependency, "TEST_DEPENDENCY_OF", dependent),
            Some(Scope::Development) => (dependency, "DEV_DEPENDENCY_OF", dependent),
        };
        Self { spdx_element_id, relationship_type, related_spdx_element }
    }
}

const fn purpose(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::Application => "APPLICATION",
        ComponentKind::Library | ComponentKind::OperatingSystem => "LIBRARY",
        ComponentKind::Container | ComponentKind::Image => "CONTAINER",
    }
}

const fn algorithm(algorithm: HashAlgorithm) -> &'static str {
    match algorithm {
        HashAlgorithm::Md5 => "MD5",
        HashAlgorithm::Sha1 => "SHA1",
        HashAlgorithm::Sha256 => "SHA256",
        HashAlgorithm::Sha384 => "SHA384",
        HashAlgorithm::Sha512 => "SHA512",
    }
}
