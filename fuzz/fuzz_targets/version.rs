//! Versions in every order, and what an interval between two of them holds.

#![no_main]

use bartizan_deps::{
    osv::{Event, Interval, Range, RangeKind},
    version::{Scheme, Version},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u8, &str, &str, &str)| {
    let (number, one, other, version) = data;
    let scheme = Scheme::all().nth(usize::from(number) % Scheme::all().len()).unwrap();
    let [low, high] = [one, other].map(|text| Version::new(scheme, text));
    let order = low.compare(&high);
    assert_eq!(order, high.compare(&low).reverse());
    if let (Some(one), Some(other)) = (low.key(), high.key()) {
        assert_eq!(order, one.cmp(other));
    }

    let range = Range { kind: RangeKind::Ecosystem, events: &[Event::Fixed(other), Event::Introduced(one)] };
    let version = Version::new(scheme, version);
    let is_affected = Interval::of(range, scheme).iter().any(|interval| interval.contains(&version));
    if one != "0" && low.key().is_some() && high.key().is_some() && version.key().is_some() && low < high {
        assert_eq!(is_affected, low <= version && version < high);
    }
});
