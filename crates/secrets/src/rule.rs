//! Rules for credentials: what is looked for, and what is said about it.

mod built_in;
mod check;
pub(crate) mod example;
mod file;

use std::sync::OnceLock;

use bartizan_core::{Confidence, Cwe, EngineId, Rule, RuleId, RuleOrigin, Severity};
use regex_automata::{meta::Regex, util::syntax};

pub use built_in::built_in;
pub use check::{ExampleFailure, MAX_RULE_FILE_BYTES, RuleProblem, check_examples, parse};
pub use file::RuleFile;

use crate::{detector::Detector, proof::Proof, window::Window};

/// The engine's short name.
pub const ENGINE: EngineId = EngineId("secrets");

/// One kind of credential, checked and ready to be looked for.
#[derive(Debug)]
pub struct SecretRule {
    /// What reports say about it.
    pub about: Rule,
    /// Who issues the credential.
    pub provider: String,
    pub(crate) find: Find,
    pub(crate) proof: Option<&'static dyn Proof>,
    pub(crate) entropy: Option<f64>,
    pub(crate) allow: Vec<LazyRegex>,
    pub(crate) bad: Vec<String>,
    pub(crate) good: Vec<String>,
    /// The rule as it was read, packed: what results depend on.
    pub(crate) source: Vec<u8>,
}

/// How a credential is found.
#[derive(Debug)]
pub(crate) enum Find {
    /// By its own shape.
    Pattern { keywords: Vec<String>, pattern: LazyRegex, boundary: Boundary },
    /// By the name that it is assigned to, and its shape.
    Assignment { names: Vec<String>, also: Vec<String>, value: LazyRegex },
    /// The file itself is the credential.
    Path { globs: Vec<String> },
    /// By code.
    Detector(Detector),
}

/// What may stand beside a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Boundary {
    /// No letter or digit before it; no letter, digit, `_` or `-` after it.
    Token,
    /// Anything.
    None,
}

/// A regular expression that was checked, but that is compiled when it is first needed.
#[derive(Debug)]
pub(crate) struct LazyRegex {
    pattern: String,
    compiled: OnceLock<Option<Regex>>,
    window: OnceLock<Option<Window>>,
}

impl LazyRegex {
    pub(crate) const fn new(pattern: String) -> Self {
        Self { pattern, compiled: OnceLock::new(), window: OnceLock::new() }
    }

    /// The compiled expression; nothing if it can't be compiled, which `parse` has excluded.
    pub(crate) fn get(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| compile(&self.pattern).ok()).as_ref()
    }

    /// The compiled expression, and where its matches can be around its keywords.
    pub(crate) fn with_window(&self, keywords: &[String]) -> Option<(&Regex, &Window)> {
        let window = self.window.get_or_init(|| Window::of(&self.pattern, keywords).ok());
        Some((self.get()?, window.as_ref()?))
    }

    pub(crate) fn is_match(&self, bytes: &[u8]) -> bool {
        self.get().is_some_and(|regex| regex.is_match(bytes))
    }
}

/// Compiles an expression in the dialect of rules: bytes, ASCII classes.
pub(crate) fn compile(pattern: &str) -> Result<Regex, Box<regex_automata::meta::BuildError>> {
    const MAX_COMPILED_BYTES: usize = 8 << 20;
    Regex::builder()
        .configure(Regex::config().utf8_empty(false).nfa_size_limit(Some(MAX_COMPILED_BYTES)))
        .syntax(dialect())
        .build(pattern)
        .map_err(Box::new)
}

/// The dialect of rules: bytes, ASCII classes.
pub(crate) fn dialect() -> syntax::Config {
    syntax::Config::new().unicode(false).utf8(false)
}

impl SecretRule {
    /// The rule's id.
    #[must_use]
    pub const fn id(&self) -> &RuleId {
        &self.about.id
    }

    /// The texts in which it must report, with their placeholders.
    #[must_use]
    pub fn bad(&self) -> &[String] {
        &self.bad
    }

    /// The texts in which it must not report, with their placeholders.
    #[must_use]
    pub fn good(&self) -> &[String] {
        &self.good
    }

    /// Whether the rule knows who issues the credential: `provider` is neither `Generic` nor a standard.
    pub(crate) fn is_specific(&self) -> bool {
        !matches!(&*self.provider, "Generic" | "JSON Web Token" | "JWT" | "IETF") && self.id().as_str() != "aws-secret-access-key"
    }

    fn about(file: &RuleFile, id: RuleId, severity: Severity, cwe: Vec<Cwe>, origin: RuleOrigin) -> Rule {
        let confidence = if file.detector.is_some() { Confidence::Medium } else { Confidence::High };
        Rule {
            id,
            engine: ENGINE,
            title: file.title.trim().to_owned(),
            severity,
            confidence,
            why: file.why.trim().to_owned(),
            how_to_fix: file.revoke.trim().to_owned(),
            cwe: if cwe.is_empty() { vec![Cwe(798)] } else { cwe },
            standards: Vec::new(),
            tags: vec![provider_tag(&file.provider)],
            references: file.references.clone(),
            origin,
            aliases: Vec::new(),
            topic: None,
        }
    }
}

fn provider_tag(provider: &str) -> String {
    let mut tag = String::new();
    for character in provider.chars() {
        if character.is_ascii_alphanumeric() {
            tag.push(character.to_ascii_lowercase());
        } else if !tag.ends_with('-') {
            tag.push('-');
        }
    }
    tag.trim_matches('-').to_owned()
}
