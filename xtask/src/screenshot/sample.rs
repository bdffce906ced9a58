//! The project that the picture shows: a small shop with credentials that nobody issued.
//!
//! The values are made when they are needed, so that no file of this repository holds something that looks live.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

const ALPHANUMERIC: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Writes the files.
pub(super) fn write(root: &Path) -> Result<()> {
    let mut random = Random(7);
    let token = github_token(&random.text(ALPHANUMERIC, 30));
    let password = random.text(ALPHANUMERIC, 14);
    let files = [
        ("CODEOWNERS", "*         @shop/platform\n/deploy/  @shop/operations\n/web/     @shop/frontend\n".to_owned()),
        ("deploy/release.sh", format!("#!/bin/sh\nset -eu\nexport GITHUB_TOKEN={token}\ngh release create \"$1\" --generate-notes\n")),
        (
            "web/settings.py",
            format!(
                "DEBUG = False\nDATABASE_URL = \"postgresql://shop:{password}@db.internal:5432/orders\"\nPASSWORD_HASHERS = [\"argon2\"]\n"
            ),
        ),
        ("web/README.md", "Set `DATABASE_URL=postgresql://user:password@localhost/orders` before you start.\n".to_owned()),
    ];
    for (path, text) in files {
        let file = root.join(path);
        let folder = file.parent().unwrap_or(root);
        fs::create_dir_all(folder).with_context(|| format!("can't create {}", folder.display()))?;
        fs::write(&file, text).with_context(|| format!("can't write {}", file.display()))?;
    }
    Ok(())
}

/// A classic personal access token: its last six characters are a checksum of the others, in base 62.
fn github_token(random: &str) -> String {
    let mut checksum = crc32(random.as_bytes());
    let mut digits = Vec::new();
    for _ in 0..6 {
        let digit = usize::try_from(checksum % 62).unwrap_or(0);
        digits.extend(ALPHANUMERIC.get(digit).map(|&byte| char::from(byte)));
        checksum /= 62;
    }
    digits.iter().rev().fold(format!("gh{}{random}", "p_"), |mut token, &digit| {
        token.push(digit);
        token
    })
}

/// The checksum of IEEE 802.3, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |checksum, &byte| {
        (0..8).fold(checksum ^ u32::from(byte), |checksum, _| (checksum >> 1) ^ (0xedb8_8320 & (checksum & 1).wrapping_neg()))
    })
}

/// The same values every time: a linear congruential generator, with Knuth's constants.
struct Random(u64);

impl Random {
    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .filter_map(|_| {
                self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let index = usize::try_from(self.0 >> 33).unwrap_or(0) % alphabet.len();
                alphabet.get(index).map(|&byte| char::from(byte))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_ieee_802_3() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(github_token(&"a".repeat(30)).len(), 40);
    }
}
