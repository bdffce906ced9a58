//! The controls, with the versions since which they hold, and what each looks at.

use super::{Level, Offences, Version};
use crate::{
    Kind, Place, Value,
    kubernetes::{
        field::{self, Field, place_of, texts, unknown_cause, walk},
        pod::{Container, Pod},
    },
};

/// A control of the standards.
pub(super) struct Control {
    pub(super) name: &'static str,
    pub(super) level: Level,
    /// The first version that has it.
    pub(super) since: Version,
    /// The first version that has it no more.
    pub(super) until: Option<Version>,
    /// A control of the baseline that is not asked where this one is.
    pub(super) overrides: Option<&'static str>,
    pub(super) judge: fn(&Pod<'_>, Version, &mut Offences),
}

/// Since this version, fields that Windows does not have need not be set in pods that say they are for Windows.
const WINDOWS_PODS: Version = Version::minor(25);
/// Since this version, root is allowed where it is nobody outside of the pod.
const USER_NAMESPACES: Version = Version::minor(35);

#[rustfmt::skip]
pub(super) const CONTROLS: &[Control] = &[
    baseline("hostNamespaces", 0, host_namespaces),
    baseline("privileged", 0, privileged),
    baseline("capabilities", 0, capabilities),
    baseline("hostPath", 0, host_path),
    baseline("hostPort", 0, host_ports),
    baseline("appArmorProfile", 0, app_armor),
    baseline("seLinuxOptions", 0, se_linux),
    baseline("procMount", 0, proc_mount_baseline),
    Control { until: Some(Version::minor(19)), ..baseline("seccompAnnotations", 0, seccomp_annotations) },
    baseline("seccompProfile", 19, seccomp),
    baseline("sysctls", 0, sysctls),
    baseline("hostProcess", 0, host_process),
    baseline("probeHosts", 34, probe_hosts),
    restricted("volumes", 0, Some("hostPath"), volumes),
    restricted("allowPrivilegeEscalation", 8, None, privilege_escalation),
    restricted("runAsNonRoot", 0, None, run_as_non_root),
    restricted("runAsUser", 23, None, run_as_user),
    restricted("seccompProfileSet", 19, Some("seccompProfile"), seccomp_set),
    restricted("capabilitiesDropped", 22, Some("capabilities"), capabilities_dropped),
    restricted("procMountAlways", 35, Some("procMount"), proc_mount),
];

/// Capabilities that may be added.
const CAPABILITIES: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Kernel settings that are the pod's own and safe, and since when they count as that.
const SYSCTLS: &[(Version, &str)] = &[
    (Version::minor(0), "kernel.shm_rmid_forced"),
    (Version::minor(0), "net.ipv4.ip_local_port_range"),
    (Version::minor(0), "net.ipv4.ip_unprivileged_port_start"),
    (Version::minor(0), "net.ipv4.ping_group_range"),
    (Version::minor(0), "net.ipv4.tcp_syncookies"),
    (Version::minor(27), "net.ipv4.ip_local_reserved_ports"),
    (Version::minor(29), "net.ipv4.tcp_fin_timeout"),
    (Version::minor(29), "net.ipv4.tcp_keepalive_intvl"),
    (Version::minor(29), "net.ipv4.tcp_keepalive_probes"),
    (Version::minor(29), "net.ipv4.tcp_keepalive_time"),
    (Version::minor(32), "net.ipv4.tcp_rmem"),
    (Version::minor(32), "net.ipv4.tcp_wmem"),
    (Version::minor(37), "net.ipv4.tcp_notsent_lowat"),
    (Version::minor(37), "net.ipv4.tcp_slow_start_after_idle"),
];

/// Types of SELinux for containers, and since when.
const SE_LINUX_TYPES: &[(Version, &str)] = &[
    (Version::minor(0), ""),
    (Version::minor(0), "container_init_t"),
    (Version::minor(0), "container_kvm_t"),
    (Version::minor(0), "container_t"),
    (Version::minor(31), "container_engine_t"),
];

/// Sources of volumes that the restricted level allows.
const VOLUMES: &[&str] =
    &["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];

const PROFILES: &[&str] = &["RuntimeDefault", "Localhost"];
const APP_ARMOR_ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";
const SECCOMP_OF_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_OF_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";

const fn baseline(name: &'static str, since: u16, judge: fn(&Pod<'_>, Version, &mut Offences)) -> Control {
    Control { name, level: Level::Baseline, since: Version::minor(since), until: None, overrides: None, judge }
}

const fn restricted(
    name: &'static str,
    since: u16,
    overrides: Option<&'static str>,
    judge: fn(&Pod<'_>, Version, &mut Offences),
) -> Control {
    Control { name, level: Level::Restricted, since: Version::minor(since), until: None, overrides, judge }
}

/// Whether a table allows a text in a version.
fn is_allowed(table: &[(Version, &str)], text: &str, version: Version) -> bool {
    table.iter().any(|(since, allowed)| *since <= version && *allowed == text)
}

/// Whether adding a capability is allowed at the baseline.
pub(crate) fn is_baseline_capability(name: &str) -> bool {
    CAPABILITIES.contains(&name)
}

/// Whether a kernel setting is safe in the newest version.
pub(crate) fn is_safe_sysctl(name: &str) -> bool {
    is_allowed(SYSCTLS, name, Version::LATEST)
}

/// Whether a type of SELinux is one for containers in the newest version.
pub(crate) fn is_container_type(name: &str) -> bool {
    is_allowed(SE_LINUX_TYPES, name, Version::LATEST)
}

/// The pod and its containers, by their security contexts.
fn contexts<'p>(pod: &'p Pod<'p>) -> Vec<(Option<Container<'p>>, Option<&'p Value>)> {
    let of_containers = pod.containers().into_iter().map(|container| (Some(container), container.security()));
    std::iter::once((None, pod.security())).chain(of_containers).collect()
}

fn host_namespaces(pod: &Pod<'_>, _: Version, offences: &mut Offences) {
    for name in ["hostNetwork", "hostPID", "hostIPC"] {
        offences.must_not(None, field::flag(Some(pod.spec), name), |is_set| *is_set, &format!("sets `{name}`"));
    }
}

fn privileged(pod: &Pod<'_>, _: Version, offences: &mut Offences) {
    for container in pod.containers() {
        offences.must_not(Some(&container), container.flag("privileged"), |is_set| *is_set, "is privileged");
    }
}

fn capabilities(pod: &Pod<'_>, _: Version, offences: &mut Offences) {
    added(pod, offences, |name| CAPABILITIES.contains(&name));
}

/// Capabilities that containers add beyond those allowed.
fn added(pod: &Pod<'_>, offences: &mut Offences, is_allowed: impl Fn(&str) -> bool) {
    for container in pod.containers() {
        let list = texts(container.security().and_then(|own| walk(own, &["capabilities", "add"])));
        for (name, place) in list.known.iter().filter(|(name, _)| !is_allowed(name)) {
            offences.add(Some(&container), *place, &format!("adds the capability `{name}`"));
        }
        list.unknown.into_iter().for_each(|(cause, place)| offences.unknown(cause, place));
    }
}

fn host_path(pod: &Pod<'_>, _: Version, offences: &mut Offences) {
    for volume in volumes_of(pod, offences) {
        let name = volume.get("name").and_then(Value::text).unwrap_or_default();
        let what = format!("mounts a path of the node as the volume `{name}`");
        offences.must_not(None, field::any(Some(volume), "hostPath"), |_| true, &what);
    }
}

fn volumes_of<'p>(pod: &Pod<'p>, offences: &mut Offences) -> &'p [Value] {
    let Some(volumes) = pod.spec.get("volumes") else { return &[] };
    for value in std::iter::once(volumes).chain(volumes.items()) {
        unknown_cause(value).into_iter().for_each(|cause| offences.unknown(cause, value.place));
    }
    volumes.items()
}

