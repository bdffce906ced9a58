//! A hash of Berkeley DB, which RPM used until 2020: `src/dbinc/db_page.h` and `hash.h` of Berkeley DB 5.3.
//!
//! Every page is looked at, in order; the buckets don't matter, since all values are wanted.

use std::collections::HashSet;

use super::{Headers, MAX_HEADER_BYTES, MAX_PACKAGES};

const HASH_MAGIC: u32 = 0x0006_1561;
const PAGE_HEADER_BYTES: usize = 26;
/// Pages of a hash; the first kind was not sorted.
const HASH_PAGES: [u8; 2] = [2, 13];
const OVERFLOW_PAGE: u8 = 7;
/// A value that stands in the page, and one that has pages of its own.
const IN_PAGE: u8 = 1;
const ELSEWHERE: u8 = 3;

/// Reads the headers; nothing if the file is something else.
pub(super) fn read(bytes: &[u8]) -> Option<Headers> {
    let file = [false, true].into_iter().map(|is_big_endian| File { bytes, page_bytes: 0, is_big_endian });
    let file = file.into_iter().find(|file| file.u32(bytes, 12) == Some(HASH_MAGIC))?;
    let mut headers = Headers::default();
    let page_bytes = file.u32(bytes, 20).and_then(|page_bytes| usize::try_from(page_bytes).ok());
    let Some(page_bytes) = page_bytes.filter(|page_bytes| (512..=65_536).contains(page_bytes)) else {
        headers.problems.push("the pages of the database have no size that pages have".to_owned());
        return Some(headers);
    };
    let file = File { page_bytes, ..file };
    let last = file.u32(bytes, 32).unwrap_or_default();
    let mut n_lost = 0_usize;
    // Values may be no more than there is, all together.
    let mut left = bytes.len();
    for page in bytes.chunks_exact(page_bytes).skip(1).filter(|page| page.get(25).is_some_and(|kind| HASH_PAGES.contains(kind))) {
        let n_entries = usize::from(file.u16(page, 20).unwrap_or_default());
        // A key, its value, a key …
        for index in (1..n_entries).step_by(2) {
            match file.value(page, index, &mut left) {
                Some(Some(value)) if headers.blobs.len() < MAX_PACKAGES => headers.blobs.push(value),
                Some(None) => {}
                Some(Some(_)) | None => n_lost += 1,
            }
        }
    }
    if bytes.len() / page_bytes <= usize::try_from(last).unwrap_or(usize::MAX) {
        headers.problems.push("the database is cut".to_owned());
    }
    if 0 < n_lost {
        headers.problems.push(format!("{n_lost} packages of the database are not where it says"));
    }
    Some(headers)
}

#[derive(Clone, Copy)]
struct File<'b> {
    bytes: &'b [u8],
    page_bytes: usize,
    is_big_endian: bool,
}

impl File<'_> {
    /// A value of a page. One that is too short for a package, such as the number of the next one, is left out.
    fn value(&self, page: &[u8], index: usize, left: &mut usize) -> Option<Option<Vec<u8>>> {
        let offset = usize::from(self.u16(page, PAGE_HEADER_BYTES + 2 * index)?);
        match *page.get(offset)? {
            // Items are written from the end of the page: one ends where the one before begins.
            IN_PAGE => {
                let end = usize::from(self.u16(page, PAGE_HEADER_BYTES + 2 * (index - 1))?);
                let value = page.get(offset + 1..end)?;
                Some((16 < value.len()).then(|| value.to_vec()))
            }
            ELSEWHERE => {
                let (first, length) = (self.u32(page, offset + 4)?, self.u32(page, offset + 8)?);
                let length = usize::try_from(length).ok().filter(|&length| length <= MAX_HEADER_BYTES)?;
                *left = left.checked_sub(length)?;
                self.overflow(first, length).map(Some)
            }
            _ => None,
        }
    }

    /// A value that has pages of its own.
    fn overflow(&self, first: u32, length: usize) -> Option<Vec<u8>> {
        let mut value = Vec::new();
        let mut next = first;
        let mut seen = HashSet::new();
        while value.len() < length {
            let start = usize::try_from(next).ok()?.checked_mul(self.page_bytes)?;
            let page = self.bytes.get(start..start.checked_add(self.page_bytes)?)?;
            if *page.get(25)? != OVERFLOW_PAGE || !seen.insert(next) {
                return None;
            }
            next = self.u32(page, 16)?;
            let n_bytes = usize::from(self.u16(page, 22)?);
            value.extend(page.get(PAGE_HEADER_BYTES..)?.get(..n_bytes)?);
        }
        value.truncate(length);
        Some(value)
    }

    fn u16(&self, bytes: &[u8], offset: usize) -> Option<u16> {
        let bytes = *bytes.get(offset..)?.first_chunk()?;
        Some(if self.is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn u32(&self, bytes: &[u8], offset: usize) -> Option<u32> {
        let bytes = *bytes.get(offset..)?.first_chunk()?;
        Some(if self.is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: usize = 512;

    /// A page of a hash with a short value and one that takes two pages.
    fn database(is_big_endian: bool) -> Vec<u8> {
        let u16 = |number: u16| if is_big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
        let u32 = |number: u32| if is_big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
        let mut file = vec![0; 4 * PAGE];
        let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
        put(12, &u32(HASH_MAGIC));
        put(20, &u32(512));
        put(32, &u32(3));
        put(PAGE + 20, &u16(4));
        put(PAGE + 25, &[13]);
        for (index, offset) in [500, 490, 480, 460].into_iter().enumerate() {
            put(PAGE + 26 + 2 * index, &u16(offset));
        }
        put(PAGE + 490, &[IN_PAGE, 1, 2, 3]);
        put(PAGE + 460, &[&[ELSEWHERE, 0, 0, 0][..], &u32(2), &u32(600)].concat());
        for (page, next, n_bytes) in [(2, 3, 486), (3, 0, 114)] {
            put(page * PAGE + 16, &u32(next));
            put(page * PAGE + 22, &u16(n_bytes));
            put(page * PAGE + 25, &[OVERFLOW_PAGE]);
            put(page * PAGE + 26, &vec![7; usize::from(n_bytes)]);
        }
        file
    }

    #[test]
    fn values_with_pages_of_their_own_are_read_in_both_orders_of_bytes() {
        for is_big_endian in [false, true] {
            let headers = read(&database(is_big_endian)).unwrap();
            assert_eq!((headers.blobs, headers.problems), (vec![vec![7; 600]], Vec::new()));
        }
    }

    #[test]
    fn what_is_cut_is_said_and_circles_end() {
        let database = database(false);
        for end in 36..database.len() {
            assert!(!read(&database[..end]).unwrap().problems.is_empty(), "{end}");
        }
        let mut circle = database.clone();
        circle[3 * PAGE + 16] = 2;
        circle[3 * PAGE + 22] = 1;
        assert_eq!(read(&circle).unwrap().problems, ["1 packages of the database are not where it says"]);
        for index in 0..database.len() {
            let mut altered = database.clone();
            altered[index] ^= 0xff;
            let _ = read(&altered);
        }
        assert!(read(b"something else").is_none());
    }
}
