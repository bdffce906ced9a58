//! Tar archives: the old format, POSIX.1-1988 (ustar), POSIX.1-2001 (pax) and GNU.
//!
//! Sparse files are read as they are stored, without their holes. Links, directories and devices hold nothing.

use std::io::{self, Read};

use bartizan_core::ArtifactPath;

use super::{Next, Opening, Source};

const BLOCK_BYTES: usize = 512;
/// The longest name, and the most pax records, that are read.
const MAX_EXTENSION_BYTES: u64 = 1 << 20;

/// Whether a block is the header of an entry: its checksum is right.
pub(super) fn is_header(block: &[u8]) -> bool {
    block.first_chunk::<BLOCK_BYTES>().is_some_and(|block| Header { block }.is_valid())
}

/// The name of the entry whose header a block is.
pub(crate) fn name_of_header(block: &[u8]) -> Option<Vec<u8>> {
    block.first_chunk::<BLOCK_BYTES>().map(|block| Header { block }.name())
}

impl Opening<'_, '_> {
    /// Shows the entries of a tar archive.
    pub(super) fn tar(&mut self, path: &ArtifactPath, source: &mut Source<'_>, depth: usize) {
        let mut blocks = Blocks { source, last_name: Vec::new() };
        loop {
            match self.tar_entry(path, &mut blocks, depth) {
                Ok(Some(Next::Continue)) => {}
                Ok(Some(Next::Stop) | None) => return,
                Err(error) => {
                    let last = if blocks.last_name.is_empty() { path.clone() } else { path.entry(&blocks.last_name) };
                    self.broken(path, &last, &error);
                    return;
                }
            }
        }
    }

    /// Shows the next entry; nothing at the end.
    fn tar_entry(&mut self, path: &ArtifactPath, blocks: &mut Blocks<'_, '_>, depth: usize) -> io::Result<Option<Next>> {
        let Some(entry) = blocks.next_entry()? else { return Ok(None) };
        if self.count_entry(path) == Next::Stop {
            return Ok(Some(Next::Stop));
        }
        blocks.last_name.clone_from(&entry.name);
        let mut data = Data { inner: blocks.source, left: entry.size_bytes };
        let next =
            if entry.kind == EntryKind::File { self.entry(path, &entry.name, entry.size_bytes, &mut data, depth) } else { Next::Continue };
        if next == Next::Continue {
            data.skip()?;
            blocks.skip_padding(entry.size_bytes)?;
        }
        Ok(Some(next))
    }
}

/// An entry, without its data.
pub(crate) struct Entry {
    pub(crate) name: Vec<u8>,
    pub(crate) size_bytes: u64,
    pub(crate) kind: EntryKind,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// A file.
    File,
    /// Another name of a file of the archive, by its path from the root.
    HardLink(Vec<u8>),
    /// A link to a path.
    SymbolicLink(Vec<u8>),
    /// A folder.
    Folder,
    /// A device, a pipe, or something that only one program knows.
    Other,
}

/// The blocks of an archive.
pub(crate) struct Blocks<'b, 's> {
    pub(crate) source: &'b mut Source<'s>,
    /// The entry that was looked at last, for messages.
    pub(crate) last_name: Vec<u8>,
}

