//! What an audit says about a place, before the file is known.

use std::collections::HashMap;

use bartizan_core::{ByteRange, Confidence, Edit, Fix, FixSafety, Location, RelatedLocation, Severity};

use super::definition::{Job, Site};
use crate::report::Draft;

/// What an audit says about a place.
#[derive(Debug, Clone)]
pub(crate) struct Remark {
    rule: &'static str,
    message: String,
    place: ByteRange,
    span: Option<ByteRange>,
    severity: Option<Severity>,
    confidence: Option<Confidence>,
    is_strict: bool,
    identity: Vec<String>,
    related: Vec<(ByteRange, String)>,
    fix: Option<Change>,
}

/// Edits that close a finding.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// What they do, in one sentence.
    pub(crate) description: String,
    /// Whether they may be made without a person's look.
    pub(crate) safety: FixSafety,
    /// What is replaced by what.
    pub(crate) edits: Vec<(ByteRange, String)>,
}

impl Remark {
    /// What a rule says about a place.
    pub(crate) fn new(rule: &'static str, place: ByteRange, message: impl Into<String>) -> Self {
        Self {
            rule,
            message: message.into(),
            place,
            span: None,
            severity: None,
            confidence: None,
            is_strict: false,
            identity: Vec::new(),
            related: Vec::new(),
            fix: None,
        }
    }

    /// It is about a step: marks anywhere in the step count.
    pub(crate) fn in_step(mut self, site: Site<'_, '_>) -> Self {
        self.span = Some(site.step.node.range);
        self.identity.extend(site.job.map(|job| job.id().to_owned()));
        self.identity.push(site.step.label());
        self
    }

    /// It is about a job: marks anywhere in the job count.
    pub(crate) fn in_job(mut self, job: &Job<'_>) -> Self {
        self.span = Some(super::definition::place(job.member));
        self.identity.push(job.id().to_owned());
        self
    }

    /// All that it is about: marks anywhere in it count.
    pub(crate) const fn within(mut self, span: ByteRange) -> Self {
        self.span = Some(span);
        self
    }

    /// What tells it from others of its rule in the same step or job.
    pub(crate) fn known_by(mut self, part: &str) -> Self {
        self.identity.push(part.to_owned());
        self
    }

    /// How bad it is, where that is not what most of its rule are.
    pub(crate) const fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// How sure it is, where that is not what most of its rule are.
    pub(crate) const fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = Some(confidence);
        self
    }

    /// It is shown only to those who ask for more, although its rule is not.
    pub(crate) const fn strict_if(mut self, is_strict: bool) -> Self {
        self.is_strict = is_strict;
        self
    }

    /// Another place, and what it has to do with it.
    pub(crate) fn related(mut self, place: ByteRange, message: impl Into<String>) -> Self {
        self.related.push((place, message.into()));
        self
    }

    /// What would close it.
    pub(crate) fn fix(mut self, change: Option<Change>) -> Self {
        self.fix = change;
        self
    }
}

/// The drafts of remarks about one file, in order of place. Remarks that can't be told apart are numbered.
pub(crate) fn drafts(mut remarks: Vec<Remark>, locate: &dyn Fn(ByteRange) -> Location) -> Vec<Draft> {
    remarks.sort_by(|a, b| (a.place.start(), a.rule, &a.message).cmp(&(b.place.start(), b.rule, &b.message)));
    let mut n_alike: HashMap<(&'static str, Vec<String>), usize> = HashMap::new();
    remarks
        .into_iter()
        .map(|remark| {
            let n_before = n_alike.entry((remark.rule, remark.identity.clone())).or_default();
            let mut draft = Draft::new(remark.rule, remark.message, locate(remark.place));
            draft.identity = remark.identity;
            if 0 < *n_before {
                draft.identity.push(format!("#{n_before}"));
            }
            *n_before += 1;
            draft.span = remark.span.map(locate);
            draft.severity = remark.severity;
            draft.confidence = remark.confidence;
            draft.is_strict = remark.is_strict;
            let related = |(place, message): (ByteRange, String)| RelatedLocation { location: locate(place), message };
            draft.related = remark.related.into_iter().map(related).collect();
            draft.fixes = remark.fix.map(|change| fix_of(change, &draft.location)).into_iter().collect();
            draft
        })
        .collect()
}

fn fix_of(change: Change, location: &Location) -> Fix {
    let edit = |(range, replacement)| Edit { artifact: location.artifact.clone(), range, replacement };
    let mut edits: Vec<Edit> = change.edits.into_iter().map(edit).collect();
    edits.sort_by_key(|edit| edit.range.start());
    Fix { description: change.description, safety: change.safety, edits }
}
