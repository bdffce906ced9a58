//! Passwords: argon2id, made stronger at sign-in, in a bounded queue.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! use bartizan_paved_passwords::Passwords;
//!
//! let passwords = Passwords::new(None);
//! let stored = passwords.hash("correct horse").await?;
//! assert!(passwords.verify("correct horse", Some(&stored)).await?.is_right);
//! assert!(!passwords.verify("battery staple", Some(&stored)).await?.is_right);
//! # Ok::<(), bartizan_paved_spec::Refused>(())
//! # }).unwrap();
//! ```

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use argon2::password_hash::{PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{Reason, Refused, encode_base64url, limits, passwords, random_bytes, refuse, refuse_with};
use ring::hmac;
use tokio::sync::Semaphore;

/// Refuses a password that can't be set. Characters count, not bytes; nothing is said about their kinds (NIST SP 800-63B-4, 3.1.1.2).
///
/// # Errors
/// `password-too-short`, `password-too-long`.
pub fn check_password(password: &str) -> Result<(), Refused> {
    let length = password.chars().count();
    if length < limits::PASSWORD_CHARS_MIN {
        return refuse(Reason::PasswordTooShort);
    }
    if length > limits::PASSWORD_CHARS_MAX {
        return refuse(Reason::PasswordTooLong);
    }
    Ok(())
}

/// Whether a stored hash is weaker than what is made today.
#[must_use]
pub fn needs_rehash(stored: &str) -> bool {
    let is_base64 = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/');
    let parts: Vec<_> = stored.split('$').collect();
    let ["", "argon2id", "v=19", parameters, salt, hash] = parts.as_slice() else { return true };
    let numbers: Vec<_> =
        parameters.split(',').zip(["m=", "t=", "p="]).map(|(text, name)| text.strip_prefix(name).and_then(number)).collect();
    match numbers.as_slice() {
        [Some(memory), Some(passes), Some(_)] if parameters.split(',').count() == 3 && is_base64(salt) && is_base64(hash) => {
            *memory < f64::from(passwords::MEMORY_KIB) || *passes < f64::from(passwords::PASSES)
        }
        _ => true,
    }
}

/// Digits as a number, of any length.
fn number(digits: &str) -> Option<f64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

/// What is hashed: the password, or with a pepper its HMAC-SHA-256 in base64url, the same in every language.
#[must_use]
pub fn peppered(password: &str, pepper: Option<&Secret>) -> Secret {
    Secret::new(match pepper {
        Some(pepper) => encode_base64url(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, pepper.expose().as_bytes()), password.as_bytes())),
        None => password.to_owned(),
    })
}

/// What a check of a password says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Verdict {
    /// Whether it is the password.
    pub is_right: bool,
    /// A new hash to be stored, if the old one is weaker than what is made today.
    pub rehash: Option<String>,
}

/// Hashes and checks passwords, a few at a time: hashing is meant to be slow, and a queue without end is an outage.
pub struct Passwords {
    pepper: Option<Secret>,
    places: Arc<Semaphore>,
    asked: AtomicUsize,
    dummy: OnceLock<String>,
}

impl Passwords {
    /// `pepper` is a key that is kept apart from the hashes; passwords pass through HMAC-SHA-256 with it first.
    #[must_use]
    pub fn new(pepper: Option<Secret>) -> Self {
        Self { pepper, places: Arc::new(Semaphore::new(passwords::PARALLEL as usize)), asked: AtomicUsize::new(0), dummy: OnceLock::new() }
    }

    /// Makes a hash to be stored.
    ///
    /// # Errors
    /// As `check_password`; `password-queue-full`.
    pub async fn hash(&self, password: &str) -> Result<String, Refused> {
        check_password(password)?;
        let secret = peppered(password, self.pepper.as_ref());
        self.queued(move || make(&secret)).await?
    }

