//! The `bartizan` command from outside: arguments, output, files and exit codes.

#[cfg(test)]
mod advisories;
#[cfg(test)]
mod cluster;
#[cfg(test)]
mod debug;
#[cfg(test)]
mod deps;
#[cfg(test)]
mod determinism;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod fix_deps;
#[cfg(test)]
mod fix_iac;
#[cfg(test)]
mod help;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod image;
#[cfg(test)]
mod k8s;
#[cfg(test)]
mod keep;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod mirror;
#[cfg(test)]
mod mutate;
#[cfg(test)]
mod project;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod sast;
#[cfg(test)]
mod scan;
#[cfg(test)]
mod vex;