impl Blocks<'_, '_> {
    /// Reads headers up to the next entry's data; nothing at the end of the archive.
    pub(crate) fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        let (mut long_name, mut long_link) = (None, None);
        let mut pax = Pax::default();
        let mut is_after_end = false;
        loop {
            let mut block = [0; BLOCK_BYTES];
            match self.read_block(&mut block)? {
                0 => return Ok(None),
                BLOCK_BYTES => {}
                _ if is_after_end => return Ok(None),
                _ => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "archive ends in the middle of a header")),
            }
            // Two empty blocks are the end for most programs, but some write and read further archives after it.
            if block.iter().all(|&byte| byte == 0) {
                is_after_end = true;
                continue;
            }
            let header = Header { block: &block };
            if !header.is_valid() {
                return if is_after_end { Ok(None) } else { Err(io::Error::new(io::ErrorKind::InvalidData, "invalid header")) };
            }
            let size_bytes = header.size_bytes()?;
            match header.type_flag() {
                b'L' => long_name = Some(self.extension(size_bytes)?),
                b'K' => long_link = Some(self.extension(size_bytes)?),
                b'g' => drop(self.extension(size_bytes)?),
                b'x' | b'X' => pax = Pax::parse(&self.extension(size_bytes)?),
                type_flag => {
                    if type_flag == b'S' {
                        self.skip_sparse_map(&block)?;
                    }
                    let name = until_nul(&pax.name.or(long_name).unwrap_or_else(|| header.name())).to_vec();
                    let link = || until_nul(&pax.link.or(long_link).unwrap_or_else(|| header.link())).to_vec();
                    let kind = match type_flag {
                        b'1' => EntryKind::HardLink(link()),
                        b'2' => EntryKind::SymbolicLink(link()),
                        b'5' | b'D' => EntryKind::Folder,
                        b'3' | b'4' | b'6' | b'V' | b'M' | b'N' => EntryKind::Other,
                        _ if name.ends_with(b"/") => EntryKind::Folder,
                        _ => EntryKind::File,
                    };
                    // Links, devices, folders and pipes have no data, whatever their size says.
                    let has_data = !matches!(type_flag, b'1'..=b'6');
                    let size_bytes = if has_data { pax.size_bytes.unwrap_or(size_bytes) } else { 0 };
                    return Ok(Some(Entry { name, size_bytes, kind }));
                }
            }
        }
    }

    /// The data of a header that describes the next one.
    fn extension(&mut self, size_bytes: u64) -> io::Result<Vec<u8>> {
        if MAX_EXTENSION_BYTES < size_bytes {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "extended header is too large"));
        }
        let mut data = Vec::new();
        let mut reader = Data { inner: self.source, left: size_bytes };
        reader.read_to_end(&mut data)?;
        self.skip_padding(size_bytes)?;
        Ok(data)
    }

    /// Old GNU archives continue the map of a sparse file in further blocks.
    fn skip_sparse_map(&mut self, header: &[u8; BLOCK_BYTES]) -> io::Result<()> {
        const IS_EXTENDED_IN_HEADER: usize = 482;
        const IS_EXTENDED: usize = 504;
        let mut is_extended = header.get(IS_EXTENDED_IN_HEADER).is_some_and(|&byte| byte != 0);
        while is_extended {
            let mut block = [0; BLOCK_BYTES];
            self.source.read_exact(&mut block)?;
            is_extended = block.get(IS_EXTENDED).is_some_and(|&byte| byte != 0);
        }
        Ok(())
    }

    pub(crate) fn skip_padding(&mut self, size_bytes: u64) -> io::Result<()> {
        let n_bytes = size_bytes.wrapping_neg() % 512;
        Data { inner: self.source, left: n_bytes }.skip()
    }

    /// Reads a block, or as much as there is.
    fn read_block(&mut self, block: &mut [u8; BLOCK_BYTES]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.source.read(rest) {
                Ok(0) => break,
                Ok(n_read) => filled += n_read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

/// The data of an entry; its end before the promised size is an error.
pub(crate) struct Data<'d, 's> {
    pub(crate) inner: &'d mut Source<'s>,
    pub(crate) left: u64,
}

impl Data<'_, '_> {
    pub(crate) fn skip(&mut self) -> io::Result<()> {
        io::copy(self, &mut io::sink()).map(drop)
    }
}

impl Read for Data<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let Some(buffer) = buffer.get_mut(..wanted).filter(|buffer| !buffer.is_empty()) else { return Ok(0) };
        let n_read = self.inner.read(buffer)?;
        if n_read == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "archive ends in the middle of an entry"));
        }
        self.left -= u64::try_from(n_read).unwrap_or(self.left);
        Ok(n_read)
    }
}

