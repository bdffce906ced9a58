//! NDB, RPM's own database: `lib/backend/ndb/rpmpkg.c` of RPM. Numbers begin with their least part.
//!
//! Slots say where the blob of each package is, in units of 16 bytes; the header of the file takes the room of the first two.

use super::{Headers, MAX_HEADER_BYTES, MAX_PACKAGES};

const MAGIC: &[u8] = b"RpmP";
const SLOT_MAGIC: &[u8] = b"Slot";
const BLOB_MAGIC: &[u8] = b"BlbS";
const SLOT_BYTES: usize = 16;
const BLOB_HEADER_BYTES: usize = 16;
const PAGE_BYTES: usize = 4096;
const BLOCK_BYTES: usize = 16;

/// Reads the headers; nothing if the file is something else.
pub(super) fn read(bytes: &[u8]) -> Option<Headers> {
    bytes.strip_prefix(MAGIC)?;
    let mut headers = Headers::default();
    let Some(n_pages) = number_at(bytes, 12) else {
        headers.problems.push("the database is cut".to_owned());
        return Some(headers);
    };
    let slots = bytes.get(..n_pages.saturating_mul(PAGE_BYTES)).unwrap_or_else(|| {
        headers.problems.push("the database is cut in the middle of its slots".to_owned());
        bytes
    });
    let (mut n_lost, mut n_bytes) = (0_usize, 0_usize);
    for slot in slots.chunks_exact(SLOT_BYTES).skip(2) {
        let number = number_at(slot, 4).unwrap_or_default();
        if !slot.starts_with(SLOT_MAGIC) || number == 0 {
            continue;
        }
        match blob(bytes, slot).filter(|_| headers.blobs.len() < MAX_PACKAGES) {
            // Slots may name one place many times.
            Some(blob) if n_bytes.saturating_add(blob.len()) <= bytes.len() => {
                n_bytes += blob.len();
                headers.blobs.push(blob.to_vec());
            }
            Some(_) | None => n_lost += 1,
        }
    }
    if 0 < n_lost {
        headers.problems.push(format!("{n_lost} packages of the database are not where it says"));
    }
    Some(headers)
}

fn blob<'b>(bytes: &'b [u8], slot: &[u8]) -> Option<&'b [u8]> {
    let offset = number_at(slot, 8)?.checked_mul(BLOCK_BYTES)?;
    let header = bytes.get(offset..offset.checked_add(BLOB_HEADER_BYTES)?)?;
    header.strip_prefix(BLOB_MAGIC)?;
    let length = number_at(header, 12).filter(|&length| length <= MAX_HEADER_BYTES)?;
    bytes.get(offset + BLOB_HEADER_BYTES..)?.get(..length)
}

fn number_at(bytes: &[u8], offset: usize) -> Option<usize> {
    let number = bytes.get(offset..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))?;
    usize::try_from(number).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A database with one page of slots.
    pub(in super::super) fn database(blobs: &[Vec<u8>]) -> Vec<u8> {
        let number = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
        let mut slots = [MAGIC, &number(0), &number(1), &number(1), &[0; 16]].concat();
        let mut content = Vec::new();
        for (index, blob) in blobs.iter().enumerate() {
            let at = (PAGE_BYTES + content.len()) / BLOCK_BYTES;
            slots.extend([SLOT_MAGIC, &number(index + 1), &number(at), &number(blob.len().div_ceil(BLOCK_BYTES) + 2)].concat());
            content.extend([BLOB_MAGIC, &number(index + 1), &number(0), &number(blob.len())].concat());
            content.extend(blob);
            content.resize(content.len().next_multiple_of(BLOCK_BYTES), 0);
        }
        slots.resize(PAGE_BYTES, 0);
        slots.extend(content);
        slots
    }
}
