//! What an attestation is about: `NAME=sha256:HEX`, a file, or a commit.

use std::{
    fs::File,
    io::{self, BufReader, Read as _},
    path::Path,
};

use bartizan_formats::sbom::Subject;
use sha2::{Digest as _, Sha256};

use crate::{
    args::InputArgs,
    failure::{Failure, Outcome},
    text,
};

/// Reads `NAME=ALGORITHM:HEX`.
pub(super) fn parse(argument: &str) -> Result<Subject, String> {
    let (name, digest) = argument.rsplit_once('=').ok_or("expected NAME=sha256:HEX")?;
    let (algorithm, digest) = digest.split_once(':').ok_or("expected an algorithm and a digest: NAME=sha256:HEX")?;
    let n_digits = match algorithm {
        "gitCommit" | "sha1" => 40,
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        other => return Err(format!("unknown algorithm `{other}`; expected one of: sha256, sha384, sha512, sha1, gitCommit")),
    };
    let is_digest = digest.bytes().all(|byte| byte.is_ascii_hexdigit())
        && (digest.len() == n_digits || (algorithm == "gitCommit" && digest.len() == 64));
    if name.is_empty() || !is_digest {
        return Err(format!("expected a name, and {n_digits} hexadecimal digits behind `{algorithm}:`"));
    }
    Ok(Subject { name: name.to_owned(), algorithm: algorithm.to_owned(), digest: digest.to_ascii_lowercase() })
}

/// The subject that an input has by itself: a file's content.
pub(super) fn of_input(input: &InputArgs) -> Outcome<Subject> {
    if !input.path.is_file() {
        let message = format!("a statement needs a subject, and `{}` is no file that could be one", text::path(&input.path));
        let help = "name what the bill is of: --subject NAME=sha256:HEX, or --subject NAME=gitCommit:HEX for a checkout";
        return Err(Failure::bad_input("no-subject", message).with_help(help).into());
    }
    let digest = digest(&input.path).map_err(|error| Failure::unreadable(&input.path, &error))?;
    let name = input.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Subject { name, algorithm: "sha256".to_owned(), digest })
}

fn digest(path: &Path) -> io::Result<String> {
    const BUFFER_BYTES: usize = 1 << 16;
    let mut file = BufReader::with_capacity(BUFFER_BYTES, File::open(path)?);
    let mut hash = Sha256::new();
    let mut buffer = [0; 8192];
    loop {
        let n_read = file.read(&mut buffer)?;
        if n_read == 0 {
            break;
        }
        hash.update(buffer.get(..n_read).unwrap_or_default());
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_subject_has_a_name_and_a_digest_of_the_right_length() {
        let digest = "Ab".repeat(32);
        assert!(
            parse(&format!("shop=1=sha256:{digest}")).is_ok_and(|subject| subject.name == "shop=1" && subject.digest == "ab".repeat(32))
        );
        assert!(parse(&format!("shop=gitCommit:{}", "0".repeat(40))).is_ok());
        for wrong in ["shop", "shop=", "shop=sha256", "shop=sha256:ab", "shop=md9:ab", &format!("=sha256:{digest}")] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
