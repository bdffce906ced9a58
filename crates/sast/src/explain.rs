//! Why a rule reports a line, or does not: `bartizan rules explain`.
//!
//! The rule runs as it does in a scan, and once more clause by clause. Nothing here takes part in a scan.

mod report;

use std::sync::Arc;

use bartizan_source::{FileInfo, FileView, Language as Recognized};
use bartizan_syntax::Trees;

pub use self::report::{
    Arrival, Binding, ClauseReport, Effect, EntryReport, Explanation, HarmlessReport, MatchReport, TaintReport, Verdict, WayReport,
};
use crate::{
    MAX_FILE_BYTES, Models,
    debug::{Places, SourceText},
    ir::{Interner, Tree},
    lower::{self, Language},
    plan::{Body, Plan, Planned, TEXT, Target},
    project::{Family, family_of},
    rule::{Mode, RuleText, SastRule},
    run,
    search::{Line, Search},
    taint,
    unit::Unit,
};

/// What is asked: about a file, and a rule as it runs there.
struct Asked<'a> {
    rule: &'a SastRule,
    source: &'a SourceText,
    models: &'a Arc<Models>,
    now_s: i64,
}

/// Says why a rule reports a line of a file, or does not; `now_s` is what rules take for now, in seconds since 1970.
#[must_use]
pub fn explain(rule: &SastRule, models: &Arc<Models>, source: &SourceText, line: u32, now_s: i64) -> Explanation {
    let asked = Asked { rule, source, models, now_s };
    let mut explanation = Explanation {
        rule: rule.id.to_string(),
        file: source.path.clone(),
        line,
        verdict: Verdict::NotRun,
        reasons: Vec::new(),
        findings: Vec::new(),
        elsewhere: Vec::new(),
        clauses: None,
        taint: None,
    };
    let index = bartizan_core::LineIndex::new(&source.text);
    let n_lines = source.text.lines().count();
    if line == 0 || n_lines < line as usize {
        explanation.reasons.push(format!("the file has no line {line}: it has {n_lines}"));
        return explanation;
    }
    let range = index.line_range(&source.text, line);
    let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let line = Line { range: (narrow(range.start()), narrow(range.end())), places: Places::new(&source.text) };
    match asked.plan() {
        Ok((plan, language)) => asked.run(&plan, language, &line, &mut explanation),
        Err(reason) => explanation.reasons.push(reason),
    }
    explanation
}

