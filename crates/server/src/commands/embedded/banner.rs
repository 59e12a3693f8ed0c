use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::credential_file::CredentialFile;

/// What people are told when the server is up.
pub(super) struct Banner {
    pub(super) grpc: SocketAddr,
    pub(super) http: SocketAddr,
    pub(super) data_dir: PathBuf,
    pub(super) is_default_folder: bool,
    /// Its secret is shown this once.
    pub(super) new_operator: Option<CredentialFile>,
    pub(super) has_new_demo: bool,
}

impl fmt::Display for Banner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { grpc, http, data_dir, .. } = self;
        let data_dir = data_dir.display();
        writeln!(f, "Varco {} is up.", env!("CARGO_PKG_VERSION"))?;
        writeln!(f, "  gRPC  {grpc}")?;
        writeln!(f, "  HTTP  http://{http}/livez and /readyz")?;
        writeln!(f, "  data  {data_dir}")?;
        if let Some(operator) = &self.new_operator {
            writeln!(
                f,
                "\nThe operator's credential is new. It is kept in {data_dir}/operator.json and shown this once:"
            )?;
            writeln!(f, "  client id      {}", operator.service_account_id)?;
            writeln!(f, "  client secret  {}", operator.client_secret)?;
        }
        if self.has_new_demo {
            writeln!(
                f,
                "\nThe demo organization \"{}\" is there. Ask it, in another terminal:",
                crate::demo::ORGANIZATION
            )?;
            writeln!(f, "  {} check giulia.rossi privacy:register.edit Milan{}", program(), self.credential())?;
        }
        writeln!(f, "\nCtrl-C stops the server.")
    }
}

impl Banner {
    fn credential(&self) -> String {
        if self.is_default_folder { String::new() } else { format!(" --data-dir {}", self.data_dir.display()) }
    }
}

/// How this program was started, for the next command to be started alike.
fn program() -> String {
    if std::env::var_os("CARGO").is_some() {
        return "cargo run --".to_owned();
    }
    std::env::args().next().unwrap_or_else(|| "varco".to_owned())
}
