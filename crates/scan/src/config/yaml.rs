//! From YAML to typed values, with a place for everything that is wrong.

use std::{borrow::Cow, fmt};

use bartizan_core::{ArtifactPath, ByteRange, LineIndex, Location, without_entry};
use serde::de::DeserializeOwned;
use serde_saphyr::{Error, MergeKeyPolicy, Spanned};

use super::spelling;

/// Something wrong with a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The file, as the caller named it.
    pub file: String,
    /// Where in the file.
    pub location: Location,
    /// Line, from 1; 0 if the file as a whole is meant.
    pub line: u32,
    /// Column in characters, from 1; 0 if the file as a whole is meant.
    pub column: u32,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if 0 < self.line {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.message)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, "; {}", self.help) }
    }
}

/// Of values that can't be read so many are said.
const MAX_PROBLEMS: usize = 20;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) location: Location,
}

/// The text of a file, its lines, and the problems found so far.
pub(super) struct Reader<'a> {
    file: &'a str,
    artifact: ArtifactPath,
    text: &'a str,
    lines: LineIndex,
    pub(super) problems: Vec<ConfigProblem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, artifact: ArtifactPath::from(file), text, lines: LineIndex::new(text), problems: Vec::new() }
    }

    /// Reads the whole text as one value; an empty text as the usual one.
    pub(super) fn read<T: DeserializeOwned + Default>(&mut self) -> T {
        // Configuration is written by hand: whatever is larger than this is no configuration, but an attempt.
        let options = serde_saphyr::options! {
            budget: serde_saphyr::budget! {
                max_depth: 16,
                max_documents: 1,
                max_nodes: 200_000,
                max_events: 500_000,
                max_aliases: 100,
                max_anchors: 100,
                max_recorded_anchor_events: 10_000,
                max_recorded_anchor_bytes: 1 << 20,
            },
            merge_keys: MergeKeyPolicy::Error,
            strict_booleans: true,
            with_snippet: false,
        };
        // What can't be read is left out, so that everything that is wrong is said at once.
        let mut text = Cow::Borrowed(self.text);
        for _ in 0..MAX_PROBLEMS {
            let error = match serde_saphyr::from_str_with_options::<Option<T>>(&text, options.clone()) {
                Ok(value) => return value.unwrap_or_default(),
                Err(error) => error,
            };
            self.report_error(&error);
            let line = error.location().and_then(|place| u32::try_from(place.line()).ok());
            let Some((_, rest)) = line.and_then(|line| without_entry(&text, line)) else { break };
            text = Cow::Owned(rest);
        }
        T::default()
    }

    /// Keeps the place of a value.
    pub(super) fn at<T, U>(&self, spanned: &Spanned<T>, value: U) -> At<U> {
        At { value, location: self.location(spanned.referenced) }
    }

    /// Notes what is wrong with a value.
    pub(super) fn report<T>(&mut self, spanned: &Spanned<T>, message: impl Into<String>, help: impl Into<String>) {
        self.push(Some(spanned.referenced), message.into(), help.into());
    }

    fn report_error(&mut self, error: &Error) {
        let (message, help) = explain(error.without_snippet());
        self.push(error.location(), message, help);
    }

    fn push(&mut self, place: Option<serde_saphyr::Location>, message: String, help: String) {
        let location = match place {
            Some(place) => self.location(place),
            None => Location::whole(self.artifact.clone()),
        };
        let (line, column) = location.region().map_or((0, 0), |region| (region.start.line, region.start.column));
        self.problems.push(ConfigProblem { file: self.file.to_owned(), location, line, column, message, help });
    }

    fn location(&self, place: serde_saphyr::Location) -> Location {
        let Ok(line) = u32::try_from(place.line()) else { return Location::whole(self.artifact.clone()) };
        if line == 0 {
            return Location::whole(self.artifact.clone());
        }
        let of_line = self.lines.line_range(self.text, line);
        let offset = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok());
        let start = offset(place.span().byte_offset()).unwrap_or(of_line.start());
        let end = start.saturating_add(offset(place.span().byte_len()).unwrap_or(0)).min(self.text.len());
        // The span of a list or map ends where the next thing starts; its first line is enough to find it.
        let end = if of_line.start() <= start && of_line.end() < end { of_line.end() } else { end };
        Location::within(self.artifact.clone(), ByteRange::new(start, end), self.text, &self.lines)
    }
}

/// What is wrong, and what to do about it.
fn explain(error: &Error) -> (String, String) {
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            (format!("unknown key `{field}`"), spelling::help(field, expected.iter().copied(), "keys"))
        }
        Error::SerdeMissingField { field, .. } => (format!("the key `{field}` is missing"), String::new()),
        Error::SerdeInvalidType { unexpected, expected, .. } | Error::SerdeInvalidValue { unexpected, expected, .. } => {
            (format!("expected {expected}, found {unexpected}"), String::new())
        }
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_ref().map_or(String::new(), |key| format!(" `{key}`"));
            (format!("the key{key} stands here twice"), "keep one of them".to_owned())
        }
        Error::MultipleDocuments { .. } => ("a second document starts here".to_owned(), "keep one document".to_owned()),
        Error::MergeKeyNotAllowed { .. } => ("merge keys (`<<`) are not understood here".to_owned(), "write the keys out".to_owned()),
        Error::AliasError { error, .. } => explain(error),
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => {
            ("the file is nested too deeply, or too large".to_owned(), "configuration needs neither: write it flat and short".to_owned())
        }
        other => (one_line(&other.to_string()), String::new()),
    }
}

/// The first line of a message, without what could move a terminal's cursor.
fn one_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().chars().filter(|character| !character.is_control()).collect()
}
