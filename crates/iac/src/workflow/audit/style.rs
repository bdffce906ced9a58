//! What makes a run hard to find or to stop.

use bartizan_core::Severity;

use super::Audited;
use crate::workflow::{
    definition::{member, place},
    remark::Remark,
};

const NAMELESS: &str = "workflow-without-name";
const CONCURRENCY: &str = "workflow-without-concurrency";

pub(super) fn look(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    let definition = audited.definition;
    if !definition.is_workflow() {
        return;
    }
    if definition.root.get("name").is_none() {
        remarks.push(Remark::new(NAMELESS, definition.root.range, "the workflow has no name"));
    }
    for job in definition.jobs().iter().filter(|job| job.call.is_none() && job.member.node.get("name").is_none()) {
        let message = format!("the job `{}` has no name", job.id());
        remarks.push(Remark::new(NAMELESS, place(job.member), message).in_job(job).severity(Severity::Info));
    }
    look_at_concurrency(audited, remarks);
}

fn look_at_concurrency(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    let definition = audited.definition;
    // Who calls a workflow limits it, too: a limit here would wait for that one.
    if definition.is_only_called() {
        return;
    }
    if let Some(limit) = member(definition.root, "concurrency") {
        if !limit.node.is_map() {
            let message = "runs wait for each other, and are not cancelled when a newer one starts";
            remarks.push(Remark::new(CONCURRENCY, place(limit), message));
        }
        return;
    }
    let Some(on) = member(definition.root, "on") else { return };
    let jobs: Vec<_> = definition.jobs().iter().filter(|job| job.call.is_none()).collect();
    let waiting: Vec<_> = jobs.iter().filter(|job| job.member.node.get("concurrency").is_some_and(|limit| !limit.is_map())).collect();
    let unlimited: Vec<_> = jobs.iter().filter(|job| job.member.node.get("concurrency").is_none()).collect();
    let of = [
        (waiting, "some jobs wait for each other, and are not cancelled"),
        (unlimited, "nothing limits how many runs there are at a time"),
    ];
    for (jobs, message) in of {
        let Some(first) = jobs.first() else { continue };
        let mut remark = Remark::new(CONCURRENCY, place(on), message).known_by(message).related(place(first.member), "this job");
        for job in jobs.iter().skip(1) {
            remark = remark.related(place(job.member), "and this job");
        }
        remarks.push(remark);
    }
}
