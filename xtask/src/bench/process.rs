//! Runs a program, and measures what it and all that it starts cost.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};

/// How often memory is looked at.
const SAMPLE: Duration = Duration::from_millis(5);

/// What one run of a program costs.
#[derive(Debug)]
pub(super) struct Cost {
    /// User and system time of all processes, in seconds.
    pub(super) cpu_s: f64,
    /// Wall-clock time, in seconds.
    pub(super) wall_s: f64,
    /// The most memory that all processes held at once, in bytes, as far as samples show; nothing where the system does not tell.
    /// What they share counts for each of them.
    pub(super) peak_bytes: Option<u64>,
    /// How it ended.
    pub(super) code: i32,
    /// What it said on standard error.
    pub(super) errors: String,
}

/// Runs a program to its end; what it says on standard error goes into a file.
pub(super) fn run(program: &Path, arguments: &[String], variables: &[(&'static str, PathBuf)], errors: &Path) -> Result<Cost> {
    // The shell's `time` measures processes and all that they started. The script is fixed, and gets words, not text.
    let script = "TIMEFORMAT='%3R %3U %3S'; out=$1; shift; time \"$@\" >/dev/null 2>\"$out\"";
    let mut command = Command::new("bash");
    command.args(["-c", script, "bash"]).arg(errors).arg(program).args(arguments);
    command.envs(variables.iter().map(|(name, value)| (name, value))).env("LC_ALL", "C.UTF-8");
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().context("can't start `bash`")?;
    let (output, peak_bytes) = watched(child)?;
    let said = fs::read_to_string(errors).unwrap_or_default();
    let Some(code) = output.status.code() else { bail!("{} was ended: {}", program.display(), output.status) };
    let times = String::from_utf8_lossy(&output.stderr).into_owned();
    let numbers: Vec<f64> = times.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let [wall_s, user, system] = numbers.as_slice() else { bail!("bash measured nothing: {times}") };
    Ok(Cost { cpu_s: user + system, wall_s: *wall_s, peak_bytes, code, errors: said })
}

/// Waits for a process, and looks at its memory meanwhile.
fn watched(child: Child) -> Result<(std::process::Output, Option<u64>)> {
    let (id, is_done) = (child.id(), AtomicBool::new(false));
    thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut peak = None;
            while !is_done.load(Ordering::Relaxed) {
                peak = peak.max(memory_below(id));
                thread::sleep(SAMPLE);
            }
            peak
        });
        let output = child.wait_with_output().context("can't wait for `bash`");
        is_done.store(true, Ordering::Relaxed);
        let peak = watcher.join().ok().flatten();
        Ok((output?, peak))
    })
}

/// The bytes that all processes below one hold, itself left out: what they hold now, or what one of them held at its peak.
fn memory_below(id: u32) -> Option<u64> {
    let (mut total, mut highest, mut ids) = (0_u64, 0_u64, children(id));
    if ids.is_empty() {
        return None;
    }
    while let Some(id) = ids.pop() {
        ids.extend(children(id));
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        total = total.saturating_add(kibibytes(&status, "VmRSS:"));
        highest = highest.max(kibibytes(&status, "VmHWM:"));
    }
    Some(total.max(highest).saturating_mul(1024))
}

/// The processes that any thread of a process has started.
fn children(id: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}

fn kibibytes(status: &str, key: &str) -> u64 {
    let value = status.lines().find_map(|line| line.strip_prefix(key));
    value.and_then(|value| value.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_what_the_system_says() {
        let status = "Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!((kibibytes(status, "VmHWM:"), kibibytes(status, "VmRSS:"), kibibytes(status, "VmSwap:")), (2048, 1024, 0));
    }
}
