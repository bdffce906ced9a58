//! Every rule over every resource: one finding for a block of code, however many instances it has.

use std::collections::BTreeMap;

use bartizan_core::{Diagnostic, DiagnosticKind, RelatedLocation, Severity};

use crate::{
    Cause, Failure, Format, Graph, Kind, Place, Resource, ResourceId, Value, Verdict,
    check::{Context, Look},
    engine::UnknownPolicy,
    kubernetes,
    project::Project,
    repair,
    report::Draft,
    rule::{IacRule, Logic},
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
    /// By the part of the block.
    failures: BTreeMap<String, Vec<(ResourceId, Failure)>>,
    unknown: Vec<(ResourceId, Cause, Place)>,
    n_passed: usize,
}

/// Judges all resources by these rules.
#[must_use]
pub(crate) fn judge<'r>(
    graph: &Graph,
    project: &Project<'_>,
    rules: impl Iterator<Item = &'r IacRule>,
    policy: UnknownPolicy,
) -> Judged<'r> {
    let mut judged = Judged::default();
    let mut notes: BTreeMap<(Place, String), Vec<(&'r IacRule, Draft)>> = BTreeMap::new();
    for rule in rules {
        // Blocks in order of their places: what is found does not depend on how resources were numbered.
        let mut blocks: BTreeMap<Place, OfBlock> = BTreeMap::new();
        for (id, verdict) in verdicts(rule, graph) {
            let Some(resource) = graph.get(id) else { continue };
            let block = blocks.entry(resource.block).or_default();
            match verdict {
                Verdict::Pass => block.n_passed += 1,
                Verdict::Fail(failure) => block.failures.entry(failure.part.clone()).or_default().push((id, failure)),
                Verdict::Unknown(cause, place) => block.unknown.push((id, cause, place)),
                Verdict::NotApplicable => {}
            }
        }
        for (place, block) in blocks {
            judged.counts.n_passed += block.n_passed;
            judged.counts.n_failed += block.failures.values().map(Vec::len).sum::<usize>();
            judged.counts.n_unknown += block.unknown.len();
            let drafts = block.failures.values().filter_map(|failures| failed(rule, failures, graph, project));
            judged.drafts.extend(drafts.map(|draft| (rule, draft)));
            if !block.failures.is_empty() {
                continue;
            }
            let Some(draft) = unknown(rule, &block, graph, project, policy) else { continue };
            if policy == UnknownPolicy::Note {
                notes.entry((place, draft.reason.clone())).or_default().push((rule, draft));
            } else {
                judged.drafts.push((rule, draft));
            }
        }
    }
    judged.drafts.extend(notes.into_values().filter_map(together));
    judged.diagnostics.extend(summary(judged.counts));
    judged
}

/// Notes about one block that have one cause, as one: that of the gravest rule, which names the others.
fn together(mut notes: Vec<(&IacRule, Draft)>) -> Option<(&IacRule, Draft)> {
    notes.sort_by(|(one, _), (other, _)| other.severity.cmp(&one.severity).then_with(|| one.id.cmp(&other.id)));
    let mut notes = notes.into_iter();
    let (rule, mut draft) = notes.next()?;
    let others: Vec<String> = notes.map(|(rule, _)| format!("`{}`", rule.id)).collect();
    if !others.is_empty() {
        draft.message.push_str(&format!("; so do {}", others.join(", ")));
    }
    Some((rule, draft))
}

