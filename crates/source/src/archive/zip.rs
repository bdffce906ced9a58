//! Zip archives, by their central directory. APPNOTE 6.3.10.
//!
//! Every record of the directory is an entry, also where two have the same name. What only the local headers know, and
//! the directory does not, is not looked at.

use std::io::{self, BufReader, Cursor, Read, SeekFrom};

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind};

use super::{Next, Opening, ReadSeek, Source, compressed::decoder, kind::Compression};
use crate::limits;

const END_BYTES: u64 = 22;
const END_MAGIC: &[u8] = b"PK\x05\x06";
const LOCATOR_BYTES: u64 = 20;
const LOCATOR_MAGIC: &[u8] = b"PK\x06\x07";
const LARGE_END_MAGIC: &[u8] = b"PK\x06\x06";
const RECORD_MAGIC: &[u8] = b"PK\x01\x02";
const LOCAL_MAGIC: &[u8] = b"PK\x03\x04";

impl Opening<'_, '_> {
    /// Shows the entries of a zip archive.
    pub(super) fn zip(&mut self, path: &ArtifactPath, source: &mut Source<'_>, depth: usize) {
        match source {
            Source::Seekable(source) => self.zip_directory(path, *source, depth),
            // The directory is at the end.
            Source::Stream(source) => match self.load(path, source) {
                Ok(Some(bytes)) => self.zip_directory(path, &mut Cursor::new(bytes), depth),
                Ok(None) => {}
                Err(error) => {
                    self.broken(path, path, &error);
                }
            },
        }
    }

    fn zip_directory(&mut self, path: &ArtifactPath, source: &mut dyn ReadSeek, depth: usize) {
        let directory = match Directory::find(source, self.reading.limits.max_file_bytes) {
            Ok(directory) => directory,
            Err(Unfound::Broken(error)) => {
                self.broken(path, path, &error);
                return;
            }
            Err(Unfound::TooLarge) => {
                let limit = limits::named("max-file-bytes", self.reading.limits.max_file_bytes);
                let diagnostic = Diagnostic::new(DiagnosticKind::ArchiveLimit, "archive has too large a directory, and was not opened");
                return self.reading.report(path, diagnostic.because_of(limit));
            }
        };
        let mut records = directory.records.as_slice();
        let mut n_entries = 0_u64;
        while let Some((record, rest)) = Record::parse(records) {
            records = rest;
            n_entries += 1;
            if self.count_entry(path) == Next::Stop || self.zip_entry(path, source, &directory, &record, depth) == Next::Stop {
                return;
            }
        }
        // The count is kept modulo 2^16 by programs that don't write large archives.
        if n_entries & 0xffff != directory.n_entries & 0xffff {
            let reason =
                format!("directory of the archive is broken: {} entries were found, {} are promised", n_entries, directory.n_entries);
            self.unreadable(path, &reason);
        }
    }

    fn zip_entry(
        &mut self,
        archive: &ArtifactPath,
        source: &mut dyn ReadSeek,
        directory: &Directory,
        record: &Record<'_>,
        depth: usize,
    ) -> Next {
        let name: Vec<u8> = record.name.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect();
        let is_folder = name.ends_with(b"/") && record.size_bytes == 0;
        if is_folder {
            return Next::Continue;
        }
        if record.is_encrypted() {
            self.unreadable(&archive.entry(&name), "entry is encrypted");
            return Next::Continue;
        }
        let data = match directory.data_offset(source, record) {
            Ok(offset) => offset,
            Err(error) => return self.broken(archive, &archive.entry(&name), &error),
        };
        if let Err(error) = source.seek(SeekFrom::Start(data)) {
            return self.broken(archive, &archive.entry(&name), &error);
        }
        let packed = BufReader::new(source.take(record.packed_bytes));
        let budget = self.budget;
        let max_decoder_bytes = self.reading.limits.max_decoder_bytes;
        // APPNOTE 6.3.10, section 4.4.5.
        let unpacked: Box<dyn Read + '_> = match record.method {
            0 => Box::new(packed),
            8 => Box::new(flate2::bufread::DeflateDecoder::new(packed)),
            12 => decoder(Compression::Bzip2, packed, max_decoder_bytes),
            93 => decoder(Compression::Zstd, packed, max_decoder_bytes),
            95 => decoder(Compression::Xz, packed, max_decoder_bytes),
            method => {
                self.unreadable(&archive.entry(&name), &format!("entry is compressed with method {method}, which is not supported"));
                return Next::Continue;
            }
        };
        let mut reader = budget.metered(unpacked);
        self.entry(archive, &name, record.size_bytes, &mut reader, depth)
    }
}

