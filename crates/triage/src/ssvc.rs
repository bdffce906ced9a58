//! Decision tables of SSVC (Stakeholder-Specific Vulnerability Categorization), run as CERT/CC publishes them.
//!
//! A table is a CSV file: a column `row`, one column for each decision point, and last the outcome. Each row says what follows
//! from one combination of values. The tables are at <https://github.com/CERTCC/SSVC/tree/main/data/csv>; a caller passes the
//! bytes of its own copy. [`Table::built_in`] is a table of ours, for callers who have none.
//!
//! A CSV file has its values in no particular order; the JSON file of a decision point has ([`DecisionPoint::parse`]).
//!
//! What is not known stays unknown: a table that lacks an input says which outcomes are possible, and guesses nothing.

mod csv;
mod label;
mod point;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use self::label::Label;
pub use self::point::DecisionPointError;

/// The largest table that is read, in bytes.
pub const MAX_BYTES: usize = 4 << 20;

/// The most rows of a table.
pub const MAX_ROWS: usize = 100_000;

/// The most columns of a table.
pub const MAX_COLUMNS: usize = 32;

/// How deep tables may ask each other.
const MAX_DEPTH: usize = 8;

/// A decision table.
///
/// ```
/// use bartizan_triage::ssvc::{Facts, Table};
/// let table = Table::parse(b"row,Automatable v2.0.0,Value Density v1.0.0,Utility v1.0.1\n0,no,diffuse,laborious\n1,yes,diffuse,efficient\n")?;
/// let facts = Facts::default().with("automatable", "yes").with("Value Density", "diffuse");
/// assert_eq!(table.decide(&facts)?.outcome, "efficient");
/// let undecided = table.decide(&Facts::default().with("value density", "diffuse")).unwrap_err();
/// assert_eq!(undecided.possible, ["laborious", "efficient"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    inputs: Vec<DecisionPoint>,
    outcome: DecisionPoint,
    /// By the indices of values, one for each input: the index of the outcome, and the number of the row in the file.
    rows: BTreeMap<Vec<usize>, (usize, u32)>,
}

/// A question with a few possible answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionPoint {
    /// Without version and namespace: `System Exposure`.
    pub name: String,
    /// `1.0.1`; empty if the table does not say.
    pub version: String,
    /// Who defines it, if that is not SSVC itself: `cisa`.
    pub namespace: Option<String>,
    /// In the order in which the table first has them.
    pub values: Vec<String>,
}

/// What is known about a flaw: values of decision points, by name. Letter case does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Facts(BTreeMap<String, String>);

/// What a table says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The table, named by its outcome: `Defer, Scheduled, Out-of-Cycle, Immediate v1.0.0`.
    pub table: String,
    /// The outcome, in lower case.
    pub outcome: String,
    /// The number of the row, as the file counts.
    pub row: u32,
    /// Decision points and values that led here, in the order of the columns.
    pub inputs: Vec<(String, String)>,
}

/// Why a table says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the table `{table}` can't decide: {}", self.reason())]
pub struct Undecided {
    /// As in [`Decision::table`].
    pub table: String,
    /// Decision points without a value.
    pub missing: Vec<String>,
    /// Decision points with a value that the table does not know.
    pub unknown: Vec<(String, String)>,
    /// The outcomes that are possible with what is known, in the order of the outcome's values.
    pub possible: Vec<String>,
}

/// Why bytes are no decision table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// More than [`MAX_BYTES`], [`MAX_ROWS`] or [`MAX_COLUMNS`].
    #[error("the table is too large: at most {value} {unit}")]
    TooLarge {
        /// Of what.
        unit: &'static str,
        /// The limit.
        value: usize,
    },
    /// Not UTF-8.
    #[error("the table is no UTF-8 text")]
    NoText,
    /// Fewer than a column of rows, one input and an outcome; or a first column that is not `row`.
    #[error("the first line of a table is `row`, one decision point or more, and the outcome")]
    NoHeadline,
    /// A quote that nobody closes.
    #[error("line {line}: a quote is not closed")]
    OpenQuote {
        /// Counted from one.
        line: usize,
    },
    /// A row with more or fewer cells than the first line, or with an empty one.
    #[error("line {line}: expected {expected} cells with text, found {found}")]
    Ragged {
        /// Counted from one.
        line: usize,
        /// As many as the first line has.
        expected: usize,
        /// That are not empty.
        found: usize,
    },
    /// Two rows with the same inputs and different outcomes.
    #[error("line {line}: the same inputs have another outcome above")]
    Conflict {
        /// Counted from one.
        line: usize,
    },
    /// An order of outcomes that is not one of the table's outcomes.
    #[error("the order does not name each outcome of the table once")]
    Order,
}

