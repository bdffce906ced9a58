//! The certificate of the server, which is read again when its files change.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use rustls::{
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use crate::{failure::Failure, session::read_regular, text};

/// The largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// The files that the certificate and its key come from, in PEM, and what was read of them last.
#[derive(Debug)]
pub(crate) struct CertificateFiles {
    certificate: PathBuf,
    key: PathBuf,
    read: RwLock<Read>,
}

#[derive(Debug)]
struct Read {
    bytes: (Vec<u8>, Vec<u8>),
    key: Arc<CertifiedKey>,
}

impl CertificateFiles {
    /// Reads a certificate, with those between it and its authority, and its key.
    pub(crate) fn open(certificate: PathBuf, key: PathBuf) -> Result<Self, Failure> {
        let bytes = (read_regular(&certificate, MAX_FILE_BYTES)?, read_regular(&key, MAX_FILE_BYTES)?);
        let certified = certified(&bytes).map_err(|why| {
            let message = format!("`{}` can't be used: {why}", text::path(&certificate));
            Failure::bad_input("certificate", message).with_help("name a certificate and the key that belongs to it, both in PEM")
        })?;
        Ok(Self { certificate, key, read: RwLock::new(Read { bytes, key: Arc::new(certified) }) })
    }

    /// Reads the files again; says whether there was something new. What can't be used leaves what was read before.
    pub(crate) fn reload(&self) -> Result<bool, String> {
        let read = |path| read_regular(path, MAX_FILE_BYTES).map_err(|failure| failure.message);
        let bytes = (read(&self.certificate)?, read(&self.key)?);
        if self.read.read().unwrap_or_else(PoisonError::into_inner).bytes == bytes {
            return Ok(false);
        }
        let key = Arc::new(certified(&bytes)?);
        *self.read.write().unwrap_or_else(PoisonError::into_inner) = Read { bytes, key };
        Ok(true)
    }
}

impl ResolvesServerCert for CertificateFiles {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.read.read().unwrap_or_else(PoisonError::into_inner).key))
    }
}

fn certified((certificate, key): &(Vec<u8>, Vec<u8>)) -> Result<CertifiedKey, String> {
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(certificate).collect::<Result<_, _>>().map_err(|error| format!("the certificate: {error}"))?;
    if chain.is_empty() {
        return Err("there is no certificate in it".to_owned());
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| format!("the key: {error}"))?;
    CertifiedKey::from_der(chain, key, &rustls::crypto::ring::default_provider()).map_err(|error| error.to_string())
}