fn volumes(pod: &Pod<'_>, _: Version, offences: &mut Offences) {
    for volume in volumes_of(pod, offences) {
        let Some(members) = volume.map() else { continue };
        let is_source = |name: &&str| *name != "name" && volume.get(name).is_some();
        let sources: Vec<&str> = members.0.keys().map(AsRef::as_ref).filter(is_source).collect();
        // The API makes an empty directory of a volume that says nothing.
        if sources.is_empty() || sources.iter().any(|source| VOLUMES.contains(source)) {
            continue;
        }
        let name = volume.get("name").and_then(Value::text).unwrap_or_default();
        let what = format!("has the volume `{name}` of the kind `{}`", sources.join("`, `"));
        offences.add(None, sources.first().map_or(volume.place, |source| place_of(volume, source)), &what);
    }
}

fn host_ports(pod: &Pod<'_>, _: Version, offences: &mut Offences) {
    for container in pod.containers() {
        for port in container.value.get("ports").map(Value::items).unwrap_or_default() {
            offences.must_not(Some(&container), field::number(Some(port), "hostPort"), |port| *port != 0.0, "takes a port of the node");
        }
    }
}

fn app_armor(pod: &Pod<'_>, _: Version, offences: &mut Offences) {
    profiles(pod, "appArmorProfile", offences);
    let annotations = pod.annotations();
    for (name, member) in annotations.and_then(Value::map).iter().flat_map(|map| &map.0) {
        if !name.starts_with(APP_ARMOR_ANNOTATION) {
            continue;
        }
        let is_bad = |profile: &&str| !(profile.is_empty() || *profile == "runtime/default" || profile.starts_with("localhost/"));
        let what = format!("asks for the AppArmor profile {}", member.value.shown());
        offences.must_not(None, field::text(annotations, name), is_bad, &what);
    }
}

