//! Checks of volumes: what of the node a pod can reach.

use crate::{
    Resource, Value, Verdict,
    check::{Check, Context, Look},
    kubernetes::{
        field::{self, Field, walk},
        pod::Pod,
    },
};

pub(crate) const CHECKS: &[Check] = &[
    Check { name: "host-path-mounted", look: Look::Pod(host_path) },
    Check { name: "sensitive-host-path", look: Look::Pod(sensitive_host_path) },
    Check { name: "runtime-socket-mounted", look: Look::Pod(runtime_socket) },
    Check { name: "host-path-persistent-volume", look: Look::Resource(persistent_volume) },
    Check { name: "volume-kinds", look: Look::Pod(volume_kinds) },
];

/// Sockets through which containers are started.
const SOCKETS: &[&str] =
    &["docker.sock", "containerd.sock", "crio.sock", "cri-dockerd.sock", "dockershim.sock", "podman.sock", "buildkitd.sock"];

/// Paths of a node that give the node away to whoever can write, or read, them.
const SENSITIVE: &[&str] = &[
    "/", "/dev", "/etc", "/home", "/lib", "/lib64", "/media", "/mnt", "/opt/cni", "/private", "/run", "/srv", "/sys", "/usr", "/var",
    "/var/lib", "/var/run",
];

/// The same for all that is below.
const SENSITIVE_BELOW: &[&str] = &[
    "/bin",
    "/boot",
    "/etc/cron.d",
    "/etc/kubernetes",
    "/etc/passwd",
    "/etc/shadow",
    "/etc/ssh",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/proc",
    "/root",
    "/sbin",
    "/usr/bin",
    "/usr/local/bin",
    "/usr/sbin",
    "/var/lib/containerd",
    "/var/lib/docker",
    "/var/lib/etcd",
    "/var/lib/kubelet",
];

/// What mounting a path of the node gives away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostPath {
    /// Control over all containers of the node.
    RuntimeSocket,
    /// The node.
    Sensitive,
    /// Some of its files.
    Other,
}

impl HostPath {
    /// Sorts a path.
    pub(crate) fn of(path: &str) -> Self {
        let trimmed = path.trim_end_matches('/');
        let path = if trimmed.is_empty() { "/" } else { trimmed };
        let is_below = |folder: &&str| path.strip_prefix(*folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if path.rsplit('/').next().is_some_and(|name| SOCKETS.contains(&name)) {
            Self::RuntimeSocket
        } else if SENSITIVE.contains(&path) || SENSITIVE_BELOW.iter().any(is_below) {
            Self::Sensitive
        } else {
            Self::Other
        }
    }
}

/// The paths of a sort, as a regular expression that hardly any dialect reads otherwise; of [`HostPath::Other`], all that are not.
pub(crate) fn host_path_pattern(sort: HostPath) -> String {
    let names = |names: &[&str]| names.join("|").replace('.', "[.]");
    match sort {
        HostPath::RuntimeSocket => format!("(^|/)({})/*$", names(SOCKETS)),
        HostPath::Sensitive => {
            let folders: Vec<&str> = SENSITIVE.iter().copied().filter(|folder| *folder != "/").collect();
            format!("^(/*|({})/*|({})(/.*)?)$", names(&folders), names(SENSITIVE_BELOW))
        }
        HostPath::Other => format!("{}|{}", host_path_pattern(HostPath::RuntimeSocket), host_path_pattern(HostPath::Sensitive)),
    }
}

fn host_path(pod: &Pod<'_>, _: &Context<'_>) -> Vec<Verdict> {
    of_host_paths(pod, HostPath::Other, "its node")
}

fn sensitive_host_path(pod: &Pod<'_>, _: &Context<'_>) -> Vec<Verdict> {
    of_host_paths(pod, HostPath::Sensitive, "its node, which gives the node away")
}

fn runtime_socket(pod: &Pod<'_>, _: &Context<'_>) -> Vec<Verdict> {
    of_host_paths(pod, HostPath::RuntimeSocket, "its node, by which it controls every container there")
}

/// Fails for each volume whose path is of a sort.
fn of_host_paths(pod: &Pod<'_>, sort: HostPath, whose: &str) -> Vec<Verdict> {
    let verdict = |volume: &Value| {
        let name = volume.get("name").and_then(Value::text).unwrap_or_default();
        // An object without a path is refused by the API, unless the path is unknown here.
        let path = field::text(walk(volume, &["hostPath"]), "path");
        let message = |path| format!("the volume `{name}` is `{path}` of {whose}");
        path.must_not(|path| HostPath::of(path) == sort, &format!("volumes.{name}.hostPath"), message)
    };
    pod.spec.get("volumes").map(Value::items).unwrap_or_default().iter().map(verdict).collect()
}

fn persistent_volume(resource: &Resource, _: &Context<'_>) -> Verdict {
    let path = field::text(walk(&resource.body, &["spec", "hostPath"]), "path");
    path.must_not(|_| true, "spec.hostPath", |path| format!("the persistent volume is `{path}` of whatever node its pod runs on"))
}

/// `with`: `kinds` are sources of volumes that should not be used.
fn volume_kinds(pod: &Pod<'_>, context: &Context<'_>) -> Vec<Verdict> {
    let verdict = |volume: &Value| {
        let name = volume.get("name").and_then(Value::text).unwrap_or_default();
        context.texts("kinds").fold(Verdict::Pass, |verdict, kind| {
            let part = format!("volumes.{name}.{kind}");
            verdict.and(|| match field::any(Some(volume), kind) {
                Field::Is(_, place) => Verdict::fail_because(place, &part, format!("the volume `{name}` is of the kind `{kind}`")),
                Field::Absent => Verdict::Pass,
                Field::Unknown(cause, place) => Verdict::Unknown(cause, place),
            })
        })
    };
    pod.spec.get("volumes").map(Value::items).unwrap_or_default().iter().map(verdict).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_sorted_by_what_they_give_away() {
        assert_eq!(HostPath::of("/run/containerd/containerd.sock"), HostPath::RuntimeSocket);
        for path in ["/", "//", "/etc/", "/var/lib/kubelet/pods", "/proc/1/root"] {
            assert_eq!(HostPath::of(path), HostPath::Sensitive, "{path}");
        }
        for path in ["/etc/localtime", "/data", "/var/log", "/procession"] {
            assert_eq!(HostPath::of(path), HostPath::Other, "{path}");
        }
    }
}
