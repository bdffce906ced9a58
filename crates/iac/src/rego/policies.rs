//! The caller's policies in Rego: which dialect each module is in, what it wants to be asked about, and what it answers.
//!
//! - **Checks of Trivy**: modules that are annotated with `custom`, or whose package is below `builtin` or `user`. They are asked
//!   about manifests of Kubernetes, Dockerfiles, YAML and JSON, whichever they select. Those that select `cloud` want a model of
//!   resources that Trivy makes and this program does not: they are counted, and told of.
//! - **Policies of conftest**: any other module with rules named `deny`, `violation` or `warn`, alone or with `_` and more. They are
//!   asked about every document that is read.
//! - All else is a library. Modules whose rules are tests are left out.
//!
//! Everything is compiled once, together. Rules that want the same inputs are asked at once, so that what they share is evaluated
//! once; if one of them fails, each is asked by itself.

use std::collections::BTreeMap;

use bartizan_core::{ArtifactPath, ByteRange, Diagnostic, DiagnosticKind, Level, LineIndex, Location, Rule, RuleId, RuleOrigin, Severity};
use serde_json::Value as Json;

use super::{
    answer::{self, Answer},
    files::{self, DataFile, Files},
    host::{Bundle, Evaluator, Failure, Input, Limits, Problem},
    input::{self, Document, Shape, Wanted},
    module::{Annotation, Module, Selector},
    rewrite,
};
use crate::{
    PolicyText,
    format::Document as Noted,
    project::Project,
    report::Draft,
    rule::{Foreign, IacRule},
};

/// Inputs that a check of Trivy may select and gets.
const INPUTS: &[&str] = &["kubernetes", "rbac", "dockerfile", "yaml", "json"];
/// Names of rules that say what is wrong.
const NAMES: &[&str] = &["deny", "violation", "warn"];
/// So many times the limit is given to all checks that are asked together, and to one that was stopped.
const PATIENCE: u32 = 8;
/// A check that ran out of time so often is not asked any more, and a group that failed so often not at once.
const MAX_TIMEOUTS: usize = 3;
/// The rule of conftest that says which others don't count.
const EXCEPTION: &str = "exception";

/// Policies, understood but not compiled.
#[derive(Debug, Default)]
pub struct Policies {
    modules: Vec<(PolicyText, Module)>,
    data: Vec<DataFile>,
    checks: Vec<Check>,
    now_s: Option<i64>,
    limits: Limits,
    diagnostics: Vec<Diagnostic>,
}

/// A rule of Rego that says what is wrong.
#[derive(Debug)]
struct Check {
    /// What reports show of it.
    rule: IacRule,
    dialect: Dialect,
    /// The rules that are asked: `data.main.deny`.
    entries: Vec<String>,
    /// Of conftest: the rule that makes exceptions, and by what name it knows this one.
    exception: Option<(String, String)>,
    /// What it wants to be asked about; everything if there is nothing.
    selectors: Vec<Selector>,
    /// The name that its rule gets, and the one that it is written with, where several files of a package write rules of one name.
    renamed: Option<(String, String)>,
}

/// Whose rules a module holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Dialect {
    Trivy,
    Conftest,
}

/// Checks that want the same inputs.
struct Group {
    dialect: Dialect,
    selectors: Vec<Selector>,
    /// The rule that asks all of them.
    entry: String,
    checks: Vec<usize>,
}

