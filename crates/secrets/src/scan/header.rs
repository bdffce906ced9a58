//! Credentials in HTTP's `Authorization` header (RFC 7617, RFC 6750) and on command lines.

use bartizan_core::ByteRange;
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{FileScan, Layer};
use crate::context::{bits_per_character, placeholder, shannon_entropy};

/// The longest credential, in bytes.
const MAX_BYTES: usize = 2048;

impl FileScan<'_> {
    /// Reads what follows `Basic ` or `Bearer `.
    pub(super) fn header(&mut self, layer: &Layer<'_>, hit: ByteRange, rule: usize) {
        let bytes = layer.text.as_bytes();
        let stands_alone = hit.start().checked_sub(1).and_then(|place| bytes.get(place)).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let rest = bytes.get(hit.end()..).unwrap_or_default();
        let is_token = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte);
        let length = rest.iter().take(MAX_BYTES).take_while(is_token).count();
        let range = ByteRange::new(hit.end(), hit.end() + length);
        let Some(value) = layer.text.get(range.start()..range.end()) else { return };
        if !stands_alone || placeholder::kind(value).is_some() || placeholder::is_made_up(value) {
            return;
        }
        let is_basic = bytes.get(hit.start()).is_some_and(|byte| byte.eq_ignore_ascii_case(&b'b'))
            && bytes.get(hit.start() + 1).is_some_and(|byte| byte.eq_ignore_ascii_case(&b'a'));
        if is_basic {
            let decoded = STANDARD.decode(value).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let Some((_, password)) = decoded.as_deref().and_then(|text| text.split_once(':')) else { return };
            if 2 <= password.len() && placeholder::kind(password).is_none() && !password.contains(char::is_control) {
                self.structural(layer, range, rule, "decodes to a user and a password", "");
            }
            return;
        }
        const MIN_BEARER_BYTES: usize = 16;
        const MIN_BITS: f32 = 4.6;
        const MIN_ENTROPY: f64 = 3.2;
        let has_digit = value.bytes().any(|byte| byte.is_ascii_digit());
        let is_random = MIN_BITS <= bits_per_character(value) || MIN_ENTROPY <= shannon_entropy(value.as_bytes());
        if MIN_BEARER_BYTES <= value.len() && has_digit && is_random {
            self.structural(layer, range, rule, "stands where a request holds its token, and looks random", "");
        }
    }

    /// Reads `-u user:password`, `-p password` and their like behind a command.
    pub(super) fn command_line(&mut self, layer: &Layer<'_>, hit: ByteRange, rule: usize) {
        const MAX_LINE_BYTES: usize = 600;
        let bytes = layer.text.as_bytes();
        let end = crate::assignment::line_end(bytes, hit.end()).min(hit.end() + MAX_LINE_BYTES);
        let command = bytes.get(hit.start()..hit.end()).unwrap_or_default().to_ascii_lowercase();
        let Some(rest) = bytes.get(hit.end()..end) else { return };
        let options: &[&[u8]] = match &*command {
            b"curl" => &[b" -u ", b" --user ", b" -u", b" --user="],
            b"sshpass" => &[b" -p ", b" -p"],
            b"mysql" => &[b" -p"],
            b"wget" => &[b" --password=", b" --http-password="],
            _ => &[b" -p "],
        };
        let Some(start) = options.iter().find_map(|option| memchr::memmem::find(rest, option).map(|place| place + option.len())) else {
            return;
        };
        let Some(argument) = rest.get(start..) else { return };
        let (skip, argument) = match argument.first() {
            Some(quote @ (b'"' | b'\'')) => {
                (1, argument.get(1..).and_then(|rest| rest.split(|byte| byte == quote).next()).unwrap_or_default())
            }
            Some(_) | None => {
                (0, argument.split(|byte| byte.is_ascii_whitespace() || b"\"'`;|<>\\)".contains(byte)).next().unwrap_or_default())
            }
        };
        let user = if &*command == b"curl" {
            let Some(colon) = argument.iter().position(|&byte| byte == b':') else { return };
            colon + 1
        } else {
            0
        };
        let from = hit.end() + start + skip + user;
        let range = ByteRange::new(from, hit.end() + start + skip + argument.len());
        let Some(value) = layer.text.get(range.start()..range.end()) else { return };
        const DESCRIPTIONS: [&str; 12] =
            ["password", "pass", "passwd", "pwd", "token", "secret", "key", "api_key", "apikey", "xxx", "pw", "your"];
        let lower = value.to_ascii_lowercase();
        let is_described =
            DESCRIPTIONS.contains(&lower.as_str()) || value.starts_with(['$', '<', '[', '-', '%', '{', '@']) || value.contains("${");
        if 4 <= value.len() && !is_described && placeholder::kind(value).is_none() {
            self.structural(layer, range, rule, "stands where the command takes a password", "");
        }
    }
}
