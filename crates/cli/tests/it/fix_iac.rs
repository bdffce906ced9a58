//! Fixes of findings that are known only when all files were seen: infrastructure whose values stand in other files.

use std::fs;

use crate::project::Project;

const MAIN: &str = "module \"disk\" {\n  source = \"./disk\"\n  size   = 8\n}\n";

const DISK: &str = "variable \"size\" {}\n\nresource \"aws_ebs_volume\" \"v\" {\n  size      = var.size # GiB\n  encrypted = false # for now\n}\n\nresource \"aws_efs_file_system\" \"f\" {\n  creation_token = \"f\"\n}\n";

fn project() -> Project {
    Project::with(&[("main.tf", MAIN), ("disk/main.tf", DISK)])
}

const FIX: &[&str] = &["fix", "--only", "iac", "--rule", "ebs-volume-unencrypted", "--rule", "efs-unencrypted", "--unsafe"];

#[test]
fn attributes_are_set_and_left_out_ones_are_added() {
    let project = project();
    let ran = project.run(FIX);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let fixed = DISK.replace("false # for now", "true # for now").replace("\"f\"\n}\n", "\"f\"\n  encrypted = true\n}\n");
    assert_eq!(fs::read_to_string(project.path("disk/main.tf")).unwrap(), fixed);
    assert_eq!(fs::read_to_string(project.path("main.tf")).unwrap(), MAIN);

    let again = project.run(FIX);
    assert!(again.stderr.contains("0 findings fixed"), "{}", again.stderr);
    let scan = project.run(["scan", "--only", "iac", "--no-cache", "--format", "json"]);
    assert!(!scan.stdout.contains("ebs-volume-unencrypted") && !scan.stdout.contains("efs-unencrypted"), "{}", scan.stdout);
}

#[test]
fn a_change_of_infrastructure_is_not_made_unasked() {
    let project = project();
    let ran = project.run(["fix", "--only", "iac", "--rule", "ebs-volume-unencrypted"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("1 more finding with a fix that somebody should look at"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(project.path("disk/main.tf")).unwrap(), DISK);
}
