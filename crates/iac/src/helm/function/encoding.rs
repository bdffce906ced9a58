//! Encodings, hashes, documents, paths and addresses.

use std::fmt::Write as _;

use base64::Engine as _;
use sha2::Digest as _;

use super::{Args, Eval, Function, Kind, Machine, Map, Val, exactly, fail, members};
use crate::helm::{
    data::{json, toml, yaml},
    text::Text,
    value::Key,
};

const INDENTED: json::Style = json::Style { is_indented: true, is_raw: false };
const RAW: json::Style = json::Style { is_indented: false, is_raw: true };
const DENSE: json::Style = json::Style { is_indented: false, is_raw: false };

pub(super) const FUNCTIONS: &[Function] = &[
    exactly(1, "b64enc", |_, args| args.made(base64::engine::general_purpose::STANDARD.encode(args.str(0)?))),
    exactly(1, "b64dec", |_, args| match base64::engine::general_purpose::STANDARD.decode(args.str(0)?.replace(['\r', '\n'], "")) {
        Ok(bytes) => args.made(String::from_utf8_lossy(&bytes).into_owned()),
        Err(_) => args.made("illegal base64 data at input byte 0"),
    }),
    exactly(1, "b32enc", |_, args| args.made(base32(args.str(0)?.as_bytes()))),
    exactly(1, "b32dec", |_, args| match unbase32(args.str(0)?) {
        Some(bytes) => args.made(String::from_utf8_lossy(&bytes).into_owned()),
        None => args.made("illegal base32 data at input byte 0"),
    }),
    exactly(1, "sha1sum", |_, args| args.made(hex(&sha1(args.str(0)?.as_bytes())))),
    exactly(1, "sha256sum", |_, args| args.made(hex(&sha2::Sha256::digest(args.str(0)?)))),
    exactly(1, "sha512sum", |_, args| args.made(hex(&sha2::Sha512::digest(args.str(0)?)))),
    exactly(1, "adler32sum", |_, args| {
        let (a, b) = args.str(0)?.bytes().fold((1_u32, 0_u32), |(a, b), byte| {
            let a = (a + u32::from(byte)) % 65_521;
            (a, (b + a) % 65_521)
        });
        args.made(((b << 16) | a).to_string())
    }),
    exactly(1, "toJson", |machine, args| lenient(args, json::write(&machine.heap, &args.get(0), DENSE))),
    exactly(1, "mustToJson", |machine, args| args.made(json::write(&machine.heap, &args.get(0), DENSE)?)),
    exactly(1, "toPrettyJson", |machine, args| lenient(args, json::write(&machine.heap, &args.get(0), INDENTED))),
    exactly(1, "mustToPrettyJson", |machine, args| args.made(json::write(&machine.heap, &args.get(0), INDENTED)?)),
    exactly(1, "toRawJson", |machine, args| args.made(json::write(&machine.heap, &args.get(0), RAW)?)),
    exactly(1, "mustToRawJson", |machine, args| args.made(json::write(&machine.heap, &args.get(0), RAW)?)),
    exactly(1, "fromJson", |machine, args| {
        let read = json::read(machine, args.str(0)?, args.key());
        expecting(machine, read, Wanted::Map)
    }),
    exactly(1, "fromJsonArray", |machine, args| {
        let read = json::read(machine, args.str(0)?, args.key());
        expecting(machine, read, Wanted::List)
    }),
    exactly(1, "mustFromJson", |machine, args| Ok(json::read(machine, args.str(0)?, args.key())?)),
    exactly(1, "toYaml", |machine, args| yaml_text(machine, args, yaml::Style::Compact).or_else(|failure| empty(args, failure))),
    exactly(1, "mustToYaml", |machine, args| yaml_text(machine, args, yaml::Style::Compact)),
    exactly(1, "toYamlPretty", |machine, args| yaml_text(machine, args, yaml::Style::Indented).or_else(|failure| empty(args, failure))),
    exactly(1, "fromYaml", |machine, args| {
        let read = from_yaml(machine, args)?;
        expecting(machine, read, Wanted::Map)
    }),
    exactly(1, "fromYamlArray", |machine, args| {
        let read = from_yaml(machine, args)?;
        expecting(machine, read, Wanted::List)
    }),
    exactly(1, "toToml", |machine, args| match toml::write(&machine.heap, &args.get(0)) {
        Ok(text) => args.made(text),
        Err(failure) => args.made(failure.message),
    }),
    exactly(1, "mustToToml", |machine, args| args.made(toml::write(&machine.heap, &args.get(0))?)),
    exactly(1, "fromToml", |machine, args| {
        let read = toml::read(machine, args.str(0)?, args.key());
        expecting(machine, read, Wanted::Map)
    }),
    exactly(1, "base", |_, args| args.made(base(args.str(0)?))),
    exactly(1, "dir", |_, args| args.made(dir(args.str(0)?))),
    exactly(1, "clean", |_, args| args.made(clean(args.str(0)?))),
    exactly(1, "ext", |_, args| args.made(ext(args.str(0)?))),
    exactly(1, "isAbs", |_, args| Ok(Val::bool(args.str(0)?.starts_with('/')))),
    exactly(1, "osBase", |_, args| args.made(base(args.str(0)?))),
    exactly(1, "osDir", |_, args| args.made(dir(args.str(0)?))),
    exactly(1, "osClean", |_, args| args.made(clean(args.str(0)?))),
    exactly(1, "osExt", |_, args| args.made(ext(args.str(0)?))),
    exactly(1, "osIsAbs", |_, args| Ok(Val::bool(args.str(0)?.starts_with('/')))),
    exactly(1, "urlParse", url_parse),
    exactly(1, "urlJoin", url_join),
];

