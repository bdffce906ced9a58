//! When two names are one.

use std::borrow::Cow;

use crate::Ecosystem;

/// A name as its ecosystem compares it.
pub(crate) fn normalized(ecosystem: Ecosystem, name: &str) -> Cow<'_, str> {
    match ecosystem {
        // PEP 503: runs of hyphens, underscores and dots are one hyphen.
        Ecosystem::PyPi => {
            let mut out = String::with_capacity(name.len());
            for c in name.chars() {
                match c {
                    '-' | '_' | '.' if out.ends_with('-') => {}
                    '-' | '_' | '.' => out.push('-'),
                    c => out.extend(c.to_lowercase()),
                }
            }
            Cow::Owned(out)
        }
        Ecosystem::Composer | Ecosystem::GitHub | Ecosystem::Hex | Ecosystem::NuGet => Cow::Owned(name.to_lowercase()),
        Ecosystem::Apk
        | Ecosystem::Bioconductor
        | Ecosystem::Cargo
        | Ecosystem::CocoaPods
        | Ecosystem::Conan
        | Ecosystem::Cran
        | Ecosystem::Deb
        | Ecosystem::Docker
        | Ecosystem::Gem
        | Ecosystem::Generic
        | Ecosystem::Golang
        | Ecosystem::Hackage
        | Ecosystem::Julia
        | Ecosystem::Maven
        | Ecosystem::Npm
        | Ecosystem::Pub
        | Ecosystem::Rpm
        | Ecosystem::Swift => Cow::Borrowed(name),
    }
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
