//! Compiles rules.

use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rustc_hash::FxHashMap;

use super::kept::Kept;
use super::{
    Body, Check, Clause, ClauseKind, KeptPatterns, Models, PatternId, PatternKind, Plan, Planned, PlannedPattern, Target, Variant,
};
use crate::{
    comparison::{Comparison, ComparisonOptions},
    generic,
    ir::{Interner, Symbol},
    lower::{self, Language},
    pattern::Pattern,
    regex::{Flags, Regex},
    rule::{ConditionKind, Formula, FormulaKind, LanguageName, Mode, Options, Problem, ProblemLevel, RuleText, SastRule, Span},
    taint::TaintPlan,
};

impl Plan {
    /// Compiles rules. A rule that can't be compiled is left out, with a problem that says why.
    #[must_use]
    pub fn compile(rules: impl IntoIterator<Item = Arc<SastRule>>, models: Arc<Models>) -> Self {
        Self::compile_for(rules, models, None, None)
    }

    /// The same, with patterns that were compiled before.
    #[must_use]
    pub fn compile_with(rules: impl IntoIterator<Item = Arc<SastRule>>, models: Arc<Models>, kept: Arc<KeptPatterns>) -> Self {
        Self::compile_for(rules, models, None, Some(kept))
    }

    /// Compiles what rules say about one language: a name as rules spell it, or `generic` for text of any kind.
    #[must_use]
    pub(crate) fn compile_for(
        rules: impl IntoIterator<Item = Arc<SastRule>>,
        models: Arc<Models>,
        only: Option<&'static str>,
        kept: Kept,
    ) -> Self {
        let mut compiler = Compiler { models, only, kept, ..Compiler::default() };
        let mut planned = Vec::new();
        for rule in rules {
            match compiler.rule(&rule) {
                Ok(compiled) if compiled.variants.is_empty() => {}
                Ok(compiled) => planned.push(compiled),
                Err(problem) => compiler.problems.push(*problem),
            }
        }
        let Compiler { symbols, patterns, problems, .. } = compiler;
        Self { symbols: Arc::new(symbols.freeze()), rules: planned, patterns, problems, now_s: 0 }
    }
}

/// What a compilation fails with.
type Failure = Box<Problem>;

#[derive(Default)]
pub(crate) struct Compiler {
    pub(crate) symbols: Interner,
    patterns: Vec<PlannedPattern>,
    /// Patterns that are there, by language and text.
    known: FxHashMap<(&'static str, Arc<str>, Arc<Options>), PatternId>,
    problems: Vec<Problem>,
    pub(super) models: Arc<Models>,
    pub(super) compiled: super::model::Compiled,
    /// What was compiled before.
    kept: Kept,
    /// The only language that is compiled.
    only: Option<&'static str>,
    /// The rule at hand.
    pub(super) options: Arc<Options>,
    rule: String,
}

impl Compiler {
    fn rule(&mut self, rule: &Arc<SastRule>) -> Result<Planned, Failure> {
        self.options = Arc::new(rule.options.clone());
        self.rule = rule.id.as_str().to_owned();
        let mut variants = Vec::new();
        let mut unknown = None;
        let mut failure = None;
        for &name in &rule.languages {
            let Some(target) = target(name) else {
                unknown = unknown.or(Some(name));
                continue;
            };
            if self.only.is_some_and(|only| only != target.name()) {
                continue;
            }
            // Names of one language in one rule are one variant.
            if variants.iter().any(|variant: &Variant| is_same_target(variant.target, target)) {
                continue;
            }
            let body = match &rule.mode {
                Mode::Search(formula) => self.clause(formula, target).map(Body::Search),
                Mode::Taint(spec) => TaintPlan::compile(self, spec, target).map(|plan| Body::Taint(Box::new(plan))),
                Mode::Join => Err(self.refuse(rule.span, "`mode: join` is not run", "write one rule that finds it, or leave the rule out")),
                Mode::Extract => Err(self.refuse(rule.span, "`mode: extract` is not run", "use `metavariable-pattern` with `language`")),
                Mode::Steps => Err(self.refuse(rule.span, "`mode: step` is not run", "leave the rule out")),
                Mode::SupplyChain => Err(self.refuse(rule.span, "rules about dependencies are not run", "leave the rule out")),
            };
            match body {
                Ok(body) => variants.push(Variant { target, body }),
                Err(problem) => failure = failure.or(Some(problem)),
            }
        }
        // A pattern may be code of one of the rule's languages only.
        if variants.is_empty() && (failure.is_some() || self.only.is_none()) {
            if let Some(problem) = failure {
                return Err(problem);
            }
            let name = unknown.map_or("", LanguageName::as_str);
            return Err(self.refuse(rule.span, format!("the language `{name}` is not analyzed"), "leave the rule out"));
        }
        let include = self.globs(&rule.paths.include)?;
        let exclude = self.globs(&rule.paths.exclude)?;
        Ok(Planned { rule: rule.clone(), variants, include, exclude })
    }

