//! Why a report could not be read.

use std::io;

/// Why a report could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The bytes can't be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// There is nothing in it.
    #[error("the report is empty")]
    Empty,
    /// It is what a server says instead of a report.
    #[error("this is a web page, and no report; was it downloaded without signing in?")]
    WebPage,
    /// It is larger than what is held in memory.
    #[error("the report is larger than {limit_bytes} bytes, and its format can't be read piece by piece")]
    TooLarge {
        /// The limit.
        limit_bytes: u64,
    },
    /// It is not what its first byte promises.
    #[error("{line}:{column}: this is no {format}: {reason}")]
    Syntax {
        /// The name of the format.
        format: &'static str,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// No tool is known that writes such reports.
    #[error("no tool is known that writes such reports ({description}); name it with --tool")]
    Unrecognized {
        /// What it looks like.
        description: String,
    },
    /// A name that no tool has.
    #[error("no tool of the name `{name}` is known")]
    UnknownTool {
        /// The name.
        name: String,
    },
    /// It is of another tool than the one that was named.
    #[error("this is no report of {title}{}", looks_like.map_or(String::new(), |other| format!("; it looks like one of {other}")))]
    OtherTool {
        /// The tool that was named.
        title: &'static str,
        /// What it looks like.
        looks_like: Option<&'static str>,
    },
}

impl ImportError {
    /// An error of a JSON reader.
    pub(super) fn json(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason).to_owned();
        Self::Syntax { format: "JSON", line: error.line().max(1), column: error.column().max(1), reason }
    }
}
