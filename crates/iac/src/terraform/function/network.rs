//! Addresses of networks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Call, Function, strict};
use crate::{Kind, Value, terraform::evaluate::index_of};

pub(super) static FUNCTIONS: &[Function] = &[
    strict("cidrhost", |call| call.made_text(host(call))),
    strict("cidrnetmask", |call| call.made_text(netmask(call))),
    strict("cidrsubnet", |call| call.made_text(network(call).and_then(|network| subnet(network, call.number(1)?, call.number(2)?)))),
    strict("cidrsubnets", subnets),
    strict("cidrcontains", contains),
];

/// A network: its first address as a number, how many bits the prefix has, and how many an address has.
#[derive(Clone, Copy)]
struct Network {
    address: u128,
    prefix: u32,
    bits: u32,
}

fn parse(text: &str) -> Option<Network> {
    let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
    let (address, bits) = match address.parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let prefix = prefix.map_or(Some(bits), |prefix| prefix.parse().ok()).filter(|prefix| *prefix <= bits)?;
    Some(Network { address: address & !low_bits(bits - prefix), prefix, bits })
}

fn low_bits(n_bits: u32) -> u128 {
    1_u128.checked_shl(n_bits).map_or(u128::MAX, |bit| bit - 1)
}

fn show(address: u128, bits: u32) -> Option<String> {
    Some(if bits == 32 { Ipv4Addr::from(u32::try_from(address).ok()?).to_string() } else { Ipv6Addr::from(address).to_string() })
}

fn network(call: &Call<'_, '_>) -> Option<Network> {
    parse(&call.text(0)?)
}

fn host(call: &Call<'_, '_>) -> Option<String> {
    let network = network(call)?;
    let number = call.number(1)?;
    let n_hosts = low_bits(network.bits - network.prefix);
    let offset = u128::try_from(index_of(number.abs())?).ok()?;
    let offset = if number < 0.0 { n_hosts.checked_add(1)?.checked_sub(offset)? } else { offset };
    (offset <= n_hosts).then(|| show(network.address | offset, network.bits)).flatten()
}

fn netmask(call: &Call<'_, '_>) -> Option<String> {
    let network = network(call).filter(|network| network.bits == 32)?;
    show(u128::from(u32::MAX) & !low_bits(network.bits - network.prefix), 32)
}

fn subnet(network: Network, new_bits: f64, number: f64) -> Option<String> {
    let new_bits = u32::try_from(index_of(new_bits)?).ok()?;
    let number = u128::try_from(index_of(number)?).ok()?;
    let prefix = network.prefix.checked_add(new_bits).filter(|prefix| *prefix <= network.bits)?;
    if low_bits(new_bits) < number {
        return None;
    }
    let address = network.address | number.checked_shl(network.bits - prefix).unwrap_or(0);
    Some(format!("{}/{prefix}", show(address, network.bits)?))
}

fn subnets(call: &Call<'_, '_>) -> Value {
    let made = network(call).and_then(|network| {
        let mut next = network.address;
        let end = network.address | low_bits(network.bits - network.prefix);
        let mut made = Vec::new();
        for argument in call.arguments.iter().skip(1) {
            let new_bits = u32::try_from(index_of(argument.number()?)?).ok()?;
            let prefix = network.prefix.checked_add(new_bits).filter(|prefix| *prefix <= network.bits)?;
            let mask = low_bits(network.bits - prefix);
            // Each starts where one of its size may start.
            let start = next.checked_add(mask)? & !mask;
            if end < start {
                return None;
            }
            made.push(Value::of_text(format!("{}/{prefix}", show(start, network.bits)?), call.at));
            next = start.checked_add(mask)?.saturating_add(1);
        }
        Some(made)
    });
    made.map_or_else(|| call.invalid("the networks do not fit"), |made| Value::new(Kind::List(made.into()), call.at))
}

fn contains(call: &Call<'_, '_>) -> Value {
    let inner = call.text(1).and_then(|text| parse(&text));
    match network(call).zip(inner) {
        Some((outer, inner)) => {
            let is_in = outer.bits == inner.bits
                && outer.prefix <= inner.prefix
                && inner.address & !low_bits(outer.bits - outer.prefix) == outer.address;
            Value::new(Kind::Boolean(is_in), call.at)
        }
        None => call.invalid("networks are needed"),
    }
}
