//! `bartizan man`: manual pages.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, Command, CommandFactory as _, ValueHint};
use clap_mangen::Man;

use crate::{
    args::Cli,
    exit::Exit,
    failure::{Failure, Outcome},
    output::{Privacy, Target},
};

const EXAMPLES: &str = "\
Examples:
  bartizan man | man -l -                         read the manual page
  bartizan man --dir ~/.local/share/man/man1      install a page for each command";

/// Print the manual page, or write the pages of all commands into a folder
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ManArgs {
    /// Write bartizan.1, bartizan-scan.1 and so on into this folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

/// Prints or writes the pages.
pub(crate) fn run(args: &ManArgs) -> Outcome<Exit> {
    let mut command = Cli::command();
    command.build();
    let Some(folder) = &args.dir else {
        Target::Stdout.write(Privacy::Shared, |mut out| Man::new(command).render(&mut out))?;
        return Ok(Exit::Success);
    };
    fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
    write_pages(&command, folder)?;
    Ok(Exit::Success)
}

/// Writes the page of a command and those of its subcommands, as `bartizan-rules-list.1`.
fn write_pages(command: &Command, folder: &Path) -> Outcome<()> {
    let page = Man::new(command.clone());
    Target::File(folder.join(page.get_filename())).write(Privacy::Shared, |mut out| page.render(&mut out))?;
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        write_pages(inner, folder)?;
    }
    Ok(())
}
