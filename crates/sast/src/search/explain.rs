//! Why a rule that searches matches a line, or does not: what each of its clauses matches, and what it does to candidates.
//!
//! This is [`Search::evaluate`] once more, with a report of every step. It is no part of a scan.

use super::{Range, RangeKind, Search};
use crate::{
    debug::{Places, shortened},
    explain::{Binding, ClauseReport, Effect, MatchReport},
    ir::Symbol,
    plan::{Check, Clause, ClauseKind, PatternKind},
    rule::{Condition, ConditionKind, Formula, FormulaKind, Span},
};

/// The line that is asked about.
pub(crate) struct Line<'t> {
    /// Its bytes, without the line break.
    pub(crate) range: (u32, u32),
    pub(crate) places: Places<'t>,
}

impl Line<'_> {
    /// Whether a range and the line have something in common.
    pub(crate) fn is_covered_by(&self, range: (u32, u32)) -> bool {
        range.0 <= self.range.1 && self.range.0 < range.1.max(range.0 + 1)
    }
}

/// Of the matches on the line so many are shown.
const MAX_SHOWN: usize = 8;

impl Search<'_> {
    /// What a clause matches, as [`Search::evaluate`] says it, and a report of how that came about.
    pub(crate) fn explain(&self, formula: &Formula, clause: &Clause, line: &Line<'_>) -> (Vec<Range>, ClauseReport) {
        let (mut ranges, mut parts) = self.explain_kind(formula, clause, line);
        let mut known: Vec<(Range, usize)> = ranges.into_iter().map(|range| (range.clone(), range.bindings.iter().count())).collect();
        for (condition, check) in formula.conditions.iter().zip(&clause.conditions) {
            let before = known;
            known = before
                .iter()
                .flat_map(|(range, n_bound)| self.check(check, range.clone(), *n_bound).into_iter().map(|range| (range, *n_bound)))
                .collect();
            let (before, after): (Vec<Range>, Vec<Range>) =
                (before.into_iter().map(|(range, _)| range).collect(), known.iter().map(|(range, _)| range.clone()).collect());
            parts.push(self.of_condition(condition, check, &before, &after, line));
        }
        ranges = known.into_iter().map(|(range, _)| range).collect();
        if !clause.focus.is_empty() {
            let before = ranges;
            ranges = before.iter().flat_map(|range| self.focus(&clause.focus, range)).collect();
            let names: Vec<String> =
                formula.focus.iter().flat_map(|focus| focus.metavariables.iter().map(|name| name.as_str().to_owned())).collect();
            let span = formula.focus.first().map_or(formula.span, |focus| focus.span);
            let mut report = self.report("focus-metavariable", span, names.join(", "), &ranges, line);
            let reason = "what is bound is not on the line, or nothing is bound";
            report.effect = Some(effect(&before, &ranges, line, |_| reason.to_owned()));
            parts.push(report);
        }
        for range in &mut ranges {
            if let (Some(name), Some(node)) = (clause.binds, range.node) {
                range.bindings.push(name, crate::matching::Bound::Node(node));
            }
        }
        let text = match &formula.kind {
            FormulaKind::Pattern(text) | FormulaKind::Regex(text) => shortened(text.as_str()),
            FormulaKind::Not(part) | FormulaKind::Inside(part) | FormulaKind::Anywhere(part) => text_of(part),
            FormulaKind::All(_) | FormulaKind::Any(_) => String::new(),
        };
        let mut report = self.report(formula.key(), formula.span, text, &ranges, line);
        report.note = self.missing_name(clause).filter(|_| report.n_matches == 0);
        report.parts = parts;
        (ranges, report)
    }

    fn explain_kind(&self, formula: &Formula, clause: &Clause, line: &Line<'_>) -> (Vec<Range>, Vec<ClauseReport>) {
        let within = |part: &Formula, clause: &Clause, kind: Option<RangeKind>| {
            let (mut ranges, report) = self.explain(part, clause, line);
            if let Some(kind) = kind {
                ranges.iter_mut().for_each(|range| range.kind = kind);
            }
            // A pattern alone says nothing more than the key around it.
            let parts = if report.parts.is_empty() && part.children().is_empty() { Vec::new() } else { vec![report] };
            (ranges, parts)
        };
        match (&formula.kind, &clause.kind) {
            (FormulaKind::All(parts), ClauseKind::All(clauses)) => self.explain_all(parts, clauses, line),
            (FormulaKind::Any(parts), ClauseKind::Any(clauses)) => {
                let explained: Vec<_> = parts.iter().zip(clauses).map(|(part, clause)| self.explain(part, clause, line)).collect();
                let (ranges, reports): (Vec<_>, Vec<_>) = explained.into_iter().unzip();
                (ranges.into_iter().flatten().collect(), reports)
            }
            (FormulaKind::Not(part), ClauseKind::Not(clause)) => within(part, clause, None),
            (FormulaKind::Inside(part), ClauseKind::Inside(clause)) => within(part, clause, Some(RangeKind::Inside)),
            (FormulaKind::Anywhere(part), ClauseKind::Anywhere(clause)) => within(part, clause, Some(RangeKind::Anywhere)),
            _ => (self.evaluate_kind(clause, None), Vec::new()),
        }
    }

    /// What all of the parts match together: first what must be there, then what must not.
    fn explain_all(&self, parts: &[Formula], clauses: &[Clause], line: &Line<'_>) -> (Vec<Range>, Vec<ClauseReport>) {
        let mut explained: Vec<(Vec<Range>, ClauseReport)> =
            parts.iter().zip(clauses).map(|(part, clause)| self.explain(part, clause, line)).collect();
        let is_not = |position: usize| parts.get(position).is_some_and(Formula::is_negative);
        let is_inside = |ranges: &[Range]| ranges.first().is_some_and(|range| range.kind == RangeKind::Inside);
        let positive = || (0..parts.len()).filter(|position| !is_not(*position));
        let ranges_of = |explained: &[(Vec<Range>, ClauseReport)], position: usize| {
            explained.get(position).map(|(ranges, _)| ranges.clone()).unwrap_or_default()
        };
        let of_inside = |explained: &[(Vec<Range>, ClauseReport)], position: usize| is_inside(&ranges_of(explained, position));
        let order: Vec<usize> = positive()
            .filter(|position| !of_inside(&explained, *position))
            .chain(positive().filter(|position| of_inside(&explained, *position)))
            .collect();
        let mut candidates: Option<Vec<Range>> = None;
        for position in order {
            let own = ranges_of(&explained, position);
            let Some(before) = candidates else {
                candidates = Some(own);
                continue;
            };
            let after = self.intersection(&before, &own);
            let effect = effect(&before, &after, line, |candidate| self.why_not_joined(candidate, &own));
            if let Some((_, report)) = explained.get_mut(position) {
                report.effect = Some(effect);
            }
            candidates = Some(after);
        }
        let mut ranges = candidates.unwrap_or_default();
        for position in (0..parts.len()).filter(|position| is_not(*position)) {
            let taken = ranges_of(&explained, position);
            let before = ranges;
            ranges = self.difference(before.clone(), &taken);
            let effect = effect(&before, &ranges, line, |candidate| self.why_taken(candidate, &taken, line));
            if let Some((_, report)) = explained.get_mut(position) {
                report.effect = Some(effect);
            }
        }
        (ranges, explained.into_iter().map(|(_, report)| report).collect())
    }

    fn why_not_joined(&self, candidate: &Range, others: &[Range]) -> String {
        if others.is_empty() {
            return "it matches nothing in the file".to_owned();
        }
        let is_within = |inner: &Range, outer: &Range| outer.range.0 <= inner.range.0 && inner.range.1 <= outer.range.1;
        let near = others.iter().find(|other| is_within(candidate, other) || is_within(other, candidate));
        let Some(near) = near else { return "none of its matches holds the candidate, or lies in it".to_owned() };
        let differing = candidate.bindings.iter().find_map(|(name, bound)| {
            let other = near.bindings.get(name)?;
            (!self.unit.is_equal(bound, other)).then(|| {
                let (one, other) = (shortened(&self.text_of(bound, false).0), shortened(&self.text_of(other, false).0));
                format!("`{}` is `{one}` in the candidate, and `{other}` here", self.unit.with_text(name, str::to_owned))
            })
        });
        differing.unwrap_or_else(|| "it would have to lie in the candidate, not the candidate in it".to_owned())
    }

    fn why_taken(&self, candidate: &Range, taken: &[Range], line: &Line<'_>) -> String {
        let takes = |other: &&Range| self.difference(vec![candidate.clone()], std::slice::from_ref(*other)).is_empty();
        let Some(other) = taken.iter().find(takes) else { return "it matches".to_owned() };
        let place = line.places.of(other.range);
        let verb = match other.kind {
            RangeKind::Inside => "the candidate lies in its match",
            RangeKind::Regex => "the candidate and its match overlap",
            RangeKind::Plain => "it matches the candidate",
            RangeKind::Anywhere => "it matches in the file",
        };
        format!("{verb} at {}:{}", place.line, place.column)
    }

    fn of_condition(&self, condition: &Condition, check: &Check, before: &[Range], after: &[Range], line: &Line<'_>) -> ClauseReport {
        let mut report = self.report(condition.kind.key(), condition.span, condition_text(&condition.kind), after, line);
        report.effect = Some(effect(before, after, line, |candidate| self.why_refused(candidate, check)));
        report
    }

    fn why_refused(&self, candidate: &Range, check: &Check) -> String {
        let name = match check {
            Check::Regex { name, .. } | Check::Pattern { name, .. } | Check::Analysis { name, .. } | Check::Type { name, .. } => *name,
            Check::Comparison { .. } => {
                let bindings = self.bindings(candidate);
                let list: Vec<String> = bindings.iter().map(|binding| format!("`{}` is `{}`", binding.name, binding.code)).collect();
                return format!("it is not true: {}", list.join(", "));
            }
        };
        let shown = self.unit.with_text(name, str::to_owned);
        let constant_propagation = matches!(check, Check::Regex { constant_propagation: true, .. });
        match candidate.bindings.get(name) {
            Some(bound) => format!("`{shown}` is `{}`", shortened(&self.text_of(bound, constant_propagation).0)),
            None => format!("`{shown}` is not bound"),
        }
    }

    /// A name without which a pattern can't match, and that does not occur in the file: then nothing was looked at.
    fn missing_name(&self, clause: &Clause) -> Option<String> {
        let id = match &clause.kind {
            ClauseKind::Pattern { id, .. } => *id,
            ClauseKind::Not(part) | ClauseKind::Inside(part) | ClauseKind::Anywhere(part) => return self.missing_name(part),
            ClauseKind::All(_) | ClauseKind::Any(_) => return None,
        };
        let PatternKind::Code(pattern) = &self.plan.patterns.get(id.0 as usize)?.kind else { return None };
        let missing: &Symbol = pattern.required.iter().find(|symbol| !self.unit.has(**symbol))?;
        Some(format!("the name `{}` does not occur in the file", self.unit.with_text(*missing, str::to_owned)))
    }

    fn report(&self, clause: &'static str, span: Span, text: String, ranges: &[Range], line: &Line<'_>) -> ClauseReport {
        let on_line: Vec<&Range> = ranges.iter().filter(|range| line.is_covered_by(range.range)).collect();
        ClauseReport {
            clause,
            line: span.line,
            column: span.column,
            text,
            n_matches: ranges.len(),
            n_on_line: on_line.len(),
            on_line: on_line.iter().take(MAX_SHOWN).map(|range| self.match_report(range, line)).collect(),
            note: None,
            effect: None,
            parts: Vec::new(),
        }
    }

    /// A match, for people.
    pub(crate) fn match_report(&self, range: &Range, line: &Line<'_>) -> MatchReport {
        let code = self.unit.text.get(range.range.0 as usize..range.range.1 as usize).unwrap_or_default();
        MatchReport { place: line.places.of(range.range), code: shortened(code), bindings: self.bindings(range) }
    }

    fn bindings(&self, range: &Range) -> Vec<Binding> {
        let shown = |(name, bound): (Symbol, crate::matching::Bound)| Binding {
            name: self.unit.with_text(name, str::to_owned),
            code: shortened(&self.text_of(bound, false).0),
        };
        range.bindings.iter().map(shown).collect()
    }
}

