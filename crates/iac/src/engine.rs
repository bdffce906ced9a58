//! The engine `iac`: an [`Analyzer`] over the registry of formats.

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind, EngineId, Fingerprint, IdentityKey, Level, Location, Rule, RuleId};
use bartizan_source::{Analyzer, FileInfo, FileView, Interest, ProjectView, Reporter};

use crate::{
    Inspector,
    format::{self, Seen},
    judge,
    policy::checkov,
    project::Project,
    rego::{
        self, Policies,
        kics::{self, Queries},
    },
    report::Draft,
    rule::{self, IacRule},
    terraform::{Plan, Values},
    workflow,
};

/// The engine's short name.
pub const ID: EngineId = EngineId("iac");

/// Changes whenever a reader understands more or otherwise.
const VERSION: &[u8] = b"1";

/// What the caller decides.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether rules of the profile `strict` run, too.
    pub is_strict: bool,
    /// What becomes of checks whose verdict is unknown.
    pub unknown: UnknownPolicy,
    /// Values of variables for every root module of Terraform, later ones before earlier ones.
    pub values: Vec<Values>,
    /// Plans of Terraform from elsewhere.
    pub plans: Vec<Plan>,
    /// Who wants to know what was understood.
    pub inspector: Option<Inspector>,
    /// Policies of the caller's, which run beside the built-in rules.
    pub policies: Vec<PolicyText>,
    /// Policies of the caller's in Rego.
    pub rego: rego::Files,
    /// What policies in Rego are told of the time, in seconds since 1970.
    pub now_s: Option<i64>,
}

/// A file that should hold a policy.
#[derive(Debug, Clone)]
pub struct PolicyText {
    /// Its path.
    pub origin: ArtifactPath,
    /// What stands in it.
    pub text: String,
}

/// What becomes of checks of high or critical severity that depend on what is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownPolicy {
    /// They are findings.
    Fail,
    /// They are notes.
    #[default]
    Note,
    /// They are counted only.
    Hide,
}

/// Finds misconfigurations.
#[derive(Debug)]
pub struct IacEngine {
    options: Options,
    /// The policies that can be run, as rules.
    own: Vec<IacRule>,
    /// The policies in Rego.
    rego: Policies,
    /// Queries of KICS.
    queries: Queries,
    /// What is wrong with the others.
    broken: Vec<Diagnostic>,
    identity: IdentityKey,
}

impl IacEngine {
    /// An engine with all built-in rules.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let (mut own, mut broken): (Vec<IacRule>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
        let (queries, policies) = kics::parts_of(&options.policies);
        let queries = Queries::new(&queries);
        broken.extend(queries.diagnostics().iter().cloned());
        for policy in policies {
            match checkov::parse(&policy.text, &policy.origin) {
                // As in Checkov, the first of an id counts.
                Ok(policy) if own.iter().any(|known| known.id == policy.id) => {
                    let diagnostic = Diagnostic::new(DiagnosticKind::Rule, format!("a policy with the id `{}` was read before", policy.id));
                    broken.push(Diagnostic { level: Level::Note, ..diagnostic }.at(Location::whole(policy.origin.clone())));
                }
                Ok(policy) => own.push(IacRule::of_policy(policy)),
                Err(error) => broken.push(Diagnostic::new(DiagnosticKind::Rule, error.message).at(error.location)),
            }
        }
        // Fingerprints hold no secret. They are the same wherever they are made.
        let rego = Policies::new(&options.rego, options.now_s);
        Self { options, own, rego, queries, broken, identity: IdentityKey::derive(b"bartizan-iac") }
    }

    fn report(&self, drafts: Vec<Draft>, report: &mut Reporter) {
        for draft in drafts {
            let is_asked_for = |rule: &&IacRule| self.options.is_strict || !(rule.is_strict || draft.is_strict);
            let Some(rule) = rule::find(draft.rule).filter(is_asked_for) else { continue };
            self.report_of(rule, draft, report);
        }
    }

    fn report_of(&self, rule: &IacRule, draft: Draft, report: &mut Reporter) {
        let span = draft.span.clone();
        let finding = draft.finding_of(rule, &self.identity);
        match span {
            Some(span) => report.finding_within(finding, span),
            None => report.finding(finding),
        }
    }
}

