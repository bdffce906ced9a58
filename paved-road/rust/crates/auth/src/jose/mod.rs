//! JSON Web Keys and Signatures, as far as sign-in needs them. `none` and symmetric algorithms are not known here at all.

mod algorithm;
mod keys;
mod sign;
mod verify;

pub use algorithm::{Algorithm, KeyType, Pinned};
pub use keys::{IgnoredKey, KeySet, PublicKey, import_key, parse_key_set};
pub use sign::SigningKey;
pub(crate) use sign::thumbprint;
pub use verify::{ParsedToken, TokenKind, Verified, verify, verify_jws};