/// Profiles that are set must be one of the container runtime or of the node.
fn profiles(pod: &Pod<'_>, name: &str, offences: &mut Offences) {
    for (container, context) in contexts(pod) {
        let Field::Is(profile, place) = field::any(context, name) else {
            if let Field::Unknown(cause, place) = field::any(context, name) {
                offences.unknown(cause, place);
            }
            continue;
        };
        match field::text(Some(profile), "type") {
            Field::Absent => offences.add(container.as_ref(), place, &format!("has a `{name}` without a type")),
            of_type => {
                let what = format!("sets `{name}` to {}", profile.get("type").map(Value::shown).unwrap_or_default());
                offences.must_not(container.as_ref(), of_type, |of_type| !PROFILES.contains(of_type), &what);
            }
        }
    }
}

fn se_linux(pod: &Pod<'_>, version: Version, offences: &mut Offences) {
    for (container, context) in contexts(pod) {
        let options = context.and_then(|context| walk(context, &["seLinuxOptions"]));
        let is_bad = |name: &&str| !is_allowed(SE_LINUX_TYPES, name, version);
        offences.must_not(container.as_ref(), field::text(options, "type"), is_bad, "sets a type of SELinux that is not for containers");
        for name in ["user", "role"] {
            offences.must_not(
                container.as_ref(),
                field::text(options, name),
                |text| !text.is_empty(),
                &format!("sets the {name} of SELinux"),
            );
        }
    }
}

fn proc_mount_baseline(pod: &Pod<'_>, version: Version, offences: &mut Offences) {
    if version < USER_NAMESPACES || !pod.has_user_namespace() {
        proc_mount(pod, version, offences);
    }
}

fn proc_mount(pod: &Pod<'_>, _: Version, offences: &mut Offences) {
    for container in pod.containers() {
        let mount = field::text(container.security(), "procMount");
        offences.must_not(Some(&container), mount, |mount| *mount != "Default", "sees all of `/proc`");
    }
}

fn seccomp_annotations(pod: &Pod<'_>, _: Version, offences: &mut Offences) {
    let is_bad = |profile: &&str| !(matches!(*profile, "runtime/default" | "docker/default") || profile.starts_with("localhost/"));
    offences.must_not(None, field::text(pod.annotations(), SECCOMP_OF_POD), is_bad, "asks for another seccomp profile");
    for container in pod.containers() {
        let name = format!("{SECCOMP_OF_CONTAINER}{}", container.name());
        offences.must_not(Some(&container), field::text(pod.annotations(), &name), is_bad, "asks for another seccomp profile");
    }
}

fn seccomp(pod: &Pod<'_>, _: Version, offences: &mut Offences) {
    profiles(pod, "seccompProfile", offences);
}

