//! Checks of one container: what it may do, and what it may use up.

use crate::{
    Place, Value, Verdict,
    check::{Check, Context, Look},
    kubernetes::{
        field::{self, Field, texts, walk},
        index::in_namespace,
        pod::{Container, Role},
        pod_security,
    },
};

#[rustfmt::skip]
pub(crate) const CHECKS: &[Check] = &[
    Check { name: "container-privileged", look: Look::Container(privileged) },
    Check { name: "container-privilege-escalation", look: Look::Container(privilege_escalation) },
    Check { name: "container-host-port", look: Look::Container(host_port) },
    Check { name: "container-privileged-port", look: Look::Container(privileged_port) },
    Check { name: "container-may-run-as-root", look: Look::Container(may_run_as_root) },
    Check { name: "container-runs-as-root", look: Look::Container(runs_as_root) },
    Check { name: "container-low-id", look: Look::Container(low_id) },
    Check { name: "container-root-group", look: Look::Container(root_group) },
    Check { name: "container-keeps-capabilities", look: Look::Container(keeps_capabilities) },
    Check { name: "container-adds-capabilities", look: Look::Container(adds_capabilities) },
    Check { name: "container-adds-beyond-baseline", look: Look::Container(adds_beyond_baseline) },
    Check { name: "container-seccomp-unconfined", look: Look::Container(seccomp_unconfined) },
    Check { name: "container-seccomp-missing", look: Look::Container(seccomp_missing) },
    Check { name: "container-apparmor-unconfined", look: Look::Container(apparmor_unconfined) },
    Check { name: "container-apparmor-missing", look: Look::Container(apparmor_missing) },
    Check { name: "container-selinux-options", look: Look::Container(selinux_options) },
    Check { name: "container-proc-mount", look: Look::Container(proc_mount) },
    Check { name: "container-writable-root", look: Look::Container(writable_root) },
    Check { name: "container-host-process", look: Look::Container(host_process) },
    Check { name: "container-security-context-missing", look: Look::Container(security_context_missing) },
    Check { name: "container-resources-missing", look: Look::Container(resources_missing) },
    Check { name: "container-probe-missing", look: Look::Container(probe_missing) },
];

const SECCOMP_OF_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_OF_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

/// User and group ids below this one may be somebody's on the node.
const FIRST_FREE_ID: f64 = 10_000.0;

/// What only Linux has is not asked of a pod for Windows.
fn on_linux(container: &Container<'_>, judge: impl FnOnce() -> Verdict) -> Verdict {
    if container.pod.is_windows() { Verdict::NotApplicable } else { judge() }
}

fn privileged(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let message = |_| container.says("is privileged: root in it is root on the node");
    container.flag("privileged").must_not(|is_set| *is_set, "privileged", message).turned_to(false)
}

fn privilege_escalation(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let message = || container.says("may gain more privileges than it starts with");
    on_linux(container, || {
        container.flag("allowPrivilegeEscalation").must(|is_set| !is_set, "allowPrivilegeEscalation", message()).turned_to(false)
    })
}

fn host_port(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    ports(container, "hostPort", |port| *port != 0.0, "takes the port", "of its node")
}

fn privileged_port(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    ports(container, "containerPort", |port| *port < 1024.0, "listens on the port", "which needs a privilege")
}

fn ports(container: &Container<'_>, name: &str, is_bad: fn(&f64) -> bool, what: &str, why: &str) -> Verdict {
    let items = container.value.get("ports").map(Value::items).unwrap_or_default();
    items.iter().fold(Verdict::Pass, |verdict, port| {
        let message = |number: f64| container.says(&format!("{what} {} {why}", crate::value::number_text(number)));
        verdict.and(|| field::number(Some(port), name).must_not(is_bad, name, message))
    })
}

fn may_run_as_root(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    if container.pod.has_user_namespace() {
        return Verdict::Pass;
    }
    on_linux(container, || match (container.merged_flag("runAsNonRoot"), container.merged_number("runAsUser")) {
        (Field::Is(true, _), _) => Verdict::Pass,
        // Root on purpose is what another check is about.
        (_, Field::Is(user, _)) => {
            if user == 0.0 {
                Verdict::NotApplicable
            } else {
                Verdict::Pass
            }
        }
        (Field::Unknown(cause, place), _) | (_, Field::Unknown(cause, place)) => Verdict::Unknown(cause, place),
        (Field::Is(false, place), Field::Absent) => {
            Verdict::fail_because(place, "runAsNonRoot", container.says("is allowed to run as root")).turned_to(true)
        }
        (Field::Absent, Field::Absent) => {
            Verdict::fail_because(Place::NONE, "runAsNonRoot", container.says("runs as whatever user its image says, which may be root"))
        }
    })
}

