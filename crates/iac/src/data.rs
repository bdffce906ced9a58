//! Documents of data: YAML and JSON, of whatever kind their content says that they are.
//!
//! A file is parsed only if it holds words that a document of some kind must have. What a kind makes of its documents is in the
//! module of that kind.

use bartizan_core::{ByteRange, Diagnostic, DiagnosticKind, Level};
use bartizan_source::{
    FileInfo, FileView,
    document::{self, Node},
};
use memchr::memmem;
use serde::{Deserialize, Serialize};

use crate::{
    Value,
    format::{Document, Files, FormatReader, Seen},
    workflow,
};

/// The largest file that is read, in bytes.
const MAX_FILE_BYTES: usize = 10 << 20;

/// What a document of data is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DataKind {
    /// A manifest of Kubernetes; a list of manifests is taken apart.
    Kubernetes,
    /// A template of CloudFormation or SAM.
    CloudFormation,
    /// A Compose file.
    Compose,
    /// A template of Azure Resource Manager.
    Arm,
    /// Plays or tasks of Ansible.
    Ansible,
    /// A description of an HTTP API.
    OpenApi,
    /// A service of the Serverless Framework.
    Serverless,
    /// A plan of Terraform.
    TerraformPlan,
}

/// How a kind is recognized.
struct Signature {
    kind: DataKind,
    /// Words of which the text must have all.
    words: &'static [&'static str],
    /// Whether a document is one.
    is: fn(&Node<'_>) -> bool,
}

static SIGNATURES: &[Signature] = &[
    Signature {
        kind: DataKind::TerraformPlan,
        words: &["planned_values", "terraform_version"],
        is: |node| node.at(&["planned_values", "root_module"]).is_some(),
    },
    Signature { kind: DataKind::Kubernetes, words: &["apiVersion", "kind"], is: is_manifest },
    Signature { kind: DataKind::CloudFormation, words: &["Resources", "Type"], is: is_cloud_formation },
    Signature { kind: DataKind::Compose, words: &["services"], is: is_compose },
    Signature { kind: DataKind::Arm, words: &["deploymentTemplate", "resources"], is: is_arm },
    Signature { kind: DataKind::Ansible, words: &[], is: is_ansible },
    Signature {
        kind: DataKind::OpenApi,
        words: &["paths"],
        is: |node| (node.get("openapi").or(node.get("swagger")).is_some()) && node.get("paths").is_some(),
    },
    Signature {
        kind: DataKind::Serverless,
        words: &["provider", "service"],
        is: |node| {
            let has_content = ["functions", "resources", "custom"].iter().any(|key| node.get(key).is_some());
            node.get("service").is_some() && node.get("provider").is_some() && has_content
        },
    },
];

pub(crate) const READER: FormatReader =
    FormatReader { name: "data", example: "example.yaml", files: Some(Files { claims, look }), assemble: None };

fn claims(file: &FileInfo) -> bool {
    let Some(path) = file.path.as_str() else { return false };
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "yaml" | "yml" | "json" | "template")
        && !path.split('/').any(|folder| matches!(folder, "node_modules" | ".terraform"))
}

fn look(file: &FileView<'_>, seen: &mut Seen) {
    let Some(text) = file.text() else { return };
    let has = |word: &&str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    // Tasks have no word that all of them share, but they are lists.
    let may_be = |kind: DataKind| kind != DataKind::Ansible || text.lines().any(|line| line.starts_with("- "));
    let is_possible = |signature: &&Signature| signature.words.iter().all(has) && may_be(signature.kind);
    let mut possible: Vec<&Signature> = SIGNATURES.iter().filter(is_possible).collect();
    let is_json = text.trim_start().starts_with(['{', '[']);
    // Workflows write `{{` for others to read, too; in texts of JSON it is a text.
    if !possible.is_empty() && !is_json && is_template(text) {
        possible.clear();
    }
    let path = file.path().to_string();
    let may_be_workflow = workflow::may_be(&path, text);
    if !may_be_workflow && possible.is_empty() {
        return;
    }
    if MAX_FILE_BYTES < text.len() {
        let diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, "the document is too large to be analyzed");
        seen.diagnostics.push(diagnostic.at(file.location(ByteRange::new(0, 0))));
        return;
    }
    let (documents, problems) = if is_json {
        let document = document::parse_json(text, document::JsonDialect::WithComments);
        (document.root.into_iter().collect(), document.problems)
    } else {
        let stream = document::parse_yaml_stream(text);
        (stream.roots, stream.problems)
    };
    let n_before = seen.documents.len();
    let mut n_workflows = 0;
    for node in &documents {
        if let Some(kind) = workflow::kind_of(&path, node).filter(|_| may_be_workflow) {
            workflow::look(kind, node, file, seen);
            n_workflows += 1;
            continue;
        }
        let kind = possible.iter().find(|signature| (signature.is)(node)).map(|signature| signature.kind);
        seen.documents.extend(kind.map(|kind| Document::Data(kind, Value::of_node(node, 0))));
    }
    // What is wrong with a file of another kind is not ours to say.
    let is_ours = n_before < seen.documents.len() || 0 < n_workflows || (!possible.is_empty() && opens_as_ours(text));
    for problem in problems.iter().filter(|_| is_ours) {
        let mut diagnostic =
            Diagnostic::new(DiagnosticKind::PartlyParsed, format!("document: {}", problem.message)).at(file.location(problem.range));
        diagnostic.level = if problem.is_cut { Level::Incomplete } else { Level::Note };
        seen.diagnostics.push(diagnostic);
    }
}

