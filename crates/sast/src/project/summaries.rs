//! What functions let through, over the files of a project: `bartizan debug summaries`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bartizan_syntax::Trees;
use serde::Serialize;

use super::{
    callgraph::{aliases_in, families, function_name, functions_of},
    finish::Family,
    index::{FunctionId, Index},
    solve::{self, From, Known, To},
};
use crate::{
    debug::{Place, SourceText},
    lower,
    plan::{Models, Plan},
    rule::{Mode, SastRule},
    run,
    taint::MAX_RULES,
};

/// What functions let through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summaries {
    /// By file and place; those that let nothing through are among them.
    pub functions: Vec<FunctionSummary>,
    /// Files without a rule that follows data, or that can't be parsed.
    pub left_out: Vec<String>,
    /// Whether a limit was reached: something may be missing.
    pub is_cut: bool,
}

/// What a function lets through, whoever calls it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunctionSummary {
    /// The file that it is in.
    pub file: String,
    /// Its name, below those of the classes that it stands in.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// The names of its parameters.
    pub parameters: Vec<String>,
    /// What goes where.
    pub flows: Vec<FlowSummary>,
}

/// Data that goes from one end to the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlowSummary {
    /// Where it comes from.
    pub from: FlowEnd,
    /// Where it goes.
    pub to: FlowEnd,
    /// Of a source: the rules that it is one of.
    pub rules: Vec<String>,
    /// The rules for which it is made harmless on the way.
    pub harmless_for: Vec<String>,
}

/// One end of a flow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FlowEnd {
    /// `parameter`, `receiver`, `source`, `return` or `sink`.
    pub kind: &'static str,
    /// The parameter, and the part of it that is meant; of other ends the part alone.
    pub name: String,
    /// Of a sink: its rule.
    pub rule: Option<String>,
    /// Of a source or a sink: the file.
    pub file: Option<String>,
    /// Of a source or a sink: the place.
    pub place: Option<Place>,
}

/// The flow of a function, by its ends: the rules for which it is not harmless, and those that were asked.
type Flows = BTreeMap<(FunctionId, From, Option<String>, To), (BTreeSet<String>, BTreeSet<String>)>;

/// What the functions of some files let through, as far as some rules that follow data are concerned.
#[must_use]
pub fn summaries(sources: &[SourceText], rules: &[SastRule], models: &Arc<Models>) -> Summaries {
    let mut summaries = Summaries::default();
    let rules: Vec<Arc<SastRule>> = rules.iter().filter(|rule| matches!(rule.mode, Mode::Taint(_))).cloned().map(Arc::new).collect();
    for (name, mut group) in families(sources) {
        group.sort_by(|one, other| one.path.cmp(&other.path));
        let family = Family::new(rules.iter().map(|rule| &**rule));
        summaries.add(name, &group, sources, &rules, models, &family);
    }
    summaries.left_out.extend(sources.iter().filter(|source| source.language_name().is_none()).map(|source| source.path.clone()));
    summaries.left_out.sort();
    summaries
}

impl Summaries {
    fn add(
        &mut self,
        name: &str,
        group: &[&SourceText],
        sources: &[SourceText],
        rules: &[Arc<SastRule>],
        models: &Arc<Models>,
        family: &Family,
    ) {
        let mut plans: BTreeMap<&'static str, Plan> = BTreeMap::new();
        let (mut files, mut places) = (Vec::new(), Vec::new());
        for source in group {
            let Some(language) = lower::language_of_text(&source.path, &source.text) else { continue };
            let plan = plans
                .entry(language.name)
                .or_insert_with(|| Plan::compile_for(rules.iter().cloned(), models.clone(), Some(language.name), None));
            let numbered = plan.rules.iter().enumerate();
            let chosen: Vec<usize> = numbered.filter(|(_, planned)| planned.is_for(&source.path)).map(|(index, _)| index).collect();
            let outcome = run::run(plan, &chosen, &source.text, &Trees::default(), Some(language), Some(family));
            self.is_cut |= outcome.is_followed_alone || !outcome.cut.is_empty();
            match outcome.facts {
                Some(facts) => {
                    files.push((source.path.clone(), facts));
                    places.push(functions_of(source));
                }
                None => self.left_out.push(source.path.clone()),
            }
        }
        let mut index = Index::new(name, files, aliases_in(sources, name));
        let mut flows = Flows::new();
        for pass in 0..family.n_passes() {
            let (known, is_cut) = solve::known(&mut index, u32::try_from(pass).unwrap_or(u32::MAX));
            self.is_cut |= is_cut;
            let used: BTreeSet<&str> = plans.values().flat_map(|plan| plan.rules.iter().map(|planned| planned.rule.id.as_str())).collect();
            for known in known {
                note(&mut flows, known, family, pass, &used);
            }
        }
        for (file, places) in (0_u32..).zip(&places) {
            for (number, place) in (0_u32..).zip(places) {
                self.functions.push(summary(&index, (file, number), *place, &flows));
            }
        }
    }
}

/// Adds what is known of a flow; several passes speak of the same one.
fn note(flows: &mut Flows, known: Known, family: &Family, pass: usize, used: &BTreeSet<&str>) {
    let rule = |bit: usize| family.rule(pass, bit).map(ToString::to_string);
    let ids = |is_so: &dyn Fn(usize) -> bool| -> BTreeSet<String> {
        (0..MAX_RULES).filter(|bit| is_so(*bit)).filter_map(rule).filter(|id| used.contains(id.as_str())).collect()
    };
    let live = ids(&|bit| known.rules & (1 << bit) != 0);
    let (of, asked) = match known.to {
        To::Sink(bit, ..) => (rule(usize::from(bit)), live.clone()),
        To::Returned(_) | To::Receiver(_) | To::Param(..) => (None, ids(&|_| true)),
    };
    let (known_live, known_asked) = flows.entry((known.function, known.from, of, known.to)).or_default();
    known_live.extend(live);
    known_asked.extend(asked);
}

