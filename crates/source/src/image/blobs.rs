//! Where the pieces of an image are: files of a layout, or entries of an archive.

use std::{
    collections::HashMap,
    io::{self, BufReader, Read, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use super::INDEX;
use crate::{
    Limits,
    archive::{Compression, HEAD_BYTES, Kind, Source, compressed::decoder, fill_kept, recognize, tar},
    disk,
};

/// The pieces of an image, by name: `manifest.json`, `blobs/sha256/…`.
pub(super) struct Blobs {
    place: Place,
    max_decoder_bytes: u64,
    size_bytes: u64,
}

enum Place {
    /// A folder.
    Layout(PathBuf),
    /// An archive on disk: where each entry's data is, and how many bytes.
    Archive(PathBuf, HashMap<Vec<u8>, (u64, u64)>),
    /// An archive that is compressed: to get at an entry, all before it is unpacked.
    Compressed(PathBuf, Compression, HashMap<Vec<u8>, (u64, u64)>),
}

impl Blobs {
    /// Finds out what is in an image: lists the entries of an archive.
    pub(super) fn open(path: &Path, limits: &Limits) -> io::Result<Self> {
        let max_decoder_bytes = limits.max_decoder_bytes;
        if path.file_name().is_some_and(|name| name == INDEX) {
            let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
            return Ok(Self { place: Place::Layout(folder), max_decoder_bytes, size_bytes: Limits::MAX_IMAGE_BYTES });
        }
        let (mut file, metadata) = disk::open_regular(path).map_err(refused)?;
        let (mut head, mut n_read) = (Vec::new(), 0);
        fill_kept(&mut file, &mut head, &mut n_read, HEAD_BYTES)?;
        file.seek(SeekFrom::Start(0))?;
        let place = match recognize(head.get(..n_read).unwrap_or_default()) {
            Some(Kind::Compressed(compression)) => {
                let mut unpacked = Counted { inner: decoder(compression, BufReader::new(file), max_decoder_bytes), n_bytes: 0 };
                Place::Compressed(path.to_owned(), compression, list(&mut unpacked, &mut |unpacked, n_bytes| unpacked.skip(n_bytes))?)
            }
            _ => {
                let mut counted = Counted { inner: file, n_bytes: 0 };
                let entries = list(&mut counted, &mut |counted, n_bytes| {
                    counted.n_bytes = counted.n_bytes.checked_add(n_bytes).ok_or(io::ErrorKind::InvalidData)?;
                    counted.inner.seek(SeekFrom::Start(counted.n_bytes)).map(drop)
                })?;
                Place::Archive(path.to_owned(), entries)
            }
        };
        Ok(Self { place, max_decoder_bytes, size_bytes: metadata.len() })
    }

    /// How large the image is, as it is stored.
    pub(super) const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// A small piece as a whole; nothing if there is none of that name.
    pub(super) fn document(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(blob) = self.blob(name)? else { return Ok(None) };
        let mut bytes = Vec::new();
        blob.take(Limits::MAX_IMAGE_DOCUMENT_BYTES + 1).read_to_end(&mut bytes)?;
        if Limits::MAX_IMAGE_DOCUMENT_BYTES < u64::try_from(bytes.len()).unwrap_or(u64::MAX) {
            return Err(io::Error::other(format!(
                "`{name}` is larger than {} bytes (max-image-document-bytes)",
                Limits::MAX_IMAGE_DOCUMENT_BYTES
            )));
        }
        Ok(Some(bytes))
    }

    /// A piece, from its beginning; nothing if there is none of that name.
    pub(super) fn blob(&self, name: &str) -> io::Result<Option<Box<dyn Read>>> {
        match &self.place {
            Place::Layout(folder) => {
                let Some(path) = below(folder, name) else { return Ok(None) };
                match disk::open_regular(&path) {
                    Ok((file, _)) => Ok(Some(Box::new(BufReader::new(file)))),
                    Err(disk::NotOpened::Failed(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(refused(error)),
                }
            }
            Place::Archive(path, entries) => {
                let Some((offset, length)) = entries.get(name.as_bytes()) else { return Ok(None) };
                let (mut file, _) = disk::open_regular(path).map_err(refused)?;
                file.seek(SeekFrom::Start(*offset))?;
                Ok(Some(Box::new(BufReader::new(file.take(*length)))))
            }
            Place::Compressed(path, compression, entries) => {
                let Some((offset, length)) = entries.get(name.as_bytes()) else { return Ok(None) };
                let (file, _) = disk::open_regular(path).map_err(refused)?;
                let mut unpacked = Counted { inner: decoder(*compression, BufReader::new(file), self.max_decoder_bytes), n_bytes: 0 };
                unpacked.skip(*offset)?;
                Ok(Some(Box::new(BufReader::new(unpacked.inner.take(*length)))))
            }
        }
    }
}

/// Where the data of each entry of an archive begins, and how long it is. Of two entries of one name the last counts.
fn list<R: Read>(
    archive: &mut Counted<R>,
    skip: &mut dyn FnMut(&mut Counted<R>, u64) -> io::Result<()>,
) -> io::Result<HashMap<Vec<u8>, (u64, u64)>> {
    const MAX_ENTRIES: usize = 100_000;
    let mut entries = HashMap::new();
    loop {
        let entry = {
            let mut source = Source::Stream(archive);
            tar::Blocks { source: &mut source, last_name: Vec::new() }.next_entry()?
        };
        let Some(entry) = entry else { return Ok(entries) };
        let name = entry.name.strip_prefix(b"./").unwrap_or(&entry.name).to_vec();
        match entry.kind {
            tar::EntryKind::File => drop(entries.insert(name, (archive.n_bytes, entry.size_bytes))),
            // `docker save` links layers that are the same: `../DIGEST/layer.tar`.
            tar::EntryKind::SymbolicLink(target) => {
                let target = target.strip_prefix(b"../").unwrap_or(&target);
                if let Some(place) = entries.get(target).copied() {
                    entries.insert(name, place);
                }
            }
            tar::EntryKind::HardLink(_) | tar::EntryKind::Folder | tar::EntryKind::Other => {}
        }
        if MAX_ENTRIES < entries.len() {
            return Err(io::Error::other("it has more pieces than an image has"));
        }
        let padded = entry.size_bytes.checked_next_multiple_of(512).ok_or(io::ErrorKind::InvalidData)?;
        skip(archive, padded)?;
    }
}

/// A reader that knows where it is.
struct Counted<R> {
    inner: R,
    n_bytes: u64,
}

impl<R: Read> Counted<R> {
    fn skip(&mut self, n_bytes: u64) -> io::Result<()> {
        let skipped = io::copy(&mut self.inner.by_ref().take(n_bytes), &mut io::sink())?;
        self.n_bytes += skipped;
        if skipped == n_bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self.inner.read(buffer)?;
        self.n_bytes += u64::try_from(n_read).unwrap_or(u64::MAX);
        Ok(n_read)
    }
}

/// A path below a folder; nothing if the name could lead elsewhere.
fn below(folder: &Path, name: &str) -> Option<PathBuf> {
    let is_plain = |part: &str| {
        !part.is_empty() && part != "." && part != ".." && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+=".contains(&byte))
    };
    name.split('/').all(is_plain).then(|| name.split('/').fold(folder.to_owned(), |path, part| path.join(part)))
}

fn refused(error: disk::NotOpened) -> io::Error {
    match error {
        disk::NotOpened::Link => io::Error::other("it is a link"),
        disk::NotOpened::Special => io::Error::other("it is no file"),
        disk::NotOpened::Failed(error) => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_the_layout() {
        for name in ["../x", "/etc/passwd", "a/../b", "", "a//b", "a\\b", "."] {
            assert_eq!(below(Path::new("layout"), name), None, "{name}");
        }
        assert_eq!(below(Path::new("layout"), "blobs/sha256/0a"), Some(PathBuf::from("layout/blobs/sha256/0a")));
    }
}
