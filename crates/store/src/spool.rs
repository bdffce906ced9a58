//! What a report says, set aside in a file while it is compared with what is known.
//!
//! A report may be larger than memory. What stays in memory is a few bytes an observation.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _},
};

use bartizan_triage::{identity::Digest, intake::Seen};

use crate::StoreError;

/// The most bytes of one observation.
const MAX_RECORD_BYTES: u32 = 4 << 20;

/// Observations of one report, in a file that has no name and is gone with the process.
pub struct Spool {
    writer: BufWriter<File>,
    index: Vec<Entry>,
    n_bytes: u64,
    digest: blake3::Hasher,
}

/// What is known of an observation without reading it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// Its file.
    pub(crate) path: Digest,
    /// By what it is known again, all of it.
    pub(crate) looks: u64,
    offset: u64,
}

impl Spool {
    /// An empty one.
    ///
    /// # Errors
    /// If no temporary file can be made.
    pub fn new() -> Result<Self, StoreError> {
        let writer = BufWriter::with_capacity(1 << 20, tempfile::tempfile()?);
        Ok(Self { writer, index: Vec::new(), n_bytes: 0, digest: blake3::Hasher::new() })
    }

    /// Takes an observation.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn push(&mut self, seen: &Seen) -> Result<(), StoreError> {
        let keys = encoded(&seen.sighting)?;
        let record = encoded(seen)?;
        let n_bytes = u32::try_from(record.len()).ok().filter(|n_bytes| *n_bytes <= MAX_RECORD_BYTES);
        let n_bytes = n_bytes.ok_or_else(|| StoreError::Corrupt { what: "an observation of at most 4 MiB", found: seen.title.clone() })?;
        self.index.push(Entry { path: seen.sighting.path.path, looks: looks(&keys), offset: self.n_bytes });
        self.writer.write_all(&n_bytes.to_le_bytes())?;
        self.writer.write_all(&record)?;
        self.digest.update(&record);
        self.n_bytes += 4 + u64::from(n_bytes);
        Ok(())
    }

    /// How many observations there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// The digest of all that was taken: equal for reports that say the same.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        *self.digest.finalize().as_bytes()
    }

    pub(crate) fn index(&self) -> &[Entry] {
        &self.index
    }

    /// Reads the observations of these numbers, which ascend.
    pub(crate) fn read<'a>(
        &'a mut self,
        numbers: impl Iterator<Item = usize> + 'a,
    ) -> Result<impl Iterator<Item = Result<(usize, Seen), StoreError>> + 'a, StoreError> {
        self.writer.flush()?;
        let mut file = self.writer.get_ref().try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let mut at = 0;
        let mut record = Vec::new();
        let index = &self.index;
        Ok(numbers.map(move |number| {
            let offset = index.get(number).map_or(at, |entry| entry.offset);
            let ahead = i64::try_from(offset).unwrap_or(i64::MAX) - i64::try_from(at).unwrap_or(i64::MAX);
            reader.seek_relative(ahead)?;
            let mut length = [0; 4];
            reader.read_exact(&mut length)?;
            let n_bytes = u32::from_le_bytes(length);
            record.resize(usize::try_from(n_bytes).unwrap_or_default(), 0);
            reader.read_exact(&mut record)?;
            at = offset + 4 + u64::from(n_bytes);
            Ok((number, decoded(&record)?))
        }))
    }
}

/// The bytes that tables keep of a value.
pub(crate) fn encoded<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    postcard::to_stdvec(value).map_err(|error| StoreError::Corrupt { what: "a value that can be written", found: error.to_string() })
}

/// The value in such bytes.
pub(crate) fn decoded<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, StoreError> {
    postcard::from_bytes(bytes).map_err(|error| StoreError::Corrupt { what: "a value that was written", found: error.to_string() })
}

/// A number for all that a sighting is known by.
pub(crate) fn looks(keys: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    blake3::Hasher::new().update(keys).finalize_xof().fill(&mut bytes);
    u64::from_le_bytes(bytes)
}
