//! SPDX 3.0.1 as JSON-LD: <https://spdx.github.io/spdx-spec/v3.0.1/>, profiles Core, Software and SimpleLicensing.

mod wire;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use bartizan_core::{ComponentKind, HashAlgorithm, Scope};

use super::{Bom, Component, GapKind, licence, spdx};
use wire::{Document, Element, Entry, Hash, Kind};

const CREATION: &str = "_:creation";

/// Writes a bill.
pub(super) fn write(bom: &Bom, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(bom))?;
    out.write_all(b"\n")
}

/// A bill as a document.
pub(super) fn document(bom: &Bom) -> Document<'_> {
    let ids = Ids { namespace: spdx::namespace(bom) };
    let components: Vec<&Component> = bom.metadata.subject.iter().chain(&bom.components).collect();
    let packages = components.iter().map(|component| package(component, &ids));
    let mut elements: Vec<Element<'_>> = packages.collect();
    elements.extend(licences(&components, &ids));
    elements.extend(dependencies(bom, &components, &ids));
    elements.extend(bom.metadata.gaps.iter().enumerate().map(|(number, gap)| {
        let statement = format!("{}: {}", gap.kind.property(), gap.text);
        let kind = Kind::Annotation { annotation_type: "other", statement, subject: ids.of("bill") };
        Element::new(ids.of(&format!("gap-{number}")), kind)
    }));
    let (tool_name, tool_version) = bom.metadata.tools.first().map_or(("bartizan", ""), |tool| (tool.name.as_str(), tool.version.as_str()));
    let agent = Element::new(ids.of("agent"), Kind::SoftwareAgent { name: format!("{tool_name} {tool_version}").trim().to_owned() });
    let element_ids = elements.iter().map(|element| element.spdx_id.clone()).collect();
    let bill = Kind::Sbom {
        root_element: spdx::described(bom).into_iter().map(|id| ids.component(id)).collect(),
        element: element_ids,
        sbom_type: ["analyzed"],
    };
    let about = Kind::SpdxDocument {
        name: spdx::name_of(bom),
        root_element: [ids.of("bill")],
        profile_conformance: ["core", "software", "simpleLicensing"],
    };
    let creation = Kind::CreationInfo { id: CREATION, spec_version: "3.0.1", created: spdx::created(bom), created_by: [ids.of("agent")] };
    let head = [agent, Element::new(ids.of("document"), about), Element::new(ids.of("bill"), bill)];
    Document { context: "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", graph: wire::graph(creation, head.into_iter().chain(elements)) }
}

/// Identifiers of elements.
struct Ids {
    namespace: String,
}

impl Ids {
    fn of(&self, name: &str) -> String {
        format!("{}#{name}", self.namespace)
    }

    fn component(&self, id: &str) -> String {
        self.of(&spdx::element_id(id))
    }
}

fn package<'b>(component: &'b Component, ids: &Ids) -> Element<'b> {
    let hashes = component.hashes.iter();
    let kind = Kind::Package {
        name: spdx::full_name(component),
        version: component.version.as_deref(),
        purl: component.purl.as_deref(),
        source_info: spdx::source_info(component),
        purpose: purpose(component.kind),
        verified_using: hashes.map(|hash| Hash::new(algorithm(hash.algorithm), &hash.value)).collect(),
    };
    Element::new(ids.component(&component.id), kind)
}

/// What is known of an expression of licences.
#[derive(Debug, Default)]
struct Expression {
    /// The references in it.
    references: Vec<String>,
    /// Who declares it.
    declared_by: Vec<String>,
}

/// Each declared expression once, and who declares it.
fn licences<'b>(components: &[&Component], ids: &Ids) -> Vec<Element<'b>> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut expressions: BTreeMap<String, Expression> = BTreeMap::new();
    for component in components {
        let declared = licence::declare(&component.licences);
        let Some(expression) = declared.expression else { continue };
        texts.extend(declared.references.iter().cloned());
        let entry = expressions.entry(expression).or_default();
        entry.references = declared.references.into_iter().map(|(reference, _)| reference).collect();
        entry.declared_by.push(ids.component(&component.id));
    }
    let mut elements = Vec::new();
    for (reference, text) in texts {
        elements.push(Element::new(ids.of(&reference), Kind::LicenceText { name: reference, text }));
    }
    for (number, (text, expression)) in expressions.into_iter().enumerate() {
        let id = ids.of(&format!("licence-{number}"));
        let custom = expression.references.into_iter().map(|reference| Entry::new(ids.of(&reference), reference)).collect();
        elements.push(Element::new(id.clone(), Kind::LicenceExpression { expression: text, custom }));
        for (place, from) in expression.declared_by.into_iter().enumerate() {
            let kind = Kind::relationship(from, "hasDeclaredLicense", vec![id.clone()], None);
            elements.push(Element::new(ids.of(&format!("declared-{number}-{place}")), kind));
        }
    }
    elements
}

/// What each component depends on, one relationship a scope.
fn dependencies<'b>(bom: &Bom, components: &[&Component], ids: &Ids) -> Vec<Element<'b>> {
    let known: BTreeSet<&str> = components.iter().map(|component| component.id.as_str()).collect();
    let mut edges: BTreeMap<(&str, Option<Scope>), BTreeSet<&str>> = BTreeMap::new();
    for edge in &bom.dependencies {
        if known.contains(edge.dependent.as_str()) && known.contains(edge.dependency.as_str()) {
            edges.entry((&edge.dependent, edge.scope)).or_default().insert(&edge.dependency);
        }
    }
    let is_incomplete = bom.metadata.gaps.iter().any(|gap| gap.kind == GapKind::Unresolved);
    let mut elements = Vec::with_capacity(edges.len());
    for (number, ((dependent, scope), on)) in edges.into_iter().enumerate() {
        let to = on.into_iter().map(|id| ids.component(id)).collect();
        let (relationship_type, lifecycle) = match scope {
            None => ("dependsOn", None),
            Some(Scope::Optional) => ("hasOptionalDependency", None),
            Some(Scope::Runtime) => ("dependsOn", Some("runtime")),
            Some(Scope::Build) => ("dependsOn", Some("build")),
            Some(Scope::Test) => ("dependsOn", Some("test")),
            Some(Scope::Development) => ("dependsOn", Some("development")),
        };
        let kind = Kind::relationship(ids.component(dependent), relationship_type, to, lifecycle);
        let kind = if is_incomplete { kind.incomplete() } else { kind };
        elements.push(Element::new(ids.of(&format!("depends-{number}")), kind));
    }
    elements
}

const fn purpose(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::Application => "application",
        ComponentKind::Library | ComponentKind::OperatingSystem => "library",
        ComponentKind::Container | ComponentKind::Image => "container",
    }
}

const fn algorithm(algorithm: HashAlgorithm) -> &'static str {
    match algorithm {
        HashAlgorithm::Md5 => "md5",
        HashAlgorithm::Sha1 => "sha1",
        HashAlgorithm::Sha256 => "sha256",
        HashAlgorithm::Sha384 => "sha384",
        HashAlgorithm::Sha512 => "sha512",
    }
}
