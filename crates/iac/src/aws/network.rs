//! Which ports are open to which addresses: rules of security groups and of network ACLs.

use std::net::IpAddr;

use serde_json::Value as Json;

use crate::{
    Cause, Kind, Place, Resource, Value, Verdict,
    check::{Check, Context, Look},
};

/// Fails where a rule of a security group opens ports to every address. Told: `ports`, or `all_ports`, or `any_port` with
/// `except`; `direction` is `ingress` where nothing is said; `private`: whole private networks are meant instead.
pub(super) const SECURITY_GROUP: Check = Check { name: "security-group-open", look: Look::Resource(security_group) };
/// The same for network ACLs.
pub(super) const NETWORK_ACL: Check = Check { name: "network-acl-open", look: Look::Resource(network_acl) };

/// Shorter prefixes than these mean so many addresses that nobody can know them all: every address in parts, too.
const MIN_PREFIX_V4: u32 = 8;
const MIN_PREFIX_V6: u32 = 16;
/// The attributes that name addresses, in all types of rules.
const ADDRESSES: [&str; 6] = ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6", "cidr_block", "ipv6_cidr_block"];
/// Lists of addresses that are kept elsewhere.
const PREFIX_LISTS: [&str; 2] = ["prefix_list_ids", "prefix_list_id"];
const LAST_PORT: i64 = 65_535;

/// The ports that a check asks for.
struct Wanted {
    ports: Vec<i64>,
    all: bool,
    any: bool,
    except: Vec<i64>,
    /// Whether whole private networks are looked for, not every address.
    is_private: bool,
}

/// The ports of a rule, both ends included.
#[derive(Clone, Copy)]
enum Ports {
    /// Those and no others.
    Range(i64, i64),
    /// All, of all protocols.
    All,
    /// Its protocol has none.
    None,
}

/// Whether something is so, and where that is written.
enum Fact {
    Yes(Place),
    No,
    Unknown(Cause, Place),
}

impl Wanted {
    fn of(with: &Json) -> Self {
        let numbers = |name: &str| with.get(name).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_i64).collect();
        let is = |name: &str| with.get(name).and_then(Json::as_bool).unwrap_or_default();
        Self { ports: numbers("ports"), all: is("all_ports"), any: is("any_port"), except: numbers("except"), is_private: is("private") }
    }

    /// Which addresses are looked for.
    fn meant(&self) -> fn(&str) -> bool {
        if self.is_private { is_wide_private } else { is_wide }
    }

    fn are_in(&self, ports: Ports) -> bool {
        match ports {
            Ports::None => false,
            Ports::All => true,
            Ports::Range(first, last) if self.all => first <= 1 && LAST_PORT <= last,
            Ports::Range(first, last) if self.any => !(first == last && self.except.contains(&first)),
            Ports::Range(first, last) => self.ports.iter().any(|port| (first..=last).contains(port)),
        }
    }
}

fn security_group(resource: &Resource, context: &Context<'_>) -> Verdict {
    let wanted = Wanted::of(context.with);
    let direction = context.with.get("direction").and_then(Json::as_str).unwrap_or("ingress");
    match &*resource.canonical_type {
        "aws_security_group" | "aws_default_security_group" => {
            resource.get(direction).map_or(Verdict::Pass, |rules| of_rules(rules, direction, &wanted, &|_| Fact::Yes(Place::NONE)))
        }
        "aws_security_group_rule" => match resource.get("type").and_then(Value::text) {
            Some(of_type) if of_type != direction => Verdict::NotApplicable,
            _ => of_rule(&resource.body, "", &wanted),
        },
        "module" => module(resource, direction, &wanted, context),
        _ => of_rule(&resource.body, "", &wanted),
    }
}

/// The module of the registry that makes security groups.
const MODULE: &str = "terraform-aws-modules/security-group/aws";

