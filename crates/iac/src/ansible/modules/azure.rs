//! `azure.azcollection`. <https://docs.ansible.com/ansible/latest/collections/azure/azcollection/>

use super::{Default, Field, How, Module, block, list, module, same, truth};

const SERVER: &[Field] = &[
    truth("enforce_ssl", "ssl_enforcement_enabled"),
    same("admin_username", "administrator_login"),
    same("admin_password", "administrator_login_password"),
    Field { from: "public_network_access", to: "public_network_access_enabled", how: How::Is("Enabled") },
    same("minimal_tls_version", "ssl_minimal_tls_version_enforced"),
];

const SECURITY_RULE: &[Field] =
    &[list("source_address_prefixes", "source_address_prefixes"), list("destination_port_ranges", "destination_port_ranges")];

pub(super) static MODULES: &[Module] = &[
    Module {
        defaults: &[("https_traffic_only_enabled", Default::Is(false)), ("enable_https_traffic_only", Default::Is(false))],
        ..module(
            &["azure_rm_storageaccount"],
            "azurerm_storage_account",
            &[
                truth("https_only", "https_traffic_only_enabled"),
                truth("https_only", "enable_https_traffic_only"),
                same("minimum_tls_version", "min_tls_version"),
                truth("allow_blob_public_access", "allow_nested_items_to_be_public"),
                Field { from: "public_network_access", to: "public_network_access_enabled", how: How::Is("Enabled") },
                block("network_acls", "network_rules", &[list("bypass", "bypass"), same("ip_rules", "ip_rules")]),
            ],
        )
    },
    module(
        &["azure_rm_storageblob"],
        "azurerm_storage_container",
        &[same("container", "name"), same("public_access", "container_access_type")],
    ),
    module(&["azure_rm_securitygroup"], "azurerm_network_security_group", &[block("rules", "security_rule", SECURITY_RULE)]),
    module(
        &["azure_rm_aks"],
        "azurerm_kubernetes_cluster",
        &[
            truth("enable_rbac", "role_based_access_control_enabled"),
            block("network_profile", "network_profile", &[]),
            block("api_server_access_profile", "api_server_access_profile", &[]),
            block("linux_profile", "linux_profile", &[]),
            block("agent_pool_profiles", "default_node_pool", &[]),
            block("addon.monitoring", "oms_agent", &[truth("enabled", "enabled")]),
        ],
    ),
    Module {
        defaults: &[("ssl_enforcement_enabled", Default::Is(false))],
        ..module(&["azure_rm_postgresqlserver"], "azurerm_postgresql_server", SERVER)
    },
    Module {
        defaults: &[("ssl_enforcement_enabled", Default::Is(false))],
        ..module(&["azure_rm_mysqlserver"], "azurerm_mysql_server", SERVER)
    },
    Module {
        defaults: &[("ssl_enforcement_enabled", Default::Is(false))],
        ..module(&["azure_rm_mariadbserver"], "azurerm_mariadb_server", SERVER)
    },
    module(&["azure_rm_postgresqlconfiguration"], "azurerm_postgresql_configuration", &[]),
    module(&["azure_rm_postgresqlfirewallrule"], "azurerm_postgresql_firewall_rule", &[]),
    module(&["azure_rm_mysqlfirewallrule"], "azurerm_mysql_firewall_rule", &[]),
    module(&["azure_rm_containerregistry"], "azurerm_container_registry", &[truth("admin_user_enabled", "admin_enabled")]),
    module(
        &["azure_rm_monitorlogprofile"],
        "azurerm_monitor_log_profile",
        &[block("retention_policy", "retention_policy", &[truth("enabled", "enabled")])],
    ),
    module(
        &["azure_rm_sqlserver"],
        "azurerm_mssql_server",
        &[
            same("admin_username", "administrator_login"),
            same("admin_password", "administrator_login_password"),
            same("minimal_tls_version", "minimum_tls_version"),
            Field { from: "public_network_access", to: "public_network_access_enabled", how: How::Is("Enabled") },
        ],
    ),
    module(&["azure_rm_sqlfirewallrule"], "azurerm_mssql_firewall_rule", &[]),
    module(
        &["azure_rm_rediscachefirewallrule"],
        "azurerm_redis_firewall_rule",
        &[same("start_ip_address", "start_ip"), same("end_ip_address", "end_ip")],
    ),
    module(&["azure_rm_rediscache"], "azurerm_redis_cache", &[truth("enable_non_ssl_port", "enable_non_ssl_port")]),
    module(&["azure_rm_cosmosdbaccount"], "azurerm_cosmosdb_account", &[]),
    module(
        &["azure_rm_subnet"],
        "azurerm_subnet",
        &[list("address_prefix_cidr", "address_prefixes"), same("security_group_name", "security_group")],
    ),
    module(
        &["azure_rm_virtualmachine"],
        "azurerm_linux_virtual_machine",
        &[
            Field { from: "ssh_password_enabled", to: "disable_password_authentication", how: How::Not },
            same("vm_size", "size"),
            block("ssh_public_keys", "admin_ssh_key", &[]),
        ],
    ),
    module(
        &["azure_rm_keyvault"],
        "azurerm_key_vault",
        &[
            same("vault_name", "name"),
            truth("enable_soft_delete", "soft_delete_enabled"),
            truth("enable_purge_protection", "purge_protection_enabled"),
        ],
    ),
    Module {
        defaults: &[("https_only", Default::Is(false))],
        ..module(&["azure_rm_webapp"], "azurerm_app_service", &[truth("https_only", "https_only")])
    },
    module(&["azure_rm_functionapp"], "azurerm_function_app", &[]),
    module(&["azure_rm_roledefinition"], "azurerm_role_definition", &[block("permissions", "permissions", &[])]),
    module(&["azure_rm_appgateway"], "azurerm_application_gateway", &[block("sku", "sku", &[])]),
    module(&["azure_rm_manageddisk"], "azurerm_managed_disk", &[]),
];
