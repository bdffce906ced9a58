//! One line on standard error that says how far a scan is; gone when it ends.

use std::{
    io::{self, Write as _},
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use crate::{
    args::When,
    terminal::Terminal,
    text::{bytes, count, cut, grouped, to_u64},
};

/// Short scans show nothing.
const QUIET_FOR: Duration = Duration::from_millis(400);
/// Nobody reads faster.
const BETWEEN_DRAWS: Duration = Duration::from_millis(80);

/// How far a scan is.
#[derive(Debug)]
pub(crate) struct Progress {
    terminal: Terminal,
    start: Instant,
    /// Milliseconds from the start at which the line may be drawn again.
    next_draw_ms: AtomicU64,
    n_files: AtomicU64,
    n_files_done: AtomicU64,
    n_bytes: AtomicU64,
    n_bytes_done: AtomicU64,
    n_drawn: AtomicUsize,
}

impl Progress {
    /// A line, if somebody watches and wants it.
    pub(crate) fn new(when: When, is_quiet: bool, stderr: Terminal) -> Option<Self> {
        let is_wanted = match when {
            When::Auto => stderr.is_terminal && !stderr.is_dumb && !is_quiet,
            When::Always => true,
            When::Never => false,
        };
        is_wanted.then(|| Self {
            terminal: stderr,
            start: Instant::now(),
            next_draw_ms: AtomicU64::new(milliseconds(QUIET_FOR)),
            n_files: AtomicU64::new(0),
            n_files_done: AtomicU64::new(0),
            n_bytes: AtomicU64::new(0),
            n_bytes_done: AtomicU64::new(0),
            n_drawn: AtomicUsize::new(0),
        })
    }

    /// Removes the line.
    pub(crate) fn clear(&self) {
        if 0 < self.n_drawn.load(Ordering::Relaxed) {
            let _ = io::stderr().lock().write_all(b"\r\x1b[2K");
        }
    }

    /// Draws the line, unless that was done a moment ago.
    fn draw(&self, line: impl FnOnce() -> String) {
        let now = milliseconds(self.start.elapsed());
        let due = self.next_draw_ms.load(Ordering::Relaxed);
        let next = now + milliseconds(BETWEEN_DRAWS);
        if now < due || self.next_draw_ms.compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return;
        }
        self.n_drawn.fetch_add(1, Ordering::Relaxed);
        let line = line();
        // The last column stays free: some terminals wrap there.
        let shown = format!("\r\x1b[2K{}", cut(&line, self.terminal.width - 1));
        let _ = io::stderr().lock().write_all(shown.as_bytes());
    }

    fn line(&self) -> String {
        const BAR_COLUMNS: u64 = 20;
        let [all, done] = [&self.n_bytes, &self.n_bytes_done].map(|n| n.load(Ordering::Relaxed));
        let [n_files, n_files_done] = [&self.n_files, &self.n_files_done].map(|n| n.load(Ordering::Relaxed));
        let n_full = (u128::from(done.min(all)) * u128::from(BAR_COLUMNS)).checked_div(u128::from(all)).unwrap_or(0);
        let n_full = usize::try_from(n_full).unwrap_or(0);
        let n_empty = usize::try_from(BAR_COLUMNS).unwrap_or(0).saturating_sub(n_full);
        let bar = format!("{}{}", "━".repeat(n_full), "╌".repeat(n_empty));
        format!("scanning {bar} {} of {}, {} of {}", grouped(n_files_done), count(n_files, "file"), bytes(done), bytes(all))
    }
}

impl bartizan_scan::Progress for Progress {
    fn discovering(&self, n_files: usize) {
        self.draw(|| format!("looking for files: {}", grouped(to_u64(n_files))));
    }

    fn discovered(&self, n_files: usize, n_bytes: u64) {
        self.n_files.store(to_u64(n_files), Ordering::Relaxed);
        self.n_bytes.store(n_bytes, Ordering::Relaxed);
    }

    fn advanced(&self, n_files: usize, n_bytes: u64) {
        self.n_files_done.fetch_add(to_u64(n_files), Ordering::Relaxed);
        self.n_bytes_done.fetch_add(n_bytes, Ordering::Relaxed);
        self.draw(|| self.line());
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