/// Rules that the module knows by name, and their port.
static NAMED: &[(&str, i64)] = &[
    ("ssh-tcp", 22),
    ("rdp-tcp", 3389),
    ("http-80-tcp", 80),
    ("http-8080-tcp", 8080),
    ("https-443-tcp", 443),
    ("mysql-tcp", 3306),
    ("postgresql-tcp", 5432),
    ("mssql-tcp", 1433),
    ("oracle-db-tcp", 1521),
    ("redis-tcp", 6379),
    ("memcached-tcp", 11_211),
    ("mongodb-27017-tcp", 27_017),
    ("elasticsearch-rest-tcp", 9200),
    ("nfs-tcp", 2049),
];

/// What a call of the module opens. Where its code is there, its resources are judged instead.
fn module(call: &Resource, direction: &str, wanted: &Wanted, context: &Context<'_>) -> Verdict {
    let is_this = call.get("source").and_then(Value::text).is_some_and(|source| source.starts_with(MODULE));
    let is_there = |resource: &Resource| resource.address.strip_prefix(&*call.address).is_some_and(|rest| rest.starts_with('.'));
    if !is_this || context.graph.of_type("aws_security_group_rule").any(is_there) {
        return Verdict::NotApplicable;
    }
    let with = ["with_cidr_blocks", "with_ipv6_cidr_blocks"].map(|name| format!("{direction}_{name}"));
    let all = with.iter().filter_map(|name| Some((name, call.get(name)?)));
    let verdict =
        all.fold(Verdict::Pass, |verdict, (name, rules)| verdict.and(|| of_rules(rules, name, wanted, &|_| Fact::Yes(Place::NONE))));
    let names = call.get(&format!("{direction}_rules")).map(Value::items).unwrap_or_default().iter().filter_map(Value::text);
    let opens = names.filter_map(named_ports).any(|ports| wanted.are_in(ports));
    let addresses = format!("{direction}_cidr_blocks");
    verdict.and(|| match call.get(&addresses).map_or(Fact::No, |value| is_everywhere(value, wanted.meant())) {
        Fact::Yes(place) if opens => Verdict::fail_at(place, &addresses),
        Fact::Unknown(cause, place) if opens => Verdict::Unknown(cause, place),
        Fact::Yes(_) | Fact::Unknown(..) | Fact::No => Verdict::Pass,
    })
}

fn named_ports(name: &str) -> Option<Ports> {
    if name == "all-all" {
        return Some(Ports::All);
    }
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, port)| Ports::Range(*port, *port))
}

fn network_acl(resource: &Resource, context: &Context<'_>) -> Verdict {
    let wanted = Wanted::of(context.with);
    if &*resource.canonical_type == "aws_network_acl_rule" {
        if resource.get("egress").and_then(Value::boolean) == Some(true) {
            return Verdict::NotApplicable;
        }
        return of_rules(&resource.body, "", &wanted, &|rule| allows(rule.get("rule_action")));
    }
    resource.get("ingress").map_or(Verdict::Pass, |rules| of_rules(rules, "ingress", &wanted, &|rule| allows(rule.get("action"))))
}

/// Whether an action is to let packets through.
fn allows(action: Option<&Value>) -> Fact {
    match action.map(|action| (&action.kind, action.place)) {
        Some((Kind::Text(text), place)) if text.eq_ignore_ascii_case("allow") => Fact::Yes(place),
        Some((Kind::Unknown(unknown), place)) => Fact::Unknown(unknown.cause.clone(), place),
        Some((Kind::OneOf(_), place)) => Fact::Unknown(Cause::Runtime("which action is taken".into()), place),
        _ => Fact::No,
    }
}

