//! The configuration of `varco serve`: one TOML file, each value of which `VARCO__SECTION__KEY` in
//! the environment overrides. It becomes values at once, and every problem is reported together.

mod bootstrap;
mod database;
mod document;
mod grpc;
mod http;
mod index;
mod mail;
mod problems;
mod secret_file;
mod secrets;
mod section;
mod shutdown;
mod sso;
mod telemetry;
mod tokens;
mod values;

pub use bootstrap::BootstrapConfig;
pub use database::{DatabaseConfig, DatabaseUrl};
pub use grpc::GrpcConfig;
pub use http::HttpConfig;
pub use index::IndexConfig;
pub use mail::MailConfig;
pub use problems::{Problem, Problems};
pub use secrets::SecretsConfig;
pub use shutdown::ShutdownConfig;
pub use sso::SsoConfig;
pub use telemetry::TelemetrySection;
pub use tokens::TokensConfig;
pub use values::ListenAddress;

use std::path::Path;

use document::Document;

/// What an operator decided.
pub struct Config {
    /// `[grpc]`
    pub grpc: GrpcConfig,
    /// `[http]`
    pub http: HttpConfig,
    /// `[database]`
    pub database: DatabaseConfig,
    /// `[secrets]`
    pub secrets: SecretsConfig,
    /// `[tokens]`
    pub tokens: TokensConfig,
    /// `[bootstrap]`
    pub bootstrap: BootstrapConfig,
    /// `[mail]`
    pub mail: MailConfig,
    /// `[sso]`
    pub sso: SsoConfig,
    /// `[telemetry]`
    pub telemetry: TelemetrySection,
    /// `[index]`
    pub index: IndexConfig,
    /// `[shutdown]`
    pub shutdown: ShutdownConfig,
}

impl Config {
    /// Reads a file and what the environment says over it.
    pub fn load(path: &Path) -> Result<Self, Problems> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Problems::one(path.display().to_string(), format!("cannot be read: {error}")))?;
        Self::parse(&text, std::env::vars_os())
    }

    /// Reads a text and what an environment says over it.
    pub fn parse(
        text: &str,
        environment: impl IntoIterator<Item = (std::ffi::OsString, std::ffi::OsString)>,
    ) -> Result<Self, Problems> {
        let mut document = Document::parse(text)?;
        document.overlay(environment);
        let grpc = GrpcConfig::read(&mut document);
        let http = HttpConfig::read(&mut document);
        let database = DatabaseConfig::read(&mut document);
        let secrets = SecretsConfig::read(&mut document);
        let tokens = TokensConfig::read(&mut document);
        let bootstrap = BootstrapConfig::read(&mut document);
        let mail = MailConfig::read(&mut document);
        let sso = SsoConfig::read(&mut document);
        let telemetry = TelemetrySection::read(&mut document);
        let index = IndexConfig::read(&mut document);
        let shutdown = ShutdownConfig::read(&mut document);
        document.finish(|| {
            Some(Self {
                grpc: grpc?,
                http: http?,
                database: database?,
                secrets: secrets?,
                tokens: tokens?,
                bootstrap,
                mail: mail?,
                sso: sso?,
                telemetry: telemetry?,
                index: index?,
                shutdown: shutdown?,
            })
        })
    }

    /// The effective configuration as a file would say it, without secrets.
    pub fn effective(&self) -> toml::Table {
        let sections = [
            ("grpc", self.grpc.effective()),
            ("http", self.http.effective()),
            ("database", self.database.effective()),
            ("secrets", self.secrets.effective()),
            ("tokens", self.tokens.effective()),
            ("bootstrap", self.bootstrap.effective()),
            ("mail", self.mail.effective()),
            ("sso", self.sso.effective()),
            ("telemetry", self.telemetry.effective()),
            ("index", self.index.effective()),
            ("shutdown", self.shutdown.effective()),
        ];
        sections.into_iter().map(|(name, table)| (name.to_owned(), toml::Value::Table(table))).collect()
    }
}

#[cfg(test)]
mod tests;
