//! The engines that this program has, and how the command line chooses among them and their rules.

use std::{collections::BTreeSet, path::PathBuf};

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind, IdentityKey, Level, Location, RuleOrigin};
use bartizan_deps::{DepsEngine, Sources, hygiene, licence};
use bartizan_iac::{self as iac, IacEngine};
use bartizan_sast::{Rules, SastEngine, rule::SastRule};
use bartizan_scan::{CacheSettings, DepsSettings, LicenceException, LicenceLists, LicenceSettings, UnknownLicence};
use bartizan_secrets::{
    Options, SecretsEngine,
    rule::{self, SecretRule},
};
use bartizan_source::Analyzer;

use crate::{
    advisories,
    args::{EngineArgs, UnknownOutcome},
    catalog,
    failure::{Failure, Failures, Outcome},
    gitleaks_rules, iac_policies,
    identity::Identity,
    rule_cache::RuleCache,
    rule_files::{self, Dialect, RuleText},
    sast_rules, session, vex_files,
};

const SECONDS_PER_DAY: i64 = 86_400;

/// Their short names, as `--only` and `--skip` take them.
pub(crate) const NAMES: [&str; 4] = ["secrets", "sast", "deps", "iac"];

/// What the engines are given beside their rules.
pub(crate) struct Circumstances<'a> {
    /// The key under which secrets get their identity.
    pub(crate) identity: &'a Identity,
    /// Whether findings carry secrets.
    pub(crate) keeps_secrets: bool,
    /// The lines of `.gitleaksignore` that hold.
    pub(crate) gitleaks_ignored: BTreeSet<String>,
    /// How much of the project is looked at.
    pub(crate) sources: Sources,
    /// What the project says about its supply chain.
    pub(crate) deps: DepsSettings,
    /// Where compiled rules are kept, if they are.
    pub(crate) cache: Option<CacheSettings>,
}

/// The engines, and what is to be said about their rules.
pub(crate) struct Engines {
    /// The chosen engines, ready.
    pub(crate) analyzers: Vec<Box<dyn Analyzer>>,
    /// What is wrong with single rules in folders of them, whose other rules run.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The rules for code, to be saved once the engines have run.
    pub(crate) rules: RuleCache,
}

/// The caller's rules, by engine.
struct Own {
    /// Rules for credentials: they run beside the built-in ones.
    secrets: Vec<SecretRule>,
    /// Configuration of gitleaks.
    gitleaks: Vec<gitleaks_rules::Understood>,
    /// Rules for code.
    sast: Vec<(SastRule, RuleOrigin)>,
    /// The texts that the rules for code were read from.
    sast_texts: Vec<RuleText>,
    /// Policies of Checkov, queries of KICS and what belongs to them: they run beside the built-in rules.
    policies: Vec<iac::PolicyText>,
    /// Policies in Rego, likewise.
    rego: iac::rego::Files,
    rules: RuleCache,
    diagnostics: Vec<Diagnostic>,
}