fn seccomp_set(pod: &Pod<'_>, version: Version, offences: &mut Offences) {
    if WINDOWS_PODS <= version && pod.is_windows() {
        return;
    }
    profiles(pod, "seccompProfile", offences);
    let has_profile = |context: Option<&Value>| !matches!(field::any(context, "seccompProfile"), Field::Absent);
    if has_profile(pod.security()) {
        return;
    }
    for container in pod.containers().iter().filter(|container| !has_profile(container.security())) {
        offences.add(Some(container), Place::NONE, "has no seccomp profile");
    }
}

fn sysctls(pod: &Pod<'_>, version: Version, offences: &mut Offences) {
    let Some(list) = pod.security().and_then(|context| walk(context, &["sysctls"])) else { return };
    unknown_cause(list).into_iter().for_each(|cause| offences.unknown(cause, list.place));
    for item in list.items() {
        let name = field::text(Some(item), "name").or(|| Field::Is("", item.place));
        let what = format!("sets {} of the kernel", item.get("name").map(Value::shown).unwrap_or_default());
        offences.must_not(None, name, |name| !is_allowed(SYSCTLS, name, version), &what);
    }
}

fn host_process(pod: &Pod<'_>, _: Version, offences: &mut Offences) {
    for (container, context) in contexts(pod) {
        let options = context.and_then(|context| walk(context, &["windowsOptions"]));
        offences.must_not(container.as_ref(), field::flag(options, "hostProcess"), |is_set| *is_set, "runs as a process of the node");
    }
}

fn probe_hosts(pod: &Pod<'_>, _: Version, offences: &mut Offences) {
    const HANDLERS: &[&[&str]] =
        &[&["livenessProbe"], &["readinessProbe"], &["startupProbe"], &["lifecycle", "postStart"], &["lifecycle", "preStop"]];
    for container in pod.containers() {
        for handler in HANDLERS {
            for action in ["httpGet", "tcpSocket"] {
                let object = walk(container.value, handler).and_then(|handler| walk(handler, &[action]));
                let host = field::text(object, "host");
                offences.must_not(Some(&container), host, |host| !host.is_empty(), "lets the node call another host");
            }
        }
    }
}

fn privilege_escalation(pod: &Pod<'_>, version: Version, offences: &mut Offences) {
    if WINDOWS_PODS <= version && pod.is_windows() {
        return;
    }
    for container in pod.containers() {
        let allows = container.flag("allowPrivilegeEscalation").or(|| Field::Is(true, Place::NONE));
        offences.must_not(Some(&container), allows, |allows| *allows, "may gain more privileges than it starts with");
    }
}

fn run_as_non_root(pod: &Pod<'_>, version: Version, offences: &mut Offences) {
    if USER_NAMESPACES <= version && pod.has_user_namespace() {
        return;
    }
    for (container, context) in contexts(pod) {
        offences.must_not(container.as_ref(), field::flag(context, "runAsNonRoot"), |is_set| !is_set, "is allowed to run as root");
    }
    if !matches!(field::flag(pod.security(), "runAsNonRoot"), Field::Absent) {
        return;
    }
    for container in pod.containers().iter().filter(|container| container.flag("runAsNonRoot") == Field::Absent) {
        offences.add(Some(container), Place::NONE, "may run as root");
    }
}

fn run_as_user(pod: &Pod<'_>, version: Version, offences: &mut Offences) {
    if USER_NAMESPACES <= version && pod.has_user_namespace() {
        return;
    }
    for (container, context) in contexts(pod) {
        offences.must_not(container.as_ref(), field::number(context, "runAsUser"), |user| *user == 0.0, "runs as root");
    }
}

fn capabilities_dropped(pod: &Pod<'_>, version: Version, offences: &mut Offences) {
    if WINDOWS_PODS <= version && pod.is_windows() {
        return;
    }
    added(pod, offences, |name| name == "NET_BIND_SERVICE");
    for container in pod.containers() {
        let list = container.security().and_then(|own| walk(own, &["capabilities", "drop"]));
        let dropped = texts(list);
        match dropped.unknown {
            _ if dropped.known.iter().any(|(name, _)| *name == "ALL") => {}
            Some((cause, place)) => offences.unknown(cause, place),
            None => {
                let place = list.filter(|list| matches!(list.kind, Kind::List(_))).map_or(Place::NONE, |list| list.place);
                offences.add(Some(&container), place, "does not drop all capabilities");
            }
        }
    }
}
