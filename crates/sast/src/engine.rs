//! The engine `sast`: an [`Analyzer`] over a compiled plan.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use bartizan_core::{
    ByteRange, Confidence, Diagnostic, DiagnosticKind, Edit, EngineId, Excerpt, Finding, Fingerprint, Fix, FixSafety, FlowStep,
    IdentityKey, Level, Limit, Location, Rule, RuleOrigin,
};
use bartizan_source::{Analyzer, FileInfo, FileView, Interest, ProjectView, Reporter};
use bartizan_syntax::Trees;

use crate::{
    lower::{self, LANGUAGES, Language},
    pack,
    plan::{KeptPatterns, Plan, TEXT},
    project::{Family, configured, family_of, finish},
    rule::{SastRule, Value},
    run::{self, Match},
    taint::{MAX_OPEN_STEPS, StepRole},
};

/// The engine's short name.
pub const ID: EngineId = EngineId("sast");

/// The largest file that is analyzed, in bytes; Semgrep's own default.
pub const MAX_FILE_BYTES: usize = 1_000_000;

/// Which rules an engine runs.
#[derive(Debug)]
pub struct Rules {
    /// Whether the rules that the binary carries are among them.
    pub built_in: bool,
    /// Rules of the caller's, and where they come from; one of the same id takes the place of a built-in rule.
    pub own: Vec<(SastRule, RuleOrigin)>,
    /// What tells these rules of the caller's from others: a hash of their texts, and of the day if they ask for it.
    pub version: Fingerprint,
    /// What rules that compare with `today()` take for now, in seconds since 1970.
    pub now_s: i64,
    /// Patterns that were compiled before; those that are compiled for a scan are added.
    pub patterns: Arc<KeptPatterns>,
    /// How far data is followed.
    pub reach: Reach,
}

/// How far the data of taint rules is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// Within each file alone.
    File,
    /// From file to file, in languages whose files call each other.
    #[default]
    Project,
}

