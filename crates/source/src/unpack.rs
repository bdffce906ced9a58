//! One file for a reader that wants its bytes, whatever it is packed in.
//!
//! Nothing is written to disk. The limits are those of archives: how many times its own size something may unpack to, how much
//! it may be, and how many entries it may have.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use bartizan_core::ArtifactPath;

use crate::{
    FileInfo, Interest, Limits,
    archive::{Budget, HEAD_BYTES, Kind, Opening, Source, compressed::decoder, recognize},
    disk::{self, NotOpened},
    reading::Reading,
};

/// A file, and how it is packed.
#[derive(Debug)]
pub struct Packed {
    path: PathBuf,
    kind: Option<Kind>,
    limits: Limits,
}

/// An entry of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the archive: a label, never a path to write to.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Packed {
    /// Looks at a file's first bytes. Links are followed, because the caller named the file; nothing but a regular file is opened.
    ///
    /// # Errors
    /// Those of the system.
    pub fn open(path: &Path, limits: Limits) -> io::Result<Self> {
        let path = std::fs::canonicalize(path)?;
        let mut head = Vec::new();
        opened(&path)?.0.take(u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX)).read_to_end(&mut head)?;
        Ok(Self { path, kind: recognize(&head), limits })
    }

    /// Whether it is an archive with entries; what is only compressed is none.
    #[must_use]
    pub fn is_archive(&self) -> bool {
        matches!(self.kind, Some(Kind::Zip | Kind::Tar | Kind::Unsupported(_)))
    }

    /// Its bytes, unpacked if it is compressed.
    ///
    /// # Errors
    /// Those of the system. What is broken or reaches a limit is an error of the reader.
    pub fn reader(&self) -> io::Result<Box<dyn Read + 'static>> {
        let (file, size_bytes) = opened(&self.path)?;
        let Some(Kind::Compressed(compression)) = self.kind else { return Ok(Box::new(file)) };
        let inner = decoder(compression, BufReader::new(file), self.limits.max_decoder_bytes);
        Ok(Box::new(Metered { inner, budget: Budget::new(&self.limits, size_bytes) }))
    }

    /// The entries of an archive, in its order, those of archives within it among them.
    ///
    /// # Errors
    /// Those of the system; what is broken or reaches a limit is one of [`io::ErrorKind::InvalidData`].
    pub fn entries(&self) -> io::Result<Vec<Entry>> {
        let (mut file, size_bytes) = opened(&self.path)?;
        let Some(kind) = self.kind else { return Ok(Vec::new()) };
        let (mut entries, mut problems) = (Vec::new(), Vec::new());
        let name = ArtifactPath::from_bytes(b"");
        let mut wanted = |_: &FileInfo| Interest::Bytes;
        let mut visit = |info: &FileInfo, content: &crate::Content<'_>| {
            entries.push(Entry { name: info.path.to_string(), bytes: content.bytes.to_vec() });
        };
        let mut reading = Reading::new(&self.limits, &mut problems, &mut wanted, &mut visit);
        let budget = Budget::new(&self.limits, size_bytes);
        file.seek(SeekFrom::Start(0))?;
        Opening { reading: &mut reading, budget: &budget, in_image: None }.archive(kind, &name, &mut Source::Seekable(&mut file), 1);
        match problems.into_iter().next() {
            None => Ok(entries),
            Some(problem) => Err(io::Error::new(io::ErrorKind::InvalidData, problem.reason)),
        }
    }
}

/// Takes what is unpacked from a budget of its own.
struct Metered {
    inner: Box<dyn Read>,
    budget: Budget,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.budget.metered(&mut self.inner).read(buffer);
        if self.budget.is_exhausted() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the file unpacks to more than is read"));
        }
        result
    }
}

fn opened(path: &Path) -> io::Result<(File, u64)> {
    match disk::open_regular(path) {
        Ok((file, metadata)) => Ok((file, metadata.len())),
        Err(NotOpened::Failed(error)) => Err(error),
        Err(NotOpened::Link | NotOpened::Special) => Err(io::Error::new(io::ErrorKind::InvalidInput, "this is no regular file")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn packed(bytes: &[u8], limits: Limits) -> (tempfile::TempDir, Packed) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report");
        std::fs::write(&path, bytes).unwrap();
        let packed = Packed::open(&path, limits).unwrap();
        (folder, packed)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(packed: &Packed) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        packed.reader()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn what_is_compressed_is_unpacked_as_often_as_asked() {
        let (_folder, packed) = packed(&gzip(b"{}"), Limits::default());
        assert!(!packed.is_archive());
        assert_eq!((read(&packed).unwrap(), read(&packed).unwrap()), (b"{}".to_vec(), b"{}".to_vec()));
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let limits = Limits { max_archive_bytes: 1 << 20, ..Limits::default() };
        let (_folder, packed) = packed(&gzip(&vec![b' '; 8 << 20]), limits);
        assert_eq!(read(&packed).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn what_is_cut_is_refused() {
        let whole = gzip(&(0..=255).cycle().take(9_000).collect::<Vec<u8>>());
        let (_folder, packed) = packed(whole.get(..whole.len() / 2).unwrap(), Limits::default());
        assert!(read(&packed).is_err());
    }
}
