//! What tells without reading that a file has not changed.

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

/// Size, times and identity of a file. The time of change can't be set by programs, as that of modification can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    size_bytes: u64,
    modified: Time,
    changed: Time,
    device: u64,
    inode: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Time {
    seconds: i64,
    nanoseconds: i64,
}

impl Stamp {
    /// The stamp of a file; nothing where the system keeps no such times.
    #[cfg(unix)]
    pub(crate) fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        Some(Self {
            size_bytes: metadata.size(),
            modified: Time { seconds: metadata.mtime(), nanoseconds: metadata.mtime_nsec() },
            changed: Time { seconds: metadata.ctime(), nanoseconds: metadata.ctime_nsec() },
            device: metadata.dev(),
            inode: metadata.ino(),
        })
    }

    #[cfg(not(unix))]
    pub(crate) fn of(_path: &Path) -> Option<Self> {
        None
    }

    /// Whether the last change was so long before `now` that a later one must have a later time.
    ///
    /// Without this rule, a file that is changed twice within one tick of the file system's clock, and scanned in between, would
    /// keep the first result for ever. Times without a fraction come from file systems that count whole seconds, or two.
    pub(super) fn is_settled(&self, now: SystemTime) -> bool {
        const FINE: Duration = Duration::from_millis(50);
        const COARSE: Duration = Duration::from_secs(3);
        let last = self.modified.max(self.changed);
        let tick = if last.nanoseconds == 0 { COARSE } else { FINE };
        let (Ok(seconds), Ok(nanoseconds)) = (u64::try_from(last.seconds), u32::try_from(last.nanoseconds)) else { return false };
        let settled = UNIX_EPOCH.checked_add(Duration::new(seconds, nanoseconds.min(999_999_999))).and_then(|last| last.checked_add(tick));
        settled.is_some_and(|settled| settled < now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_has_just_changed_is_not_settled() {
        let at = |seconds, nanoseconds| Time { seconds, nanoseconds };
        let stamp = |modified, changed| Stamp { size_bytes: 1, modified, changed, device: 0, inode: 0 };
        let now = UNIX_EPOCH + Duration::from_secs(1_000);
        for (modified, changed, expected) in [
            (at(900, 5), at(900, 5), true),
            (at(999, 900_000_000), at(900, 5), true),
            (at(999, 990_000_000), at(900, 5), false),
            (at(900, 5), at(999, 990_000_000), false),
            (at(998, 0), at(998, 0), false),
            (at(990, 0), at(990, 0), true),
            (at(2_000, 5), at(900, 5), false),
            (at(-5, 5), at(-5, 5), false),
        ] {
            assert_eq!(stamp(modified, changed).is_settled(now), expected, "{modified:?} {changed:?}");
        }
    }
}
