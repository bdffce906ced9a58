//! What the lists of a rule match, and how far the data of each source comes: why a rule reports a line, or does not.
//!
//! The analysis runs as it does in a scan, with a sink at every expression that is of interest: what arrives there is where data
//! has come. It runs with sanitizers and without them, so that what was made harmless is told from what never arrives.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    flow::analyze,
    marks::{Marks, PassRule, SinkMark},
    plan::TaintPlan,
    report::TaintFinding,
};
use crate::{
    Models,
    debug::shortened,
    explain::{Arrival, EntryReport, HarmlessReport, MatchReport, TaintReport, WayReport},
    ir::{Kind, NodeId},
    matching::{Bindings, is_expression},
    plan::{Clause, Target},
    rule::{Entry, Formula, LanguageName, Options, Requires, SinkRequires, TaintSpec},
    search::{Line, Search},
};

/// The ways of so many sources are told: of those that are nearest to the line.
const MAX_SOURCES: usize = 12;

/// So many expressions are looked at.
const MAX_PROBES: usize = 6_000;

/// The bits of the rule: as it is; with a sink everywhere; the same without what makes harmless.
const AS_IT_IS: usize = 0;
const PROBED: usize = 1;
const UNSANITIZED: usize = 2;

/// Says what the lists of a rule match in a file, and how far the data of sources comes.
pub(crate) fn explain(
    search: &Search<'_>,
    spec: &TaintSpec,
    plan: &TaintPlan,
    options: &Options,
    models: &Models,
    target: Target,
    line: &Line<'_>,
) -> TaintReport {
    let entries = Entries { search, models, target, line }.all(spec, plan);
    let probed = TaintPlan { sinks: Vec::new(), ..copy(plan) };
    let unsanitized = TaintPlan { sinks: Vec::new(), sanitizers: Vec::new(), ..copy(plan) };
    let trusting = Options { taint_assume_safe_booleans: false, taint_assume_safe_numbers: false, ..options.clone() };
    let rules = [
        PassRule { index: AS_IT_IS, bit: AS_IT_IS, plan, options },
        PassRule { index: PROBED, bit: PROBED, plan: &probed, options },
        PassRule { index: UNSANITIZED, bit: UNSANITIZED, plan: &unsanitized, options: &trusting },
    ];
    let mut sources: Vec<(u32, u32)> =
        (0..).zip(Marks::collect(search, &rules, true).sources.iter().map(|source| source.range.0)).collect();
    let n_sources = sources.len();
    // The nearest ones are most likely those that somebody asks about.
    sources.sort_by_key(|(_, start)| start.abs_diff(line.range.0));
    sources.truncate(MAX_SOURCES);
    sources.sort_unstable();
    let mut ways = Vec::new();
    for (source, _) in sources {
        let mut marks = Marks::collect(search, &rules, true);
        marks.sources_of.values_mut().for_each(|sources| sources.retain(|index| *index == source));
        marks.sources_of.retain(|_, sources| !sources.is_empty());
        ways.push(Walk { search, line, source }.way(&mut marks));
    }
    TaintReport { entries, ways, n_left_out: n_sources.saturating_sub(MAX_SOURCES) }
}

fn copy(plan: &TaintPlan) -> TaintPlan {
    TaintPlan {
        sources: plan.sources.clone(),
        sinks: plan.sinks.clone(),
        sanitizers: plan.sanitizers.clone(),
        propagators: plan.propagators.clone(),
    }
}

/// Tells what the entries of a rule match.
struct Entries<'e, 's> {
    search: &'e Search<'s>,
    models: &'e Models,
    target: Target,
    line: &'e Line<'e>,
}

