//! Whole scans with an engine made for the purpose.

#[cfg(test)]
mod cache;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod configuration;
#[cfg(test)]
mod findings;
#[cfg(test)]
mod robustness;
#[cfg(test)]
mod support;
#[cfg(test)]
mod suppressions;
