//! Descriptions of HTTP APIs: OpenAPI 2 (Swagger), 3.0 and 3.1. What they say about who may call what.
//!
//! <https://spec.openapis.org/oas/v3.1.0>, <https://spec.openapis.org/oas/v2.0>.

mod api;
mod check;

use crate::{
    Format, Graph, Resource, ResourceId, ResourceKind, ScopeId,
    data::DataKind,
    format::{Document, FormatReader},
    project::Project,
};

pub(crate) use check::CHECKS;

/// The type of the resource that a description is.
const API: &str = "openapi";

/// Documents are recognized by the reader of data; this one makes resources of them.
pub(crate) const READER: FormatReader = FormatReader { name: "openapi", example: "openapi.yaml", files: None, assemble: Some(assemble) };

fn assemble(project: &Project<'_>, graph: &mut Graph) {
    for (number, file) in project.numbered() {
        let path = file.path.as_str().unwrap_or_default();
        for document in &file.documents {
            let Document::Data(DataKind::OpenApi, value) = document else { continue };
            let body = value.in_file(number);
            let header = ["openapi", "swagger"].iter().find_map(|key| body.member(key)).map_or(body.place, |member| member.name);
            graph.add(Resource {
                id: ResourceId(0),
                format: Format::OpenApi,
                kind: ResourceKind::Managed,
                native_type: API.into(),
                canonical_type: API.into(),
                name: path.into(),
                address: path.into(),
                block_address: path.into(),
                scope: ScopeId(graph.next_id().0),
                header,
                block: body.place,
                body,
                calls: Vec::new(),
            });
        }
    }
}

#[cfg(test)]
mod tests;
