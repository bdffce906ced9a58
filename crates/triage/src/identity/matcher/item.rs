//! Sightings made ready for comparing: names made canonical, files under their new names, in one order.

use std::cell::Cell;

use rustc_hash::FxHashMap;

use crate::identity::{
    Changes, Decision, Digest, Looks, Neighbours, Sighting, Similarity, Subject, SubjectKind, Tier, Tokens, Verdict, union::Names,
};

/// A sighting of one of the two snapshots.
#[derive(Debug)]
pub(super) struct Item<'s> {
    /// Its place in what the caller passed.
    pub(super) index: usize,
    pub(super) sighting: &'s Sighting,
    /// The rule under the name that speaks for all of its names; the same for all components, whose rules don't count.
    pub(super) rule: Digest,
    /// The path that the file has in the new snapshot.
    pub(super) lineage: Digest,
    pub(super) file_name: Digest,
    /// The subject, with the name that speaks for all names of its flaw.
    pub(super) subject: Option<(SubjectKind, Digest, Digest)>,
    /// Equal exactly if rule and code are, or rule and subject; nothing if there is neither.
    pub(super) key: Option<Digest>,
    /// What it is, in the other snapshot.
    pub(super) partner: Cell<Option<(usize, Tier)>>,
    /// Its lines are there in the other snapshot, and nothing is reported on them: it is gone, or new.
    pub(super) is_settled: Cell<bool>,
}

impl Item<'_> {
    pub(super) fn is_free(&self) -> bool {
        self.partner.get().is_none() && !self.is_settled.get()
    }

    pub(super) fn line(&self) -> i64 {
        i64::from(self.sighting.start_line())
    }

    pub(super) fn neighbours(&self) -> Option<Neighbours> {
        self.sighting.neighbours
    }

    pub(super) fn scope(&self) -> Option<Digest> {
        self.sighting.scope.map(|scope| scope.path)
    }

    pub(super) fn innermost_scope(&self) -> Option<Digest> {
        self.sighting.scope.map(|scope| scope.innermost)
    }
}

/// Pairs that people said are none: by the known one, what the other looks like.
pub(super) type Bars = FxHashMap<usize, Vec<Looks>>;

/// Whether two may be one at all.
pub(super) fn may_be(known: &Item<'_>, seen: &Item<'_>, bars: &Bars) -> bool {
    let is_other_subject = known.subject.is_some() && seen.subject.is_some() && known.subject != seen.subject;
    let is_barred = || bars.get(&known.index).is_some_and(|all| all.contains(&looks(seen)));
    known.rule == seen.rule && !is_other_subject && !is_barred()
}

/// Makes two one, if both are free.
pub(super) fn pair(known: &Item<'_>, seen: &Item<'_>, tier: Tier) {
    if known.is_free() && seen.is_free() {
        known.partner.set(Some((seen.index, tier)));
        seen.partner.set(Some((known.index, tier)));
    }
}

/// What a sighting looks like, under canonical names.
fn looks(item: &Item<'_>) -> Looks {
    Looks { rule: item.rule, ..item.sighting.looks() }
}

/// How much two are alike, by what is known of both: the code counts most, then scope, neighbours and path.
pub(super) fn likeness(known: &Item<'_>, seen: &Item<'_>) -> Similarity {
    let (a, b) = (known.sighting, seen.sighting);
    let code = a.snippet.as_ref().zip(b.snippet.as_ref()).or_else(|| a.message.as_ref().zip(b.message.as_ref()));
    let equal = |is_equal: bool| if is_equal { 1000_u32 } else { 0 };
    let parts = [
        (6, known.subject.zip(seen.subject).map(|(a, b)| equal(a == b))),
        (6, code.map(|(a, b)| u32::from(a.similarity(b).0))),
        (2, a.scope.zip(b.scope).map(|(a, b)| equal(a == b))),
        (1, a.neighbours.zip(b.neighbours).map(|(a, b)| equal(a.before == b.before))),
        (1, a.neighbours.zip(b.neighbours).map(|(a, b)| equal(a.after == b.after))),
        (2, Some(equal(known.lineage == seen.lineage))),
    ];
    let known_parts = parts.iter().filter_map(|&(weight, value)| Some((weight, value?)));
    let (sum, whole) = known_parts.fold((0, 0), |(sum, whole), (weight, value)| (sum + weight * value, whole + weight * 1000));
    Similarity::share(usize::try_from(sum).unwrap_or(0), usize::try_from(whole).unwrap_or(1))
}

/// All that is compared.
#[derive(Debug)]
pub(super) struct Prepared<'s> {
    /// By file and place.
    pub(super) known: Vec<Item<'s>>,
    pub(super) seen: Vec<Item<'s>>,
    pub(super) bars: Bars,
    names: Names,
}

/// What both snapshots say about one file.
#[derive(Debug, Clone, Copy)]
pub(super) struct File<'p, 's> {
    pub(super) lineage: Digest,
    pub(super) known: &'p [Item<'s>],
    pub(super) seen: &'p [Item<'s>],
}