/// Finds weaknesses in source code with rules of Semgrep's format.
///
/// Rules are compiled for a language when the first file of it is met.
#[derive(Debug)]
pub struct SastEngine {
    built_in: bool,
    own: Vec<Arc<SastRule>>,
    /// Where these come from, in the same order.
    origins: Vec<RuleOrigin>,
    own_version: Fingerprint,
    now_s: i64,
    patterns: Arc<KeptPatterns>,
    reach: Reach,
    /// One for each language, and one for text of any kind.
    plans: Vec<(&'static str, OnceLock<Plan>)>,
    /// The taint rules of languages whose files call each other.
    families: Vec<(&'static str, OnceLock<Family>)>,
    /// Fingerprints hold no secret: code is known to whoever scans it. They are the same wherever they are made.
    identity: IdentityKey,
}

impl SastEngine {
    /// An engine that runs some rules.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        let names = LANGUAGES.iter().map(|language| language.name).chain([TEXT]);
        let (own, origins) = rules.own.into_iter().map(|(rule, origin)| (Arc::new(rule), origin)).unzip();
        Self {
            built_in: rules.built_in,
            own,
            origins,
            own_version: rules.version,
            now_s: rules.now_s,
            patterns: rules.patterns,
            reach: rules.reach,
            plans: names.map(|name| (name, OnceLock::new())).collect(),
            families: LANGUAGES.iter().filter_map(|language| family_of(language.name)).map(|(name, _)| (name, OnceLock::new())).collect(),
            identity: IdentityKey::derive(b"bartizan-sast"),
        }
    }

    /// The plan of a language, or of text of any kind.
    fn plan(&self, name: &'static str) -> Option<&Plan> {
        let (name, plan) = self.plans.iter().find(|(known, _)| *known == name)?;
        let plan = plan.get_or_init(|| {
            let is_replaced = |rule: &Arc<SastRule>| self.own.iter().any(|own| own.id == rule.id);
            let built_in = if self.built_in { pack::rules_for(name) } else { &[] };
            let rules = built_in.iter().filter(|rule| !is_replaced(rule)).chain(&self.own).cloned();
            Plan { now_s: self.now_s, ..Plan::compile_for(rules, pack::models(), Some(name), Some(self.patterns.clone())) }
        });
        Some(plan)
    }

    fn has_rules_for_text(&self) -> bool {
        let is_for_text = |rule: &SastRule| rule.languages.iter().any(|language| language.is_text());
        self.own.iter().any(|rule| is_for_text(rule)) || (self.built_in && !pack::rules_for(TEXT).is_empty())
    }

    /// Runs what there is for a language, or for text of any kind.
    fn run(&self, name: &'static str, language: Option<&'static Language>, file: &FileView<'_>, text: &str, report: &mut Reporter) {
        let Some(plan) = self.plan(name) else { return };
        let path = file.path().to_string();
        let chosen: Vec<usize> =
            plan.rules.iter().enumerate().filter(|(_, planned)| planned.is_for(&path)).map(|(index, _)| index).collect();
        if chosen.is_empty() {
            return;
        }
        let outcome = run::run(plan, &chosen, text, &file.shared::<Trees>(), language, self.family(name));
        let place = |range: (u32, u32)| file.location(ByteRange::new(range.0 as usize, range.1 as usize));
        if let Some(error) = outcome.unparsed {
            let diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, format!("the file is not parsed: {error}"));
            report.diagnostic(diagnostic.at(Location::whole(file.path().clone())));
        }
        if let Some(first) = outcome.opaque.first() {
            let n_bytes: u32 = outcome.opaque.iter().map(|(start, end)| end - start).sum();
            let reason =
                format!("{} of the file could not be parsed, {n_bytes} bytes: matches may be missing", parts(outcome.opaque.len()));
            report.diagnostic(Diagnostic::new(DiagnosticKind::PartlyParsed, reason).at(place(*first)));
        }
        if outcome.is_followed_alone {
            let limit = Limit { name: "max-steps-across-files".to_owned(), value: MAX_OPEN_STEPS };
            let reason = "the file takes too many steps: data is followed in it, but not from and to other files";
            let diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, reason).because_of(limit);
            report.diagnostic(
                diagnostic.at(Location::whole(file.path().clone())).with_help("exclude the file if it is a library or generated"),
            );
        }
        for index in outcome.cut {
            let id = plan.rules.get(index).map_or("", |planned| planned.rule.id.as_str());
            let reason = format!("the rule `{id}` reached a limit in this file: matches may be missing");
            report.diagnostic(Diagnostic::new(DiagnosticKind::EngineLimit, reason).at(Location::whole(file.path().clone())));
        }
        // The same code in the same file for the same rule is told apart by its order, found or pending.
        let mut all: Vec<(Match, Option<(usize, usize)>)> = outcome.matches.into_iter().map(|found| (found, None)).collect();
        all.extend(outcome.pending.into_iter().map(|(flow, sink, found)| (found, Some((flow, sink)))));
        all.sort_by_key(|(found, pending)| (found.range, found.rule, *pending));
        let mut facts = outcome.facts;
        let mut n_same: BTreeMap<Fingerprint, u32> = BTreeMap::new();
        for (found, pending) in all {
            let code = normalized(text, found.range);
            let Some(planned) = plan.rules.get(found.rule) else { continue };
            let mut finding = self.finding(&planned.rule, file, found);
            let same = self.identity.fingerprint(&[b"sast", planned.rule.id.as_str().as_bytes(), path.as_bytes(), code.as_bytes()]);
            let n = n_same.entry(same).or_default();
            finding.fingerprint = self.identity.fingerprint(&[&same.0, &n.to_le_bytes()]);
            *n += 1;
            let Some((flow, sink)) = pending else {
                report.finding(finding);
                continue;
            };
            let number = report.pending(finding);
            let sinks = facts.as_mut().and_then(|facts| facts.flows.get_mut(flow)).map(|flow| &mut flow.sinks);
            if let Some(sink) = sinks.and_then(|sinks| sinks.get_mut(sink)) {
                sink.pending = number.unwrap_or(u32::MAX);
            }
        }
        if let Some(encoded) = facts.and_then(|facts| postcard::to_allocvec(&facts).ok()) {
            report.facts(encoded);
        }
    }

    /// The taint rules of the languages that a language shares flow with; nothing if flow is not followed across its files.
    fn family(&self, language: &str) -> Option<&Family> {
        if self.reach == Reach::File {
            return None;
        }
        let (name, languages) = family_of(language)?;
        let (_, family) = self.families.iter().find(|(known, _)| *known == name)?;
        let family = family.get_or_init(|| {
            let is_replaced = |rule: &SastRule| self.own.iter().any(|own| own.id == rule.id);
            let built_in = languages.iter().filter(|_| self.built_in).flat_map(|language| pack::rules_for(language));
            Family::new(built_in.filter(|rule| !is_replaced(rule)).chain(&self.own).map(|rule| &**rule))
        });
        (0 < family.n_passes()).then_some(family)
    }

    fn finding(&self, rule: &SastRule, file: &FileView<'_>, found: Match) -> Finding {
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
            safety: safety(rule),
            edits: vec![Edit {
                artifact: file.path().clone(),
                range: ByteRange::new(fix.range.0 as usize, fix.range.1 as usize),
                replacement: fix.text.clone(),
            }],
        });
        Finding {
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
        }
    }
}

