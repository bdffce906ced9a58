//! Runs rules on one file.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use bartizan_core::LineIndex;
use bartizan_syntax::Trees;
use rustc_hash::FxHashSet;

use crate::{
    ir::{Interner, Symbol, Tree},
    lower::{self, Language},
    matching::{Bindings, Bound},
    plan::{Body, Plan, Planned, Target},
    project::{Encoder, Family, FileFacts, Outline},
    rule::SastRule,
    search::{Range, Search},
    taint::{self, Marks, Open, PassRule, TraceStep},
    unit::Unit,
};

/// One match of a rule, in bytes of the text.
#[derive(Debug, Clone)]
pub(crate) struct Match {
    /// The rule, by its index in the plan.
    pub(crate) rule: usize,
    pub(crate) range: (u32, u32),
    pub(crate) message: String,
    /// What replaces the range.
    pub(crate) fix: Option<Replacement>,
    /// The way from source to sink, for taint rules.
    pub(crate) trace: Vec<TraceStep>,
}

/// What a metavariable is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Captured {
    pub(crate) text: String,
}

/// A change of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replacement {
    pub(crate) range: (u32, u32),
    pub(crate) text: String,
}

/// What running rules on a file gave.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The matches, by place and rule.
    pub(crate) matches: Vec<Match>,
    /// Byte ranges that could not be parsed.
    pub(crate) opaque: Vec<(u32, u32)>,
    /// Whether following data from and to other files would take too many steps.
    pub(crate) is_followed_alone: bool,
    /// Rules that reached a limit: matches may be missing.
    pub(crate) cut: Vec<usize>,
    /// What flow across files needs to know.
    pub(crate) facts: Option<FileFacts>,
    /// What is found if data from other files arrives there: the position of its flow among the facts, that of its sink there.
    pub(crate) pending: Vec<(usize, usize, Match)>,
    /// Why there is no tree, if one was wanted.
    pub(crate) unparsed: Option<bartizan_syntax::ParseError>,
}

/// Runs the chosen rules of a plan on a text.
///
/// With the rules of a family of languages, what flow across files needs is noted, too.
pub(crate) fn run(
    plan: &Plan,
    chosen: &[usize],
    text: &str,
    trees: &Trees,
    language: Option<&'static Language>,
    family: Option<&Family>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let is_for = |target: Target, of: Option<&'static Language>| match (target, of) {
        (Target::Code(wanted), Some(of)) => std::ptr::eq(wanted, of),
        (Target::Code(_), None) | (_, Some(_)) => false,
        (Target::Generic | Target::Regex, None) => true,
    };
    let wants = |of: Option<&'static Language>| {
        chosen
            .iter()
            .filter_map(|index| plan.rules.get(*index))
            .any(|planned| planned.variants.iter().any(|variant| is_for(variant.target, of)))
    };
    if language.is_some() && wants(language) {
        let mut symbols = Interner::new(plan.symbols.clone());
        match language.map(|language| lower::lower_file(language, text, trees, &mut symbols)) {
            Some(Ok(tree)) => {
                outcome.opaque = tree.opaque().to_vec();
                let unit = Unit::new(text, language, tree, symbols);
                run_in(plan, chosen, &unit, |target| is_for(target, language), family, &mut outcome);
            }
            Some(Err(error)) => outcome.unparsed = Some(error),
            None => {}
        }
    }
    if wants(None) {
        let unit = Unit::new(text, None, Tree::default(), Interner::new(plan.symbols.clone()));
        run_in(plan, chosen, &unit, |target| is_for(target, None), None, &mut outcome);
    }
    // What matches in several ways stays in the order in which it was found.
    outcome.matches.sort_by_key(|found| (found.range, found.rule));
    outcome
}

fn run_in(plan: &Plan, chosen: &[usize], unit: &Unit<'_>, is_for: impl Fn(Target) -> bool, family: Option<&Family>, outcome: &mut Outcome) {
    let search = Search::new(plan, unit);
    let mut tainted = Vec::new();
    for &index in chosen {
        let Some(planned) = plan.rules.get(index) else { continue };
        let Some(variant) = planned.variants.iter().find(|variant| is_for(variant.target)) else { continue };
        match &variant.body {
            Body::Search(clause) => {
                let ranges = search.evaluate(clause, None);
                if search.is_cut.replace(false) {
                    outcome.cut.push(index);
                }
                report(planned, index, &search, ranges, &mut outcome.matches);
            }
            Body::Taint(plan) => tainted.push(PassRule { index, bit: 0, plan, options: &planned.rule.options }),
        }
    }
    match family {
        Some(family) => across_files(plan, &tainted, &search, family, outcome),
        None => {
            for rules in tainted.chunks(taint::MAX_RULES) {
                let rules: Vec<PassRule<'_>> = rules.iter().enumerate().map(|(bit, rule)| PassRule { bit, ..*rule }).collect();
                let marks = Marks::collect(&search, &rules, false);
                follow(plan, &marks, &rules, None, &search, outcome);
            }
        }
    }
}

