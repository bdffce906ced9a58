//! Reads `os-release`, which says what system this is: <https://www.freedesktop.org/software/systemd/man/latest/os-release.html>.

use crate::{Claim, Parsed, Read, Reader, Role, SourceText, System};

/// `etc/os-release`.
pub(crate) static READER: Reader =
    Reader { name: "os-release", claims: &[Claim::Root("etc/os-release"), Claim::Root("usr/lib/os-release")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let value = |name: &str| {
        let line = source.text.lines().find_map(|line| line.trim().strip_prefix(name)?.strip_prefix('='));
        line.map(|value| value.trim_matches(['"', '\'']).to_owned()).filter(|value| !value.is_empty())
    };
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Installed;
    let release = value("VERSION_ID").or_else(|| value("VERSION_CODENAME")).unwrap_or_default();
    parsed.inventory.system = value("ID").map(|id| Box::new(System { id, release, owned: Vec::new() }));
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::{SourceText, System};

    #[test]
    fn the_distribution_and_its_release_are_known() {
        let system = |text| READER.read_text(&SourceText { path: "etc/os-release", text }).unwrap().inventory.system;
        let of = |id: &str, release: &str| Some(Box::new(System { id: id.to_owned(), release: release.to_owned(), owned: Vec::new() }));
        assert_eq!(system("NAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nID=debian\n"), of("debian", "12"));
        assert_eq!(system("ID=\"debian\"\nVERSION_CODENAME=trixie\n"), of("debian", "trixie"));
        assert_eq!(system("ID=arch"), of("arch", ""));
        assert_eq!(system("nothing"), None);
    }
}
