//! Looking into archives, without unpacking anything to disk.
//!
//! An archive is recognized by its content, whatever its name. Entries are streamed: what nobody wants is skipped, and
//! only an entry that somebody wants, or a nested archive that can't be streamed, is held in memory. Names of entries
//! are labels and nothing else. All limits of one archive of the tree hold for everything nested in it together.

mod budget;
pub(crate) mod compressed;
mod kind;
pub(crate) mod tar;
mod zip;

use std::io::{self, Cursor, Read, Seek};

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind};

pub(crate) use budget::Budget;
pub(crate) use kind::{Compression, HEAD_BYTES, Kind, recognize, recognize_by_end};

use crate::{Content, FileInfo, InImage, Interest, Limits, limits, program, reading::Reading};

/// Something that can be read at any offset.
pub(crate) trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// Where an archive's bytes come from.
pub(crate) enum Source<'s> {
    /// From a file or memory.
    Seekable(&'s mut dyn ReadSeek),
    /// From an archive that it is in.
    Stream(&'s mut dyn Read),
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Seekable(source) => source.read(buffer),
            Self::Stream(source) => source.read(buffer),
        }
    }
}

/// Whether to go on with an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Yes.
    Continue,
    /// No: a limit of the whole was reached, and it was reported.
    Stop,
}

/// Looking into one archive of the tree and everything nested in it.
pub(crate) struct Opening<'o, 'a> {
    pub(crate) reading: &'o mut Reading<'a>,
    pub(crate) budget: &'o Budget,
    /// Where in an image the entries are.
    pub(crate) in_image: Option<InImage>,
}

impl Opening<'_, '_> {
    /// Shows the entries of an archive; `depth` is 1 for an archive of the tree.
    pub(crate) fn archive(&mut self, kind: Kind, path: &ArtifactPath, source: &mut Source<'_>, depth: usize) {
        if self.reading.limits.max_archive_depth < depth {
            let limit = limits::named("max-archive-depth", self.reading.limits.max_archive_depth);
            let diagnostic =
                Diagnostic::new(DiagnosticKind::ArchiveLimit, "archive is nested too deeply, and was not opened").because_of(limit);
            return self.reading.report(path, diagnostic);
        }
        match kind {
            Kind::Zip => self.zip(path, source, depth),
            Kind::Tar => self.tar(path, source, depth),
            Kind::Compressed(compression) => self.compressed(compression, path, source, depth),
            Kind::Unsupported(name) => {
                let diagnostic = Diagnostic::new(DiagnosticKind::ArchiveUnreadable, format!("{name} archives can't be opened yet"))
                    .with_help("unpack it, and scan what it holds");
                self.reading.report(path, diagnostic);
            }
        }
    }

    /// Counts an entry; reports if it is one too many.
    pub(crate) fn count_entry(&mut self, archive: &ArtifactPath) -> Next {
        if self.budget.take_entry() { Next::Continue } else { self.limit_reached(archive) }
    }

    /// Shows an entry and, if it is an archive, its entries.
    pub(crate) fn entry(&mut self, archive: &ArtifactPath, name: &[u8], size_bytes: u64, reader: &mut dyn Read, depth: usize) -> Next {
        let name = name.get(..Limits::MAX_ENTRY_NAME_BYTES).unwrap_or(name);
        let mut info = FileInfo { in_image: self.in_image.clone(), ..FileInfo::new(archive.entry(name), size_bytes) };
        let mut interest = self.reading.interest(&info);

        // A first look at every entry: it may be an archive.
        let (mut bytes, mut n_read) = (Vec::new(), 0);
        let mut problem = fill_kept(reader, &mut bytes, &mut n_read, HEAD_BYTES).err();
        let head = bytes.get(..n_read).unwrap_or_default();
        if let (Some(kind), None) = (recognize(head), &problem) {
            let mut whole = Cursor::new(head).chain(reader);
            return self.nested(&info, interest, kind, &mut whole, depth);
        }
        if let (Some(error), 0) = (&problem, n_read) {
            return self.broken(archive, &info.path, error);
        }
        if program::is_program(head) {
            info.is_program = true;
            interest = self.reading.interest(&info);
        }
        match interest {
            Interest::None => return Next::Continue,
            Interest::Path => {
                self.reading.show(&info, &Content::UNREAD);
                return Next::Continue;
            }
            Interest::Text | Interest::Bytes => {}
        }

        // The rest. Stored sizes are claims: memory is taken as bytes arrive.
        let max_bytes = usize::try_from(self.reading.limits.max_file_bytes).unwrap_or(usize::MAX);
        if self.reading.limits.max_file_bytes < size_bytes {
            self.reading.too_large(&info.path);
            return Next::Continue;
        }
        // Room that nobody writes to is none that is taken.
        bytes.reserve_exact(usize::try_from(size_bytes).unwrap_or_default());
        let mut target = HEAD_BYTES;
        while n_read == target && problem.is_none() {
            if max_bytes < n_read {
                self.reading.too_large(&info.path);
                return Next::Continue;
            }
            // A claim that may be true keeps from taking twice as much as there is.
            let claimed = usize::try_from(size_bytes).unwrap_or(usize::MAX).saturating_add(1);
            let doubled = target.saturating_mul(2).min(max_bytes.saturating_add(1));
            target = if n_read < claimed { doubled.min(claimed) } else { doubled };
            problem = fill_kept(reader, &mut bytes, &mut n_read, target).err();
        }
        let bytes = bytes.get(..n_read).unwrap_or_default();
        let info = FileInfo { size_bytes: u64::try_from(n_read).unwrap_or(u64::MAX), ..info };
        // What could be read of a broken entry is looked at too.
        self.reading.show_bytes(&info, bytes);
        problem.map_or(Next::Continue, |error| self.broken(archive, &info.path, &error))
    }