/// The fields of a header. POSIX.1-1988, section 10.1.1.
struct Header<'h> {
    block: &'h [u8; BLOCK_BYTES],
}

impl Header<'_> {
    fn field(&self, start: usize, length: usize) -> &[u8] {
        self.block.get(start..start + length).unwrap_or_default()
    }

    fn is_valid(&self) -> bool {
        const CHECKSUM: std::ops::Range<usize> = 148..156;
        // Some old programs summed signed bytes.
        let (mut unsigned, mut signed) = (0_i64, 0_i64);
        for (index, &byte) in self.block.iter().enumerate() {
            let byte = if CHECKSUM.contains(&index) { b' ' } else { byte };
            unsigned += i64::from(byte);
            signed += i64::from(byte.cast_signed());
        }
        let stored = octal(self.field(CHECKSUM.start, CHECKSUM.len())).and_then(|sum| i64::try_from(sum).ok());
        let has_name = self.block.first().is_some_and(|&byte| byte != 0) || self.field(257, 5) == b"ustar";
        has_name && stored.is_some_and(|stored| stored == unsigned || stored == signed)
    }

    fn type_flag(&self) -> u8 {
        self.block.get(156).copied().unwrap_or_default()
    }

    fn size_bytes(&self) -> io::Result<u64> {
        let field = self.field(124, 12);
        let size = match field.split_first() {
            // GNU and star: a number in base 256, marked by its highest bit.
            Some((0x80, rest)) => match rest.split_at_checked(3) {
                Some(([0, 0, 0], rest)) => rest.first_chunk().map(|bytes| u64::from_be_bytes(*bytes)),
                Some(_) | None => None,
            },
            Some(_) | None => octal(field),
        };
        size.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "invalid size"))
    }

    fn link(&self) -> Vec<u8> {
        until_nul(self.field(157, 100)).to_vec()
    }

    fn name(&self) -> Vec<u8> {
        let name = until_nul(self.field(0, 100));
        let prefix = until_nul(self.field(345, 155));
        // GNU keeps other things where ustar keeps the first part of a long name.
        let is_ustar = self.field(257, 6) == b"ustar\0";
        if is_ustar && !prefix.is_empty() { [prefix, b"/", name].concat() } else { name.to_vec() }
    }
}

/// What an extended header says about the next entry. POSIX.1-2001, pax, "pax Extended Header".
#[derive(Default)]
struct Pax {
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size_bytes: Option<u64>,
}

impl Pax {
    /// Reads records of the form `length key=value\n`; what is none ends the list.
    fn parse(mut data: &[u8]) -> Self {
        let mut pax = Self::default();
        let mut sparse_name = None;
        while let Some((record, rest)) = Self::record(data) {
            data = rest;
            let Some(equals) = record.iter().position(|&byte| byte == b'=') else { continue };
            let (key, value) = record.split_at(equals);
            let value = value.get(1..).unwrap_or_default();
            match key {
                b"path" => pax.name = Some(value.to_vec()),
                b"linkpath" => pax.link = Some(value.to_vec()),
                b"GNU.sparse.name" => sparse_name = Some(value.to_vec()),
                b"size" => pax.size_bytes = std::str::from_utf8(value).ok().and_then(|digits| digits.parse().ok()),
                _ => {}
            }
        }
        pax.name = sparse_name.or(pax.name);
        pax
    }

    fn record(data: &[u8]) -> Option<(&[u8], &[u8])> {
        let space = data.iter().position(|&byte| byte == b' ')?;
        let length: usize = std::str::from_utf8(data.get(..space)?).ok()?.parse().ok()?;
        let record = data.get(space + 1..length)?.strip_suffix(b"\n")?;
        Some((record, data.get(length..)?))
    }
}

fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// A number of octal digits between spaces and NULs.
fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    let digits = text.trim_matches(['\0', ' ']);
    // Not `is_err` for an empty field: some programs leave the size of folders out.
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}
