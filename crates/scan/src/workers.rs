//! Threads that take files, the largest first, and the cache that spares them most of it.

use std::{
    num::NonZeroUsize,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use bartizan_core::Diagnostic;
use bartizan_source::{FileInfo, Limits, Options, SourceFile};
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::{
    Progress, ScanError,
    budget::Budget,
    cache::{Cache, ContentHash, Entry, Pack, Stamp},
    visit::{self, Engines, FileResult, Memory},
};

/// What there is to do.
pub(crate) struct Job<'a> {
    pub(crate) files: &'a [SourceFile],
    pub(crate) engines: Engines<'a>,
    pub(crate) options: &'a Options,
    pub(crate) progress: &'a dyn Progress,
}

/// What was done.
pub(crate) struct Done {
    /// In the order of the files.
    pub(crate) results: Vec<FileResult>,
    pub(crate) n_cached: usize,
    /// What is to be said about the cache.
    pub(crate) problem: Option<Diagnostic>,
}

/// The bytes of files that are in memory at once, at least.
const MIN_BUDGET_BYTES: u64 = 512 << 20;
/// The same for each thread, where there are many.
const BUDGET_BYTES_PER_THREAD: u64 = 64 << 20;
/// For less work a thread is not worth starting.
const MIN_BYTES_PER_THREAD: u64 = 128 << 10;
/// The same, for many small files.
const MIN_FILES_PER_THREAD: usize = 16;
/// Deeply nested archives and deeply nested code are read by recursion.
const STACK_BYTES: usize = 16 << 20;

/// Threads, as many as the caller wants.
pub(crate) fn pool(n_threads: Option<NonZeroUsize>) -> Result<ThreadPool, ScanError> {
    let pool = ThreadPoolBuilder::new().num_threads(wanted(n_threads)).stack_size(STACK_BYTES).build();
    pool.map_err(|error| ScanError::Threads(error.to_string()))
}

/// Visits all files: on the threads of a pool, on others if there is none, and on one alone if that is faster.
pub(crate) fn run(
    job: &Job<'_>,
    cache: Option<(&Cache, &Path)>,
    threads: Option<ThreadPool>,
    n_threads: Option<NonZeroUsize>,
) -> Result<Done, ScanError> {
    let bytes = cache.map(|(cache, _)| cache.read()).unwrap_or_default();
    let known = cache.map(|(cache, root)| Known { cache, root, pack: cache.parse(&bytes) });

    let n_threads = wanted(n_threads).min(worth_it(job.files));
    let budget = Budget::new(MIN_BUDGET_BYTES.max(BUDGET_BYTES_PER_THREAD.saturating_mul(u64::try_from(n_threads).unwrap_or(u64::MAX))));
    let mut order: Vec<usize> = (0..job.files.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(job.files.get(*index).map(|file| file.info.size_bytes)));

    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(&index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let Some(file) = job.files.get(index) else { break };
            done.push((index, one(job, known.as_ref(), &budget, file)));
            job.progress.advanced(1, file.info.size_bytes);
        }
        done
    };
    let mut done = if n_threads <= 1 {
        alone(work)?
    } else {
        let threads = threads.map_or_else(|| pool(NonZeroUsize::new(n_threads)), Ok)?;
        threads.broadcast(|_| work()).into_iter().flatten().collect()
    };
    done.sort_unstable_by_key(|(index, _)| *index);

    let n_cached = done.iter().filter(|(_, file)| file.is_cached).count();
    let problem = known.as_ref().and_then(|known| known.keep(job.files, &done));
    Ok(Done { results: done.into_iter().map(|(_, file)| file.result).collect(), n_cached, problem })
}

/// Runs on one thread, whose stack is as large as those of the others.
pub(crate) fn alone<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, ScanError> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| ScanError::Threads(error.to_string()))?;
        // Engines that panic are caught where they are called.
        thread.join().map_err(|_panic| ScanError::Threads("a thread ended in the middle".to_owned()))
    })
}

/// What became of one file.
struct FileDone {
    result: FileResult,
    is_cached: bool,
    entry: KeptEntry,
}

/// What the cache keeps of a file.
enum KeptEntry {
    /// Nothing.
    None,
    /// The entry that it has.
    Same,
    /// A new entry.
    New { stamp: Option<Stamp>, content: Option<ContentHash>, result: Vec<u8> },
}

