use std::path::Path;

use super::{Addresses, ServerProcessOptions};
use crate::databases::{Address, TestDatabase};

/// Writes the configuration of a server on a database.
pub(super) fn write_configuration(
    folder: &Path,
    database: &TestDatabase,
    addresses: Addresses,
    options: ServerProcessOptions,
) {
    let Addresses { grpc, http } = addresses;
    let database = match database.address() {
        Address::Path(path) => format!("sqlite_path = \"{}\"", path.display()),
        Address::Url(url) => {
            write_private(&folder.join("database-url"), url);
            "url_file = \"database-url\"".to_owned()
        }
    };
    let mail = match options.smtp_port {
        Some(port) => format!(
            "transport = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n\
             from = \"no-reply@varco.test\"\n"
        ),
        None => "transport = \"file\"\nfolder = \"mail\"\n".to_owned(),
    };
    let log_filter = options.log_filter;
    let text = format!(
        "[grpc]\nlisten = \"{grpc}\"\n[http]\nlisten = \"{http}\"\n[database]\n{database}\n\
         [secrets]\nkey_file = \"key\"\n[tokens]\nissuer = \"https://varco.test\"\naudience = \"varco\"\n\
         [mail]\n{mail}link_base_url = \"https://app.varco.test\"\n[sso]\nprivate_networks = true\n\
         [bootstrap]\noperator_credential_file = \"operator.json\"\n\
         [telemetry]\nlog_format = \"text\"\nlog_filter = \"{log_filter}\"\n"
    );
    std::fs::write(folder.join("varco.toml"), text).expect("the configuration can be written");
}

/// Writes a file for its owner alone.
pub(super) fn write_private(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text).expect("a secret can be written");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("a secret can be hidden");
}
