//! What the operator says about TLS.

use std::fs::File;
use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::ConfigError;
use crate::tls::{TlsAcceptor, TlsConfig};

/// Longer than any chain of certificates that somebody would wait for.
const PEM_BYTES_MAX: u64 = 65_536;

/// TLS in the process.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TlsToml {
    listen: SocketAddr,
    /// The relay's certificate, then those that sign it.
    certificate_file: PathBuf,
    key_file: PathBuf,
}

impl TlsToml {
    pub(super) fn load(self, directory: &Path) -> Result<TlsConfig, ConfigError> {
        let certificate = directory.join(self.certificate_file);
        let key = directory.join(self.key_file);
        let wrong = |what, path: &Path, problem: String| ConfigError::Secret {
            what,
            path: path.to_owned(),
            problem,
        };
        let (of_certificate, of_key) = ("certificate_file of TLS", "key_file of TLS");
        let pem =
            read(&certificate).map_err(|problem| wrong(of_certificate, &certificate, problem))?;
        let certificates: Vec<_> =
            CertificateDer::pem_slice_iter(&pem)
                .collect::<Result<_, _>>()
                .map_err(|problem| wrong(of_certificate, &certificate, problem.to_string()))?;
        if certificates.is_empty() {
            return Err(wrong(of_certificate, &certificate, "no certificate is in it".to_owned()));
        }
        let pem = read(&key).map_err(|problem| wrong(of_key, &key, problem))?;
        let private = PrivateKeyDer::from_pem_slice(&pem)
            .map_err(|problem| wrong(of_key, &key, problem.to_string()))?;
        let acceptor = TlsAcceptor::new(certificates, private)
            .map_err(|problem| wrong(of_key, &key, problem.to_string()))?;
        Ok(TlsConfig { listen: self.listen, acceptor })
    }
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut pem = Zeroizing::new(Vec::new());
    File::open(path)
        .and_then(|file| file.take(PEM_BYTES_MAX).read_to_end(&mut pem))
        .map_err(|problem| problem.to_string())?;
    Ok(pem)
}