impl Asked<'_> {
    /// The rule compiled for the file; or why it does not run there.
    fn plan(&self) -> Result<(Plan, Option<&'static Language>), String> {
        self.check_file()?;
        let language = lower::language_of_text(&self.source.path, &self.source.text);
        let compile = |only| {
            let plan = Plan::compile_for([Arc::new(self.rule.clone())], self.models.clone(), Some(only), None);
            Plan { now_s: self.now_s, ..plan }
        };
        let mut plan = language.map(|language| compile(language.name));
        let is_empty = |plan: &Plan| plan.rules.is_empty() && plan.problems.is_empty();
        let is_of_language = plan.as_ref().is_some_and(|plan| !is_empty(plan));
        if !is_of_language {
            plan = Some(compile(TEXT));
        }
        let plan = plan.filter(|plan| !is_empty(plan)).ok_or_else(|| self.other_language(language))?;
        if let Some(problem) = plan.problems.first() {
            return Err(format!("the rule can't be run: {}", problem.message));
        }
        if let Some(planned) = plan.rules.first().filter(|planned| !planned.is_for(&self.source.path)) {
            return Err(self.other_path(planned));
        }
        Ok((plan, language.filter(|_| is_of_language)))
    }

    /// What keeps a file from being analyzed by any rule.
    fn check_file(&self) -> Result<(), String> {
        let text = &self.source.text;
        if MAX_FILE_BYTES < text.len() {
            return Err(format!("the file is too large to be analyzed as code: more than {MAX_FILE_BYTES} bytes (max-code-bytes)"));
        }
        let path = bartizan_core::ArtifactPath::from(self.source.path.as_str());
        let size_bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let info = FileInfo { language: Recognized::of_path(&path), ..FileInfo::new(path, size_bytes) };
        if FileView::new(&info, text.as_bytes(), Some(text)).is_minified() {
            return Err("the file is minified: it is not analyzed as code".to_owned());
        }
        Ok(())
    }

    fn other_language(&self, language: Option<&Language>) -> String {
        let of_rule: Vec<&str> = self.rule.languages.iter().map(|language| language.as_str()).collect();
        let of_file = language.map_or("of no language that is analyzed as code".to_owned(), |language| format!("`{}`", language.name));
        format!("the file is {of_file}, and the rule is for {}", of_rule.join(", "))
    }

    fn other_path(&self, planned: &Planned) -> String {
        let list = |texts: &[RuleText]| texts.iter().map(|text| format!("`{}`", text.as_str())).collect::<Vec<_>>().join(", ");
        let path = &self.source.path;
        if planned.exclude.as_ref().is_some_and(|exclude| exclude.is_match(path)) {
            return format!("`paths` of the rule exclude the file: {}", list(&self.rule.paths.exclude));
        }
        format!("`paths` of the rule include other files alone: {}", list(&self.rule.paths.include))
    }

    fn run(&self, plan: &Plan, language: Option<&'static Language>, line: &Line<'_>, explanation: &mut Explanation) {
        let text = &self.source.text;
        let family = Family::new(std::iter::once(self.rule));
        let is_followed = language.is_some_and(|language| family_of(language.name).is_some()) && 0 < family.n_passes();
        let outcome = run::run(plan, &[0], text, &Trees::default(), language, is_followed.then_some(&family));
        if let Some(error) = outcome.unparsed {
            explanation.reasons.push(format!("the file can't be parsed: {error}"));
            return;
        }
        let (on_line, elsewhere): (Vec<_>, Vec<_>) =
            outcome.matches.iter().map(|found| found.range).partition(|range| line.is_covered_by(*range));
        explanation.findings = on_line.into_iter().map(|range| line.places.of(range)).collect();
        explanation.elsewhere = elsewhere.into_iter().map(|range| line.places.of(range)).collect();
        let is_pending = outcome.pending.iter().any(|(.., found)| line.is_covered_by(found.range));
        explanation.verdict = if !explanation.findings.is_empty() {
            Verdict::Reported
        } else if is_pending {
            Verdict::DependsOnOtherFiles
        } else {
            Verdict::NotReported
        };
        if let Some(planned) = plan.rules.first() {
            self.explain_body(plan, planned, language, line, explanation);
        }
        if outcome.opaque.iter().any(|range| line.is_covered_by(*range)) {
            explanation.reasons.push("the line could not be parsed: nothing matches in it".to_owned());
        } else if !outcome.opaque.is_empty() {
            explanation.reasons.push("other parts of the file could not be parsed: matches may be missing".to_owned());
        }
        if !outcome.cut.is_empty() {
            explanation.reasons.push("the rule reached a limit in this file: matches may be missing".to_owned());
        }
    }

    fn explain_body(
        &self,
        plan: &Plan,
        planned: &Planned,
        language: Option<&'static Language>,
        line: &Line<'_>,
        explanation: &mut Explanation,
    ) {
        let text = &self.source.text;
        let is_for = |target: Target| match (target, language) {
            (Target::Code(wanted), Some(language)) => std::ptr::eq(wanted, language),
            (Target::Generic | Target::Regex, None) => true,
            (Target::Code(_), None) | (Target::Generic | Target::Regex, Some(_)) => false,
        };
        let Some(variant) = planned.variants.iter().find(|variant| is_for(variant.target)) else { return };
        let mut symbols = Interner::new(plan.symbols.clone());
        let tree = match language.map(|language| lower::lower(language, text, &mut symbols, false)) {
            Some(Ok(tree)) => tree,
            Some(Err(_)) => return,
            None => Tree::default(),
        };
        let unit = Unit::new(text, language, tree, symbols);
        let search = Search::new(plan, &unit);
        match (&self.rule.mode, &variant.body) {
            (Mode::Search(formula), Body::Search(clause)) => {
                let (_, report) = search.explain(formula, clause, line);
                explanation.reasons.push(reason_of_search(explanation.verdict, &report));
                explanation.clauses = Some(report);
            }
            (Mode::Taint(spec), Body::Taint(taint_plan)) => {
                let report = taint::explain(&search, spec, taint_plan, &self.rule.options, self.models, variant.target, line);
                explanation.reasons.push(reason_of_taint(explanation.verdict, &report));
                explanation.taint = Some(report);
            }
            _ => {}
        }
    }
}

