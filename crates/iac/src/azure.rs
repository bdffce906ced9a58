//! Checks of Azure that data can't say.

mod network_rule;

use crate::check::Check;

/// The checks of Azure.
pub(crate) static CHECKS: &[Check] = &[network_rule::CHECK];