/// Why there is no directory.
enum Unfound {
    Broken(io::Error),
    TooLarge,
}

impl From<io::Error> for Unfound {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

/// The central directory.
struct Directory {
    records: Vec<u8>,
    n_entries: u64,
    /// What stands before the archive, and is not counted in its offsets.
    n_bytes_before: u64,
}

impl Directory {
    /// Finds and reads the directory.
    fn find(source: &mut dyn ReadSeek, max_bytes: u64) -> Result<Self, Unfound> {
        let length = source.seek(SeekFrom::End(0))?;

        // Its end is within the last 64 KiB, followed by a comment.
        let tail_start = length.saturating_sub(END_BYTES + 0xffff);
        let tail = read_at(source, tail_start, length - tail_start)?;
        let is_end = |&start: &usize| {
            let comment_bytes = tail.get(start..).and_then(|end| u16_at(end, 20)).map(usize::from);
            comment_bytes.is_some_and(|comment_bytes| start + 22 + comment_bytes == tail.len())
        };
        let candidates = || memchr::memmem::rfind_iter(&tail, END_MAGIC);
        let Some(start) = candidates().find(is_end).or_else(|| candidates().next()) else {
            return Err(broken("its directory is missing").into());
        };
        let end = tail.get(start..).unwrap_or_default();
        let mut end_offset = tail_start + u64::try_from(start).unwrap_or(u64::MAX);
        let fields = (u16_at(end, 10), u32_at(end, 12), u32_at(end, 16));
        let (Some(n_entries), Some(size), Some(offset)) = fields else { return Err(broken("its directory is cut").into()) };
        let (mut n_entries, mut size, mut offset) = (u64::from(n_entries), u64::from(size), u64::from(offset));

        // A large archive has a second end, before the first.
        if let Some(large) = Self::large_end(source, end_offset)? {
            (n_entries, size, offset, end_offset) = large;
        }
        if max_bytes < size {
            return Err(Unfound::TooLarge);
        }
        let Some(start) = end_offset.checked_sub(size) else { return Err(broken("its directory is larger than the archive").into()) };
        let records = read_at(source, start, size)?;
        // Offsets count from the archive's start, which need not be that of the file.
        if let Some(n_bytes_before) = start.checked_sub(offset)
            && (records.starts_with(RECORD_MAGIC) || size == 0)
        {
            return Ok(Self { records, n_entries, n_bytes_before });
        }
        let records = read_at(source, offset, size)?;
        if !records.starts_with(RECORD_MAGIC) {
            return Err(broken("its directory is not where it should be").into());
        }
        Ok(Self { records, n_entries, n_bytes_before: 0 })
    }

    /// Number of entries, size and offset of the directory, and the offset of the end itself.
    fn large_end(source: &mut dyn ReadSeek, end_offset: u64) -> io::Result<Option<(u64, u64, u64, u64)>> {
        let Some(locator_offset) = end_offset.checked_sub(LOCATOR_BYTES) else { return Ok(None) };
        let locator = read_at(source, locator_offset, LOCATOR_BYTES)?;
        if !locator.starts_with(LOCATOR_MAGIC) {
            return Ok(None);
        }
        const LARGE_END_BYTES: u64 = 56;
        let stored = u64_at(&locator, 8).unwrap_or(u64::MAX);
        // It is where the locator says, or, if something stands before the archive, directly before the locator.
        for offset in [stored, locator_offset.saturating_sub(LARGE_END_BYTES)] {
            let end = read_at(source, offset, LARGE_END_BYTES).unwrap_or_default();
            if end.starts_with(LARGE_END_MAGIC)
                && let (Some(n_entries), Some(size), Some(directory)) = (u64_at(&end, 32), u64_at(&end, 40), u64_at(&end, 48))
            {
                return Ok(Some((n_entries, size, directory, offset)));
            }
        }
        Ok(None)
    }

