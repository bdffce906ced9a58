//! Which observations of a tool are weaknesses that other tools reported already.

use std::collections::{HashMap, HashSet};

use bartizan_triage::identity::{
    Digest, Sighting,
    correlation::{Reason, Witness, correlate},
};

use super::Scan;
use crate::{Id, Session, StoreError, Tenant, spool::Spool, spool::decoded};

/// What another tool sees in the same file.
struct Other {
    finding: Id,
    tool: Digest,
    sighting: Sighting,
    also_called: Vec<Digest>,
    cwes: Vec<u32>,
}

/// For each new observation that is another tool's finding: that finding, and why they are the same weakness.
///
/// Of several findings that it could be it is the one that was there first.
pub(super) fn shared(
    session: &mut dyn Session,
    tenant: Tenant<'_>,
    scan: &Scan,
    new: &[usize],
    spool: &mut Spool,
) -> Result<HashMap<usize, (Id, Reason)>, StoreError> {
    let index = spool.index();
    let paths: HashSet<Digest> = new.iter().filter_map(|number| Some(index.get(*number)?.path)).collect();
    let others = if new.is_empty() { Vec::new() } else { others(session, tenant, scan, &paths)? };
    if others.is_empty() {
        return Ok(HashMap::new());
    }
    let shared_paths: HashSet<Digest> = others.iter().map(|other| other.sighting.path.path).collect();
    let numbers: Vec<usize> =
        new.iter().copied().filter(|number| index.get(*number).is_some_and(|entry| shared_paths.contains(&entry.path))).collect();
    let ours: Vec<(usize, Sighting, Vec<Digest>, Vec<u32>)> = spool
        .read(numbers.into_iter())?
        .map(|seen| seen.map(|(number, seen)| (number, seen.sighting, digests(&seen.also_called), seen.cwe)))
        .collect::<Result<_, _>>()?;
    let tool = Digest::of(&scan.tool);
    let of_others = others.iter().map(|other| Witness {
        tool: other.tool,
        sighting: &other.sighting,
        also_called: &other.also_called,
        cwes: &other.cwes,
        sink: None,
    });
    let of_ours = ours.iter().map(|(_, sighting, also_called, cwes)| Witness { tool, sighting, also_called, cwes, sink: None });
    let witnesses: Vec<Witness<'_>> = of_others.chain(of_ours).collect();
    let mut shared = HashMap::new();
    for weakness in correlate(&witnesses, &[]) {
        let Some(first) = weakness.witnesses.first().and_then(|first| others.get(*first)) else { continue };
        let reason = weakness.links.first().map_or(Reason::Rule, |link| link.reason);
        for witness in &weakness.witnesses {
            let ours = witness.checked_sub(others.len()).and_then(|at| ours.get(at));
            if let Some((number, ..)) = ours {
                let reason = weakness.links.iter().find(|link| link.a == *witness || link.b == *witness).map_or(reason, |link| link.reason);
                shared.insert(*number, (first.finding, reason));
            }
        }
    }
    Ok(shared)
}

/// What other tools see in these files.
fn others(session: &mut dyn Session, tenant: Tenant<'_>, scan: &Scan, paths: &HashSet<Digest>) -> Result<Vec<Other>, StoreError> {
    let mut others = Vec::new();
    session.query(
        "SELECT finding, tool, keys, detail, also_called FROM occurrence
         WHERE organization = $1 AND repository = $2 AND branch = $3 AND tool <> $4 AND gone_scan IS NULL ORDER BY finding, id",
        &[tenant.key(), scan.repository.into(), scan.branch.as_str().into(), scan.tool.as_str().into()],
        &mut |row| {
            let sighting: Sighting = decoded(row.bytes(2)?)?;
            if paths.contains(&sighting.path.path) {
                let detail: serde_json::Value = row.maybe_text(3)?.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
                let numbers = detail.get("cwe").and_then(|cwes| cwes.as_array()).into_iter().flatten();
                let cwes = numbers.filter_map(|number| u32::try_from(number.as_u64()?).ok()).collect();
                let names = row.maybe_text(4)?.map(|text| text.split('\n').map(Digest::of).collect());
                let also_called = names.unwrap_or_default();
                others.push(Other { finding: row.id(0)?, tool: Digest::of(row.text(1)?), sighting, also_called, cwes });
            }
            Ok(())
        },
    )?;
    Ok(others)
}

fn digests(names: &[String]) -> Vec<Digest> {
    names.iter().map(|name| Digest::of(name)).collect()
}

/// Why two observations are one weakness, for people.
pub(super) fn words(reason: Reason) -> String {
    match reason {
        Reason::Decided => "somebody decided that it is the same weakness".to_owned(),
        Reason::Subject => "it is about the same thing".to_owned(),
        Reason::Rule => "it is the same rule, at the same place".to_owned(),
        Reason::Class(class) => format!("it is of the same class ({class}), at the same place"),
        Reason::Weakness(cwe) => format!("it is the same weakness (CWE-{cwe}), at the same place"),
    }
}
