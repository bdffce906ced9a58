//! What there is to look at, end to end: trees, archives, git, and whoever built them to do harm.

#[cfg(test)]
mod archive;
#[cfg(test)]
mod bomb;

#[cfg(test)]
mod git;
#[cfg(test)]
#[cfg(unix)]
mod hostile;
#[cfg(test)]
mod image;
#[cfg(test)]
mod input;
#[cfg(test)]
mod repository;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tree;
