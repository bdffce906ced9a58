//! How far a rule of a firewall opens: who may come, and to which ports. What the checks of several clouds share.
//!
//! Every question is answered by a verdict: `Fail` is dangerous, `Pass` is harmless. A rule is bad where all of its parts are
//! dangerous (`Verdict::or`), a list of rules where one of them is (`Verdict::and`).

use std::net::IpAddr;

use serde::Deserialize;

use crate::{Cause, Kind, Place, Value, Verdict, value::number_text};

/// The last port there is.
const LAST_PORT: u32 = 65_535;
/// A range of more ports than this is no list of services any more.
const WIDE_RANGE: u32 = 30;

/// Who may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Peers {
    /// All addresses.
    #[default]
    Anyone,
    /// A network of public addresses, but not all of them.
    Public,
    /// A whole private network.
    Private,
}

/// Which ports are meant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Ports {
    /// Whichever.
    #[default]
    Any,
    /// All of them at once.
    All,
    /// A long range of them.
    Wide,
    /// One of these.
    #[serde(untagged)]
    Of(Vec<u32>),
}

impl Peers {
    /// Whether a text names such peers: an address, a network, or a name that a cloud gives to all.
    pub(crate) fn are(self, text: &str) -> bool {
        let text = text.trim();
        let is_anyone = matches!(text, "*" | "0.0.0.0" | "::" | "::0")
            || text.ends_with("/0")
            || text.eq_ignore_ascii_case("internet")
            || text.eq_ignore_ascii_case("any");
        if self == Self::Anyone || is_anyone {
            return self == Self::Anyone && is_anyone;
        }
        let Some((address, Ok(n_bits))) = text.split_once('/').map(|(address, n_bits)| (address, n_bits.parse::<u32>())) else {
            return false;
        };
        let Ok(address) = address.parse::<IpAddr>() else { return false };
        let (is_private, n_all_bits) = match address {
            IpAddr::V4(address) => (address.is_private() || address.is_loopback() || address.is_link_local(), 32),
            IpAddr::V6(address) => (address.is_unique_local() || address.is_loopback() || address.is_unicast_link_local(), 128),
        };
        n_bits < n_all_bits && is_private == (self == Self::Private)
    }
}

impl Ports {
    /// Whether a text names such ports: a number, a range, `*` for all, or several of them with commas.
    pub(crate) fn are(&self, text: &str) -> bool {
        text.split(',').filter_map(range).any(|(first, last)| match self {
            Self::Any => true,
            Self::All => first <= 1 && LAST_PORT <= last,
            Self::Wide => WIDE_RANGE < last.saturating_sub(first),
            Self::Of(ports) => ports.iter().any(|port| first <= *port && *port <= last),
        })
    }
}

fn range(text: &str) -> Option<(u32, u32)> {
    let text = text.trim();
    if text == "*" {
        return Some((0, LAST_PORT));
    }
    match text.split_once('-') {
        Some((first, last)) => Some((first.trim().parse().ok()?, last.trim().parse().ok()?)),
        None => text.parse().ok().map(|port| (port, port)),
    }
}

/// Fails where the value, or an element of it, is dangerous; passes where there is none.
pub(crate) fn judged(value: Option<&Value>, part: &str, is_dangerous: &dyn Fn(&str) -> bool) -> Verdict {
    let Some(value) = value else { return Verdict::Pass };
    each(value, &|value| {
        let text = match &value.kind {
            Kind::Text(text) => text.to_string(),
            Kind::Number(number) => number_text(*number),
            Kind::Boolean(is_true) => is_true.to_string(),
            _ => return Verdict::Pass,
        };
        if is_dangerous(&text) { Verdict::fail_at(value.place, part) } else { Verdict::Pass }
    })
}

/// What is said of the elements of a value: a list fails where one of them does.
pub(crate) fn each(value: &Value, say: &dyn Fn(&Value) -> Verdict) -> Verdict {
    match &value.kind {
        Kind::List(items) => items.iter().fold(Verdict::Pass, |verdict, item| verdict.and(|| each(item, say))),
        Kind::OneOf(values) => same(values.iter().map(|value| each(value, say)), value.place),
        Kind::Unknown(unknown) => Verdict::Unknown(unknown.cause.clone(), value.place),
        Kind::Null => Verdict::Pass,
        Kind::Boolean(_) | Kind::Number(_) | Kind::Text(_) | Kind::Map(_) => say(value),
    }
}

/// What all say; if they disagree, it is not known.
fn same(verdicts: impl Iterator<Item = Verdict>, at: Place) -> Verdict {
    let mut first: Option<Verdict> = None;
    for verdict in verdicts {
        match (&first, verdict) {
            (_, unknown @ Verdict::Unknown(..)) => return unknown,
            (None, verdict) => first = Some(verdict),
            (Some(Verdict::Fail(_)), Verdict::Fail(_)) | (Some(Verdict::Pass), Verdict::Pass) => {}
            (Some(_), _) => return Verdict::Unknown(Cause::Runtime("which of its values is taken".into()), at),
        }
    }
    first.unwrap_or(Verdict::Pass)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_are_told_apart_by_their_addresses() {
        for (text, expected) in [
            ("*", Some(Peers::Anyone)),
            ("Internet", Some(Peers::Anyone)),
            ("0.0.0.0/0", Some(Peers::Anyone)),
            ("::/0", Some(Peers::Anyone)),
            ("8.8.8.0/25", Some(Peers::Public)),
            ("2a00::/16", Some(Peers::Public)),
            ("10.0.0.0/8", Some(Peers::Private)),
            ("fd00::/8", Some(Peers::Private)),
            ("8.8.8.8/32", None),
            ("8.8.8.8", None),
            ("VirtualNetwork", None),
        ] {
            for peers in [Peers::Anyone, Peers::Public, Peers::Private] {
                assert_eq!(peers.are(text), expected == Some(peers), "{text} {peers:?}");
            }
        }
    }

    #[test]
    fn ports_are_found_in_ranges() {
        for (text, ports, expected) in [
            ("22", Ports::Of(vec![22]), true),
            ("20-30", Ports::Of(vec![22]), true),
            ("80, 22-23", Ports::Of(vec![22]), true),
            ("*", Ports::Of(vec![22]), true),
            ("2222", Ports::Of(vec![22]), false),
            ("ssh", Ports::Of(vec![22]), false),
            ("0-65535", Ports::All, true),
            ("1-65535", Ports::All, true),
            ("1-1024", Ports::All, false),
            ("1024-65535", Ports::Wide, true),
            ("80-90", Ports::Wide, false),
            ("99999999999", Ports::Any, false),
            ("7", Ports::Any, true),
        ] {
            assert_eq!(ports.are(text), expected, "{text} {ports:?}");
        }
    }
}
