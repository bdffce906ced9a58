//! One flaw has many names: advisories that speak of the same one are one.

use std::collections::HashMap;

/// Advisories about one flaw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The positions of its members, in ascending order.
    pub members: Vec<usize>,
    /// Every name of it, the preferred one first, then in order.
    pub ids: Vec<String>,
}

/// Puts advisories together that share a name. `names` gives the id of each, then its aliases.
#[must_use]
pub fn collapse<'n, Names: IntoIterator<Item = &'n str>>(names: impl IntoIterator<Item = Names>) -> Vec<Group> {
    let mut leader: Vec<usize> = Vec::new();
    let mut by_name: HashMap<&'n str, usize> = HashMap::new();
    let mut all: Vec<Vec<&'n str>> = Vec::new();
    for (position, names) in names.into_iter().enumerate() {
        leader.push(position);
        let names: Vec<&str> = names.into_iter().collect();
        for name in &names {
            if let Some(&known) = by_name.get(name) {
                let (one, other) = (find(&leader, known), find(&leader, position));
                if let Some(slot) = leader.get_mut(one.max(other)) {
                    *slot = one.min(other);
                }
            } else {
                by_name.insert(name, position);
            }
        }
        all.push(names);
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut of_leader: HashMap<usize, usize> = HashMap::new();
    for (position, names) in all.into_iter().enumerate() {
        let group = *of_leader.entry(find(&leader, position)).or_insert_with(|| {
            groups.push(Group { members: Vec::new(), ids: Vec::new() });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(group) {
            group.members.push(position);
            group.ids.extend(names.into_iter().map(str::to_owned));
        }
    }
    for group in &mut groups {
        group.ids.sort_by(|one, other| (rank(one), one).cmp(&(rank(other), other)));
        group.ids.dedup();
    }
    groups
}

fn find(leader: &[usize], mut position: usize) -> usize {
    while let Some(&next) = leader.get(position)
        && next != position
    {
        position = next;
    }
    position
}

/// The name by which a flaw is known: that of what is malicious, else its CVE, else what comes first.
#[must_use]
pub fn preferred<'n>(ids: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    ids.into_iter().min_by_key(|id| (rank(id), *id))
}

fn rank(id: &str) -> usize {
    const ORDER: [&str; 6] = ["MAL-", "CVE-", "GHSA-", "GO-", "RUSTSEC-", "PYSEC-"];
    ORDER.iter().position(|prefix| id.starts_with(prefix)).unwrap_or(ORDER.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&[&str]], expected: &[&[&str]]) {
        let groups = collapse(names.iter().map(|names| names.iter().copied()));
        let ids: Vec<Vec<&str>> = groups.iter().map(|group| group.ids.iter().map(String::as_str).collect()).collect();
        assert_eq!(ids, expected);
    }

    #[test]
    fn what_shares_a_name_is_one() {
        check(&[&["GO-1", "CVE-1", "GHSA-1"], &["GHSA-2"], &["GHSA-1", "CVE-1"]], &[&["CVE-1", "GHSA-1", "GO-1"], &["GHSA-2"]]);
    }

    #[test]
    fn names_are_shared_over_others() {
        check(&[&["A-1", "B-1"], &["C-1", "D-1"], &["B-1", "C-1"]], &[&["A-1", "B-1", "C-1", "D-1"]]);
    }

    #[test]
    fn what_is_malicious_is_known_as_that() {
        assert_eq!(preferred(["GHSA-1", "MAL-2024-1", "CVE-1"]), Some("MAL-2024-1"));
    }
}
