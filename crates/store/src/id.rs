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

    /// Many of one moment, in ascending order: rows that are added at the end of an index cost a fraction of what others do.
    ///
    /// A counter of 42 bits comes before 32 bits of chance. RFC 9562, section 6.2, method 1.
    pub(crate) fn ascending(host: &dyn Host) -> impl Iterator<Item = Self> + '_ {
        let millis = u64::try_from(host.now_us() / 1_000).unwrap_or_default();
        (0_u64..).map(move |number| {
            let mut chance = [0; 4];
            host.random(&mut chance);
            // Twelve bits of the counter stand behind the version, thirty behind the variant, which take four and two bits.
            let [_, _, _, _, _, _, high, low] = ((number >> 30) & 0xfff).to_be_bytes();
            let [_, _, _, _, a, b, c, d] = (number & 0x3fff_ffff).to_be_bytes();
            let [e, f, g, h] = chance;
            let counted = [high, low, a, b, c, d, e, f, g, h];
            Self(uuid::Builder::from_unix_timestamp_millis(millis, &counted).into_uuid().into_bytes())
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Stopped;

    impl Host for Stopped {
        fn now_us(&self) -> i64 {
            1_700_000_000_000_000
        }

        fn random(&self, buffer: &mut [u8]) {
            buffer.fill(0xff);
        }
    }

    #[test]
    fn ids_of_one_moment_ascend() {
        let ids: Vec<Id> = Id::ascending(&Stopped).take(100_000).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(ids[0].to_string(), "018bcfe5-6800-7000-8000-0000ffffffff");
        assert_eq!(ids[1].to_string(), "018bcfe5-6800-7000-8000-0001ffffffff");
    }

    #[test]
    fn an_id_is_what_it_is_written_as() {
        let id = Id::new(&Stopped);
        assert_eq!(id.to_string().parse::<Id>().unwrap(), id);
        assert_eq!(Id::from_bytes(id.as_bytes()).unwrap(), id);
        assert!("nonsense".parse::<Id>().is_err() && Id::from_bytes(&[1]).is_err());
    }
}
