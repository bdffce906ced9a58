//! Runs rules on one text and tells the lines: what the tests of rules compare with.

use std::sync::Arc;

use bartizan_syntax::Trees;

use crate::{Models, Plan, lower, rule, run};

/// A finding of a rule, as its tests see it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The rule's id.
    pub rule: String,
    /// The line on which it starts, from 1.
    pub line: u32,
    /// The bytes of the text.
    pub range: (u32, u32),
    /// What the rule's fix puts in their place.
    pub fix: Option<String>,
}

/// Rules that are tested.
#[derive(Debug)]
pub struct Suite {
    plan: Plan,
    problems: Vec<rule::Problem>,
}

impl Suite {
    /// Reads the rules of a file.
    #[must_use]
    pub fn read(text: &str, models: Arc<Models>) -> Self {
        let parsed = rule::read(text);
        let plan = Plan::compile(parsed.rules.into_iter().map(Arc::new), models);
        let mut problems = parsed.problems;
        problems.extend(plan.problems().iter().cloned());
        Self { plan, problems }
    }

    /// Rules that were read.
    #[must_use]
    pub fn of(rules: Vec<rule::SastRule>, models: Arc<Models>) -> Self {
        let plan = Plan::compile(rules.into_iter().map(Arc::new), models);
        let problems = plan.problems().to_vec();
        Self { plan, problems }
    }

    /// The same rules at another time, in seconds since 1970: it matters to those that ask for `today()`.
    #[must_use]
    pub fn at(mut self, now_s: i64) -> Self {
        self.plan.now_s = now_s;
        self
    }

    /// A file name that says that its content is of a language.
    #[must_use]
    pub fn file_name(language: Option<rule::LanguageName>) -> String {
        let extension = match language.map_or("", rule::LanguageName::as_str) {
            "python" | "python2" | "python3" => "py",
            "javascript" => "js",
            "typescript" => "ts",
            "csharp" => "cs",
            "kotlin" => "kt",
            "ruby" => "rb",
            "rust" => "rs",
            "terraform" => "tf",
            "bash" => "sh",
            "solidity" => "sol",
            "apex" => "cls",
            "clojure" => "clj",
            "elixir" => "ex",
            "ocaml" => "ml",
            "dockerfile" => return "Dockerfile".to_owned(),
            "generic" | "regex" => "txt",
            other => other,
        };
        format!("example.{extension}")
    }

    /// What is wrong with the rules.
    #[must_use]
    pub fn problems(&self) -> &[rule::Problem] {
        &self.problems
    }

    /// The ids of the rules.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.plan.rules.iter().map(|planned| planned.rule.id.as_str())
    }

    /// Runs all rules on a text, whatever their paths say.
    #[must_use]
    pub fn run(&self, file_name: &str, text: &str) -> Vec<Found> {
        let all: Vec<usize> = (0..self.plan.rules.len()).collect();
        self.run_chosen(&all, file_name, text)
    }

    /// Runs one rule on a text.
    #[must_use]
    pub fn run_rule(&self, id: &str, file_name: &str, text: &str) -> Vec<Found> {
        let index = self.plan.rules.iter().position(|planned| planned.rule.id.as_str() == id);
        self.run_chosen(index.as_slice(), file_name, text)
    }

    fn run_chosen(&self, chosen: &[usize], file_name: &str, text: &str) -> Vec<Found> {
        let outcome = run::run(&self.plan, chosen, text, &Trees::default(), lower::language_of_text(file_name, text), None);
        let line = |offset: u32| {
            u32::try_from(text.as_bytes().iter().take(offset as usize).filter(|byte| **byte == b'\n').count() + 1).unwrap_or(u32::MAX)
        };
        let found = outcome.matches.into_iter().filter_map(|found| {
            let rule = self.plan.rules.get(found.rule)?.rule.id.as_str().to_owned();
            let fix = found.fix.map(|fix| fix.text);
            Some(Found { rule, line: line(found.range.0), range: found.range, fix })
        });
        found.collect()
    }
}

/// How many errors of syntax a text has in the language of its file; none if it is of no language, one if nothing can be parsed.
#[must_use]
pub fn n_syntax_errors(file_name: &str, text: &str) -> usize {
    let Some(language) = lower::language_of_text(file_name, text) else { return 0 };
    if let lower::Lowering::Text(_) = language.lower {
        return lower::lower(language, text, &mut crate::ir::Interner::default(), false).map_or(1, |tree| tree.opaque().len());
    }
    let Ok(tree) = bartizan_syntax::parse(language.grammar, text) else { return 1 };
    let mut cursor = tree.walk();
    let mut n_errors = 0;
    loop {
        n_errors += usize::from(cursor.node().is_error() || cursor.node().is_missing());
        // Only below a node with an error there are errors.
        if cursor.node().has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return n_errors;
            }
        }
    }
}