/// What the checks say of a project.
#[derive(Debug, Default)]
pub(crate) struct Said<'r> {
    /// What is wrong.
    pub(crate) drafts: Vec<(&'r IacRule, Draft)>,
    /// What could not be asked.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Policies {
    /// Understands modules. Queries of KICS among them are not these. `now_s` is what they are told of the time, in seconds since
    /// 1970.
    #[must_use]
    pub fn new(files: &Files, now_s: Option<i64>) -> Self {
        let mut policies = Self { now_s, data: files.data.clone(), ..Self::default() };
        let mut others: BTreeMap<String, Vec<ArtifactPath>> = BTreeMap::new();
        for file in &files.modules {
            let module = Module::read(&file.text);
            if !is_test(&file.origin, &module) && !is_of_kics(&module) {
                policies.modules.push((file.clone(), module));
            }
        }
        for (file, module) in &policies.modules {
            match checks_of(file, module) {
                Understood::Checks(checks) => policies.checks.extend(checks),
                Understood::WantsOther(input) => others.entry(input).or_default().push(file.origin.clone()),
                Understood::Library => {}
            }
        }
        policies.diagnostics.extend(others.into_iter().filter_map(|(input, files)| not_asked(&input, &files)));
        policies.tell_rules_apart();
        policies.tell_names_apart();
        policies
    }

    /// Several files of a package may write rules of one name, whose answers are one. Each gets a name of its own, so that it is known
    /// which file found what. Where other rules refer to the name, the first file stands for all.
    fn tell_rules_apart(&mut self) {
        let mut by_entry: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (number, check) in self.checks.iter().enumerate().filter(|(_, check)| check.dialect == Dialect::Conftest) {
            by_entry.entry(check.entries.concat()).or_default().push(number);
        }
        let mut merged = Vec::new();
        for (entry, numbers) in by_entry.into_iter().filter(|(_, numbers)| 1 < numbers.len()) {
            let Some((package, name)) = entry.trim_start_matches("data.").rsplit_once('.') else { continue };
            let mut of_package = self.modules.iter().filter(|(_, module)| module.package == package);
            if of_package.any(|(file, _)| rewrite::is_referred_to(&file.text, name)) {
                merged.extend(numbers.into_iter().skip(1));
                continue;
            }
            for number in numbers {
                let new = format!("{name}_bartizan_{number}");
                if let Some(check) = self.checks.get_mut(number) {
                    check.entries = vec![format!("data.{package}.{new}")];
                    check.renamed = Some((new, name.to_owned()));
                }
            }
        }
        merged.sort_unstable();
        merged.into_iter().rev().for_each(|number| drop(self.checks.remove(number)));
    }

    /// Whether there is nothing to ask.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }

    /// What reports show of the checks.
    pub fn rules(&self) -> impl Iterator<Item = Rule> {
        self.checks.iter().map(|check| check.rule.describe())
    }

    /// What reports show of the checks, with what others call them.
    pub(crate) fn aliases(&self) -> impl Iterator<Item = (RuleId, Vec<String>)> {
        self.checks.iter().filter(|check| !check.rule.aliases.is_empty()).map(|check| (check.rule.id.clone(), check.rule.aliases.clone()))
    }

    /// Whether they want to be asked about a file that nobody else has noted.
    pub(crate) fn want(&self, path: &str) -> bool {
        self.wanted().data && path.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "yaml" | "yml" | "json"))
    }

    /// Two files of one name: their checks get the names of their packages, too.
    fn tell_names_apart(&mut self) {
        let mut counts: BTreeMap<RuleId, usize> = BTreeMap::new();
        for check in &self.checks {
            *counts.entry(check.rule.id.clone()).or_default() += 1;
        }
        for (number, check) in self.checks.iter_mut().enumerate() {
            if 1 < counts.get(&check.rule.id).copied().unwrap_or_default() {
                let entry = check.entries.first().map(|entry| entry.trim_start_matches("data.")).unwrap_or_default();
                let id = format!("{}:{entry}-{number}", check.rule.id);
                check.rule.id = id.parse().unwrap_or_default();
            }
        }
    }

    fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::default();
        for check in &self.checks {
            let selects =
                |names: &[&str]| check.selectors.is_empty() || check.selectors.iter().any(|of| names.contains(&of.input.as_str()));
            wanted.data |= selects(&["kubernetes", "rbac", "yaml", "json"]);
            wanted.dockerfiles |= selects(&["dockerfile"]);
            wanted.terraform |= check.dialect == Dialect::Conftest;
        }
        wanted
    }

    /// Asks all checks about all documents.
    pub(crate) fn run(&self, project: &Project<'_>) -> Said<'_> {
        let mut said = Said { drafts: Vec::new(), diagnostics: self.diagnostics.clone() };
        if self.checks.is_empty() {
            return said;
        }
        let groups = self.groups();
        let bundle = self.compiled(&groups, &mut said.diagnostics);
        let mut asking = Asking {
            policies: self,
            groups: &groups,
            project,
            evaluator: bundle.evaluator(),
            failures: BTreeMap::new(),
            given_up: BTreeMap::new(),
            apart: BTreeMap::new(),
            said,
        };
        let wanted = self.wanted();
        for (number, file) in project.numbered() {
            let (documents, left_out) = input::documents(number, file, wanted);
            if let Some(reason) = left_out {
                let diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, reason);
                asking.said.diagnostics.push(diagnostic.at(Location::whole(file.path.clone())));
            }
            documents.iter().for_each(|document| asking.ask(document));
        }
        asking.finish()
    }

    fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (number, check) in self.checks.iter().enumerate() {
            let known = groups.iter_mut().find(|group| group.dialect == check.dialect && group.selectors == check.selectors);
            match known {
                Some(group) => group.checks.push(number),
                None => {
                    let entry = format!("data.bartizan.group_{}.answers", groups.len());
                    groups.push(Group { dialect: check.dialect, selectors: check.selectors.clone(), entry, checks: vec![number] });
                }
            }
        }
        groups
    }

    fn compiled(&self, groups: &[Group], diagnostics: &mut Vec<Diagnostic>) -> Bundle {
        let mut bundle = Bundle::new(self.limits);
        if let Some(now_s) = self.now_s {
            bundle = bundle.with_time(now_s);
        }
        for (file, _) in &self.modules {
            let is_here = |check: &&Check| matches!(&check.rule.origin, RuleOrigin::File(origin) if *origin == file.origin);
            let renamed = self.checks.iter().filter(is_here).filter_map(|check| check.renamed.as_ref());
            let text = renamed.fold(file.text.clone(), |text, (new, name)| rewrite::with_heads_renamed(&text, name, new));
            bundle.add_module(&file.origin.to_string(), &text);
        }
        for (number, group) in groups.iter().enumerate() {
            bundle.add_module(&format!("group_{number}.rego"), &self.module_of(number, group));
        }
        // Checks of Trivy lie among samples that are no data.
        if self.checks.iter().any(|check| check.dialect == Dialect::Conftest) {
            let (data, told) = files::merged(&self.data);
            bundle.add_data(&Json::Object(data));
            diagnostics.extend(told);
        }
        bundle.compile();
        diagnostics.extend(bundle.problems().iter().map(|problem| self.diagnostic_of(problem)));
        bundle
    }

    /// A module whose only rule has the answers of all checks of a group, by the number of check and entry.
    fn module_of(&self, number: usize, group: &Group) -> String {
        let mut text = format!("package bartizan.group_{number}\n");
        for &number in &group.checks {
            for (which, entry) in self.checks.get(number).into_iter().flat_map(|check| check.entries.iter().enumerate()) {
                text.push_str(&format!("answers[\"{number} {which}\"] = x {{ x := {entry} }}\n"));
            }
        }
        text
    }

    fn diagnostic_of(&self, problem: &Problem) -> Diagnostic {
        let diagnostic = Diagnostic::new(DiagnosticKind::Rule, format!("Rego: {}", problem.message));
        let file = self.modules.iter().map(|(file, _)| file).find(|file| file.origin.to_string() == *problem.file);
        match file {
            Some(file) => diagnostic.at(place_in(file, problem.line, problem.column)),
            None => diagnostic,
        }
    }
}

