//! Addresses: whether one is public (IANA's special-purpose registries).

use std::net::IpAddr;
use std::sync::LazyLock;

use bartizan_paved_spec::{Reason, Refused, addresses, refuse};

/// Reads an address in the one form of IPv4, or any of IPv6 without zone.
#[must_use]
pub fn parse_address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

/// A range, as its first bits.
struct Range {
    is_v6: bool,
    prefix: u128,
    shift: u32,
}

static REFUSED: LazyLock<Vec<Range>> =
    LazyLock::new(|| [addresses::IPV4_REFUSED, addresses::IPV6_REFUSED].concat().into_iter().filter_map(parse_range).collect());
static ALLOWED: LazyLock<Vec<Range>> = LazyLock::new(|| addresses::IPV6_ALLOWED.iter().filter_map(|text| parse_range(text)).collect());

fn parse_range(text: &str) -> Option<Range> {
    let (start, length) = text.split_once('/')?;
    let (is_v6, bits) = bits_of(parse_address(start)?);
    let shift = if is_v6 { 128_u32 } else { 32 }.checked_sub(length.parse().ok()?)?;
    Some(Range { is_v6, prefix: bits.checked_shr(shift).unwrap_or(0), shift })
}

fn bits_of(address: IpAddr) -> (bool, u128) {
    match address {
        IpAddr::V4(address) => (false, u128::from(address.to_bits())),
        IpAddr::V6(address) => (true, address.to_bits()),
    }
}

fn is_in(address: IpAddr, ranges: &[Range]) -> bool {
    let (is_v6, bits) = bits_of(address);
    ranges.iter().any(|range| range.is_v6 == is_v6 && bits.checked_shr(range.shift).unwrap_or(0) == range.prefix)
}

/// Refuses an address that is not on the public Internet.
///
/// # Errors
/// `address-malformed`, `address-not-public`.
///
/// ```
/// use bartizan_paved_safe_http::check_public_address;
///
/// assert!(check_public_address("1.1.1.1").is_ok());
/// assert_eq!(check_public_address("::ffff:169.254.169.254").unwrap_err().reason.code(), "address-not-public");
/// ```
pub fn check_public_address(text: &str) -> Result<IpAddr, Refused> {
    let address = parse_address(text).ok_or(Reason::AddressMalformed)?;
    if is_in(address, &REFUSED) || (address.is_ipv6() && !is_in(address, &ALLOWED)) {
        return refuse(Reason::AddressNotPublic);
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_of_the_specification_is_read() {
        assert_eq!(REFUSED.len(), addresses::IPV4_REFUSED.len() + addresses::IPV6_REFUSED.len());
        assert_eq!(ALLOWED.len(), addresses::IPV6_ALLOWED.len());
    }
}
