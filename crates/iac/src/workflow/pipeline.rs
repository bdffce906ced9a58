//! Pipelines of other systems than GitHub's: GitLab CI, Azure Pipelines, CircleCI, Jenkins.
//!
//! Where a system puts a value into the text of a script before it runs (`$(…)` of Azure, `<< … >>` of CircleCI, `${…}` in a
//! string of Groovy), whoever chooses the value can run commands. Where it sets a variable (GitLab, and `$CIRCLE_…`), only what
//! takes the variable's text for code is in danger: `eval`, `sh -c`, `ssh`. Both are judged by one table of who chooses what.
//!
//! What a file includes or extends is judged where it is written; of GitLab and Azure,
//! with what all files of a pipeline say together, too.

pub(super) mod azure;
mod circleci;
pub(super) mod gitlab;
pub(super) mod jenkins;
mod script;

use bartizan_core::{ByteRange, Confidence, Severity};
use bartizan_source::document::{Node, Value};
use serde::{Deserialize, Serialize};

use super::{definition::place, remark::Remark, uses::Image};

/// A system whose pipelines are YAML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum System {
    /// GitLab CI.
    GitLab,
    /// Azure Pipelines.
    Azure,
    /// CircleCI.
    CircleCi,
}

/// A script of a pipeline.
#[derive(Debug, Clone)]
pub(super) struct Script<'d> {
    /// Its text.
    pub(super) node: &'d Node<'d>,
    /// What runs it.
    pub(super) shell: &'static str,
    /// The job or step that it is of.
    pub(super) owner: String,
}

/// Whether a text may be a pipeline of one of the systems.
pub(crate) fn may_be(path: &str, text: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let is_azure = || has("- task:") || has("- script:") || has("- bash:") || has("- powershell:") || has("- pwsh:") || has("vmImage");
    is_named(path).is_some() || (has("script:") && has("stage")) || is_azure() || (has("workflows:") && has("version:"))
}

/// The system that a file's place names.
fn is_named(path: &str) -> Option<System> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    if name.contains(".gitlab-ci.y") || path.contains(".gitlab/ci/") && is_yaml {
        return Some(System::GitLab);
    }
    if path.contains(".circleci/") && is_yaml {
        return Some(System::CircleCi);
    }
    (name.starts_with("azure-pipelines") && is_yaml).then_some(System::Azure)
}

/// The system that a document is of.
pub(crate) fn system_of(path: &str, root: &Node<'_>) -> Option<System> {
    if !root.is_map() {
        return None;
    }
    if let Some(system) = is_named(path) {
        return Some(system);
    }
    let is_gitlab_job =
        |job: &Node<'_>| job.get("script").is_some() && ["stage", "rules", "only", "extends"].iter().any(|key| job.get(key).is_some());
    if root.members().iter().any(|member| is_gitlab_job(&member.node)) {
        return Some(System::GitLab);
    }
    let is_circle_job =
        |job: &Node<'_>| job.get("steps").is_some() && ["docker", "machine", "executor", "macos"].iter().any(|key| job.get(key).is_some());
    let jobs = root.get("jobs");
    if root.get("version").is_some() && jobs.is_some_and(|jobs| jobs.members().iter().any(|job| is_circle_job(&job.node))) {
        return Some(System::CircleCi);
    }
    let keys = ["task", "script", "bash", "pwsh", "powershell", "job", "deployment", "stage"];
    let is_azure_part = |part: &Node<'_>| part.items().iter().any(|item| keys.iter().any(|key| item.get(key).is_some()));
    ["steps", "jobs", "stages"].iter().any(|key| root.get(key).is_some_and(is_azure_part)).then_some(System::Azure)
}

/// What is wrong with a pipeline.
pub(crate) fn look(system: System, root: &Node<'_>, text: &str) -> Vec<Remark> {
    let mut remarks = Vec::new();
    match system {
        System::GitLab => gitlab::look(root, text, &mut remarks),
        System::Azure => azure::look(root, text, &mut remarks),
        System::CircleCi => circleci::look(root, text, &mut remarks),
    }
    remarks
}

/// Calls a function for each map in a value.
fn each_map<'d>(node: &'d Node<'d>, look: &mut dyn FnMut(&'d Node<'d>)) {
    match &node.value {
        Value::Map(members) => {
            look(node);
            members.iter().for_each(|member| each_map(&member.node, look));
        }
        Value::List(items) => items.iter().for_each(|item| each_map(item, look)),
        Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Text(_) => {}
    }
}

/// What is wrong with the name of an image: a tag alone is only for those who ask for more.
fn image_problem(rule: &'static str, text: &str, at: ByteRange, owner: &str) -> Option<Remark> {
    let image = Image::parse(text.trim());
    // What a variable holds is not known.
    if image.name.is_empty() || image.digest.is_some() || text.contains('$') || text.contains("<<") {
        return None;
    }
    let is_strict = image.tag.is_some_and(|tag| tag != "latest");
    let message = match image.tag {
        None => format!("`{}` has no tag and no digest: it may be another image tomorrow", image.name),
        Some(tag) => format!("`{}:{tag}` has no digest: the tag may be moved", image.name),
    };
    Some(Remark::new(rule, at, message).known_by(owner).known_by(text).severity(Severity::Medium).strict_if(is_strict))
}

/// Values that are written out where a secret should be.
fn written_secret(rule: &'static str, variables: &Node<'_>, owner: &str, remarks: &mut Vec<Remark>) {
    const NAMES: &[&str] = &["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY"];
    for variable in variables.members() {
        let value = variable.node.get("value").unwrap_or(&variable.node);
        let Some(text) = value.text() else { continue };
        let name = variable.name.to_ascii_uppercase();
        let is_secret = NAMES.iter().any(|known| name.ends_with(known));
        let is_written = 8 <= text.len()
            && !text.contains(['$', '<', '/', ' ', '{'])
            && text.chars().any(|c| c.is_ascii_digit())
            && text.chars().any(|c| c.is_ascii_alphabetic());
        if is_secret && is_written {
            let message = format!("the value of `{}` is written out, for everybody who can read the repository", variable.name);
            remarks
                .push(Remark::new(rule, place(variable), message).known_by(owner).known_by(&variable.name).confidence(Confidence::Medium));
        }
    }
}

/// What a script of GitHub Actions has in common with those of other systems.
pub(crate) fn look_at_script(node: &Node<'_>, text: &str, shell: &str) -> Vec<Remark> {
    script::look(node, text, shell)
}
