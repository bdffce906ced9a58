//! What becomes of each observation and of each occurrence, and how it is written.

use std::collections::{HashMap, HashSet};

use bartizan_triage::{
    assessment::Assessment,
    identity::{Changes, Match, Sighting, correlation::Reason, matching},
    intake::Seen,
    state::{
        StateKind,
        code::CodeShape,
        scan::{NotClosing, Scan as Looked, Sighting as Look},
    },
    time::Time,
};

use serde_json::json;

use super::{
    Ingested, Scan,
    known::{Known, Occurrence},
    others,
    rows::{self, NewFinding},
};
use crate::{
    Id, Session, StoreError, Tenant, Value,
    chain::Batch,
    finding::Tally,
    lifecycle::{self, Standing},
    spool::{Spool, encoded},
};

/// The decision on a whole scan.
pub(super) struct Outcome {
    occurrences: Vec<Occurrence>,
    /// For each observation in a changed file: its number, and the occurrence that it is.
    seen: Vec<(usize, Option<Match>)>,
    /// Observations that are findings of other tools, by their numbers: the finding, and why it is the same weakness.
    shared: HashMap<usize, (Id, Reason)>,
    /// Indices of occurrences that were there and were not seen.
    missing: Vec<usize>,
    n_unchanged: i64,
}

impl Outcome {
    /// Compares what was seen with what is known: first with what is there, then with what was there once.
    pub(super) fn of(
        session: &mut dyn Session,
        tenant: Tenant<'_>,
        scan: &Scan,
        known: Known,
        spool: &mut Spool,
        changes: &Changes,
    ) -> Result<Self, StoreError> {
        let Known { occurrences, seen: numbers, n_unchanged } = known;
        let sightings: Vec<Sighting> = if occurrences.is_empty() {
            Vec::new()
        } else {
            spool.read(numbers.iter().copied())?.map(|seen| Ok(seen?.1.sighting)).collect::<Result<_, StoreError>>()?
        };
        let mut seen: Vec<(usize, Option<Match>)> = numbers.into_iter().map(|number| (number, None)).collect();
        for is_present in [true, false] {
            let (at, candidates): (Vec<usize>, Vec<Sighting>) = occurrences
                .iter()
                .enumerate()
                .filter(|(_, occurrence)| occurrence.is_present == is_present)
                .map(|(at, occurrence)| (at, occurrence.sighting.clone()))
                .unzip();
            let open: Vec<usize> = seen.iter().enumerate().filter(|(_, (_, found))| found.is_none()).map(|(at, _)| at).collect();
            if candidates.is_empty() || open.is_empty() {
                continue;
            }
            let wanted: Vec<Sighting> = open.iter().filter_map(|at| sightings.get(*at).cloned()).collect();
            let result = matching(&candidates, &wanted, changes, &[]);
            for (place, found) in open.iter().zip(result.seen) {
                if let (Some(slot), Some(found)) = (seen.get_mut(*place), found) {
                    slot.1 = at.get(found.known).map(|known| Match { known: *known, ..found });
                }
            }
        }
        let found: HashSet<usize> = seen.iter().filter_map(|(_, found)| Some(found.as_ref()?.known)).collect();
        let missing = occurrences
            .iter()
            .enumerate()
            .filter(|(at, occurrence)| occurrence.is_present && !found.contains(at))
            .map(|(at, _)| at)
            .collect();
        let new: Vec<usize> = seen.iter().filter(|(_, found)| found.is_none()).map(|(number, _)| *number).collect();
        let shared = others::shared(session, tenant, scan, &new, spool)?;
        Ok(Self { occurrences, seen, shared, missing, n_unchanged })
    }