/// Whether a text that could not be read has a line that a document of ours would have.
fn opens_as_ours(text: &str) -> bool {
    let openings =
        ["apiVersion:", "AWSTemplateFormatVersion:", "Resources:", "services:", "\"AWSTemplateFormatVersion\"", "\"apiVersion\""];
    text.lines().any(|line| openings.iter().any(|opening| line.trim_start_matches(['{', ' ']).starts_with(opening)))
}

/// Whether a text has actions of a template, which YAML can't be read with.
fn is_template(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with("{{") || line.contains(": {{")
    })
}

fn is_manifest(node: &Node<'_>) -> bool {
    node.text_of("apiVersion").is_some() && node.text_of("kind").is_some()
}

fn is_cloud_formation(node: &Node<'_>) -> bool {
    let has_type = |resource: &Node<'_>| resource.text_of("Type").is_some_and(|of_type| of_type.contains("::"));
    node.get("Resources").is_some_and(|resources| resources.members().iter().any(|member| has_type(&member.node)))
}

fn is_compose(node: &Node<'_>) -> bool {
    let is_service = |service: &Node<'_>| ["image", "build", "extends", "command", "deploy"].iter().any(|key| service.get(key).is_some());
    node.get("services").is_some_and(|services| services.members().iter().any(|member| is_service(&member.node)))
        && node.get("pipelines").is_none()
}

fn is_arm(node: &Node<'_>) -> bool {
    node.text_of("$schema").is_some_and(|schema| schema.to_ascii_lowercase().contains("deploymenttemplate.json"))
}

/// A list of plays, which name hosts or import others, or of tasks, which name a module.
fn is_ansible(node: &Node<'_>) -> bool {
    /// Modules that are often told what to do in one text.
    const IN_ONE_TEXT: &[&str] = &["shell", "command", "raw", "script", "apt", "yum", "dnf", "pip", "service", "copy", "file", "get_url"];
    let has_tasks = |item: &Node<'_>| item.get("tasks").is_some_and(|tasks| tasks.items().iter().any(Node::is_map));
    let is_play = |item: &Node<'_>| {
        ["hosts", "import_playbook", "ansible.builtin.import_playbook"].iter().any(|key| item.get(key).is_some())
            || item.text_of("name").is_some() && has_tasks(item)
    };
    let is_task = |item: &Node<'_>| {
        let keywords = ["name", "when", "register", "become", "notify", "with_items", "loop", "tags", "block", "vars"];
        item.text_of("name").is_some()
            && item.members().iter().any(|member| {
                let name = member.name.as_ref();
                !keywords.contains(&name) && (member.node.is_map() || name.contains('.')) || IN_ONE_TEXT.contains(&name)
            })
            || item.get("block").is_some_and(|block| !block.items().is_empty())
    };
    let items = node.items();
    !items.is_empty() && items.iter().all(Node::is_map) && items.iter().any(|item| is_play(item) || is_task(item))
}

/// The documents of a text, for tests.
#[cfg(test)]
pub(crate) fn values_of(yaml: &str) -> Vec<Value> {
    document::parse_yaml_stream(yaml).roots.iter().map(|node| Value::of_node(node, 0)).collect()
}

#[cfg(test)]
mod tests {
    use crate::fixture::{check, scan};

    #[test]
    fn a_text_of_json_is_no_template() {
        let pod = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "annotations": {"b": "c: {{ d }}"}},
            "spec": {"hostNetwork": true, "containers": []}}"#;
        check(&[("pod.json", pod)], &["host-network-shared"], &["pod.json:2 host-network-shared"]);
    }

    #[test]
    fn what_is_no_document_of_ours_is_not_complained_of() {
        let nginx = "upstream services {\n  server a:80;\n}\n# Resources: Type\nserver { listen 80; }\n";
        assert!(scan(&[("nginx.conf.template", nginx)]).diagnostics.is_empty());
        let broken = "apiVersion: v1\nkind: Pod\nmetadata: [\n";
        assert_eq!(scan(&[("pod.yaml", broken)]).diagnostics.len(), 1);
    }
}
