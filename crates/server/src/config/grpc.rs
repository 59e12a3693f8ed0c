use std::path::PathBuf;

use toml::{Table, Value};
use varco_transport::grpc::Tls;

use super::document::Document;
use super::secret_file::read_private;
use super::section::Section;
use super::values::ListenAddress;

/// Loopback: whoever wants to be reached from elsewhere has to say so.
const LISTEN: &str = "127.0.0.1:50051";

/// `[grpc]`: the port of the contract.
pub struct GrpcConfig {
    /// Where it listens.
    pub listen: ListenAddress,
    /// The certificate chain and its key.
    pub tls: Option<TlsFiles>,
    /// Whether tokens may cross a network that is not loopback in clear. Off unless it is said.
    pub allow_plaintext: bool,
    /// Whether tools can ask for the contract, which is public. On by default.
    pub reflection: bool,
}

/// A certificate chain and its key, as files and as they were read from them.
pub struct TlsFiles {
    certificate_file: PathBuf,
    key_file: PathBuf,
    /// What was read.
    pub tls: Tls,
}

impl GrpcConfig {
    pub(super) fn read(document: &mut Document) -> Option<Self> {
        let mut section = document.section("grpc");
        let listen = section.parse("listen", LISTEN, ListenAddress::parse);
        let (certificate, key) = (section.path("tls_certificate_file"), section.path("tls_key_file"));
        let wants_tls = certificate.is_some() || key.is_some();
        let tls = read_tls(&mut section, certificate, key);
        let allow_plaintext = section.flag("allow_plaintext", false);
        let reflection = section.flag("reflection", true);
        if !wants_tls && allow_plaintext == Some(false) && listen.is_some_and(|listen| !listen.is_loopback()) {
            let problem = "is not loopback, so tokens would cross a network in clear: set grpc.tls_certificate_file and \
                           grpc.tls_key_file, or grpc.allow_plaintext = true where something else encrypts";
            section.problem("listen", problem);
        }
        Some(Self { listen: listen?, tls, allow_plaintext: allow_plaintext?, reflection: reflection? })
    }

    pub(super) fn effective(&self) -> Table {
        let mut table = Table::new();
        table.insert("listen".to_owned(), Value::String(self.listen.to_string()));
        if let Some(tls) = &self.tls {
            let path = |path: &PathBuf| Value::String(path.display().to_string());
            table.insert("tls_certificate_file".to_owned(), path(&tls.certificate_file));
            table.insert("tls_key_file".to_owned(), path(&tls.key_file));
        }
        table.insert("allow_plaintext".to_owned(), Value::Boolean(self.allow_plaintext));
        table.insert("reflection".to_owned(), Value::Boolean(self.reflection));
        table
    }
}

fn read_tls(section: &mut Section<'_>, certificate: Option<PathBuf>, key: Option<PathBuf>) -> Option<TlsFiles> {
    match (certificate, key) {
        (None, None) => None,
        (Some(_), None) => {
            section.problem("tls_key_file", "must be given together with grpc.tls_certificate_file");
            None
        }
        (None, Some(_)) => {
            section.problem("tls_certificate_file", "must be given together with grpc.tls_key_file");
            None
        }
        (Some(certificate_file), Some(key_file)) => {
            let certificate = std::fs::read(&certificate_file)
                .map_err(|error| format!("names `{}`, which cannot be read: {error}", certificate_file.display()))
                .map_err(|problem| section.problem("tls_certificate_file", problem))
                .ok();
            let key = read_private(&key_file).map_err(|problem| section.problem("tls_key_file", problem)).ok();
            let tls = Tls { certificate: certificate?, key: key?.as_bytes().to_vec() };
            if let Err(error) = tls.check() {
                let (files, cause) = (certificate_file.display(), anyhow::Error::new(error));
                let problem = format!(
                    "names `{files}`, which is no PEM certificate chain, or grpc.tls_key_file names no PEM key of its \
                     own: {cause:#}"
                );
                section.problem("tls_certificate_file", problem);
                return None;
            }
            Some(TlsFiles { certificate_file, key_file, tls })
        }
    }
}