fn one(job: &Job<'_>, known: Option<&Known<'_>>, budget: &Budget, file: &SourceFile) -> FileDone {
    let Some(known) = known else {
        let _loan = budget.borrow(weight(&file.info, &job.options.limits));
        let result = visit::visit(file, job.engines, job.options, &Forgetful).result;
        return FileDone { result, is_cached: false, entry: KeptEntry::None };
    };
    // The stamp is taken before the file is read: a change in between gives it another one.
    let stamp = Stamp::of(&path_of(known.root, &file.info));
    let entry = known.pack.find(file.info.path.as_bytes());
    let unchanged = entry.filter(|entry| stamp.is_some() && entry.stamp == stamp);
    if let Some(result) = unchanged.and_then(decode) {
        return FileDone { result, is_cached: true, entry: KeptEntry::Same };
    }
    let memory = OfEntry(entry);
    let loan = budget.borrow(weight(&file.info, &job.options.limits));
    let visit::Visited { result, content } = visit::visit(file, job.engines, job.options, &memory);
    drop(loan);
    let is_cached = content.is_some() && entry.is_some_and(|entry| entry.content == content);
    let stamp = stamp.filter(|stamp| known.cache.is_settled(stamp));
    let is_worth_it = result.is_cacheable() && (stamp.is_some() || content.is_some());
    let entry = match postcard::to_allocvec(&result) {
        _ if is_cached && entry.is_some_and(|entry| entry.stamp == stamp) => KeptEntry::Same,
        Ok(result) if is_worth_it => KeptEntry::New { stamp, content, result },
        Ok(_) | Err(_) => KeptEntry::None,
    };
    FileDone { result, is_cached, entry }
}

/// What the cache knows of a folder.
struct Known<'a> {
    cache: &'a Cache,
    root: &'a Path,
    pack: Pack<'a>,
}

impl Known<'_> {
    /// Writes what is known now, if that is something else; says why it could not.
    fn keep(&self, files: &[SourceFile], done: &[(usize, FileDone)]) -> Option<Diagnostic> {
        let mut entries = Vec::with_capacity(done.len());
        let mut is_changed = false;
        for (index, file) in done {
            let Some(path) = files.get(*index).map(|file| file.info.path.as_bytes()) else { continue };
            match &file.entry {
                KeptEntry::None => {}
                KeptEntry::Same => entries.extend(self.pack.find(path).copied()),
                KeptEntry::New { stamp, content, result } => {
                    is_changed = true;
                    entries.push(Entry { path, stamp: *stamp, content: *content, result });
                }
            }
        }
        if !is_changed && entries.len() == self.pack.entries.len() {
            self.cache.touch();
            return None;
        }
        self.cache.write(&Pack { entries })
    }
}

fn decode(entry: &Entry<'_>) -> Option<FileResult> {
    postcard::from_bytes(entry.result).ok()
}

/// There is no cache.
struct Forgetful;

impl Memory for Forgetful {
    fn wants_hash(&self) -> bool {
        false
    }

    fn recall(&self, _content: &ContentHash) -> Option<FileResult> {
        None
    }
}

/// What the cache knows of one file.
struct OfEntry<'a>(Option<&'a Entry<'a>>);

impl Memory for OfEntry<'_> {
    fn wants_hash(&self) -> bool {
        true
    }

    fn recall(&self, content: &ContentHash) -> Option<FileResult> {
        self.0.filter(|entry| entry.content.as_ref() == Some(content)).and_then(decode)
    }
}

fn wanted(n_threads: Option<NonZeroUsize>) -> usize {
    n_threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}

/// The number of threads that have enough to do to be worth their start.
fn worth_it(files: &[SourceFile]) -> usize {
    let n_bytes: u64 = files.iter().map(|file| file.info.size_bytes).fold(0, u64::saturating_add);
    let by_bytes = usize::try_from(n_bytes / MIN_BYTES_PER_THREAD).unwrap_or(usize::MAX);
    let by_files = files.len() / MIN_FILES_PER_THREAD;
    by_bytes.max(by_files).saturating_add(1).min(files.len())
}

/// How much memory a file may take: its bytes and its text, or what an archive of this size may unpack to at once.
fn weight(info: &FileInfo, limits: &Limits) -> u64 {
    const ARCHIVES: [&str; 18] =
        ["zip", "jar", "war", "ear", "whl", "egg", "apk", "aar", "ipa", "nupkg", "tar", "gz", "tgz", "xz", "txz", "zst", "bz2", "tbz2"];
    let plain = info.size_bytes.saturating_mul(2);
    let extension = info.path.extension().map(<[u8]>::to_ascii_lowercase).unwrap_or_default();
    if !ARCHIVES.iter().any(|archive| archive.as_bytes() == extension) {
        return plain;
    }
    info.size_bytes.saturating_mul(limits.max_archive_ratio).max(Limits::RATIO_FREE_BYTES).min(limits.max_file_bytes).max(plain)
}

#[cfg(unix)]
fn path_of(root: &Path, info: &FileInfo) -> std::path::PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    root.join(std::ffi::OsStr::from_bytes(info.path.as_bytes()))
}

#[cfg(not(unix))]
fn path_of(root: &Path, info: &FileInfo) -> std::path::PathBuf {
    root.join(info.path.as_str().unwrap_or_default())
}
