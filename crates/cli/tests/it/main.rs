//! The `bartizan` command from outside: arguments, output, files and exit codes.

mod help;
mod hostile;
mod lifecycle;
#[cfg(test)]
mod project;
mod rules;
mod scan;
