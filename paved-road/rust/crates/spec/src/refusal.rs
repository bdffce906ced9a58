use crate::Reason;

/// Whose fault a refusal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Of a request that a browser, or what pretends to be one, has sent.
    Browser,
    /// Of a client of an API.
    Client,
    /// Of this service's configuration.
    Configuration,
    /// Of a provider's answer.
    Provider,
    /// Of the store.
    Store,
}

/// Something was refused.
///
/// `reason` is a stable code. `detail` is for the audit log, never for a browser, and holds no secret.
///
/// ```
/// use bartizan_paved_spec::{Fault, Reason, Refused};
///
/// let refused = Refused::new(Reason::NonceMismatch);
/// assert_eq!(refused.reason.code(), "nonce-mismatch");
/// assert_eq!(refused.reason.fault(), Fault::Provider);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub reason: Reason,
    /// Which one, where that helps whoever reads the audit log.
    pub detail: Option<String>,
}

impl Refused {
    /// A refusal without details.
    #[must_use]
    pub const fn new(reason: Reason) -> Self {
        Self { reason, detail: None }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.reason.code(), self.reason.meaning())
    }
}

impl std::error::Error for Refused {}

impl From<Reason> for Refused {
    fn from(reason: Reason) -> Self {
        Self::new(reason)
    }
}

/// Refuses.
///
/// # Errors
/// Always.
pub fn refuse<T>(reason: Reason) -> Result<T, Refused> {
    Err(Refused::new(reason))
}

/// Refuses, and says for the audit log what.
///
/// # Errors
/// Always.
pub fn refuse_with<T>(reason: Reason, detail: impl Into<String>) -> Result<T, Refused> {
    Err(Refused { reason, detail: Some(detail.into()) })
}

/// A kind of file, by what it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadKind {
    /// Its media type.
    pub media_type: &'static str,
    /// The extension under which it is kept.
    pub extension: &'static str,
    /// Alternatives; of one, every piece stands at its offset.
    pub magics: &'static [&'static [(usize, &'static [u8])]],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_those_of_the_specification() {
        let file = std::fs::read_to_string(std::env::var("CARGO_MANIFEST_DIR").unwrap() + "/../../../reasons.json").unwrap();
        let text: serde_json::Value = serde_json::from_str(&file).unwrap();
        let known: Vec<_> =
            Reason::ALL.iter().map(|reason| (reason.code(), format!("{:?}", reason.fault()).to_lowercase(), reason.meaning())).collect();
        let written: Vec<_> = text["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["code"].as_str().unwrap(), one["fault"].as_str().unwrap().to_owned(), one["meaning"].as_str().unwrap()))
            .collect();
        assert_eq!(known, written);
    }

    #[test]
    fn limits_are_those_of_the_specification() {
        let file = std::fs::read_to_string(std::env::var("CARGO_MANIFEST_DIR").unwrap() + "/../../../constants.json").unwrap();
        let text: serde_json::Value = serde_json::from_str(&file).unwrap();
        assert_eq!(text["limits"]["token_bytes"], crate::limits::TOKEN_BYTES);
        assert_eq!(text["lifetimes"]["attempt_seconds"].as_f64(), Some(crate::lifetimes::ATTEMPT_SECONDS));
        assert_eq!(text["uploads"]["kinds"].as_object().unwrap().len(), crate::uploads::KINDS.len());
    }
}
