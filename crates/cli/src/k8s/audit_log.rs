//! A line of JSON for each decision.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bartizan_formats::Timestamp;
use bartizan_iac::admission::Event;
use serde::Serialize;

use crate::{failure::Failure, output::print_error};

/// Where decisions are written down.
pub(crate) struct AuditLog {
    out: Mutex<Box<dyn Write + Send>>,
    is_broken: AtomicBool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'e> {
    time: String,
    duration_us: u64,
    #[serde(flatten)]
    event: &'e Event,
}

impl AuditLog {
    /// A log on standard output.
    pub(crate) fn stdout() -> Self {
        Self { out: Mutex::new(Box::new(io::stdout())), is_broken: AtomicBool::new(false) }
    }

    /// A log at the end of a file.
    pub(crate) fn file(path: &Path) -> Result<Self, Failure> {
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(|error| Failure::unwritable(path, &error))?;
        Ok(Self { out: Mutex::new(Box::new(file)), is_broken: AtomicBool::new(false) })
    }

    /// Writes a decision down. If that fails, the server says that it is not ready.
    pub(crate) fn write(&self, event: &Event, took: Duration) {
        let now_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        let line = Line {
            time: Timestamp::of_unix_seconds(i64::try_from(now_s).unwrap_or(i64::MAX)).to_string(),
            duration_us: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            event,
        };
        let mut line = serde_json::to_vec(&line).unwrap_or_default();
        line.push(b'\n');
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let written = out.write_all(&line).and_then(|()| out.flush());
        if let Err(error) = &written {
            let was_broken = self.is_broken.swap(true, Ordering::Relaxed);
            if !was_broken {
                print_error(&format!("bartizan: decisions can't be written down: {error}\n"));
            }
        } else {
            self.is_broken.store(false, Ordering::Relaxed);
        }
    }

    /// Whether the last decision could not be written down.
    pub(crate) fn is_broken(&self) -> bool {
        self.is_broken.load(Ordering::Relaxed)
    }
}