impl Table {
    /// Reads a table.
    ///
    /// # Errors
    /// When the bytes are no table, or one that says two things of one combination.
    pub fn parse(bytes: &[u8]) -> Result<Self, TableError> {
        if MAX_BYTES < bytes.len() {
            return Err(TableError::TooLarge { unit: "bytes", value: MAX_BYTES });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| TableError::NoText)?;
        let mut records = csv::records(text.strip_prefix('\u{feff}').unwrap_or(text))?.into_iter();
        let headline = records.next().ok_or(TableError::NoHeadline)?.cells;
        let [row, inputs @ .., outcome] = &headline[..] else { return Err(TableError::NoHeadline) };
        if !row.eq_ignore_ascii_case("row") || inputs.is_empty() {
            return Err(TableError::NoHeadline);
        }
        if MAX_COLUMNS < headline.len() {
            return Err(TableError::TooLarge { unit: "columns", value: MAX_COLUMNS });
        }
        let mut table = Self { inputs: inputs.iter().map(|label| point(label)).collect(), outcome: point(outcome), rows: BTreeMap::new() };
        for record in records {
            table.add(&record, headline.len())?;
        }
        Ok(table)
    }

    /// Our own table, with the decision points of CERT/CC's for those who deploy software, so that theirs can take its place.
    ///
    /// Every step up of an input counts: exploitation twice, exposure, automation and harm once. Each three of them raise the priority.
    #[must_use]
    pub fn built_in() -> Self {
        let parsed = Self::parse(include_bytes!("ssvc/built_in.csv"));
        // The file is part of the program, and a test reads it.
        parsed.unwrap_or_else(|_| Self { inputs: Vec::new(), outcome: point("Priority"), rows: BTreeMap::new() })
    }

    /// The same table, with its outcomes in an order that means something: the least first.
    ///
    /// # Errors
    /// When the order is not one of all outcomes.
    pub fn with_outcomes_in_order(mut self, order: &[&str]) -> Result<Self, TableError> {
        let order: Vec<String> = order.iter().map(|name| name.to_lowercase()).collect();
        let index_of = |value: &String| order.iter().position(|other| other == value).ok_or(TableError::Order);
        let indices: Vec<usize> = self.outcome.values.iter().map(index_of).collect::<Result<_, _>>()?;
        if order.len() != self.outcome.values.len() || indices.iter().collect::<BTreeSet<_>>().len() != order.len() {
            return Err(TableError::Order);
        }
        for (outcome, _) in self.rows.values_mut() {
            *outcome = indices.get(*outcome).copied().ok_or(TableError::Order)?;
        }
        self.outcome.values = order;
        Ok(self)
    }

    /// The same table, with its outcomes in the order of a published decision point.
    ///
    /// # Errors
    /// When it is not the one that the table answers with.
    pub fn with_outcomes_of(self, point: &DecisionPoint) -> Result<Self, TableError> {
        if point.label() != self.outcome.label() {
            return Err(TableError::Order);
        }
        let order: Vec<&str> = point.values.iter().map(String::as_str).collect();
        self.with_outcomes_in_order(&order)
    }

    /// What it asks, in the order of its columns.
    #[must_use]
    pub fn inputs(&self) -> &[DecisionPoint] {
        &self.inputs
    }

    /// What it answers.
    #[must_use]
    pub const fn outcome(&self) -> &DecisionPoint {
        &self.outcome
    }

    /// How many rows it has.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// How many combinations of values it says nothing about.
    #[must_use]
    pub fn n_missing(&self) -> usize {
        let all = self.inputs.iter().fold(1_usize, |product, input| product.saturating_mul(input.values.len()));
        all.saturating_sub(self.rows.len())
    }

    /// What follows from facts.
    ///
    /// # Errors
    /// When a fact is missing or the table does not know its value; the error says what is possible all the same.
    pub fn decide(&self, facts: &Facts) -> Result<Decision, Undecided> {
        let chosen: Vec<Choice> = self.inputs.iter().map(|input| Choice::of(input, facts)).collect();
        let key: Option<Vec<usize>> = chosen.iter().map(|choice| choice.index()).collect();
        match key.and_then(|key| Some((self.rows.get(&key)?, key))) {
            Some((&(outcome, row), key)) => Ok(self.decision(outcome, row, &key)),
            None => Err(self.undecided(facts, &chosen)),
        }
    }

    fn decision(&self, outcome: usize, row: u32, key: &[usize]) -> Decision {
        let value = |point: &DecisionPoint, index: usize| point.values.get(index).cloned().unwrap_or_default();
        let inputs = self.inputs.iter().zip(key).map(|(input, &index)| (input.name.clone(), value(input, index))).collect();
        Decision { table: self.outcome.label(), outcome: value(&self.outcome, outcome), row, inputs }
    }

