//! Checks of Google Cloud that data can't say.

mod firewall;

use crate::check::Check;

/// The checks of Google Cloud.
pub(crate) static CHECKS: &[Check] = &[firewall::CHECK];
