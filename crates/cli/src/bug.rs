//! What happens if the program itself has a bug: it says where, and never what it was working on.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, set_hook},
    sync::{Mutex, PoisonError},
};

use crate::{exit::Exit, failure::Failure, output::print_error, terminal::Terminal};

/// The place of the last panic in our source.
static LAST_PLACE: Mutex<Option<String>> = Mutex::new(None);

/// Runs the program. A panic's message can hold text of a scanned file, so it is not printed; its place is.
pub(crate) fn guarded(run: impl FnOnce() -> Exit) -> Exit {
    set_hook(Box::new(|panic| {
        let place = panic.location().map(|location| format!("{}:{}:{}", location.file(), location.line(), location.column()));
        *LAST_PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let place = LAST_PLACE.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_else(|| "an unknown place".to_owned());
        let failure = Failure::bad_input("bug", format!("bartizan {} has a bug at {place}", env!("CARGO_PKG_VERSION")))
            .with_help("please report it, with the command and, if you may share it, the file");
        print_error(&failure.render(Terminal::stderr(crate::args::When::Auto)));
        Exit::Incomplete
    })
}