/// What a document is read as.
#[derive(Clone, Copy)]
enum Wanted {
    Map,
    List,
}

/// Helm puts the error of a document into what it gives.
fn expecting(machine: &mut Machine, read: Result<Val, String>, wanted: Wanted) -> Eval<Val> {
    let message = match (read, wanted) {
        (Ok(val), Wanted::Map) if val.as_map().is_some() => return Ok(val),
        (Ok(val), Wanted::List) if matches!(val.kind, Kind::List(_)) => return Ok(val),
        (Ok(val), Wanted::Map) if val.is_nil() => return Ok(machine.heap.new_map(Map::new())),
        (Ok(val), Wanted::List) if val.is_nil() => return Ok(machine.heap.new_list(Vec::new())),
        (Ok(val), wanted) => {
            let found = match val.kind {
                Kind::Map(_) => "object",
                Kind::List(_) => "array",
                Kind::Str(_) => "string",
                Kind::Bool(_) => "bool",
                _ => "number",
            };
            let wanted = if matches!(wanted, Wanted::Map) { "map[string]interface {}" } else { "[]interface {}" };
            format!("json: cannot unmarshal {found} into Go value of type {wanted}")
        }
        (Err(message), _) => message,
    };
    Ok(match wanted {
        Wanted::Map => machine.heap.texts(&[("Error", &message)]),
        Wanted::List => machine.heap.new_list(vec![Val::text(message)]),
    })
}

fn from_yaml(machine: &mut Machine, args: &Args<'_>) -> Eval<Result<Val, String>> {
    let text = args.text(0)?.clone();
    machine.charge_bytes(text.as_str().len())?;
    let fallback = args.key();
    // What was printed from a value keeps its key when it is read again.
    let key_at = |at: usize| {
        let marks = text.marks();
        let index = marks.partition_point(|mark| mark.at <= at);
        let key = index.checked_sub(1).and_then(|index| marks.get(index)).map_or(Key::NONE, |mark| mark.origin.key);
        if key.is_none() { fallback } else { key }
    };
    Ok(yaml::read(machine, text.as_str(), fallback, &mut |_, _, range| key_at(range.start())))
}

fn yaml_text(machine: &mut Machine, args: &Args<'_>, style: yaml::Style) -> Eval<Val> {
    let text = yaml::write(&machine.heap, &args.get(0), style)?;
    machine.charge_bytes(text.as_str().len())?;
    machine.charge(text.as_str().len() / 16)?;
    args.made(text)
}

/// What can't be written is nothing, but a limit is a limit.
fn empty(args: &Args<'_>, failure: Box<crate::helm::failure::Failure>) -> Eval<Val> {
    if failure.is_limit { Err(failure) } else { args.made("") }
}