/// Judges a list of rules, or what may stand for it.
fn of_rules(rules: &Value, part: &str, wanted: &Wanted, counts: &dyn Fn(&Value) -> Fact) -> Verdict {
    match &rules.kind {
        Kind::List(items) => items.iter().fold(Verdict::Pass, |verdict, rule| verdict.and(|| of_rules(rule, part, wanted, counts))),
        Kind::Unknown(unknown) => Verdict::Unknown(unknown.cause.clone(), rules.place),
        Kind::OneOf(values) => same(values.iter().map(|value| of_rules(value, part, wanted, counts)), rules.place),
        Kind::Map(_) => match counts(rules) {
            Fact::No => Verdict::Pass,
            Fact::Yes(_) => of_rule(rules, part, wanted),
            Fact::Unknown(cause, place) => match of_rule(rules, part, wanted) {
                Verdict::Pass => Verdict::Pass,
                _ => Verdict::Unknown(cause, place),
            },
        },
        _ => Verdict::Pass,
    }
}

/// What all say; if they disagree, it is not known.
fn same(verdicts: impl Iterator<Item = Verdict>, place: Place) -> Verdict {
    let disagree = || Verdict::Unknown(Cause::Runtime("which of its values is taken".into()), place);
    let mut all: Option<Verdict> = None;
    for verdict in verdicts {
        let agrees = all.as_ref().is_none_or(|all| std::mem::discriminant(all) == std::mem::discriminant(&verdict));
        if !agrees {
            return disagree();
        }
        all = all.or(Some(verdict));
    }
    all.unwrap_or(Verdict::Pass)
}

fn of_rule(rule: &Value, part: &str, wanted: &Wanted) -> Verdict {
    let open = addresses(rule, wanted.meant());
    if matches!(open, Fact::No) {
        return Verdict::Pass;
    }
    let ports = match ports(rule) {
        Ok(ports) if wanted.are_in(ports) => None,
        Ok(_) => return Verdict::Pass,
        Err(unknown) => Some(unknown),
    };
    match (open, ports) {
        (Fact::No, _) => Verdict::Pass,
        (Fact::Unknown(cause, place), _) | (Fact::Yes(_), Some((cause, place))) => Verdict::Unknown(cause, place),
        (Fact::Yes(place), None) => Verdict::fail_at(place, part),
    }
}

/// Whether a rule names every address.
fn addresses(rule: &Value, is_meant: fn(&str) -> bool) -> Fact {
    let mut unknown = None;
    for name in ADDRESSES {
        match rule.get(name).map_or(Fact::No, |value| is_everywhere(value, is_meant)) {
            yes @ Fact::Yes(_) => return yes,
            Fact::Unknown(cause, place) => unknown = unknown.or(Some((cause, place))),
            Fact::No => {}
        }
    }
    for list in PREFIX_LISTS.iter().filter_map(|name| rule.get(name)) {
        if !matches!(&list.kind, Kind::List(items) if items.is_empty()) {
            unknown = unknown.or_else(|| Some((Cause::Runtime("what a list of prefixes holds".into()), list.place)));
        }
    }
    unknown.map_or(Fact::No, |(cause, place)| Fact::Unknown(cause, place))
}

fn is_everywhere(value: &Value, is_meant: fn(&str) -> bool) -> Fact {
    match &value.kind {
        // Modules take several in one text.
        Kind::Text(text) if text.split(',').any(is_meant) => Fact::Yes(value.place),
        Kind::List(items) => {
            let mut answer = Fact::No;
            for item in items.iter() {
                match is_everywhere(item, is_meant) {
                    yes @ Fact::Yes(_) => return yes,
                    unknown @ Fact::Unknown(..) => answer = unknown,
                    Fact::No => {}
                }
            }
            answer
        }
        // The end says that it is one address.
        Kind::Unknown(_) if value.outline().is_some_and(|text| text.ends_with("/32") || text.ends_with("/128")) => Fact::No,
        Kind::Unknown(unknown) => Fact::Unknown(unknown.cause.clone(), value.place),
        Kind::OneOf(values) => {
            let n_wide = values.iter().filter(|value| matches!(is_everywhere(value, is_meant), Fact::Yes(_))).count();
            match n_wide {
                0 if values.iter().all(|value| matches!(is_everywhere(value, is_meant), Fact::No)) => Fact::No,
                n if n == values.len() => Fact::Yes(value.place),
                _ => {
                    Fact::Unknown(value.any_cause().cloned().unwrap_or(Cause::Runtime("which of its values is taken".into())), value.place)
                }
            }
        }
        _ => Fact::No,
    }
}

