//! The table `Packages` of an SQLite database: <https://www.sqlite.org/fileformat2.html>. Numbers begin with their largest part.
//!
//! Only trees of tables are read, and only the pages that belong to this one. What stands in a write-ahead log beside the file is not
//! seen: images have none.

use std::collections::HashSet;

use super::{Headers, MAX_HEADER_BYTES, MAX_PACKAGES};

const MAGIC: &[u8] = b"SQLite format 3\0";
const FILE_HEADER_BYTES: usize = 100;
const INTERIOR: u8 = 5;
const LEAF: u8 = 13;
/// The deepest tree: a page holds more than two, so that this is more than any file has.
const MAX_DEPTH: usize = 40;

/// Reads the headers; nothing if the file is something else.
pub(super) fn read(bytes: &[u8]) -> Option<Headers> {
    bytes.strip_prefix(MAGIC)?;
    let mut headers = Headers::default();
    let Some(database) = Database::new(bytes) else {
        headers.problems.push("the database is cut".to_owned());
        return Some(headers);
    };
    let mut schema = Vec::new();
    let mut problems = database.rows(1, &mut |row| schema.push(row));
    // The columns of the schema: type, name, table, root page, text.
    let root = schema.iter().find_map(|row| {
        let columns = columns(row)?;
        let is_wanted = columns.first()?.bytes == b"table" && columns.get(1)?.bytes == b"Packages";
        is_wanted.then(|| columns.get(3)?.number()).flatten()
    });
    match root.and_then(|root| usize::try_from(root).ok()) {
        Some(root) => {
            let blobs = &mut headers.blobs;
            problems |= database.rows(root, &mut |row| {
                // The columns of a package: its number, which stands elsewhere, and its header.
                let blob = columns(&row).and_then(|columns| Some(columns.get(1)?.bytes.to_vec()));
                blobs.extend(blob.filter(|_| blobs.len() < MAX_PACKAGES));
            });
        }
        None => headers.problems.push("the database has no table `Packages`".to_owned()),
    }
    if problems {
        headers.problems.push("the database is broken: pages are missing or make no sense".to_owned());
    }
    Some(headers)
}

struct Database<'b> {
    bytes: &'b [u8],
    page_bytes: usize,
    /// What is left of a page when the room at its end is not counted.
    usable_bytes: usize,
}

impl<'b> Database<'b> {
    fn new(bytes: &'b [u8]) -> Option<Self> {
        let page_bytes = match u16_at(bytes, 16)? {
            1 => 65_536,
            page_bytes => usize::from(page_bytes),
        };
        let reserved = usize::from(*bytes.get(20)?);
        let usable_bytes = page_bytes.checked_sub(reserved)?;
        (page_bytes.is_power_of_two() && 480 <= usable_bytes).then_some(Self { bytes, page_bytes, usable_bytes })
    }