/// Runs taint rules, and notes what flow across files needs.
fn across_files(plan: &Plan, tainted: &[PassRule<'_>], search: &Search<'_>, family: &Family, outcome: &mut Outcome) {
    let position = |rule: &PassRule<'_>| plan.rules.get(rule.index).and_then(|planned| family.position(&planned.rule.id));
    let outline = Outline::new(search.unit);
    let lines = LineIndex::new(search.unit.text);
    let mut flows = Vec::new();
    for pass in 0..family.n_passes() {
        let of_pass = tainted.iter().filter_map(|rule| {
            let (of, bit) = position(rule)?;
            (of == pass).then_some(PassRule { bit, ..*rule })
        });
        let rules: Vec<PassRule<'_>> = of_pass.collect();
        let marks = Marks::collect(search, &rules, true);
        let n_before = outcome.matches.len();
        let open = follow(plan, &marks, &rules, Some(&outline), search, outcome);
        let found: FxHashSet<(usize, (u32, u32))> = outcome.matches.iter().skip(n_before).map(|found| (found.rule, found.range)).collect();
        let is_reported = |sink: u32| {
            let sink = marks.sinks.get(sink as usize);
            sink.and_then(|sink| Some((marks.rule(sink.rule)?.index, sink.range))).is_some_and(|key| found.contains(&key))
        };
        let encoded = Encoder::encode(&outline, &marks, &lines, u32::try_from(pass).unwrap_or(u32::MAX), &open, &is_reported);
        for (number, sink) in encoded.sinks.iter().enumerate() {
            let Some(sink) = marks.sinks.get(*sink as usize) else { continue };
            let Some(index) = marks.rule(sink.rule).map(|rule| rule.index) else { continue };
            let Some(planned) = plan.rules.get(index) else { continue };
            let found = to_match(planned, index, search, sink.range, &sink.bindings, sink.fix.as_ref(), Vec::new());
            outcome.pending.push((flows.len(), number, found));
        }
        flows.push(encoded.facts);
    }
    let language = search.unit.language.map_or("", |language| language.name).into();
    let facts = outline.facts();
    outcome.facts = Some(FileFacts { language, outline: facts, texts: outline.into_texts(), flows });
}

/// Follows the data of taint rules together; gives what depends on other files.
fn follow<'u>(
    plan: &Plan,
    marks: &Marks<'_>,
    rules: &[PassRule<'_>],
    outline: Option<&Outline<'u>>,
    search: &Search<'u>,
    outcome: &mut Outcome,
) -> Open {
    let mut analysis = taint::analyze(search.unit, marks, outline);
    if analysis.is_cut && outline.is_some() {
        outcome.is_followed_alone = true;
        analysis = taint::analyze(search.unit, marks, None);
    }
    if analysis.is_cut || search.is_cut.replace(false) {
        outcome.cut.extend(rules.iter().map(|rule| rule.index));
    } else {
        outcome.cut.extend(&analysis.limited);
    }
    for finding in analysis.findings {
        let (Some(planned), Some(sink), Some(source)) =
            (plan.rules.get(finding.rule), marks.sinks.get(finding.sink as usize), marks.sources.get(finding.source as usize))
        else {
            continue;
        };
        let mut bindings = sink.bindings.clone();
        for (name, bound) in source.bindings.iter() {
            if bindings.get(name).is_none() {
                bindings.push(name, bound);
            }
        }
        let at_source = planned.rule.options.taint_focus_on == crate::rule::TaintFocus::Source;
        let range = if at_source { source.range } else { finding.range };
        let found = to_match(planned, finding.rule, search, range, &bindings, sink.fix.as_ref(), finding.trace);
        if !outcome.matches.iter().any(|known| known.rule == found.rule && known.range == found.range) {
            outcome.matches.push(found);
        }
    }
    analysis.open
}

/// Adds what a search found, each range and message once.
fn report(planned: &Planned, index: usize, search: &Search<'_>, ranges: Vec<Range>, matches: &mut Vec<Match>) {
    let mut seen: FxHashSet<((u32, u32), String)> = FxHashSet::default();
    for range in ranges {
        let found = to_match(planned, index, search, range.range, &range.bindings, range.fix.as_ref(), Vec::new());
        if seen.insert((found.range, found.message.clone())) {
            matches.push(found);
        }
    }
}

fn to_match(
    planned: &Planned,
    index: usize,
    search: &Search<'_>,
    range: (u32, u32),
    bindings: &Bindings,
    fix: Option<&Arc<str>>,
    trace: Vec<TraceStep>,
) -> Match {
    let names = metavariables(search, bindings);
    let rule = &planned.rule;
    let message = interpolated(rule.message.as_str(), &names);
    let fix = replacement(rule, search.unit.text, range, fix, &names);
    Match { rule: index, range, message, fix, trace }
}

fn metavariables(search: &Search<'_>, bindings: &Bindings) -> BTreeMap<String, Captured> {
    let captured = |(name, bound): (Symbol, Bound)| {
        let (text, _) = search.text_of(bound, false);
        (search.unit.with_text(name, str::to_owned), Captured { text })
    };
    bindings.iter().map(captured).collect()
}

/// The longest text that a metavariable puts into a message, in characters.
const MAX_SHOWN: usize = 120;

/// A text with what its metavariables stand for, shortened to one line.
fn interpolated(text: &str, names: &BTreeMap<String, Captured>) -> String {
    replaced(text, &|name| {
        names.get(name).map(|captured| {
            let line = captured.text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
            if line.chars().count() <= MAX_SHOWN { line } else { line.chars().take(MAX_SHOWN).chain(['…']).collect() }
        })
    })
}

/// Replaces `$X`, `$...X` and `value($X)` where somebody knows what they stand for.
fn replaced(text: &str, known: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        let (before, from) = rest.split_at(dollar);
        let after = from.get(1..).unwrap_or_default();
        let after_dots = after.strip_prefix("...").unwrap_or(after);
        let end = after_dots.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')).unwrap_or(after_dots.len());
        let length = from.len() - after_dots.len() + end;
        let name = from.get(..length).unwrap_or("$");
        match known(name).filter(|_| 0 < end) {
            Some(content) => {
                let is_value = before.ends_with("value(") && from.get(length..).is_some_and(|rest| rest.starts_with(')'));
                let before = if is_value { before.strip_suffix("value(").unwrap_or(before) } else { before };
                out.push_str(before);
                out.push_str(&content);
                rest = from.get(length + usize::from(is_value)..).unwrap_or_default();
            }
            None => {
                out.push_str(before);
                out.push_str(name);
                rest = from.get(length..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// What a fix makes of a match; nothing if it changes nothing. That of the rule comes before that of a part of it.
fn replacement(
    rule: &SastRule,
    text: &str,
    range: (u32, u32),
    own: Option<&Arc<str>>,
    names: &BTreeMap<String, Captured>,
) -> Option<Replacement> {
    let source = text.get(range.0 as usize..range.1 as usize)?;
    let fixed = if let Some(fix) = rule.fix.as_ref().map(crate::rule::RuleText::as_str).or_else(|| own.map(|fix| &**fix)) {
        let fix = aligned(fix, text.get(..range.0 as usize)?);
        replaced(&fix, &|name| names.get(name).map(|captured| captured.text.clone()))
    } else {
        let fix = rule.fix_regex.as_ref()?;
        let regex = crate::regex::Regex::new(fix.regex.as_str(), crate::regex::Flags::PATTERN).ok()?;
        with_groups(&regex, source, fix.replacement.as_str(), fix.count)?
    };
    (fixed != source).then_some(Replacement { range, text: fixed })
}

/// A fix of several lines, moved to the column at which it starts. What metavariables stand for keeps its own layout.
fn aligned<'t>(fix: &'t str, before: &str) -> Cow<'t, str> {
    if !fix.contains('\n') {
        return Cow::Borrowed(fix);
    }
    let line = before.rsplit('\n').next().unwrap_or_default();
    let margin: String = line.chars().map(|character| if character == '\t' { '\t' } else { ' ' }).collect();
    Cow::Owned(fix.replace('\n', &format!("\n{margin}")))
}

/// Replaces matches; `\1` is a group.
fn with_groups(regex: &crate::regex::Regex, text: &str, replacement: &str, count: Option<u32>) -> Option<String> {
    let mut out = String::new();
    let mut from = 0;
    let limit = count.map_or(usize::MAX, |count| count as usize);
    for found in regex.captures_iter(text).take(limit) {
        let crate::regex::Outcome::Done(captures) = found else { return None };
        let whole = captures.range();
        out.push_str(text.get(from..whole.start)?);
        let mut rest = replacement;
        while let Some(at) = rest.find('\\') {
            out.push_str(rest.get(..at)?);
            let after = rest.get(at + 1..)?;
            let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            match after.get(..digits).and_then(|digits| digits.parse::<usize>().ok()) {
                Some(group) => {
                    if let Some(range) = captures.get(group) {
                        out.push_str(text.get(range)?);
                    }
                    rest = after.get(digits..)?;
                }
                None => {
                    let next = after.chars().next();
                    match next {
                        Some('n') => out.push('\n'),
                        Some('t') => out.push('\t'),
                        Some(other) => out.push(other),
                        None => out.push('\\'),
                    }
                    rest = after.get(next.map_or(0, char::len_utf8)..)?;
                }
            }
        }
        out.push_str(rest);
        from = whole.end;
    }
    out.push_str(text.get(from..)?);
    Some(out)
}
