//! Encrypted connections, with a certificate and key from files in PEM.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::{Error as PemError, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::campaign::ToolError;
use crate::model::Message;

/// Files of a certificate.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate and those it hangs on, its own first.
    pub cert: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

impl Tls {
    /// What takes encrypted connections.
    ///
    /// # Errors
    /// A file cannot be read, has no certificate or key in it, or the two do not belong together.
    pub(super) fn acceptor(&self) -> Result<TlsAcceptor, ToolError> {
        let certs = CertificateDer::pem_file_iter(&self.cert).and_then(Iterator::collect);
        let certs: Vec<CertificateDer<'static>> = certs.map_err(|e| unread(&self.cert, &e))?;
        if certs.is_empty() {
            return Err(unread(&self.cert, &PemError::NoItemsFound));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|e| unread(&self.key, &e))?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| {
                let config = config.with_no_client_auth();
                config.with_single_cert(certs, key)
            });
        let mut config = config.map_err(|error| self.refused(&error))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    fn refused(&self, error: &dyn std::fmt::Display) -> ToolError {
        let (cert, key) = (self.cert.display(), self.key.display());
        ToolError::Other(Message::new(
            format!(
                "không dùng được chứng thư {cert} với khóa {key}: hai tệp phải là một cặp, chứng thư của chính máy chủ đứng đầu ({error})"
            ),
            format!(
                "the certificate {cert} cannot be used with the key {key}: they must belong together, the server's own certificate first ({error})"
            ),
        ))
    }
}

fn unread(path: &Path, error: &PemError) -> ToolError {
    let shown = path.display();
    ToolError::Other(match error {
        PemError::NoItemsFound => Message::new(
            format!(
                "{shown}: không có chứng thư hoặc khóa dạng PEM trong tệp này (phải có dòng -----BEGIN …-----, khóa không đặt mật khẩu)"
            ),
            format!(
                "{shown}: there is no certificate or key in PEM in this file (it needs a line -----BEGIN …-----, a key without a password)"
            ),
        ),
        error => Message::new(
            format!("{shown}: không đọc được tệp chứng thư hoặc khóa ({error})"),
            format!("{shown}: the certificate or key cannot be read ({error})"),
        ),
    })
}