    /// Writes it, and says how much it was.
    pub(super) fn write(
        self,
        session: &mut dyn Session,
        tenant: Tenant<'_>,
        scan: &Scan,
        spool: &mut Spool,
        assess: &dyn Fn(&Seen) -> Assessment,
        batch: &mut Batch<'_>,
    ) -> Result<Ingested, StoreError> {
        let scan_id = Id::new(tenant.host());
        let mut writer = Writer { tenant, scan, scan_id, at_us: batch.at_us(), tally: Tally::default() };
        let mut ingested = Ingested {
            scan: scan_id,
            is_repeated: false,
            n_seen: i64::try_from(spool.len()).unwrap_or(i64::MAX),
            n_new: 0,
            n_shared: 0,
            n_moved: 0,
            n_unchanged: self.n_unchanged,
            n_closed: 0,
            n_reopened: 0,
            n_not_observed: 0,
        };
        let new: Vec<usize> = self
            .seen
            .iter()
            .filter(|(number, found)| found.is_none() && !self.shared.contains_key(number))
            .map(|(number, _)| *number)
            .collect();
        ingested.n_new = writer.open(session, &new, spool, assess, batch)?;
        ingested.n_shared = writer.share(session, &self.shared, spool, batch)?;
        let matched: HashMap<usize, Match> = self.seen.iter().filter_map(|(number, found)| Some((*number, (*found)?))).collect();
        let mut numbers: Vec<usize> = matched.keys().copied().collect();
        numbers.sort_unstable();
        for seen in spool.read(numbers.into_iter())? {
            let (number, seen) = seen?;
            let Some(found) = matched.get(&number) else { continue };
            let Some(occurrence) = self.occurrences.get(found.known) else { continue };
            match writer.see_again(session, occurrence, &seen, found, batch)? {
                Again::Unchanged => ingested.n_unchanged += 1,
                Again::Moved => ingested.n_moved += 1,
                Again::Reopened => ingested.n_reopened += 1,
            }
        }
        for occurrence in self.missing.iter().filter_map(|at| self.occurrences.get(*at)) {
            match writer.miss(session, occurrence, batch)? {
                Missed::Closed => ingested.n_closed += 1,
                Missed::SeenByOthers => {}
                Missed::NotObserved => ingested.n_not_observed += 1,
            }
        }
        writer.tally.write(session, tenant)?;
        Ok(ingested)
    }
}

/// What became of an occurrence that was seen again.
enum Again {
    Unchanged,
    Moved,
    Reopened,
}

/// What became of an occurrence that was not seen.
enum Missed {
    /// It is gone, and nobody else sees it.
    Closed,
    /// It is gone, and another tool sees it, or the finding was closed already.
    SeenByOthers,
    /// That it was not seen says nothing.
    NotObserved,
}

struct Writer<'a> {
    tenant: Tenant<'a>,
    scan: &'a Scan,
    scan_id: Id,
    at_us: i64,
    tally: Tally,
}

