//! Findings as people look at them: in pages, one by one, and in counts.

use std::collections::BTreeMap;

use bartizan_core::Severity;
use serde::Serialize;
use serde_json::Value as Json;

use crate::{Id, Row, Session, StoreError, Tenant, Value, ingest};

/// The most rows of a page.
const MAX_ROWS: u32 = 500;

/// A finding, as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Its id.
    pub id: Id,
    /// Where it is.
    pub repository: Id,
    /// The tool that found it first.
    pub tool: String,
    /// The rule of that tool.
    pub rule: String,
    /// What is wrong, in a line.
    pub title: String,
    /// How bad it is, if the tool says it.
    #[serde(serialize_with = "severity_name")]
    pub severity: Option<Severity>,
    /// Its state.
    pub state: String,
    /// How much it matters, from 0 to 1,000.
    pub risk: i64,
    /// Whose it is.
    pub owner: Option<String>,
    /// Why it is theirs.
    pub owner_reason: Option<String>,
    /// Until when it is to be closed, in microseconds since 1970.
    pub due_us: Option<i64>,
    /// The file, or what stands for one.
    pub path: Option<String>,
    /// The line, from 1.
    pub line: Option<i64>,
    /// When it was opened, in microseconds since 1970.
    pub opened_us: i64,
    /// When it changed last, in microseconds since 1970.
    pub changed_us: i64,
    /// Counts its changes.
    pub version: i64,
}

/// A finding with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Detail {
    /// The finding.
    pub finding: Finding,
    /// Where it is seen, and where it was.
    pub occurrences: Vec<Seen>,
    /// Who vouches for it: tool, rule, and why it is held to be the same weakness; the first one saw it first.
    pub witnesses: Vec<(String, String, String)>,
}

/// A place where a tool saw a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Seen {
    /// The tool.
    pub tool: String,
    /// The tool's rule.
    pub rule: String,
    /// The branch.
    pub branch: String,
    /// The file, or what stands for one.
    pub path: Option<String>,
    /// The first line, from 1.
    pub start_line: Option<i64>,
    /// The last line.
    pub end_line: Option<i64>,
    /// Whether it is there still.
    pub is_present: bool,
    /// By what it was known again when it last looked otherwise.
    pub tier: Option<String>,
    /// What the tool says: an object.
    pub detail: Json,
}

/// Which findings are asked for. What is empty excludes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Open or closed.
    pub is_open: Option<bool>,
    /// Of a repository.
    pub repository: Option<Id>,
    /// Of an owner; an empty name is for those that have none.
    pub owner: Option<String>,
    /// Of a rule.
    pub rule: Option<String>,
    /// Of one of these severities.
    pub severities: Vec<Severity>,
    /// In one of these states.
    pub states: Vec<String>,
    /// With this in the title or the path, in any case.
    pub text: Option<String>,
}

/// Some findings, and where the next ones begin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// The findings that matter most first.
    pub findings: Vec<Finding>,
    /// What to ask for the next page with: risk and id of the last one. Nothing if this is the last page.
    pub next: Option<(i64, Id)>,
}

/// How many findings have a severity and a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tallied {
    /// How bad, if the tools say it.
    #[serde(serialize_with = "severity_name")]
    pub severity: Option<Severity>,
    /// The state.
    pub state: String,
    /// How many.
    pub n: i64,
}

const COLUMNS: &str = "id, repository, tool, rule, title, severity, state, risk, owner, owner_reason, due_us, path, line, opened_us, \
                       changed_us, version";

