//! Bills of materials of CycloneDX and SPDX.

#![no_main]

use bartizan_formats::sbom::{self, CycloneDxVersion, Format};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(parsed) = sbom::read(&mut &*data) else { return };
    let version = CycloneDxVersion::V1_6;
    for format in [Format::CycloneDxJson(version), Format::CycloneDxXml(version), Format::SpdxJson, Format::Spdx3Json] {
        let mut written = Vec::new();
        sbom::write(&parsed.value, format, &mut written).expect("memory takes every byte");
        let again = sbom::read(&mut written.as_slice()).expect("what was written can be read");
        assert_eq!(again.value.components.len(), parsed.value.components.len());
    }
});
