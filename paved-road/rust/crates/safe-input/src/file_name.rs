//! Names of files from outside (CWE-22), safe on every system.

use bartizan_paved_spec::{Reason, Refused, is_longer, limits, refuse};

/// Checks one name.
///
/// # Errors
/// A reason that begins with `name-`.
pub fn check_file_name(name: &str) -> Result<&str, Refused> {
    if name.is_empty() {
        return refuse(Reason::NameEmpty);
    }
    if is_longer(name, limits::FILE_NAME_CHARS) {
        return refuse(Reason::NameTooLong);
    }
    if name.chars().any(is_never_in_a_name) {
        return refuse(Reason::NameCharacter);
    }
    if name == "." || name == ".." || is_device(name) {
        return refuse(Reason::NameReserved);
    }
    if name.starts_with(['.', ' ']) || name.ends_with(['.', ' ']) {
        return refuse(Reason::NameHidden);
    }
    Ok(name)
}

/// Separators, what Windows gives a meaning, and what can't be seen: controls, formats, line and paragraph separators.
fn is_never_in_a_name(char: char) -> bool {
    char.is_control() || r#"/\:*?"<>|"#.contains(char) || INVISIBLE.iter().any(|(first, last)| (*first..=*last).contains(&char))
}

/// Unicode's categories Cf, Zl and Zp (Unicode 16).
const INVISIBLE: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{180e}', '\u{180e}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{2064}'),
    ('\u{2066}', '\u{206f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0001}', '\u{e0001}'),
    ('\u{e0020}', '\u{e007f}'),
];

/// What Windows opens as a device, whatever stands after the first dot.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_numbered =
        |front: &str| stem.strip_prefix(front).is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|digit| digit.is_ascii_digit()));
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || is_numbered("com") || is_numbered("lpt")
}

/// Splits a relative path into names. Nothing is normalized: a path that goes up is refused, even if it comes back.
///
/// # Errors
/// `path-empty`, `path-escapes`, or what `check_file_name` says of a name.
pub fn check_relative_path(text: &str) -> Result<Vec<&str>, Refused> {
    if text.is_empty() {
        return refuse(Reason::PathEmpty);
    }
    if text.split('/').any(|part| part == "." || part == "..") || text.starts_with('/') {
        return refuse(Reason::PathEscapes);
    }
    text.split('/').map(check_file_name).collect()
}

/// Opens an existing file below a folder, for reading. No symbolic link is followed: every name is opened in the folder that was
/// opened before it, so that nobody can exchange one in between.
///
/// # Errors
/// `PermissionDenied` with the refusal inside if the path is none; else what the system says.
#[cfg(unix)]
pub fn open_below(folder: &std::path::Path, relative: &str) -> std::io::Result<std::fs::File> {
    use rustix::fs::{CWD, Mode, OFlags, openat};

    let names = check_relative_path(relative).map_err(|refused| std::io::Error::new(std::io::ErrorKind::PermissionDenied, refused))?;
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let mut at = openat(CWD, folder, OFlags::RDONLY | OFlags::CLOEXEC | OFlags::DIRECTORY, Mode::empty())?;
    let Some((file, folders)) = names.split_last() else { return Err(std::io::ErrorKind::NotFound.into()) };
    for name in folders {
        at = openat(&at, *name, flags | OFlags::DIRECTORY, Mode::empty())?;
    }
    // A pipe would be waited for.
    let file = std::fs::File::from(openat(&at, *file, flags | OFlags::NONBLOCK, Mode::empty())?);
    if file.metadata()?.is_file() { Ok(file) } else { Err(std::io::ErrorKind::InvalidInput.into()) }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn no_link_leads_out_of_the_folder() {
        let folder = std::env::temp_dir().join(format!("paved-open-below-{}", std::process::id()));
        let inside = folder.join("inside");
        std::fs::create_dir_all(inside.join("deep")).unwrap();
        std::fs::write(folder.join("secret.txt"), "secret").unwrap();
        std::fs::write(inside.join("deep/a.txt"), "a").unwrap();
        std::os::unix::fs::symlink("../secret.txt", inside.join("link.txt")).unwrap();
        std::os::unix::fs::symlink("..", inside.join("up")).unwrap();

        let mut text = String::new();
        open_below(&inside, "deep/a.txt").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "a");
        for bad in ["link.txt", "up/secret.txt", "../secret.txt", "/etc/passwd", "deep", "", "deep/../deep/a.txt"] {
            assert!(open_below(&inside, bad).is_err(), "{bad}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
