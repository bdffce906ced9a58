//! When two names are one.

use std::borrow::Cow;

use crate::{Ecosystem, osv};

/// A name as its ecosystem compares it.
pub(crate) fn normalized(ecosystem: Ecosystem, name: &str) -> Cow<'_, str> {
    ecosystem.in_osv().map_or(Cow::Borrowed(name), |ecosystem| osv::Ecosystem::new(ecosystem).package_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_python_are_compared_by_pep_503() {
        assert_eq!(normalized(Ecosystem::PyPi, "Zope._.Interface"), "zope-interface");
        assert_eq!(normalized(Ecosystem::Npm, "JSONStream"), "JSONStream");
    }
}