/// Why a search reports a line or not, in one sentence: the clause that decides it.
fn reason_of_search(verdict: Verdict, report: &ClauseReport) -> String {
    if verdict == Verdict::Reported {
        return "all clauses hold".to_owned();
    }
    match deciding(report) {
        Some((clause, reason)) => format!("`{}` at {}:{} of the rule decides it: {reason}", clause.clause, clause.line, clause.column),
        None => "no clause finds a candidate on the line".to_owned(),
    }
}

/// The clause after which no candidate is left on the line, and why.
fn deciding(report: &ClauseReport) -> Option<(&ClauseReport, String)> {
    let is_last = |part: &&ClauseReport| part.effect.as_ref().is_some_and(|effect| 0 < effect.n_before && effect.n_after == 0);
    if let Some(part) = report.parts.iter().find(is_last) {
        let reason = part.effect.as_ref().and_then(|effect| effect.reason.clone()).unwrap_or_default();
        return Some((part, reason));
    }
    if report.clause == "pattern-either" {
        // Of several branches, the one that came furthest says most.
        return report.parts.iter().find_map(|part| deciding(part).filter(|(clause, _)| has_candidate(clause)));
    }
    let is_negative = |part: &ClauseReport| part.clause.starts_with("pattern-not");
    // What matches nothing on the line, where something else does.
    let empty = report.parts.iter().find(|part| !is_negative(part) && part.n_on_line == 0)?;
    if let Some(inner) = deciding(empty) {
        return Some(inner);
    }
    let reason = match &empty.note {
        Some(note) => note.clone(),
        None if empty.clause == "pattern-either" => "none of its branches matches on the line".to_owned(),
        None if empty.n_matches == 0 => "it matches nothing in the file".to_owned(),
        None => "its matches are on other lines".to_owned(),
    };
    Some((empty, reason))
}

/// Whether something on the line came as far as the clause.
fn has_candidate(clause: &ClauseReport) -> bool {
    clause.effect.as_ref().is_some_and(|effect| 0 < effect.n_before)
}

/// Why data is reported on a line or not, in one sentence.
fn reason_of_taint(verdict: Verdict, report: &TaintReport) -> String {
    let matches = |list: &str| report.entries.iter().filter(|entry| entry.list == list).map(|entry| entry.matches.len()).sum::<usize>();
    let sinks_on_line: usize = report.entries.iter().filter(|entry| entry.list == "sink").map(|entry| entry.clauses.n_on_line).sum();
    let is_way = |arrival: Arrival| report.ways.iter().any(|way| way.on_line == arrival);
    let sentence = match verdict {
        Verdict::Reported => "data of a source arrives at a sink on the line",
        Verdict::DependsOnOtherFiles => "a parameter arrives at a sink on the line: it is reported if a caller gives data of a source",
        Verdict::NotRun => "the rule does not run",
        Verdict::NotReported if sinks_on_line == 0 && matches("sink") == 0 => "no sink matches in the file",
        Verdict::NotReported if sinks_on_line == 0 => "no sink matches on the line",
        Verdict::NotReported if matches("source") == 0 => "no source matches in the file, and no parameter arrives at the sink",
        Verdict::NotReported if is_way(Arrival::Arrives) => {
            "data arrives on the line, but not at the sink, or not with the labels that it asks for"
        }
        Verdict::NotReported if is_way(Arrival::Harmless) => "the data that arrives on the line was made harmless",
        Verdict::NotReported => "no data of a source arrives on the line",
    };
    sentence.to_owned()
}

#[cfg(test)]
mod tests;
