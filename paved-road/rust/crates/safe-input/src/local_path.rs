//! Targets of redirects that stay here (CWE-601).

use bartizan_paved_spec::{Reason, Refused, is_longer, limits, refuse};

/// A path of this service with query and fragment, safe to redirect to. There is no other way to make one: the type is the proof.
///
/// ```
/// use bartizan_paved_safe_input::LocalPath;
///
/// assert_eq!(LocalPath::parse("/orders?page=2")?.as_str(), "/orders?page=2");
/// assert_eq!(LocalPath::parse("/..//evil.example").unwrap_err().reason.code(), "path-dot-segment");
/// # Ok::<(), bartizan_paved_spec::Refused>(())
/// ```
///
/// A text is not one, and can't be made one without the check:
///
/// ```compile_fail
/// let path: bartizan_paved_safe_input::LocalPath = bartizan_paved_safe_input::LocalPath("//evil.example".into());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(Box<str>);

impl LocalPath {
    /// Checks a path.
    ///
    /// # Errors
    /// A reason that begins with `path-`.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        check(text)?;
        Ok(Self(text.into()))
    }

    /// As `parse`, but anything else leads to `/`.
    #[must_use]
    pub fn parse_or_root(text: Option<&str>) -> Self {
        text.and_then(|text| Self::parse(text).ok()).unwrap_or_else(Self::root)
    }

    /// The path `/`.
    #[must_use]
    pub fn root() -> Self {
        Self("/".into())
    }

    /// The path as it goes into a header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for LocalPath {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

fn check(text: &str) -> Result<(), Refused> {
    if text.is_empty() {
        return refuse(Reason::PathEmpty);
    }
    if is_longer(text, limits::LOCAL_PATH_CHARS) {
        return refuse(Reason::PathTooLong);
    }
    if !text.starts_with('/') || text.starts_with("//") || text.starts_with("/\\") {
        return refuse(Reason::PathNotLocal);
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte)) {
        return refuse(Reason::PathCharacter);
    }
    if escapes(text).any(|digits| digits.is_none()) {
        return refuse(Reason::PathMalformed);
    }
    let path = text.split(['?', '#']).next().unwrap_or_default();
    if hides_something(path) {
        return refuse(Reason::PathEncodedSeparator);
    }
    // Browsers take %2e for a dot. A path without dot segments is its own normal form, so what was checked is what they follow.
    if path.split('/').any(|segment| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")) {
        return refuse(Reason::PathDotSegment);
    }
    Ok(())
}

/// What stands after each percent sign: a byte and the text behind it, or `None` where it is no escape.
fn escapes(text: &str) -> impl Iterator<Item = Option<(u8, &str)>> {
    text.split('%').skip(1).map(|after| {
        let (digits, rest) = after.split_at_checked(2)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        Some((u8::from_str_radix(digits, 16).ok()?, rest))
    })
}

/// Whether an escape is a separator or a control character once decoded, or an escape once more.
fn hides_something(path: &str) -> bool {
    escapes(path).flatten().any(|(byte, rest)| match byte {
        b'/' | b'\\' | 0..=0x1f | 0x7f => true,
        b'%' => rest.len() >= 2 && rest.bytes().take(2).all(|digit| digit.is_ascii_hexdigit()),
        _ => false,
    })
}
