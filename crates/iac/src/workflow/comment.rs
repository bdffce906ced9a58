//! Comments behind values.

/// The comment on the line that an offset is in, behind it, without its sign; nothing if it says nothing.
pub(crate) fn behind(text: &str, offset: usize) -> Option<&str> {
    let end = super::edit::end_of_line(text, offset);
    let rest = text.get(offset.min(end)..end)?;
    let at = rest.match_indices('#').map(|(at, _)| at).find(|at| rest.get(..*at).is_some_and(|before| before.ends_with([' ', '\t'])))?;
    Some(rest.get(at + 1..)?.trim()).filter(|comment| !comment.is_empty())
}

/// The version that a comment names: `v4.2.2`, `tag: v4`, `version=4`.
pub(crate) fn version(comment: &str) -> Option<&str> {
    let named = ["tag", "version", "ver"].iter().find_map(|word| {
        let rest = comment.strip_prefix(word)?.trim_start();
        Some(rest.strip_prefix([':', '='])?.trim_start())
    });
    let word = named.unwrap_or(comment);
    (!word.is_empty() && !word.contains(char::is_whitespace)).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_name_versions() {
        let text = "a: b # v4.2.2\nc: 'd#e' #\nf: g\n";
        assert_eq!(behind(text, 4), Some("v4.2.2"));
        assert_eq!(behind(text, 22), None);
        assert_eq!(behind(text, 28), None);
        assert_eq!(
            (version("v4"), version("tag: v4"), version("tag=v4"), version("for the build")),
            (Some("v4"), Some("v4"), Some("v4"), None)
        );
    }
}
