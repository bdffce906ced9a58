//! Tables with keys in any case, and keys that nobody knows.

use std::ops::Range;

use toml::de::DeTable;

use super::{problem::Notes, value::Value};

/// A table whose keys are looked up without regard to case.
pub(super) struct Keys<'v, 'd> {
    table: &'v DeTable<'d>,
}

impl<'v, 'd> Keys<'v, 'd> {
    pub(super) const fn of(table: &'v DeTable<'d>) -> Self {
        Self { table }
    }

    /// Warns of keys that gitleaks ignores.
    pub(super) fn check(self, known: &[&str], of: &str, notes: &mut Notes<'_>) -> Self {
        for (index, key) in self.table.keys().enumerate() {
            let name = key.get_ref();
            if !known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                let help = nearest(name, known).map(|nearest| format!("did you mean `{nearest}`?")).unwrap_or_default();
                notes.warning(key.span(), format!("unknown key `{}` in {of}: gitleaks ignores it", super::value::shortened(name)), help);
            }
            if self.table.keys().take(index).any(|earlier| earlier.get_ref().eq_ignore_ascii_case(name)) {
                notes.warning(key.span(), format!("`{name}` is given twice, in different case; gitleaks takes any"), "remove one");
            }
        }
        self
    }

    /// The value of a key.
    pub(super) fn get(&self, name: &str) -> Option<&'v Value<'d>> {
        self.table.iter().find(|(key, _)| key.get_ref().eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Where the first key stands.
    pub(super) fn first_span(&self) -> Option<Range<usize>> {
        self.table.keys().map(serde_spanned::Spanned::span).min_by_key(|span| span.start)
    }

    /// Where a key stands.
    pub(super) fn span(&self, name: &str) -> Option<Range<usize>> {
        self.table.keys().find(|key| key.get_ref().eq_ignore_ascii_case(name)).map(serde_spanned::Spanned::span)
    }
}

/// The known key that differs in one or two letters.
fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    const MAX_DISTANCE: usize = 2;
    let name: Vec<char> = name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect();
    if 32 < name.len() {
        return None;
    }
    let distance = |known: &str| {
        let known: Vec<char> = known.chars().map(|c| c.to_ascii_lowercase()).collect();
        let mut row: Vec<usize> = (0..=known.len()).collect();
        for (i, left) in name.iter().enumerate() {
            let mut diagonal = i;
            let mut before = i + 1;
            let mut next = vec![before];
            for (right, &above) in known.iter().zip(row.iter().skip(1)) {
                before = (diagonal + usize::from(left != right)).min(before + 1).min(above + 1);
                diagonal = above;
                next.push(before);
            }
            row = next;
        }
        row.last().copied().unwrap_or(usize::MAX)
    };
    known.iter().map(|known| (distance(known), *known)).filter(|&(distance, _)| distance <= MAX_DISTANCE).min().map(|(_, known)| known)
}
