//! Names that mean the same, joined into one.

use rustc_hash::FxHashMap;

use super::Digest;

/// Which names mean the same. Transitive: names that share a name mean the same, too.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// The next name on the way to the smallest one of the group. A name that is not here stands for itself.
    parents: FxHashMap<Digest, Digest>,
}

impl Names {
    /// Says that two names mean the same. The smallest name speaks for all, so that order doesn't matter.
    pub(crate) fn join(&mut self, a: Digest, b: Digest) {
        let (a, b) = (self.shorten(a), self.shorten(b));
        if a != b {
            self.parents.insert(a.max(b), a.min(b));
        }
    }

    /// The name that speaks for all that mean the same.
    pub(crate) fn canonical(&self, name: Digest) -> Digest {
        let mut at = name;
        while let Some(&parent) = self.parents.get(&at) {
            at = parent;
        }
        at
    }

    /// As [`canonical`](Self::canonical), and makes the way there short for the next one.
    fn shorten(&mut self, name: Digest) -> Digest {
        let top = self.canonical(name);
        let mut at = name;
        while at != top {
            let Some(next) = self.parents.insert(at, top) else { break };
            at = next;
        }
        top
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_share_a_name_mean_the_same() {
        let mut names = Names::default();
        for (a, b) in [(5, 4), (9, 8), (4, 9)] {
            names.join(Digest(a), Digest(b));
        }
        assert!([4, 5, 8, 9].iter().all(|&name| names.canonical(Digest(name)) == Digest(4)));
        assert_eq!(names.canonical(Digest(7)), Digest(7));
    }

    #[test]
    fn a_long_chain_is_no_trouble() {
        let mut names = Names::default();
        for name in (0..100_000).rev() {
            names.join(Digest(name), Digest(name + 1));
        }
        assert_eq!(names.canonical(Digest(100_000)), Digest(0));
    }
}
