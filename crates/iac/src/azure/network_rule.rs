//! `azure-network-rule`: what a rule of a network security group lets in or out.
//!
//! The rule says which: `{direction: inbound, protocols: [tcp], ports: [22], peers: anyone}`. Rules stand in blocks of their group,
//! or are resources of their own.

use serde::Deserialize;

use crate::{
    Resource, Value, Verdict,
    check::{Check, Context, Look},
    exposure::{Peers, Ports, each, judged},
};

pub(super) const CHECK: Check = Check { name: "azure-network-rule", look: Look::Resource(look) };

/// What the rule is about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct With {
    #[serde(default)]
    direction: Direction,
    /// Which protocols are meant; all where nothing is said.
    #[serde(default)]
    protocols: Vec<String>,
    #[serde(default)]
    ports: Ports,
    #[serde(default)]
    peers: Peers,
    /// Whether only rules count that name one of the protocols, in contrast to all of them by `*`.
    #[serde(default)]
    is_exact: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    #[default]
    Inbound,
    Outbound,
}

fn look(resource: &Resource, context: &Context<'_>) -> Verdict {
    let Ok(with) = With::deserialize(context.with) else { return Verdict::NotApplicable };
    match resource.get("security_rule") {
        Some(rules) => each(rules, &|rule| with.judge(rule)),
        None => with.judge(&resource.body),
    }
}

impl With {
    /// Fails where the rule allows what is meant.
    fn judge(&self, rule: &Value) -> Verdict {
        self.peers(rule)
            .or(|| self.ports(rule))
            .or(|| judged(rule.get("access"), "access", &|access| access.eq_ignore_ascii_case("allow")))
            .or(|| judged(rule.get("direction"), "direction", &|direction| direction.eq_ignore_ascii_case(self.direction.name())))
            .or(|| self.protocol(rule))
    }

    fn protocol(&self, rule: &Value) -> Verdict {
        match rule.get("protocol") {
            None if self.protocols.is_empty() => Verdict::missing("protocol"),
            protocol => judged(protocol, "protocol", &|protocol| self.means(protocol)),
        }
    }

    fn means(&self, protocol: &str) -> bool {
        self.protocols.is_empty()
            || (protocol == "*" && !self.is_exact)
            || self.protocols.iter().any(|meant| meant.eq_ignore_ascii_case(protocol))
    }

    /// The other side: where it comes from, or where it goes to.
    fn peers(&self, rule: &Value) -> Verdict {
        let one_or_many = match self.direction {
            Direction::Inbound => ["source_address_prefix", "source_address_prefixes"],
            Direction::Outbound => ["destination_address_prefix", "destination_address_prefixes"],
        };
        let of = |name: &str| judged(rule.get(name), name, &|text| self.peers.are(text));
        let [one, many] = one_or_many;
        of(one).and(|| of(many))
    }

    fn ports(&self, rule: &Value) -> Verdict {
        if self.ports == Ports::Any {
            return Verdict::missing("destination_port_range");
        }
        let of = |name: &str| judged(rule.get(name), name, &|text| self.ports.are(text));
        of("destination_port_range").and(|| of("destination_port_ranges"))
    }
}

impl Direction {
    fn name(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}
