//! Images of containers: what is in them, and which layer brought it.

use serde_json::Value;

use crate::project::{Project, token};

/// An archive of files. POSIX.1-1988, section 10.1.1.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, content) in files {
        let mut header = vec![0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[148..156].fill(b' ');
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        archive.extend(header);
        archive.extend(*content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// A base, what an application adds to it, and what was removed again.
fn image() -> Vec<u8> {
    let installed = |names: &[&str]| {
        let package = |name: &&str| format!("Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n\n");
        names.iter().map(package).collect::<String>()
    };
    let os = "ID=debian\nVERSION_ID=\"12\"\n";
    let base = tar(&[("etc/os-release", os.as_bytes()), ("var/lib/dpkg/status", installed(&["libc6"]).as_bytes())]);
    let metadata = "Name: six\nVersion: 1.16.0\nLicense: MIT\n";
    let secret = format!("token = \"{}\"\n", token(1));
    let app = tar(&[
        ("var/lib/dpkg/status", installed(&["libc6", "curl"]).as_bytes()),
        ("app/site-packages/six-1.16.0.dist-info/METADATA", metadata.as_bytes()),
        ("app/gone/node_modules/a/package.json", br#"{"name": "a", "version": "1.0.0"}"#),
        ("app/settings.ini", secret.as_bytes()),
    ]);
    let last = tar(&[("app/.wh.gone", b"")]);
    let config = r#"{"rootfs": {"diff_ids": ["sha256:01", "sha256:02", "sha256:03"]},
        "history": [{"created_by": "ADD base"}, {"created_by": "RUN apt-get install curl"}, {"created_by": "RUN rm -r gone"}]}"#;
    let manifest = r#"[{"Config": "0a.json", "RepoTags": ["shop:1"], "Layers": ["1/layer.tar", "2/layer.tar", "3/layer.tar"]}]"#;
    tar(&[
        ("manifest.json", manifest.as_bytes()),
        ("0a.json", config.as_bytes()),
        ("1/layer.tar", &base),
        ("2/layer.tar", &app),
        ("3/layer.tar", &last),
    ])
}

#[test]
fn a_bill_of_an_image_names_the_layer_of_each_component() {
    let project = Project::new();
    project.write("shop.tar", image());
    let run = project.run(["sbom", "shop.tar", "--strict"]).exits_with(0);
    let bill: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(bill["metadata"]["component"]["type"], "container");
    assert_eq!(bill["metadata"]["component"]["purl"], "pkg:docker/shop@sha256:0a?tag=1");
    let property = |component: &Value, name: &str| {
        let properties = component["properties"].as_array().unwrap();
        properties.iter().find(|property| property["name"] == name).map(|property| property["value"].as_str().unwrap().to_owned())
    };
    let components: Vec<_> = bill["components"].as_array().unwrap().iter().collect();
    let shown: Vec<_> = components
        .iter()
        .map(|component| {
            let layer = property(component, "bartizan:layer:created-by").unwrap();
            format!("{} {layer}", component["purl"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        shown,
        [
            "pkg:deb/debian/curl@1.0-1?arch=amd64&distro=debian-12 RUN apt-get install curl",
            "pkg:deb/debian/libc6@1.0-1?arch=amd64&distro=debian-12 ADD base",
            "pkg:pypi/six@1.16.0 RUN apt-get install curl",
        ]
    );
    assert_eq!(property(components[1], "bartizan:layer").as_deref(), Some("sha256:01"));
    let run = project.run(["sbom", "shop.tar", "--format", "spdx"]).exits_with(0);
    assert!(run.stdout.contains("\"primaryPackagePurpose\": \"CONTAINER\""), "{}", run.stdout);
}

#[test]
fn a_secret_in_an_image_is_found_with_its_layer() {
    let project = Project::new();
    project.write("shop.tar", image());
    let rules = project.beside("rule.yaml");
    let run = project.run(["scan", "shop.tar", "--only", "secrets", "--format", "json", "--rules", rules.to_str().unwrap()]).exits_with(0);
    assert!(run.stdout.contains("shop.tar!/app/settings.ini"), "{}", run.stdout);
    assert!(run.stdout.contains("it is in the layer sha256:02, which `RUN apt-get install curl` made"), "{}", run.stdout);
}
