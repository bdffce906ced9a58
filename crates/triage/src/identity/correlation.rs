//! Which findings of several tools are one weakness.
//!
//! A weakness that three tools see is one finding with three witnesses. Two findings are joined for a reason only, which is kept and
//! shown; a person may take them apart or join others. Nothing is lost: a [`Weakness`] is a view, made anew from its witnesses, each
//! of which keeps its own identity. What one tool reports twice is two findings: it knows its own rules better than we do.

mod class;

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

pub use self::class::{class_in_common, classes_of};
use super::{Digest, Place, Sighting, SubjectKind, Tokens, Verdict, union::Names};

/// Longer places say where a function or a block is: only what is of the same rule is the same weakness there.
const MAX_LINES: u32 = 30;
/// Of the places that start within another, so many are compared with it.
const MAX_COMPARED: usize = 256;

/// What one tool reported, once.
#[derive(Debug, Clone, Copy)]
pub struct Witness<'a> {
    /// The tool, whatever its version.
    pub tool: Digest,
    /// What it saw.
    pub sighting: &'a Sighting,
    /// Rules of other tools that say the same as its rule. Two rules are the same if one is among the other's, or both have one: no
    /// further, because a wide rule says the same as several narrow ones that are not the same.
    pub also_called: &'a [Digest],
    /// Numbers of the Common Weakness Enumeration that it, or a table about its rule, gives.
    pub cwes: &'a [u32],
    /// What receives the data, where the tool says it: the name of a function.
    pub sink: Option<Digest>,
}

/// What a person said about two witnesses, by their indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// One of them.
    pub a: usize,
    /// The other one.
    pub b: usize,
    /// Whether they are one weakness.
    pub verdict: Verdict,
}

/// Why two are one weakness, from the strongest reason to the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Somebody said so.
    Decided,
    /// They are about one subject in one file: a package and a flaw of it, a secret, a parameter, a resource.
    Subject,
    /// Their rules are known to be the same, and their places overlap.
    Rule,
    /// Their weaknesses are of one class, their places overlap, and so do sink or code: the class.
    Class(&'static str),
    /// They name the same weakness by number, their places overlap, and so do sink or code: the number.
    Weakness(u32),
}

/// Two witnesses, by their indices, the smaller one first; and why they speak of one weakness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// One of them.
    pub a: usize,
    /// The other one.
    pub b: usize,
    /// Why.
    pub reason: Reason,
}

/// One weakness: who saw it, and why that is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weakness {
    /// Indices of the witnesses, in order; at least one, and no two of one tool unless a person said so.
    pub witnesses: Vec<usize>,
    /// The reasons, which hold all of them together.
    pub links: Vec<Link>,
}

