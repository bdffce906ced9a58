//! A policy of Checkov, and a document that it is asked of: the two are parted by a zero byte.

#![no_main]

use bartizan_core::ArtifactPath;
use bartizan_iac::{Format, Graph, Place, Resource, ResourceId, ResourceKind, ScopeId, Value, policy::checkov};
use bartizan_source::document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (policy, document) = text.split_once('\0').unwrap_or((text, "{}"));
    let Ok(policy) = checkov::parse(policy, &ArtifactPath::from("policy.yaml")) else { return };
    let mut graph = Graph::default();
    for (name, node) in ["one", "two"].into_iter().zip(document::parse_yaml_stream(document).roots) {
        graph.add(Resource {
            id: ResourceId(0),
            format: Format::Kubernetes,
            kind: ResourceKind::Managed,
            native_type: "v1/Pod".into(),
            canonical_type: "Pod".into(),
            name: name.into(),
            address: name.into(),
            block_address: name.into(),
            scope: ScopeId(0),
            header: Place::NONE,
            block: Place::NONE,
            body: Value::of_node(&node, 0),
            calls: Vec::new(),
        });
    }
    graph.connect();
    let _ = policy.condition.judge_all(&[], &graph);
    let _ = policy.condition.judge_all(&["Pod".into()], &graph);
});