impl Analyzer for IacEngine {
    fn id(&self) -> EngineId {
        ID
    }

    fn version(&self) -> Fingerprint {
        let rules = include_bytes!(concat!(env!("OUT_DIR"), "/rules.json"));
        let strict = [u8::from(self.options.is_strict), u8::from(self.rego.want("a.yaml"))];
        let policies = self.options.policies.iter().map(|policy| policy.text.as_bytes());
        let parts: Vec<&[u8]> = [VERSION, rules, &strict].into_iter().chain(policies).collect();
        self.identity.fingerprint(&parts)
    }

    fn rules(&self) -> Vec<Rule> {
        rule::built_in().iter().chain(&self.own).map(IacRule::describe).chain(self.rego.rules()).chain(self.queries.rules()).collect()
    }

    fn aliases(&self) -> Vec<(RuleId, Vec<String>)> {
        let built_in = rule::built_in().iter().filter(|rule| !rule.aliases.is_empty());
        built_in.map(|rule| (rule.id.clone(), rule.aliases.clone())).chain(self.rego.aliases()).collect()
    }

    fn interest(&self, file: &FileInfo) -> Interest {
        let is_read = || format::reading(file).next().is_some() || file.path.as_str().is_some_and(|path| self.queries.want(path));
        if file.in_image.is_none() && is_read() { Interest::Text } else { Interest::None }
    }

    fn visit(&self, file: &FileView<'_>, report: &mut Reporter) {
        let mut seen = Seen::default();
        format::reading(file.info()).for_each(|files| (files.look)(file, &mut seen));
        self.report(seen.drafts, report);
        seen.diagnostics.into_iter().for_each(|diagnostic| report.diagnostic(diagnostic));
        if seen.documents.is_empty() && file.path().as_str().is_some_and(|path| self.rego.want(path) || self.queries.want(path)) {
            seen.documents.push(rego::kept());
        }
        if seen.documents.is_empty() {
            return;
        }
        match postcard::to_stdvec(&seen.documents) {
            Ok(facts) => {
                report.facts(facts);
                report.keep_text();
            }
            Err(error) => {
                let diagnostic = Diagnostic::new(DiagnosticKind::Internal, format!("documents can't be kept: {error}"));
                report.diagnostic(diagnostic.at(Location::whole(file.path().clone())));
            }
        }
    }

    fn finish(&self, view: &ProjectView<'_>, report: &mut Reporter) {
        self.broken.iter().for_each(|diagnostic| report.diagnostic(diagnostic.clone()));
        // Rules are not even read where there is nothing to judge.
        if view.facts.is_empty() && self.options.plans.is_empty() {
            return;
        }
        let (project, broken) = Project::new(view, &self.options.values, &self.options.plans);
        for (path, error) in broken {
            let diagnostic = Diagnostic::new(DiagnosticKind::Internal, format!("documents can't be read back: {error}"));
            report.diagnostic(diagnostic.at(Location::whole(path.clone())));
        }
        let mut graph = format::graph_of(&project);
        if let Some(inspector) = &self.options.inspector {
            inspector.ask(&project, &graph);
        }
        let (drafts, unknown) = workflow::conclude(&project);
        self.report(drafts, report);
        unknown.into_iter().for_each(|diagnostic| report.diagnostic(diagnostic));
        let rules = rule::built_in().iter().filter(|rule| self.options.is_strict || !rule.is_strict).chain(&self.own);
        let judged = judge::judge(&graph, &project, rules, self.options.unknown);
        judged.drafts.into_iter().for_each(|(rule, draft)| self.report_of(rule, draft, report));
        let said = self.rego.run(&project);
        said.drafts.into_iter().for_each(|(rule, draft)| self.report_of(rule, draft, report));
        let (asked, unanswered) = self.queries.run(&project);
        asked.into_iter().for_each(|(rule, draft)| self.report_of(rule, draft, report));
        graph
            .take_diagnostics()
            .into_iter()
            .chain(judged.diagnostics)
            .chain(said.diagnostics)
            .chain(unanswered)
            .for_each(|diagnostic| report.diagnostic(diagnostic));
    }
}
