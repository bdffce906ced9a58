//! The parts of GitLab's report that are written, under its names.

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    pub(super) schema: &'static str,
    pub(super) version: &'static str,
    pub(super) scan: Scan,
    pub(super) vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Serialize)]
pub(super) struct Scan {
    pub(super) analyzer: Tool,
    pub(super) scanner: Tool,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) start_time: String,
    pub(super) end_time: String,
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) messages: Vec<Message>,
}

#[derive(Serialize, Clone)]
pub(super) struct Tool {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) version: String,
    pub(super) vendor: Vendor,
}

#[derive(Serialize, Clone, Copy)]
pub(super) struct Vendor {
    pub(super) name: &'static str,
}

#[derive(Serialize)]
pub(super) struct Message {
    pub(super) level: &'static str,
    pub(super) value: String,
}

#[derive(Serialize)]
pub(super) struct Vulnerability<'a> {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) severity: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) solution: String,
    pub(super) identifiers: Vec<Identifier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) links: Vec<Link<'a>>,
    pub(super) details: BTreeMap<&'static str, Named>,
    pub(super) location: Location<'a>,
}

#[derive(Serialize)]
pub(super) struct Identifier {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Link<'a> {
    pub(super) url: &'a str,
}

#[derive(Serialize)]
pub(super) struct Location<'a> {
    pub(super) file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) commit: Option<Commit<'a>>,
}

#[derive(Serialize)]
pub(super) struct Commit<'a> {
    pub(super) sha: &'a str,
}

/// A detail with its name.
#[derive(Serialize)]
pub(super) struct Named {
    pub(super) name: &'static str,
    #[serde(flatten)]
    pub(super) detail: Detail,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Detail {
    Text { value: String },
    Code { value: String },
    List { items: Vec<Self> },
    FileLocation(FileLocation),
    CodeFlows { items: [Vec<FlowNode>; 1] },
}

#[derive(Serialize)]
pub(super) struct FileLocation {
    pub(super) file_name: String,
    pub(super) line_start: u32,
    pub(super) line_end: u32,
}

#[derive(Serialize)]
pub(super) struct FlowNode {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) node_type: &'static str,
    /// Always a `FileLocation`, with its `type`.
    pub(super) file_location: Detail,
}