impl Entries<'_, '_> {
    fn all(&self, spec: &TaintSpec, plan: &TaintPlan) -> Vec<EntryReport> {
        let mut all = Vec::new();
        let clauses = plan.sources.iter().map(|entry| &entry.clause);
        all.extend(self.list(
            "source",
            &spec.sources,
            clauses,
            |own| &own.formula,
            |model| model.sources.iter().map(|own| &own.formula).collect(),
        ));
        let clauses = plan.sinks.iter().map(|entry| &entry.clause);
        all.extend(self.list(
            "sink",
            &spec.sinks,
            clauses,
            |own| &own.formula,
            |model| model.sinks.iter().map(|own| &own.formula).collect(),
        ));
        let clauses = plan.sanitizers.iter().map(|entry| &entry.clause);
        all.extend(self.list(
            "sanitizer",
            &spec.sanitizers,
            clauses,
            |own| &own.formula,
            |model| model.sanitizers.iter().map(|own| &own.formula).collect(),
        ));
        let clauses = plan.propagators.iter().map(|entry| &entry.clause);
        all.extend(self.list(
            "propagator",
            &spec.propagators,
            clauses,
            |own| &own.formula,
            |model| model.propagators.iter().map(|own| &own.formula).collect(),
        ));
        all
    }

    /// The entries of a list. Those of models are compiled where the model is named, in their order.
    fn list<'c, T>(
        &self,
        list: &'static str,
        entries: &[Entry<T>],
        mut clauses: impl Iterator<Item = &'c Arc<Clause>>,
        own: impl Fn(&T) -> &Formula,
        of_model: impl Fn(&crate::plan::Model) -> Vec<&Formula>,
    ) -> Vec<EntryReport> {
        let language = match self.target {
            Target::Code(language) => LanguageName::from_name(language.name),
            Target::Generic | Target::Regex => None,
        };
        let mut reports = Vec::new();
        for entry in entries {
            match entry {
                Entry::Own(entry) => {
                    reports.extend(clauses.next().map(|clause| self.entry(list, None, own(entry), clause)));
                }
                Entry::Model(reference) => {
                    let model = language.and_then(|language| self.models.get(language, reference.name.as_str()));
                    for formula in model.map(&of_model).unwrap_or_default() {
                        let Some(clause) = clauses.next() else { break };
                        let report = self.entry(list, Some(reference.name.to_string()), formula, clause);
                        reports.extend(Some(report).filter(|report| !report.matches.is_empty()));
                    }
                }
            }
        }
        reports
    }

    fn entry(&self, list: &'static str, model: Option<String>, formula: &Formula, clause: &Clause) -> EntryReport {
        let (ranges, clauses) = self.search.explain(formula, clause, self.line);
        let matches = ranges.iter().map(|range| self.search.match_report(range, self.line)).collect();
        EntryReport { list, model, matches, clauses }
    }
}

/// Follows the data of one source.
struct Walk<'w, 's> {
    search: &'w Search<'s>,
    line: &'w Line<'w>,
    source: u32,
}

static ANYTHING: SinkRequires = SinkRequires::Whole(Requires::Constant(true));

impl Walk<'_, '_> {
    fn way(&self, marks: &mut Marks<'_>) -> WayReport {
        let unit = self.search.unit;
        let source = marks.sources.get(self.source as usize).map_or(NodeId::ROOT, |source| source.node);
        let probes = self.probes(source);
        for bit in [PROBED, UNSANITIZED] {
            for node in &probes {
                let index = u32::try_from(marks.sinks.len()).unwrap_or(u32::MAX);
                marks.sinks.push(SinkMark {
                    rule: bit,
                    requires: &ANYTHING,
                    is_focused: true,
                    each: Vec::new(),
                    node: *node,
                    bindings: Bindings::default(),
                    range: unit.tree.range(*node),
                    fix: None,
                });
                marks.sinks_of.entry(*node).or_default().push(index);
            }
        }
        let findings = analyze(unit, marks, None).findings;
        let of = |rule: usize| findings.iter().filter(move |finding| finding.rule == rule);
        let nodes = |rule: usize| -> BTreeSet<NodeId> {
            of(rule).filter_map(|finding| marks.sinks.get(finding.sink as usize)).map(|sink| sink.node).collect()
        };
        let (live, all) = (nodes(PROBED), nodes(UNSANITIZED));
        let is_on_line = |node: &NodeId| self.is_on_line(unit.tree.range(*node));
        let on_line = if live.iter().any(is_on_line) {
            Arrival::Arrives
        } else if all.iter().any(is_on_line) {
            Arrival::Harmless
        } else {
            Arrival::Never
        };
        let line_of = |node: &NodeId| self.line.places.of(unit.tree.range(*node)).line;
        WayReport {
            source: self.at(unit.tree.range(source)),
            on_line,
            lines: live.iter().map(line_of).collect::<BTreeSet<u32>>().into_iter().collect(),
            way: self.shown_way(&of(if on_line == Arrival::Harmless { UNSANITIZED } else { PROBED }).collect::<Vec<_>>()),
            harmless: self.harmless(marks, &live, &all),
            is_at_sink: of(AS_IT_IS).any(|finding| self.line.is_covered_by(finding.range)),
        }
    }