impl Writer<'_> {
    /// Writes all observations that nobody knew; says how many there were.
    fn open(
        &mut self,
        session: &mut dyn Session,
        new: &[usize],
        spool: &mut Spool,
        assess: &dyn Fn(&Seen) -> Assessment,
        batch: &mut Batch<'_>,
    ) -> Result<i64, StoreError> {
        let new = || new.iter().copied();
        let mut fresh = Id::ascending(self.tenant.host());
        let findings: Vec<Id> = fresh.by_ref().take(new().count()).collect();
        let ids: Vec<(Id, Id)> = findings.into_iter().zip(fresh).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        let context = rows::Context { organization: self.tenant.id(), scan: self.scan, scan_id: self.scan_id, at_us: self.at_us };
        let (tool, at) = (self.scan.tool.as_str(), Time(self.at_us));
        let state_of = |seen: &Seen| rows::beginning(seen, tool, at).state.kind();
        let tally = &mut self.tally;
        session.insert_all(
            rows::FINDING,
            &mut spool.read(new())?.zip(&ids).map(|(seen, (finding, _))| {
                let (_, seen) = seen?;
                let new = NewFinding { id: *finding, seen: &seen, assessment: assess(&seen) };
                tally.add(context.scan.repository, seen.severity, state_of(&seen).as_str(), 1);
                context.finding(&new)
            }),
        )?;
        session.insert_all(
            rows::OCCURRENCE,
            &mut spool.read(new())?.zip(&ids).map(|(seen, (finding, occurrence))| {
                let (_, seen) = seen?;
                context.occurrence(*occurrence, *finding, &seen)
            }),
        )?;
        let scan_id = self.scan_id;
        let repository = self.scan.repository;
        let mut events = spool.read(new())?.zip(&ids).map(|(seen, (finding, _))| {
            let (_, seen) = seen?;
            let body = lifecycle::opened(scan_id, &seen.rule, seen.severity, state_of(&seen));
            Ok(("finding.opened", Some(repository), Some(*finding), body))
        });
        batch.add(session, &mut events)?;
        Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
    }

    /// Writes observations that are findings of other tools: another occurrence, and another witness.
    fn share(
        &mut self,
        session: &mut dyn Session,
        shared: &HashMap<usize, (Id, Reason)>,
        spool: &mut Spool,
        batch: &mut Batch<'_>,
    ) -> Result<i64, StoreError> {
        let mut numbers: Vec<usize> = shared.keys().copied().collect();
        numbers.sort_unstable();
        let context = rows::Context { organization: self.tenant.id(), scan: self.scan, scan_id: self.scan_id, at_us: self.at_us };
        for seen in spool.read(numbers.into_iter())? {
            let (number, seen) = seen?;
            let Some((finding, reason)) = shared.get(&number) else { continue };
            let row = context.occurrence(Id::new(self.tenant.host()), *finding, &seen)?;
            session.insert_all(rows::OCCURRENCE, &mut std::iter::once(Ok(row)))?;
            let reason = others::words(*reason);
            let n_added = session.execute(
                "INSERT INTO witness (finding, tool, rule, organization, reason, first_scan) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (finding, tool, rule) DO NOTHING",
                &[
                    (*finding).into(),
                    self.scan.tool.as_str().into(),
                    seen.rule.as_str().into(),
                    self.tenant.key(),
                    reason.as_str().into(),
                    self.scan_id.into(),
                ],
            )?;
            if 0 < n_added {
                let body = json!({ "scan": self.scan_id, "tool": self.scan.tool, "rule": seen.rule, "reason": reason });
                batch.one(session, "finding.witnessed", Some(self.scan.repository), Some(*finding), body)?;
            }
        }
        Ok(i64::try_from(shared.len()).unwrap_or(i64::MAX))
    }

    /// Writes what changed of an occurrence.
    fn see_again(
        &mut self,
        session: &mut dyn Session,
        occurrence: &Occurrence,
        seen: &Seen,
        found: &Match,
        batch: &mut Batch<'_>,
    ) -> Result<Again, StoreError> {
        let is_as_it_was = occurrence.is_present && occurrence.sighting == seen.sighting;
        if !is_as_it_was {
            self.look_otherwise(session, occurrence, seen, found)?;
        }
        let Some(mut standing) = Standing::load(session, self.tenant, occurrence.finding)? else { return Ok(Again::Moved) };
        let look = Look::Seen { code: rows::snippet(seen).map(CodeShape::of), has_fix: None };
        let Some(change) = standing.lifecycle.after_scan(&self.looked(), &look) else {
            return Ok(if is_as_it_was { Again::Unchanged } else { Again::Moved });
        };
        standing.save(session, self.tenant, &change, &mut self.tally, batch)?;
        Ok(if change.to == StateKind::Reopened { Again::Reopened } else { Again::Moved })
    }

    /// Writes where an occurrence is now, and what it looks like.
    fn look_otherwise(&self, session: &mut dyn Session, occurrence: &Occurrence, seen: &Seen, found: &Match) -> Result<(), StoreError> {
        session.execute(
            "UPDATE occurrence SET rule = $3, path = $4, start_line = $5, end_line = $6, keys_before = keys, keys = $7, detail = $8,
                    gone_scan = NULL, tier = $9, score = $10
             WHERE organization = $1 AND id = $2",
            &[
                self.tenant.key(),
                occurrence.id.into(),
                seen.rule.as_str().into(),
                Value::maybe(seen.path.as_deref()),
                Value::maybe(seen.lines.map(|lines| i64::from(lines.0))),
                Value::maybe(seen.lines.map(|lines| i64::from(lines.1))),
                encoded(&seen.sighting)?.as_slice().into(),
                seen.detail.as_str().into(),
                rows::tier_of(found).as_str().into(),
                rows::score_of(found).into(),
            ],
        )?;
        session.execute(
            "UPDATE finding SET path = $3, line = $4, title = $5 WHERE organization = $1 AND id = $2",
            &[
                self.tenant.key(),
                occurrence.finding.into(),
                Value::maybe(seen.path.as_deref()),
                Value::maybe(seen.lines.map(|lines| i64::from(lines.0))),
                seen.title.as_str().into(),
            ],
        )?;
        Ok(())
    }

    /// Writes that an occurrence was not seen.
    fn miss(&mut self, session: &mut dyn Session, occurrence: &Occurrence, batch: &mut Batch<'_>) -> Result<Missed, StoreError> {
        if !self.scan.is_complete {
            return Ok(Missed::NotObserved);
        }
        session.execute(
            "UPDATE occurrence SET gone_scan = $3 WHERE organization = $1 AND id = $2",
            &[self.tenant.key(), occurrence.id.into(), self.scan_id.into()],
        )?;
        let others = session.first(
            "SELECT 1 FROM occurrence WHERE organization = $1 AND finding = $2 AND gone_scan IS NULL LIMIT 1",
            &[self.tenant.key(), occurrence.finding.into()],
            |_| Ok(()),
        )?;
        if others.is_some() {
            return Ok(Missed::SeenByOthers);
        }
        let Some(mut standing) = Standing::load(session, self.tenant, occurrence.finding)? else { return Ok(Missed::SeenByOthers) };
        let closing: Result<(), NotClosing> = Ok(());
        let Some(change) = standing.lifecycle.after_scan(&self.looked(), &Look::Missed { closing }) else {
            return Ok(Missed::SeenByOthers);
        };
        standing.save(session, self.tenant, &change, &mut self.tally, batch)?;
        Ok(Missed::Closed)
    }

    /// The scan, as the rules of states take it.
    fn looked(&self) -> Looked {
        Looked {
            at: Time(self.at_us),
            family: self.scan.tool.clone(),
            is_successful: true,
            is_complete: self.scan.is_complete,
            is_of_default_branch: true,
        }
    }
}
