//! A rule without one of its clauses: what shows whether the tests of a rule would notice that the clause is gone.

use super::{Condition, ConditionKind, Entry, Focus, Formula, FormulaKind, Mode, SastRule, SinkRequires, Span, TaintSpec};

/// A rule without one of its clauses.
#[derive(Debug, Clone, PartialEq)]
pub struct Mutant {
    /// What is gone, by the key of Semgrep's format: `pattern-not`, `metavariable-regex`, `sanitizer` …
    pub clause: &'static str,
    /// Where it stands.
    pub span: Span,
    /// What is left.
    pub rule: SastRule,
}

impl SastRule {
    /// The rule without each of its clauses, in the order of their places.
    ///
    /// A clause without which the rule would look for nothing at all is not left out: its only pattern, its only source.
    #[must_use]
    pub fn mutants(&self) -> Vec<Mutant> {
        let cuts: Vec<Cut<Mode>> = match &self.mode {
            Mode::Search(formula) => of_formula(formula).into_iter().map(|cut| cut.map(Mode::Search)).collect(),
            Mode::Taint(spec) => of_spec(spec).into_iter().map(|cut| cut.map(Mode::Taint)).collect(),
            Mode::Join | Mode::Extract | Mode::Steps | Mode::SupplyChain => Vec::new(),
        };
        let mutant = |cut: Cut<Mode>| Mutant { clause: cut.clause, span: cut.span, rule: Self { mode: cut.rest, ..self.clone() } };
        let mut mutants: Vec<Mutant> = cuts.into_iter().map(mutant).collect();
        mutants.sort_by_key(|mutant| mutant.span);
        mutants
    }
}

impl Formula {
    /// The key that it stands behind, as Semgrep's first syntax spells it.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match &self.kind {
            FormulaKind::Pattern(_) => "pattern",
            FormulaKind::Regex(_) => "pattern-regex",
            FormulaKind::All(_) => "patterns",
            FormulaKind::Any(_) => "pattern-either",
            FormulaKind::Inside(_) => "pattern-inside",
            FormulaKind::Anywhere(_) => "pattern-anywhere",
            FormulaKind::Not(part) => match part.kind {
                FormulaKind::Inside(_) => "pattern-not-inside",
                FormulaKind::Regex(_) => "pattern-not-regex",
                FormulaKind::Pattern(_) | FormulaKind::All(_) | FormulaKind::Any(_) | FormulaKind::Not(_) | FormulaKind::Anywhere(_) => {
                    "pattern-not"
                }
            },
        }
    }
}

impl ConditionKind {
    /// The key that it stands behind.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Regex { .. } => "metavariable-regex",
            Self::Pattern { .. } => "metavariable-pattern",
            Self::Comparison { .. } => "metavariable-comparison",
            Self::Analysis { .. } => "metavariable-analysis",
            Self::Type { .. } => "metavariable-type",
            Self::Name { .. } => "metavariable-name",
        }
    }
}

/// Something without one of its clauses.
struct Cut<T> {
    clause: &'static str,
    span: Span,
    rest: T,
}

impl<T> Cut<T> {
    fn map<U>(self, whole: impl FnOnce(T) -> U) -> Cut<U> {
        Cut { clause: self.clause, span: self.span, rest: whole(self.rest) }
    }
}

/// The items without one of them.
fn without<T: Clone>(items: &[T], position: usize) -> Vec<T> {
    items.iter().enumerate().filter(|(index, _)| *index != position).map(|(_, item)| item.clone()).collect()
}

/// The items with another one in the place of one of them.
fn with<T: Clone>(items: &[T], position: usize, item: T) -> Vec<T> {
    let mut items = items.to_vec();
    if let Some(slot) = items.get_mut(position) {
        *slot = item;
    }
    items
}

fn of_formula(formula: &Formula) -> Vec<Cut<Formula>> {
    let of_kind = of_kind(&formula.kind).into_iter().map(|cut| cut.map(|kind| Formula { kind, ..formula.clone() }));
    let of_conditions =
        of_conditions(&formula.conditions).into_iter().map(|cut| cut.map(|conditions| Formula { conditions, ..formula.clone() }));
    let of_focus = of_focus(&formula.focus).into_iter().map(|cut| cut.map(|focus| Formula { focus, ..formula.clone() }));
    of_kind.chain(of_conditions).chain(of_focus).collect()
}

fn of_kind(kind: &FormulaKind) -> Vec<Cut<FormulaKind>> {
    let within = |part: &Formula| of_formula(part).into_iter().map(|cut| cut.map(Box::new));
    match kind {
        FormulaKind::Pattern(_) | FormulaKind::Regex(_) => Vec::new(),
        FormulaKind::All(parts) => {
            let n_positive = parts.iter().filter(|part| !part.is_negative()).count();
            // What only takes away needs something to take away from.
            let can_go = |part: &Formula| part.is_negative() || 1 < n_positive;
            of_parts(parts, can_go, Formula::key).into_iter().map(|cut| cut.map(FormulaKind::All)).collect()
        }
        FormulaKind::Any(parts) => {
            let cuts = of_parts(parts, |_| 1 < parts.len(), |_| "branch of pattern-either");
            cuts.into_iter().map(|cut| cut.map(FormulaKind::Any)).collect()
        }
        FormulaKind::Not(part) => within(part).map(|cut| cut.map(FormulaKind::Not)).collect(),
        FormulaKind::Inside(part) => within(part).map(|cut| cut.map(FormulaKind::Inside)).collect(),
        FormulaKind::Anywhere(part) => within(part).map(|cut| cut.map(FormulaKind::Anywhere)).collect(),
    }
}

