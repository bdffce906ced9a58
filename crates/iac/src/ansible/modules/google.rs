//! `google.cloud`. <https://docs.ansible.com/ansible/latest/collections/google/cloud/>

use super::{Field, Module, block, module, same, truth};

const NODE: &[Field] = &[
    block("shielded_instance_config", "shielded_instance_config", &[]),
    block("workload_metadata_config", "workload_metadata_config", &[]),
    same("service_account", "service_account"),
];

const ADDONS: &[Field] = &[
    block("http_load_balancing", "http_load_balancing", &[]),
    block("kubernetes_dashboard", "kubernetes_dashboard", &[]),
    block("network_policy_config", "network_policy_config", &[]),
    block("horizontal_pod_autoscaling", "horizontal_pod_autoscaling", &[]),
];

const FIREWALL: &[Field] = &[same("ip_protocol", "protocol")];

pub(super) static MODULES: &[Module] = &[
    module(
        &["gcp_container_cluster"],
        "google_container_cluster",
        &[
            truth("legacy_abac.enabled", "enable_legacy_abac"),
            block("network_policy", "network_policy", &[truth("enabled", "enabled")]),
            block("addons_config", "addons_config", ADDONS),
            block("master_authorized_networks_config", "master_authorized_networks_config", &[block("cidr_blocks", "cidr_blocks", &[])]),
            block("ip_allocation_policy", "ip_allocation_policy", &[]),
            block("private_cluster_config", "private_cluster_config", &[]),
            block("node_config", "node_config", NODE),
            block("master_auth", "master_auth", &[block("client_certificate_config", "client_certificate_config", &[])]),
            truth("shielded_nodes.enabled", "enable_shielded_nodes"),
            block("binary_authorization", "binary_authorization", &[]),
            block("pod_security_policy_config", "pod_security_policy_config", &[]),
            block("database_encryption", "database_encryption", &[]),
        ],
    ),
    module(
        &["gcp_container_node_pool"],
        "google_container_node_pool",
        &[block("management", "management", &[]), block("config", "node_config", NODE)],
    ),
    module(
        &["gcp_sql_instance"],
        "google_sql_database_instance",
        &[block(
            "settings",
            "settings",
            &[
                block("ip_configuration", "ip_configuration", &[block("authorized_networks", "authorized_networks", &[])]),
                block("database_flags", "database_flags", &[]),
                block("backup_configuration", "backup_configuration", &[]),
            ],
        )],
    ),
    module(
        &["gcp_compute_instance"],
        "google_compute_instance",
        &[
            block("network_interfaces", "network_interface", &[block("access_configs", "access_config", &[])]),
            block("service_accounts", "service_account", &[]),
            block("shielded_instance_config", "shielded_instance_config", &[]),
            block("disks", "boot_disk", &[block("disk_encryption_key", "disk_encryption_key", &[])]),
            truth("can_ip_forward", "can_ip_forward"),
        ],
    ),
    module(&["gcp_compute_firewall"], "google_compute_firewall", &[block("allowed", "allow", FIREWALL), block("denied", "deny", FIREWALL)]),
    module(
        &["gcp_compute_disk"],
        "google_compute_disk",
        &[block("disk_encryption_key", "disk_encryption_key", &[same("kms_key_name", "kms_key_self_link")])],
    ),
    module(
        &["gcp_storage_bucket"],
        "google_storage_bucket",
        &[block("versioning", "versioning", &[truth("enabled", "enabled")]), block("logging", "logging", &[]), block("cors", "cors", &[])],
    ),
    module(
        &["gcp_dns_managed_zone"],
        "google_dns_managed_zone",
        &[block("dnssec_config", "dnssec_config", &[block("defaultKeySpecs", "default_key_specs", &[])])],
    ),
    module(&["gcp_compute_network"], "google_compute_network", &[truth("auto_create_subnetworks", "auto_create_subnetworks")]),
    module(&["gcp_compute_subnetwork"], "google_compute_subnetwork", &[truth("private_ip_google_access", "private_ip_google_access")]),
    module(&["gcp_compute_ssl_policy"], "google_compute_ssl_policy", &[]),
    module(&["gcp_kms_crypto_key"], "google_kms_crypto_key", &[]),
    module(&["gcp_bigquery_dataset"], "google_bigquery_dataset", &[block("access", "access", &[])]),
    module(&["gcp_redis_instance"], "google_redis_instance", &[]),
    module(&["gcp_compute_target_https_proxy"], "google_compute_target_https_proxy", &[]),
];
