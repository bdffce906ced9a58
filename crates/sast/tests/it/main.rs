//! The engine from outside.

#[cfg(test)]
mod built_in;
#[cfg(test)]
mod flow;
#[cfg(test)]
mod hostile;
