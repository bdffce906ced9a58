//! Ranges of addresses and of numbers.

use std::net::{IpAddr, Ipv6Addr};

/// A range of addresses: those that share the first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    is_v6: bool,
    first: u128,
    n_bits: u32,
}

impl Network {
    /// Reads `10.0.0.0/8`, `::/0`, or an address, which is a range of one. Bits after the prefix do not matter.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u32>().ok()?)),
            None => (text.trim(), None),
        };
        let (is_v6, bits, width) = match address.parse::<IpAddr>().ok()? {
            IpAddr::V4(address) => (false, u128::from(address.to_bits()), 32),
            IpAddr::V6(address) => (true, Ipv6Addr::to_bits(address), 128),
        };
        let n_bits = prefix.unwrap_or(width);
        if width < n_bits {
            return None;
        }
        let n_free = width - n_bits;
        let first = bits.checked_shr(n_free).unwrap_or(0).checked_shl(n_free).unwrap_or(0);
        Some(Self { is_v6, first, n_bits })
    }

    /// Whether all of its addresses are in the other range.
    pub(super) fn is_within(self, other: Self) -> bool {
        let width = if self.is_v6 { 128 } else { 32 };
        let n_free = width - other.n_bits;
        self.is_v6 == other.is_v6
            && other.n_bits <= self.n_bits
            && self.first.checked_shr(n_free).unwrap_or(0) == other.first.checked_shr(n_free).unwrap_or(0)
    }
}

/// A range of whole numbers, both ends included: `22`, `1000-2000`; `*` is all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    first: i64,
    last: i64,
}

impl Range {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "*" {
            return Some(Self { first: i64::MIN, last: i64::MAX });
        }
        if let Ok(number) = text.parse() {
            return Some(Self { first: number, last: number });
        }
        let (first, last) = text.split_once('-')?;
        Some(Self { first: first.trim().parse().ok()?, last: last.trim().parse().ok()? })
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_addresses_contain_each_other() {
        for (inner, outer, is_within) in [
            ("10.1.2.3", "10.0.0.0/8", true),
            ("10.0.0.0/8", "10.1.0.0/16", false),
            ("0.0.0.0/0", "0.0.0.0/0", true),
            ("10.0.0.0/8", "0.0.0.0/0", true),
            ("11.0.0.0/8", "10.0.0.0/8", false),
            ("fd00::/16", "::/0", true),
            ("fd00::1", "fd00::/8", true),
            ("10.0.0.0/8", "::/0", false),
            ("10.9.9.9/8", "10.0.0.0/8", true),
        ] {
            let network = |text| Network::parse(text).unwrap();
            assert_eq!(network(inner).is_within(network(outer)), is_within, "{inner} in {outer}");
        }
        for text in ["", "10.0.0.0/33", "::/129", "pl-123", "10.0.0/8"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_of_numbers_overlap() {
        for (one, other, overlap) in
            [("22", "0-65535", true), ("22", "23-24", false), ("*", "5", true), ("20-30", "30-40", true), ("1-2", "3", false)]
        {
            assert_eq!(Range::parse(one).unwrap().overlaps(Range::parse(other).unwrap()), overlap, "{one} and {other}");
        }
        assert_eq!(Range::parse("a-b"), None);
    }
}
