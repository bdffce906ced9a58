//! What a store holds is sealed: AES-256-GCM, a key ring, and the place as additional data.

use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{Reason, Refused, decode_base64url, encode_base64url, random_bytes, refuse, refuse_with};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// Keys that open, the first of which seals. Rotate by putting a new one in front, and dropping the last one a session's life later.
pub struct KeyRing {
    keys: Vec<(String, LessSafeKey)>,
}

impl KeyRing {
    /// Reads `id:key,id:key`, keys of 256 bits in base64url.
    ///
    /// # Errors
    /// `configuration-invalid` for no key, ids that are no words or not distinct, and keys of another length.
    pub fn parse(text: &Secret) -> Result<Self, Refused> {
        Self::of(text.expose().split(',').map(|entry| entry.split_once(':').unwrap_or_default()))
    }

    /// A ring of these ids and keys.
    ///
    /// # Errors
    /// As `parse`.
    pub fn of<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Refused> {
        let mut keys: Vec<(String, LessSafeKey)> = Vec::new();
        for (id, key) in entries {
            let is_word = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
            let bytes = decode_base64url(key).map(Zeroizing::new);
            let key = bytes.and_then(|bytes| UnboundKey::new(&AES_256_GCM, &bytes).ok());
            let is_new = keys.iter().all(|(other, _)| other != id);
            let Some(key) = key.filter(|_| is_word && is_new) else {
                return refuse_with(Reason::ConfigurationInvalid, "a key ring has distinct ids and keys of 256 bits");
            };
            keys.push((id.to_owned(), LessSafeKey::new(key)));
        }
        if keys.is_empty() { refuse_with(Reason::ConfigurationInvalid, "the key ring is empty") } else { Ok(Self { keys }) }
    }

    /// A ring of one key that nobody else has: for stores that end with the process.
    ///
    /// # Errors
    /// `configuration-invalid` where the system has no randomness.
    pub fn ephemeral() -> Result<Self, Refused> {
        let key = Zeroizing::new(encode_base64url(Zeroizing::new(random_bytes::<32>()?)));
        Self::of([("process", key.as_str())])
    }

    /// Seals a text for a place.
    ///
    /// # Errors
    /// `configuration-invalid` where the system has no randomness.
    pub fn seal(&self, place: &str, text: &str) -> Result<String, Refused> {
        let nonce = random_bytes::<NONCE_LEN>()?;
        let mut bytes = text.as_bytes().to_vec();
        let Some((id, key)) = self.keys.first() else { return refuse(Reason::SealedKeyUnknown) };
        if key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.as_bytes()), &mut bytes).is_err() {
            return refuse(Reason::SealedMalformed);
        }
        Ok(format!("1.{id}.{}.{}", encode_base64url(nonce), encode_base64url(bytes)))
    }

    /// Opens what was sealed for the same place.
    ///
    /// # Errors
    /// `sealed-malformed`, `sealed-key-unknown`, `sealed-mismatch`.
    pub fn open(&self, place: &str, sealed: &str) -> Result<Zeroizing<String>, Refused> {
        let parts: Vec<_> = sealed.split('.').collect();
        let ["1", id, nonce, bytes] = parts.as_slice() else { return refuse(Reason::SealedMalformed) };
        let nonce =
            decode_base64url(nonce).and_then(|nonce| Nonce::try_assume_unique_for_key(&nonce).ok()).ok_or(Reason::SealedMalformed)?;
        let bytes = decode_base64url(bytes).filter(|bytes| bytes.len() >= AES_256_GCM.tag_len()).ok_or(Reason::SealedMalformed)?;
        let (_, key) = self.keys.iter().find(|(known, _)| known == id).ok_or(Reason::SealedKeyUnknown)?;
        let mut bytes = Zeroizing::new(bytes);
        let text = key.open_in_place(nonce, Aad::from(place.as_bytes()), &mut bytes).ok().and_then(|text| std::str::from_utf8(text).ok());
        Ok(Zeroizing::new(text.ok_or(Reason::SealedMismatch)?.to_owned()))
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("KeyRing([redacted])")
    }
}