    pub(crate) fn refuse(&self, span: Span, message: impl Into<String>, help: impl Into<String>) -> Failure {
        Box::new(Problem { span, level: ProblemLevel::Error, rule: Some(self.rule.clone()), message: message.into(), help: help.into() })
    }

    fn globs(&self, texts: &[RuleText]) -> Result<Option<GlobSet>, Failure> {
        if texts.is_empty() {
            return Ok(None);
        }
        let mut builder = GlobSetBuilder::new();
        for text in texts {
            let pattern = text.as_str().trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
            // A name matches wherever it stands, and all that is below it.
            let is_rooted = text.as_str().starts_with('/');
            for whole in if is_rooted {
                vec![pattern.to_owned(), format!("{pattern}/**")]
            } else {
                vec![pattern.to_owned(), format!("**/{pattern}"), format!("{pattern}/**"), format!("**/{pattern}/**")]
            } {
                let glob = GlobBuilder::new(&whole).literal_separator(true).build();
                builder.add(glob.map_err(|error| {
                    self.refuse(text.span, format!("`{pattern}` is no pattern of paths: {}", error.kind()), "write it like `*.test.js`")
                })?);
            }
        }
        builder.build().map(Some).map_err(|error| self.refuse(Span::default(), format!("the paths can't be used: {error}"), ""))
    }

    pub(crate) fn clause(&mut self, formula: &Formula, target: Target) -> Result<Clause, Failure> {
        self.clause_in(formula, target, false)
    }

    fn clause_in(&mut self, formula: &Formula, target: Target, is_inside: bool) -> Result<Clause, Failure> {
        let kind = match &formula.kind {
            FormulaKind::Pattern(text) => ClauseKind::Pattern { id: self.pattern(text, target)?, is_inside },
            FormulaKind::Regex(text) => ClauseKind::Pattern { id: self.pattern(text, Target::Regex)?, is_inside },
            FormulaKind::All(parts) => ClauseKind::All(self.clauses(parts, target, is_inside)?),
            FormulaKind::Any(parts) => ClauseKind::Any(self.clauses(parts, target, is_inside)?),
            FormulaKind::Not(part) => ClauseKind::Not(Box::new(self.clause_in(part, target, false)?)),
            FormulaKind::Inside(part) => ClauseKind::Inside(Box::new(self.clause_in(part, target, true)?)),
            FormulaKind::Anywhere(part) => ClauseKind::Anywhere(Box::new(self.clause_in(part, target, true)?)),
        };
        let mut conditions = Vec::new();
        for condition in &formula.conditions {
            conditions.push(self.condition(&condition.kind, condition.span, target)?);
        }
        let focus =
            formula.focus.iter().map(|focus| focus.metavariables.iter().map(|name| self.symbols.intern(name.as_str())).collect()).collect();
        let binds = formula.binds.as_ref().map(|name| self.symbols.intern(name.as_str()));
        Ok(Clause { kind, conditions, focus, binds, fix: formula.fix.as_ref().map(|fix| fix.text.clone()) })
    }

    fn clauses(&mut self, parts: &[Formula], target: Target, is_inside: bool) -> Result<Vec<Clause>, Failure> {
        parts.iter().map(|part| self.clause_in(part, target, is_inside)).collect()
    }

    fn condition(&mut self, condition: &ConditionKind, span: Span, target: Target) -> Result<Check, Failure> {
        match condition {
            ConditionKind::Regex { metavariable, regex, constant_propagation } => Ok(Check::Regex {
                name: self.symbols.intern(metavariable.as_str()),
                regex: self.regex(regex, Flags::METAVARIABLE)?,
                constant_propagation: *constant_propagation,
            }),
            ConditionKind::Pattern { metavariable, language, formula } => {
                let other = match language {
                    Some(name) => Some(
                        self::target(*name)
                            .ok_or_else(|| self.refuse(span, format!("the language `{name}` is not analyzed"), "leave the rule out"))?,
                    ),
                    None => None,
                };
                let clause = Box::new(self.clause(formula, other.unwrap_or(target))?);
                Ok(Check::Pattern { name: self.symbols.intern(metavariable.as_str()), target: other, clause })
            }
            ConditionKind::Comparison { comparison, base, strip, .. } => {
                let options = ComparisonOptions { is_stripped: *strip, base: *base };
                let expression = Comparison::parse(comparison.as_str(), options).map_err(|error| {
                    self.refuse(
                        comparison.span,
                        format!("`comparison` can't be read: {error}"),
                        "see the documentation of `metavariable-comparison`",
                    )
                })?;
                Ok(Check::Comparison { expression })
            }
            ConditionKind::Analysis { metavariable, analyzer } => {
                Ok(Check::Analysis { name: self.symbols.intern(metavariable.as_str()), analyzer: *analyzer })
            }
            ConditionKind::Type { metavariable, types, .. } => {
                let types = types.iter().map(|text| self.pattern(text, target)).collect::<Result<_, _>>()?;
                Ok(Check::Type { name: self.symbols.intern(metavariable.as_str()), types })
            }
            ConditionKind::Name { .. } => {
                Err(self.refuse(span, "`metavariable-name` is not run", "match the name with its module in a pattern"))
            }
        }
    }

