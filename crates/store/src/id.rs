//! Identifiers that sort by the time when they were made.

use std::{fmt, str::FromStr};

use crate::{Host, StoreError, Value};

/// A UUID of version 7: a time in milliseconds, then chance. RFC 9562, section 5.7.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 16]);

impl Id {
    /// A new one.
    #[must_use]
    pub fn new(host: &dyn Host) -> Self {
        let mut chance = [0; 10];
        host.random(&mut chance);
        let millis = u64::try_from(host.now_us() / 1_000).unwrap_or_default();
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &chance).into_uuid().into_bytes())
    }

    /// The id with these bytes.
    ///
    /// # Errors
    /// If there are not 16.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        bytes.try_into().map(Self).map_err(|_| StoreError::Corrupt { what: "an id", found: format!("{} bytes", bytes.len()) })
    }

    /// Its bytes, as tables keep them.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl From<Id> for Value {
    fn from(id: Id) -> Self {
        Self::Bytes(id.0.into())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        uuid::Uuid::from_bytes(self.0).hyphenated().fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Id {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let id = uuid::Uuid::try_parse(text).map_err(|_| StoreError::NotAnId(text.to_owned()))?;
        Ok(Self(id.into_bytes()))
    }
}

impl serde::Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
