//! Private keys in PEM and OpenSSH's format.

use base64::{
    Engine,
    alphabet::STANDARD as ALPHABET,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::{Proof, Verdict, der};
use crate::rule::example::Random;

/// `-----BEGIN … PRIVATE KEY-----`: PKCS#1, PKCS#8 (RFC 5208), SEC 1 (RFC 5915), DSA, encrypted or not.
#[derive(Debug)]
pub(super) struct Pem;

/// `-----BEGIN OPENSSH PRIVATE KEY-----` (OpenSSH's PROTOCOL.key).
#[derive(Debug)]
pub(super) struct OpenSsh;

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// Base 64 as it stands in files: padding is optional, trailing bits are ignored.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The label of a PEM block and its decoded body; escapes of line breaks, quotes and white space are passed over.
fn block(value: &str) -> Option<(&str, Option<Vec<u8>>, bool)> {
    let (_, after) = value.split_once("-----BEGIN ")?;
    let (label, body) = after.split_once("-----")?;
    let body = body.split_once("-----END").map_or(body, |(body, _)| body);
    let is_encrypted = body.contains("ENCRYPTED") || label.contains("ENCRYPTED");
    let mut digits = String::with_capacity(body.len());
    for line in body.replace("\\r", "\n").replace("\\n", "\n").replace("\\\\", "\n").lines() {
        // A header such as `DEK-Info: AES-128-CBC,…`.
        if line.contains(": ") {
            continue;
        }
        digits.extend(line.chars().filter(|character| character.is_ascii_alphanumeric() || "+/=".contains(*character)));
    }
    Some((label, LENIENT.decode(digits.trim_end_matches('=')).ok().filter(|bytes| !bytes.is_empty()), is_encrypted))
}

impl Proof for Pem {
    fn name(&self) -> &'static str {
        "pem-private-key"
    }

    fn check(&self, value: &str) -> Verdict {
        let Some((label, Some(bytes), is_encrypted)) = block(value) else {
            return Verdict::Failed("its body is not in base 64: cut, altered or invented".to_owned());
        };
        if is_encrypted && !label.contains("ENCRYPTED") {
            return Verdict::Consistent("encrypted with a passphrase".to_owned());
        }
        let Some((SEQUENCE, content, [])) = der::element(&bytes) else {
            return Verdict::Failed("its body is no DER sequence: cut, altered or invented".to_owned());
        };
        if !der::is_well_formed(content, 3) {
            return Verdict::Failed("its body is broken DER: cut, altered or invented".to_owned());
        }
        let first = der::element(content).map(|(tag, _, _)| tag);
        match (is_encrypted, first) {
            (true, Some(SEQUENCE)) => Verdict::Proven("a whole key, encrypted with a passphrase".to_owned()),
            (false, Some(INTEGER)) => Verdict::Proven("parses as a whole, unencrypted private key".to_owned()),
            (true | false, _) => Verdict::Failed("its body is no private key".to_owned()),
        }
    }

    fn example(&self, prefix: &str, random: &mut Random) -> Option<String> {
        let label = prefix.strip_prefix("-----BEGIN ")?.strip_suffix("-----")?;
        let mut number = |length| {
            let mut bytes = random.bytes(length);
            bytes.insert(0, 0x01);
            der::write(INTEGER, &bytes)
        };
        let version = der::write(INTEGER, &[0]);
        let pkcs1 = {
            let numbers = [256, 3, 256, 128, 128, 128, 128, 128].map(&mut number).concat();
            der::write(SEQUENCE, &[version.clone(), numbers].concat())
        };
        let der = match label {
            "RSA PRIVATE KEY" | "DSA PRIVATE KEY" => pkcs1,
            "EC PRIVATE KEY" => {
                let public = der::write(0xa1, &der::write(0x03, &number(64)));
                der::write(SEQUENCE, &[der::write(INTEGER, &[1]), der::write(OCTET_STRING, &number(30)), public].concat())
            }
            // The algorithm is rsaEncryption, 1.2.840.113549.1.1.1, with NULL for its parameters.
            "PRIVATE KEY" => {
                let algorithm = der::write(SEQUENCE, &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0]);
                der::write(SEQUENCE, &[version, algorithm, der::write(OCTET_STRING, &pkcs1)].concat())
            }
            // PBES2, 1.2.840.113549.1.5.13; its parameters are left empty.
            "ENCRYPTED PRIVATE KEY" => {
                let algorithm = der::write(SEQUENCE, &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13, 0x30, 0]);
                der::write(SEQUENCE, &[algorithm, der::write(OCTET_STRING, &number(1200))].concat())
            }
            _ => return None,
        };
        Some(wrap(label, &der))
    }
}

fn wrap(label: &str, bytes: &[u8]) -> String {
    let body = base64::engine::general_purpose::STANDARD.encode(bytes);
    let mut text = format!("-----BEGIN {label}-----\n");
    for (index, character) in body.chars().enumerate() {
        if 0 < index && index % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str(&format!("\n-----END {label}-----"));
    text
}

const MAGIC: &[u8] = b"openssh-key-v1\0";

/// Reads a string of SSH's wire format (RFC 4251, section 5).
fn ssh_string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

fn ssh_text(content: &[u8]) -> Vec<u8> {
    [&u32::try_from(content.len()).unwrap_or(0).to_be_bytes()[..], content].concat()
}

/// Whether the key is encrypted, if it is a key at all.
fn openssh(bytes: &[u8]) -> Option<bool> {
    let (cipher, rest) = ssh_string(bytes.strip_prefix(MAGIC)?)?;
    let (_kdf, rest) = ssh_string(rest)?;
    let (_options, rest) = ssh_string(rest)?;
    let (n_keys, rest) = rest.split_first_chunk::<4>()?;
    let (_public, rest) = ssh_string(rest)?;
    let (private, _) = ssh_string(rest)?;
    if u32::from_be_bytes(*n_keys) != 1 {
        return None;
    }
    if cipher != b"none" {
        return Some(true);
    }
    // An unencrypted key starts with the same four bytes twice.
    let (first, rest) = private.split_first_chunk::<4>()?;
    let (second, _) = rest.split_first_chunk::<4>()?;
    (first == second).then_some(false)
}

impl Proof for OpenSsh {
    fn name(&self) -> &'static str {
        "openssh-private-key"
    }

    fn check(&self, value: &str) -> Verdict {
        match block(value).and_then(|(_, bytes, _)| openssh(&bytes?)) {
            Some(true) => Verdict::Proven("a whole key, encrypted with a passphrase".to_owned()),
            Some(false) => Verdict::Proven("parses as a whole, unencrypted private key".to_owned()),
            None => Verdict::Failed("its body is no OpenSSH key: cut, altered or invented".to_owned()),
        }
    }

    fn example(&self, prefix: &str, random: &mut Random) -> Option<String> {
        let label = prefix.strip_prefix("-----BEGIN ")?.strip_suffix("-----")?;
        let public = [ssh_text(b"ssh-ed25519"), ssh_text(&random.bytes(32))].concat();
        let check = random.bytes(4);
        let private = [check.clone(), check, public.clone(), ssh_text(&random.bytes(64)), ssh_text(b"nobody"), vec![1, 2, 3]].concat();
        let bytes =
            [MAGIC.to_vec(), ssh_text(b"none"), ssh_text(b"none"), ssh_text(b""), vec![0, 0, 0, 1], ssh_text(&public), ssh_text(&private)];
        Some(wrap(label, &bytes.concat()))
    }
}