/// What a step did to the candidates on the line; `why` is asked for the first that is gone.
fn effect(before: &[Range], after: &[Range], line: &Line<'_>, why: impl Fn(&Range) -> String) -> Effect {
    let on_line = |ranges: &[Range]| ranges.iter().filter(|range| line.is_covered_by(range.range)).count();
    let (n_before, n_after) = (on_line(before), on_line(after));
    let is_left = |candidate: &&Range| after.iter().any(|range| candidate.range.0 <= range.range.0 && range.range.1 <= candidate.range.1);
    let gone = before.iter().filter(|range| line.is_covered_by(range.range)).find(|candidate| !is_left(candidate));
    let first = || before.iter().find(|range| line.is_covered_by(range.range));
    let reason = if n_after < n_before { gone.or_else(first).map(why) } else { None };
    Effect { n_before, n_after, reason }
}

fn text_of(formula: &Formula) -> String {
    match &formula.kind {
        FormulaKind::Pattern(text) | FormulaKind::Regex(text) => shortened(text.as_str()),
        FormulaKind::Not(part) | FormulaKind::Inside(part) | FormulaKind::Anywhere(part) => text_of(part),
        FormulaKind::All(_) | FormulaKind::Any(_) => String::new(),
    }
}

fn condition_text(kind: &ConditionKind) -> String {
    match kind {
        ConditionKind::Regex { metavariable, regex, .. } => shortened(&format!("{metavariable}: {}", regex.as_str())),
        ConditionKind::Pattern { metavariable, formula, .. } => {
            format!("{metavariable}: {}", text_of(formula)).trim_end_matches([' ', ':']).to_owned()
        }
        ConditionKind::Comparison { comparison, .. } => shortened(comparison.as_str()),
        ConditionKind::Analysis { metavariable, .. } => metavariable.to_string(),
        ConditionKind::Type { metavariable, types, .. } => {
            shortened(&format!("{metavariable}: {}", types.iter().map(crate::rule::RuleText::as_str).collect::<Vec<_>>().join(", ")))
        }
        ConditionKind::Name { metavariable, .. } => metavariable.to_string(),
    }
}
