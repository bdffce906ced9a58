//! Every rule over every resource: one finding for a block of code, however many instances it has.

use std::collections::BTreeMap;

use bartizan_core::{Diagnostic, RelatedLocation, Severity};

use crate::{
    Cause, Failure, Format, Graph, Place, Resource, ResourceId, Verdict,
    check::{Context, Look},
    engine::{Options, UnknownPolicy},
    kubernetes,
    project::Project,
    report::Draft,
    rule::{self, IacRule, Logic},
};

/// So many instances of a block are named.
const MAX_INSTANCES: usize = 8;

/// What all rules say.
#[derive(Debug, Default)]
pub(crate) struct Judged<'r> {
    /// What is wrong, by rule.
    pub(crate) drafts: Vec<(&'r IacRule, Draft)>,
    /// What could not be judged.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// How many verdicts there were of each kind.
    pub(crate) counts: Counts,
}

/// How many verdicts there were of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Something is wrong.
    pub n_failed: usize,
    /// All is well.
    pub n_passed: usize,
    /// It depends on what is not known.
    pub n_unknown: usize,
}

/// What one rule says of one block of code.
#[derive(Default)]
struct OfBlock {
    failures: Vec<(ResourceId, Failure)>,
    unknown: Vec<(ResourceId, Cause, Place)>,
    n_passed: usize,
}

/// Judges all resources by all rules that the options ask for, and by those of the caller.
#[must_use]
pub(crate) fn judge<'r>(graph: &Graph, project: &Project<'_>, options: &Options, own: &'r [IacRule]) -> Judged<'r> {
    let mut judged = Judged::default();
    for rule in rule::built_in().iter().filter(|rule| options.is_strict || !rule.is_strict).chain(own) {
        // Blocks in order of their places: what is found does not depend on how resources were numbered.
        let mut blocks: BTreeMap<(Place, String), OfBlock> = BTreeMap::new();
        for (id, verdict) in verdicts(rule, graph) {
            let Some(resource) = graph.get(id) else { continue };
            let part = if let Verdict::Fail(failure) = &verdict { failure.part.clone() } else { String::new() };
            let block = blocks.entry((resource.block, part)).or_default();
            match verdict {
                Verdict::Pass => block.n_passed += 1,
                Verdict::Fail(failure) => block.failures.push((id, failure)),
                Verdict::Unknown(cause, place) => block.unknown.push((id, cause, place)),
                Verdict::NotApplicable => {}
            }
        }
        for block in blocks.into_values() {
            judged.counts.n_passed += block.n_passed;
            judged.counts.n_failed += block.failures.len();
            judged.counts.n_unknown += block.unknown.len();
            let draft = failed(rule, &block, graph, project).or_else(|| unknown(rule, &block, graph, project, options));
            judged.drafts.extend(draft.map(|draft| (rule, draft)));
        }
    }
    judged
}

fn verdicts(rule: &IacRule, graph: &Graph) -> Vec<(ResourceId, Verdict)> {
    let of_types = || rule.resources.iter().flat_map(|of_type| graph.of_type(of_type));
    match &rule.logic {
        Logic::Definition(condition) => condition.judge_all(&rule.resources, graph),
        Logic::Native(check, with) => {
            let context = Context { graph, with };
            match check.look {
                Look::Resource(look) => of_types().map(|resource| (resource.id, look(resource, &context))).collect(),
                Look::Parts(look) => {
                    let parts = |resource: &Resource| {
                        look(resource, &context).into_iter().map(|verdict| (resource.id, verdict)).collect::<Vec<_>>()
                    };
                    of_types().flat_map(parts).collect()
                }
                Look::Pod(look) => kubernetes::check::of_pods(look, &context),
                Look::Container(look) => kubernetes::check::of_containers(look, &context),
                Look::Graph(look) => look(&context).into_iter().map(|(id, failure)| (id, Verdict::Fail(failure))).collect(),
            }
        }
        Logic::Reader => Vec::new(),
    }
}