/// Groups what tools reported about one snapshot. Every witness is in exactly one weakness; they are in the order of their first ones.
///
/// ```
/// use bartizan_triage::identity::{Digest, Place, Sighting, correlation::{Reason, Witness, correlate}};
///
/// let sight = |rule: &str, line| {
///     let place = Some(Place { start_line: line, end_line: line, column: 0 });
///     Sighting { place, ..Sighting::new(rule, "a.py") }
/// };
/// let (bandit, semgrep) = (sight("B602", 7), sight("subprocess-shell-true", 7));
/// let witness = |tool, sighting, cwes| Witness { tool: Digest::of(tool), sighting, also_called: &[], cwes, sink: None };
/// let found = correlate(&[witness("bandit", &bandit, &[78]), witness("semgrep", &semgrep, &[77])], &[]);
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].links[0].reason, Reason::Class("command-injection"));
/// ```
#[must_use]
pub fn correlate(witnesses: &[Witness<'_>], judgements: &[Judgement]) -> Vec<Weakness> {
    let apart: FxHashSet<(usize, usize)> = judgements
        .iter()
        .filter(|judgement| judgement.verdict == Verdict::Different)
        .map(|judgement| ordered(judgement.a, judgement.b))
        .collect();
    let mut groups = Groups::new(witnesses, apart);

    // What people said holds, even of one tool.
    for judgement in judgements.iter().filter(|judgement| judgement.verdict == Verdict::Same) {
        let (a, b) = ordered(judgement.a, judgement.b);
        groups.join(Link { a, b, reason: Reason::Decided });
    }

    // The strongest reasons first, and of equal ones those whose places are most alike.
    let mut links = links(witnesses);
    links.sort_unstable();
    links.into_iter().for_each(|(_, _, link)| groups.join(link));
    groups.into_weaknesses()
}

/// A reason with what it is worth.
type Weighed = (Reason, Reverse<u32>, Link);

/// All pairs of different tools for which there is a reason.
fn links(witnesses: &[Witness<'_>]) -> Vec<Weighed> {
    let mut names = Names::default();
    for witness in witnesses {
        let sighting = witness.sighting;
        sighting.rule_aliases.iter().for_each(|&alias| names.join(sighting.rule, alias));
        if let Some((first, others)) = sighting.subject.as_ref().and_then(|subject| subject.names.split_first()) {
            others.iter().for_each(|&name| names.join(*first, name));
        }
    }
    let mut files: FxHashMap<Digest, Vec<usize>> = FxHashMap::default();
    witnesses.iter().enumerate().for_each(|(index, witness)| files.entry(witness.sighting.path.path).or_default().push(index));
    let mut links = Vec::new();
    for of_file in files.values() {
        let of_file: Vec<(usize, &Witness<'_>)> = of_file.iter().filter_map(|&index| Some((index, witnesses.get(index)?))).collect();
        by_subject(&of_file, &names, &mut links);
        by_place(of_file, &names, &mut links);
    }
    links
}

/// Packages, resources and parameters are where their file is; of a secret the place counts, too.
fn by_subject(of_file: &[(usize, &Witness<'_>)], names: &Names, links: &mut Vec<Weighed>) {
    /// Kind, thing, flaw, and rule if it counts.
    type SubjectKey = (SubjectKind, Digest, Digest, Option<Digest>);
    let mut subjects: FxHashMap<SubjectKey, Vec<(usize, Digest)>> = FxHashMap::default();
    for (index, witness) in of_file {
        let Some(subject) = &witness.sighting.subject else { continue };
        let flaw = subject.names.first().map_or(Digest(0), |&name| names.canonical(name));
        let rule = match subject.kind {
            SubjectKind::Component => None,
            SubjectKind::WebEntry | SubjectKind::Resource => Some(names.canonical(witness.sighting.rule)),
            SubjectKind::Secret => continue,
        };
        subjects.entry((subject.kind, subject.thing, flaw, rule)).or_default().push((*index, witness.tool));
    }
    for same in subjects.values() {
        for (at, &(a, tool)) in same.iter().enumerate() {
            let others = same.iter().skip(at + 1).filter(|(_, other)| *other != tool).take(MAX_COMPARED);
            links.extend(others.map(|&(b, _)| weighed(a, b, Reason::Subject, 0)));
        }
    }
}

/// Pairs whose places overlap.
fn by_place(mut of_file: Vec<(usize, &Witness<'_>)>, names: &Names, links: &mut Vec<Weighed>) {
    of_file.retain(|(_, witness)| witness.sighting.place.is_some());
    of_file.sort_by_key(|&(index, witness)| (witness.sighting.place, index));
    for (at, &(a, witness)) in of_file.iter().enumerate() {
        let Some(place) = witness.sighting.place else { continue };
        let starts_within = |&&(_, other): &&(usize, &Witness<'_>)| other.sighting.start_line() <= last_line(place);
        for &(b, other) in of_file.iter().skip(at + 1).take_while(starts_within).take(MAX_COMPARED) {
            if witness.tool != other.tool
                && let Some(reason) = reason(witness, other, names)
            {
                links.push(weighed(a, b, reason, other.sighting.place.map_or(0, |other| common_share(place, other))));
            }
        }
    }
}

fn weighed(a: usize, b: usize, reason: Reason, overlap: u32) -> Weighed {
    let (a, b) = ordered(a, b);
    (reason, Reverse(overlap), Link { a, b, reason })
}

/// Why two whose places overlap are one weakness.
fn reason(a: &Witness<'_>, b: &Witness<'_>, names: &Names) -> Option<Reason> {
    if let (Some(ours), Some(theirs)) = (&a.sighting.subject, &b.sighting.subject) {
        let is_same_secret = ours.kind == SubjectKind::Secret && ours.kind == theirs.kind && ours.thing == theirs.thing;
        return is_same_secret.then_some(Reason::Subject);
    }
    if is_same_rule(a, b, names) {
        return Some(Reason::Rule);
    }
    let is_long = |witness: &Witness<'_>| witness.sighting.place.is_none_or(|place| MAX_LINES <= last_line(place) - place.start_line);
    if is_long(a) || is_long(b) {
        return None;
    }
    // A class is a wide word: the same thing must be meant.
    let is_same_sink = a.sink.zip(b.sink).map(|(a, b)| a == b);
    let code = a.sighting.snippet.as_ref().map(Tokens::digest).zip(b.sighting.snippet.as_ref().map(Tokens::digest));
    let is_same_line = a.sighting.start_line() == b.sighting.start_line();
    let is_same_thing = is_same_sink.unwrap_or_else(|| is_same_line || code.is_some_and(|(a, b)| a == b));
    if !is_same_thing {
        return None;
    }
    let same_number = a.cwes.iter().filter(|cwe| b.cwes.contains(cwe)).min();
    same_number.map(|&cwe| Reason::Weakness(cwe)).or_else(|| class_in_common(a.cwes, b.cwes).map(Reason::Class))
}

/// Whether the rules of two are known to say the same.
fn is_same_rule(a: &Witness<'_>, b: &Witness<'_>, names: &Names) -> bool {
    let (ours, theirs) = (names.canonical(a.sighting.rule), names.canonical(b.sighting.rule));
    ours == theirs
        || a.also_called.contains(&b.sighting.rule)
        || b.also_called.contains(&a.sighting.rule)
        || a.also_called.iter().any(|also| b.also_called.contains(also))
}

/// Lines that both places have, in thousandths of those that either has.
fn common_share(a: Place, b: Place) -> u32 {
    let common = last_line(a).min(last_line(b)).saturating_sub(a.start_line.max(b.start_line)).saturating_add(1);
    let either = last_line(a).max(last_line(b)).saturating_sub(a.start_line.min(b.start_line)).saturating_add(1);
    common.saturating_mul(1000) / either.max(1)
}

fn last_line(place: Place) -> u32 {
    place.end_line.max(place.start_line)
}

fn ordered(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

/// Groups that grow.
struct Groups<'w> {
    witnesses: &'w [Witness<'w>],
    apart: FxHashSet<(usize, usize)>,
    /// The group of each witness.
    of: Vec<usize>,
    members: Vec<Vec<usize>>,
    links: Vec<Vec<Link>>,
}

impl<'w> Groups<'w> {
    fn new(witnesses: &'w [Witness<'w>], apart: FxHashSet<(usize, usize)>) -> Self {
        let n = witnesses.len();
        Self { witnesses, apart, of: (0..n).collect(), members: (0..n).map(|index| vec![index]).collect(), links: vec![Vec::new(); n] }
    }

    /// Makes one group of two, unless it would hold two of one tool, or two that a person took apart.
    fn join(&mut self, link: Link) {
        let (Some(&ours), Some(&theirs)) = (self.of.get(link.a), self.of.get(link.b)) else { return };
        if ours != theirs && !self.may_join(ours, theirs, link.reason) {
            return;
        }
        let (into, from) = ordered(ours, theirs);
        if into != from {
            let moved = self.members.get_mut(from).map(std::mem::take).unwrap_or_default();
            moved.iter().for_each(|&member| self.of.get_mut(member).into_iter().for_each(|of| *of = into));
            self.members.get_mut(into).into_iter().for_each(|members| members.extend(&moved));
            let moved = self.links.get_mut(from).map(std::mem::take).unwrap_or_default();
            self.links.get_mut(into).into_iter().for_each(|links| links.extend(&moved));
        }
        self.links.get_mut(into).into_iter().for_each(|links| links.push(link));
    }

    fn may_join(&self, ours: usize, theirs: usize, reason: Reason) -> bool {
        let members = |group: usize| self.members.get(group).into_iter().flatten().copied();
        let tool = |index: usize| self.witnesses.get(index).map(|witness| witness.tool);
        members(ours)
            .all(|a| members(theirs).all(|b| !self.apart.contains(&ordered(a, b)) && (reason == Reason::Decided || tool(a) != tool(b))))
    }

    fn into_weaknesses(self) -> Vec<Weakness> {
        let groups = self.members.into_iter().zip(self.links).filter(|(members, _)| !members.is_empty());
        let sorted = groups.map(|(mut witnesses, mut links)| {
            witnesses.sort_unstable();
            links.sort_unstable();
            links.dedup();
            Weakness { witnesses, links }
        });
        let mut weaknesses: Vec<Weakness> = sorted.collect();
        weaknesses.sort_by(|a, b| a.witnesses.cmp(&b.witnesses));
        weaknesses
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Subject;

    fn sight(rule: &str, start_line: u32, end_line: u32) -> Sighting {
        Sighting { place: Some(Place { start_line, end_line, column: 0 }), ..Sighting::new(rule, "a.py") }
    }

    fn witness<'a>(tool: &str, sighting: &'a Sighting, cwes: &'a [u32]) -> Witness<'a> {
        Witness { tool: Digest::of(tool), sighting, also_called: &[], cwes, sink: None }
    }

    /// Which witnesses are one weakness.
    fn check(witnesses: &[Witness<'_>], judgements: &[Judgement], expected: &[&[usize]]) -> Vec<Weakness> {
        let weaknesses = correlate(witnesses, judgements);
        assert_eq!(weaknesses.iter().map(|weakness| weakness.witnesses.as_slice()).collect::<Vec<_>>(), expected);
        weaknesses
    }

    #[test]
    fn the_same_weakness_at_the_same_place_is_one() {
        let (a, b, c) = (sight("B602", 7, 9), sight("shell-true", 7, 7), sight("python:S4721", 7, 8));
        let found = check(&[witness("bandit", &a, &[78]), witness("semgrep", &b, &[78]), witness("sonar", &c, &[77])], &[], &[&[0, 1, 2]]);
        let reasons: Vec<Reason> = found[0].links.iter().map(|link| link.reason).collect();
        assert_eq!(reasons, [Reason::Weakness(78), Reason::Class("command-injection"), Reason::Class("command-injection")]);
    }

    #[test]
    fn nothing_is_joined_without_a_reason() {
        let (a, b, far, whole) = (sight("a", 7, 7), sight("b", 7, 7), sight("c", 9, 9), sight("d", 1, 90));
        check(&[witness("x", &a, &[78]), witness("y", &b, &[79])], &[], &[&[0], &[1]]);
        check(&[witness("x", &a, &[78]), witness("y", &far, &[78])], &[], &[&[0], &[1]]);
        check(&[witness("x", &a, &[78]), witness("y", &whole, &[78])], &[], &[&[0], &[1]]);
        check(&[witness("x", &a, &[]), witness("y", &b, &[])], &[], &[&[0], &[1]]);
        check(&[witness("x", &a, &[20]), witness("y", &b, &[74])], &[], &[&[0], &[1]]);
        let elsewhere = Sighting { path: Sighting::new("", "b.py").path, ..b };
        check(&[witness("x", &a, &[78]), witness("y", &elsewhere, &[78])], &[], &[&[0], &[1]]);
    }

    #[test]
    fn rules_that_say_the_same_are_joined_however_long_their_block_is() {
        let (wide, narrow, other, block) = (sight("wide", 1, 90), sight("narrow", 7, 7), sight("other", 7, 7), sight("x", 1, 90));
        let (narrow_name, other_name) = (Digest::of("narrow"), Digest::of("other"));
        let both = [narrow_name, other_name];
        let called = |tool, sighting, also_called| Witness { also_called, ..witness(tool, sighting, &[]) };
        check(&[called("x", &wide, &both), witness("y", &narrow, &[])], &[], &[&[0, 1]]);
        check(&[called("x", &wide, &both[..1]), called("y", &block, &both)], &[], &[&[0, 1]]);
        check(&[called("x", &wide, &both[..1]), called("y", &block, &both[1..])], &[], &[&[0], &[1]]);
        // A wide rule makes no one of what another tool tells apart.
        check(&[called("x", &wide, &both), witness("y", &narrow, &[]), witness("y", &other, &[])], &[], &[&[0, 1], &[2]]);
    }

    #[test]
    fn another_sink_is_another_weakness() {
        let (a, b) = (sight("a", 7, 7), sight("b", 7, 7));
        let with_sink = |tool, sighting, sink: &str| Witness { sink: Some(Digest::of(sink)), ..witness(tool, sighting, &[89]) };
        check(&[with_sink("x", &a, "execute"), with_sink("y", &b, "raw")], &[], &[&[0], &[1]]);
        check(&[with_sink("x", &a, "execute"), with_sink("y", &b, "execute")], &[], &[&[0, 1]]);
    }

    #[test]
    fn what_one_tool_reports_twice_is_two() {
        let (a, b, c) = (sight("a", 7, 7), sight("b", 7, 7), sight("c", 7, 8));
        check(&[witness("x", &a, &[89]), witness("x", &b, &[89]), witness("y", &c, &[89])], &[], &[&[0, 2], &[1]]);
    }

    #[test]
    fn packages_are_joined_by_aliases_of_the_advisory() {
        let package = |rule: &str, path: &str, names: &[&str]| Sighting {
            subject: Some(Subject::component("pkg:pypi/django@1.2", names)),
            ..Sighting::new(rule, path)
        };
        let (a, b) = (package("CVE-1", "poetry.lock", &["CVE-1", "GHSA-1"]), package("PYSEC-1", "poetry.lock", &["PYSEC-1", "GHSA-1"]));
        let (other_file, other_flaw) = (package("CVE-1", "x/poetry.lock", &["CVE-1"]), package("CVE-2", "poetry.lock", &["CVE-2"]));
        let all = [
            witness("trivy", &a, &[]),
            witness("pip-audit", &b, &[]),
            witness("grype", &other_file, &[]),
            witness("osv", &other_flaw, &[]),
        ];
        let found = check(&all, &[], &[&[0, 1], &[2], &[3]]);
        assert_eq!(found[0].links, [Link { a: 0, b: 1, reason: Reason::Subject }]);
    }

    #[test]
    fn secrets_are_joined_by_their_value_only() {
        let secret = |hash: &str| Sighting { subject: Some(Subject::secret(hash)), ..sight("key", 3, 3) };
        let (a, b, c) = (secret("1"), secret("1"), secret("2"));
        check(&[witness("x", &a, &[798]), witness("y", &b, &[798]), witness("z", &c, &[798])], &[], &[&[0, 1], &[2]]);
    }

    #[test]
    fn what_people_say_holds() {
        let (a, b, c) = (sight("a", 7, 7), sight("b", 7, 7), sight("c", 20, 20));
        let all = [witness("x", &a, &[89]), witness("y", &b, &[89]), witness("x", &c, &[79])];
        let judgement = |a, b, verdict| Judgement { a, b, verdict };
        check(&all, &[judgement(1, 0, Verdict::Different)], &[&[0], &[1], &[2]]);
        check(&all, &[judgement(2, 0, Verdict::Same)], &[&[0, 1, 2]]);
        check(&all, &[judgement(9, 0, Verdict::Same), judgement(0, 9, Verdict::Different)], &[&[0, 1], &[2]]);
    }
}
