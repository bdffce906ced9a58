//! What a run says of itself, and its results refer to.

use std::collections::HashMap;

use super::{Node, Sink, message};
use crate::import::sink::Completion;

/// A run without its results.
#[derive(Default)]
pub(super) struct Run {
    tool: Node,
    invocations: Node,
    provenance: Node,
    bases: Node,
    shared_steps: Node,
    has_external_files: bool,
    artifacts: Vec<Artifact>,
    /// By id: the index of the rule in `rules`.
    rules_by_id: HashMap<String, usize>,
    /// Those of the driver first, then those of extensions.
    rules: Vec<Node>,
    /// Where the rules of each extension start.
    extensions: Vec<usize>,
}

/// Where a file is.
#[derive(Default)]
struct Artifact {
    uri: String,
    base: String,
}

static NOTHING: Node = Node::Null;

impl Run {
    /// Takes a member of the run.
    pub(super) fn take(&mut self, name: &str, node: Node) {
        match name {
            "tool" => self.tool = node,
            "invocations" => self.invocations = node,
            "versionControlProvenance" => self.provenance = node,
            "originalUriBaseIds" => self.bases = node,
            "threadFlowLocations" => self.shared_steps = node,
            "externalPropertyFileReferences" => self.has_external_files = !node.is_empty(),
            "artifacts" => {
                let artifacts = node.each("").into_iter();
                self.artifacts =
                    artifacts.map(|it| Artifact { uri: it.text("location.uri"), base: it.text("location.uriBaseId") }).collect();
            }
            _ => {}
        }
    }

    /// What the tool calls itself.
    pub(super) fn tool(&self) -> &str {
        self.tool.str("driver.name")
    }

    /// Once all members are known: finds rules, and tells what the run says of itself.
    pub(super) fn finish(&mut self, out: &mut Sink<'_>) {
        let driver = self.tool.at("driver");
        self.rules = driver.each("rules").into_iter().cloned().collect();
        for extension in self.tool.each("extensions") {
            self.extensions.push(self.rules.len());
            self.rules.extend(extension.each("rules").into_iter().cloned());
        }
        for (index, rule) in self.rules.iter().enumerate() {
            self.rules_by_id.entry(rule.text("id")).or_insert(index);
        }
        out.tool(driver.str("name"), driver.first(&["semanticVersion", "version", "dottedQuadFileVersion"]));
        for invocation in self.invocations.each("") {
            match invocation.str("executionSuccessful") {
                "true" => out.completion(Completion::Complete),
                "false" => out.completion(Completion::Failed),
                _ => {}
            }
            out.time(invocation.first(&["endTimeUtc", "startTimeUtc"]));
            for list in ["toolExecutionNotifications", "toolConfigurationNotifications"] {
                for note in invocation.each(list).into_iter().filter(|note| note.str("level") == "error") {
                    out.problem(message::text(note.at("message"), &Node::Null));
                    out.completion(Completion::Partial);
                }
            }
        }
        out.commit(self.provenance.str("revisionId"));
        out.target(self.provenance.str("repositoryUri"));
        if self.has_external_files {
            out.problem("parts of the run are in files beside it, which are not read");
            out.completion(Completion::Partial);
        }
    }

    /// The rule of a result. Sections 3.27.5 to 3.27.7, 3.52.
    pub(super) fn rule(&self, result: &Node) -> &Node {
        let id = result.first(&["ruleId", "rule.id"]);
        // A rule within a group: `CA1711/1`.
        let known =
            std::iter::successors(Some(id), |id| id.rsplit_once('/').map(|(group, _)| group)).find_map(|id| self.rules_by_id.get(id));
        let by_index = || {
            let index = result.first(&["ruleIndex", "rule.index"]).parse::<usize>().ok()?;
            let extension = result.str("rule.toolComponent.index").parse::<usize>().ok();
            let start = extension.and_then(|extension| self.extensions.get(extension).copied()).unwrap_or(0);
            self.rules.get(start.checked_add(index)?)
        };
        known.and_then(|index| self.rules.get(*index)).or_else(by_index).unwrap_or(&NOTHING)
    }

    /// The level that an invocation gives a rule instead of its own. Section 3.20.5.
    pub(super) fn level_of(&self, rule: &str) -> &str {
        let overrides = self.invocations.each("ruleConfigurationOverrides").into_iter();
        overrides
            .filter(|it| it.str("descriptor.id") == rule && !rule.is_empty())
            .map(|it| it.str("configuration.level"))
            .next()
            .unwrap_or_default()
    }

    /// A message as text. Section 3.11.
    pub(super) fn message(&self, message: &Node, rule: &Node) -> String {
        let text = message::text(message, rule);
        if !text.is_empty() {
            return text;
        }
        message::text(message, self.tool.at("driver.globalMessageStrings"))
    }

    /// A step of a flow, which may be kept once for several flows. Section 3.38.2.
    pub(super) fn shared_step<'n>(&'n self, step: &'n Node) -> &'n Node {
        let index = step.str("index").parse::<usize>().ok();
        let shared = index.and_then(|index| self.shared_steps.each("").get(index).copied());
        shared.filter(|_| !step.has("location")).unwrap_or(step)
    }

    /// The URI of a file, and the name of what it is relative to. Sections 3.4, 3.14.15.
    pub(super) fn uri<'n>(&'n self, location: &'n Node) -> (&'n str, &'n str) {
        let known = location.str("index").parse::<usize>().ok().and_then(|index| self.artifacts.get(index));
        match (location.str("uri"), known) {
            ("", Some(artifact)) => (&artifact.uri, &artifact.base),
            (uri, _) => (uri, location.str("uriBaseId")),
        }
    }

    /// What a base is itself: its URI, and the name of its own base.
    pub(super) fn base(&self, name: &str) -> (&str, &str) {
        let base = self.bases.at(name);
        (base.str("uri"), base.str("uriBaseId"))
    }

    /// The URIs of bases that are relative to no other.
    pub(super) fn roots(&self) -> impl Iterator<Item = &str> {
        self.bases
            .members("")
            .iter()
            .filter(|(_, base)| !base.has("uriBaseId"))
            .map(|(_, base)| base.str("uri"))
            .filter(|uri| uri.contains("://"))
    }
}