/// Makes the chosen engines ready. Rules in a format that others made take the place of all built-in rules, unless both are
/// asked for: whoever names them wants to see what they find.
pub(crate) fn build(args: &EngineArgs, circumstances: &Circumstances<'_>) -> Outcome<Engines> {
    let is_chosen = |name: &str| {
        let is_in = |names: &[String]| names.iter().any(|chosen| chosen == name);
        if args.only.is_empty() { !is_in(&args.skip) } else { is_in(&args.only) }
    };
    let mut own = Own::read(args, circumstances.cache.clone())?;
    let is_built_in = args.built_in_rules || (own.gitleaks.is_empty() && own.sast_texts.is_empty());
    let mut analyzers: Vec<Box<dyn Analyzer>> = Vec::new();
    if is_chosen("secrets") {
        let mut rules = if is_built_in { rule::built_in() } else { Vec::new() };
        for rule in own.secrets {
            add(&mut rules, rule);
        }
        let options = Options { keep_values: circumstances.keeps_secrets, ..Options::new(circumstances.identity.key.clone()) };
        if !rules.is_empty() {
            analyzers.push(Box::new(SecretsEngine::new(rules, options.clone())));
        }
        for understood in own.gitleaks {
            analyzers.push(Box::new(understood.into_engine(circumstances.gitleaks_ignored.clone(), options.clone())));
        }
    }
    if is_chosen("sast") && (is_built_in || !own.sast.is_empty()) {
        let texts: Vec<&[u8]> = own.sast_texts.iter().map(|text| text.text.as_bytes()).collect();
        let now_s = session::now_s();
        // What such rules find depends on the day, and what is cached too.
        let day = if own.sast_texts.iter().any(|text| text.text.contains("today(")) { now_s / SECONDS_PER_DAY } else { 0 };
        let day = day.to_le_bytes();
        let parts: Vec<&[u8]> = texts.into_iter().chain([day.as_slice()]).collect();
        let version = IdentityKey::derive(b"bartizan-sast rules of the caller").fingerprint(&parts);
        analyzers.push(Box::new(SastEngine::new(Rules {
            built_in: is_built_in,
            own: own.sast,
            version,
            now_s,
            patterns: own.rules.patterns.clone(),
            reach: args.flow.into(),
        })));
    }
    if is_chosen("deps") {
        let folder = args.advisories.clone().or_else(advisories::default_folder).filter(|_| !args.is_inventory);
        let advisories = folder.as_deref().map(advisories::open).transpose()?;
        let vex_files::Found { files, diagnostics } = vex_files::read(&args.vex)?;
        own.diagnostics.extend(diagnostics);
        let engine = DepsEngine::new(advisories, circumstances.sources).with_statements(files);
        analyzers.push(Box::new(engine.with_hygiene(hygiene(&circumstances.deps))));
    }
    if is_chosen("iac") {
        analyzers.push(Box::new(IacEngine::new(iac::Options { policies: own.policies, rego: own.rego, ..iac_options(args)? })));
    }
    Ok(Engines { analyzers, diagnostics: own.diagnostics, rules: own.rules })
}

/// What the engine for infrastructure code is told.
fn iac_options(args: &EngineArgs) -> Outcome<iac::Options> {
    let values = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
        let name = path.to_string_lossy();
        iac::terraform::Values::parse(&name, &text).map_err(|(at, reason)| {
            let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
            let failure = Failure::bad_input("bad-values", format!("`{}`, line {line}: {reason}", crate::text::path(path)));
            Failures::from(failure.with_help("a file of values has lines such as `name = \"value\"`"))
        })
    };
    let plan = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
        iac::terraform::Plan::parse(&text).map_err(|reason| {
            let failure = Failure::bad_input("bad-plan", format!("`{}` is no plan: {reason}", crate::text::path(path)));
            Failures::from(failure.with_help("write one with `terraform show -json PLAN > plan.json`"))
        })
    };
    Ok(iac::Options {
        is_strict: args.strict_rules,
        unknown: match args.unknown {
            UnknownOutcome::Fail => iac::UnknownPolicy::Fail,
            UnknownOutcome::Note => iac::UnknownPolicy::Note,
            UnknownOutcome::Hide => iac::UnknownPolicy::Hide,
        },
        values: args.var_file.iter().map(values).collect::<Outcome<_>>()?,
        plans: args.plan.iter().map(plan).collect::<Outcome<_>>()?,
        inspector: args.inspector.clone(),
        policies: Vec::new(),
        rego: iac::rego::Files::default(),
        now_s: Some(session::now_s()),
    })
}

/// What the engine is told of the project's settings.
fn hygiene(deps: &DepsSettings) -> hygiene::Settings {
    hygiene::Settings {
        internal: deps.internal.clone(),
        registries: deps.registries.clone(),
        cool_down_days: deps.cool_down_days,
        licences: deps.licences.as_ref().map(licences),
        today: Some(session::now_s().div_euclid(SECONDS_PER_DAY)),
    }
}