fn runs_as_root(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    if container.pod.has_user_namespace() || container.merged_flag("runAsNonRoot").known() == Some(true) {
        return Verdict::Pass;
    }
    let message = |_| container.says("runs as root");
    on_linux(container, || container.merged_number("runAsUser").must_not(|user| *user == 0.0, "runAsUser", message))
}

/// `with`: `field` is the id, `says` whose it is.
fn low_id(container: &Container<'_>, context: &Context<'_>) -> Verdict {
    let message = container.says(&format!("runs with a {} id that may be somebody's on the node", context.text("says")));
    let name = context.text("field");
    on_linux(container, || container.merged_number(name).must(|id| FIRST_FREE_ID <= *id, name, message))
}

fn root_group(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let of_pod = container.pod.security();
    let message = |_| container.says("is in the group of root");
    let is_root = |id: &f64| *id == 0.0;
    on_linux(container, || {
        let group = container.merged_number("runAsGroup").must_not(is_root, "runAsGroup", message);
        group.and(|| field::number(of_pod, "fsGroup").must_not(is_root, "fsGroup", message)).and(|| {
            let groups = of_pod.and_then(|context| context.get("supplementalGroups"));
            let root = groups.and_then(|groups| groups.items().iter().find(|id| id.number() == Some(0.0)));
            root.map_or(Verdict::Pass, |id| Verdict::fail_because(id.place, "supplementalGroups", message(0.0)))
        })
    })
}

fn capabilities<'p>(container: &Container<'p>, list: &str) -> Option<&'p Value> {
    container.security().and_then(|own| walk(own, &["capabilities", list]))
}

fn keeps_capabilities(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let list = capabilities(container, "drop");
    let dropped = texts(list);
    on_linux(container, || match dropped.unknown {
        _ if dropped.known.iter().any(|(name, _)| name.eq_ignore_ascii_case("ALL")) => Verdict::Pass,
        Some((cause, place)) => Verdict::Unknown(cause, place),
        None => {
            let place =
                container.security().and_then(|own| own.get("capabilities")).map_or(Place::NONE, |own| field::place_of(own, "drop"));
            Verdict::fail_because(
                place,
                "capabilities.drop",
                container.says("keeps capabilities that it may not need: it does not drop `ALL`"),
            )
        }
    })
}

fn adds_capabilities(container: &Container<'_>, context: &Context<'_>) -> Verdict {
    let bad: Vec<&str> = context.texts("capabilities").collect();
    added(container, |name| bad.contains(&name))
}

fn adds_beyond_baseline(container: &Container<'_>, context: &Context<'_>) -> Verdict {
    let others: Vec<&str> = context.texts("except").collect();
    added(container, |name| !pod_security::is_baseline_capability(name) && !others.contains(&name))
}

/// Fails where a capability is added that is bad; names may have the prefix of the kernel.
fn added(container: &Container<'_>, is_bad: impl Fn(&str) -> bool) -> Verdict {
    let list = texts(capabilities(container, "add"));
    let is_bad = |name: &str| is_bad(name.to_ascii_uppercase().trim_start_matches("CAP_"));
    if let Some((name, place)) = list.known.iter().find(|(name, _)| is_bad(name)) {
        return Verdict::fail_because(*place, "capabilities.add", container.says(&format!("has the capability `{name}`")));
    }
    list.unknown.map_or(Verdict::Pass, |(cause, place)| Verdict::Unknown(cause, place))
}

/// The annotation about a container, or else about its pod, that says its seccomp profile; it counts where no field does.
fn seccomp_annotation<'p>(container: &Container<'p>) -> Field<&'p str> {
    let own = format!("{SECCOMP_OF_CONTAINER}{}", container.name());
    field::text(container.pod.annotations(), &own).or(|| field::text(container.pod.annotations(), SECCOMP_OF_POD))
}

fn seccomp_unconfined(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let of_type = field::text(container.merged("seccompProfile"), "type").or(|| seccomp_annotation(container));
    let message = |_| container.says("may make any system call");
    on_linux(container, || of_type.must_not(|of_type| of_type.eq_ignore_ascii_case("unconfined"), "seccompProfile", message))
}

fn seccomp_missing(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let of_type = field::text(container.merged("seccompProfile"), "type").or(|| seccomp_annotation(container));
    // That a profile is turned off is what another check is about.
    let is_one = |of_type: &&str| {
        let of_type = of_type.to_ascii_lowercase();
        matches!(of_type.as_str(), "runtimedefault" | "localhost" | "unconfined" | "runtime/default" | "docker/default")
            || of_type.starts_with("localhost/")
    };
    on_linux(container, || of_type.must(is_one, "seccompProfile", container.says("has no seccomp profile")))
}

fn apparmor<'p>(container: &Container<'p>) -> Field<&'p str> {
    let name = format!("{APP_ARMOR}{}", container.name());
    field::text(container.merged("appArmorProfile"), "type").or(|| field::text(container.pod.annotations(), &name))
}