/// Whether a range of addresses is all of them, or a great part of all.
fn is_wide(text: &str) -> bool {
    let Some((address, prefix)) = text.trim().split_once('/') else { return false };
    // No bit of the address counts, whatever it is.
    if prefix == "0" {
        return true;
    }
    let (Ok(address), Ok(n_bits)) = (address.parse::<IpAddr>(), prefix.parse::<u32>()) else { return false };
    match address {
        IpAddr::V4(_) => n_bits < MIN_PREFIX_V4,
        // `fc00::/7` are addresses of private networks. RFC 4193, section 3.1.
        IpAddr::V6(address) => n_bits < MIN_PREFIX_V6 && address.segments().first().is_none_or(|first| first & 0xfe00 != 0xfc00),
    }
}

/// Whether a range of addresses is a whole private network. RFC 1918, section 3.
fn is_wide_private(text: &str) -> bool {
    [("10.", 8), ("172.16.", 12), ("192.168.", 16)].iter().any(|(start, n_bits)| {
        let prefix = text.strip_prefix(start).and_then(|rest| rest.split_once('/')).and_then(|(_, prefix)| prefix.parse::<u32>().ok());
        prefix.is_some_and(|prefix| (1..=*n_bits).contains(&prefix))
    })
}

fn ports(rule: &Value) -> Result<Ports, (Cause, Place)> {
    let protocol = rule.get("protocol").or_else(|| rule.get("ip_protocol"));
    if let Some(named) = rule.get("rule").and_then(Value::text).and_then(named_ports) {
        return Ok(named);
    }
    if let Some(protocol) = protocol {
        match (protocol.text(), protocol.number()) {
            (Some("all"), _) => return Ok(Ports::All),
            (_, Some(number)) if number < 0.0 => return Ok(Ports::All),
            (Some("icmp" | "icmpv6" | "1" | "58"), _) => return Ok(Ports::None),
            _ => {}
        }
    }
    let (first, last) = (port(rule, "from_port")?, port(rule, "to_port")?);
    match (first, last) {
        // The protocol may be the one that means all.
        (Some(0) | None, Some(0) | None) if protocol.is_some_and(|protocol| protocol.cause().is_some()) => {
            let protocol = protocol.unwrap_or(rule);
            Err((protocol.cause().cloned().unwrap_or(Cause::Runtime("the protocol".into())), protocol.place))
        }
        (None, None) => Ok(Ports::All),
        (first, last) => Ok(Ports::Range(first.or(last).unwrap_or(0), last.or(first).unwrap_or(LAST_PORT))),
    }
}

fn port(rule: &Value, name: &str) -> Result<Option<i64>, (Cause, Place)> {
    let Some(value) = rule.get(name) else { return Ok(None) };
    if let Some(cause) = value.any_cause() {
        return Err((cause.clone(), value.place));
    }
    match value.number() {
        #[expect(clippy::cast_possible_truncation, reason = "what is no port is as good as the nearest number")]
        Some(number) => Ok(Some(number as i64)),
        None => Err((Cause::Runtime("which port is taken".into()), value.place)),
    }
}

#[cfg(test)]
mod tests {
    use super::is_wide;

    #[test]
    fn great_parts_of_all_addresses_are_wide() {
        for (range, expected) in [
            ("0.0.0.0/0", true),
            ("::/0", true),
            ("128.0.0.0/1", true),
            ("64.0.0.0/2", true),
            ("2000::/3", true),
            ("10.0.0.0/8", false),
            ("fc00::/7", false),
            ("fd00::/8", false),
            ("2001:db8::/32", false),
            ("198.51.100.7/32", false),
            ("sg-1", false),
        ] {
            assert_eq!(is_wide(range), expected, "{range}");
        }
    }
}
