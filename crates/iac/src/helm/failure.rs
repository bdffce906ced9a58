//! Why a template could not be rendered to its end.

use super::text::FileId;

/// What went wrong, and where.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) message: String,
    /// The file and the byte. The innermost place counts.
    pub(super) at: Option<(FileId, u32)>,
    /// Whether a limit was reached: nothing else is rendered then.
    pub(super) is_limit: bool,
}

/// A value, or why there is none.
pub(super) type Eval<T> = Result<T, Box<Failure>>;

impl Failure {
    /// A limit was reached, which is named.
    pub(super) fn limit(message: String) -> Box<Self> {
        Box::new(Self { message, at: None, is_limit: true })
    }

    /// The same, at a place unless it has one.
    pub(super) fn within(mut self: Box<Self>, file: FileId, at: u32) -> Box<Self> {
        self.at.get_or_insert((file, at));
        self
    }
}

impl From<String> for Box<Failure> {
    fn from(message: String) -> Self {
        Self::new(Failure { message, at: None, is_limit: false })
    }
}

impl From<&str> for Box<Failure> {
    fn from(message: &str) -> Self {
        Self::from(message.to_owned())
    }
}

/// A failure with a message.
pub(super) fn fail<T>(message: impl Into<String>) -> Eval<T> {
    Err(Box::from(message.into()))
}
