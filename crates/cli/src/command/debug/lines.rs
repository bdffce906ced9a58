//! Questions on standard input, one a line, and an answer for each.

use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write as _};

use crate::{
    exit::Exit,
    failure::{Failure, Outcome, reason},
};

/// A question may be so long.
const MAX_LINE_BYTES: usize = 1 << 20;

/// Reads lines until there are none, and prints what each of them gives; whoever waits for an answer gets it at once.
pub(super) fn answer(mut answer: impl FnMut(&str) -> String) -> Outcome<Exit> {
    let mut input = BufReader::new(io::stdin().lock());
    let mut output = BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    loop {
        line.clear();
        let limit = u64::try_from(MAX_LINE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        let read = (&mut input).take(limit).read_until(b'\n', &mut line);
        let n_bytes = read.map_err(|error| Failure::bad_input("unreadable", format!("can't read standard input: {}", reason(&error))))?;
        if n_bytes == 0 {
            break;
        }
        if MAX_LINE_BYTES < line.len() {
            let failure = Failure::bad_input("line-too-long", format!("a line is longer than {MAX_LINE_BYTES} bytes"));
            return Err(failure.with_help("write one question a line").into());
        }
        let text = String::from_utf8_lossy(&line);
        let is_last = input.buffer().is_empty();
        let printed = writeln!(output, "{}", answer(text.trim_end_matches(['\n', '\r'])))
            .and_then(|()| if is_last { output.flush() } else { Ok(()) });
        match printed {
            Ok(()) => {}
            // Nobody reads any more.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                let _ = output.into_parts();
                break;
            }
            Err(error) => {
                let message = format!("can't write to standard output: {}", reason(&error));
                return Err(Failure { exit: Exit::Storage, ..Failure::bad_input("unwritable", message) }.into());
            }
        }
    }
    Ok(Exit::Success)
}
