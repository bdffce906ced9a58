use serde_json::Value;

use crate::{sample, support::export};

fn output() -> Value {
    serde_json::from_str(&export("semgrep-json", &sample::shop())).unwrap()
}

#[test]
fn the_keys_that_readers_need_are_there() {
    let output = output();
    for key in ["version", "results", "errors", "paths"] {
        assert!(output.get(key).is_some(), "{key}");
    }
    let results = output["results"].as_array().unwrap();
    assert_eq!(results.len(), sample::shop().open_findings().count());
    for result in results {
        assert!(result["check_id"].is_string() && result["path"].is_string(), "{result}");
        for end in ["start", "end"] {
            for key in ["line", "col", "offset"] {
                assert!(result[end][key].is_u64(), "{result}");
            }
        }
        for key in ["message", "severity", "fingerprint", "lines"] {
            assert!(result["extra"][key].is_string(), "{result}");
        }
        assert!(result["extra"]["metadata"].is_object(), "{result}");
    }
}

#[test]
fn the_way_of_data_is_a_trace() {
    let output = output();
    let traces: Vec<&Value> =
        output["results"].as_array().unwrap().iter().filter_map(|result| result["extra"].get("dataflow_trace")).collect();
    assert_eq!(traces.len(), 1);
    assert_eq!(traces[0]["taint_source"][0], "CliLoc");
    assert_eq!(traces[0]["taint_source"][1][0]["path"], "services/auth/routes.py");
    assert_eq!(traces[0]["intermediate_vars"][0]["location"]["start"]["line"], 50);
    assert_eq!(traces[0]["taint_sink"][1][0]["start"]["line"], 57);
}
