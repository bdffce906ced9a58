//! A client for URLs from outside (CWE-918): it reaches the public Internet, and nothing else.
//!
//! The guard sits where the connection is made: a name is resolved once, every address is judged, and the connection goes to an
//! address that was judged. Nothing is resolved a second time, so that a name can't change its mind. Every redirect begins anew.

mod address;
mod client;
mod exchange;
mod target;

pub use address::{check_public_address, parse_address};
pub use client::{Resolve, SafeAnswer, SafeHttp, SafeHttpOptions, SafeRequest};
pub use exchange::{ExchangeRequest, RawAnswer, exchange};
pub use target::{Target, check_target};

/// A future that can be kept and sent.
pub type Later<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
