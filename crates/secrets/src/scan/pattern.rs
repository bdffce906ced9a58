//! Patterns around keywords.

use bartizan_core::ByteRange;
use regex_automata::{Anchored, Input, util::captures::Captures};

use super::{FileScan, Layer};
use crate::{
    context::{placeholder, shannon_entropy},
    rule::{Boundary, Find},
};

impl FileScan<'_> {
    /// Runs a rule's pattern where a match can be that holds this keyword.
    pub(super) fn pattern(&mut self, layer: &Layer<'_>, hit: ByteRange, rule_index: usize, keyword: usize, searched: &mut [usize]) {
        let Some(rule) = self.engine.rules.get(rule_index) else { return };
        let Find::Pattern { pattern, boundary, keywords } = &rule.find else { return };
        let Some((regex, window)) = pattern.with_window(keywords) else { return };
        let Some(&(least, greatest)) = window.before.get(keyword) else { return };
        let Some(searched_to) = searched.get_mut(rule_index) else { return };
        let bytes = layer.text.as_bytes();
        let Some(last_start) = hit.start().checked_sub(least) else { return };
        let mut start = hit.start().saturating_sub(greatest).max(*searched_to);
        let end = (last_start + window.max_len).min(bytes.len());
        let anchored = if least == greatest { Anchored::Yes } else { Anchored::No };
        while start <= last_start {
            let mut captures = regex.create_captures();
            regex.search_captures(&Input::new(bytes).span(start..end).anchored(anchored), &mut captures);
            let Some(found) = captures.get_match() else { return };
            if last_start < found.start() {
                return;
            }
            start = found.start() + 1;
            let is_whole = *boundary == Boundary::None || stands_alone(bytes, found.start(), found.end());
            let secret = secret_span(&captures).unwrap_or_else(|| found.span());
            let value = layer.text.get(secret.start..secret.end).unwrap_or_default();
            if is_whole && !value.is_empty() {
                *searched_to = found.end();
                start = found.end().max(start);
                let is_random = rule.entropy.is_none_or(|entropy| entropy <= shannon_entropy(value.as_bytes()));
                let prefix = keywords
                    .get(keyword)
                    .and_then(|keyword| value.get(..keyword.len()).filter(|prefix| prefix.eq_ignore_ascii_case(keyword)));
                let is_block = value.starts_with("-----BEGIN") || value.contains('{');
                let body = value.get(prefix.map_or(0, str::len)..).unwrap_or_default();
                if is_random && (is_block || !placeholder::is_made_up(body)) {
                    let prefix = prefix.unwrap_or_default();
                    self.structural(
                        layer,
                        ByteRange::from(secret.start..secret.end),
                        rule_index,
                        "has the shape that its issuer documents",
                        prefix,
                    );
                }
            }
            if anchored == Anchored::Yes {
                return;
            }
        }
    }
}

/// The group `secret`, else the whole match.
fn secret_span(captures: &Captures) -> Option<regex_automata::Span> {
    captures.get_group_by_name("secret").or_else(|| captures.get_group(0))
}

/// Whether a match is not part of a longer word. The letter of an escape sequence before it (`\n`) is not part of it.
fn stands_alone(bytes: &[u8], start: usize, end: usize) -> bool {
    let first = bytes.get(start);
    let before = start.checked_sub(1).and_then(|place| bytes.get(place));
    let is_escape =
        before.is_some_and(|byte| b"nrtbf".contains(byte)) && start.checked_sub(2).and_then(|place| bytes.get(place)) == Some(&b'\\');
    // The two digits of a percent escape: `%3D`.
    let is_percent = start
        .checked_sub(3)
        .and_then(|place| bytes.get(place..start))
        .is_some_and(|escape| matches!(escape, [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit()));
    let joins_left =
        first.is_some_and(u8::is_ascii_alphanumeric) && before.is_some_and(u8::is_ascii_alphanumeric) && !is_escape && !is_percent;
    let joins_right = bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && end
            .checked_sub(1)
            .and_then(|place| bytes.get(place))
            .is_some_and(|last| last.is_ascii_alphanumeric() || matches!(last, b'_' | b'-'));
    !joins_left && !joins_right
}
