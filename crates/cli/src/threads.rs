//! Work on all processors, and work that needs a large stack.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// Deeply nested code is read by recursion.
const STACK_BYTES: usize = 16 << 20;

/// Runs work on code, however deeply that is nested.
pub(crate) fn on_large_stack<R: Send>(run: impl Fn() -> R + Sync) -> R {
    let on_thread = thread::scope(|scope| {
        let started = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, &run);
        started.ok().and_then(|thread| thread.join().ok())
    });
    // Where no thread can be started, this one does it.
    on_thread.unwrap_or_else(run)
}

/// Runs jobs on all processors; the order of the results is that of the jobs.
pub(crate) fn on_threads<J: Sync, R: Send>(jobs: &[J], run: impl Fn(&J) -> R + Sync) -> Vec<R> {
    let n_threads = thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((index, job)) = jobs.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((index, run(job)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let start = |_| thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        let threads: Vec<_> = (0..n_threads).filter_map(|index| start(index).ok()).collect();
        // Where no thread can be started, this one does it all.
        let mut done = if threads.is_empty() { work() } else { Vec::new() };
        done.extend(threads.into_iter().filter_map(|thread| thread.join().ok()).flatten());
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
