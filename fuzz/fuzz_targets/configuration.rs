//! Configuration files: the repository's and the caller's policy.

#![no_main]

use bartizan_scan::{Policy, RepositoryConfig};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for problems in [RepositoryConfig::read("config.yaml", data).err(), Policy::read("policy.yaml", data).err()] {
        assert!(problems.is_none_or(|problems| !problems.is_empty()), "refused without a reason");
    }
});