    /// Checks a password against a stored hash. Without one (no such user) it takes as long.
    ///
    /// # Errors
    /// `password-queue-full`.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<Verdict, Refused> {
        let wrong = Verdict { is_right: false, rehash: None };
        if password.chars().count() > limits::PASSWORD_CHARS_MAX {
            return Ok(wrong);
        }
        let hash = match stored {
            Some(stored) => stored.to_owned(),
            None => self.nobody()?,
        };
        let secret = peppered(password, self.pepper.as_ref());
        let is_known = stored.is_some();
        let work = move || {
            if !is_hash_of(&hash, &secret) || !is_known {
                return Ok(wrong);
            }
            let rehash = if needs_rehash(&hash) { Some(make(&secret)?) } else { None };
            Ok(Verdict { is_right: true, rehash })
        };
        self.queued(work).await?
    }

    /// A hash of what nobody has, made once.
    fn nobody(&self) -> Result<String, Refused> {
        if let Some(hash) = self.dummy.get() {
            return Ok(hash.clone());
        }
        let hash = make(&Secret::new("a password that nobody has".into()))?;
        Ok(self.dummy.get_or_init(|| hash).clone())
    }

    async fn queued<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        // Counted until the end, also if whoever asked has gone.
        let _counted = Counted::of(&self.asked)?;
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return refuse(Reason::PasswordQueueFull) };
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        done.await.or_else(|_| refuse(Reason::PasswordQueueFull))
    }
}

struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn of(asked: &'a AtomicUsize) -> Result<Self, Refused> {
        let most = (passwords::QUEUE + passwords::PARALLEL) as usize;
        let counted = Self(asked);
        if asked.fetch_add(1, Ordering::SeqCst) >= most { refuse(Reason::PasswordQueueFull) } else { Ok(counted) }
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn argon2() -> Result<Argon2<'static>, Refused> {
    match Params::new(passwords::MEMORY_KIB, passwords::PASSES, passwords::LANES, Some(passwords::HASH_BYTES as usize)) {
        Ok(parameters) => Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)),
        Err(_) => refuse_with(Reason::ConfigurationInvalid, "argon2"),
    }
}

fn make(secret: &Secret) -> Result<String, Refused> {
    let (argon2, random) = (argon2()?, random_bytes::<16>()?);
    let made = SaltString::encode_b64(&random).and_then(|salt| Ok(argon2.hash_password(secret.expose().as_bytes(), &salt)?.to_string()));
    made.or_else(|_| refuse_with(Reason::ConfigurationInvalid, "argon2"))
}

/// Argon2 takes what it needs from the hash, whose numbers are ours: nobody else writes there.
fn is_hash_of(stored: &str, secret: &Secret) -> bool {
    PasswordHash::new(stored).is_ok_and(|hash| {
        hash.algorithm == Algorithm::Argon2id.ident() && Argon2::default().verify_password(secret.expose().as_bytes(), &hash).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(rehash: Option<String>) -> Verdict {
        Verdict { is_right: true, rehash }
    }

    #[tokio::test]
    async fn a_hash_is_made_stronger_at_sign_in() {
        let passwords = Passwords::new(Some(Secret::new("pepper".into())));
        let stored = passwords.hash("correct horse").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(passwords.verify("correct horse", Some(&stored)).await.unwrap(), right(None));
        for (password, hash) in [("wrong horse", Some(stored.as_str())), ("correct horse", None), ("correct horse", Some("x"))] {
            assert!(!passwords.verify(password, hash).await.unwrap().is_right);
        }
        assert!(!Passwords::new(None).verify("correct horse", Some(&stored)).await.unwrap().is_right, "without the pepper");

        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8192, 1, 1, None).unwrap());
        let secret = peppered("correct horse", Some(&Secret::new("pepper".into())));
        let old = weak.hash_password(secret.expose().as_bytes(), &SaltString::encode_b64(&[7; 16]).unwrap()).unwrap().to_string();
        let verdict = passwords.verify("correct horse", Some(&old)).await.unwrap();
        assert!(verdict.is_right && verdict.rehash.unwrap().starts_with("$argon2id$v=19$m=19456"));
    }

    #[tokio::test]
    async fn the_queue_is_bounded_and_free_again() {
        let passwords = Arc::new(Passwords::new(None));
        let stored = passwords.hash("correct horse").await.unwrap();
        let tasks: Vec<_> = (0..100)
            .map(|_| {
                let (passwords, stored) = (Arc::clone(&passwords), stored.clone());
                tokio::spawn(async move { passwords.verify("correct horse", Some(&stored)).await })
            })
            .collect();
        let mut full = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(verdict) => assert!(verdict.is_right),
                Err(refused) => full += usize::from(refused.reason == Reason::PasswordQueueFull),
            }
        }
        assert_eq!(full, 34, "64 wait, 2 are at it");
        assert_eq!(passwords.verify("correct horse", Some(&stored)).await.unwrap(), right(None));
    }
}
