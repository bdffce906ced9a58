//! What a measurement was made on.

use std::{fs, process::Command, thread};

/// The machine, in one paragraph.
pub(super) fn describe() -> String {
    let n_cores = thread::available_parallelism().map_or(1, usize::from);
    let cpu = fs::read_to_string("/proc/cpuinfo").ok();
    let model = cpu.as_deref().and_then(|cpu| cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")));
    let model = model.map_or("an unknown processor", |(_, model)| model.trim());
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("unknown").to_owned();
    let rustc = Command::new("rustc").arg("--version").output().map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    format!(
        "{} {}, {model}, {n_cores} cores, load {load} at the start; {}. CPU is user and system time of the whole process tree, start-up\n\
         included; medians of interleaved runs.\n",
        std::env::consts::OS,
        std::env::consts::ARCH,
        rustc.unwrap_or_default()
    )
}
