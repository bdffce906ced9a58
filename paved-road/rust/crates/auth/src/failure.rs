use bartizan_paved_spec::{Reason, Refused};

/// What went wrong in a store, in its own words. It is for the service's log.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// Why something was not done.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// It was refused.
    Refused(Refused),
    /// The store could not be asked.
    Store(StoreError),
}

impl Failure {
    /// The reason of a refusal.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Refused(refused) => Some(refused.reason),
            Self::Store(_) => None,
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refused) => refused.fmt(out),
            Self::Store(error) => write!(out, "the store failed: {error}"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason.into())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
