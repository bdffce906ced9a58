//! The limits of reading that configuration may lower.

use bartizan_source::Limits;

macro_rules! limit_keys {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $field:ident;)*) => {
        /// A limit that configuration may lower, named as in [`Limits`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum LimitKey { $($(#[$doc])* $variant,)* }

        impl LimitKey {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name, as files spell it.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $name,)* } }

            /// The value in these limits.
            #[must_use]
            pub fn of(self, limits: &Limits) -> u64 {
                match self { $(Self::$variant => limits.$field.try_into().unwrap_or(u64::MAX),)* }
            }

            /// Lowers the limit to a value, unless it is lower already.
            pub fn lower(self, limits: &mut Limits, value: u64) {
                match self { $(Self::$variant => limits.$field = limits.$field.min(value.try_into().unwrap_or(limits.$field)),)* }
            }
        }
    };
}

limit_keys! {
    /// The largest file that is read, in bytes.
    FileBytes = "max-file-bytes", max_file_bytes;
    /// How deeply folders are nested.
    Depth = "max-depth", max_depth;
    /// How many files are looked at.
    Files = "max-files", max_files;
    /// How deeply archives are nested in archives.
    ArchiveDepth = "max-archive-depth", max_archive_depth;
    /// How many entries are looked at in one archive.
    ArchiveEntries = "max-archive-entries", max_archive_entries;
    /// How many bytes are unpacked from one archive.
    ArchiveBytes = "max-archive-bytes", max_archive_bytes;
}
