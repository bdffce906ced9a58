//! Reads a report of another tool and prints it as JSON: `import [--tool NAME] FILE…`. For work on the readers; the command
//! `bartizan import` does more.

use std::{
    fs::File,
    io::{self, Read, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use bartizan_formats::import::{self, ImportError, Input};

struct OnDisk(PathBuf);

impl Input for OnDisk {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(File::open(&self.0)?))
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), ImportError> {
    let (mut tool, mut files, mut arguments) = (None, Vec::new(), std::env::args().skip(1));
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--tool" => tool = arguments.next(),
            "--format" => drop(arguments.next()),
            _ => files.push(argument),
        }
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    let (mut reports, mut is_first, mut failure) = (Vec::new(), true, Ok(()));
    out.write_all(import::OPEN.as_bytes())?;
    for file in files {
        let summary = import::import(&OnDisk((&file).into()), tool.as_deref().filter(|tool| *tool != "auto"), &mut |observation| {
            if failure.is_ok() {
                failure = import::write_observation(&observation, is_first, &mut out);
            }
            is_first = false;
        })?;
        reports.push((file, summary));
    }
    failure?;
    import::write_end(&reports, &mut out)?;
    Ok(out.flush()?)
}