impl Analyzer for SastEngine {
    fn id(&self) -> EngineId {
        ID
    }

    fn version(&self) -> Fingerprint {
        let built_in = if self.built_in { pack::version() } else { Fingerprint([0; 16]) };
        let reach: &[u8] = match self.reach {
            Reach::File => b"file",
            Reach::Project => b"project",
        };
        self.identity.fingerprint(&[&built_in.0, &self.own_version.0, reach])
    }

    fn rules(&self) -> Vec<Rule> {
        let built_in = self.built_in.then(pack::built_in).into_iter().flatten();
        let is_replaced = |rule: &SastRule| self.own.iter().any(|own| own.id == rule.id);
        let built_in = built_in.filter(|rule| !is_replaced(rule)).map(described);
        let own = self.own.iter().zip(&self.origins).map(|(rule, origin)| Rule { origin: origin.clone(), ..described(rule) });
        built_in.chain(own).collect()
    }

    fn interest(&self, file: &FileInfo) -> Interest {
        // A script without an extension shows its language only once it is read.
        let may_be_code = file.language.is_none() || language_of(file).is_some();
        if may_be_code || self.has_rules_for_text() { Interest::Text } else { Interest::None }
    }

    fn visit(&self, file: &FileView<'_>, report: &mut Reporter) {
        let Some(text) = file.text() else { return };
        if let Some(encoded) =
            configured(&String::from_utf8_lossy(file.path().file_name()), text).and_then(|facts| postcard::to_allocvec(&facts).ok())
        {
            report.facts(encoded);
        }
        let language = language_in(file);
        let has_rules_for_text = self.has_rules_for_text();
        if language.is_none() && !has_rules_for_text {
            return;
        }
        if MAX_FILE_BYTES < text.len() || file.is_minified() {
            let diagnostic = if file.is_minified() {
                // Nobody writes such a file: it is good to know, and no gap in the analysis of what people write.
                let diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, "a minified file is not analyzed as code");
                Diagnostic { level: Level::Note, ..diagnostic }
            } else {
                let limit = Limit { name: "max-code-bytes".to_owned(), value: u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX) };
                Diagnostic::new(DiagnosticKind::EngineLimit, "the file is too large to be analyzed as code").because_of(limit)
            };
            report.diagnostic(diagnostic.at(Location::whole(file.path().clone())).with_help("analyze what it was made from"));
            return;
        }
        if let Some(language) = language {
            self.run(language.name, Some(language), file, text, report);
        }
        if has_rules_for_text {
            self.run(TEXT, None, file, text, report);
        }
    }

    fn finish(&self, project: &ProjectView<'_>, report: &mut Reporter) {
        finish(project, report);
    }
}

/// A rule's author vouches for its fix, or a person looks at it: `fix-safety: safe` in its metadata.
fn safety(rule: &SastRule) -> FixSafety {
    let is_safe = rule.metadata.raw.iter().any(|(key, value)| key == "fix-safety" && matches!(value, Value::Text(text) if text == "safe"));
    if is_safe { FixSafety::Safe } else { FixSafety::NeedsReview }
}

/// What reports show of a rule.
pub(crate) fn described(rule: &SastRule) -> Rule {
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
        origin: RuleOrigin::BuiltIn,
        aliases: Vec::new(),
        topic: None,
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