    /// Whether an expression starts or ends on the line; one that goes on for lines around it says nothing of it.
    fn is_on_line(&self, (start, end): (u32, u32)) -> bool {
        let is_within = |offset: u32| self.line.range.0 <= offset && offset <= self.line.range.1;
        is_within(start) || is_within(end)
    }

    /// The expressions in the function of the source and in that of the line.
    fn probes(&self, source: NodeId) -> Vec<NodeId> {
        let tree = &self.search.unit.tree;
        let covers = |id: &NodeId| self.line.is_covered_by(tree.range(*id));
        let on_line =
            tree.ids().filter(|id| is_expression(tree.kind(*id))).find(|id| covers(id) && self.line.range.0 <= tree.node(*id).start);
        let function = |id: NodeId| {
            let above = std::iter::successors(Some(id), |at| tree.parent(*at));
            above.into_iter().find(|at| matches!(tree.kind(*at), Kind::FuncDef | Kind::Lambda)).unwrap_or(NodeId::ROOT)
        };
        let owners: BTreeSet<NodeId> = [Some(source), on_line].into_iter().flatten().map(function).collect();
        let is_probe = |id: &NodeId| is_expression(tree.kind(*id)) && owners.contains(&function(*id));
        let mut probes: Vec<NodeId> = tree.ids().filter(is_probe).collect();
        if MAX_PROBES < probes.len() {
            // Those on the line are what is asked about.
            probes.sort_by_key(|id| !covers(id));
            probes.truncate(MAX_PROBES);
        }
        probes
    }

    /// The way to the line: to the largest expression there; if data does not come there, to the last place that it comes to.
    fn shown_way(&self, findings: &[&TaintFinding]) -> Vec<MatchReport> {
        let on_line =
            findings.iter().filter(|finding| self.is_on_line(finding.range)).max_by_key(|finding| finding.range.1 - finding.range.0);
        let last = findings.iter().max_by_key(|finding| finding.range.0);
        let Some(finding) = on_line.or(last) else { return Vec::new() };
        finding.trace.iter().map(|step| self.at(step.range)).collect()
    }

    /// Where data is made harmless: expressions that it reaches only without sanitizers, and that make it so.
    fn harmless(&self, marks: &Marks<'_>, live: &BTreeSet<NodeId>, all: &BTreeSet<NodeId>) -> Vec<HarmlessReport> {
        let unit = self.search.unit;
        let mut reports = Vec::new();
        let mut last = None;
        for node in all.difference(live) {
            // What stands in it was said with it.
            if last.is_some_and(|last| unit.tree.is_within(*node, last)) {
                continue;
            }
            let is_sanitizer = marks.sanitizers_of.get(node).is_some_and(|found| found.iter().any(|mark| mark.rules & (1 << PROBED) != 0));
            let by = if is_sanitizer {
                "sanitizer"
            } else if unit.is_number(*node) || unit.is_boolean(*node) {
                "type"
            } else {
                continue;
            };
            last = Some(*node);
            let at = self.at(unit.tree.range(*node));
            reports.push(HarmlessReport { place: at.place, code: at.code, by });
        }
        reports
    }

    fn at(&self, range: (u32, u32)) -> MatchReport {
        let code = self.search.unit.text.get(range.0 as usize..range.1 as usize).unwrap_or_default();
        MatchReport { place: self.line.places.of(range), code: shortened(code), bindings: Vec::new() }
    }
}
