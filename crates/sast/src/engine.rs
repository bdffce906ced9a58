//! The engine `sast`: an [`Analyzer`] over a compiled plan.

use std::collections::BTreeMap;

use bartizan_core::{
    ByteRange, Confidence, Diagnostic, DiagnosticKind, Edit, EngineId, Excerpt, Finding, Fingerprint, Fix, FixSafety, FlowStep, IdentityKey, Limit, Location, Rule,
};
use bartizan_source::{Analyzer, FileInfo, FileView, Interest, Reporter};

use crate::{
    lower::{self, Language},
    plan::{Body, Plan, Planned, Target},
    run::{self, Match},
    taint::StepRole,
};

/// The engine's short name.
pub const ID: EngineId = EngineId("sast");

/// The largest file that is analyzed, in bytes; Semgrep's own default.
pub const MAX_FILE_BYTES: usize = 1_000_000;

/// Finds weaknesses in source code with rules of Semgrep's format.
#[derive(Debug)]
pub struct SastEngine {
    plan: Plan,
    version: Fingerprint,
    has_text_rules: bool,
    /// Fingerprints hold no secret: code is known to whoever scans it. They are the same wherever they are made.
    identity: IdentityKey,
}

impl SastEngine {
    /// An engine that runs a plan. `version` tells this set of rules from others.
    #[must_use]
    pub fn new(plan: Plan, version: Fingerprint) -> Self {
        let has_text_rules =
            plan.rules.iter().any(|planned| planned.variants.iter().any(|variant| !matches!(variant.target, Target::Code(_))));
        Self { plan, version, has_text_rules, identity: IdentityKey::derive(b"bartizan-sast") }
    }

    /// The rules that it runs.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    fn is_for(&self, planned: &Planned, language: Option<&'static Language>, path: &str) -> bool {
        let is_in_language = planned.variants.iter().any(|variant| match variant.target {
            Target::Code(wanted) => language.is_some_and(|language| std::ptr::eq(wanted, language)),
            Target::Generic | Target::Regex => true,
        });
        is_in_language
            && planned.include.as_ref().is_none_or(|include| include.is_match(path))
            && planned.exclude.as_ref().is_none_or(|exclude| !exclude.is_match(path))
    }

    fn finding(&self, file: &FileView<'_>, found: Match) -> Option<Finding> {
        let planned = self.plan.rules.get(found.rule)?;
        let rule = &planned.rule;
        let place = |(start, end): (u32, u32)| file.location(ByteRange::new(start as usize, end as usize));
        let location = place(found.range);
        let described = described(rule);
        let flow = found.trace.iter().map(|step| FlowStep {
            location: place(step.range),
            message: match step.role {
                StepRole::Source => "data comes in here".to_owned(),
                StepRole::Passes => "it goes on through here".to_owned(),
                StepRole::Sink => "and is used here".to_owned(),
            },
        });
        let fixes = found.fix.iter().map(|fix| Fix {
            description: "replace the code as the rule says".to_owned(),
            safety: FixSafety::NeedsReview,
            edits: vec![Edit {
                artifact: file.path().clone(),
                range: ByteRange::new(fix.range.0 as usize, fix.range.1 as usize),
                replacement: fix.text.clone(),
            }],
        });
        Some(Finding {
            rule: rule.id.clone(),
            message: found.message,
            severity: described.severity,
            confidence: described.confidence,
            occurrences: vec![location.clone()],
            location,
            excerpt: Excerpt::default(),
            evidence: Vec::new(),
            fingerprint: Fingerprint([0; 16]),
            related: Vec::new(),
            flow: flow.collect(),
            fixes: fixes.collect(),
            cwe: described.cwe,
            standards: described.standards,
            subject: None,
            owners: Vec::new(),
            suppression: None,
            baseline: None,
        })
    }
}

impl Analyzer for SastEngine {
    fn id(&self) -> EngineId {
        ID
    }

    fn version(&self) -> Fingerprint {
        self.version
    }

    fn rules(&self) -> Vec<Rule> {
        self.plan.rules().map(described).collect()
    }

    fn interest(&self, file: &FileInfo) -> Interest {
        // A script without an extension shows its language only once it is read.
        let may_be_code = file.language.is_none() || language_of(file).is_some();
        if self.has_text_rules || may_be_code { Interest::Text } else { Interest::None }
    }