impl Tenant<'_> {
    /// A page of findings: at most `n`, those that matter most first, after the place where the page before ended.
    ///
    /// # Errors
    /// If the database fails.
    pub fn findings(&self, filter: &Filter, after: Option<(i64, Id)>, n: u32) -> Result<Page, StoreError> {
        let n = n.clamp(1, MAX_ROWS);
        let (condition, mut arguments) = filter.condition(self.key());
        let mut sql = format!("SELECT {COLUMNS} FROM finding WHERE {condition}");
        if let Some((risk, id)) = after {
            let at = arguments.len();
            sql.push_str(&format!(" AND (risk, id) < (${}, ${})", at + 1, at + 2));
            arguments.extend([risk.into(), id.into()]);
        }
        sql.push_str(&format!(" ORDER BY risk DESC, id DESC LIMIT {}", i64::from(n) + 1));
        self.read(|session| {
            let mut findings = session.all(&sql, &arguments, finding)?;
            let wanted = usize::try_from(n).unwrap_or(usize::MAX);
            let has_more = wanted < findings.len();
            findings.truncate(wanted);
            let next = findings.last().filter(|_| has_more).map(|last| (last.risk, last.id));
            Ok(Page { findings, next })
        })
    }

    /// A finding with all that is known of it; nothing if there is none of this id.
    ///
    /// # Errors
    /// If the database fails.
    pub fn finding(&self, id: Id) -> Result<Option<Detail>, StoreError> {
        self.read(|session| {
            let of_finding = [self.key(), id.into()];
            let sql = format!("SELECT {COLUMNS} FROM finding WHERE organization = $1 AND id = $2");
            let Some(finding) = session.first(&sql, &of_finding, finding)? else { return Ok(None) };
            let occurrences = session.all(
                "SELECT tool, rule, branch, path, start_line, end_line, gone_scan, tier, detail FROM occurrence
                 WHERE organization = $1 AND finding = $2 ORDER BY id",
                &of_finding,
                seen,
            )?;
            let first = (finding.tool.clone(), finding.rule.clone(), "it was the first to see it".to_owned());
            let others = session.all(
                "SELECT tool, rule, reason FROM witness WHERE organization = $1 AND finding = $2 ORDER BY tool, rule",
                &of_finding,
                |row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.text(2)?.to_owned())),
            )?;
            let witnesses = std::iter::once(first).chain(others).collect();
            Ok(Some(Detail { finding, occurrences, witnesses }))
        })
    }

    /// How many findings there are of each severity and state, in a repository or in all.
    ///
    /// # Errors
    /// If the database fails.
    pub fn tally(&self, repository: Option<Id>) -> Result<Vec<Tallied>, StoreError> {
        let mut arguments = vec![self.key()];
        let mut condition = String::from("organization = $1");
        if let Some(repository) = repository {
            condition.push_str(" AND repository = $2");
            arguments.push(repository.into());
        }
        let sql = format!(
            "SELECT severity, state, CAST(SUM(n) AS BIGINT) FROM tally WHERE {condition}
             GROUP BY severity, state HAVING SUM(n) <> 0 ORDER BY severity DESC, state"
        );
        self.read(|session| {
            session.all(&sql, &arguments, |row| {
                Ok(Tallied { severity: ingest::severity_of(row.integer(0)?), state: row.text(1)?.to_owned(), n: row.integer(2)? })
            })
        })
    }
}

impl Filter {
    /// The condition, and its arguments; the first one is the organization.
    fn condition(&self, organization: Value) -> (String, Vec<Value>) {
        let mut all = Conditions { sql: String::from("organization = $1"), arguments: vec![organization] };
        all.equal("is_open", self.is_open.map(Value::from));
        all.equal("repository", self.repository.map(Value::from));
        match self.owner.as_deref() {
            Some("") => all.sql.push_str(" AND owner IS NULL"),
            owner => all.equal("owner", owner.map(Value::from)),
        }
        all.equal("rule", self.rule.as_deref().map(Value::from));
        all.one_of("severity", self.severities.iter().map(|severity| ingest::severity_number(Some(*severity)).into()));
        all.one_of("state", self.states.iter().map(|state| state.as_str().into()));
        if let Some(text) = &self.text {
            let pattern = format!("%{}%", text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
            let place = all.place(pattern.into());
            all.sql
                .push_str(&format!(" AND (LOWER(title) LIKE {place} ESCAPE '\\' OR LOWER(COALESCE(path, '')) LIKE {place} ESCAPE '\\')"));
        }
        (all.sql, all.arguments)
    }
}

/// Conditions that all must hold.
struct Conditions {
    sql: String,
    arguments: Vec<Value>,
}

impl Conditions {
    fn place(&mut self, value: Value) -> String {
        self.arguments.push(value);
        format!("${}", self.arguments.len())
    }

