//! Rules in Semgrep's format: reading them from YAML into types.
//!
//! This module reads, checks and types; it knows nothing of trees, matching, files or the network. Patterns stay texts (a
//! [`RuleText`] knows its place in the file), regular expressions are checked by compiling them once.
//!
//! One bad rule doesn't lose the others of its file: [`read`] returns the rules that it understood, and a [`Problem`] with
//! place, reason and way out for everything else.

mod annotation;
mod condition;
mod describe;
mod example;
mod formula;
mod language;
mod level;
mod metadata;
mod metavariable;
mod mutant;
mod options;
mod problem;
mod read;
mod requires;
mod span;
mod taint;
mod value;
mod version;
mod yaml;

use bartizan_core::RuleId;
use serde::{Deserialize, Serialize};

pub use self::{
    annotation::{Annotation, AnnotationEngine, AnnotationKind, annotations},
    condition::{Analyzer, Condition, ConditionKind, EntropyMode, NameKind},
    describe::ENGINE,
    example::{Example, Verdict},
    formula::{Focus, Formula, FormulaKind},
    language::LanguageName,
    level::Level,
    metadata::Metadata,
    metavariable::{Metavariable, MetavariableKind},
    mutant::Mutant,
    options::{CommentStyle, CppDeclaration, GenericEngine, Options, TaintFocus},
    problem::{Problem, ProblemLevel},
    read::{read, read_models},
    requires::{InvalidRequires, Label, Requires},
    span::{RuleText, Span},
    taint::{BySideEffect, Entry, ModelName, ModelReference, Propagator, Sanitizer, Sink, SinkRequires, Source, TaintSpec},
    value::{Value, map_to_json},
    version::{InvalidVersion, Version},
    yaml::MAX_RULE_FILE_BYTES,
};

/// A rule that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SastRule {
    /// Its identifier.
    pub id: RuleId,
    /// The languages that it is for; at least one. The first one is that of its patterns.
    pub languages: Vec<LanguageName>,
    /// What a finding says; may hold metavariables.
    pub message: RuleText,
    /// How bad a finding is, as it is written.
    pub severity: Level,
    /// What it looks for.
    pub mode: Mode,
    /// Which files it is for.
    pub paths: Paths,
    /// The switches of the matcher.
    pub options: Options,
    /// The replacement of a match, without white space around it.
    pub fix: Option<RuleText>,
    /// A replacement within a match.
    pub fix_regex: Option<FixRegex>,
    /// What it says about itself.
    pub metadata: Metadata,
    /// The first version of Semgrep that understands it.
    pub min_version: Option<Version>,
    /// The last version of Semgrep that it is for.
    pub max_version: Option<Version>,
    /// The whole rule in its file.
    pub span: Span,
}

/// What a rule looks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Mode {
    /// Code that looks so.
    Search(Formula),
    /// Data that flows so.
    Taint(TaintSpec),
    /// `mode: join`: findings of several rules joined. Not run.
    Join,
    /// `mode: extract`: code of another language taken out of files. Not run.
    Extract,
    /// `mode: step`: several passes over the same file. Not run.
    Steps,
    /// `r2c-internal-project-depends-on`: only in projects with some dependency. Not run.
    SupplyChain,
}

impl Mode {
    /// Why a rule of this mode can't be run; nothing if it can.
    #[must_use]
    pub const fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::Search(_) | Self::Taint(_) => None,
            Self::Join => Some("rules with `mode: join` are not run"),
            Self::Extract => Some("rules with `mode: extract` are not run"),
            Self::Steps => Some("rules with `steps` are not run"),
            Self::SupplyChain => Some("rules with `r2c-internal-project-depends-on` are not run"),
        }
    }
}

/// Which files a rule is for, as globs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Paths {
    /// If there are any, one of them must match.
    pub include: Vec<RuleText>,
    /// None of them may match.
    pub exclude: Vec<RuleText>,
}

/// `fix-regex`: a replacement within a match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixRegex {
    /// What is replaced within the match.
    pub regex: RuleText,
    /// What it is replaced with; `\1` is a group.
    pub replacement: RuleText,
    /// How often at most; always if not given.
    pub count: Option<u32>,
}

/// What was understood of a rule file, and what was not.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The rules, in the file's order.
    pub rules: Vec<SastRule>,
    /// Everything that is wrong, in order of place.
    pub problems: Vec<Problem>,
    /// Whether the file says that it holds rules: a file of something else that lies in a folder of rules is nobody's mistake.
    pub is_rule_file: bool,
}