fn apparmor_unconfined(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let message = |_| container.says("is not held back by AppArmor");
    let is_good = |profile: &str| {
        profile.is_empty() || matches!(profile, "RuntimeDefault" | "Localhost" | "runtime/default") || profile.starts_with("localhost/")
    };
    on_linux(container, || apparmor(container).must_not(|profile| !is_good(profile), "appArmorProfile", message))
}

fn apparmor_missing(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    on_linux(container, || apparmor(container).must(|_| true, "appArmorProfile", container.says("names no AppArmor profile")))
}

fn selinux_options(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let options = container.merged("seLinuxOptions");
    let message = |_| container.says("chooses its own SELinux label");
    let own_type = field::text(options, "type").must_not(|name| !pod_security::is_container_type(name), "seLinuxOptions.type", message);
    own_type
        .and(|| field::text(options, "user").must_not(|name| !name.is_empty(), "seLinuxOptions.user", message))
        .and(|| field::text(options, "role").must_not(|name| !name.is_empty(), "seLinuxOptions.role", message))
}

fn proc_mount(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    if container.pod.has_user_namespace() {
        return Verdict::Pass;
    }
    field::text(container.security(), "procMount").must_not(
        |mount| *mount != "Default",
        "procMount",
        |_| container.says("sees all of `/proc`"),
    )
}

fn writable_root(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let message = || container.says("may write to its root file system");
    on_linux(container, || {
        container.flag("readOnlyRootFilesystem").must(|is_set| *is_set, "readOnlyRootFilesystem", message()).turned_to(true)
    })
}

fn host_process(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let flag = |context: Option<&Value>| field::flag(context.and_then(|context| walk(context, &["windowsOptions"])), "hostProcess");
    let either = flag(container.security()).or(|| flag(container.pod.security()));
    either.must_not(|is_set| *is_set, "windowsOptions.hostProcess", |_| container.says("runs as a process of its Windows node"))
}

fn security_context_missing(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let has_settings = |context: Option<&Value>| context.is_some_and(|context| context.map().is_none_or(|map| !map.0.is_empty()));
    if has_settings(container.security()) || (container.role == Role::Ephemeral && has_settings(container.pod.security())) {
        return Verdict::Pass;
    }
    Verdict::fail_because(Place::NONE, "securityContext", container.says("has no security context"))
}

/// `with`: `group` is `limits` or `requests`, `resources` are what must be there. Unless `implied` is false, a limit is a request, too.
fn resources_missing(container: &Container<'_>, context: &Context<'_>) -> Verdict {
    if container.role == Role::Ephemeral {
        return Verdict::NotApplicable;
    }
    let group = context.text("group");
    let own = walk(container.value, &["resources"]);
    let of_pod = walk(container.pod.spec, &["resources"]);
    context.texts("resources").fold(Verdict::Pass, |verdict, resource| {
        let in_group = |resources: Option<&_>, group: &str| {
            let resources: Option<&Value> = resources;
            field::any(resources.and_then(|resources| walk(resources, &[group])), resource).map(|_| ())
        };
        // A request that is not made is that of the limit.
        let is_implied = group == "requests" && context.with.get("implied").and_then(serde_json::Value::as_bool) != Some(false);
        let limit = || if is_implied { in_group(own, "limits") } else { Field::Absent };
        let set = in_group(own, group).or(limit).or(|| in_group(of_pod, group)).or(|| range_default(container, context, resource));
        let message = container.says(&format!("has no `resources.{group}.{resource}`"));
        verdict.and(|| set.must(|()| true, &format!("resources.{group}.{resource}"), message))
    })
}

/// What a limit range of the namespace gives to containers that say nothing.
fn range_default(container: &Container<'_>, context: &Context<'_>, resource: &str) -> Field<()> {
    let pod = container.pod;
    for range in in_namespace(context.graph, "LimitRange", pod.resource.scope, pod.namespace().name()) {
        for item in range.body.at(&["spec", "limits"]).map(Value::items).unwrap_or_default() {
            let is_for_containers = item.get("type").and_then(Value::text) == Some("Container");
            let names: &[&str] = if context.text("group") == "limits" { &["default"] } else { &["defaultRequest", "default"] };
            if is_for_containers && names.iter().any(|name| item.at(&[name, resource]).is_some()) {
                return Field::Is((), item.place);
            }
        }
    }
    Field::Absent
}

/// `with`: `probe` is the field that must be there.
fn probe_missing(container: &Container<'_>, context: &Context<'_>) -> Verdict {
    const ENDS: &[&str] = &["Job", "CronJob", "ScaledJob", "JobSet", "Job.batch.volcano.sh", "PyTorchJob", "TFJob", "MPIJob", "RayJob"];
    if container.role != Role::Main || ENDS.contains(&container.pod.resource.canonical_type.as_ref()) {
        return Verdict::NotApplicable;
    }
    let probe = context.text("probe");
    field::any(Some(container.value), probe).must(|_| true, probe, container.says(&format!("has no `{probe}`")))
}
