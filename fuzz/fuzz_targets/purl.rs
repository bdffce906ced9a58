//! Package URLs.

#![no_main]

use bartizan_formats::purl::PackageUrl;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let strict = text.parse::<PackageUrl>();
    let Ok(purl) = PackageUrl::lenient(text) else {
        assert!(strict.is_err(), "a strict reader takes what a lenient one refuses");
        return;
    };
    assert!(strict.is_err() || strict.as_ref() == Ok(&purl), "two readers disagree");
    let canonical = purl.to_string();
    assert!(canonical.is_ascii());
    assert_eq!(PackageUrl::lenient(&canonical).as_ref(), Ok(&purl), "the canonical form means something else");
});
