//! What a program is to its readers: sections with names, and memory that is filled from the file.

use super::{elf, macho, pe};

/// The most sections and segments that one program may have.
pub(super) const MAX_SECTIONS: usize = 65_536;

/// A program, or a library.
pub(super) struct Object<'b> {
    /// Its sections, in order of the file.
    pub(super) sections: Vec<Section<'b>>,
    /// What its memory is filled with.
    pub(super) segments: Vec<Segment<'b>>,
}

/// A named piece.
pub(super) struct Section<'b> {
    /// Its name: `.data`.
    pub(super) name: &'b [u8],
    /// What is in it.
    pub(super) bytes: &'b [u8],
}

/// Memory that is filled from the file.
pub(super) struct Segment<'b> {
    /// The address of its first byte.
    pub(super) address: u64,
    /// What is there.
    pub(super) bytes: &'b [u8],
    /// Whether the program may write to it.
    pub(super) is_writable: bool,
}

impl<'b> Object<'b> {
    /// The section of a name.
    pub(super) fn section(&self, name: &[u8]) -> Option<&'b [u8]> {
        self.sections.iter().find(|section| section.name == name).map(|section| section.bytes)
    }

    /// The memory from an address on.
    pub(super) fn memory(&self, address: u64) -> Option<&'b [u8]> {
        self.segments.iter().find_map(|segment| {
            let offset = usize::try_from(address.checked_sub(segment.address)?).ok()?;
            segment.bytes.get(offset..).filter(|rest| !rest.is_empty())
        })
    }
}

/// The programs in a file: one, or one for each kind of machine.
pub(super) fn objects(bytes: &[u8]) -> Vec<Object<'_>> {
    if bytes.starts_with(b"\x7fELF") {
        return elf::read(bytes).into_iter().collect();
    }
    if bytes.starts_with(b"MZ") {
        return pe::read(bytes).into_iter().collect();
    }
    macho::read(bytes)
}

/// Reads numbers in one order of bytes.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) is_big_endian: bool,
}

impl<'b> Numbers<'b> {
    pub(super) fn u16(self, offset: usize) -> Option<u16> {
        let bytes = *self.bytes.get(offset..)?.first_chunk()?;
        Some(if self.is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    pub(super) fn u32(self, offset: usize) -> Option<u32> {
        let bytes = *self.bytes.get(offset..)?.first_chunk()?;
        Some(if self.is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    pub(super) fn u64(self, offset: usize) -> Option<u64> {
        let bytes = *self.bytes.get(offset..)?.first_chunk()?;
        Some(if self.is_big_endian { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) })
    }

    /// An address: four bytes, or eight.
    pub(super) fn word(self, offset: usize, is_wide: bool) -> Option<u64> {
        if is_wide { self.u64(offset) } else { self.u32(offset).map(u64::from) }
    }

    /// So many bytes from an offset on; fewer where the file ends.
    pub(super) fn piece(self, offset: u64, length: u64) -> Option<&'b [u8]> {
        let rest = self.bytes.get(usize::try_from(offset).ok()?..)?;
        Some(rest.get(..usize::try_from(length).unwrap_or(usize::MAX)).unwrap_or(rest))
    }

    /// The bytes up to a zero.
    pub(super) fn name(self, offset: usize) -> Option<&'b [u8]> {
        self.bytes.get(offset..)?.split(|&byte| byte == 0).next()
    }
}
