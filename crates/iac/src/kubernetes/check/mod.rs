//! Checks of Kubernetes that data can't say, and how those of pods and containers are run.

pub(crate) mod component;
pub(crate) mod container;
pub(crate) mod image;
pub(crate) mod network;
pub(crate) mod object;
pub(crate) mod pod;
pub(crate) mod secret;
pub(crate) mod volume;

#[cfg(test)]
mod tests;

use super::pod::{Container, Pod, pods};
use crate::{Failure, Place, Resource, ResourceId, Verdict, check::Context};

/// What a check says of every pod. A pod that is not known is not judged, and said so.
pub(crate) fn of_pods(look: fn(&Pod<'_>, &Context<'_>) -> Vec<Verdict>, context: &Context<'_>) -> Vec<(ResourceId, Verdict)> {
    let mut verdicts = Vec::new();
    for pod in pods(context.graph) {
        let id = pod.resource.id;
        if let Some(cause) = super::field::unknown_cause(pod.spec) {
            verdicts.push((id, Verdict::Unknown(cause, pod.spec.place)));
            continue;
        }
        let complete = |verdict| completed(verdict, |part| pod.part(part), pod.place());
        verdicts.extend(look(&pod, context).into_iter().map(|verdict| (id, complete(verdict))));
    }
    verdicts
}

/// What a check says of every container.
pub(crate) fn of_containers(look: fn(&Container<'_>, &Context<'_>) -> Verdict, context: &Context<'_>) -> Vec<(ResourceId, Verdict)> {
    let mut verdicts = Vec::new();
    for pod in pods(context.graph) {
        let id = pod.resource.id;
        verdicts.extend(pod.unknown().map(|(cause, place)| (id, Verdict::Unknown(cause, place))));
        for container in pod.containers() {
            let verdict = look(&container, context);
            verdicts.push((id, completed(verdict, |part| container.part(part), container.place())));
        }
    }
    verdicts
}

/// A verdict whose failure says which part of the resource it is about, and where that is.
fn completed(verdict: Verdict, part: impl FnOnce(&str) -> String, place: Place) -> Verdict {
    match verdict {
        Verdict::Fail(failure) => {
            let place = Some(failure.place.unwrap_or(place)).filter(|place| place.is_somewhere());
            Verdict::Fail(Failure { part: part(&failure.part), place, ..failure })
        }
        other => other,
    }
}

/// Of several objects that could be meant, the one that lies nearest: in the same file, or else in a folder that shares most of the
/// way, and then the first.
pub(crate) fn nearest<'g>(to: &Resource, candidates: impl Iterator<Item = &'g Resource>) -> Option<&'g Resource> {
    // Files are numbered in the order of their paths, so that neighbours have near numbers.
    candidates.min_by_key(|candidate| (candidate.block.file.abs_diff(to.block.file), candidate.id))
}
