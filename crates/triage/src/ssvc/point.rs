//! Decision points as CERT/CC publishes them: JSON, whose values are in an order that means something.

use serde::Deserialize;

use super::{DecisionPoint, MAX_BYTES};

/// The most values of a decision point.
const MAX_VALUES: usize = 1_000;

/// Why bytes are no decision point.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecisionPointError {
    /// Too many bytes or values.
    #[error("the decision point is too large: at most {MAX_BYTES} bytes and {MAX_VALUES} values")]
    TooLarge,
    /// Not such an object.
    #[error("this is no decision point: {0}")]
    Json(String),
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    namespace: Option<String>,
    version: String,
    name: String,
    values: Vec<WireValue>,
}

#[derive(Deserialize)]
struct WireValue {
    name: String,
}

impl DecisionPoint {
    /// Reads a file of <https://github.com/CERTCC/SSVC/tree/main/data/json/decision_points>, of schema version 2.
    ///
    /// ```
    /// use bartizan_triage::ssvc::DecisionPoint;
    /// let json = br#"{"namespace": "ssvc", "version": "1.0.0", "name": "Speed", "values": [{"name": "Slow"}, {"name": "Fast"}]}"#;
    /// let point = DecisionPoint::parse(json)?;
    /// assert_eq!((point.label().as_str(), &point.values[..]), ("Speed v1.0.0", &["slow".to_owned(), "fast".to_owned()][..]));
    /// # Ok::<(), bartizan_triage::ssvc::DecisionPointError>(())
    /// ```
    ///
    /// # Errors
    /// When the bytes are something else, or too many.
    pub fn parse(bytes: &[u8]) -> Result<Self, DecisionPointError> {
        if MAX_BYTES < bytes.len() {
            return Err(DecisionPointError::TooLarge);
        }
        let wire: Wire = serde_json::from_slice(bytes).map_err(|error| DecisionPointError::Json(error.to_string()))?;
        if MAX_VALUES < wire.values.len() {
            return Err(DecisionPointError::TooLarge);
        }
        Ok(Self {
            name: wire.name,
            version: wire.version,
            // What SSVC itself defines has no namespace in tables.
            namespace: wire.namespace.filter(|namespace| namespace != "ssvc"),
            values: wire.values.into_iter().map(|value| value.name.to_lowercase()).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ssvc::{Facts, Table, TableError};

    #[test]
    fn a_point_puts_the_outcomes_of_its_table_in_order() {
        let point = DecisionPoint::parse(
            br#"{"namespace": "acme", "key": "D", "version": "1.0.0", "name": "Delay", "schemaVersion": "2.0.0",
                "values": [{"key": "L", "name": "Later"}, {"key": "S", "name": "Soon"}, {"key": "N", "name": "Now"}]}"#,
        )
        .unwrap();
        let table = Table::parse(b"row,Noise,Delay v1.0.0 (acme)\n0,loud,now\n1,low,soon\n2,none,later\n").unwrap();
        assert_eq!(point.label(), table.outcome().label());
        let ordered = table.clone().with_outcomes_of(&point).unwrap();
        assert_eq!(ordered.decide(&Facts::default()).unwrap_err().possible, ["later", "soon", "now"]);
        let other = DecisionPoint { name: "Other".to_owned(), ..point };
        assert_eq!(table.with_outcomes_of(&other), Err(TableError::Order));
    }

    #[test]
    fn what_is_no_point_says_why() {
        let error = DecisionPoint::parse(b"{\"name\": \"x\"}").unwrap_err();
        assert_eq!(error.to_string(), "this is no decision point: missing field `version` at line 1 column 13");
        assert_eq!(DecisionPoint::parse(&vec![b' '; MAX_BYTES + 1]), Err(DecisionPointError::TooLarge));
    }
}
