//! What there is to look at, and how engines are shown it.
//!
//! This crate alone walks and opens files. Engines implement [`Analyzer`]; each file is read, decoded and indexed once,
//! and every interested engine sees the same [`FileView`].

mod analyzer;
mod file;
mod language;
mod reporter;

pub use analyzer::{Analyzer, Interest, ProjectView};
pub use file::{FileInfo, FileView};
pub use language::Language;
pub use reporter::Reporter;
