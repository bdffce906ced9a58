//! What becomes of a finding, as pure logic: whether it is one that is known, whose it is, in which state, and until when.
//!
//! Nothing here opens a file, asks a clock or speaks to a database: facts come in as values, and decisions go out as values. So
//! every rule of triage has one place, and a test of it needs nothing but the rule.

pub mod assessment;
pub mod asset;
pub mod campaign;
pub mod exception;
pub mod identity;
pub mod intake;
pub mod metrics;
pub mod ownership;
pub mod query;
pub mod risk;
pub mod role;
pub mod sla;
pub mod ssvc;
pub mod state;
pub mod time;
mod word;
