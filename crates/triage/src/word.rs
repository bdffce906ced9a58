//! Values of `core` as the words that people write in policies.

/// `high`, `critical`: lists of severities.
pub(crate) mod severities {
    use bartizan_core::Severity;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(crate) fn serialize<S: Serializer>(severities: &[Severity], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(severities.iter().map(|severity| severity.as_str()))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Severity>, D::Error> {
        let words = Vec::<String>::deserialize(deserializer)?;
        words.iter().map(|word| word.parse().map_err(D::Error::custom)).collect()
    }
}
