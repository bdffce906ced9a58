//! What roots lead to.

use std::collections::HashMap;

/// The components by number, and which of them a root leads to.
pub(super) struct Reach<'g> {
    numbers: HashMap<&'g str, usize>,
    edges: Vec<Vec<usize>>,
    is_reached: Vec<bool>,
    has_dependent: Vec<bool>,
}

impl<'g> Reach<'g> {
    /// Components, each with whether it is a root, and edges between them.
    pub(super) fn new(components: impl Iterator<Item = (&'g str, bool)>, edges: impl Iterator<Item = (&'g str, &'g str)>) -> Self {
        let components: Vec<(&str, bool)> = components.collect();
        let numbers: HashMap<&str, usize> = components.iter().enumerate().map(|(number, (purl, _))| (*purl, number)).collect();
        let n_components = components.len();
        let mut reach = Self {
            numbers,
            edges: vec![Vec::new(); n_components],
            is_reached: vec![false; n_components],
            has_dependent: vec![false; n_components],
        };
        for (dependent, dependency) in edges {
            let numbers = reach.numbers.get(dependent).copied().zip(reach.numbers.get(dependency).copied());
            let Some((dependent, dependency)) = numbers.filter(|(dependent, dependency)| dependent != dependency) else { continue };
            reach.edges.get_mut(dependent).into_iter().for_each(|edges| edges.push(dependency));
            reach.has_dependent.get_mut(dependency).into_iter().for_each(|has| *has = true);
        }
        components.iter().filter(|(_, is_root)| *is_root).for_each(|(purl, _)| reach.start(purl));
        reach
    }

    /// Says that a component, and all that it leads to, is reached.
    pub(super) fn start(&mut self, purl: &str) {
        let mut open: Vec<usize> = self.numbers.get(purl).copied().into_iter().collect();
        while let Some(number) = open.pop() {
            let Some(is_reached) = self.is_reached.get_mut(number).filter(|is_reached| !**is_reached) else { continue };
            *is_reached = true;
            open.extend(self.edges.get(number).into_iter().flatten());
        }
    }

    pub(super) fn is_reached(&self, purl: &str) -> bool {
        self.numbers.get(purl).is_some_and(|&number| self.is_reached.get(number).copied().unwrap_or_default())
    }

    /// Whether another component depends on this one.
    pub(super) fn has_dependent(&self, purl: &str) -> bool {
        self.numbers.get(purl).is_some_and(|&number| self.has_dependent.get(number).copied().unwrap_or_default())
    }
}
