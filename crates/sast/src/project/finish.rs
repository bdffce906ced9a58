//! The end of a scan: what was noted of files is put together, and what is pending is confirmed.

use bartizan_core::{ByteRange, Diagnostic, DiagnosticKind, FlowStep, Limit, Location, Position, Region, RuleId};
use bartizan_source::{Confirmed, ProjectView, Reporter};
use rustc_hash::FxHashMap;

use super::{
    facts::{FileFacts, Place},
    index::Index,
    solve,
};
use crate::{
    rule::{Mode, SastRule},
    taint::MAX_RULES,
};

/// The families of languages whose files call each other.
const FAMILIES: &[(&str, &[&str])] = &[
    ("csharp", &["csharp"]),
    ("go", &["go"]),
    ("javascript", &["javascript", "typescript"]),
    ("jvm", &["java", "kotlin", "scala"]),
    ("php", &["php"]),
    ("python", &["python"]),
    ("ruby", &["ruby"]),
];

/// The family that a language belongs to, and its languages; nothing if flow is not followed across its files.
pub(crate) fn family_of(language: &str) -> Option<(&'static str, &'static [&'static str])> {
    FAMILIES.iter().copied().find(|(_, languages)| languages.contains(&language))
}

/// The taint rules of a family of languages, in an order that all of its files share.
#[derive(Debug, Default)]
pub(crate) struct Family {
    positions: FxHashMap<RuleId, usize>,
}

impl Family {
    /// Numbers the taint rules among these; one that occurs twice counts once.
    pub(crate) fn new<'r>(rules: impl Iterator<Item = &'r SastRule>) -> Self {
        let mut family = Self::default();
        for rule in rules.filter(|rule| matches!(rule.mode, Mode::Taint(_))) {
            let next = family.positions.len();
            family.positions.entry(rule.id.clone()).or_insert(next);
        }
        family
    }

    /// The pass that a rule belongs to, and its bit there.
    pub(crate) fn position(&self, rule: &RuleId) -> Option<(usize, usize)> {
        self.positions.get(rule).map(|position| (position / MAX_RULES, position % MAX_RULES))
    }

    /// The rule of a bit of a pass.
    pub(super) fn rule(&self, pass: usize, bit: usize) -> Option<&RuleId> {
        self.positions.iter().find(|(_, position)| **position == pass * MAX_RULES + bit).map(|(rule, _)| rule)
    }

    /// How many passes there are.
    pub(crate) fn n_passes(&self) -> usize {
        self.positions.len().div_ceil(MAX_RULES)
    }
}

/// Confirms what is pending and holds.
pub(crate) fn finish(project: &ProjectView<'_>, report: &mut Reporter) {
    let mut files: Vec<(usize, FileFacts)> = Vec::new();
    for (position, noted) in project.facts.iter().enumerate() {
        // Facts are our own; what can't be read was written by another version, and that has other keys.
        files.extend(postcard::from_bytes(noted.facts).ok().map(|facts| (position, facts)));
    }
    let path_of = |position: usize| project.facts.get(position).map(|noted| noted.path.to_string()).unwrap_or_default();
    for (family, languages) in FAMILIES {
        let (own, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|(_, facts)| languages.contains(&&*facts.language));
        files = others;
        let n_passes = own.iter().flat_map(|(_, facts)| facts.flows.iter().map(|flow| flow.chunk + 1)).max().unwrap_or(0);
        if n_passes == 0 {
            continue;
        }
        let positions: Vec<usize> = own.iter().map(|(position, _)| *position).collect();
        let own = own.into_iter().map(|(position, facts)| (path_of(position), facts)).collect();
        let aliases = aliases(family, files.iter().map(|(position, facts)| (path_of(*position), facts)));
        let mut index = Index::new(family, own, aliases);
        let mut cut = None;
        for pass in 0..n_passes {
            let solved = solve::solve(&mut index, pass);
            cut = cut.max(solved.cut);
            for ((file, sink), arrival) in solved.arrivals {
                let flow = index.files.get(file as usize).and_then(|file| file.facts.flows.iter().find(|flow| flow.chunk == pass));
                let Some(sink) = flow.and_then(|flow| flow.sinks.get(sink as usize)).filter(|sink| sink.pending != u32::MAX) else {
                    continue;
                };
                let Some(position) = positions.get(file as usize) else { continue };
                let last = arrival.way.len().saturating_sub(1);
                let steps = arrival.way.iter().enumerate().filter_map(|(step, (file, place))| {
                    let flow = index.files.get(*file as usize)?.facts.flows.iter().find(|flow| flow.chunk == pass)?;
                    let artifact = project.facts.get(*positions.get(*file as usize)?)?.path.clone();
                    let message = match step {
                        0 => "data comes in here",
                        _ if step == last => "and is used here",
                        _ => "it goes on through here",
                    };
                    Some(FlowStep { location: location(artifact, *flow.places.get(*place as usize)?), message: message.to_owned() })
                });
                report.confirm(Confirmed { file: *position, number: sink.pending, flow: steps.collect() });
            }
        }
        if let Some((reason, name, value)) = cut.map(solve::Cut::describe) {
            let diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, format!("{reason}: findings may be missing"));
            let limit = Limit { name: name.to_owned(), value };
            report.diagnostic(diagnostic.because_of(limit).with_help("scan parts of the project alone"));
        }
    }
}

/// Other names of modules, as files of a project say: the folder of the file, the prefix, and what it stands for.
pub(super) fn aliases<'f>(family: &str, files: impl Iterator<Item = (String, &'f FileFacts)>) -> Vec<(String, Box<str>, Vec<Box<str>>)> {
    let name = super::configuration::name_for(family);
    let configured = files.filter(|(_, facts)| *facts.language == *name);
    let aliases = configured.flat_map(|(path, facts)| {
        let folder = path.rsplit_once('/').map(|(folder, _)| folder.to_owned()).unwrap_or_default();
        facts.outline.aliases.iter().map(move |(prefix, targets)| (folder.clone(), prefix.clone(), targets.clone()))
    });
    aliases.collect()
}

fn location(artifact: bartizan_core::ArtifactPath, place: Place) -> Location {
    let range = ByteRange::new(place.bytes.0 as usize, place.bytes.1 as usize);
    let position = |(line, column)| Position { line, column };
    Location { artifact, place: Some((range, Region { start: position(place.start), end: position(place.end) })) }
}
