//! A set of rules, compiled: every pattern once, whatever number of rules has it.

mod compile;
mod kept;
mod model;

use std::sync::Arc;

pub(crate) use self::compile::Compiler;
pub use self::{
    kept::KeptPatterns,
    model::{Model, Models},
};

use globset::GlobSet;

use crate::{
    comparison::Comparison,
    generic,
    ir::{Symbol, Symbols},
    lower::Language,
    pattern::Pattern,
    regex::Regex,
    rule::{Analyzer, Options, Problem, SastRule},
};

/// The index of a pattern in [`Plan::patterns`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PatternId(pub(crate) u32);

/// A set of rules, compiled.
#[derive(Debug)]
pub struct Plan {
    pub(crate) symbols: Arc<Symbols>,
    pub(crate) rules: Vec<Planned>,
    pub(crate) patterns: Vec<PlannedPattern>,
    /// What is wrong with rules that are left out.
    pub(crate) problems: Vec<Problem>,
    /// What comparisons take for now, in seconds since 1970.
    pub(crate) now_s: i64,
}

/// A rule, for each language that it is for.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) rule: Arc<SastRule>,
    pub(crate) variants: Vec<Variant>,
    pub(crate) include: Option<GlobSet>,
    pub(crate) exclude: Option<GlobSet>,
}

impl Planned {
    /// Whether the rule is for files of a path.
    pub(crate) fn is_for(&self, path: &str) -> bool {
        self.include.as_ref().is_none_or(|include| include.is_match(path))
            && self.exclude.as_ref().is_none_or(|exclude| !exclude.is_match(path))
    }
}

/// A rule in one language.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) target: Target,
    pub(crate) body: Body,
}

/// What a pattern is looked for in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    /// The tree of a language.
    Code(&'static Language),
    /// Any text, by words and brackets.
    Generic,
    /// Any text, by regular expressions.
    Regex,
}

impl Target {
    /// What it is called where plans are told apart: a language's name, or `generic` for text of any kind.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Code(language) => language.name,
            Self::Generic | Self::Regex => TEXT,
        }
    }

    /// What it is called where patterns are told apart.
    const fn pattern_name(self) -> &'static str {
        match self {
            Self::Code(language) => language.name,
            Self::Generic => TEXT,
            Self::Regex => "regex",
        }
    }
}

/// The name of text of any kind, where a language is named.
pub(crate) const TEXT: &str = "generic";

#[derive(Debug)]
pub(crate) enum Body {
    Search(Clause),
    Taint(Box<crate::taint::TaintPlan>),
}

/// A formula with its patterns compiled.
#[derive(Debug)]
pub(crate) struct Clause {
    pub(crate) kind: ClauseKind,
    pub(crate) conditions: Vec<Check>,
    /// Of each entry one metavariable is reported.
    pub(crate) focus: Vec<Vec<Symbol>>,
    pub(crate) binds: Option<Symbol>,
    /// The replacement for this part, and its metavariables.
    pub(crate) fix: Option<Arc<str>>,
}

impl Clause {
    /// Whether it reports metavariables, here or in a part of it.
    pub(crate) fn has_focus(&self) -> bool {
        !self.focus.is_empty()
            || match &self.kind {
                ClauseKind::All(parts) => parts.iter().any(Self::has_focus),
                ClauseKind::Any(parts) => !parts.is_empty() && parts.iter().all(Self::has_focus),
                ClauseKind::Inside(part) | ClauseKind::Anywhere(part) => part.has_focus(),
                ClauseKind::Pattern { .. } | ClauseKind::Not(_) => false,
            }
    }
}

#[derive(Debug)]
pub(crate) enum ClauseKind {
    Pattern { id: PatternId, is_inside: bool },
    All(Vec<Clause>),
    Any(Vec<Clause>),
    Not(Box<Clause>),
    Inside(Box<Clause>),
    Anywhere(Box<Clause>),
}

/// A condition on bindings, compiled.
#[derive(Debug)]
pub(crate) enum Check {
    Regex { name: Symbol, regex: Regex, constant_propagation: bool },
    Pattern { name: Symbol, target: Option<Target>, clause: Box<Clause> },
    Comparison { expression: Comparison },
    Analysis { name: Symbol, analyzer: Analyzer },
    Type { name: Symbol, types: Vec<PatternId> },
}

/// A pattern, and the switches that it is matched with.
#[derive(Debug)]
pub(crate) struct PlannedPattern {
    pub(crate) kind: PatternKind,
    pub(crate) options: Arc<Options>,
}

#[derive(Debug)]
pub(crate) enum PatternKind {
    Code(Pattern),
    Generic(generic::Pattern, generic::GenericOptions),
    Regex(Regex, Vec<Symbol>),
}

impl Plan {
    /// The rules that were compiled.
    pub fn rules(&self) -> impl Iterator<Item = &SastRule> {
        self.rules.iter().map(|planned| &*planned.rule)
    }

    /// What is wrong with rules that are left out, or that are not run as they are.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}