fn of_parts(parts: &[Formula], can_go: impl Fn(&Formula) -> bool, name: fn(&Formula) -> &'static str) -> Vec<Cut<Vec<Formula>>> {
    let mut cuts = Vec::new();
    for (position, part) in parts.iter().enumerate() {
        if can_go(part) {
            cuts.push(Cut { clause: name(part), span: part.span, rest: without(parts, position) });
        }
        cuts.extend(of_formula(part).into_iter().map(|cut| cut.map(|part| with(parts, position, part))));
    }
    cuts
}

fn of_conditions(conditions: &[Condition]) -> Vec<Cut<Vec<Condition>>> {
    let mut cuts = Vec::new();
    for (position, condition) in conditions.iter().enumerate() {
        cuts.push(Cut { clause: condition.kind.key(), span: condition.span, rest: without(conditions, position) });
        for cut in of_condition(&condition.kind) {
            cuts.push(cut.map(|kind| with(conditions, position, Condition { kind, span: condition.span })));
        }
    }
    cuts
}

/// A condition with a part of it gone.
fn of_condition(kind: &ConditionKind) -> Vec<Cut<ConditionKind>> {
    match kind {
        ConditionKind::Pattern { metavariable, language, formula } => {
            let whole =
                |formula| ConditionKind::Pattern { metavariable: metavariable.clone(), language: *language, formula: Box::new(formula) };
            of_formula(formula).into_iter().map(|cut| cut.map(whole)).collect()
        }
        ConditionKind::Type { metavariable, language, types } if 1 < types.len() => {
            let one = |(position, text): (usize, &super::RuleText)| Cut {
                clause: "type of metavariable-type",
                span: text.span,
                rest: ConditionKind::Type { metavariable: metavariable.clone(), language: *language, types: without(types, position) },
            };
            types.iter().enumerate().map(one).collect()
        }
        ConditionKind::Type { .. }
        | ConditionKind::Regex { .. }
        | ConditionKind::Comparison { .. }
        | ConditionKind::Analysis { .. }
        | ConditionKind::Name { .. } => Vec::new(),
    }
}

fn of_focus(focus: &[Focus]) -> Vec<Cut<Vec<Focus>>> {
    let mut cuts = Vec::new();
    for (position, entry) in focus.iter().enumerate() {
        cuts.push(Cut { clause: "focus-metavariable", span: entry.span, rest: without(focus, position) });
        for name in (0..entry.metavariables.len()).filter(|_| 1 < entry.metavariables.len()) {
            let rest = Focus { metavariables: without(&entry.metavariables, name), span: entry.span };
            cuts.push(Cut { clause: "metavariable of focus-metavariable", span: entry.span, rest: with(focus, position, rest) });
        }
    }
    cuts
}

fn of_spec(spec: &TaintSpec) -> Vec<Cut<TaintSpec>> {
    let mut cuts = Vec::new();
    let sources = of_entries(&spec.sources, "source", 1, |source| {
        let without_requires = source.requires.as_ref().map(|_| super::Source { requires: None, ..source.clone() });
        let of_requires = without_requires.map(|rest| Cut { clause: "requires", span: source.span, rest });
        let of_formula = of_formula(&source.formula).into_iter().map(|cut| cut.map(|formula| super::Source { formula, ..source.clone() }));
        of_requires.into_iter().chain(of_formula).collect()
    });
    cuts.extend(sources.into_iter().map(|cut| cut.map(|sources| TaintSpec { sources, ..spec.clone() })));
    let sinks = of_entries(&spec.sinks, "sink", 1, |sink| {
        let has_requires = sink.requires != SinkRequires::Default;
        let without_requires = has_requires.then(|| super::Sink { requires: SinkRequires::Default, ..sink.clone() });
        let of_requires = without_requires.map(|rest| Cut { clause: "requires", span: sink.span, rest });
        let of_formula = of_formula(&sink.formula).into_iter().map(|cut| cut.map(|formula| super::Sink { formula, ..sink.clone() }));
        of_requires.into_iter().chain(of_formula).collect()
    });
    cuts.extend(sinks.into_iter().map(|cut| cut.map(|sinks| TaintSpec { sinks, ..spec.clone() })));
    let sanitizers = of_entries(&spec.sanitizers, "sanitizer", 0, |sanitizer| {
        let whole = |formula| super::Sanitizer { formula, ..sanitizer.clone() };
        of_formula(&sanitizer.formula).into_iter().map(|cut| cut.map(whole)).collect()
    });
    cuts.extend(sanitizers.into_iter().map(|cut| cut.map(|sanitizers| TaintSpec { sanitizers, ..spec.clone() })));
    let propagators = of_entries(&spec.propagators, "propagator", 0, |propagator| {
        let whole = |formula| super::Propagator { formula, ..propagator.clone() };
        of_formula(&propagator.formula).into_iter().map(|cut| cut.map(whole)).collect()
    });
    cuts.extend(propagators.into_iter().map(|cut| cut.map(|propagators| TaintSpec { propagators, ..spec.clone() })));
    cuts
}

