//! From terms to what they ask.

use std::ops::Range;

use bartizan_core::Severity;

use super::{
    Comparison, Condition, Flag, KEYS, Key, MAX_BYTES, Operator, OwnerIs, Query, QueryError, QueryErrorKind, Term, Wildcard,
    condition::flags,
    lexer::{self, Raw, Value},
};
use crate::{
    asset::{DataClass, Exposure},
    risk::Priority,
    state::StateKind,
    time::{DAY, HOUR},
};

/// So alike must a word be to be taken for a slip: as a share of the longer one.
const MIN_ALIKE: f64 = 0.6;

pub(super) fn parse(text: &str) -> Result<Query, QueryError> {
    if MAX_BYTES < text.len() {
        return Err(QueryError { kind: QueryErrorKind::TooLong, at: 0..text.len() });
    }
    let terms = lexer::terms(text)?.into_iter().map(understood).collect::<Result<_, _>>()?;
    Ok(Query { terms })
}

fn understood(raw: Raw) -> Result<Term, QueryError> {
    let is_negated = raw.is_negated;
    let Some((name, at)) = raw.key else {
        let text = raw.values.first().map(|value| value.text.to_lowercase()).unwrap_or_default();
        return Ok(Term { is_negated, condition: Condition::Text(text) });
    };
    let Some(key) = KEYS.iter().find(|key| key.name == name) else {
        let guess = closest(&name, KEYS.iter().map(|key| key.name));
        return Err(QueryError { kind: QueryErrorKind::UnknownKey { key: name, guess }, at });
    };
    if raw.values.iter().all(|value| value.text.is_empty()) {
        return Err(QueryError { kind: QueryErrorKind::NoValue { key: key.name, example: key.example }, at: raw.at });
    }
    let values = Values { key, values: &raw.values, at: raw.at };
    let condition = values.condition()?;
    Ok(Term { is_negated, condition })
}

struct Values<'a> {
    key: &'static Key,
    values: &'a [Value],
    at: Range<usize>,
}

impl Values<'_> {
    fn condition(&self) -> Result<Condition, QueryError> {
        Ok(match self.key.name {
            "severity" => Condition::Severity(self.words(&Severity::ALL.map(|value| (value.as_str(), value)))?),
            "priority" => Condition::Priority(self.words(&Priority::ALL.map(|value| (value.as_str(), value)))?),
            "state" => Condition::State(self.words(&StateKind::ALL.map(|value| (value.as_str(), value)))?),
            "exposure" => Condition::Exposure(self.words(&Exposure::ALL.map(|value| (value.as_str(), value)))?),
            "data" => Condition::DataClass(self.words(&DataClass::ALL.map(|value| (value.as_str(), value)))?),
            "is" => Condition::Is(self.words::<Flag>(&flags())?),
            "owner" => Condition::Owner(self.each(|value| {
                let is_nobody = !value.is_quoted && value.text.eq_ignore_ascii_case("none");
                Some(if is_nobody { OwnerIs::Nobody } else { OwnerIs::Named(Wildcard(value.text.clone())) })
            })?),
            "repo" => Condition::Repository(self.wildcards()?),
            "rule" => Condition::Rule(self.wildcards()?),
            "tool" => Condition::Tool(self.wildcards()?),
            "path" => Condition::Path(self.wildcards()?),
            "component" => Condition::Component(self.wildcards()?),
            "cwe" => Condition::Cwe(self.each(|value| value.text.to_ascii_lowercase().trim_start_matches("cwe-").parse().ok())?),
            "tier" => Condition::Tier(self.number(0, 255)?),
            "score" => Condition::Score(self.number(0, 999)?),
            "epss" => Condition::Epss(self.number(0, 100)?),
            "age" => Condition::Age(self.span()?),
            "due" if self.is_word("none") => Condition::NotDue,
            "due" => Condition::Due(self.span()?),
            _ => {
                return Err(QueryError {
                    kind: QueryErrorKind::UnknownKey { key: self.key.name.to_owned(), guess: None },
                    at: self.at.clone(),
                });
            }
        })
    }

    fn each<T>(&self, read: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>, QueryError> {
        let one = |value: &Value| Some(value).filter(|value| !value.text.is_empty()).and_then(&read).ok_or_else(|| self.bad(value, None));
        self.values.iter().map(one).collect()
    }

    fn words<T: Copy>(&self, known: &[(&'static str, T)]) -> Result<Vec<T>, QueryError> {
        let one = |value: &Value| {
            let found = known.iter().find(|(word, _)| word.eq_ignore_ascii_case(&value.text));
            found.map(|&(_, meaning)| meaning).ok_or_else(|| {
                let guess = closest(&value.text.to_lowercase(), known.iter().map(|&(word, _)| word));
                self.bad(value, guess)
            })
        };
        self.values.iter().map(one).collect()
    }

    fn wildcards(&self) -> Result<Vec<Wildcard>, QueryError> {
        self.each(|value| Some(Wildcard(value.text.clone())))
    }

    fn number(&self, min: i64, max: i64) -> Result<Comparison, QueryError> {
        self.comparison(|text| text.parse().ok().filter(|number| min <= *number && *number <= max))
    }

    fn span(&self) -> Result<Comparison, QueryError> {
        self.comparison(|text| {
            let units = [("h", HOUR), ("d", DAY), ("w", 7 * DAY)];
            let (count, unit) = units.iter().find_map(|&(suffix, unit)| Some((text.strip_suffix(suffix)?, unit)))?;
            count.parse::<i64>().ok().and_then(|count| count.checked_mul(unit))
        })
    }

    fn comparison(&self, read: impl Fn(&str) -> Option<i64>) -> Result<Comparison, QueryError> {
        let [value] = self.values else {
            let many = self.values.get(1).or(self.values.first());
            return Err(
                many.map_or_else(|| QueryError { kind: QueryErrorKind::ManyValues, at: self.at.clone() }, |value| self.bad(value, None))
            );
        };
        let operators = Operator::ALL.into_iter();
        let found = operators.filter_map(|operator| Some((operator, value.text.strip_prefix(operator.as_str())?))).next();
        let (operator, text) = found.unwrap_or((Operator::Equal, &value.text));
        read(text).map(|value| Comparison { operator, value }).ok_or_else(|| self.bad(value, None))
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.values, [value] if value.text.eq_ignore_ascii_case(word))
    }

    fn bad(&self, value: &Value, guess: Option<&'static str>) -> QueryError {
        let kind = QueryErrorKind::BadValue { key: self.key.name, value: value.text.clone(), expected: self.key.expected, guess };
        QueryError { kind, at: value.at.clone() }
    }
}

fn closest(word: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let scored = known.map(|name| (strsim::normalized_damerau_levenshtein(word, name), name));
    let best = scored.filter(|(alike, _)| MIN_ALIKE <= *alike).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
    best.map(|(_, name)| name)
}
