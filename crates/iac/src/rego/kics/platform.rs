//! What queries are about: each names one platform, which has a library and documents of its own.

use serde_json::{Map, Value as Json};

use super::document::{Document, Form};

/// What queries are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Platform(&'static Row);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Row {
    /// Its name in `metadata.json`, in small letters.
    name: &'static str,
    source: Source,
}

/// Where documents of a platform come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Source {
    Terraform,
    Dockerfile,
    /// YAML or JSON of some kind.
    Data(Kind),
    /// Whatever there is.
    All,
    /// Files that are not read.
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Ansible,
    Arm,
    CloudFormation,
    Compose,
    DeploymentManager,
    Manifest,
    OpenApi,
    Pulumi,
    Serverless,
    Workflow,
}

static ROWS: &[Row] = &[
    Row { name: "ansible", source: Source::Data(Kind::Ansible) },
    Row { name: "azureresourcemanager", source: Source::Data(Kind::Arm) },
    Row { name: "buildah", source: Source::None },
    Row { name: "cicd", source: Source::Data(Kind::Workflow) },
    Row { name: "cloudformation", source: Source::Data(Kind::CloudFormation) },
    Row { name: "common", source: Source::All },
    Row { name: "crossplane", source: Source::Data(Kind::Manifest) },
    Row { name: "dockercompose", source: Source::Data(Kind::Compose) },
    Row { name: "dockerfile", source: Source::Dockerfile },
    Row { name: "googledeploymentmanager", source: Source::Data(Kind::DeploymentManager) },
    Row { name: "grpc", source: Source::None },
    Row { name: "knative", source: Source::Data(Kind::Manifest) },
    Row { name: "kubernetes", source: Source::Data(Kind::Manifest) },
    Row { name: "openapi", source: Source::Data(Kind::OpenApi) },
    Row { name: "pulumi", source: Source::Data(Kind::Pulumi) },
    Row { name: "serverlessfw", source: Source::Data(Kind::Serverless) },
    Row { name: "terraform", source: Source::Terraform },
];

impl Platform {
    /// The platform that a query names.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let name = if name == "k8s" { "kubernetes" } else { &name };
        ROWS.iter().find(|row| row.name == name).map(Self)
    }

    /// Its name, in small letters.
    pub(super) fn name(self) -> &'static str {
        self.0.name
    }

    /// Whether documents of it are read at all.
    pub(super) fn is_read(self) -> bool {
        self.0.source != Source::None
    }

    /// Whether inventories and settings of Ansible are among its documents.
    pub(super) fn reads_settings(self) -> bool {
        self.0.source == Source::Data(Kind::Ansible)
    }

    pub(super) fn reads_terraform(self) -> bool {
        matches!(self.0.source, Source::Terraform | Source::All)
    }

    pub(super) fn reads_dockerfiles(self) -> bool {
        matches!(self.0.source, Source::Dockerfile | Source::All)
    }

    pub(super) fn reads_data(self) -> bool {
        // Plans of Terraform are data.
        matches!(self.0.source, Source::Data(_) | Source::All | Source::Terraform)
    }

    /// Whether its queries may be about a document.
    pub(super) fn is_about(self, document: &Document<'_>) -> bool {
        let json = &document.json;
        match (self.0.source, &document.form) {
            (Source::All, _) | (Source::Terraform, Form::Terraform(_)) | (Source::Dockerfile, Form::Dockerfile) => true,
            (Source::Terraform, Form::Json(_)) => json.get("resource").is_some_and(Json::is_object),
            (Source::Data(Kind::Ansible), Form::Inventory | Form::Settings) => true,
            (Source::Data(kind), Form::Yaml(_) | Form::Json(_)) => kind.is(json),
            _ => false,
        }
    }
}

impl Kind {
    fn is(self, json: &Map<String, Json>) -> bool {
        let has = |name: &str| json.contains_key(name);
        let is_map = |name: &str| json.get(name).is_some_and(Json::is_object);
        match self {
            Self::Ansible => has("playbooks") || (is_map("all") && json.len() == 1),
            Self::Arm => {
                json.get("$schema").and_then(Json::as_str).is_some_and(|schema| schema.to_ascii_lowercase().contains("/deploymenttemplate"))
                    || has("contentVersion")
                    || json.get("properties").is_some_and(|properties| properties.get("template").is_some())
            }
            Self::CloudFormation => is_map("Resources") || has("AWSTemplateFormatVersion"),
            Self::Compose => is_map("services"),
            Self::DeploymentManager => json.get("resources").is_some_and(Json::is_array),
            Self::Manifest => has("apiVersion") && has("kind"),
            Self::OpenApi => has("openapi") || has("swagger"),
            Self::Pulumi => is_map("resources") || has("runtime"),
            Self::Serverless => has("service") || (has("provider") && has("functions")),
            Self::Workflow => has("jobs") || has("runs"),
        }
    }
}
