//! The header of a package: `doc/manual/format_header.md` of RPM. Numbers begin with their largest part.

use super::MAX_HEADER_BYTES;

const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;
const LICENCE: u32 = 1014;
const ARCHITECTURE: u32 = 1022;
const SOURCE: u32 = 1044;
const PROVIDES: u32 = 1047;
const REQUIRES: u32 = 1049;
const FOLDER_OF_FILE: u32 = 1116;
const FILE_NAMES: u32 = 1117;
const FOLDERS: u32 = 1118;
const MODULARITY: u32 = 5096;

const INT32: u32 = 4;
const STRING: u32 = 6;
const STRING_LIST: u32 = 8;
const TRANSLATED: u32 = 9;

const ENTRY_BYTES: usize = 16;
/// The most tags of a header: what RPM itself allows.
const MAX_ENTRIES: usize = 0xffff;
/// The most values of one tag.
const MAX_VALUES: usize = 16 << 20;

/// The header of a package.
pub(super) struct Header<'b> {
    entries: &'b [u8],
    data: &'b [u8],
}

impl<'b> Header<'b> {
    /// Finds the tags and the data; nothing if the blob is cut.
    pub(super) fn parse(blob: &'b [u8]) -> Option<Self> {
        let n_entries = usize::try_from(u32_at(blob, 0)?).ok().filter(|n_entries| (1..=MAX_ENTRIES).contains(n_entries))?;
        let n_bytes = usize::try_from(u32_at(blob, 4)?).ok().filter(|&n_bytes| n_bytes <= MAX_HEADER_BYTES)?;
        let (entries, data) = blob.get(8..)?.split_at_checked(n_entries * ENTRY_BYTES)?;
        Some(Self { entries, data: data.get(..n_bytes)? })
    }

    pub(super) fn name(&self) -> Option<&'b str> {
        self.text(NAME)
    }

    /// `EPOCH:VERSION-RELEASE`, without an epoch where there is none.
    pub(super) fn version(&self) -> Option<String> {
        let version = format!("{}-{}", self.text(VERSION)?, self.text(RELEASE)?);
        Some(self.epoch().map_or(version.clone(), |epoch| format!("{epoch}:{version}")))
    }

    pub(super) fn epoch(&self) -> Option<u32> {
        self.numbers(EPOCH).next().filter(|&epoch| 0 < epoch)
    }

    pub(super) fn licence(&self) -> Option<&'b str> {
        self.text(LICENCE)
    }

    pub(super) fn architecture(&self) -> Option<&'b str> {
        self.text(ARCHITECTURE)
    }

    /// The file that it was built from: `bash-5.1-2.src.rpm`.
    pub(super) fn source(&self) -> Option<&'b str> {
        self.text(SOURCE).filter(|source| *source != "(none)")
    }

    pub(super) fn modularity(&self) -> Option<&'b str> {
        self.text(MODULARITY).filter(|label| !label.is_empty() && *label != "(none)")
    }

    pub(super) fn provides(&self) -> impl Iterator<Item = &'b str> {
        self.texts(PROVIDES)
    }

    pub(super) fn requires(&self) -> impl Iterator<Item = &'b str> {
        self.texts(REQUIRES)
    }

    /// The files that it brought.
    pub(super) fn files(&self) -> impl Iterator<Item = String> {
        let folders: Vec<&str> = self.texts(FOLDERS).collect();
        let names = self.texts(FILE_NAMES).zip(self.numbers(FOLDER_OF_FILE));
        names.filter_map(move |(name, folder)| Some(format!("{}{name}", folders.get(usize::try_from(folder).ok()?)?)))
    }

    fn text(&self, tag: u32) -> Option<&'b str> {
        self.texts(tag).next().filter(|text| !text.is_empty())
    }

    /// The texts of a tag, each with a zero behind it.
    fn texts(&self, tag: u32) -> impl Iterator<Item = &'b str> + use<'b> {
        let entry = self.entry(tag).filter(|(kind, ..)| matches!(*kind, STRING | STRING_LIST | TRANSLATED));
        let (n_values, data) = entry.map_or((0, &[][..]), |(_, n_values, data)| (n_values, data));
        data.split(|&byte| byte == 0).take(n_values).map(|text| std::str::from_utf8(text).unwrap_or_default())
    }

    fn numbers(&self, tag: u32) -> impl Iterator<Item = u32> + use<'b> {
        let entry = self.entry(tag).filter(|(kind, ..)| *kind == INT32);
        let (n_values, data) = entry.map_or((0, &[][..]), |(_, n_values, data)| (n_values, data));
        data.chunks_exact(4).take(n_values).filter_map(|bytes| u32_at(bytes, 0))
    }

    /// The kind of a tag, how many values it has, and the data from the first on.
    fn entry(&self, tag: u32) -> Option<(u32, usize, &'b [u8])> {
        let entry = self.entries.chunks_exact(ENTRY_BYTES).find(|entry| u32_at(entry, 0) == Some(tag))?;
        let (kind, offset, n_values) = (u32_at(entry, 4)?, u32_at(entry, 8)?, u32_at(entry, 12)?);
        let n_values = usize::try_from(n_values).ok()?.min(MAX_VALUES);
        Some((kind, n_values, self.data.get(usize::try_from(offset).ok()?..)?))
    }
}

fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    bytes.get(offset..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A header as RPM stores it.
    pub(in super::super) fn package(
        name: &str,
        version: &str,
        release: &str,
        epoch: Option<u32>,
        provides: &[&str],
        requires: &[&str],
    ) -> Vec<u8> {
        let source = format!("{name}-{version}-{release}.src.rpm");
        let mut tags: Vec<(u32, u32, u32, Vec<u8>)> = Vec::new();
        let mut text = |tag, kind, values: &[&str]| {
            let data = values.iter().flat_map(|value| value.bytes().chain([0])).collect();
            tags.push((tag, kind, u32::try_from(values.len()).unwrap(), data));
        };
        text(NAME, STRING, &[name]);
        text(VERSION, STRING, &[version]);
        text(RELEASE, STRING, &[release]);
        text(LICENCE, TRANSLATED, &["MIT"]);
        text(ARCHITECTURE, STRING, &["x86_64"]);
        text(SOURCE, STRING, &[&source]);
        text(PROVIDES, STRING_LIST, provides);
        text(REQUIRES, STRING_LIST, requires);
        text(FILE_NAMES, STRING_LIST, &["x-1.egg-info"]);
        text(FOLDERS, STRING_LIST, &["/usr/lib/python3/site-packages/"]);
        tags.push((FOLDER_OF_FILE, INT32, 1, vec![0; 4]));
        tags.extend(epoch.map(|epoch| (EPOCH, INT32, 1, epoch.to_be_bytes().to_vec())));
        let (mut entries, mut data) = (Vec::new(), Vec::new());
        for (tag, kind, n_values, values) in &tags {
            data.resize(data.len().next_multiple_of(4), 0);
            for number in [*tag, *kind, u32::try_from(data.len()).unwrap(), *n_values] {
                entries.extend(number.to_be_bytes());
            }
            data.extend(values);
        }
        let counts = [tags.len(), data.len()].map(|n| u32::try_from(n).unwrap().to_be_bytes());
        [counts.concat(), entries, data].concat()
    }

    #[test]
    fn a_header_that_is_cut_is_none_and_wrong_places_are_nothing() {
        let whole = package("a", "1", "2", Some(3), &["p"], &["q"]);
        assert_eq!(Header::parse(&whole).unwrap().version().as_deref(), Some("3:1-2"));
        for end in 0..whole.len() {
            assert!(Header::parse(&whole[..end]).is_none(), "{end}");
        }
        let mut wrong = whole;
        wrong[8 + 8..8 + 12].copy_from_slice(&[0xff; 4]);
        assert_eq!(Header::parse(&wrong).unwrap().name(), None);
    }
}
