//! What requirements of versions say, as far as that takes no order of versions.

use crate::Ecosystem;

/// The one version that a requirement allows; nothing where it allows several, or says no version at all.
pub(crate) fn pinned(ecosystem: Ecosystem, requirement: &str) -> Option<&str> {
    let requirement = requirement.trim();
    let is_version = |version: &str| {
        version.starts_with(|c: char| c.is_ascii_digit())
            && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b'_' | b'!'))
    };
    let after = |operator: &str| requirement.strip_prefix(operator).map(|version| version.trim_start_matches('=').trim());
    let version = match ecosystem {
        // `1.2.3` is that version, `1.2` any of its patches.
        Ecosystem::Npm | Ecosystem::Composer => {
            let version = requirement.strip_prefix('=').unwrap_or(requirement).trim();
            let version = version.strip_prefix('v').unwrap_or(version);
            let core = version.split(['-', '+']).next().unwrap_or(version);
            let is_whole = core.split('.').count() == 3 && core.split('.').all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
            is_whole.then_some(version)
        }
        // `1.2.3` means `^1.2.3`.
        Ecosystem::Cargo => after("="),
        Ecosystem::PyPi => after("=="),
        Ecosystem::Gem => after("=").or(Some(requirement)),
        _ => None,
    };
    version.filter(|version| is_version(version))
}

/// How many of the leading numbers of a requirement a version has: of several versions of one package, who asks for `^1.2` most
/// likely gets the one that begins so.
pub(crate) fn likeness(requirement: &str, version: &str) -> usize {
    let first = requirement.trim_start_matches(|c: char| !c.is_ascii_digit());
    let first = first.split([' ', ',', '|', '<', '>']).next().unwrap_or(first);
    let asked = first.split(['.', '-', '+']);
    asked.zip(version.split(['.', '-', '+'])).take_while(|(asked, is)| asked == is).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_version_is_pinned_and_several_are_not() {
        let pinned = |ecosystem, requirement| pinned(ecosystem, requirement).unwrap_or("?");
        assert_eq!(pinned(Ecosystem::PyPi, "==1.0"), "1.0");
        assert_eq!(pinned(Ecosystem::PyPi, "=== 1.0"), "1.0");
        assert_eq!(pinned(Ecosystem::PyPi, "==1.*"), "?");
        assert_eq!(pinned(Ecosystem::PyPi, "==1.0,<2"), "?");
        assert_eq!(pinned(Ecosystem::PyPi, ">=1.0"), "?");
        assert_eq!(pinned(Ecosystem::Npm, "1.2.3-rc.1"), "1.2.3-rc.1");
        assert_eq!(pinned(Ecosystem::Npm, "1.2"), "?");
        assert_eq!(pinned(Ecosystem::Npm, "^1.2.3"), "?");
        assert_eq!(pinned(Ecosystem::Cargo, "=1.2.3"), "1.2.3");
        assert_eq!(pinned(Ecosystem::Cargo, "1.2.3"), "?");
        assert_eq!(pinned(Ecosystem::Gem, "1.2.3"), "1.2.3");
        assert_eq!(pinned(Ecosystem::Gem, "~> 1.2"), "?");
    }

    #[test]
    fn the_version_that_begins_like_the_requirement_is_likeliest() {
        assert!(likeness("^0.8", "0.7.3") < likeness("^0.8", "0.8.5"));
        assert_eq!(likeness(">=1.2,<2", "1.2.9"), 2);
        assert_eq!(likeness("*", "1.0.0"), 0);
    }
}
