//! Languages whose packages and namespaces have names of their own, wherever their files are.

use super::{Definition, Index, Word};

impl Index {
    /// What a whole name means: the longest part of it that is defined, and the members after it.
    pub(super) fn whole_name(&self, path: &[Word], n_hops: u32) -> Option<Definition> {
        (1..=path.len()).rev().find_map(|length| {
            let (known, rest) = path.split_at_checked(length)?;
            if !self.defined.contains(known.last()?) {
                return None;
            }
            self.by_name.get(known)?.iter().find_map(|definition| self.walk(definition.clone(), rest, n_hops))
        })
    }

    /// What a name means that is declared nowhere in its file: in its package and those around it, in what everything was
    /// imported from, or anywhere.
    pub(super) fn in_namespaces(&self, file: u32, path: &[Word], n_hops: u32) -> Option<Definition> {
        if !path.iter().any(|word| self.defined.contains(word)) {
            return None;
        }
        let of = self.files.get(file as usize)?;
        let within = |outer: &[Word]| {
            let whole: Vec<Word> = outer.iter().chain(path).copied().collect();
            self.whole_name(&whole, n_hops)
        };
        // The innermost first.
        for namespace in of.namespaces.iter().rev() {
            for length in (1..=namespace.len()).rev() {
                if let Some(found) = namespace.get(..length).and_then(within) {
                    return Some(found);
                }
            }
        }
        of.facts
            .outline
            .stars
            .iter()
            .find_map(|star| {
                let star: Vec<Word> = star.iter().map(|text| self.word_in(file, *text)).collect();
                within(&star)
            })
            .or_else(|| self.whole_name(path, n_hops))
    }
}