    /// A page by its number, from 1.
    fn page(&self, number: usize) -> Option<&'b [u8]> {
        let start = number.checked_sub(1)?.checked_mul(self.page_bytes)?;
        self.bytes.get(start..start.checked_add(self.page_bytes)?)
    }

    /// Gives every row of a table; says whether something is wrong with it.
    fn rows(&self, root: usize, give: &mut dyn FnMut(Vec<u8>)) -> bool {
        let mut seen = HashSet::new();
        let mut is_broken = false;
        let mut open = vec![(root, 0)];
        // What overflows from rows may be no more than there is, all rows together.
        let mut left = self.bytes.len();
        while let Some((number, depth)) = open.pop() {
            let page = self.page(number).filter(|_| depth < MAX_DEPTH && seen.insert(number));
            let children = page.and_then(|page| self.tree_page(page, number == 1, give, &mut left, &mut is_broken));
            match children {
                Some(children) => open.extend(children.into_iter().rev().map(|child| (child, depth + 1))),
                None => is_broken = true,
            }
        }
        is_broken
    }

    /// Gives the rows of a page; returns the pages below it.
    fn tree_page(
        &self,
        page: &'b [u8],
        is_first: bool,
        give: &mut dyn FnMut(Vec<u8>),
        left: &mut usize,
        is_broken: &mut bool,
    ) -> Option<Vec<usize>> {
        let at = if is_first { FILE_HEADER_BYTES } else { 0 };
        let kind = *page.get(at)?;
        let n_cells = usize::from(u16_at(page, at + 3)?);
        let cells = page.get(at + if kind == INTERIOR { 12 } else { 8 }..)?;
        let mut children = Vec::new();
        for index in 0..n_cells {
            let cell = page.get(usize::from(u16_at(cells, index * 2)?)..)?;
            match kind {
                INTERIOR => children.push(usize::try_from(u32_at(cell, 0)?).ok()?),
                LEAF => match self.row(cell, left) {
                    Some(row) => give(row),
                    None => *is_broken = true,
                },
                _ => return None,
            }
        }
        if kind == INTERIOR {
            children.push(usize::try_from(u32_at(page, at + 8)?).ok()?);
        }
        matches!(kind, INTERIOR | LEAF).then_some(children)
    }

    /// The payload of a cell, with what overflows to other pages. Section 1.6, "table b-tree leaf cell".
    fn row(&self, cell: &[u8], left: &mut usize) -> Option<Vec<u8>> {
        let (length, rest) = varint(cell)?;
        let (_number, rest) = varint(rest)?;
        let length = usize::try_from(length).ok().filter(|&length| length <= MAX_HEADER_BYTES)?;
        let usable = self.usable_bytes;
        let max_local = usable - 35;
        if length <= max_local {
            return rest.get(..length).map(<[u8]>::to_vec);
        }
        *left = left.checked_sub(length)?;
        let min_local = (usable - 12) * 32 / 255 - 23;
        let local = min_local + (length - min_local) % (usable - 4);
        let local = if local <= max_local { local } else { min_local };
        let mut row = rest.get(..local)?.to_vec();
        let mut next = u32_at(rest, local)?;
        while row.len() < length {
            let page = self.page(usize::try_from(next).ok()?)?;
            next = u32_at(page, 0)?;
            let content = page.get(4..usable)?;
            row.extend(content.get(..length - row.len()).unwrap_or(content));
        }
        Some(row)
    }
}

/// A value of a row.
struct Column<'r> {
    kind: u64,
    bytes: &'r [u8],
}

impl Column<'_> {
    /// The whole number that this is.
    fn number(&self) -> Option<u64> {
        match self.kind {
            8 => Some(0),
            9 => Some(1),
            1..=6 => Some(self.bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte))),
            _ => None,
        }
    }
}

/// The values of a row. Section 2.1, "record format".
fn columns(row: &[u8]) -> Option<Vec<Column<'_>>> {
    const MAX_COLUMNS: usize = 64;
    let (header_bytes, after) = varint(row)?;
    let header_bytes = usize::try_from(header_bytes).ok()?;
    let mut kinds = after.get(..header_bytes.checked_sub(row.len() - after.len())?)?;
    let mut values = row.get(header_bytes..)?;
    let mut columns = Vec::new();
    while !kinds.is_empty() && columns.len() < MAX_COLUMNS {
        let (kind, rest) = varint(kinds)?;
        kinds = rest;
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            kind => (kind - 12) / 2,
        };
        let (bytes, rest) = values.split_at_checked(usize::try_from(length).ok()?)?;
        values = rest;
        columns.push(Column { kind, bytes });
    }
    Some(columns)
}

/// A number of one to nine bytes, seven bits each, the largest first; of a ninth byte all eight.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0_u64;
    for (index, &byte) in bytes.iter().take(9).enumerate() {
        if index == 8 {
            return Some((number << 8 | u64::from(byte), bytes.get(9..)?));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(index + 1..)?));
        }
    }
    None
}

fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    bytes.get(offset..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    bytes.get(offset..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: usize = 512;

    fn encoded(mut number: usize) -> Vec<u8> {
        let mut bytes = vec![u8::try_from(number & 0x7f).unwrap()];
        while 0x7f < number {
            number >>= 7;
            bytes.insert(0, u8::try_from(number & 0x7f).unwrap() | 0x80);
        }
        bytes
    }

    fn record(columns: &[(usize, &[u8])]) -> Vec<u8> {
        let kinds: Vec<u8> = columns.iter().flat_map(|(kind, _)| encoded(*kind)).collect();
        let values = columns.iter().flat_map(|(_, bytes)| bytes.iter().copied());
        [encoded(kinds.len() + 1), kinds].concat().into_iter().chain(values).collect()
    }

    fn text(text: &str) -> (usize, &[u8]) {
        (text.len() * 2 + 13, text.as_bytes())
    }

    /// A page with these cells; each is given with its payload's length.
    fn leaf(at: usize, cells: &[Vec<u8>]) -> Vec<u8> {
        let mut page = vec![0; PAGE];
        page[at] = LEAF;
        page[at + 3..at + 5].copy_from_slice(&u16::try_from(cells.len()).unwrap().to_be_bytes());
        let mut end = PAGE;
        for (index, cell) in cells.iter().enumerate() {
            end -= cell.len();
            page[end..end + cell.len()].copy_from_slice(cell);
            page[at + 8 + 2 * index..at + 10 + 2 * index].copy_from_slice(&u16::try_from(end).unwrap().to_be_bytes());
        }
        page
    }

    /// A schema; an interior page over two leaves; a short row, and a long one with two pages of its own.
    fn database() -> Vec<u8> {
        let schema = record(&[text("table"), text("Packages"), text("Packages"), (1, &[2]), text("create")]);
        let cell = [encoded(schema.len()), encoded(1), schema].concat();
        let mut first = leaf(FILE_HEADER_BYTES, &[cell]);
        first[..16].copy_from_slice(MAGIC);
        first[16..18].copy_from_slice(&512_u16.to_be_bytes());
        let mut interior = vec![0; PAGE];
        interior[0] = INTERIOR;
        interior[3..5].copy_from_slice(&1_u16.to_be_bytes());
        interior[8..12].copy_from_slice(&4_u32.to_be_bytes());
        interior[12..14].copy_from_slice(&500_u16.to_be_bytes());
        interior[500..505].copy_from_slice(&[0, 0, 0, 3, 1]);
        let short = record(&[(0, b""), (5 * 2 + 12, b"short")]);
        let short = leaf(0, &[[encoded(short.len()), encoded(1), short].concat()]);
        let long = record(&[(0, b""), (1000 * 2 + 12, &[7; 1000])]);
        let min = (512 - 12) * 32 / 255 - 23;
        let local = min + (long.len() - min) % 508;
        let local = if local <= 512 - 35 { local } else { min };
        let (here, there) = long.split_at(local);
        let cell = [encoded(long.len()), encoded(2), here.to_vec(), 5_u32.to_be_bytes().to_vec()].concat();
        let mut overflow = Vec::new();
        let n_chunks = there.len().div_ceil(508);
        for (index, chunk) in there.chunks(508).enumerate() {
            let next = if index + 1 == n_chunks { 0 } else { 6 + u32::try_from(index).unwrap() };
            overflow.extend(next.to_be_bytes().into_iter().chain(chunk.iter().copied()));
            overflow.resize(overflow.len().next_multiple_of(PAGE), 0);
        }
        [first, interior, short, leaf(0, &[cell]), overflow].concat()
    }

    #[test]
    fn rows_of_all_pages_are_read_in_order() {
        let headers = read(&database()).unwrap();
        assert_eq!((headers.blobs, headers.problems), (vec![b"short".to_vec(), vec![7; 1000]], Vec::new()));
    }

    #[test]
    fn what_is_cut_is_said_and_circles_end() {
        let database = database();
        for end in MAGIC.len()..database.len() {
            assert!(!read(&database[..end]).unwrap().problems.is_empty(), "{end}");
        }
        // The right-most page of the interior page is itself.
        let mut circle = database.clone();
        circle[PAGE + 8..PAGE + 12].copy_from_slice(&2_u32.to_be_bytes());
        assert_eq!(read(&circle).unwrap().problems.len(), 1);
        for index in 0..database.len() {
            let mut altered = database.clone();
            altered[index] ^= 0xff;
            let _ = read(&altered);
        }
        assert!(read(b"something else").is_none());
    }
}