    fn undecided(&self, facts: &Facts, chosen: &[Choice]) -> Undecided {
        let fits = |key: &Vec<usize>| chosen.iter().zip(key).all(|(choice, &index)| choice.index().is_none_or(|chosen| chosen == index));
        let possible: BTreeSet<usize> = self.rows.iter().filter(|(key, _)| fits(key)).map(|(_, &(outcome, _))| outcome).collect();
        let with = |wanted: Choice| self.inputs.iter().zip(chosen).filter(move |&(_, &choice)| choice == wanted).map(|(input, _)| input);
        Undecided {
            table: self.outcome.label(),
            missing: with(Choice::Missing).map(|input| input.name.clone()).collect(),
            unknown: with(Choice::Unknown)
                .map(|input| (input.name.clone(), facts.get(&input.name).unwrap_or_default().to_owned()))
                .collect(),
            possible: possible.into_iter().filter_map(|index| self.outcome.values.get(index).cloned()).collect(),
        }
    }

    fn add(&mut self, record: &csv::Record, n_columns: usize) -> Result<(), TableError> {
        let line = record.line;
        let found = record.cells.iter().filter(|cell| !cell.is_empty()).count();
        if found != n_columns || record.cells.len() != n_columns {
            return Err(TableError::Ragged { line, expected: n_columns, found });
        }
        let [row, inputs @ .., outcome] = &record.cells[..] else { return Err(TableError::NoHeadline) };
        let key: Vec<usize> = self.inputs.iter_mut().zip(inputs).map(|(point, value)| point.index_or_add(value)).collect();
        let outcome = self.outcome.index_or_add(outcome);
        let row = row.parse().unwrap_or_else(|_| u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        match self.rows.insert(key, (outcome, row)) {
            Some((other, _)) if other != outcome => Err(TableError::Conflict { line }),
            Some(_) | None => Ok(()),
        }
    }
}

/// Asks tables of which some answer what others ask: human impact from safety and mission impact, for example.
///
/// Facts win over tables. The answers of tables are among the inputs of the decision, as values.
///
/// # Errors
/// When the last table can't decide.
pub fn decide_by(tables: &[Table], last: &Table, facts: &Facts) -> Result<Decision, Undecided> {
    let mut known = facts.clone();
    for _ in 0..MAX_DEPTH {
        let news: Vec<(String, String)> = tables
            .iter()
            .filter(|table| known.get(&table.outcome.name).is_none())
            .filter_map(|table| Some((table.outcome.name.clone(), table.decide(&known).ok()?.outcome)))
            .collect();
        if news.is_empty() {
            break;
        }
        known = news.into_iter().fold(known, |known, (name, value)| known.with(&name, &value));
    }
    last.decide(&known)
}

impl DecisionPoint {
    /// Name, version and namespace, as the headline of a table has them.
    #[must_use]
    pub fn label(&self) -> String {
        let version = if self.version.is_empty() { String::new() } else { format!(" v{}", self.version) };
        let namespace = self.namespace.as_ref().map(|namespace| format!(" ({namespace})")).unwrap_or_default();
        format!("{}{version}{namespace}", self.name)
    }

    fn index_or_add(&mut self, value: &str) -> usize {
        let value = value.to_lowercase();
        self.values.iter().position(|known| *known == value).unwrap_or_else(|| {
            self.values.push(value);
            self.values.len() - 1
        })
    }
}

impl Facts {
    /// With one more fact, which takes the place of one about the same decision point.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_lowercase(), value.trim().to_lowercase());
        self
    }

    /// The value of a decision point, in lower case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(&name.to_lowercase()).map(String::as_str)
    }
}

impl Undecided {
    fn reason(&self) -> String {
        let unknown = self.unknown.iter().map(|(name, value)| format!("`{value}` is no value of `{name}`"));
        let missing = self.missing.iter().map(|name| format!("`{name}` is not known"));
        let all: Vec<String> = unknown.chain(missing).collect();
        if all.is_empty() { "it has no row for these values".to_owned() } else { all.join(", ") }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Index(usize),
    Missing,
    Unknown,
}

impl Choice {
    fn of(input: &DecisionPoint, facts: &Facts) -> Self {
        let Some(value) = facts.get(&input.name) else { return Self::Missing };
        input.values.iter().position(|known| known == value).map_or(Self::Unknown, Self::Index)
    }

    const fn index(self) -> Option<usize> {
        match self {
            Self::Index(index) => Some(index),
            Self::Missing | Self::Unknown => None,
        }
    }
}

fn point(text: &str) -> DecisionPoint {
    let Label { name, version, namespace } = Label::parse(text);
    DecisionPoint { name, version, namespace, values: Vec::new() }
}

#[cfg(test)]
mod tests;
