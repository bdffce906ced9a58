//! The arguments of a command, taken one by one.

use std::collections::VecDeque;

use anyhow::{Context as _, Result, bail};

/// What is left of the command line.
#[derive(Debug)]
pub(crate) struct Arguments(VecDeque<String>);

impl Arguments {
    /// The arguments, without the program's name.
    pub(crate) fn new(words: impl Iterator<Item = String>) -> Self {
        Self(words.collect())
    }

    /// Takes the next argument.
    pub(crate) fn next_word(&mut self) -> Option<String> {
        self.0.pop_front()
    }

    /// Takes a flag, wherever it stands.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let Some(index) = self.0.iter().position(|word| word == name) else { return false };
        self.0.remove(index).is_some()
    }

    /// Takes an option and its value, wherever they stand: `--name value` or `--name=value`.
    pub(crate) fn option(&mut self, name: &str) -> Result<Option<String>> {
        let is_option = |word: &String| word.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('='));
        let Some(index) = self.0.iter().position(is_option) else { return Ok(None) };
        let word = self.0.remove(index).unwrap_or_default();
        if let Some((_, value)) = word.split_once('=') {
            return Ok(Some(value.to_owned()));
        }
        let value = self.0.remove(index).with_context(|| format!("`{name}` needs a value"))?;
        Ok(Some(value))
    }

    /// Takes the rest, in which no option may be left.
    pub(crate) fn rest(self) -> Result<Vec<String>> {
        if let Some(unknown) = self.0.iter().find(|word| word.starts_with('-')) {
            bail!("unknown option `{unknown}`");
        }
        Ok(self.0.into())
    }

    /// Refuses what is left.
    pub(crate) fn finish(self) -> Result<()> {
        match self.0.front() {
            Some(word) => bail!("unexpected argument `{word}`"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Arguments {
        Arguments::new(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn options_are_taken_wherever_they_stand() {
        let mut arguments = of("a --runs 5 --markdown b --config=x=y");
        assert_eq!(arguments.option("--runs").unwrap().as_deref(), Some("5"));
        assert_eq!(arguments.option("--config").unwrap().as_deref(), Some("x=y"));
        assert!(arguments.flag("--markdown") && !arguments.flag("--markdown"));
        assert_eq!(arguments.rest().unwrap(), ["a", "b"]);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(of("--unknown").rest().is_err());
        assert!(of("--runs").option("--runs").is_err());
        assert!(of("more").finish().is_err());
    }
}