    fn regex(&self, text: &RuleText, flags: Flags) -> Result<Regex, Failure> {
        Regex::new(text.as_str(), flags)
            .map_err(|error| self.refuse(text.span, format!("the regular expression can't be used: {error}"), ""))
    }

    /// The pattern of a text; the one that is there, if it was compiled before.
    fn pattern(&mut self, text: &RuleText, target: Target) -> Result<PatternId, Failure> {
        let key = (target.pattern_name(), text.text.clone(), self.options.clone());
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let kind = match target {
            Target::Code(language) => PatternKind::Code(self.code(text, language)?),
            Target::Generic => {
                let options = generic_options(&self.options);
                let pattern = generic::Pattern::parse(text.as_str(), &options)
                    .map_err(|error| self.refuse(text.span, format!("the pattern can't be used: {error}"), ""))?;
                PatternKind::Generic(pattern, options)
            }
            Target::Regex => {
                let regex = self.regex(text, Flags::PATTERN)?;
                let names = regex.group_names().iter().enumerate().map(|(number, name)| match name {
                    // A named group is a metavariable of that name.
                    Some(name) => self.symbols.intern(&format!("${name}")),
                    None => self.symbols.intern(&format!("${number}")),
                });
                let names = names.collect();
                PatternKind::Regex(regex, names)
            }
        };
        let id = PatternId(u32::try_from(self.patterns.len()).unwrap_or(u32::MAX));
        self.patterns.push(PlannedPattern { kind, options: self.options.clone() });
        self.known.insert(key, id);
        Ok(id)
    }

    fn code(&mut self, text: &RuleText, language: &'static Language) -> Result<Pattern, Failure> {
        if let Some(pattern) = self.kept.as_ref().and_then(|kept| kept.get(language, text.as_str(), &mut self.symbols)) {
            return Ok(pattern);
        }
        let pattern = Pattern::compile(text.as_str(), language, &mut self.symbols).map_err(|error| {
            self.refuse(text.span, error.to_string(), "patterns are code of the language, with `$X` and `...` for what varies")
        })?;
        if let Some(kept) = &self.kept {
            kept.add(language, text.as_str(), &pattern, &self.symbols);
        }
        Ok(pattern)
    }

    pub(crate) fn name(&mut self, name: &crate::rule::Metavariable) -> Symbol {
        self.symbols.intern(name.as_str())
    }
}

/// What a language's name means, if it is analyzed.
pub(crate) fn target(name: LanguageName) -> Option<Target> {
    match name {
        LanguageName::Generic | LanguageName::Aliengrep => Some(Target::Generic),
        LanguageName::Regex => Some(Target::Regex),
        _ => lower::language(name.as_str()).map(Target::Code),
    }
}

fn is_same_target(one: Target, other: Target) -> bool {
    match (one, other) {
        (Target::Code(one), Target::Code(other)) => std::ptr::eq(one, other),
        (Target::Generic, Target::Generic) | (Target::Regex, Target::Regex) => true,
        _ => false,
    }
}

fn generic_options(options: &Options) -> generic::GenericOptions {
    use crate::rule::{CommentStyle, GenericEngine};
    let pair = |(open, close): &(String, String)| Some((open.chars().next()?, close.chars().next()?));
    generic::GenericOptions {
        engine: match options.generic_engine {
            GenericEngine::Spacegrep => generic::GenericEngine::Spacegrep,
            GenericEngine::Aliengrep => generic::GenericEngine::Aliengrep,
        },
        ellipsis_max_span: options.generic_ellipsis_max_span,
        comment_style: options.generic_comment_style.map(|style| match style {
            CommentStyle::C => generic::CommentStyle::C,
            CommentStyle::Cpp => generic::CommentStyle::Cpp,
            CommentStyle::Shell => generic::CommentStyle::Shell,
        }),
        is_multiline: options.generic_multiline,
        is_caseless: options.generic_caseless,
        braces: options.generic_braces.as_ref().map(|braces| braces.iter().filter_map(pair).collect()),
        extra_braces: options.generic_extra_braces.iter().filter_map(pair).collect(),
        extra_word_characters: options.generic_extra_word_characters.clone(),
    }
}