    /// Where an entry's data starts.
    fn data_offset(&self, source: &mut dyn ReadSeek, record: &Record<'_>) -> io::Result<u64> {
        const LOCAL_BYTES: u64 = 30;
        let offset = record.offset.saturating_add(self.n_bytes_before);
        let header = read_at(source, offset, LOCAL_BYTES)?;
        let lengths = (u16_at(&header, 26), u16_at(&header, 28));
        let (true, (Some(name_bytes), Some(extra_bytes))) = (header.starts_with(LOCAL_MAGIC), lengths) else {
            return Err(broken("its header is not where it should be"));
        };
        Ok(offset + LOCAL_BYTES + u64::from(name_bytes) + u64::from(extra_bytes))
    }
}

/// A record of the directory.
struct Record<'r> {
    name: &'r [u8],
    flags: u16,
    method: u16,
    packed_bytes: u64,
    size_bytes: u64,
    offset: u64,
}

impl<'r> Record<'r> {
    /// The first record, and what follows it.
    fn parse(records: &'r [u8]) -> Option<(Self, &'r [u8])> {
        const FIXED_BYTES: usize = 46;
        if !records.starts_with(RECORD_MAGIC) {
            return None;
        }
        let (name_bytes, extra_bytes, comment_bytes) = (u16_at(records, 28)?, u16_at(records, 30)?, u16_at(records, 32)?);
        let (name, rest) = records.get(FIXED_BYTES..)?.split_at_checked(usize::from(name_bytes))?;
        let (extra, rest) = rest.split_at_checked(usize::from(extra_bytes))?;
        let mut record = Self {
            name,
            flags: u16_at(records, 8)?,
            method: u16_at(records, 10)?,
            packed_bytes: u64::from(u32_at(records, 20)?),
            size_bytes: u64::from(u32_at(records, 24)?),
            offset: u64::from(u32_at(records, 42)?),
        };
        record.enlarge(extra);
        Some((record, rest.get(usize::from(comment_bytes)..)?))
    }

    /// Takes numbers that don't fit into 32 bits from the extra field. APPNOTE 6.3.10, section 4.5.3.
    fn enlarge(&mut self, mut extra: &[u8]) {
        const LARGE_NUMBERS: u16 = 1;
        const IS_ELSEWHERE: u64 = 0xffff_ffff;
        while let (Some(id), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
            let Some((field, rest)) = extra.get(4..).and_then(|extra| extra.split_at_checked(usize::from(length))) else { return };
            extra = rest;
            if id != LARGE_NUMBERS {
                continue;
            }
            let mut position = 0;
            for number in [&mut self.size_bytes, &mut self.packed_bytes, &mut self.offset] {
                if *number == IS_ELSEWHERE {
                    *number = u64_at(field, position).unwrap_or(*number);
                    position += 8;
                }
            }
        }
    }

    /// Whether the data is encrypted: by the old way, or, with method 99, by AES.
    const fn is_encrypted(&self) -> bool {
        self.flags & 1 != 0 || self.method == 99
    }
}

fn broken(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason.to_owned())
}

/// Reads exactly so many bytes at an offset. The number is within a limit already.
fn read_at(source: &mut dyn ReadSeek, offset: u64, n_bytes: u64) -> io::Result<Vec<u8>> {
    source.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    source.take(n_bytes).read_to_end(&mut bytes)?;
    let is_whole = u64::try_from(bytes.len()) == Ok(n_bytes);
    if is_whole { Ok(bytes) } else { Err(io::Error::new(io::ErrorKind::UnexpectedEof, "archive is cut")) }
}

fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    bytes.get(offset..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    bytes.get(offset..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

fn u64_at(bytes: &[u8], offset: usize) -> Option<u64> {
    bytes.get(offset..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}