/// What is wrong with a block; nothing if no instance fails.
fn failed(rule: &IacRule, block: &OfBlock, graph: &Graph, project: &Project<'_>) -> Option<Draft> {
    let (id, failure) = block.failures.first()?;
    let resource = graph.get(*id)?;
    // What a block of Terraform gets may be written elsewhere: in a file of values, in the call of a module, in a default.
    let is_in_block =
        |place: &Place| place.file == resource.block.file && resource.block.start <= place.start && place.end <= resource.block.end;
    let is_within = |place: &Place| resource.format != Format::Terraform || is_in_block(place);
    let attribute =
        failure.part.split(['.', '[']).next().and_then(|name| resource.body.member(name)).map(|member| member.name).filter(is_within);
    let here = failure.place.filter(is_within).or(attribute).unwrap_or(resource.header);
    let location = project.location(here)?;
    let mut message = failure.message.clone().unwrap_or_else(|| rule.title.clone());
    message.push_str(&format!(": `{}`", resource.block_address));
    let instances: Vec<ResourceId> = block.failures.iter().map(|(id, _)| *id).collect();
    let mut draft = draft_at(rule, message, location, resource, &instances, graph, project);
    draft.identity.push(failure.part.clone());
    let elsewhere = failure.place.filter(|place| !is_within(place));
    draft.related.extend(elsewhere.and_then(|place| related(place, "the value is written here".to_owned(), project)));
    let cause = failure.place.and_then(|place| graph.cause_of(place));
    draft.related.extend(cause.and_then(|(place, words)| related(place, words.to_owned(), project)));
    draft.related.extend(failure.related.iter().filter_map(|(place, message)| related(*place, message.clone(), project)));
    Some(draft)
}

/// What could not be judged of a block, where that matters.
fn unknown(rule: &IacRule, block: &OfBlock, graph: &Graph, project: &Project<'_>, options: &Options) -> Option<Draft> {
    if rule.severity < Severity::High || options.unknown == UnknownPolicy::Hide {
        return None;
    }
    let (id, cause, place) = block.unknown.first()?;
    let resource = graph.get(*id)?;
    let location = project.location(place.or(resource.header))?;
    let cause = cause.explain(&|id| graph.name_of(id));
    let message = format!("not known: {}: `{}`: {cause}", rule.title, resource.block_address);
    let instances: Vec<ResourceId> = block.unknown.iter().map(|(id, ..)| *id).collect();
    let mut draft = draft_at(rule, message, location, resource, &instances, graph, project);
    draft.identity.push("unknown".to_owned());
    draft.reason = cause;
    if options.unknown == UnknownPolicy::Note {
        draft.severity = Some(Severity::Info);
    }
    Some(draft)
}

fn draft_at(
    rule: &IacRule,
    message: String,
    location: bartizan_core::Location,
    resource: &Resource,
    instances: &[ResourceId],
    graph: &Graph,
    project: &Project<'_>,
) -> Draft {
    let mut draft = Draft::new("", message, location);
    draft.identity = vec![resource.canonical_type.to_string(), resource.block_address.to_string()];
    draft.span = project.location(resource.block);
    draft.related.extend(resource.calls.iter().filter_map(|call| related(*call, "the module is called here".to_owned(), project)));
    draft.reason = rule.title.clone();
    if 1 < instances.len() {
        let named: Vec<String> = instances.iter().take(MAX_INSTANCES).map(|id| format!("`{}`", graph.name_of(*id))).collect();
        let n_more = instances.len().saturating_sub(MAX_INSTANCES);
        let more = if n_more == 0 { String::new() } else { format!(" and {n_more} more") };
        draft.reason = format!("{} instances: {}{more}", instances.len(), named.join(", "));
    }
    draft
}

fn related(place: Place, message: String, project: &Project<'_>) -> Option<RelatedLocation> {
    Some(RelatedLocation { location: project.location(place)?, message })
}
