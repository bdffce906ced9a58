//! Mach-O, of one machine or of several: `mach-o/loader.h` and `mach-o/fat.h` of Darwin.

use super::object::{MAX_SECTIONS, Numbers, Object, Section, Segment};

/// The most machines that one file is for.
const MAX_MACHINES: u32 = 32;
const SEGMENT: u32 = 1;
const SEGMENT_WIDE: u32 = 0x19;
/// Segments that the program may write to are named so.
const WRITABLE: [&[u8]; 2] = [b"__DATA", b"__DATA_CONST"];

pub(super) fn read(bytes: &[u8]) -> Vec<Object<'_>> {
    let file = Numbers { bytes, is_big_endian: true };
    match file.u32(0) {
        Some(0xcafe_babe) => {
            let machines = (0..file.u32(4).unwrap_or_default().min(MAX_MACHINES)).filter_map(|index| {
                let at = 8 + usize::try_from(index).ok()? * 20;
                let piece = file.piece(file.u32(at + 8)?.into(), file.u32(at + 12)?.into())?;
                one(piece)
            });
            machines.collect()
        }
        _ => one(bytes).into_iter().collect(),
    }
}

fn one(bytes: &[u8]) -> Option<Object<'_>> {
    let magic = Numbers { bytes, is_big_endian: true }.u32(0)?;
    let (is_big_endian, is_wide) = match magic {
        0xfeed_face => (true, false),
        0xfeed_facf => (true, true),
        0xcefa_edfe => (false, false),
        0xcffa_edfe => (false, true),
        _ => return None,
    };
    let file = Numbers { bytes, is_big_endian };
    let mut object = Object { sections: Vec::new(), segments: Vec::new() };
    let mut at = if is_wide { 32 } else { 28 };
    for _ in 0..usize::try_from(file.u32(16)?).unwrap_or(usize::MAX).min(MAX_SECTIONS) {
        let Some((kind, size)) = file.u32(at).zip(file.u32(at + 4)) else { break };
        if kind == SEGMENT || kind == SEGMENT_WIDE {
            let _ = segment(file, at, kind == SEGMENT_WIDE, &mut object);
        }
        let Some(next) = usize::try_from(size).ok().filter(|&size| 8 <= size).and_then(|size| at.checked_add(size)) else { break };
        at = next;
    }
    Some(object)
}

fn segment<'b>(file: Numbers<'b>, at: usize, is_wide: bool, object: &mut Object<'b>) -> Option<()> {
    let step = if is_wide { 8 } else { 4 };
    let name = Numbers { bytes: file.bytes.get(at + 8..at + 24)?, ..file }.name(0)?;
    let address = file.word(at + 24, is_wide)?;
    let (offset, size) = (file.word(at + 24 + 2 * step, is_wide)?, file.word(at + 24 + 3 * step, is_wide)?);
    let bytes = file.piece(offset, size).unwrap_or_default();
    object.segments.push(Segment { address, bytes, is_writable: WRITABLE.contains(&name) });
    let n_sections = file.u32(at + 24 + 4 * step + 8)?;
    let mut at = at + 24 + 4 * step + 16;
    for _ in 0..n_sections {
        let name = Numbers { bytes: file.bytes.get(at..at + 16)?, ..file }.name(0)?;
        let size = file.word(at + 32 + step, is_wide)?;
        let offset = file.u32(at + 32 + 2 * step)?;
        if MAX_SECTIONS <= object.sections.len() {
            return None;
        }
        object.sections.push(Section { name, bytes: file.piece(offset.into(), size).unwrap_or_default() });
        at += if is_wide { 80 } else { 68 };
    }
    Some(())
}
