//! What templates see: `.Values`, `.Chart`, `.Release`, `.Capabilities`, `.Files`, `.Subcharts`.

use std::rc::Rc;

use super::{
    Page, Work,
    load::{Chart, plain_text},
};
use crate::helm::{
    Options,
    function::Version,
    object::Object,
    value::{Kind, Map, MapId, Val},
};

/// What is built into Kubernetes, and in `.Capabilities.APIVersions` of a Helm that asks no cluster.
const API_VERSIONS: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha2",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

/// The Helm that charts see.
const HELM_VERSION: &str = "v4.2";

/// What all charts of a release see alike.
struct Shared {
    release: Val,
    capabilities: Val,
}

/// The files that are rendered, each with what it sees.
pub(super) fn pages(work: &mut Work, chart: &Chart, values: MapId, options: &Options) -> Vec<Page> {
    let shared = Shared { release: release(work, options), capabilities: capabilities(work, options) };
    let mut pages = Vec::new();
    chart_pages(work, chart, &chart.name, Val::new(Kind::Map(values)), &shared, &mut pages);
    pages
}

fn chart_pages(work: &mut Work, chart: &Chart, path: &str, values: Val, shared: &Shared, pages: &mut Vec<Page>) -> Val {
    let is_root = !path.contains('/');
    let metadata = metadata(work, chart, is_root);
    let mut subcharts = Map::new();
    for dependency in &chart.dependencies {
        let of_it = work.machine.heap.get(&values, &dependency.name).filter(|val| val.as_map().is_some());
        let of_it = of_it.unwrap_or_else(|| work.machine.heap.new_map(Map::new()));
        let path = format!("{path}/charts/{}", dependency.name);
        let seen = chart_pages(work, dependency, &path, of_it, shared, pages);
        subcharts.insert(dependency.name.as_str().into(), seen);
    }
    let subcharts = work.machine.heap.new_map(subcharts);
    let files = Val::new(Kind::Object(Rc::new(Object::Files(chart.others.clone()))));
    let members: [(&str, Val); 6] = [
        ("Chart", metadata),
        ("Files", files),
        ("Release", shared.release.clone()),
        ("Capabilities", shared.capabilities.clone()),
        ("Values", values),
        ("Subcharts", subcharts),
    ];
    let seen = work.machine.heap.new_map(members.into_iter().map(|(name, val)| (Rc::from(name), val)).collect());
    for (name, file) in &chart.templates {
        let is_partial = name.rsplit('/').next().is_some_and(|name| name.starts_with('_'));
        if !chart.is_library || is_partial {
            pages.push(Page { name: format!("{path}/{name}").into(), file: *file, data: seen.clone() });
        }
    }
    seen
}

fn release(work: &mut Work, options: &Options) -> Val {
    let members: [(&str, Val); 6] = [
        ("Name", Val::text(options.release.as_str())),
        ("Namespace", Val::text(options.namespace.as_str())),
        ("IsUpgrade", Val::bool(false)),
        ("IsInstall", Val::bool(true)),
        ("Revision", Val::int(1)),
        ("Service", Val::text("Helm")),
    ];
    work.machine.heap.new_map(members.into_iter().map(|(name, val)| (Rc::from(name), val)).collect())
}

fn capabilities(work: &mut Work, options: &Options) -> Val {
    let mut version = Version::parse(&options.kube_version).or_else(|| Version::parse(super::super::DEFAULT_KUBE_VERSION));
    if let Some(version) = &mut version {
        version.original = format!("v{}", version.print());
    }
    let kube_version = version.map_or(Val::NIL, |version| Val::new(Kind::Object(Rc::new(Object::KubeVersion(version)))));
    let versions = API_VERSIONS.iter().copied().chain(options.api_versions.iter().map(String::as_str)).map(Rc::from).collect();
    let helm = work.machine.heap.texts(&[("Version", HELM_VERSION), ("GitCommit", ""), ("GitTreeState", ""), ("GoVersion", "go1.26")]);
    let members: [(&str, Val); 3] = [
        ("KubeVersion", kube_version),
        ("APIVersions", Val::new(Kind::Object(Rc::new(Object::ApiVersions(versions))))),
        ("HelmVersion", helm),
    ];
    work.machine.heap.new_map(members.into_iter().map(|(name, val)| (Rc::from(name), val)).collect())
}

/// Texts of `Chart.yaml`, and what templates call them.
const TEXT_FIELDS: &[(&str, &str)] = &[
    ("Name", "name"),
    ("Home", "home"),
    ("Version", "version"),
    ("Description", "description"),
    ("Icon", "icon"),
    ("APIVersion", "apiVersion"),
    ("Condition", "condition"),
    ("Tags", "tags"),
    ("AppVersion", "appVersion"),
    ("KubeVersion", "kubeVersion"),
    ("Type", "type"),
];

/// Lists of `Chart.yaml`; the members of their maps get names that begin with a capital.
const LIST_FIELDS: &[(&str, &str)] =
    &[("Sources", "sources"), ("Keywords", "keywords"), ("Maintainers", "maintainers"), ("Dependencies", "dependencies")];

fn metadata(work: &mut Work, chart: &Chart, is_root: bool) -> Val {
    let mut map = Map::new();
    for (name, field) in TEXT_FIELDS {
        let text = work.machine.heap.get(&chart.metadata, field).map(|val| plain_text(&work.machine.heap, &val));
        map.insert((*name).into(), Val::text(text.unwrap_or_default()));
    }
    map.insert("Name".into(), Val::text(chart.name.as_str()));
    for (name, field) in LIST_FIELDS {
        let items: Vec<Val> = match work.machine.heap.get(&chart.metadata, field).map(|val| val.kind) {
            Some(Kind::List(list)) => work.machine.heap.list(list).iter().map(|item| capitalized(work, item)).collect(),
            _ => Vec::new(),
        };
        let list = work.machine.heap.new_list(items);
        map.insert((*name).into(), list);
    }
    let annotations = work.machine.heap.get(&chart.metadata, "annotations").unwrap_or_else(|| work.machine.heap.new_map(Map::new()));
    map.insert("Annotations".into(), annotations);
    let is_deprecated = work.machine.heap.get(&chart.metadata, "deprecated").is_some_and(|val| work.machine.heap.is_true(&val));
    map.insert("Deprecated".into(), Val::bool(is_deprecated));
    map.insert("IsRoot".into(), Val::bool(is_root));
    work.machine.heap.new_map(map)
}

fn capitalized(work: &mut Work, val: &Val) -> Val {
    let Some(map) = val.as_map() else { return val.clone() };
    let members = work.machine.heap.map(map).clone();
    let renamed = members.into_iter().map(|(name, item)| {
        let mut chars = name.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase()).unwrap_or_default();
        let name = if *name == *"url" { "URL".to_owned() } else { format!("{first}{}", chars.as_str()) };
        (Rc::from(name), item)
    });
    let renamed = renamed.collect();
    work.machine.heap.new_map(renamed)
}
