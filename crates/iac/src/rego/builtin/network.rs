//! Addresses and networks.

use std::net::IpAddr;

use regorus::Value;

use super::text;

/// Networks that are nobody's on the internet: private, of the machine, of the link.
const PRIVATE: &[&str] =
    &["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7", "fe80::/10", "::1/128"];

/// A network: the first and the last address, and how many bits an address has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    first: u128,
    last: u128,
    n_bits: u32,
}

impl Network {
    /// Reads an address or a network: `10.0.0.0/8`.
    fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.trim().split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text.trim(), None),
        };
        let (number, n_bits): (u128, u32) = match address.parse().ok()? {
            IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (u128::from(address), 128),
        };
        let n_free = n_bits.checked_sub(length.unwrap_or(n_bits))?;
        let free = if n_free == 128 { u128::MAX } else { (1u128 << n_free) - 1 };
        Some(Self { first: number & !free, last: number | free, n_bits })
    }

    fn contains(self, other: Self) -> bool {
        self.n_bits == other.n_bits && self.first <= other.first && other.last <= self.last
    }

    fn intersects(self, other: Self) -> bool {
        self.n_bits == other.n_bits && self.first <= other.last && other.first <= self.last
    }
}

/// Whether an address, or an end of a network, is on the internet. Words for everything are, too.
pub(super) fn is_public(arguments: &[Value]) -> Option<Value> {
    let written = text(arguments, 0)?.trim();
    if is_everything(written) {
        return Some(Value::from(true));
    }
    let network = Network::parse(written)?;
    let is_private = |address: u128| {
        let address = Network { first: address, last: address, n_bits: network.n_bits };
        PRIVATE.iter().filter_map(|private| Network::parse(private)).any(|private| private.contains(address))
    };
    Some(Value::from(!is_private(network.first) || !is_private(network.last)))
}

/// How many addresses a network has; of more than 64 bits can count, as many as they can. A word for everything is all.
pub(super) fn count_addresses(arguments: &[Value]) -> Option<Value> {
    let written = text(arguments, 0)?;
    if is_everything(written) {
        return Some(Value::from(u64::MAX));
    }
    let network = Network::parse(written)?;
    let n_addresses = (network.last - network.first).saturating_add(1);
    Some(Value::from(u64::try_from(n_addresses).unwrap_or(u64::MAX)))
}

/// Whether a text is a word for all addresses.
fn is_everything(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "*" | "internet" | "any")
}

/// Whether the first network contains the second.
pub(super) fn contains(arguments: &[Value]) -> Option<Value> {
    Some(Value::from(Network::parse(text(arguments, 0)?)?.contains(Network::parse(text(arguments, 1)?)?)))
}

/// Whether two networks share an address.
pub(super) fn intersects(arguments: &[Value]) -> Option<Value> {
    Some(Value::from(Network::parse(text(arguments, 0)?)?.intersects(Network::parse(text(arguments, 1)?)?)))
}

/// Which networks of the first list contain which of the second: pairs of keys.
pub(super) fn contains_matches(arguments: &[Value]) -> Option<Value> {
    let (networks, addresses) = (numbered(arguments.first()?)?, numbered(arguments.get(1)?)?);
    let pairs = networks.iter().flat_map(|(key, network)| {
        let within = addresses.iter().filter(|(_, address)| network.contains(*address));
        within.map(|(other, _)| Value::from(vec![key.clone(), other.clone()]))
    });
    Some(Value::from(pairs.collect::<std::collections::BTreeSet<_>>()))
}

/// The networks of a text, a list, a set or a map, by their keys.
fn numbered(value: &Value) -> Option<Vec<(Value, Network)>> {
    let network = |value: &Value| match value {
        Value::String(text) => Network::parse(text),
        Value::Array(parts) => parts.first().and_then(|first| first.as_string().ok()).and_then(|text| Network::parse(text)),
        _ => None,
    };
    match value {
        Value::String(_) => Some(vec![(value.clone(), network(value)?)]),
        Value::Array(items) => items.iter().enumerate().map(|(number, item)| Some((Value::from(number), network(item)?))).collect(),
        Value::Set(items) => items.iter_sorted().map(|item| Some((item.clone(), network(item)?))).collect(),
        Value::Object(items) => items.iter_sorted().map(|(key, item)| Some((key.clone(), network(item)?))).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_public_if_one_of_its_ends_is() {
        let check = |network: &str, expected: Option<bool>| assert_eq!(is_public(&[Value::from(network)]), expected.map(Value::from));
        check("0.0.0.0/0", Some(true));
        check("::/0", Some(true));
        check("*", Some(true));
        check("10.1.0.0/16", Some(false));
        check("192.168.0.0/8", Some(true));
        check("fd00::/8", Some(false));
        check("1.2.3.4", Some(true));
        check("nonsense", None);
        check("1.2.3.4/40", None);
    }

    #[test]
    fn addresses_are_counted() {
        assert_eq!(count_addresses(&[Value::from("10.0.0.0/24")]), Some(Value::from(256u64)));
        assert_eq!(count_addresses(&[Value::from("::/0")]), Some(Value::from(u64::MAX)));
    }

    #[test]
    fn networks_that_are_there_are_found() {
        let pairs = contains_matches(&[Value::from(vec![Value::from("10.0.0.0/8"), Value::from("1.0.0.0/8")]), Value::from("10.2.3.4")]);
        assert_eq!(pairs.map(|pairs| pairs.to_string()), Some(r#"[[0,"10.2.3.4"]]"#.to_owned()));
    }
}