/// Asks checks about one document after another.
struct Asking<'r, 'a, 'p> {
    policies: &'r Policies,
    groups: &'a [Group],
    project: &'a Project<'p>,
    evaluator: Evaluator,
    /// Why checks had no answer, and about which documents: the first, and how many.
    failures: BTreeMap<(usize, String), (Failure, String, usize)>,
    /// How often checks ran out of time.
    given_up: BTreeMap<usize, usize>,
    /// How often groups could not be asked at once.
    apart: BTreeMap<String, usize>,
    said: Said<'r>,
}

impl<'r> Asking<'r, '_, '_> {
    fn ask(&mut self, document: &Document) {
        let mut inputs: BTreeMap<Dialect, Input> = BTreeMap::new();
        for group in self.groups {
            if !selects(&group.selectors, &document.shape) {
                continue;
            }
            let input = inputs.entry(group.dialect).or_insert_with(|| match group.dialect {
                Dialect::Trivy => input::for_trivy(document, self.project),
                Dialect::Conftest => input::plain(document),
            });
            self.evaluator.set_shared_input(input);
            self.ask_group(group, document);
        }
    }

    fn ask_group(&mut self, group: &Group, document: &Document) {
        let policies = self.policies;
        let together = self.together(&group.entry);
        for &number in &group.checks {
            let Some(check) = policies.checks.get(number) else { continue };
            for (which, entry) in check.entries.iter().enumerate() {
                let answer = match &together {
                    Some(answers) => answers.as_ref().and_then(|answers| answers.get(format!("{number} {which}"))).cloned(),
                    None if self.given_up.get(&number).is_some_and(|n_times| MAX_TIMEOUTS <= *n_times) => None,
                    None => match self.alone(entry) {
                        Ok(answer) => answer,
                        // Its module was left out, which was told of.
                        Err(Failure::NoRule) => None,
                        Err(failure) => {
                            *self.given_up.entry(number).or_default() += usize::from(matches!(failure, Failure::Timeout(_)));
                            self.failed(number, failure, document);
                            None
                        }
                    },
                };
                let Some(answer) = answer else { continue };
                if self.is_excepted(check) {
                    continue;
                }
                for answer in answer::all(&answer) {
                    self.found(check, &answer, document);
                }
            }
        }
    }

