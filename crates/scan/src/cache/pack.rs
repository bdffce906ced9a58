//! The file of results: sealed, sorted by path, read without a copy.

use serde::{Deserialize, Serialize};

use super::Stamp;

/// The hash of a file's content.
pub(crate) type ContentHash = [u8; 32];

const SEAL_BYTES: usize = 32;
/// What a file of ours begins with, after the seal. The number changes with anything that is written.
const FORMAT: &[u8; 16] = b"bartizan cache 2";

/// Results by path.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Pack<'a> {
    /// Sorted by path, without repetition.
    #[serde(borrow)]
    pub(crate) entries: Vec<Entry<'a>>,
}

/// The result of one file.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Entry<'a> {
    pub(crate) path: &'a [u8],
    /// Nothing if the file may have changed without a trace.
    pub(crate) stamp: Option<Stamp>,
    /// Nothing if it was not read as one piece.
    pub(crate) content: Option<ContentHash>,
    /// A result, encoded.
    pub(crate) result: &'a [u8],
}

impl<'a> Pack<'a> {
    /// Reads a sealed file; nothing if it is not whole, not sealed with this key, or of another format.
    pub(super) fn open(bytes: &'a [u8], key: &[u8; 32]) -> Option<Self> {
        let (seal, body) = bytes.split_at_checked(SEAL_BYTES)?;
        // Hashes of this type are compared in constant time.
        let seal: [u8; SEAL_BYTES] = seal.try_into().ok()?;
        if blake3::Hash::from_bytes(seal) != blake3::keyed_hash(key, body) {
            return None;
        }
        let body = body.strip_prefix(FORMAT)?;
        let pack: Self = postcard::from_bytes(body).ok()?;
        pack.entries.is_sorted_by(|a, b| a.path < b.path).then_some(pack)
    }

    /// Writes a sealed file.
    pub(super) fn seal(&self, key: &[u8; 32]) -> Vec<u8> {
        let mut bytes = vec![0; SEAL_BYTES];
        bytes.extend_from_slice(FORMAT);
        // Into memory, of types that have a form in it: this can't fail. If it does, the file is not whole and counts as absent.
        let mut bytes = postcard::to_extend(self, bytes).unwrap_or_default();
        if let Some((seal, body)) = bytes.split_at_mut_checked(SEAL_BYTES) {
            seal.copy_from_slice(blake3::keyed_hash(key, body).as_bytes());
        }
        bytes
    }

    /// The entry of a path.
    pub(crate) fn find(&self, path: &[u8]) -> Option<&Entry<'a>> {
        let index = self.entries.binary_search_by(|entry| entry.path.cmp(path)).ok()?;
        self.entries.get(index)
    }
}