fn lenient(args: &Args<'_>, written: Eval<String>) -> Eval<Val> {
    written.map_or_else(|failure| empty(args, failure), |text| args.made(text))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// RFC 3174, for the one place where somebody still asks for it.
fn sha1(bytes: &[u8]) -> Vec<u8> {
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend_from_slice(&(bytes.len() as u64).wrapping_mul(8).to_be_bytes());
    for block in padded.chunks_exact(64) {
        let mut words: Vec<u32> =
            block.chunks_exact(4).map(|four| four.iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte))).collect();
        for at in 16..80_usize {
            let word = |back: usize| words.get(at - back).copied().unwrap_or(0);
            words.push((word(3) ^ word(8) ^ word(14) ^ word(16)).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (at, word) in words.iter().enumerate() {
            let (f, k) = match at {
                0..20 => ((b & c) | (!b & d), 0x5a82_7999),
                20..40 => (b ^ c ^ d, 0x6ed9_eba1),
                40..60 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let next = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (sum, part) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(part);
        }
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// RFC 4648, section 6.
fn base32(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(5) {
        let mut bits = chunk.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        bits <<= 8 * (5 - chunk.len());
        let letters = (chunk.len() * 8).div_ceil(5);
        for index in 0..8_usize {
            let five = usize::try_from((bits >> (35 - 5 * index)) & 31).unwrap_or(0);
            out.push(if index < letters { BASE32.get(five).copied().map_or('=', char::from) } else { '=' });
        }
    }
    out
}

fn unbase32(text: &str) -> Option<Vec<u8>> {
    let text = text.replace(['\r', '\n'], "");
    let letters = text.trim_end_matches('=');
    if text.len() % 8 != 0 {
        return None;
    }
    let (mut bits, mut n, mut out) = (0_u32, 0_u32, Vec::new());
    for byte in letters.bytes() {
        let five = BASE32.iter().position(|letter| *letter == byte)?;
        bits = ((bits << 5) | u32::try_from(five).ok()?) & 0xfff;
        n += 5;
        if 8 <= n {
            n -= 8;
            out.push(u8::try_from((bits >> n) & 0xff).ok()?);
        }
    }
    Some(out)
}

/// Go's `path.Clean`.
pub(in crate::helm) fn clean(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if is_absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (is_absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// Go's `path.Base`.
pub(in crate::helm) fn base(path: &str) -> String {
    if path.is_empty() {
        return ".".to_owned();
    }
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() { "/".to_owned() } else { trimmed.rsplit('/').next().unwrap_or_default().to_owned() }
}

fn dir(path: &str) -> String {
    clean(path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or_default())
}

fn ext(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rfind('.').and_then(|at| name.get(at..)).unwrap_or_default().to_owned()
}

fn url_parse(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let text = args.str(0)?;
    let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    let (scheme, rest) = rest.split_once(':').filter(|(scheme, _)| is_scheme(scheme)).unwrap_or(("", rest));
    let (authority, path, opaque) = match rest.strip_prefix("//") {
        Some(rest) => {
            let at = rest.find('/').unwrap_or(rest.len());
            (rest.get(..at).unwrap_or_default(), rest.get(at..).unwrap_or_default(), "")
        }
        None if !scheme.is_empty() && !rest.starts_with('/') => ("", "", rest),
        None => ("", rest, ""),
    };
    let (userinfo, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let hostname = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let scheme = scheme.to_ascii_lowercase();
    let pairs = [
        ("scheme", scheme.as_str()),
        ("host", host),
        ("hostname", hostname),
        ("path", path),
        ("query", query),
        ("opaque", opaque),
        ("fragment", fragment),
        ("userinfo", userinfo),
    ];
    Ok(machine.heap.texts(&pairs).keyed(args.key()))
}

fn url_join(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let map = members(machine, args.map(0)?);
    let part = |name: &str| -> Eval<String> {
        match map.get(name).map(|val| (val.as_text(), val)) {
            None => Ok(String::new()),
            Some((Some(text), _)) => Ok(text.as_str().to_owned()),
            Some((None, val)) => fail(format!("unable to parse {name} key, must be of type string, but {} found", val.kind_name())),
        }
    };
    let mut out = String::new();
    let (scheme, opaque, host, user, path) = (part("scheme")?, part("opaque")?, part("host")?, part("userinfo")?, part("path")?);
    if !scheme.is_empty() {
        let _ = write!(out, "{scheme}:");
    }
    if !opaque.is_empty() {
        out.push_str(&opaque);
    } else {
        if !scheme.is_empty() || !host.is_empty() || !user.is_empty() {
            if !host.is_empty() || !path.is_empty() || !user.is_empty() {
                out.push_str("//");
            }
            if !user.is_empty() {
                let _ = write!(out, "{user}@");
            }
            out.push_str(&host);
        }
        if !path.is_empty() && !path.starts_with('/') && !host.is_empty() {
            out.push('/');
        }
        out.push_str(&path);
    }
    for (sign, name) in [('?', "query"), ('#', "fragment")] {
        let value = part(name)?;
        if !value.is_empty() {
            let _ = write!(out, "{sign}{value}");
        }
    }
    args.made(Text::from(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_and_encodings_are_those_of_their_documents() {
        assert_eq!(hex(&sha1(b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI======");
        assert_eq!(unbase32("MZXW6YTBOI======").unwrap(), b"foobar");
        assert_eq!(base32(b""), "");
        assert_eq!(clean("a/../b//c/."), "b/c");
        assert_eq!(dir("/a/b"), "/a");
        assert_eq!(ext("a/b.tar.gz"), ".gz");
    }
}
