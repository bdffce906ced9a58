//! PE: <https://learn.microsoft.com/en-us/windows/win32/debug/pe-format>.

use super::object::{Numbers, Object, Section, Segment};

const IS_WRITABLE: u32 = 0x8000_0000;

pub(super) fn read(bytes: &[u8]) -> Option<Object<'_>> {
    let file = Numbers { bytes, is_big_endian: false };
    let at = usize::try_from(file.u32(0x3c)?).ok()?;
    if file.bytes.get(at..at.checked_add(4)?)? != b"PE\0\0" {
        return None;
    }
    let (n_sections, optional_bytes) = (file.u16(at + 6)?, file.u16(at + 20)?);
    let optional = at + 24;
    let base = match file.u16(optional)? {
        0x10b => file.u32(optional + 28)?.into(),
        0x20b => file.u64(optional + 24)?,
        _ => return None,
    };
    let mut object = Object { sections: Vec::new(), segments: Vec::new() };
    let mut at = optional + usize::from(optional_bytes);
    for _ in 0..n_sections {
        let Some(name) = bytes.get(at..at + 8) else { break };
        let name = Numbers { bytes: name, is_big_endian: false }.name(0).unwrap_or_default();
        let Some((address, size, offset, flags)) = fields(file, at) else { break };
        let bytes = file.piece(offset.into(), size.into()).unwrap_or_default();
        object.sections.push(Section { name, bytes });
        let is_writable = flags & IS_WRITABLE != 0;
        object.segments.push(Segment { address: u64::from(address).checked_add(base)?, bytes, is_writable });
        at += 40;
    }
    Some(object)
}

/// Address, size in the file, offset and flags of a section.
fn fields(file: Numbers<'_>, at: usize) -> Option<(u32, u32, u32, u32)> {
    Some((file.u32(at + 12)?, file.u32(at + 16)?, file.u32(at + 20)?, file.u32(at + 36)?))
}
