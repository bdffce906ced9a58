//! CycloneDX as JSON: ECMA-424, and <https://cyclonedx.org/docs/1.6/json/>.
//!
//! What stands in a document of version 1.6 means the same in 1.7.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use bartizan_core::{ComponentKind, HashAlgorithm, Scope};
use serde::Serialize;

use super::{Bom, Component, CycloneDxVersion, GapKind, Place, identity, licence};

/// A document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'b> {
    #[serde(rename = "$schema")]
    schema: String,
    bom_format: &'static str,
    spec_version: &'static str,
    serial_number: String,
    version: u32,
    metadata: Metadata<'b>,
    components: Vec<WireComponent<'b>>,
    dependencies: Vec<WireDependency<'b>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    compositions: Vec<Composition<'b>>,
}

#[derive(Debug, Serialize)]
struct Metadata<'b> {
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<Tools<'b>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<WireComponent<'b>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property<'b>>,
}

#[derive(Debug, Serialize)]
struct Tools<'b> {
    components: Vec<WireTool<'b>>,
}

#[derive(Debug, Serialize)]
struct WireTool<'b> {
    r#type: &'static str,
    name: &'b str,
    #[serde(skip_serializing_if = "str::is_empty")]
    version: &'b str,
}

#[derive(Debug, Serialize)]
struct WireComponent<'b> {
    r#type: &'static str,
    #[serde(rename = "bom-ref")]
    bom_ref: &'b str,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'b str>,
    name: &'b str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'b str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<WireHash<'b>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    licenses: Vec<LicenceChoice<'b>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<&'b str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence<'b>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property<'b>>,
}

#[derive(Debug, Serialize)]
struct WireHash<'b> {
    alg: &'static str,
    content: &'b str,
}

/// One expression, or any number of licences.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum LicenceChoice<'b> {
    Expression { expression: &'b str },
    Licence { license: NamedLicence<'b> },
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum NamedLicence<'b> {
    /// One of SPDX's list.
    Id(&'b str),
    /// Any other.
    Name(&'b str),
}

#[derive(Debug, Serialize)]
struct Evidence<'b> {
    occurrences: Vec<Occurrence<'b>>,
}

#[derive(Debug, Serialize)]
struct Occurrence<'b> {
    location: &'b str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

#[derive(Debug, Serialize)]
struct Property<'b> {
    name: &'static str,
    value: &'b str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct WireDependency<'b> {
    r#ref: &'b str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<&'b str>,
}

#[derive(Debug, Serialize)]
struct Composition<'b> {
    aggregate: &'static str,
    assemblies: Vec<&'b str>,
    dependencies: Vec<&'b str>,
}

/// Writes a bill.
pub(super) fn write(bom: &Bom, version: CycloneDxVersion, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::new(bom, version))?;
    out.write_all(b"\n")
}

