//! What files about installed things say together.

use super::ImageRoot;
use crate::fixture::check_project;

const STATUS: &str = "Package: python3-six\nStatus: install ok installed\nArchitecture: all\nVersion: 1.16.0-4\nSource: six\n";
const OS: &str = "ID=debian\nVERSION_ID=\"12\"\n";

#[test]
fn packages_of_a_system_are_named_after_it_and_reported_once() {
    check_project(
        &[
            ("etc/os-release", OS),
            ("var/lib/dpkg/status", STATUS),
            ("var/lib/dpkg/info/python3-six.list", "/usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO\n"),
            ("usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO", "Name: six\nVersion: 1.16.0\n"),
            ("usr/local/lib/python3.11/site-packages/a-1.dist-info/METADATA", "Name: A\nVersion: 1\nRequires-Dist: B.b>=2\n"),
            ("usr/local/lib/python3.11/site-packages/b_b-2.dist-info/METADATA", "Name: b_b\nVersion: 2\n"),
            ("srv/app/requirements.txt", "unused==1.0\n"),
        ],
        "
pkg:deb/debian/python3-six@1.16.0-4?arch=all&distro=debian-12&upstream=six runtime
root pkg:generic/.
  -> pkg:deb/debian/python3-six@1.16.0-4?arch=all&distro=debian-12&upstream=six runtime
  -> pkg:pypi/a@1 runtime
pkg:pypi/a@1 runtime
  -> pkg:pypi/b-b@2 runtime
pkg:pypi/b-b@2 runtime
",
    );
}

#[test]
fn in_a_project_a_lock_file_knows_better_than_what_is_installed() {
    let installed = [
        ("web/node_modules/a/package.json", r#"{"name": "a", "version": "1.0.1", "dependencies": {"b": "1", "c": "1"}}"#),
        ("web/node_modules/b/package.json", r#"{"name": "b", "version": "1.0.0"}"#),
        ("web/node_modules/a/node_modules/b/package.json", r#"{"name": "b", "version": "1.9.0"}"#),
    ];
    check_project(
        &installed,
        "
root pkg:generic/web
  -> pkg:npm/a@1.0.1 runtime
  -> pkg:npm/b@1.0.0 runtime
pkg:npm/a@1.0.1 runtime
  -> pkg:npm/b@1.9.0 runtime
pkg:npm/b@1.0.0 runtime
pkg:npm/b@1.9.0 runtime
",
    );
    let lock = (
        "package-lock.json",
        r#"{"name": "web", "version": "1.0.0", "lockfileVersion": 3, "packages": {
        "": {"name": "web", "version": "1.0.0", "dependencies": {"a": "1"}},
        "node_modules/a": {"version": "1.0.0"}}}"#,
    );
    let with_lock: Vec<_> = installed.iter().copied().chain([lock]).collect();
    check_project(
        &with_lock,
        "
pkg:npm/a@1.0.0 runtime
root pkg:npm/web@1.0.0
  -> pkg:npm/a@1.0.0 runtime
",
    );
}

#[test]
fn an_archive_of_java_is_what_its_files_say() {
    check_project(
        &[
            ("lib/shop.war", ""),
            ("lib/shop.war!/META-INF/MANIFEST.MF", "Implementation-Version: 2.0\nBundle-SymbolicName: org.shop.web\n"),
            ("lib/shop.war!/WEB-INF/lib/guava-31.1-jre.jar", ""),
            (
                "lib/shop.war!/WEB-INF/lib/guava-31.1-jre.jar!/META-INF/maven/com.google.guava/guava/pom.properties",
                "groupId=com.google.guava\nartifactId=guava\nversion=31.1-jre\n",
            ),
            (
                "lib/shop.war!/WEB-INF/lib/guava-31.1-jre.jar!/META-INF/maven/x.y/shaded/pom.properties",
                "groupId=x.y\nartifactId=shaded\nversion=1\n",
            ),
            ("lib/shop.war!/WEB-INF/lib/plain-1.2.jar", ""),
            ("lib/nothing.jar", ""),
            ("lib/wrapper.jar", ""),
            ("lib/wrapper.jar!/META-INF/MANIFEST.MF", "Implementation-Title: Gradle Wrapper\n"),
        ],
        "
root pkg:generic/lib
  -> pkg:maven/org.shop.web/shop@2.0 runtime
pkg:maven/com.google.guava/guava@31.1-jre runtime
  -> pkg:maven/x.y/shaded@1 runtime
pkg:maven/org.shop.web/shop@2.0 runtime
  -> pkg:maven/com.google.guava/guava@31.1-jre runtime
  -> pkg:maven/plain/plain@1.2 runtime
pkg:maven/plain/plain@1.2 runtime
pkg:maven/x.y/shaded@1 runtime
",
    );
}

#[test]
fn an_image_is_known_by_its_name_and_digest() {
    let purl = |name, has_manifest| ImageRoot::of(name, "sha256:0a", has_manifest, "x/shop.tar").purl;
    assert_eq!(purl("alpine:3.20", false), "pkg:docker/alpine@sha256:0a?tag=3.20");
    assert_eq!(purl("ghcr.io/o/shop:1", false), "pkg:docker/ghcr.io/o/shop@sha256:0a?tag=1");
    assert_eq!(purl("localhost:5000/o/shop:1", true), "pkg:oci/shop@sha256:0a?repository_url=localhost:5000%2Fo%2Fshop&tag=1");
    assert_eq!(purl("latest", true), "pkg:oci/shop@sha256:0a?tag=latest");
    assert_eq!(purl("", false), "pkg:docker/shop@sha256:0a");
}