    /// Shows an entry that is an archive, and its entries.
    fn nested(&mut self, info: &FileInfo, interest: Interest, kind: Kind, reader: &mut dyn Read, depth: usize) -> Next {
        match interest {
            Interest::None => {}
            Interest::Path => self.reading.show(info, &Content::UNREAD),
            Interest::Text => self.reading.show(info, &Content::archive(&[])),
            Interest::Bytes => {
                // Somebody wants the bytes: hold all of them.
                return match self.load(&info.path, reader) {
                    Ok(Some(bytes)) => {
                        self.reading.show(info, &Content::archive(&bytes));
                        self.archive(kind, &info.path, &mut Source::Seekable(&mut Cursor::new(bytes)), depth + 1);
                        self.next()
                    }
                    Ok(None) => Next::Continue,
                    Err(error) => self.broken(&info.path, &info.path, &error),
                };
            }
        }
        self.archive(kind, &info.path, &mut Source::Stream(reader), depth + 1);
        self.next()
    }

    /// Reads a nested archive into memory; nothing, and a report, if it is too large.
    fn load(&mut self, path: &ArtifactPath, reader: &mut dyn Read) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        let max_bytes = self.reading.limits.max_file_bytes;
        reader.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
        if max_bytes < u64::try_from(bytes.len()).unwrap_or(u64::MAX) {
            self.reading.too_large(path);
            return Ok(None);
        }
        Ok(Some(bytes))
    }

    /// Reports an entry, or an archive, that can't be read to its end: a limit was reached, or it is broken.
    pub(crate) fn broken(&mut self, archive: &ArtifactPath, path: &ArtifactPath, error: &io::Error) -> Next {
        if self.budget.is_exhausted() {
            return self.limit_reached(archive);
        }
        self.unreadable(path, &format!("can't be read to its end: {error}"));
        Next::Continue
    }

    fn unreadable(&mut self, path: &ArtifactPath, reason: &str) {
        let reason: String = reason.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
        self.reading.report(path, Diagnostic::new(DiagnosticKind::ArchiveUnreadable, reason));
    }

    /// Reports, once, that a limit of the whole was reached.
    fn limit_reached(&mut self, archive: &ArtifactPath) -> Next {
        if let Some((reason, limit)) = self.budget.report() {
            let diagnostic = Diagnostic::new(DiagnosticKind::ArchiveLimit, reason).because_of(limit);
            self.reading.report(archive, diagnostic.with_help("unpack it and scan what it holds, or exclude it"));
        }
        Next::Stop
    }

    fn next(&self) -> Next {
        if self.budget.is_exhausted() { Next::Stop } else { Next::Continue }
    }
}

/// Reads on, from an offset up to another or to the end; keeps count of what was read before an error.
pub(crate) fn fill_kept(reader: &mut dyn Read, buffer: &mut Vec<u8>, filled: &mut usize, to: usize) -> io::Result<()> {
    buffer.resize(to, 0);
    while *filled < to {
        let Some(rest) = buffer.get_mut(*filled..to) else { break };
        match reader.read(rest) {
            Ok(0) => break,
            Ok(n_read) => *filled += n_read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
