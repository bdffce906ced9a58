//! One line on standard error that says how far a scan, or other long work, is; gone when it ends.

use std::{
    io::{self, Write as _},
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use crate::{
    args::When,
    terminal::Terminal,
    text::{bytes, count, cut, grouped, harmless, to_u64},
};

/// Short scans show nothing.
const QUIET_FOR: Duration = Duration::from_millis(400);
/// Nobody reads faster.
const BETWEEN_DRAWS: Duration = Duration::from_millis(80);

/// A line on standard error that is drawn again and again.
#[derive(Debug)]
struct Line {
    terminal: Terminal,
    start: Instant,
    /// Milliseconds from the start at which the line may be drawn again.
    next_draw_ms: AtomicU64,
    n_drawn: AtomicUsize,
}

impl Line {
    /// A line, if somebody watches and wants it.
    fn new(when: When, is_quiet: bool, stderr: Terminal) -> Option<Self> {
        let is_wanted = match when {
            When::Auto => stderr.is_terminal && !stderr.is_dumb && !is_quiet,
            When::Always => true,
            When::Never => false,
        };
        is_wanted.then(|| Self {
            terminal: stderr,
            start: Instant::now(),
            next_draw_ms: AtomicU64::new(milliseconds(QUIET_FOR)),
            n_drawn: AtomicUsize::new(0),
        })
    }

    /// Removes the line.
    fn clear(&self) {
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
}

/// A bar that is as full as work is done.
fn bar(done: u64, all: u64) -> String {
    const BAR_COLUMNS: u64 = 20;
    let n_full = (u128::from(done.min(all)) * u128::from(BAR_COLUMNS)).checked_div(u128::from(all)).unwrap_or(0);
    let n_full = usize::try_from(n_full).unwrap_or(0);
    let n_empty = usize::try_from(BAR_COLUMNS).unwrap_or(0).saturating_sub(n_full);
    format!("{}{}", "━".repeat(n_full), "╌".repeat(n_empty))
}

/// How far work on things that can be counted is; the line is gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Countdown {
    line: Option<Line>,
    /// What is done, and what it is done to.
    words: (&'static str, &'static str),
    n_all: u64,
    n_done: AtomicU64,
}

impl Countdown {
    /// A line that says `testing ━━━╌╌ 3 of 5 rules`, if somebody watches.
    pub(crate) fn new(words: (&'static str, &'static str), n_all: usize, is_quiet: bool, stderr: Terminal) -> Self {
        Self { line: Line::new(When::Auto, is_quiet, stderr), words, n_all: to_u64(n_all), n_done: AtomicU64::new(0) }
    }

    /// One more is done.
    pub(crate) fn advance(&self) {
        let n_done = self.n_done.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(line) = &self.line {
            let (verb, noun) = self.words;
            line.draw(|| format!("{verb} {} {} of {}", bar(n_done, self.n_all), grouped(n_done), count(self.n_all, noun)));
        }
    }
}

impl Drop for Countdown {
    fn drop(&mut self) {
        if let Some(line) = &self.line {
            line.clear();
        }
    }
}

/// How much of documents from elsewhere is there.
#[derive(Debug)]
pub(crate) struct Downloads {
    line: Option<Line>,
}

impl Downloads {
    /// A line that says `downloading PyPI: 3.1 MiB of 32.0 MiB`, if somebody watches.
    pub(crate) fn new(is_quiet: bool, stderr: Terminal) -> Self {
        Self { line: Line::new(When::Auto, is_quiet, stderr) }
    }

    /// So many bytes of something are there.
    pub(crate) fn advanced(&self, what: &str, n_bytes: u64, n_all: Option<u64>) {
        let Some(line) = &self.line else { return };
        line.draw(|| match n_all {
            Some(n_all) => format!("downloading {} {}: {} of {}", harmless(what), bar(n_bytes, n_all), bytes(n_bytes), bytes(n_all)),
            None => format!("downloading {}: {}", harmless(what), bytes(n_bytes)),
        });
    }

    /// Removes the line.
    pub(crate) fn clear(&self) {
        if let Some(line) = &self.line {
            line.clear();
        }
    }
}

/// How far a scan is.
#[derive(Debug)]
pub(crate) struct Progress {
    line: Line,
    n_files: AtomicU64,
    n_files_done: AtomicU64,
    n_bytes: AtomicU64,
    n_bytes_done: AtomicU64,
}

impl Progress {
    /// A line, if somebody watches and wants it.
    pub(crate) fn new(when: When, is_quiet: bool, stderr: Terminal) -> Option<Self> {
        Some(Self {
            line: Line::new(when, is_quiet, stderr)?,
            n_files: AtomicU64::new(0),
            n_files_done: AtomicU64::new(0),
            n_bytes: AtomicU64::new(0),
            n_bytes_done: AtomicU64::new(0),
        })
    }

    /// Removes the line.
    pub(crate) fn clear(&self) {
        self.line.clear();
    }

    fn text(&self) -> String {
        let [all, done] = [&self.n_bytes, &self.n_bytes_done].map(|n| n.load(Ordering::Relaxed));
        let [n_files, n_files_done] = [&self.n_files, &self.n_files_done].map(|n| n.load(Ordering::Relaxed));
        format!("scanning {} {} of {}, {} of {}", bar(done, all), grouped(n_files_done), count(n_files, "file"), bytes(done), bytes(all))
    }
}

impl bartizan_scan::Progress for Progress {
    fn discovering(&self, n_files: usize) {
        self.line.draw(|| format!("looking for files: {}", grouped(to_u64(n_files))));
    }

    fn discovered(&self, n_files: usize, n_bytes: u64) {
        self.n_files.store(to_u64(n_files), Ordering::Relaxed);
        self.n_bytes.store(n_bytes, Ordering::Relaxed);
    }

    fn advanced(&self, n_files: usize, n_bytes: u64) {
        self.n_files_done.fetch_add(to_u64(n_files), Ordering::Relaxed);
        self.n_bytes_done.fetch_add(n_bytes, Ordering::Relaxed);
        self.line.draw(|| self.text());
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
