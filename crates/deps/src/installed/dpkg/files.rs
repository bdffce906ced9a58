//! Reads which files dpkg's packages brought: `var/lib/dpkg/info/*.list`, and `status.d/*.md5sums` of images without dpkg.

use crate::{Claim, Parsed, Read, Reader, Role, SourceText, System, installed};

/// `var/lib/dpkg/info/*.list`.
pub(crate) static READER: Reader = Reader { name: "files of dpkg", claims: &[Claim::Like(is_for)], read: Read::Text(read) };

fn is_for(path: &str) -> bool {
    let is_list = path.ends_with(".list") && path.contains("var/lib/dpkg/info/");
    let is_sums = path.ends_with(".md5sums") && path.contains("var/lib/dpkg/status.d/");
    (is_list || is_sums) && installed::below_root(path).is_some_and(|path| path.starts_with("var/lib/dpkg/"))
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut system = System::default();
    for line in source.text.lines() {
        // A list names one path a line; sums stand before it, and two blanks.
        let path = line.split_once("  ").map_or(line, |(_, path)| path);
        installed::own(&mut system.owned, path);
    }
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Installed;
    parsed.inventory.system = (!system.owned.is_empty()).then(|| Box::new(system));
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::SourceText;

    #[test]
    fn only_files_that_speak_of_packages_are_noted() {
        let owned = |path, text| READER.read_text(&SourceText { path, text }).unwrap().inventory.system.map(|system| system.owned);
        let list = "/.\n/usr/lib/python3/dist-packages/a-1.egg-info\n/usr/lib/python3/dist-packages/a/b.py\n";
        assert_eq!(owned("var/lib/dpkg/info/a.list", list), Some(vec!["lib/python3/dist-packages/a-1.egg-info".to_owned()]));
        assert_eq!(owned("var/lib/dpkg/info/b.list", "/.\n/usr\n"), None);
        let sums = "0123  usr/lib/python3/dist-packages/a-1.dist-info/METADATA\n";
        assert_eq!(owned("var/lib/dpkg/status.d/a.md5sums", sums).map(|owned| owned.len()), Some(1));
    }
}