fn summary(index: &Index, function: FunctionId, place: Place, flows: &Flows) -> FunctionSummary {
    let facts = index.function(function);
    let parameters: Vec<String> =
        facts.into_iter().flat_map(|facts| &facts.params).map(|name| index.text(index.word_in(function.0, *name)).to_owned()).collect();
    let is_shown = |from: &From, live: &BTreeSet<String>| !live.is_empty() || !matches!(from, From::Source(..));
    let own = flows.iter().filter(|((of, from, ..), (live, _))| *of == function && is_shown(from, live));
    let flows = own.map(|((_, from, rule, to), (live, asked))| {
        let is_source = matches!(from, From::Source(..));
        let is_sink = matches!(to, To::Sink(..));
        FlowSummary {
            from: source_end(index, from, &parameters),
            to: target_end(index, to, rule.as_ref(), &parameters),
            rules: if is_source { live.iter().cloned().collect() } else { Vec::new() },
            harmless_for: if is_source || is_sink { Vec::new() } else { asked.difference(live).cloned().collect() },
        }
    });
    let flows = flows.collect();
    FunctionSummary { file: path_of(index, function.0), name: function_name(index, function), place, parameters, flows }
}

fn path_of(index: &Index, file: u32) -> String {
    index.files.get(file as usize).map(|file| file.path.clone()).unwrap_or_default()
}

fn parameter(parameters: &[String], number: u32, path: &str) -> String {
    format!("{}{path}", parameters.get(number as usize).map_or("?", String::as_str))
}

fn end(kind: &'static str, name: impl Into<String>) -> FlowEnd {
    FlowEnd { kind, name: name.into(), rule: None, file: None, place: None }
}

fn source_end(index: &Index, from: &From, parameters: &[String]) -> FlowEnd {
    match from {
        From::Param(number, path) => end("parameter", parameter(parameters, *number, path)),
        From::Receiver(path) => end("receiver", path),
        From::Source(file, start, last) => {
            FlowEnd { file: Some(path_of(index, *file)), place: Some(place(*start, *last)), ..end("source", "") }
        }
    }
}

fn target_end(index: &Index, to: &To, rule: Option<&String>, parameters: &[String]) -> FlowEnd {
    match to {
        To::Returned(path) => end("return", path),
        To::Receiver(path) => end("receiver", path),
        To::Param(number, path) => end("parameter", parameter(parameters, *number, path)),
        To::Sink(_, file, start, last) => {
            FlowEnd { rule: rule.cloned(), file: Some(path_of(index, *file)), place: Some(place(*start, *last)), ..end("sink", "") }
        }
    }
}

const fn place(start: (u32, u32), end: (u32, u32)) -> Place {
    Place { line: start.0, column: start.1, end_line: end.0, end_column: end.1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::read;

    const RULES: &str = "rules:\n- id: sql\n  languages: [python]\n  severity: ERROR\n  message: x\n  mode: taint\n  \
        pattern-sources: [{pattern: get()}]\n  pattern-sinks: [{pattern: run($X)}]\n  pattern-sanitizers: [{pattern: quote(...)}]\n";

    /// The flow of every function: `function: from -> to`.
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let sources: Vec<_> = files.iter().map(|(path, text)| SourceText { path: (*path).into(), text: (*text).into() }).collect();
        let parsed = read(RULES);
        assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
        let summaries = summaries(&sources, &parsed.rules, &Arc::default());
        let end = |end: &FlowEnd| {
            let place = end.place.map(|place| format!(" {}:{}", end.file.as_deref().unwrap_or_default(), place.line)).unwrap_or_default();
            format!("{} {}{}{place}", end.kind, end.name, end.rule.as_deref().unwrap_or_default())
        };
        let mut found = Vec::new();
        for function in &summaries.functions {
            for flow in &function.flows {
                let harmless =
                    if flow.harmless_for.is_empty() { String::new() } else { format!(" without {}", flow.harmless_for.join(" ")) };
                let rules = if flow.rules.is_empty() { String::new() } else { format!(" for {}", flow.rules.join(" ")) };
                found.push(format!("{}: {} -> {}{rules}{harmless}", function.name, end(&flow.from), end(&flow.to)));
            }
        }
        assert_eq!(found, expected);
        assert!(!summaries.is_cut);
    }

    #[test]
    fn parameters_go_to_results_and_sinks() {
        check(
            &[(
                "a.py",
                "def same(x):\n    return x\n\ndef clean(x):\n    return quote(x)\n\ndef use(x, y):\n    run(same(y))\n\ndef make():\n    return get()\n",
            )],
            &[
                "same: parameter x -> return ",
                "clean: parameter x -> return  without sql",
                "use: parameter y -> sink sql a.py:8",
                "make: source  a.py:11 -> return  for sql",
            ],
        );
    }

    #[test]
    fn functions_of_other_files_are_followed() {
        check(
            &[("a.py", "from b import use\n\ndef outer(z):\n    use(z)\n"), ("b.py", "def use(x):\n    run(x)\n")],
            &["outer: parameter z -> sink sql b.py:2", "use: parameter x -> sink sql b.py:2"],
        );
    }
}