/// A list of entries with one of them gone, or a part of one; `n_needed` of them must stay.
fn of_entries<T: Clone + HasSpan>(
    entries: &[Entry<T>],
    clause: &'static str,
    n_needed: usize,
    within: impl Fn(&T) -> Vec<Cut<T>>,
) -> Vec<Cut<Vec<Entry<T>>>> {
    let mut cuts = Vec::new();
    for (position, entry) in entries.iter().enumerate() {
        let span = match entry {
            Entry::Own(own) => own.span(),
            Entry::Model(reference) => reference.span,
        };
        if n_needed < entries.len() {
            cuts.push(Cut { clause, span, rest: without(entries, position) });
        }
        for cut in entry.own().map(&within).unwrap_or_default() {
            cuts.push(cut.map(|own| with(entries, position, Entry::Own(own))));
        }
    }
    cuts
}

/// An entry that knows its place.
trait HasSpan {
    fn span(&self) -> Span;
}

impl HasSpan for super::Source {
    fn span(&self) -> Span {
        self.span
    }
}

impl HasSpan for super::Sink {
    fn span(&self) -> Span {
        self.span
    }
}

impl HasSpan for super::Sanitizer {
    fn span(&self) -> Span {
        self.span
    }
}

impl HasSpan for super::Propagator {
    fn span(&self) -> Span {
        self.span
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::read;

    /// Each line of a rule that a clause stands on, with the clause.
    fn check(body: &str, expected: &[(&str, &str)]) {
        let text = format!("rules:\n- id: x\n  languages: [python]\n  severity: ERROR\n  message: x\n{body}");
        let parsed = read(&text);
        assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
        let rule = parsed.rules.first().unwrap();
        let mutants = rule.mutants();
        let found: Vec<(&str, &str)> = mutants
            .iter()
            .map(|mutant| (mutant.clause, text.lines().nth(mutant.span.line as usize - 1).unwrap().trim().trim_start_matches("- ")))
            .collect();
        assert_eq!(found, expected);
        for mutant in &mutants {
            assert_ne!(&mutant.rule, rule, "{} is still there", mutant.clause);
        }
    }

    #[test]
    fn every_clause_of_a_search_goes_once() {
        check(
            "  patterns:\n  - pattern: f($X)\n  - pattern-inside: |\n      def g(): ...\n  - pattern-either:\n    - pattern: f(1)\n    - pattern: f(2)\n  \
             - pattern-not: f(3)\n  - pattern-not-inside: h(...)\n  - metavariable-regex: {metavariable: $X, regex: a}\n  \
             - metavariable-pattern:\n      metavariable: $X\n      patterns:\n      - pattern-not: g(...)\n  - focus-metavariable: $X\n",
            &[
                ("pattern", "pattern: f($X)"),
                ("pattern-inside", "pattern-inside: |"),
                ("pattern-either", "pattern-either:"),
                ("branch of pattern-either", "pattern: f(1)"),
                ("branch of pattern-either", "pattern: f(2)"),
                ("pattern-not", "pattern-not: f(3)"),
                ("pattern-not-inside", "pattern-not-inside: h(...)"),
                ("metavariable-regex", "metavariable-regex: {metavariable: $X, regex: a}"),
                ("metavariable-pattern", "metavariable-pattern:"),
                ("pattern-not", "pattern-not: g(...)"),
                ("focus-metavariable", "focus-metavariable: $X"),
            ],
        );
    }

    #[test]
    fn the_only_pattern_stays() {
        check("  pattern: f($X)\n", &[]);
        check("  patterns:\n  - pattern: f($X)\n  - pattern-not: f(1)\n", &[("pattern-not", "pattern-not: f(1)")]);
    }

    #[test]
    fn every_entry_of_a_taint_rule_goes_once() {
        check(
            "  mode: taint\n  pattern-sources:\n  - pattern: a()\n  - model: http-input\n  pattern-sinks:\n  - patterns:\n    - pattern: s($X)\n    \
             - focus-metavariable: $X\n  pattern-sanitizers:\n  - pattern: c(...)\n  pattern-propagators:\n  - {pattern: $A.add($B), from: $B, to: $A}\n",
            &[
                ("source", "pattern: a()"),
                ("source", "model: http-input"),
                ("focus-metavariable", "focus-metavariable: $X"),
                ("sanitizer", "pattern: c(...)"),
                ("propagator", "{pattern: $A.add($B), from: $B, to: $A}"),
            ],
        );
    }
}
