//! `google-firewall`: what a firewall of a network lets in or out.
//!
//! The rule says which: `{direction: ingress, protocols: [tcp], ports: [22]}`. A firewall without `direction` is about what comes
//! in; one that is disabled, or that denies, lets nothing through. With `is_from_anyone: false` it does not matter for whom it opens.

use serde::Deserialize;

use crate::{
    Resource, Value, Verdict,
    check::{Check, Context, Look},
    exposure::{Peers, Ports, each, judged},
};

pub(super) const CHECK: Check = Check { name: "google-firewall", look: Look::Resource(look) };

/// Protocols that have ports.
const WITH_PORTS: &[&str] = &["tcp", "udp", "sctp", "6", "17", "132"];

/// What the rule is about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct With {
    #[serde(default)]
    direction: Direction,
    #[serde(default)]
    ports: Ports,
    /// Whether a protocol without ports, which means all of them, counts.
    #[serde(default)]
    is_without_ports: bool,
    /// Whether only firewalls count that let in everyone, or out to everywhere.
    #[serde(default = "yes")]
    is_from_anyone: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    #[default]
    Ingress,
    Egress,
}

fn yes() -> bool {
    true
}

fn look(resource: &Resource, context: &Context<'_>) -> Verdict {
    let Ok(with) = With::deserialize(context.with) else { return Verdict::NotApplicable };
    let peers = match with.direction {
        Direction::Ingress => "source_ranges",
        Direction::Egress => "destination_ranges",
    };
    let peers =
        if with.is_from_anyone { judged(resource.get(peers), peers, &|text| Peers::Anyone.are(text)) } else { Verdict::missing(peers) };
    peers
        .or(|| resource.get("allow").map_or(Verdict::Pass, |allow| each(allow, &|allow| with.judge(allow))))
        .or(|| with.is_of_direction(resource))
        .or(|| {
            resource
                .get("disabled")
                .map_or(Verdict::missing("disabled"), |disabled| judged(Some(disabled), "disabled", &|is| is == "false"))
        })
}

impl With {
    fn is_of_direction(&self, resource: &Resource) -> Verdict {
        match (resource.get("direction"), self.direction) {
            (None, Direction::Ingress) => Verdict::missing("direction"),
            (None, Direction::Egress) => Verdict::Pass,
            (direction, Direction::Ingress) => judged(direction, "direction", &|text| text.eq_ignore_ascii_case("ingress")),
            (direction, Direction::Egress) => judged(direction, "direction", &|text| text.eq_ignore_ascii_case("egress")),
        }
    }

    /// Fails where the block allows what is meant.
    fn judge(&self, allow: &Value) -> Verdict {
        if self.ports == Ports::Any {
            return Verdict::fail_at(allow.place, "allow");
        }
        match allow.get("ports") {
            Some(ports) => judged(Some(ports), "ports", &|text| self.ports.are(text)),
            // Without ports all of the protocol are meant.
            None if self.is_without_ports => judged(allow.get("protocol"), "protocol", &|protocol| {
                protocol.eq_ignore_ascii_case("all") || WITH_PORTS.iter().any(|known| known.eq_ignore_ascii_case(protocol))
            }),
            None => Verdict::Pass,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{lines, scan};

    #[track_caller]
    fn ssh(attributes: &str, expected: &[&str]) {
        let text = format!(
            r#"variable "unset" {{}}
resource "google_compute_firewall" "example" {{
  allow {{
    protocol = "tcp"
    ports    = ["22"]
  }}
  {attributes}
}}
"#
        );
        let found = lines(&scan(&[("main.tf", &text)]));
        // Where it is not known is where its variable is: only what is said of it matters here.
        let found: Vec<&str> = found.iter().filter_map(|line| line.split_once(' ')).map(|(_, said)| said).collect();
        let found: Vec<&str> = found.into_iter().filter(|said| said.starts_with("google-ssh-open-to-anyone")).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn only_what_is_in_force_and_lets_in_counts() {
        let everyone = r#"source_ranges = ["0.0.0.0/0"]"#;
        let found = &["google-ssh-open-to-anyone"];
        ssh(everyone, found);
        ssh(&format!("{everyone}\n  direction = \"INGRESS\"\n  disabled = false"), found);
        ssh(&format!("{everyone}\n  direction = \"EGRESS\""), &[]);
        ssh(&format!("{everyone}\n  disabled = true"), &[]);
        ssh(r#"source_tags = ["web"]"#, &[]);
        ssh(r#"source_ranges = ["10.0.0.0/8"]"#, &[]);
    }

    #[test]
    fn what_is_not_known_does_not_pass() {
        let not_known = &["google-ssh-open-to-anyone (not known)"];
        ssh("source_ranges = var.unset", not_known);
        ssh(r#"source_ranges = ["10.0.0.0/8", var.unset]"#, not_known);
        ssh(r#"source_ranges = ["0.0.0.0/0", var.unset]"#, &["google-ssh-open-to-anyone"]);
        ssh("disabled = var.unset\n  source_ranges = [\"0.0.0.0/0\"]", not_known);
    }
}
