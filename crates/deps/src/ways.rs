//! Why a component is there: the shortest ways that lead to it from the project's own packages.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bartizan_core::{Report, Scope};

/// So many ways are told. There can be exponentially many: layers that all depend on all of the next one.
pub const MAX_WAYS: usize = 200;

/// The shortest ways to a component.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ways<'r> {
    /// Each from a root to the component; the shortest first, then in order of package URLs.
    pub ways: Vec<Vec<Step<'r>>>,
    /// Whether there are more than [`MAX_WAYS`].
    pub is_cut: bool,
}

/// A component on a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step<'r> {
    /// Its package URL.
    pub purl: &'r str,
    /// What the one before needs it for; nothing for a root.
    pub scope: Option<Scope>,
}

/// All shortest ways from each root to a component. A way that leads through another root is that root's way.
#[must_use]
pub fn ways<'r>(report: &'r Report, purl: &'r str) -> Ways<'r> {
    let applications = report.components.iter().filter(|component| component.kind.is_root());
    let roots: BTreeSet<&str> = applications.map(|component| component.purl.as_str()).collect();
    let distances = distances(report, purl, &roots);
    let mut edges: BTreeMap<&str, Vec<Step<'r>>> = BTreeMap::new();
    let is_passable = |dependency: &str| dependency == purl || !roots.contains(dependency);
    for edge in report.dependencies.iter().filter(|edge| is_passable(&edge.dependency)) {
        edges.entry(&edge.dependent).or_default().push(Step { purl: &edge.dependency, scope: Some(edge.scope) });
    }
    let mut starts: Vec<(usize, &str)> = roots.iter().filter_map(|root| Some((*distances.get(root)?, *root))).collect();
    starts.sort_unstable();
    let mut found = Ways::default();
    for (_, root) in starts {
        follow(vec![Step { purl: root, scope: None }], purl, &edges, &distances, &mut found);
    }
    found
}

/// How far each component is from the one that is asked for, against the edges, and not beyond roots.
fn distances<'r>(report: &'r Report, purl: &'r str, roots: &BTreeSet<&str>) -> BTreeMap<&'r str, usize> {
    let mut dependents: BTreeMap<&str, Vec<&'r str>> = BTreeMap::new();
    for edge in &report.dependencies {
        dependents.entry(&edge.dependency).or_default().push(&edge.dependent);
    }
    let mut distances = BTreeMap::from([(purl, 0)]);
    let mut open = VecDeque::from([(purl, 0)]);
    while let Some((at, distance)) = open.pop_front() {
        // A root that is asked for itself may have been asked for by others.
        if roots.contains(at) && 0 < distance {
            continue;
        }
        for dependent in dependents.get(at).into_iter().flatten() {
            if !distances.contains_key(dependent) {
                distances.insert(dependent, distance + 1);
                open.push_back((dependent, distance + 1));
            }
        }
    }
    distances
}

/// Goes on towards the component, by every edge that leads one step nearer.
fn follow<'r>(
    way: Vec<Step<'r>>,
    purl: &str,
    edges: &BTreeMap<&'r str, Vec<Step<'r>>>,
    distances: &BTreeMap<&'r str, usize>,
    found: &mut Ways<'r>,
) {
    let mut open = vec![way];
    while let Some(way) = open.pop() {
        let Some(last) = way.last() else { continue };
        if last.purl == purl {
            if found.ways.len() == MAX_WAYS {
                found.is_cut = true;
                return;
            }
            found.ways.push(way);
            continue;
        }
        let distance = distances.get(last.purl).copied().unwrap_or_default();
        let is_nearer = |step: &&Step<'r>| distances.get(step.purl).is_some_and(|nearer| nearer + 1 == distance);
        let nearer = edges.get(last.purl).into_iter().flatten().filter(is_nearer);
        // The last of the open ways goes on first.
        let mut next: Vec<Vec<Step<'r>>> = nearer.map(|step| way.iter().copied().chain([*step]).collect()).collect();
        next.reverse();
        open.append(&mut next);
    }
}

#[cfg(test)]
mod tests {
    use bartizan_core::{Component, ComponentKind, Dependency};

    use super::*;

    /// Edges as `a>b`, roots in capitals.
    fn report(edges: &str) -> Report {
        let mut report = Report::default();
        let mut purls = BTreeSet::new();
        for edge in edges.split_whitespace() {
            let (from, to) = edge.split_once('>').unwrap();
            purls.extend([from, to]);
            let scope = if to.ends_with("-dev") { Scope::Development } else { Scope::Runtime };
            report.dependencies.push(Dependency { dependent: from.to_owned(), dependency: to.to_owned(), scope });
        }
        report.dependencies.sort();
        report.components.extend(purls.into_iter().map(|purl| Component {
            purl: purl.to_owned(),
            name: purl.to_owned(),
            version: None,
            kind: if purl.to_uppercase() == purl { ComponentKind::Application } else { ComponentKind::Library },
            scope: Scope::Runtime,
            licences: Vec::new(),
            hashes: Vec::new(),
            locations: Vec::new(),
            layer: None,
        }));
        report
    }

    fn check(edges: &str, purl: &str, expected: &[&str]) {
        let report = report(edges);
        let found = ways(&report, purl);
        let shown = found.ways.iter().map(|way| way.iter().map(|step| step.purl).collect::<Vec<_>>().join(">"));
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{edges}");
    }

    #[test]
    fn all_shortest_ways_are_told_and_longer_ones_are_not() {
        check("A>b b>c", "c", &["A>b>c"]);
        check("A>b A>c b>d c>d A>e e>f f>d", "d", &["A>b>d", "A>c>d"]);
        check("A>x B>b b>x", "x", &["A>x", "B>b>x"]);
    }

    #[test]
    fn a_way_through_another_root_is_that_roots_way() {
        check("A>B B>x", "x", &["B>x"]);
        check("A>B B>x A>c c>x", "x", &["B>x", "A>c>x"]);
    }

    #[test]
    fn a_root_is_there_by_itself_and_because_of_others() {
        check("A>B", "A", &["A"]);
        check("A>B", "B", &["B", "A>B"]);
    }

    #[test]
    fn circles_and_strangers_end() {
        check("A>b b>c c>b", "c", &["A>b>c"]);
        check("A>b c>d d>c", "d", &[]);
    }

    #[test]
    fn the_number_of_ways_has_a_limit() {
        let mut edges = "A>l0-0 A>l0-1 ".to_owned();
        for layer in 0..9 {
            for (from, to) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                edges += &format!("l{layer}-{from}>l{}-{to} ", layer + 1);
            }
        }
        let report = report(&edges);
        let found = ways(&report, "l9-0");
        assert_eq!((found.ways.len(), found.is_cut), (MAX_WAYS, true));
    }
}
