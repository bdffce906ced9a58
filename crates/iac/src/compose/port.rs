//! Ports that a service publishes.

use crate::{Place, Value};

/// A port that is published.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Published {
    /// The address of the machine that it is published on, if it is not all of them.
    pub(super) address: Option<String>,
    /// The first and the last port of the machine, if they are chosen.
    pub(super) published: Option<(u16, u16)>,
    /// The first and the last port of the container.
    pub(super) target: (u16, u16),
    /// Where it is written.
    pub(super) place: Place,
}

impl Published {
    /// Reads an item of `ports`: `"127.0.0.1:8080:80/tcp"`, a number, or an object.
    pub(super) fn of(item: &Value) -> Option<Self> {
        if item.map().is_some() {
            let text = |name| item.get(name).map(|value: &Value| value.text().map_or_else(|| value.shown(), str::to_owned));
            let address = text("host_ip").filter(|address| is_one(address));
            return Some(Self {
                address,
                published: text("published").and_then(|text| range(&text)),
                target: range(&text("target")?)?,
                place: item.place,
            });
        }
        let written = item.text().map_or_else(|| item.shown(), str::to_owned);
        let written = written.split('/').next().unwrap_or_default();
        // An address of version six has colons of its own, in brackets.
        let (address, rest) = match written.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
            Some((address, rest)) => (Some(address.to_owned()), rest),
            None => (None, written),
        };
        let parts: Vec<&str> = rest.split(':').collect();
        let (address, published, target) = match parts.as_slice() {
            [target] => (address, None, *target),
            [published, target] => (address, range(published), *target),
            [host, published, target] => (Some((*host).to_owned()), range(published), *target),
            _ => return None,
        };
        Some(Self { address: address.filter(|address| is_one(address)), published, target: range(target)?, place: item.place })
    }

    /// Whether the port of the container is among some.
    pub(super) fn has_target(&self, ports: &[u64]) -> bool {
        ports.iter().any(|port| (u64::from(self.target.0)..=u64::from(self.target.1)).contains(port))
    }
}

fn is_one(address: &str) -> bool {
    !matches!(address, "" | "0.0.0.0" | "::" | "*")
}

fn range(text: &str) -> Option<(u16, u16)> {
    match text.split_once('-') {
        Some((first, last)) => Some((first.parse().ok()?, last.parse().ok()?)),
        None => text.parse().ok().map(|port| (port, port)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data;

    #[track_caller]
    fn check(written: &str, address: Option<&str>, published: Option<(u16, u16)>, target: (u16, u16)) {
        let item = &data::values_of(written)[0];
        let port = Published::of(item).unwrap();
        assert_eq!((port.address.as_deref(), port.published, port.target), (address, published, target), "{written}");
    }

    #[test]
    fn all_forms_are_read() {
        check("'5432'", None, None, (5432, 5432));
        check("'8000-8001:80-81/udp'", None, Some((8000, 8001)), (80, 81));
        check("'127.0.0.1:5432:5432'", Some("127.0.0.1"), Some((5432, 5432)), (5432, 5432));
        check("'0.0.0.0:80:80'", None, Some((80, 80)), (80, 80));
        check("'[::1]:80:80'", Some("::1"), Some((80, 80)), (80, 80));
        check("{target: 80, published: '8080', host_ip: 127.0.0.1}", Some("127.0.0.1"), Some((8080, 8080)), (80, 80));
    }
}
