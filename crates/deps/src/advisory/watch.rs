//! Stored bills of materials, matched again when advisories change: nothing is scanned for it.
//!
//! What bills are made of is turned round once: packages, their versions, and the bills that have each ([`Inventory`]). A package is
//! looked up once for all bills, and only what advisories name is looked at further. What was said before is remembered ([`Seen`]), so
//! that [`watch`] says what is new: a flaw of a component that nobody was told of, or a bill that did not have the component.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use bartizan_core::Severity;
use bartizan_formats::purl::PackageUrl;
use serde::{Deserialize, Serialize};

use super::{BrokenSegment, Hit, Store, collapse};
use crate::{in_osv, osv::Ecosystem, vulnerable};

/// The starts of what is stored.
const INVENTORY: &[u8] = b"BTZBIL\0\x01";
const SEEN: &[u8] = b"BTZSEE\0\x01";

/// What bills are made of, turned round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    bills: Vec<Bill>,
    /// By ecosystem and name, as advisories are found by.
    packages: BTreeMap<(String, String), Vec<Held>>,
    /// Of the bills that were put since this was read back, by their positions: what they had before.
    #[serde(skip)]
    before: BTreeMap<u32, HashSet<String>>,
    /// What bills had that were forgotten since.
    #[serde(skip)]
    forgotten: HashMap<String, HashSet<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Bill {
    name: String,
    /// Changes whenever the bill does.
    stamp: u64,
}

/// A version of a package, and the bills that have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    purl: String,
    version: String,
    /// Positions, in ascending order.
    bills: Vec<u32>,
}

/// What was said before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Hashes of component and flaw, in ascending order.
    hashes: Vec<u64>,
}

/// A flaw of a component that was not there before, in some bills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News<'i> {
    /// Every name of the flaw, the first one that by which it is known.
    pub flaws: Vec<String>,
    /// The component.
    pub purl: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line; may be empty.
    pub summary: String,
    /// The version that is fixed, if there is one.
    pub fixed: Option<String>,
    /// Since when it is known to be exploited, if it is.
    pub exploited_since: Option<String>,
    /// The bills that have it and did not have it before, in order.
    pub bills: Vec<&'i str>,
}

impl Inventory {
    /// The bills, each with its stamp.
    pub fn bills(&self) -> impl ExactSizeIterator<Item = (&str, u64)> {
        self.bills.iter().map(|bill| (bill.name.as_str(), bill.stamp))
    }

    /// How many versions of packages there are.
    #[must_use]
    pub fn n_versions(&self) -> usize {
        self.packages.values().map(Vec::len).sum()
    }

    /// Adds a bill with the package URLs of its components; one of the same name has to be forgotten first. Components that
    /// advisories can't be about, or without a version, are left out.
    pub fn put<'p>(&mut self, name: &str, stamp: u64, purls: impl IntoIterator<Item = &'p str>) {
        let number = u32::try_from(self.bills.len()).unwrap_or(u32::MAX);
        self.bills.push(Bill { name: name.to_owned(), stamp });
        self.before.insert(number, self.forgotten.remove(name).unwrap_or_default());
        for text in purls {
            let Ok(purl) = PackageUrl::lenient(text) else { continue };
            let Some((version, (ecosystem, name))) = purl.version().zip(in_osv(&purl)) else { continue };
            let name = Ecosystem::new(&ecosystem).package_name(&name).into_owned();
            let held = self.packages.entry((ecosystem, name)).or_default();
            let at = held.binary_search_by(|held| held.purl.as_str().cmp(text)).unwrap_or_else(|at| {
                held.insert(at, Held { purl: text.to_owned(), version: version.to_owned(), bills: Vec::new() });
                at
            });
            if let Some(held) = held.get_mut(at).filter(|held| held.bills.last() != Some(&number)) {
                held.bills.push(number);
            }
        }
    }

    /// Forgets bills by their names, all at once.
    pub fn forget(&mut self, names: &BTreeSet<String>) {
        if names.is_empty() {
            return;
        }
        let mut numbers = Vec::with_capacity(self.bills.len());
        let mut next = 0_u32;
        for bill in &self.bills {
            let is_kept = !names.contains(&bill.name);
            numbers.push(is_kept.then_some(next));
            next += u32::from(is_kept);
        }
        let number = |old: &u32| usize::try_from(*old).ok().and_then(|old| numbers.get(old).copied().flatten());
        for held in self.packages.values_mut().flatten() {
            for bill in held.bills.iter().filter(|old| number(old).is_none()) {
                let bill = usize::try_from(*bill).ok().and_then(|bill| self.bills.get(bill));
                let had = bill.map(|bill| self.forgotten.entry(bill.name.clone()).or_default());
                had.into_iter().for_each(|had| {
                    had.insert(held.purl.clone());
                });
            }
            held.bills = held.bills.iter().filter_map(number).collect();
        }
        self.before = std::mem::take(&mut self.before).into_iter().filter_map(|(old, had)| Some((number(&old)?, had))).collect();
        self.packages.retain(|_, held| {
            held.retain(|held| !held.bills.is_empty());
            !held.is_empty()
        });
        self.bills.retain(|bill| !names.contains(&bill.name));
    }

    /// The bytes that are kept.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        sealed(INVENTORY, self)
    }

    /// Reads what was kept.
    ///
    /// # Errors
    /// When it is something else, cut off, or changed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BrokenSegment> {
        opened(INVENTORY, bytes)
    }

    /// The bills that have a version; with `only_new` those that did not have it when this was read back.
    fn bills_with<'i>(&'i self, held: &'i Held, only_new: bool) -> impl Iterator<Item = &'i str> {
        // Bills that were put since are the last ones.
        let first = if only_new { self.before.keys().next().copied().unwrap_or(u32::MAX) } else { 0 };
        let start = held.bills.partition_point(|bill| *bill < first);
        let had = move |bill: &u32| only_new && self.before.get(bill).is_some_and(|before| before.contains(&held.purl));
        let bills = held.bills.iter().skip(start).filter(move |bill| !had(bill));
        bills.filter_map(|bill| Some(self.bills.get(usize::try_from(*bill).ok()?)?.name.as_str()))
    }
}

