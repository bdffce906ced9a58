//! What is known of a repository, as far as a new scan may change it.

use std::collections::{HashMap, HashSet};

use bartizan_triage::identity::{Digest, PathKey, Sighting};

use super::Scan;
use crate::{
    Id, Session, StoreError, Tenant,
    spool::{Entry, decoded, looks},
};

/// The occurrences that are known of what the scan looked at.
pub(super) struct Known {
    /// Those in files whose findings are not what they were.
    pub(super) occurrences: Vec<Occurrence>,
    /// Numbers of observations in such files, ascending.
    pub(super) seen: Vec<usize>,
    /// How many observations are in files whose findings are what they were.
    pub(super) n_unchanged: i64,
}

/// A place where a finding was seen.
pub(super) struct Occurrence {
    pub(super) id: Id,
    pub(super) finding: Id,
    pub(super) sighting: Sighting,
    /// Whether the last scan saw it.
    pub(super) is_present: bool,
}

/// All findings of a file, as one number: equal if the findings are, in any order.
#[derive(Default, PartialEq, Eq)]
struct Group {
    sum: u64,
    n: u64,
}

impl Group {
    fn add(&mut self, looks: u64) {
        self.sum = self.sum.wrapping_add(looks);
        self.n += 1;
    }
}

/// What is seen by the tool on the branch, and by nobody yet closed.
const PRESENT: &str = "SELECT id, finding, keys FROM occurrence
     WHERE organization = $1 AND repository = $2 AND tool = $3 AND branch = $4 AND gone_scan IS NULL";

/// What the tool saw once, and does not see any more.
const GONE: &str = "SELECT id, finding, keys FROM occurrence
     WHERE organization = $1 AND repository = $2 AND tool = $3 AND branch = $4 AND gone_scan IS NOT NULL ORDER BY id";

/// What is held to be gone, and was there when the tool looked last.
const HELD_GONE: &str = "SELECT occurrence.keys FROM finding JOIN occurrence ON occurrence.finding = finding.id
     WHERE finding.organization = $1 AND finding.repository = $2 AND finding.state IN ('verified', 'fix-merged')
       AND occurrence.tool = $3 AND occurrence.branch = $4 AND occurrence.gone_scan IS NULL";

impl Known {
    /// Reads what is known. Files whose findings are what they were are only counted: nothing of them changes.
    pub(super) fn load(session: &mut dyn Session, tenant: Tenant<'_>, scan: &Scan, index: &[Entry]) -> Result<Self, StoreError> {
        let of_scan = [tenant.key(), scan.repository.into(), scan.tool.as_str().into(), scan.branch.as_str().into()];
        let mut before: HashMap<Digest, Group> = HashMap::new();
        session.query(PRESENT, &of_scan, &mut |row| {
            let keys = row.bytes(2)?;
            let (path, _) = postcard::take_from_bytes::<PathKey>(keys)
                .map_err(|error| StoreError::Corrupt { what: "a sighting", found: error.to_string() })?;
            before.entry(path.path).or_default().add(looks(keys));
            Ok(())
        })?;
        let mut now: HashMap<Digest, Group> = HashMap::new();
        for entry in index {
            now.entry(entry.path).or_default().add(entry.looks);
        }
        // Whoever sees again what is held to be gone has news, though the file looks as before.
        let mut contradicted = HashSet::new();
        session.query(HELD_GONE, &of_scan, &mut |row| {
            let sighting: Sighting = decoded(row.bytes(0)?)?;
            contradicted.insert(sighting.path.path);
            Ok(())
        })?;
        let is_unchanged = |path: &Digest, group: &Group| before.get(path) == Some(group) && !contradicted.contains(path);
        let unchanged: HashSet<Digest> = now.iter().filter(|(path, group)| is_unchanged(path, group)).map(|(path, _)| *path).collect();
        let seen: Vec<usize> =
            index.iter().enumerate().filter(|(_, entry)| !unchanged.contains(&entry.path)).map(|(number, _)| number).collect();
        let n_unchanged = i64::try_from(index.len() - seen.len()).unwrap_or(i64::MAX);
        let mut occurrences = Vec::new();
        if before.len() != unchanged.len() {
            take(session, PRESENT, &of_scan, true, &mut occurrences, &|sighting| !unchanged.contains(&sighting.path.path))?;
        }
        // What is gone comes back only if there is something that it could be.
        if !seen.is_empty() {
            take(session, GONE, &of_scan, false, &mut occurrences, &|_| true)?;
        }
        Ok(Self { occurrences, seen, n_unchanged })
    }
}

fn take(
    session: &mut dyn Session,
    sql: &str,
    arguments: &[crate::Value],
    is_present: bool,
    occurrences: &mut Vec<Occurrence>,
    is_wanted: &dyn Fn(&Sighting) -> bool,
) -> Result<(), StoreError> {
    session.query(sql, arguments, &mut |row| {
        let sighting: Sighting = decoded(row.bytes(2)?)?;
        if is_wanted(&sighting) {
            occurrences.push(Occurrence { id: row.id(0)?, finding: row.id(1)?, sighting, is_present });
        }
        Ok(())
    })
}
