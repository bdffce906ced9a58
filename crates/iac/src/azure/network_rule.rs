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

#[cfg(test)]
mod tests {
    use crate::fixture::{check, lines, scan};

    /// A rule for port 22 with this source.
    fn rule(source: &str) -> String {
        format!(
            r#"variable "source" {{}}
variable "is_open" {{}}
resource "azurerm_network_security_rule" "example" {{
  direction              = "Inbound"
  access                 = "Allow"
  protocol               = "Tcp"
  destination_port_range = "22"
  {source}
}}
"#
        )
    }

    #[track_caller]
    fn ssh(source: &str, expected: &[&str]) {
        let found = lines(&scan(&[("main.tf", &rule(source))]));
        // Where it is not known is where its variable is: only what is said of it matters here.
        let found: Vec<&str> = found.iter().filter_map(|line| line.split_once(' ')).map(|(_, said)| said).collect();
        let found: Vec<&str> = found.into_iter().filter(|said| said.starts_with("azure-ssh-open-to-anyone")).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn whoever_may_come_is_found_in_one_or_many_prefixes() {
        ssh(r#"source_address_prefix = "Internet""#, &["azure-ssh-open-to-anyone"]);
        ssh(r#"source_address_prefixes = ["10.0.0.0/8", "0.0.0.0/0"]"#, &["azure-ssh-open-to-anyone"]);
        ssh(r#"source_address_prefixes = ["10.0.0.0/8"]"#, &[]);
        ssh(r#"source_application_security_group_ids = ["one"]"#, &[]);
    }

    #[test]
    fn a_source_that_is_not_known_is_not_known_to_be_harmless() {
        ssh("source_address_prefix = var.source", &["azure-ssh-open-to-anyone (not known)"]);
        ssh(r#"source_address_prefix = var.is_open ? "*" : "10.0.0.0/8""#, &["azure-ssh-open-to-anyone (not known)"]);
        ssh(r#"source_address_prefix = var.is_open ? "*" : "0.0.0.0/0""#, &["azure-ssh-open-to-anyone"]);
        ssh(r#"source_address_prefix = var.is_open ? "10.1.0.0/16" : "10.2.0.0/16""#, &[]);
    }

    #[test]
    fn dynamic_blocks_are_rules_like_others() {
        let text = r#"
resource "azurerm_network_security_group" "example" {
  dynamic "security_rule" {
    for_each = ["22", "443"]
    content {
      direction              = "Inbound"
      access                 = "Allow"
      protocol               = "*"
      source_address_prefix  = "*"
      destination_port_range = security_rule.value
    }
  }
}
"#;
        check(&[("main.tf", text)], &["azure-ssh-open-to-anyone", "azure-rdp-open-to-anyone"], &["main.tf:9 azure-ssh-open-to-anyone"]);
    }
}
