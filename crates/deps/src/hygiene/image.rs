//! Images of containers that are not named by their digest.

use std::collections::BTreeMap;

use bartizan_core::{Confidence, Location, Severity};

use super::{About, Draft, File};
use crate::{Ecosystem, Origin, Package};

pub(super) static ABOUT: About = About {
    id: "image-not-pinned",
    title: "Image of a container that is not named by its digest",
    severity: Severity::Low,
    confidence: Confidence::High,
    why: "A tag is moved whenever a new image is pushed; `latest`, which is meant where no tag is named, always is. Two builds of the same source then differ, and whoever takes over the image's repository gets into the next one.",
    how_to_fix: "Name a version and its digest: `image:1.2.3@sha256:…`. A bot can propose newer digests.",
    cwe: 829,
    references: &["https://docs.docker.com/build/building/best-practices/#pin-base-image-versions"],
};

pub(super) fn look(file: &File<'_>, drafts: &mut Vec<Draft>) {
    let mut moving: BTreeMap<String, Vec<Location>> = BTreeMap::new();
    let mut tagged: Vec<Location> = Vec::new();
    for package in file.inventory.packages.iter().filter(|package| package.ecosystem == Ecosystem::Docker) {
        // Of a name that is put together elsewhere nothing is known.
        let is_open = package.byte_range().of(file.text().as_bytes()).iter().any(|byte| matches!(byte, b'$' | b'{'));
        if is_open || has_digest(package) {
            continue;
        }
        match package.version.as_deref() {
            None | Some("latest") if is_placeholder(package) => {}
            None | Some("latest") => moving.entry(whole_name(package)).or_default().push(file.place(package)),
            Some(_) => tagged.push(file.place(package)),
        }
    }
    for (name, places) in moving {
        let message = format!("the image `{name}` is named without a version: it is whatever was pushed last");
        drafts.push(Draft::new(&ABOUT, message, places).because("it has no tag, or the tag `latest`").known_by([&name]));
    }
    if !tagged.is_empty() {
        let message = "images are named by a tag without a digest, and whoever owns them may move the tag".to_owned();
        let draft = Draft::new(&ABOUT, message, tagged).rated(Severity::Info);
        drafts.push(draft.because("they have a tag and no digest").known_by(["", "tag"]));
    }
}

/// Whether a bare name stands for an image that is built beside the file, as in manifests that a tool fills in: Docker Hub has
/// bare names for its official images only.
fn is_placeholder(package: &Package) -> bool {
    matches!(package.origin, Origin::Registry(None))
        && !package.name.contains('/')
        && OFFICIAL.binary_search(&package.name.as_str()).is_err()
}

/// Docker's official images, sorted: <https://hub.docker.com/u/library>.
const OFFICIAL: [&str; 96] = [
    "adminer",
    "aerospike",
    "almalinux",
    "alpine",
    "amazoncorretto",
    "amazonlinux",
    "arangodb",
    "archlinux",
    "bash",
    "bonita",
    "buildpack-deps",
    "busybox",
    "caddy",
    "cassandra",
    "centos",
    "chronograf",
    "clojure",
    "composer",
    "consul",
    "convertigo",
    "couchbase",
    "couchdb",
    "crate",
    "dart",
    "debian",
    "docker",
    "drupal",
    "eclipse-mosquitto",
    "eclipse-temurin",
    "elasticsearch",
    "elixir",
    "emqx",
    "erlang",
    "fedora",
    "flink",
    "fluentd",
    "gcc",
    "ghost",
    "golang",
    "gradle",
    "groovy",
    "haproxy",
    "haskell",
    "hello-world",
    "httpd",
    "influxdb",
    "java",
    "jenkins",
    "jetty",
    "joomla",
    "jruby",
    "julia",
    "kapacitor",
    "kibana",
    "kong",
    "logstash",
    "mariadb",
    "matomo",
    "maven",
    "memcached",
    "mongo",
    "mongo-express",
    "mysql",
    "nats",
    "neo4j",
    "nextcloud",
    "nginx",
    "node",
    "openjdk",
    "oraclelinux",
    "perl",
    "php",
    "phpmyadmin",
    "postgres",
    "pypy",
    "python",
    "rabbitmq",
    "redis",
    "registry",
    "rockylinux",
    "ros",
    "ruby",
    "rust",
    "sapmachine",
    "scala",
    "solr",
    "sonarqube",
    "swift",
    "telegraf",
    "tomcat",
    "traefik",
    "ubuntu",
    "vault",
    "wordpress",
    "xwiki",
    "zookeeper",
];

fn has_digest(package: &Package) -> bool {
    !package.hashes.is_empty() || package.version.as_deref().is_some_and(|version| version.contains(':'))
}

fn whole_name(package: &Package) -> String {
    match &package.origin {
        Origin::Registry(Some(host)) => format!("{host}/{}", package.name),
        Origin::Registry(None) | Origin::Git { .. } | Origin::Path(_) | Origin::Url(_) => package.name.clone(),
    }
}
