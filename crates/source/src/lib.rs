//! What there is to look at, and how engines are shown it.
//!
//! This crate alone walks and opens files. [`discover`] lists what an [`Input`] holds; [`SourceFile::open`] reads each
//! file once, decodes it once and looks into archives without unpacking them to disk. Engines implement [`Analyzer`],
//! and every interested engine sees the same [`FileView`].
//!
//! Nothing that is scanned is trusted or executed: version control is read by a library that runs no program, links are
//! not followed, and everything that an attacker sizes has a limit in [`Limits`].

mod analyzer;
mod archive;
mod changes;
mod content;
mod decode;
mod discovery;
mod disk;
pub mod document;
mod error;
mod exclude;
mod file;
mod generated;
mod git;
mod ignore_file;
mod image;
mod input;
mod language;
mod limits;
mod options;
mod program;
mod reading;
mod reporter;
mod source_file;
mod unpack;
mod walk;

pub use analyzer::{Analyzer, FileFacts, Interest, ProjectView};
pub use changes::Changes;
pub use content::{Content, ContentKind, Encoding};
pub use discovery::{Discovery, discover};
pub use error::SourceError;
pub use exclude::DEFAULT_EXCLUDES;
pub use file::{FileInfo, FileView, Image, InImage};
pub use input::Input;
pub use language::Language;
pub use limits::Limits;
pub use options::Options;
pub use reporter::{Confirmed, Notes, Reporter};
pub use source_file::SourceFile;
pub use unpack::{Entry, Packed};
