//! Reports of other tools, as observations.
//!
//! [`import`] recognises a report by its content, never by its name, and hands over what it says, one [`Observation`] after the
//! other, so that a report may be larger than memory (SARIF is read so; other formats are held whole, up to [`MAX_TREE_BYTES`]).
//! One module a tool, listed in [`IMPORTERS`]. What is deliberately absent: whether an observation is new, whom it concerns, and
//! whether it is right; and values of secrets, which are not copied from reports that carry them.
//!
//! ```
//! use bartizan_formats::import::{self, Place};
//! let report = br#"{"version": "1.0.0", "errors": [], "results": [{"check_id": "eval", "path": "./app.py",
//!     "start": {"line": 3, "col": 1}, "end": {"line": 3, "col": 9}, "extra": {"message": "no eval", "severity": "ERROR"}}]}"#;
//! let mut found = Vec::new();
//! let summary = import::import(&report.as_slice(), None, &mut |observation| found.push(observation))?;
//! assert_eq!((summary.importer, found[0].rule.as_str()), ("semgrep", "eval"));
//! assert!(matches!(&found[0].place, Place::File(file) if file.path == "app.py" && file.line == Some(3)));
//! # Ok::<(), import::ImportError>(())
//! ```

mod csv;
mod error;
mod flat;
mod html;
mod identifier;
mod importer;
mod json;
mod node;
mod observation;
mod path;
mod severity;
mod shape;
mod sink;
mod text;
mod tool;
mod write;
mod xml;

use std::io::{self, Read};

pub use self::{
    error::ImportError,
    importer::{Importer, Mark},
    observation::{Component, Endpoint, FilePlace, Fingerprint, Host, Observation, Place, Resource, Score, Step, Verdict},
    sink::{Completion, Summary},
    tool::IMPORTERS,
    write::{OPEN, write_end, write_observation},
};
use self::{
    importer::Reading,
    node::Node,
    shape::{Kind, Shape},
    sink::Sink,
};

/// The largest report that is held in memory as a whole, in bytes.
pub const MAX_TREE_BYTES: u64 = 512 << 20;

/// How much of a report is looked at first to recognise it, in bytes.
const HEAD_BYTES: u64 = 256 << 10;

/// Where the bytes of a report come from. They are read more than once.
pub trait Input {
    /// Starts reading.
    ///
    /// # Errors
    /// Those of the system.
    fn open(&self) -> io::Result<Box<dyn Read + '_>>;
}

impl Input for &[u8] {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(*self))
    }
}

/// Reads a report: that of a tool, by one of its names, or of the tool that it looks like.
///
/// # Errors
/// The report can't be read, is of no tool that is known, or not of the one that was named. Of a report that is broken somewhere,
/// observations may have been handed over already.
pub fn import(input: &dyn Input, tool: Option<&str>, push: &mut dyn FnMut(Observation)) -> Result<Summary, ImportError> {
    let named = tool.map(|name| importer(name).ok_or_else(|| ImportError::UnknownTool { name: name.to_owned() })).transpose()?;
    let shape = shape(input, named)?;
    let importer = match named {
        Some(importer) => importer,
        None => recognize(&shape).ok_or_else(|| shape.unrecognized())?,
    };
    // Many tools write SARIF besides a format of their own.
    let importer = if importer.score(&shape).is_none() && tool::SARIF.score(&shape).is_some() { tool::SARIF } else { importer };
    let is_alike = importer.score(&shape).is_some();
    if shape.kind == Kind::Page && !is_alike {
        return Err(ImportError::WebPage);
    }
    let mut sink = Sink::new(importer, push);
    match importer.read {
        Reading::Stream(read) => read(input, &mut sink)?,
        Reading::Flat(shapes) => {
            let root = tree(input, &shape)?;
            shapes.iter().for_each(|flat| flat.read(&root, &mut sink));
        }
        Reading::Tree(read) => read(&tree(input, &shape)?, &mut sink),
        Reading::Text(read) => read(&text::whole(input)?, &mut sink)?,
    }
    let summary = sink.finish();
    let may_be_empty = is_alike || shape.is_void() || shape.kind == Kind::Empty && importer.writes_lines;
    if summary.n_observations == 0 && !may_be_empty {
        return Err(ImportError::OtherTool { title: importer.title, looks_like: recognize(&shape).map(|importer| importer.title) });
    }
    Ok(summary)
}

/// What reads a report: the tool that was named, if it looks like one of its, or the one that it looks like.
///
/// # Errors
/// Those of the input, and a name that no tool has.
pub fn recognized(input: &dyn Input, tool: Option<&str>) -> Result<Option<&'static Importer>, ImportError> {
    let named = tool.map(|name| importer(name).ok_or_else(|| ImportError::UnknownTool { name: name.to_owned() })).transpose()?;
    let shape = shape(input, named)?;
    Ok(named.map_or_else(|| recognize(&shape), |importer| importer.score(&shape).map(|_| importer)))
}

/// The importer of this name.
#[must_use]
pub fn importer(name: &str) -> Option<&'static Importer> {
    let is_it = |importer: &&&'static Importer| importer.id.eq_ignore_ascii_case(name);
    let is_alias = |importer: &&&'static Importer| importer.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name));
    IMPORTERS.iter().find(is_it).or_else(|| IMPORTERS.iter().find(is_alias)).copied()
}

/// What a report looks like: its first bytes tell, or all of them where what tells comes late.
fn shape(input: &dyn Input, named: Option<&'static Importer>) -> Result<Shape, ImportError> {
    let mut head = Vec::new();
    input.open()?.take(HEAD_BYTES).read_to_end(&mut head)?;
    let is_whole = u64::try_from(head.len()).unwrap_or(u64::MAX) < HEAD_BYTES;
    let shape = Shape::of(&head);
    let is_recognized = named.map_or_else(|| recognize(&shape), |importer| importer.score(&shape).map(|_| importer)).is_some();
    if is_whole || is_recognized || shape.kind != Kind::Json {
        return Ok(shape);
    }
    Ok(Shape::of_json(text::reader(input)?))
}

fn recognize(shape: &Shape) -> Option<&'static Importer> {
    // Of several the one that knows most of it; of equals the first.
    let scored = IMPORTERS.iter().rev().filter_map(|importer| Some((importer.score(shape)?, *importer)));
    scored.max_by_key(|(score, _)| *score).map(|(_, importer)| importer)
}

fn tree(input: &dyn Input, shape: &Shape) -> Result<Node, ImportError> {
    let text = text::whole(input)?;
    match shape.kind {
        Kind::Json => json::parse(&text),
        Kind::Xml => xml::parse(&text),
        Kind::Page => Ok(html::parse(&text)),
        Kind::Empty => Ok(Node::Null),
        Kind::Text => csv::parse(&text),
    }
}
