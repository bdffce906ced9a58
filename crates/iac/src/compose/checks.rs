//! What is wrong with services of compose files.

use super::port::Published;
use crate::{
    Place, Resource, Value, Verdict,
    check::{Check, Context, Look},
    kubernetes::{
        check::{image::Image, volume::HostPath},
        field::{self, Field, place_of, texts, unknown_cause, walk},
    },
    secret_name::{is_literal, is_secret},
};

pub(crate) const CHECKS: &[Check] = &[
    Check { name: "compose-field-true", look: Look::Resource(field_true) },
    Check { name: "compose-capabilities", look: Look::Parts(capabilities) },
    Check { name: "compose-keeps-capabilities", look: Look::Resource(keeps_capabilities) },
    Check { name: "compose-mounts", look: Look::Parts(mounts) },
    Check { name: "compose-host-namespace", look: Look::Parts(host_namespace) },
    Check { name: "compose-open-port", look: Look::Parts(open_port) },
    Check { name: "compose-low-port", look: Look::Parts(low_port) },
    Check { name: "compose-new-privileges", look: Look::Resource(new_privileges) },
    Check { name: "compose-unconfined", look: Look::Parts(unconfined) },
    Check { name: "compose-secret", look: Look::Parts(secret) },
    Check { name: "compose-missing", look: Look::Resource(missing) },
    Check { name: "compose-image-mutable", look: Look::Resource(image_mutable) },
];

fn items<'r>(service: &'r Resource, name: &str) -> &'r [Value] {
    service.get(name).map(Value::items).unwrap_or_default()
}

/// The verdicts of parts, or one that all is well.
fn all(verdicts: Vec<Verdict>) -> Vec<Verdict> {
    if verdicts.is_empty() { vec![Verdict::Pass] } else { verdicts }
}

/// `with`: `field` must not be true; `says` is what it means.
fn field_true(service: &Resource, context: &Context<'_>) -> Verdict {
    let name = context.text("field");
    field::flag(Some(&service.body), name).must_not(|is_set| *is_set, name, |_| context.text("says").to_owned())
}

/// `with`: `capabilities` should not be added.
fn capabilities(service: &Resource, context: &Context<'_>) -> Vec<Verdict> {
    let added = texts(service.get("cap_add"));
    let is_bad = |name: &str| {
        let name = name.to_ascii_uppercase();
        context.texts("capabilities").any(|bad| name.trim_start_matches("CAP_") == bad)
    };
    let fail = |(name, place): &(&str, Place)| Verdict::fail_because(*place, name, format!("the service has the capability `{name}`"));
    let unknown = added.unknown.map(|(cause, place)| Verdict::Unknown(cause, place));
    all(added.known.iter().filter(|(name, _)| is_bad(name)).map(fail).chain(unknown).collect())
}

fn keeps_capabilities(service: &Resource, _: &Context<'_>) -> Verdict {
    let dropped = texts(service.get("cap_drop"));
    if dropped.known.iter().any(|(name, _)| name.eq_ignore_ascii_case("ALL")) {
        return Verdict::Pass;
    }
    let place = if service.get("cap_drop").is_some() { place_of(&service.body, "cap_drop") } else { Place::NONE };
    Verdict::fail_because(place, "cap_drop", "the service keeps capabilities that it may not need: it does not drop `ALL`")
}

/// `with`: `sort` of paths, `socket` or `sensitive`; `says` is what mounting one gives.
fn mounts(service: &Resource, context: &Context<'_>) -> Vec<Verdict> {
    let sort = if context.text("sort") == "socket" { HostPath::RuntimeSocket } else { HostPath::Sensitive };
    let verdict = |item: &Value| {
        if let Some(cause) = unknown_cause(item) {
            return Verdict::Unknown(cause, item.place);
        }
        let (source, place) = match item.text() {
            Some(text) => (Field::Is(text.split(':').next().unwrap_or_default(), item.place), item.place),
            None => (field::text(Some(item), "source"), place_of(item, "source")),
        };
        let message = |source| format!("the service mounts `{source}` of its machine, {}", context.text("says"));
        match source {
            Field::Is(source, _) if source.starts_with('/') => {
                Field::Is(source, place).must_not(|source| HostPath::of(source) == sort, source, message)
            }
            Field::Unknown(cause, place) => Verdict::Unknown(cause, place),
            Field::Is(..) | Field::Absent => Verdict::Pass,
        }
    };
    all(items(service, "volumes").iter().map(verdict).collect())
}

fn host_namespace(service: &Resource, _: &Context<'_>) -> Vec<Verdict> {
    const FIELDS: &[(&str, &str)] = &[
        ("pid", "sees the processes of its machine"),
        ("ipc", "shares memory with the processes of its machine"),
        ("network_mode", "has the network of its machine"),
        ("userns_mode", "has the users of its machine, so that root in it is root there"),
        ("uts", "has the name of its machine, and may change it"),
        ("cgroup", "sees the control groups of its machine"),
    ];
    let verdict = |(name, what): &(&str, &str)| {
        field::text(Some(&service.body), name).must_not(|mode| *mode == "host", name, |_| format!("the service {what}"))
    };
    FIELDS.iter().map(verdict).collect()
}