impl<'s> Prepared<'s> {
    pub(super) fn new(known: &'s [Sighting], seen: &'s [Sighting], changes: &Changes, decisions: &[Decision]) -> Self {
        let mut names = Names::default();
        for sighting in known.iter().chain(seen) {
            sighting.rule_aliases.iter().for_each(|&alias| names.join(sighting.rule, alias));
            if let Some(Subject { names: of_flaw, .. }) = &sighting.subject
                && let Some(&first) = of_flaw.first()
            {
                of_flaw.iter().for_each(|&name| names.join(first, name));
            }
        }
        let mut bars = Bars::default();
        for decision in decisions.iter().filter(|decision| decision.verdict == Verdict::Different) {
            let looks = Looks { rule: names.canonical(decision.looks.rule), ..decision.looks };
            bars.entry(decision.known).or_default().push(looks);
        }
        let sorted = |sightings: &'s [Sighting], is_known: bool| {
            let items = sightings.iter().enumerate().map(|(index, sighting)| item(index, sighting, &names, is_known.then_some(changes)));
            let mut items: Vec<Item<'s>> = items.collect();
            items.sort_by(|a, b| {
                let order = |item: &Item<'_>| (item.lineage, item.sighting.place, item.rule, item.key);
                order(a).cmp(&order(b)).then_with(|| a.sighting.cmp(b.sighting))
            });
            items
        };
        let (known, seen) = (sorted(known, true), sorted(seen, false));
        Self { known, seen, bars, names }
    }

    /// The files that both snapshots report something in.
    pub(super) fn files(&self) -> Vec<File<'_, 's>> {
        let by_file = |a: &Item<'_>, b: &Item<'_>| a.lineage == b.lineage;
        let of_lineage = |items: &[Item<'_>]| items.first().map(|item| item.lineage);
        let mut seen = self.seen.chunk_by(by_file).peekable();
        let mut files = Vec::new();
        for known in self.known.chunk_by(by_file) {
            let lineage = of_lineage(known);
            while seen.next_if(|items| of_lineage(items) < lineage).is_some() {}
            if let (Some(lineage), Some(seen)) = (lineage, seen.next_if(|items| of_lineage(items) == lineage)) {
                files.push(File { lineage, known, seen });
            }
        }
        files
    }

    /// Does what people said: what looks like this is that one. Of several that do, the first one in the same file, or the first.
    pub(super) fn decide(&self, decisions: &[Decision]) {
        let is_merge = |decision: &&Decision| decision.verdict == Verdict::Same;
        if !decisions.iter().any(|decision| is_merge(&decision)) {
            return;
        }
        let by_index: FxHashMap<usize, &Item<'_>> = self.known.iter().map(|item| (item.index, item)).collect();
        let mut by_looks: FxHashMap<Looks, Vec<&Item<'_>>> = FxHashMap::default();
        self.seen.iter().for_each(|item| by_looks.entry(looks(item)).or_default().push(item));
        for decision in decisions.iter().filter(is_merge) {
            let looks = Looks { rule: self.names.canonical(decision.looks.rule), ..decision.looks };
            let (Some(known), Some(candidates)) = (by_index.get(&decision.known), by_looks.get(&looks)) else { continue };
            let mut free = candidates.iter().filter(|item| item.is_free());
            let chosen = free.clone().find(|item| item.lineage == known.lineage).or_else(|| free.next());
            chosen.into_iter().for_each(|seen| pair(known, seen, Tier::Decided));
        }
    }
}

fn item<'s>(index: usize, sighting: &'s Sighting, names: &Names, changes: Option<&Changes>) -> Item<'s> {
    let path = changes.and_then(|changes| changes.renames.get(&sighting.path.path)).copied().unwrap_or(sighting.path);
    let subject = sighting.subject.as_ref().map(|subject| {
        let flaw = subject.names.first().map_or(Digest(0), |&name| names.canonical(name));
        (subject.kind, subject.thing, flaw)
    });
    let is_component = subject.is_some_and(|(kind, ..)| kind == SubjectKind::Component);
    let rule = if is_component { Digest(0) } else { names.canonical(sighting.rule) };
    let what = subject.map(|(_, thing, flaw)| mix(thing, flaw)).or_else(|| sighting.snippet.as_ref().map(Tokens::digest));
    Item {
        index,
        sighting,
        rule,
        lineage: path.path,
        file_name: path.name,
        subject,
        key: what.map(|what| mix(rule, what)),
        partner: Cell::new(None),
        is_settled: Cell::new(false),
    }
}

/// One digest of two, whose order counts. The parts are hashes already: a multiplication and a rotation keep them apart.
pub(super) fn mix(a: Digest, b: Digest) -> Digest {
    Digest(a.0.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) ^ b.0.wrapping_mul(0xc2b2_ae3d_27d4_eb4f))
}
