//! What files of Composer have in common.

/// Whether a name is of the platform and of no package: `php`, `ext-json`, `composer-runtime-api`.
///
/// <https://getcomposer.org/doc/01-basic-usage.md#platform-packages>; a package's name has a slash.
pub(crate) fn is_platform(name: &str) -> bool {
    !name.contains('/')
}
