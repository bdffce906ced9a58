//! CVSS vectors.

#![no_main]

use bartizan_formats::cvss::Cvss;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(cvss) = Cvss::parse(text) else { return };
    let _ = cvss.severity();
    for score in [cvss.base_score(), cvss.temporal_score(), cvss.environmental_score(), cvss.score()] {
        assert!((0.0..=10.0).contains(&score), "{score}");
    }
});