    /// Asks all checks of a group at once; nothing if one of them fails, or if that happened too often.
    fn together(&mut self, entry: &str) -> Option<Option<Json>> {
        if self.apart.get(entry).is_some_and(|n_times| MAX_TIMEOUTS <= *n_times) {
            return None;
        }
        let answers = self.evaluator.eval_within(entry, self.policies.limits.time.saturating_mul(PATIENCE)).ok();
        if answers.is_none() {
            *self.apart.entry(entry.to_owned()).or_default() += 1;
        }
        answers
    }

    /// Asks one rule. The timer is a clock on the wall: a rule that was stopped while others used the processor gets more time once.
    fn alone(&mut self, entry: &str) -> Result<Option<Json>, Failure> {
        match self.evaluator.eval(entry) {
            Err(Failure::Timeout(limit)) => {
                let again = self.evaluator.eval_within(entry, limit.saturating_mul(PATIENCE));
                again.map_err(|failure| if matches!(failure, Failure::Timeout(_)) { Failure::Timeout(limit) } else { failure })
            }
            other => other,
        }
    }

    fn found(&mut self, check: &'r Check, answer: &Answer, document: &Document) {
        if let Some(draft) = answer::draft(answer, &check.rule, document, self.project) {
            self.said.drafts.push((&check.rule, draft));
        }
    }

    /// Whether the policies say that a rule of theirs does not count for this input.
    fn is_excepted(&mut self, check: &Check) -> bool {
        let Some((exception, name)) = &check.exception else { return false };
        let Ok(Some(exceptions)) = self.evaluator.eval(exception) else { return false };
        let lists = exceptions.as_array().map(Vec::as_slice).unwrap_or_default();
        lists.iter().flat_map(|list| list.as_array().map(Vec::as_slice).unwrap_or_default()).any(|excepted| excepted.as_str() == Some(name))
    }