fn published(service: &Resource, judge: impl Fn(&Published) -> Option<String>) -> Vec<Verdict> {
    let verdict = |item: &Value| {
        if let Some(cause) = unknown_cause(item) {
            return Verdict::Unknown(cause, item.place);
        }
        let Some(port) = Published::of(item) else { return Verdict::Pass };
        judge(&port).map_or(Verdict::Pass, |message| Verdict::fail_because(port.place, &format!("ports.{}", port.target.0), message))
    };
    all(items(service, "ports").iter().map(verdict).collect())
}

/// `with`: `ports` are those of databases and of administration.
fn open_port(service: &Resource, context: &Context<'_>) -> Vec<Verdict> {
    let listed = context.with.get("ports").and_then(|ports| ports.as_array());
    let bad: Vec<u64> = listed.into_iter().flatten().filter_map(serde_json::Value::as_u64).collect();
    published(service, |port| {
        let is_open = port.address.is_none() && port.has_target(&bad);
        is_open.then(|| format!("the port {} is published on every address of the machine, past most of its firewalls", port.target.0))
    })
}

fn low_port(service: &Resource, _: &Context<'_>) -> Vec<Verdict> {
    published(service, |port| {
        let first = port.published.unwrap_or(port.target).0;
        (first < 1024 && !matches!(first, 80 | 443))
            .then(|| format!("the service takes the port {first} of its machine, which belongs to its system"))
    })
}

fn new_privileges(service: &Resource, _: &Context<'_>) -> Verdict {
    let options = texts(service.get("security_opt"));
    let says_no = |option: &str| matches!(option.replace([':', '='], " ").as_str(), "no-new-privileges" | "no-new-privileges true");
    if options.known.iter().any(|(option, _)| says_no(option)) {
        return Verdict::Pass;
    }
    if let Some((cause, place)) = options.unknown {
        return Verdict::Unknown(cause, place);
    }
    let place = if service.get("security_opt").is_some() { place_of(&service.body, "security_opt") } else { Place::NONE };
    Verdict::fail_because(place, "security_opt", "processes of the service may gain more privileges than they start with")
}

fn unconfined(service: &Resource, _: &Context<'_>) -> Vec<Verdict> {
    let options = texts(service.get("security_opt"));
    let name = |option: &str| ["seccomp", "apparmor", "label", "systempaths"].into_iter().find(|name| option.starts_with(name));
    let is_off = |option: &str| option.ends_with("unconfined") || matches!(option, "label:disable" | "label=disable");
    let fail = |(option, place): &(&str, Place)| {
        let name = name(option).filter(|_| is_off(option))?;
        Some(Verdict::fail_because(*place, name, format!("the service is not held back by `{name}`")))
    };
    all(options.known.iter().filter_map(fail).collect())
}

fn secret(service: &Resource, _: &Context<'_>) -> Vec<Verdict> {
    let fail = |name: &str, place| Verdict::fail_because(place, name, format!("the secret `{name}` stands in the file in plain text"));
    let Some(environment) = service.get("environment") else { return vec![Verdict::Pass] };
    let in_map = |(name, member): (&std::sync::Arc<str>, &crate::Member)| {
        let is_bad = is_secret(name) && member.value.text().is_some_and(is_literal);
        is_bad.then(|| fail(name, place_of(environment, name)))
    };
    let in_list = |item: &Value| {
        let (name, value) = item.text()?.split_once('=')?;
        (is_secret(name) && is_literal(value)).then(|| fail(name, item.place))
    };
    let of_map = environment.map().into_iter().flat_map(|map| &map.0).filter_map(in_map);
    all(of_map.chain(environment.items().iter().filter_map(in_list)).collect())
}

/// `with`: one of `fields` must be there, each a way of names joined by dots, and not be one of `except`; `says` is what is missing.
fn missing(service: &Resource, context: &Context<'_>) -> Verdict {
    let mut verdict = Verdict::fail_because(Place::NONE, context.text("part"), context.text("says"));
    for way in context.texts("fields") {
        let names: Vec<&str> = way.split('.').collect();
        let Some((last, parents)) = names.split_last() else { continue };
        match field::any(walk(&service.body, parents), last) {
            Field::Is(value, place) => {
                let shown = value.text().map_or_else(|| value.shown(), str::to_owned);
                if !context.texts("except").any(|bad| bad == shown) {
                    return Verdict::Pass;
                }
                verdict = Verdict::fail_because(place, context.text("part"), context.text("says"));
            }
            Field::Unknown(cause, place) => return Verdict::Unknown(cause, place),
            Field::Absent => {
                // What is there without it is to blame.
                if let Some(parent) = parents.first().filter(|parent| parents.len() == 1 && service.get(parent).is_some()) {
                    verdict = Verdict::fail_because(place_of(&service.body, parent), context.text("part"), context.text("says"));
                }
            }
        }
    }
    verdict
}

fn image_mutable(service: &Resource, _: &Context<'_>) -> Verdict {
    // What is built here has whatever name it is given.
    if service.get("build").is_some() {
        return Verdict::NotApplicable;
    }
    let message = |image| format!("the image `{image}` may be another one tomorrow");
    field::text(Some(&service.body), "image").must_not(|image| Image::parse(image).is_latest(), "image", message)
}
