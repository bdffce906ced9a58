//! Reading one file: from its bytes to what engines are shown.

use std::{
    borrow::Cow,
    cell::Cell,
    fs::File,
    io::{self, Cursor, Read, Seek, SeekFrom},
    path::Path,
};

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind, Location};
use gix::ObjectId;

use crate::{
    Content, ContentKind, FileInfo, Interest, Limits,
    archive::{self, Budget, Kind, Source},
    decode, disk,
    git::Repository,
    limits, program,
};

/// How much of a large file is read to see whether it is an archive.
const FIRST_READ_BYTES: usize = 64 << 10;
/// How large a buffer is kept for the thread's next file.
const MAX_KEPT_BUFFER_BYTES: usize = 4 << 20;

thread_local! {
    /// The buffer that this thread's files are read into, one after the other.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// What is needed to show a file and the entries in it.
pub(crate) struct Reading<'a> {
    pub(crate) limits: &'a Limits,
    pub(crate) problems: &'a mut Vec<Diagnostic>,
    wanted: &'a mut dyn FnMut(&FileInfo) -> Interest,
    visit: &'a mut dyn FnMut(&FileInfo, &Content<'_>),
}

impl<'a> Reading<'a> {
    pub(crate) fn new(
        limits: &'a Limits,
        problems: &'a mut Vec<Diagnostic>,
        wanted: &'a mut dyn FnMut(&FileInfo) -> Interest,
        visit: &'a mut dyn FnMut(&FileInfo, &Content<'_>),
    ) -> Self {
        Self { limits, problems, wanted, visit }
    }

    /// Shows a file on disk.
    pub(crate) fn disk(&mut self, info: &FileInfo, root: &Path) {
        let interest = self.interest(info);
        let Some(path) = disk::disk_path(root, info.path.as_bytes()) else {
            return self.report(&info.path, Diagnostic::new(DiagnosticKind::Unreadable, "this system can't open a file of this name"));
        };
        let (mut file, metadata) = match disk::open_regular(&path) {
            Ok(opened) => opened,
            Err(disk::NotOpened::Link) => {
                return self.report(&info.path, Diagnostic::new(DiagnosticKind::LinkNotFollowed, "became a link while it was scanned"));
            }
            Err(disk::NotOpened::Special) => {
                return self.report(&info.path, Diagnostic::new(DiagnosticKind::SpecialFile, "device, socket or pipe: not read"));
            }
            Err(disk::NotOpened::Failed(error)) => return self.unreadable(&info.path, &error),
        };
        let mut buffer = BUFFER.take();
        self.opened(&FileInfo { size_bytes: metadata.len(), ..info.clone() }, &mut file, interest, &mut buffer);
        if buffer.len() <= MAX_KEPT_BUFFER_BYTES {
            BUFFER.set(buffer);
        }
    }

    /// Shows bytes in memory.
    pub(crate) fn memory(&mut self, info: &FileInfo, bytes: &[u8]) {
        let interest = self.interest(info);
        if self.limits.max_file_bytes < info.size_bytes && archive::recognize(bytes).is_none() {
            return self.too_large(&info.path);
        }
        self.whole(info, bytes, interest);
    }

    /// Shows a file in git's database.
    pub(crate) fn blob(&mut self, info: &FileInfo, repository: &Repository, id: ObjectId) {
        let interest = self.interest(info);
        match repository.blob(id, self.limits.max_file_bytes) {
            Ok(Some(bytes)) => self.whole(info, &bytes, interest),
            Ok(None) => self.too_large(&info.path),
            Err(reason) => {
                self.report(&info.path, Diagnostic::new(DiagnosticKind::Unreadable, format!("can't read what is staged: {reason}")));
            }
        }
    }

    /// Asks how much of a file or an entry is wanted.
    pub(crate) fn interest(&mut self, info: &FileInfo) -> Interest {
        (self.wanted)(info)
    }

    /// Shows a file or an entry that was read as far as was wanted.
    pub(crate) fn show(&mut self, info: &FileInfo, content: &Content<'_>) {
        (self.visit)(info, content);
    }

    /// Decodes and shows a file or an entry that is no archive.
    pub(crate) fn show_bytes(&mut self, info: &FileInfo, bytes: &[u8]) {
        let (content, is_lossy) = decode::content(bytes);
        if is_lossy && let ContentKind::Text(encoding) = content.kind {
            let reason = format!("some bytes are no {} and stand as U+FFFD", encoding.as_str());
            self.report(&info.path, Diagnostic::new(DiagnosticKind::Decoding, reason));
        }
        self.show(info, &content);
    }

    /// Reports a problem with a file or an entry as a whole.
    pub(crate) fn report(&mut self, path: &ArtifactPath, diagnostic: Diagnostic) {
        self.problems.push(diagnostic.at(Location::whole(path.clone())));
    }

    pub(crate) fn too_large(&mut self, path: &ArtifactPath) {
        let diagnostic = Diagnostic::new(DiagnosticKind::FileTooLarge, "file is larger than what is read")
            .because_of(limits::named("max-file-bytes", self.limits.max_file_bytes))
            .with_help("exclude it if it is no source code");
        self.report(path, diagnostic);
    }

    fn unreadable(&mut self, path: &ArtifactPath, error: &io::Error) {
        let diagnostic = Diagnostic::new(DiagnosticKind::Unreadable, format!("can't read this file: {error}"))
            .with_help("give read permission, or exclude it");
        self.report(path, diagnostic);
    }

    /// Shows a file that was opened.
    fn opened(&mut self, info: &FileInfo, file: &mut File, interest: Interest, buffer: &mut Vec<u8>) {
        // A first look, at all of a small file.
        let mut is_wanted = Interest::Text <= interest;
        let is_within = info.size_bytes <= self.limits.max_file_bytes;
        let size = usize::try_from(info.size_bytes).unwrap_or(usize::MAX);
        let first = if is_wanted { size.saturating_add(1).min(FIRST_READ_BYTES) } else { archive::HEAD_BYTES };
        let n_read = match fill(file, buffer, 0, first) {
            Ok(n_read) => n_read,
            Err(error) => return self.unreadable(&info.path, &error),
        };
        let head = buffer.get(..n_read).unwrap_or_default();
        let (info, interest) = self.as_program(info, interest, head);
        let info = &*info;
        is_wanted |= Interest::Text <= interest;

        // Archives are streamed, unless somebody wants to see their bytes as well.
        if let Some(kind) = archive::recognize(head)
            && !(interest == Interest::Bytes && is_within)
        {
            if is_wanted {
                self.show(info, &Content::archive(&[]));
            } else if interest == Interest::Path {
                self.show(info, &Content::UNREAD);
            }
            return match file.seek(SeekFrom::Start(0)) {
                Ok(_) => self.archive(info, kind, &mut Source::Seekable(file)),
                Err(error) => self.unreadable(&info.path, &error),
            };
        }
        match interest {
            Interest::None => return,
            Interest::Path => return self.show(info, &Content::UNREAD),
            Interest::Text | Interest::Bytes => {}
        }

        // The rest. A file that grows while it is read may not grow over the limit.
        if !is_within {
            return self.too_large(&info.path);
        }
        let max_bytes = usize::try_from(self.limits.max_file_bytes).unwrap_or(usize::MAX);
        let mut n_read = n_read;
        let mut target = size.saturating_add(1).min(max_bytes.saturating_add(1)).max(n_read);
        loop {
            n_read = match fill(file, buffer, n_read, target) {
                Ok(n_read) => n_read,
                Err(error) => return self.unreadable(&info.path, &error),
            };
            if max_bytes < n_read {
                return self.too_large(&info.path);
            }
            if n_read < target {
                break;
            }
            target = target.saturating_mul(2).min(max_bytes.saturating_add(1));
        }
        let bytes = buffer.get(..n_read).unwrap_or_default();
        let size_bytes = u64::try_from(n_read).unwrap_or(u64::MAX);
        self.whole(&FileInfo { size_bytes, ..info.clone() }, bytes, interest);
    }

    /// Asks once more of a program, now that it is known to be one.
    fn as_program<'i>(&mut self, info: &'i FileInfo, interest: Interest, head: &[u8]) -> (Cow<'i, FileInfo>, Interest) {
        if info.is_program || !program::is_program(head) {
            return (Cow::Borrowed(info), interest);
        }
        let info = FileInfo { is_program: true, ..info.clone() };
        let interest = self.interest(&info);
        (Cow::Owned(info), interest)
    }

    /// Shows a file that was read as a whole.
    fn whole(&mut self, info: &FileInfo, bytes: &[u8], interest: Interest) {
        let (info, interest) = self.as_program(info, interest, bytes);
        let info = &*info;
        if let Some(kind) = archive::recognize(bytes).or_else(|| archive::recognize_by_end(bytes)) {
            match interest {
                Interest::None => {}
                Interest::Path => self.show(info, &Content::UNREAD),
                Interest::Text => self.show(info, &Content::archive(&[])),
                Interest::Bytes => self.show(info, &Content::archive(bytes)),
            }
            return self.archive(info, kind, &mut Source::Seekable(&mut Cursor::new(bytes)));
        }
        match interest {
            Interest::None => {}
            Interest::Path => self.show(info, &Content::UNREAD),
            Interest::Text | Interest::Bytes => self.show_bytes(info, bytes),
        }
    }

    fn archive(&mut self, info: &FileInfo, kind: Kind, source: &mut Source<'_>) {
        let budget = Budget::new(self.limits, info.size_bytes);
        archive::Opening { reading: self, budget: &budget, in_image: None }.archive(kind, &info.path, source, 1);
    }
}

/// Reads into a buffer from one offset up to another, or to the end of the file; gives the offset that was reached.
///
/// The buffer's length only grows, so that its bytes are set to zero once.
pub(crate) fn fill(reader: &mut dyn Read, buffer: &mut Vec<u8>, from: usize, to: usize) -> io::Result<usize> {
    if buffer.len() < to {
        buffer.resize(to, 0);
    }
    let mut filled = from;
    while filled < to {
        let Some(rest) = buffer.get_mut(filled..to) else { break };
        match reader.read(rest) {
            Ok(0) => break,
            Ok(n_read) => filled += n_read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