    fn failed(&mut self, check: usize, failure: Failure, document: &Document) {
        let file = self.project.files.get(document.value.place.file as usize).map(|file| file.path.to_string()).unwrap_or_default();
        let failures = self.failures.entry((check, failure.to_string())).or_insert((failure, file, 0));
        failures.2 += 1;
    }

    fn finish(mut self) -> Said<'r> {
        for ((check, reason), (failure, file, n_documents)) in self.failures {
            let Some(check) = self.policies.checks.get(check) else { continue };
            let kind = if matches!(failure, Failure::Timeout(_)) { DiagnosticKind::PolicyTimeout } else { DiagnosticKind::Rule };
            let more = if n_documents == 1 { String::new() } else { format!(" and {} more documents", n_documents - 1) };
            let is_given_up = matches!(failure, Failure::Timeout(_)) && MAX_TIMEOUTS <= n_documents;
            let end = if is_given_up { "; it was not asked about others" } else { "" };
            let message = format!("the policy `{}` gave no answer about `{file}`{more}: {reason}{end}", check.rule.id);
            let mut diagnostic = Diagnostic::new(kind, message);
            diagnostic.level = Level::Incomplete;
            let place = match &failure {
                Failure::Broken(problem) => Some((problem.file.to_string(), problem.line, problem.column)),
                _ => match &check.rule.origin {
                    RuleOrigin::File(path) => Some((path.to_string(), 1, 1)),
                    RuleOrigin::BuiltIn => None,
                },
            };
            let file = place.and_then(|(path, line, column)| {
                let (file, _) = self.policies.modules.iter().find(|(file, _)| file.origin.to_string() == path)?;
                Some(place_in(file, line, column))
            });
            self.said.diagnostics.push(match file {
                Some(location) => diagnostic.at(location),
                None => diagnostic,
            });
        }
        self.said
    }
}

/// What a module is to the engine.
enum Understood {
    Checks(Vec<Check>),
    /// A check that wants inputs which are not made.
    WantsOther(String),
    Library,
}

/// Whether a module holds tests only.
pub(super) fn is_test(origin: &ArtifactPath, module: &Module) -> bool {
    let is_named_so = origin.as_str().is_some_and(|path| path.ends_with("_test.rego"));
    is_named_so || !module.rules.is_empty() && module.rules.iter().all(|(name, _)| name.starts_with("test_"))
}

/// Whether a module is a query of KICS, or code for queries.
fn is_of_kics(module: &Module) -> bool {
    module.has_rule("CxPolicy") || module.package == "Cx" || module.package.starts_with("generic.")
}

fn checks_of(file: &PolicyText, module: &Module) -> Understood {
    let about = module.about.clone().unwrap_or_default();
    if about.is_library {
        return Understood::Library;
    }
    let named: Vec<&str> = module.rules.iter().map(|(name, _)| name.as_str()).filter(|name| says_what_is_wrong(name)).collect();
    if named.is_empty() {
        return Understood::Library;
    }
    let is_of_trivy = about.is_custom || module.package.starts_with("builtin.") || module.package.starts_with("user.");
    if !is_of_trivy {
        return Understood::Checks(named.iter().map(|name| of_conftest(file, module, name)).collect());
    }
    let is_made = |selector: &&Selector| INPUTS.contains(&selector.input.as_str());
    let selectors: Vec<Selector> = about.selectors.iter().filter(is_made).cloned().collect();
    match about.selectors.first() {
        Some(selector) if selectors.is_empty() => Understood::WantsOther(selector.input.clone()),
        Some(_) | None => Understood::Checks(vec![of_trivy(file, module, &about, &named, selectors)]),
    }
}

