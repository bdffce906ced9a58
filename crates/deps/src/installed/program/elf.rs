//! ELF: <https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html>.

use super::object::{MAX_SECTIONS, Numbers, Object, Section, Segment};

const IS_LOADED: u32 = 1;
const IS_WRITABLE: u32 = 2;
/// A section that takes no room in the file.
const NO_BITS: u32 = 8;

pub(super) fn read(bytes: &[u8]) -> Option<Object<'_>> {
    let is_wide = *bytes.get(4)? == 2;
    let is_big_endian = *bytes.get(5)? == 2;
    let file = Numbers { bytes, is_big_endian };
    let (segments_at, sections_at) = if is_wide { (file.u64(32)?, file.u64(40)?) } else { (file.u32(28)?.into(), file.u32(32)?.into()) };
    let counts = if is_wide { 54 } else { 42 };
    let (segment_bytes, n_segments) = (file.u16(counts)?, file.u16(counts + 2)?);
    let (section_bytes, n_sections, names) = (file.u16(counts + 4)?, file.u16(counts + 6)?, file.u16(counts + 8)?);
    let mut object = Object { sections: Vec::new(), segments: Vec::new() };
    for index in 0..usize::from(n_segments) {
        let Some(at) = place(segments_at, index, segment_bytes) else { break };
        let Some(segment) = segment(file, at, is_wide) else { break };
        object.segments.extend(segment);
    }
    let header = |index: usize| section(file, place(sections_at, index, section_bytes)?, is_wide);
    let names = header(usize::from(names)).map(|(_, bytes)| Numbers { bytes, is_big_endian });
    for index in 0..usize::from(n_sections).min(MAX_SECTIONS) {
        let Some((name, bytes)) = header(index) else { break };
        let name = names.and_then(|names| names.name(usize::try_from(name).ok()?)).unwrap_or_default();
        object.sections.push(Section { name, bytes });
    }
    Some(object)
}

fn place(start: u64, index: usize, size: u16) -> Option<usize> {
    usize::try_from(start).ok()?.checked_add(index.checked_mul(usize::from(size))?)
}

/// A segment, if it is loaded; nothing where the file ends.
fn segment(file: Numbers<'_>, at: usize, is_wide: bool) -> Option<Option<Segment<'_>>> {
    let kind = file.u32(at)?;
    let flags = file.u32(if is_wide { at + 4 } else { at + 24 })?;
    let (offset, address, size) = match is_wide {
        true => (file.u64(at + 8)?, file.u64(at + 16)?, file.u64(at + 32)?),
        false => (file.u32(at + 4)?.into(), file.u32(at + 8)?.into(), file.u32(at + 16)?.into()),
    };
    let bytes = file.piece(offset, size).unwrap_or_default();
    Some((kind == IS_LOADED).then_some(Segment { address, bytes, is_writable: flags & IS_WRITABLE != 0 }))
}

/// The place of a section's name, and its bytes; nothing where the file ends.
fn section(file: Numbers<'_>, at: usize, is_wide: bool) -> Option<(u32, &[u8])> {
    let (name, kind) = (file.u32(at)?, file.u32(at + 4)?);
    let (offset, size) = match is_wide {
        true => (file.u64(at + 24)?, file.u64(at + 32)?),
        false => (file.u32(at + 16)?.into(), file.u32(at + 20)?.into()),
    };
    let bytes = if kind == NO_BITS { &[] } else { file.piece(offset, size).unwrap_or_default() };
    Some((name, bytes))
}
