//! One file that there is to look at.

use std::{path::Path, sync::Arc};

use bartizan_core::{ArtifactPath, Diagnostic};
use gix::ObjectId;

use crate::{Content, FileInfo, Interest, Options, disk, git::Repository, image, reading::Reading};

/// A file that there is to look at: on disk, in memory or in git's database. Can be opened from any thread.
#[derive(Debug)]
pub struct SourceFile {
    /// What is known before it is read. Its path says where on disk it is.
    pub info: FileInfo,
    origin: Origin,
}

/// Where a file's content is.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// Below a directory, at the file's path.
    Disk(Arc<Path>),
    /// In memory.
    Memory(Arc<[u8]>),
    /// In git's database.
    Blob(Arc<Repository>, ObjectId),
    /// An image of a container: an archive or a layout, at this path.
    Image(Arc<Path>),
}

impl SourceFile {
    pub(crate) fn new(path: ArtifactPath, size_bytes: u64, origin: Origin) -> Self {
        Self { info: FileInfo::new(path, size_bytes), origin }
    }

    /// Reads the file, once, and shows it; if it is an archive, shows every entry too, depth first.
    ///
    /// `wanted` is asked about the file and about every entry. `visit` is then called once for each of which something was
    /// wanted and that could be read as far as that takes; `problems` says which could not. With [`Interest::None`] or
    /// [`Interest::Path`] only as much is read as it takes to recognize an archive. What is readable of a broken entry is
    /// shown, and the entries after it too.
    pub fn open(
        &self,
        options: &Options,
        problems: &mut Vec<Diagnostic>,
        wanted: &mut dyn FnMut(&FileInfo) -> Interest,
        visit: &mut dyn FnMut(&FileInfo, &Content<'_>),
    ) {
        let mut reading = Reading::new(&options.limits, problems, wanted, visit);
        match &self.origin {
            Origin::Disk(root) => reading.disk(&self.info, root),
            Origin::Memory(bytes) => reading.memory(&self.info, bytes),
            Origin::Blob(repository, id) => reading.blob(&self.info, repository, *id),
            Origin::Image(path) => image::read(&mut reading, &self.info, path, options.platform.as_deref()),
        }
    }
}

impl Origin {
    /// The content of the file with this path; nothing if it is too large, or can't be read.
    pub(crate) fn read(&self, path: &ArtifactPath, max_bytes: u64) -> Option<Vec<u8>> {
        match self {
            Self::Disk(root) => disk::read_small(&disk::disk_path(root, path.as_bytes())?, max_bytes).ok()?,
            Self::Memory(bytes) => u64::try_from(bytes.len()).is_ok_and(|length| length <= max_bytes).then(|| bytes.to_vec()),
            Self::Blob(repository, id) => repository.blob(*id, max_bytes).ok()?,
            Self::Image(_) => None,
        }
    }
}