/// Whether a rule of this name says what is wrong: `deny`, `deny_run_as_root`.
fn says_what_is_wrong(name: &str) -> bool {
    NAMES.iter().any(|known| name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')))
}

fn of_trivy(file: &PolicyText, module: &Module, about: &Annotation, names: &[&str], selectors: Vec<Selector>) -> Check {
    let is_warning = names.iter().all(|name| name.starts_with("warn"));
    let usual = if is_warning { Severity::Low } else { Severity::Medium };
    Check {
        rule: rule_of(file, about, &module.package, usual),
        dialect: Dialect::Trivy,
        entries: names.iter().map(|name| format!("data.{}.{name}", module.package)).collect(),
        exception: None,
        selectors,
        renamed: None,
    }
}

fn of_conftest(file: &PolicyText, module: &Module, name: &str) -> Check {
    let about = module.of_rule(name).or(module.about.as_ref()).cloned().unwrap_or_default();
    let usual = if name.starts_with("warn") { Severity::Low } else { Severity::High };
    let stem = file.origin.as_str().and_then(|path| path.rsplit('/').next()).map_or("", |name| name.trim_end_matches(".rego"));
    let known_as = name.split_once('_').map_or("", |(_, rest)| rest);
    Check {
        rule: rule_of(file, &about, &format!("{stem}.{name}"), usual),
        dialect: Dialect::Conftest,
        entries: vec![format!("data.{}.{name}", module.package)],
        exception: module.has_rule(EXCEPTION).then(|| (format!("data.{}.{EXCEPTION}", module.package), known_as.to_owned())),
        selectors: Vec::new(),
        renamed: None,
    }
}

fn rule_of(file: &PolicyText, about: &Annotation, name: &str, usual: Severity) -> IacRule {
    let id = about.id.as_deref().and_then(|id| id.parse().ok()).or_else(|| name.parse().ok()).unwrap_or_default();
    let title = about.title.clone().unwrap_or_else(|| format!("Policy `{name}`"));
    let mut rule = IacRule::of_foreign(Foreign {
        id,
        why: about.description.clone().unwrap_or_else(|| "A policy of yours forbids it.".to_owned()),
        fix: about.action.clone().unwrap_or_else(|| "Change what the message names.".to_owned()),
        title,
        severity: about.severity.unwrap_or(usual),
        references: about.references.iter().filter(|address| address.starts_with("https://")).cloned().collect(),
        cwe: Vec::new(),
        origin: file.origin.clone(),
        tags: Vec::new(),
    });
    rule.aliases.clone_from(&about.aliases);
    rule
}

/// Whether a document is what selectors ask for.
fn selects(selectors: &[Selector], shape: &Shape) -> bool {
    selectors.is_empty()
        || selectors.iter().any(|selector| match (selector.input.as_str(), shape) {
            ("kubernetes" | "rbac", Shape::Manifest(kind)) => selector.kinds.is_empty() || selector.kinds.contains(kind),
            ("yaml", Shape::Yaml | Shape::Manifest(_)) | ("json", Shape::Json) | ("dockerfile", Shape::Dockerfile) => true,
            _ => false,
        })
}

/// That checks want something that is not made.
fn not_asked(input: &str, files: &[ArtifactPath]) -> Option<Diagnostic> {
    let first = files.first()?;
    let message = match files.len() {
        1 => format!("the check `{first}` is not run: its input is `{input}`, which is not made for policies in Rego"),
        n_files => {
            format!("{n_files} checks are not run, `{first}` among them: their input is `{input}`, which is not made for policies in Rego")
        }
    };
    let diagnostic = Diagnostic::new(DiagnosticKind::Rule, message);
    Some(Diagnostic { level: Level::Note, ..diagnostic }.with_help("docs/iac-policies.md says which inputs there are"))
}

fn place_in(file: &PolicyText, line: u32, column: u32) -> Location {
    let lines = LineIndex::new(&file.text);
    let range = lines.line_range(&file.text, line);
    let characters = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let text = file.text.get(range.start()..range.end()).unwrap_or_default();
    let offset = text.char_indices().nth(characters).map_or(0, |(offset, _)| offset);
    let start = range.start() + offset;
    Location::within(file.origin.clone(), ByteRange::new(start, start), &file.text, &lines)
}

/// What the engine keeps of a file for policies only.
pub(crate) fn kept() -> Noted {
    Noted::Companion
}