impl Seen {
    /// The bytes that are kept.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        sealed(SEEN, self)
    }

    /// Reads what was kept.
    ///
    /// # Errors
    /// When it is something else, cut off, or changed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BrokenSegment> {
        opened(SEEN, bytes)
    }

    fn contains(&self, hash: u64) -> bool {
        self.hashes.binary_search(&hash).is_ok()
    }
}

fn sealed(magic: &[u8], value: &impl Serialize) -> Vec<u8> {
    let body = postcard::to_stdvec(value).unwrap_or_default();
    [magic, blake3::hash(&body).as_bytes(), &body].concat()
}

fn opened<T: for<'d> Deserialize<'d>>(magic: &[u8], bytes: &[u8]) -> Result<T, BrokenSegment> {
    let rest = bytes.strip_prefix(magic).ok_or(BrokenSegment::Foreign)?;
    let (hash, body) = rest.split_first_chunk::<32>().ok_or(BrokenSegment::Damaged)?;
    if blake3::hash(body).as_bytes() != hash {
        return Err(BrokenSegment::Changed);
    }
    postcard::from_bytes(body).map_err(|_| BrokenSegment::Damaged)
}

/// What is new in bills since something was said for the last time, the worst first; and what was said by now.
///
/// With a moment (RFC 3339) what was said before does not count, and what is new are flaws whose records were changed since.
#[must_use]
pub fn watch<'i>(inventory: &'i Inventory, store: &Store, seen: &Seen, since: Option<&str>) -> (Vec<News<'i>>, Seen) {
    let (mut news, mut hashes) = (Vec::new(), Vec::new());
    let by_ecosystem = inventory.packages.iter().fold(HashMap::<&str, Vec<_>>::new(), |mut by, ((ecosystem, name), held)| {
        by.entry(ecosystem).or_default().push((name, held));
        by
    });
    for (ecosystem, packages) in by_ecosystem {
        let ecosystem = Ecosystem::new(ecosystem);
        let Some(segment) = store.segment(ecosystem) else { continue };
        for (name, versions) in packages.into_iter().filter(|(name, _)| segment.knows(ecosystem, name)) {
            for held in versions {
                let hits = segment.matching(ecosystem, name, &held.version);
                for group in collapse(hits.iter().map(|hit| hit.advisory.names())) {
                    let hits: Vec<&Hit<'_>> = group.members.iter().filter_map(|member| hits.get(*member)).collect();
                    let is_recent = since.is_none_or(|since| hits.iter().any(|hit| since < hit.advisory.modified()));
                    let hash = hash(&held.purl, group.ids.first().map_or("", String::as_str));
                    hashes.push(hash);
                    let bills = match since {
                        Some(_) if is_recent => inventory.bills_with(held, false),
                        Some(_) => continue,
                        None => inventory.bills_with(held, seen.contains(hash)),
                    };
                    let mut bills: Vec<&str> = bills.collect();
                    if bills.is_empty() {
                        continue;
                    }
                    bills.sort_unstable();
                    let exploited = group.ids.iter().filter_map(|id| store.exploited().exploited_since(id)).map(|(since, _)| since).min();
                    let is_malicious = hits.iter().any(|hit| hit.advisory.is_malicious());
                    let severity = if is_malicious { Severity::Critical } else { vulnerable::severity(&hits) };
                    news.push(News {
                        purl: held.purl.clone(),
                        severity: if exploited.is_some() { severity.max(Severity::High) } else { severity },
                        summary: hits
                            .iter()
                            .map(|hit| hit.advisory.summary())
                            .find(|summary| !summary.is_empty())
                            .unwrap_or_default()
                            .to_owned(),
                        fixed: vulnerable::fixed_in(&held.version, &hits),
                        exploited_since: exploited,
                        bills,
                        flaws: group.ids,
                    });
                }
            }
        }
    }
    news.sort_by(|one, other| (other.severity, &one.flaws, &one.purl).cmp(&(one.severity, &other.flaws, &other.purl)));
    hashes.sort_unstable();
    hashes.dedup();
    (news, Seen { hashes })
}

