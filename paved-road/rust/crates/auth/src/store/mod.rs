//! Where sessions, begun sign-ins, leases and seen token ids live.

mod memory;
mod redis;
mod sql;

use bartizan_paved_safe_http::Later;

pub use memory::MemoryStore;
pub use redis::{RedisClient, RedisReply, RedisStore};
pub use sql::{Dialect, Query, SCHEMA, SqlStore, SqlValue};

use crate::StoreError;

/// Values are sealed, keys are hashes: whoever reads the store learns neither. Every operation is atomic. What has expired is not
/// there. Times are seconds since 1970.
pub trait Store: Send + Sync {
    /// The value of a key.
    fn get<'a>(&'a self, key: &'a str) -> Later<'a, Result<Option<String>, StoreError>>;
    /// Puts a value, whatever was there.
    fn put<'a>(&'a self, key: &'a str, value: String, expires: f64) -> Later<'a, Result<(), StoreError>>;
    /// Puts only if the key is not there; says whether it did.
    fn add<'a>(&'a self, key: &'a str, value: String, expires: f64) -> Later<'a, Result<bool, StoreError>>;
    /// Removes a value and gives it: of many who take, one gets it.
    fn take<'a>(&'a self, key: &'a str) -> Later<'a, Result<Option<String>, StoreError>>;
    /// Puts only if the value is still `before`; says whether it did.
    fn replace<'a>(&'a self, key: &'a str, before: &'a str, after: String, expires: f64) -> Later<'a, Result<bool, StoreError>>;
    /// Removes, only if the value is `value` where that is given.
    fn remove<'a>(&'a self, key: &'a str, value: Option<&'a str>) -> Later<'a, Result<(), StoreError>>;
    /// Adds a member to a set.
    fn link<'a>(&'a self, set: &'a str, member: &'a str, expires: f64) -> Later<'a, Result<(), StoreError>>;
    /// The members of a set.
    fn members<'a>(&'a self, set: &'a str) -> Later<'a, Result<Vec<String>, StoreError>>;
}
