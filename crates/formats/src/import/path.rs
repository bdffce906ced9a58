//! Paths in one form, whatever system a report was written on.

/// A path with `/`, without `file://`, `./` and `%20`. What lies outside of the project stays as it is.
pub(super) fn normal(path: &str) -> String {
    let path = path.trim();
    let is_url = path.len() >= 7 && path.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("file://"));
    let path = if is_url { local(path.get(7..).unwrap_or_default()) } else { path.to_owned() };
    let path = if path.contains("://") { path } else { path.replace('\\', "/") };
    let mut rest = path.as_str();
    while let Some(after) = rest.strip_prefix("./") {
        rest = after.trim_start_matches('/');
    }
    rest.to_owned()
}

/// The path of a `file:` URL, without its start.
fn local(rest: &str) -> String {
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let decoded = decoded(rest);
    // A letter of a drive: `/C:/x`.
    let is_drive = matches!(decoded.as_bytes(), [b'/', letter, b':', ..] if letter.is_ascii_alphabetic());
    if is_drive { decoded.get(1..).unwrap_or_default().to_owned() } else { decoded }
}

/// A URI's path as a path: `%20` is a blank.
pub(super) fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
        match (*first, digit(after.first()), digit(after.get(1))) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(high * 16 + low);
                rest = after.get(2..).unwrap_or_default();
            }
            (byte, _, _) => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_form() {
        for (path, expected) in [
            ("./src/a.c", "src/a.c"),
            ("src\\a.c", "src/a.c"),
            ("file:///home/x/a%20b.c", "/home/x/a b.c"),
            ("file:///C:/x/a.c", "C:/x/a.c"),
            ("C:\\x\\a.c", "C:/x/a.c"),
            ("../a.c", "../a.c"),
            ("/a.c", "/a.c"),
            ("https://x/a\\b", "https://x/a\\b"),
            (".//a", "a"),
        ] {
            assert_eq!(normal(path), expected);
        }
        assert_eq!(decoded("100%/%C3%A9"), "100%/\u{e9}");
    }
}