fn licences(settings: &LicenceSettings) -> licence::Policy {
    let lists = |lists: &LicenceLists| licence::Lists {
        allow: lists.allow.clone(),
        deny: lists.deny.clone(),
        ask: lists.ask.clone(),
        unknown: lists.unknown.map(|unknown| match unknown {
            UnknownLicence::Allow => licence::Unknown::Allow,
            UnknownLicence::Ask => licence::Unknown::Ask,
            UnknownLicence::Deny => licence::Unknown::Deny,
        }),
    };
    let exception =
        |exception: &LicenceException| licence::Exception { package: exception.package.clone(), reason: exception.reason.clone() };
    licence::Policy {
        lists: lists(&settings.lists),
        scopes: settings.scopes.iter().map(|(scope, of_scope)| (*scope, lists(of_scope))).collect(),
        exceptions: settings.exceptions.iter().map(exception).collect(),
    }
}

impl Own {
    fn read(args: &EngineArgs, cache: Option<CacheSettings>) -> Outcome<Self> {
        let defaults = args.gitleaks_defaults.as_deref().map(rule_files::read_file).transpose()?;
        let files = rule_files::read(&args.rules)?;
        let (mut secrets, mut gitleaks, mut sast_texts, mut policies) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut failures = Vec::new();
        let mut rego = iac::rego::Files { modules: Vec::new(), data: files.data.into_iter().map(iac_policies::data_of).collect() };
        for text in files.texts {
            match text.dialect {
                Dialect::Bartizan => match catalog::parse(&text) {
                    Ok(rule) => secrets.push(rule),
                    Err(Failures(found)) => failures.extend(found),
                },
                Dialect::Gitleaks => match gitleaks_rules::understand(&text, defaults.as_ref().map(|defaults| defaults.text.as_str())) {
                    Ok(understood) => gitleaks.push(understood),
                    Err(Failures(found)) => failures.extend(found),
                },
                Dialect::Semgrep => sast_texts.push(text),
                Dialect::Checkov => match iac_policies::text_of(text) {
                    Ok(policy) => policies.push(policy),
                    Err(Failures(found)) => failures.extend(found),
                },
                Dialect::Kics => policies.push(iac_policies::module(text)),
                Dialect::Rego => match iac_policies::module_of(text) {
                    Ok(module) => rego.modules.push(module),
                    Err(Failures(found)) => failures.extend(found),
                },
            }
        }
        let rules = RuleCache::open(cache, &session::build_stamp(), &sast_texts);
        let mut own = Self { secrets, gitleaks, sast: Vec::new(), sast_texts, policies, rego, rules, diagnostics: Vec::new() };
        failures.extend(own.understand());
        let skipped = files.others.iter().map(|path| {
            let path = ArtifactPath::from_bytes(path.as_os_str().as_encoded_bytes());
            let diagnostic = Diagnostic::new(DiagnosticKind::Rule, "the file lies among rules and holds none");
            Diagnostic { level: Level::Note, ..diagnostic }.at(Location::whole(path))
        });
        own.diagnostics.extend(skipped);
        if failures.is_empty() { Ok(own) } else { Err(Failures(failures)) }
    }

    /// Adds the rules for code. What is wrong with a file that was named itself stops the scan; in a folder of hundreds of rules
    /// one that can't be run is told of, and the others run.
    fn understand(&mut self) -> Vec<Failure> {
        let mut failures = Vec::new();
        for (text, understood) in self.sast_texts.iter().zip(self.rules.understand(&self.sast_texts)) {
            let origin = sast_rules::origin(text);
            self.sast.extend(understood.rules.into_iter().map(|rule| (rule, origin.clone())));
            let (fatal, told): (Vec<_>, Vec<_>) = understood.problems.iter().partition(|problem| text.is_named && problem.is_error());
            self.diagnostics.extend(told.iter().map(|problem| sast_rules::diagnostic(problem, text)));
            failures.extend(fatal.iter().map(|problem| sast_rules::failure(problem, text)));
        }
        failures
    }
}

/// A rule of the caller's takes the place of a built-in one of the same id.
fn add(rules: &mut Vec<SecretRule>, rule: SecretRule) {
    rules.retain(|known| known.id() != rule.id());
    rules.push(rule);
}