/// A flaw of a component, in a number.
fn hash(purl: &str, flaw: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in [purl, flaw] {
        hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().as_bytes().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        advisory::{SegmentBuilder, segment_name},
        osv::Record,
    };

    fn record(id: &str, name: &str, fixed: &str, modified: &str) -> Record {
        let json = serde_json::json!({"id": id, "modified": modified, "affected": [{"package": {"ecosystem": "PyPI", "name": name},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}]});
        Record::from_json(json.to_string().as_bytes()).unwrap()
    }

    fn store(records: &[Record]) -> Store {
        let mut builder = SegmentBuilder::default();
        records.iter().for_each(|record| builder.add(record.clone()));
        let index = builder.build("PyPI").index;
        Store::new([segment_name("PyPI")], Box::new(move |_| Ok(index.clone())))
    }

    fn said(news: &[News<'_>]) -> Vec<String> {
        news.iter().map(|news| format!("{} {} {}", news.flaws[0], news.purl, news.bills.join(","))).collect()
    }

    #[test]
    fn what_is_new_is_said_once() {
        let mut inventory = Inventory::default();
        inventory.put("a.json", 1, ["pkg:pypi/one@1.0", "pkg:pypi/two@1.0", "pkg:generic/x@1", "nonsense"]);
        inventory.put("b.json", 1, ["pkg:pypi/one@1.0", "pkg:pypi/one@1.0", "pkg:pypi/one@3.0"]);
        let (t1, t2) = ("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z");
        let old = store(&[record("P-1", "One", "2.0", t1)]);
        let (news, seen) = watch(&inventory, &old, &Seen::default(), None);
        assert_eq!(said(&news), ["P-1 pkg:pypi/one@1.0 a.json,b.json"]);
        assert_eq!(news[0].fixed.as_deref(), Some("2.0"));
        let read_back = Inventory::from_bytes(&inventory.to_bytes()).unwrap();
        assert_eq!(watch(&read_back, &old, &seen, None).0, []);

        // An advisory that is new, a bill that is new, and a bill that changed.
        let new = store(&[record("P-1", "one", "2.0", t1), record("P-2", "two", "2.0", t2)]);
        let seen = Seen::from_bytes(&seen.to_bytes()).unwrap();
        let mut inventory = Inventory::from_bytes(&inventory.to_bytes()).unwrap();
        inventory.put("c.json", 1, ["pkg:pypi/one@1.0"]);
        let (news, seen) = watch(&inventory, &new, &seen, None);
        assert_eq!(said(&news), ["P-1 pkg:pypi/one@1.0 c.json", "P-2 pkg:pypi/two@1.0 a.json"]);
        assert_eq!(said(&watch(&inventory, &new, &seen, Some("2024-01-15")).0), ["P-2 pkg:pypi/two@1.0 a.json"]);
        let mut inventory = Inventory::from_bytes(&inventory.to_bytes()).unwrap();
        inventory.forget(&BTreeSet::from(["a.json".to_owned()]));
        assert_eq!(inventory.bills().map(|(name, _)| name).collect::<Vec<_>>(), ["b.json", "c.json"]);
        inventory.put("a.json", 2, ["pkg:pypi/one@1.0", "pkg:pypi/two@1.1"]);
        assert_eq!(said(&watch(&inventory, &new, &seen, None).0), ["P-2 pkg:pypi/two@1.1 a.json"]);
        assert_eq!(inventory.n_versions(), 3);
    }

    #[test]
    fn damage_is_an_error() {
        let mut inventory = Inventory::default();
        inventory.put("a.json", 1, ["pkg:pypi/one@1.0"]);
        let bytes = inventory.to_bytes();
        for position in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[position] ^= 1;
            assert!(Inventory::from_bytes(&changed).is_err() && Inventory::from_bytes(&bytes[..position]).is_err(), "{position}");
        }
        assert!(Seen::from_bytes(&bytes).is_err());
    }
}