    fn equal(&mut self, column: &str, value: Option<Value>) {
        if let Some(value) = value {
            let place = self.place(value);
            self.sql.push_str(&format!(" AND {column} = {place}"));
        }
    }

    fn one_of(&mut self, column: &str, values: impl Iterator<Item = Value>) {
        let places: Vec<String> = values.map(|value| self.place(value)).collect();
        if !places.is_empty() {
            self.sql.push_str(&format!(" AND {column} IN ({})", places.join(", ")));
        }
    }
}

/// Changes of counts, before they are written.
#[derive(Default)]
pub(crate) struct Tally(BTreeMap<(Id, i64, String), i64>);

impl Tally {
    /// Notes that there are `n` more, or less, of a severity and a state.
    pub(crate) fn add(&mut self, repository: Id, severity: Option<Severity>, state: &str, n: i64) {
        *self.0.entry((repository, ingest::severity_number(severity), state.to_owned())).or_default() += n;
    }

    pub(crate) fn write(self, session: &mut dyn Session, tenant: Tenant<'_>) -> Result<(), StoreError> {
        for ((repository, severity, state), n) in self.0 {
            if n != 0 {
                session.execute(
                    "INSERT INTO tally (organization, repository, severity, state, n) VALUES ($1, $2, $3, $4, $5)
                     ON CONFLICT (organization, repository, severity, state) DO UPDATE SET n = tally.n + excluded.n",
                    &[tenant.key(), repository.into(), severity.into(), state.into(), n.into()],
                )?;
            }
        }
        Ok(())
    }
}

fn finding(row: &Row) -> Result<Finding, StoreError> {
    Ok(Finding {
        id: row.id(0)?,
        repository: row.id(1)?,
        tool: row.text(2)?.to_owned(),
        rule: row.text(3)?.to_owned(),
        title: row.text(4)?.to_owned(),
        severity: ingest::severity_of(row.integer(5)?),
        state: row.text(6)?.to_owned(),
        risk: row.integer(7)?,
        owner: row.maybe_text(8)?.map(str::to_owned),
        owner_reason: row.maybe_text(9)?.map(str::to_owned),
        due_us: row.maybe_integer(10)?,
        path: row.maybe_text(11)?.map(str::to_owned),
        line: row.maybe_integer(12)?,
        opened_us: row.integer(13)?,
        changed_us: row.integer(14)?,
        version: row.integer(15)?,
    })
}

fn seen(row: &Row) -> Result<Seen, StoreError> {
    let detail = row.maybe_text(8)?.map(serde_json::from_str).transpose();
    let detail = detail.map_err(|error| StoreError::Corrupt { what: "an object in JSON", found: error.to_string() })?;
    Ok(Seen {
        tool: row.text(0)?.to_owned(),
        rule: row.text(1)?.to_owned(),
        branch: row.text(2)?.to_owned(),
        path: row.maybe_text(3)?.map(str::to_owned),
        start_line: row.maybe_integer(4)?,
        end_line: row.maybe_integer(5)?,
        is_present: row.maybe_bytes(6)?.is_none(),
        tier: row.maybe_text(7)?.map(str::to_owned),
        detail: detail.unwrap_or_default(),
    })
}

fn severity_name<S: serde::Serializer>(severity: &Option<Severity>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(severity.map_or("unknown", Severity::as_str))
}
