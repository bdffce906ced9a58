use crate::{Value, fixture, translate::Table};

#[test]
fn the_table_is_read_whole() {
    let text = include_str!("types.txt");
    let n_types = text.lines().filter(|line| !line.starts_with([' ', '#']) && !line.is_empty()).count();
    assert_eq!(Table::parse(text).n_types(), n_types);
}

const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "parameters": {
    "name": {"type": "string", "defaultValue": "acc"},
    "tls": {"type": "string", "allowedValues": ["TLS1_0", "TLS1_2"]},
    "open": {"type": "bool"}
  },
  "variables": {"full": "[concat(parameters('name'), '-', toUpper('x'))]"},
  "resources": [
    {
      "type": "Microsoft.Storage/storageAccounts",
      "name": "[variables('full')]",
      "properties": {
        "supportsHttpsTrafficOnly": "[not(equals(parameters('name'), 'acc'))]",
        "minimumTlsVersion": "[parameters('tls')]",
        "networkAcls": {"defaultAction": "[if(parameters('open'), 'Allow', 'Deny')]"},
        "odd": "[broken(]",
        "plain": "[[not an expression]"
      }
    },
    {"type": "Microsoft.Network/networkSecurityGroups", "name": "nsg", "properties": {"securityRules": [
      {"name": "ssh", "properties": {"access": "Allow", "destinationPortRange": "22", "sourceAddressPrefix": "*"}}]},
      "resources": [{"type": "securityRules", "name": "inner", "properties": {"access": "Deny"}}]},
    {"type": "Microsoft.Web/sites", "name": "gone", "condition": false}
  ]
}"#;

#[test]
fn templates_become_canonical_resources() {
    let graph = fixture::graph(&[("azuredeploy.json", TEMPLATE)]);
    let account = graph.of_type("azurerm_storage_account").next().unwrap();
    let shown = |way: &[&str]| account.body.at(way).map_or_else(|| "nothing".to_owned(), Value::shown);
    assert_eq!(shown(&["name"]), "\"acc-X\"");
    assert_eq!(shown(&["https_traffic_only_enabled"]), "false");
    assert_eq!(shown(&["min_tls_version"]), "\"TLS1_0\" or \"TLS1_2\"");
    assert_eq!(shown(&["network_rules", "default_action"]), "\"Allow\" or \"Deny\"");
    assert_eq!(shown(&["odd"]), "unknown");
    assert_eq!(shown(&["plain"]), "\"[not an expression]\"");
    let group = graph.of_type("azurerm_network_security_group").next().unwrap();
    assert_eq!(group.get("security_rule").unwrap().items()[0].get("destination_port_range").unwrap().shown(), "\"22\"");
    assert_eq!(graph.of_type("azurerm_network_security_rule").count(), 1);
    assert_eq!(graph.of_type("azurerm_app_service").count(), 0);
}