    fn visit(&self, file: &FileView<'_>, report: &mut Reporter) {
        let Some(text) = file.text() else { return };
        let language = language_in(file);
        let path = file.path().to_string();
        let chosen: Vec<usize> =
            self.plan.rules.iter().enumerate().filter(|(_, planned)| self.is_for(planned, language, &path)).map(|(index, _)| index).collect();
        if chosen.is_empty() {
            return;
        }
        let place = |range: (u32, u32)| file.location(ByteRange::new(range.0 as usize, range.1 as usize));
        if MAX_FILE_BYTES < text.len() || file.is_minified() {
            let reason = if file.is_minified() { "a minified file is not analyzed as code" } else { "the file is too large to be analyzed as code" };
            let limit = Limit { name: "max-code-bytes".to_owned(), value: u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX) };
            let mut diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, reason).at(Location::whole(file.path().clone()));
            if !file.is_minified() {
                diagnostic = diagnostic.because_of(limit);
            }
            report.diagnostic(diagnostic.with_help("analyze what it was made from"));
            return;
        }
        let outcome = run::run(&self.plan, &chosen, text, language);
        if let Some(error) = outcome.unparsed {
            report.diagnostic(Diagnostic::new(DiagnosticKind::EngineLimit, format!("the file is not parsed: {error}")).at(Location::whole(file.path().clone())));
        }
        if let Some(first) = outcome.opaque.first() {
            let n_bytes: u32 = outcome.opaque.iter().map(|(start, end)| end - start).sum();
            let reason = format!("{} of the file could not be parsed, {n_bytes} bytes: matches may be missing", parts(outcome.opaque.len()));
            report.diagnostic(Diagnostic::new(DiagnosticKind::PartlyParsed, reason).at(place(*first)));
        }
        for index in outcome.cut {
            let id = self.plan.rules.get(index).map_or("", |planned| planned.rule.id.as_str());
            let reason = format!("the rule `{id}` reached a limit of steps in this file: matches may be missing");
            report.diagnostic(Diagnostic::new(DiagnosticKind::EngineLimit, reason).at(Location::whole(file.path().clone())));
        }
        // The same code in the same file for the same rule is told apart by its order.
        let mut n_same: BTreeMap<Fingerprint, u32> = BTreeMap::new();
        for found in outcome.matches {
            let code = normalized(text, found.range);
            let rule = self.plan.rules.get(found.rule).map_or("", |planned| planned.rule.id.as_str()).to_owned();
            let Some(mut finding) = self.finding(file, found) else { continue };
            let same = self.identity.fingerprint(&[b"sast", rule.as_bytes(), path.as_bytes(), code.as_bytes()]);
            let n = n_same.entry(same).or_default();
            finding.fingerprint = self.identity.fingerprint(&[&same.0, &n.to_le_bytes()]);
            *n += 1;
            report.finding(finding);
        }
    }
}

/// What reports show of a rule.
fn described(rule: &crate::rule::SastRule) -> Rule {
    let metadata = &rule.metadata;
    Rule {
        id: rule.id.clone(),
        engine: ID,
        title: metadata.title.clone().unwrap_or_else(|| first_sentence(rule.message.as_str())),
        severity: rule.severity.severity(),
        confidence: metadata.confidence.unwrap_or(Confidence::Medium),
        why: metadata.why.clone().unwrap_or_else(|| rule.message.as_str().trim().to_owned()),
        how_to_fix: metadata.remediation.clone().unwrap_or_default(),
        cwe: metadata.cwe.clone(),
        standards: metadata.standards.clone(),
        tags: metadata.tags.clone(),
        references: metadata.references.clone(),
        origin: bartizan_core::RuleOrigin::BuiltIn,
    }
}

fn first_sentence(text: &str) -> String {
    let text = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    let end = text.find(". ").unwrap_or(text.len());
    text.get(..end).unwrap_or_default().trim_end_matches('.').to_owned()
}

fn parts(n: usize) -> String {
    if n == 1 { "one part".to_owned() } else { format!("{n} parts") }
}

/// Code without its layout, so that reformatting makes no new finding.
fn normalized(text: &str, range: (u32, u32)) -> String {
    text.get(range.0 as usize..range.1 as usize).unwrap_or_default().split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn language_of(file: &FileInfo) -> Option<&'static Language> {
    lower::language_of_file(file.language?.as_str(), file.path.extension())
}

fn language_in(file: &FileView<'_>) -> Option<&'static Language> {
    lower::language_of_file(file.language()?.as_str(), file.path().extension())
}
