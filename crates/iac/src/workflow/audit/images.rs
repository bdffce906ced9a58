//! Images that may be another one tomorrow.

use bartizan_core::{Confidence, Severity};
use bartizan_source::document::Node;

use super::Audited;
use crate::workflow::{
    definition::{Job, member, place},
    expression::{self, Expression, Kind},
    fence,
    matrix::Matrix,
    remark::Remark,
    uses::{Image, UsesKind},
};

const RULE: &str = "workflow-image-unpinned";

/// What is wrong with an image.
struct Problem {
    message: String,
    confidence: Confidence,
    is_strict: bool,
}

pub(super) fn look(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    let definition = audited.definition;
    for job in definition.jobs().iter().filter(|job| job.call.is_none()) {
        look_at_job(job, remarks);
    }
    for site in definition.sites().into_iter().filter(|site| site.job.is_some()) {
        let Some(call) = &site.step.call else { continue };
        if let UsesKind::Image(image) = call.uses.kind {
            remarks.extend(problem(image).map(|problem| remark(problem, call.member.node.range).in_step(site)));
        }
    }
    if definition.is_workflow() {
        return;
    }
    let Some(image) = definition.root.get("runs").and_then(|runs| member(runs, "image")) else { return };
    if let Some(name) = image.node.text().and_then(|text| text.strip_prefix("docker://")) {
        remarks.extend(problem(Image::parse(name)).map(|problem| remark(problem, place(image))));
    }
}

fn look_at_job(job: &Job<'_>, remarks: &mut Vec<Remark>) {
    let matrix = Matrix::of(job);
    let of_container = |container: &bartizan_source::document::Member<'_>| container.node.is_map();
    let container = member(&job.member.node, "container");
    let services = job.member.node.get("services").map(Node::members).unwrap_or_default().iter().filter(|service| service.node.is_map());
    for holder in container.into_iter().chain(services) {
        let image = if of_container(holder) { member(&holder.node, "image") } else { Some(holder) };
        let Some((image, text)) = image.and_then(|image| Some((image, image.node.scalar()?))) else { continue };
        let problems = match fence::whole(text.trim()) {
            None => problem(Image::parse(text)).into_iter().collect(),
            Some(inner) => {
                expression::parse(inner).map_or_else(|_| vec![unclear()], |expression| problems_of(&expression, matrix.as_ref()))
            }
        };
        remarks.extend(problems.into_iter().map(|problem| remark(problem, place(image)).in_job(job).known_by(text)));
    }
}

fn remark(problem: Problem, at: bartizan_core::ByteRange) -> Remark {
    Remark::new(RULE, at, problem.message).severity(Severity::High).confidence(problem.confidence).strict_if(problem.is_strict)
}

/// What is wrong with each image that an expression may name.
fn problems_of(expression: &Expression<'_>, matrix: Option<&Matrix<'_>>) -> Vec<Problem> {
    expression
        .leaves()
        .into_iter()
        .flat_map(|leaf| match &leaf.kind {
            Kind::Text(text) => problem(Image::parse(text)).into_iter().collect(),
            Kind::Context(_) if leaf.is_in("matrix") => {
                let values = matrix.map(|matrix| matrix.values_of(&leaf.path().unwrap_or_default())).unwrap_or_default();
                let of_value = |text: &str| if fence::has_expression(text) { Some(unclear()) } else { problem(Image::parse(text)) };
                values.into_iter().filter_map(|value| of_value(value.text)).collect::<Vec<_>>()
            }
            _ => vec![unclear()],
        })
        .collect()
}

fn unclear() -> Problem {
    Problem { message: "nothing here says which image this is".to_owned(), confidence: Confidence::Low, is_strict: false }
}

fn problem(image: Image<'_>) -> Option<Problem> {
    if image.name.is_empty() || image.digest.is_some() {
        return None;
    }
    let is_strict = image.tag.is_some_and(|tag| tag != "latest");
    let message = match image.tag {
        None => format!("`{}` has no tag and no digest: it may be another image tomorrow", image.name),
        Some("latest") => format!("`{}:latest` is another image after each release", image.name),
        Some(tag) => format!("`{}:{tag}` has no digest: the tag may be moved", image.name),
    };
    Some(Problem { message, confidence: Confidence::High, is_strict })
}
