//! How much is read at most. Everything that an attacker sizes has a limit here, and a diagnostic when it is reached.

use bartizan_core::Limit;

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// How much is read at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest file or archive entry that is read, in bytes; archives themselves may be larger, they are streamed.
    pub max_file_bytes: u64,
    /// How deeply directories are nested below the root.
    pub max_depth: usize,
    /// How many files one scan looks at; the first ones by path are kept.
    pub max_files: usize,
    /// How deeply archives are nested in archives; a compressed archive counts as two.
    pub max_archive_depth: usize,
    /// How many entries are looked at in one archive of the tree, nested archives included.
    pub max_archive_entries: usize,
    /// How many times its own size an archive of the tree may unpack to, nested archives included.
    pub max_archive_ratio: u64,
    /// How many bytes are unpacked from one archive of the tree, nested archives included.
    pub max_archive_bytes: u64,
    /// How much memory a decoder may ask for, in bytes: the window of a compressed stream.
    pub max_decoder_bytes: u64,
}

impl Limits {
    /// The usual [`Limits::max_file_bytes`].
    pub const MAX_FILE_BYTES: u64 = 256 * MIB;
    /// The usual [`Limits::max_depth`]; the deepest of 100 popular repositories is under 30.
    pub const MAX_DEPTH: usize = 128;
    /// The usual [`Limits::max_files`].
    pub const MAX_FILES: usize = 2_000_000;
    /// The usual [`Limits::max_archive_depth`].
    pub const MAX_ARCHIVE_DEPTH: usize = 8;
    /// The usual [`Limits::max_archive_entries`].
    pub const MAX_ARCHIVE_ENTRIES: usize = 500_000;
    /// The usual [`Limits::max_archive_ratio`].
    pub const MAX_ARCHIVE_RATIO: u64 = 200;
    /// The usual [`Limits::max_archive_bytes`].
    pub const MAX_ARCHIVE_BYTES: u64 = 2 * GIB;
    /// The usual [`Limits::max_decoder_bytes`]: what the highest levels of `xz` and `zstd` ask for.
    pub const MAX_DECODER_BYTES: u64 = 128 * MIB;
    /// What an archive may always unpack to, however small it is: the ratio says little about small archives.
    pub const RATIO_FREE_BYTES: u64 = 16 * MIB;
    /// How many entries are looked at in one image of a container, in all layers together.
    pub const MAX_IMAGE_ENTRIES: usize = 10_000_000;
    /// How many bytes are unpacked from one image of a container, in all layers together.
    pub const MAX_IMAGE_BYTES: u64 = 100 * GIB;
    /// How many layers an image of a container may have; container engines allow 127.
    pub const MAX_IMAGE_LAYERS: usize = 1_000;
    /// The largest manifest, index or configuration of an image that is read, in bytes.
    pub const MAX_IMAGE_DOCUMENT_BYTES: u64 = 16 * MIB;
    /// How deeply indexes of images may be nested.
    pub const MAX_IMAGE_INDEXES: usize = 8;
    /// The longest entry name that is kept; longer ones are cut.
    pub const MAX_ENTRY_NAME_BYTES: usize = 4 << 10;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_bytes: Self::MAX_FILE_BYTES,
            max_depth: Self::MAX_DEPTH,
            max_files: Self::MAX_FILES,
            max_archive_depth: Self::MAX_ARCHIVE_DEPTH,
            max_archive_entries: Self::MAX_ARCHIVE_ENTRIES,
            max_archive_ratio: Self::MAX_ARCHIVE_RATIO,
            max_archive_bytes: Self::MAX_ARCHIVE_BYTES,
            max_decoder_bytes: Self::MAX_DECODER_BYTES,
        }
    }
}

/// A limit as a diagnostic names it.
pub(crate) fn named(name: &str, value: impl TryInto<u64>) -> Limit {
    Limit { name: name.to_owned(), value: value.try_into().unwrap_or(u64::MAX) }
}
