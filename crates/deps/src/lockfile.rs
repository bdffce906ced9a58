//! Lock files: which exact versions were resolved, one format a module.

pub(crate) mod cargo;
pub(crate) mod conan;
pub(crate) mod gradle;
pub(crate) mod gradle_verification;
pub(crate) mod haskell;
pub(crate) mod julia;
pub(crate) mod mix;
pub(crate) mod npm;
pub(crate) mod nuget;
pub(crate) mod paket;
pub(crate) mod podfile;
pub(crate) mod pubspec;
pub(crate) mod renv;
pub(crate) mod swift;
