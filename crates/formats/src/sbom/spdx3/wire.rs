//! How elements of SPDX 3 look in JSON-LD, with the names of its context.

use serde::Serialize;

/// A document: a graph of elements that name each other.
#[derive(Debug, Serialize)]
pub(crate) struct Document<'b> {
    #[serde(rename = "@context")]
    pub(super) context: &'static str,
    #[serde(rename = "@graph")]
    pub(super) graph: Vec<Node<'b>>,
}

/// What stands in a graph.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Node<'b> {
    Creation(Kind<'b>),
    Element(Element<'b>),
}

/// Something with an identifier, of which is known who made it and when.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Element<'b> {
    pub(super) spdx_id: String,
    creation_info: &'static str,
    #[serde(flatten)]
    kind: Kind<'b>,
}

/// The classes of elements.
#[derive(Debug, Serialize)]
#[serde(tag = "type")]
pub(crate) enum Kind<'b> {
    #[serde(rename_all = "camelCase")]
    CreationInfo {
        #[serde(rename = "@id")]
        id: &'static str,
        spec_version: &'static str,
        created: String,
        created_by: [String; 1],
    },
    SoftwareAgent {
        name: String,
    },
    #[serde(rename_all = "camelCase")]
    SpdxDocument {
        name: &'b str,
        root_element: [String; 1],
        profile_conformance: [&'static str; 3],
    },
    #[serde(rename = "software_Sbom", rename_all = "camelCase")]
    Sbom {
        root_element: Vec<String>,
        element: Vec<String>,
        #[serde(rename = "software_sbomType")]
        sbom_type: [&'static str; 1],
    },
    #[serde(rename = "software_Package", rename_all = "camelCase")]
    Package {
        name: String,
        #[serde(rename = "software_packageVersion", skip_serializing_if = "Option::is_none")]
        version: Option<&'b str>,
        #[serde(rename = "software_packageUrl", skip_serializing_if = "Option::is_none")]
        purl: Option<&'b str>,
        #[serde(rename = "software_sourceInfo", skip_serializing_if = "Option::is_none")]
        source_info: Option<String>,
        #[serde(rename = "software_primaryPurpose")]
        purpose: &'static str,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        verified_using: Vec<Hash<'b>>,
    },
    #[serde(rename = "simplelicensing_SimpleLicensingText")]
    LicenceText {
        name: String,
        #[serde(rename = "simplelicensing_licenseText")]
        text: String,
    },
    #[serde(rename = "simplelicensing_LicenseExpression")]
    LicenceExpression {
        #[serde(rename = "simplelicensing_licenseExpression")]
        expression: String,
        #[serde(rename = "simplelicensing_customIdToUri", skip_serializing_if = "Vec::is_empty")]
        custom: Vec<Entry>,
    },
    Relationship(Relation),
    LifecycleScopedRelationship(Relation),
    #[serde(rename_all = "camelCase")]
    Annotation {
        annotation_type: &'static str,
        statement: String,
        subject: String,
    },
}

/// From one element to others.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Relation {
    from: String,
    relationship_type: &'static str,
    to: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    completeness: Option<&'static str>,
}

/// What content is known by.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Hash<'b> {
    r#type: &'static str,
    algorithm: &'static str,
    hash_value: &'b str,
}

/// A word and what it stands for.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    r#type: &'static str,
    key: String,
    value: String,
}

/// A graph that starts with who made it and when.
pub(super) fn graph<'b>(creation: Kind<'b>, elements: impl Iterator<Item = Element<'b>>) -> Vec<Node<'b>> {
    std::iter::once(Node::Creation(creation)).chain(elements.map(Node::Element)).collect()
}

impl<'b> Element<'b> {
    pub(super) fn new(spdx_id: String, kind: Kind<'b>) -> Self {
        Self { spdx_id, creation_info: super::CREATION, kind }
    }
}

impl Kind<'_> {
    pub(super) fn relationship(from: String, relationship_type: &'static str, to: Vec<String>, scope: Option<&'static str>) -> Self {
        let relation = Relation { from, relationship_type, to, scope, completeness: None };
        if scope.is_some() { Self::LifecycleScopedRelationship(relation) } else { Self::Relationship(relation) }
    }

    /// The same, of which is known that something is missing.
    pub(super) fn incomplete(mut self) -> Self {
        if let Self::Relationship(relation) | Self::LifecycleScopedRelationship(relation) = &mut self {
            relation.completeness = Some("incomplete");
        }
        self
    }
}

impl<'b> Hash<'b> {
    pub(super) fn new(algorithm: &'static str, hash_value: &'b str) -> Self {
        Self { r#type: "Hash", algorithm, hash_value }
    }
}

impl Entry {
    pub(super) fn new(value: String, key: String) -> Self {
        Self { r#type: "DictionaryEntry", key, value }
    }
}