impl<'b> Document<'b> {
    pub(super) fn new(bom: &'b Bom, version: CycloneDxVersion) -> Self {
        let subject = bom.metadata.subject.as_ref();
        let tools: Vec<_> = bom
            .metadata
            .tools
            .iter()
            .filter(|tool| !tool.name.is_empty())
            .map(|tool| WireTool { r#type: "application", name: &tool.name, version: &tool.version })
            .collect();
        let gaps = bom.metadata.gaps.iter().map(|gap| Property { name: gap.kind.property(), value: &gap.text });
        Self {
            schema: format!("http://cyclonedx.org/schema/bom-{}.schema.json", version.as_str()),
            bom_format: "CycloneDX",
            spec_version: version.as_str(),
            serial_number: format!("urn:uuid:{}", identity::uuid(bom)),
            version: 1,
            metadata: Metadata {
                timestamp: bom.metadata.timestamp.map(|timestamp| timestamp.to_string()),
                tools: Some(Tools { components: tools }).filter(|tools| !tools.components.is_empty()),
                component: subject.map(WireComponent::new),
                properties: gaps.collect(),
            },
            components: bom.components.iter().map(WireComponent::new).collect(),
            dependencies: dependencies(bom).into_iter().map(|(r#ref, depends_on)| WireDependency { r#ref, depends_on }).collect(),
            compositions: composition(bom).into_iter().collect(),
        }
    }
}

/// What each component depends on. One that depends on nothing is there, too: so it differs from one that nobody looked at.
pub(super) fn dependencies(bom: &Bom) -> BTreeMap<&str, Vec<&str>> {
    let components = bom.metadata.subject.iter().chain(&bom.components);
    let mut dependencies: BTreeMap<&str, Vec<&str>> = components.map(|component| (component.id.as_str(), Vec::new())).collect();
    for edge in &bom.dependencies {
        if dependencies.contains_key(edge.dependency.as_str())
            && let Some(on) = dependencies.get_mut(edge.dependent.as_str())
        {
            on.push(&edge.dependency);
        }
    }
    for on in dependencies.values_mut() {
        on.sort_unstable();
        on.dedup();
    }
    dependencies
}

/// Says that something is missing. That nothing is missing is more than a scan can know, and not said.
fn composition(bom: &Bom) -> Option<Composition<'_>> {
    let subject = bom.metadata.subject.as_ref().filter(|_| is_incomplete(bom))?;
    Some(Composition { aggregate: "incomplete", assemblies: vec![&subject.id], dependencies: vec![&subject.id] })
}

/// Whether something is known to be missing.
pub(super) fn is_incomplete(bom: &Bom) -> bool {
    bom.metadata.gaps.iter().any(|gap| match gap.kind {
        GapKind::Unparsed | GapKind::Unresolved => true,
    })
}

impl<'b> WireComponent<'b> {
    fn new(component: &'b Component) -> Self {
        let occurrence = |place: &'b Place| Occurrence { location: &place.path, line: place.line };
        let occurrences: Vec<_> = component.places.iter().map(occurrence).collect();
        let hashes = component.hashes.iter();
        let scope = component.scope.filter(|_| !component.kind.is_root());
        Self {
            r#type: type_of(component.kind),
            bom_ref: &component.id,
            group: component.group.as_deref(),
            name: &component.name,
            version: component.version.as_deref(),
            scope: scope.map(scope_name),
            hashes: hashes.map(|hash| WireHash { alg: algorithm(hash.algorithm), content: &hash.value }).collect(),
            licenses: licences(&component.licences),
            purl: component.purl.as_deref(),
            evidence: Some(Evidence { occurrences }).filter(|evidence| !evidence.occurrences.is_empty()),
            properties: properties(component).map(|(name, value)| Property { name, value }).collect(),
        }
    }
}

impl<'b> NamedLicence<'b> {
    fn of(text: &'b str) -> Self {
        licence::known(text).map_or(Self::Name(text), Self::Id)
    }
}

fn licences(declared: &[String]) -> Vec<LicenceChoice<'_>> {
    match declared {
        [one] if licence::known(one).is_none() && licence::is_expression(one) => vec![LicenceChoice::Expression { expression: one }],
        several => several.iter().map(|text| LicenceChoice::Licence { license: NamedLicence::of(text) }).collect(),
    }
}

/// The property that says what CycloneDX has one word for.
pub(super) const SCOPE: &str = "bartizan:scope";

/// What CycloneDX has no words for: the exact scope, and the layer of an image that brought the component.
pub(super) fn properties(component: &Component) -> impl Iterator<Item = (&'static str, &str)> {
    let scope = component.scope.filter(|_| !component.kind.is_root()).and_then(exact_scope).map(|scope| (SCOPE, scope));
    let layer = component.layer.as_ref();
    let digest = layer.map(|layer| ("bartizan:layer", layer.digest.as_str()));
    let command = layer.map(|layer| ("bartizan:layer:created-by", layer.created_by.as_str())).filter(|(_, command)| !command.is_empty());
    [scope, digest, command].into_iter().flatten()
}

/// What kind of component, in the words of CycloneDX.
pub(super) const fn type_of(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::Application => "application",
        // A package of an operating system is a library; `operating-system` is the system itself.
        ComponentKind::Library | ComponentKind::OperatingSystem => "library",
        ComponentKind::Container | ComponentKind::Image => "container",
    }
}

/// What it is needed for, in the words of CycloneDX.
pub(super) const fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Runtime => "required",
        Scope::Optional => "optional",
        Scope::Build | Scope::Test | Scope::Development => "excluded",
    }
}

/// Which of the scopes that CycloneDX calls `excluded`.
pub(super) const fn exact_scope(scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::Runtime | Scope::Optional => None,
        Scope::Build => Some("build"),
        Scope::Test => Some("test"),
        Scope::Development => Some("development"),
    }
}

/// How a hash is made, in the words of CycloneDX.
pub(super) const fn algorithm(algorithm: HashAlgorithm) -> &'static str {
    match algorithm {
        HashAlgorithm::Md5 => "MD5",
        HashAlgorithm::Sha1 => "SHA-1",
        HashAlgorithm::Sha256 => "SHA-256",
        HashAlgorithm::Sha384 => "SHA-384",
        HashAlgorithm::Sha512 => "SHA-512",
    }
}