/// How many verdicts there were, where some are not known: a scan without findings may have looked at little.
fn summary(counts: Counts) -> Option<Diagnostic> {
    let Counts { n_failed, n_passed, n_unknown } = counts;
    let message = format!("checks of infrastructure: {n_failed} failed, {n_passed} passed, {n_unknown} depend on what is not known");
    let diagnostic = Diagnostic::new(DiagnosticKind::InfrastructureUnresolved, message);
    (0 < n_unknown)
        .then(|| diagnostic.with_help("give values with `--var-file` or a plan with `--plan`, or let them fail with `--unknown fail`"))
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
fn failed(rule: &IacRule, failures: &[(ResourceId, Failure)], graph: &Graph, project: &Project<'_>) -> Option<Draft> {
    let (id, failure) = failures.first()?;
    let resource = graph.get(*id)?;
    let here = shown_at(resource, failure.place, &failure.part);
    let location = project.location(here)?;
    let mut message = failure.message.clone().unwrap_or_else(|| rule.title.clone());
    message.push_str(&format!(": `{}`", resource.block_address));
    let instances: Vec<ResourceId> = failures.iter().map(|(id, _)| *id).collect();
    let mut draft = draft_at(rule, message, location, resource, &instances, graph, project);
    draft.identity.push(failure.part.clone());
    draft.fixes.extend(repair::fix_of(failures, resource, project));
    let elsewhere = failure.place.filter(|place| *place != here);
    draft.related.extend(elsewhere.and_then(|place| related(place, "the value is written here".to_owned(), project)));
    let cause = failure.place.and_then(|place| graph.cause_of(place));
    draft.related.extend(cause.and_then(|(place, words)| related(place, words.to_owned(), project)));
    draft.related.extend(failure.related.iter().filter_map(|(place, message)| related(*place, message.clone(), project)));
    Some(draft)
}

/// What could not be judged of a block, where that matters.
fn unknown(rule: &IacRule, block: &OfBlock, graph: &Graph, project: &Project<'_>, policy: UnknownPolicy) -> Option<Draft> {
    if rule.severity < Severity::High || policy == UnknownPolicy::Hide {
        return None;
    }
    let (id, cause, place) = block.unknown.first()?;
    let resource = graph.get(*id)?;
    let location = project.location(shown_at(resource, Some(*place).filter(|place| place.is_somewhere()), ""))?;
    let cause = cause.explain(&|id| graph.name_of(id));
    let message = format!("not known: {}: `{}`: {cause}", rule.title, resource.block_address);
    let instances: Vec<ResourceId> = block.unknown.iter().map(|(id, ..)| *id).collect();
    let mut draft = draft_at(rule, message, location, resource, &instances, graph, project);
    draft.identity.push("unknown".to_owned());
    draft.reason = cause;
    if policy == UnknownPolicy::Note {
        draft.severity = Some(Severity::Info);
    }
    Some(draft)
}

/// Where something about a part of a resource is shown. What a block of Terraform or Bicep gets may be written elsewhere: in a file of
/// values, in the call of a module, in a default; it is shown in the block all the same.
fn shown_at(resource: &Resource, place: Option<Place>, part: &str) -> Place {
    let is_in_block =
        |place: &Place| place.file == resource.block.file && resource.block.start <= place.start && place.end <= resource.block.end;
    let is_within = |place: &Place| !matches!(resource.format, Format::Terraform | Format::Bicep) || is_in_block(place);
    let attribute = || {
        let member = part.split(['.', '[']).next().and_then(|name| resource.body.member(name));
        member.map(|member| member.name).filter(is_within)
    };
    // The attribute that holds what is written elsewhere.
    let holder = || {
        let members = resource.body.map()?.0.values();
        members.filter(|member| is_within(&member.name)).find(|member| place.is_some_and(|place| holds(&member.value, place)))
    };
    let holder = || holder().map(|member| member.name);
    place.filter(is_within).or_else(attribute).or_else(holder).unwrap_or(resource.header)
}

/// Whether a value, or a value in it, is written at a place.
fn holds(value: &Value, place: Place) -> bool {
    value.place == place
        || match &value.kind {
            Kind::List(items) | Kind::OneOf(items) => items.iter().any(|item| holds(item, place)),
            Kind::Map(map) => map.0.values().any(|member| holds(&member.value, place)),
            Kind::Null | Kind::Boolean(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => false,
        }
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
