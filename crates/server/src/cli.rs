//! The command line.

mod people;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use people::{GrantOptions, InviteOptions, SignInOptions};

use crate::config::ListenAddress;

/// Identity and access over gRPC. Without a command: a server for this machine, with a durable
/// store under ./data and a demo organization.
#[derive(Debug, Parser)]
#[command(name = "varco", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to run without a command.
    #[command(flatten)]
    pub embedded: EmbeddedOptions,
}

/// How to run without a command.
#[derive(Args, Clone, Debug)]
pub struct EmbeddedOptions {
    /// Where gRPC listens.
    #[arg(long, env = "VARCO_GRPC_LISTEN", default_value = "127.0.0.1:50051", value_parser = ListenAddress::parse)]
    pub grpc_listen: ListenAddress,
    /// Where /livez and /readyz are.
    #[arg(long, env = "VARCO_HTTP_LISTEN", default_value = "127.0.0.1:8080", value_parser = ListenAddress::parse)]
    pub http_listen: ListenAddress,
    /// Where everything is kept.
    #[arg(long, env = "VARCO_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,
    /// Start without the demo organization.
    #[arg(long)]
    pub no_demo: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a server in production.
    Serve(ConfigOptions),
    /// Show the effective configuration, without secrets.
    CheckConfig(ConfigOptions),
    /// Ask whether somebody may do something somewhere. Exits with 0 for yes, 1 for no, 2 for an error.
    Check(QuestionOptions),
    /// As `check`, with all that led to the answer.
    Explain(QuestionOptions),
    /// Show changes as they happen, until stopped.
    Watch(WatchOptions),
    /// Ask a server whether it can answer. Exits with 0 for yes, 1 for no.
    Health(ServerOptions),
    /// Print an access token, for grpcurl or buf curl.
    Token(ClientOptions),
    /// Create a user, who gets a link by mail.
    Invite(InviteOptions),
    /// Activate an account with the link of its invitation and a password, read from standard input.
    Activate(ServerOptions),
    /// Assign a role at a unit.
    Grant(GrantOptions),
    /// Sign a user in with the password read from standard input, and print the access token.
    SignIn(SignInOptions),
    /// Programs that call the server.
    #[command(subcommand)]
    ServiceAccount(ServiceAccountCommand),
}

/// Where the configuration is.
#[derive(Args, Debug)]
pub struct ConfigOptions {
    /// The configuration, in TOML; `VARCO__SECTION__KEY` in the environment overrides it.
    #[arg(long)]
    pub config: PathBuf,
}

/// Which server.
#[derive(Args, Clone, Debug)]
pub struct ServerOptions {
    /// The server, such as `http://127.0.0.1:50051`.
    #[arg(long, alias = "grpc", env = "VARCO_ADDRESS")]
    pub address: Option<String>,
    /// The certificate authority of the server, in PEM, if it is one of its own.
    #[arg(long, env = "VARCO_CA_CERTIFICATE")]
    pub ca_certificate: Option<PathBuf>,
}

/// Which server, as whom.
#[derive(Args, Clone, Debug)]
pub struct ClientOptions {
    /// Which server.
    #[command(flatten)]
    pub server: ServerOptions,
    /// Who calls: a file as `varco service-account create` prints it. By default operator.json in
    /// the data directory.
    #[arg(long, env = "VARCO_CREDENTIAL")]
    pub credential: Option<PathBuf>,
    /// Where the server of this machine keeps everything.
    #[arg(long, env = "VARCO_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,
}

/// A question about access.
#[derive(Args, Debug)]
pub struct QuestionOptions {
    /// A username, or an id (user_… or sa_…).
    pub user: String,
    /// A permission's key, such as privacy:register.edit.
    pub permission: String,
    /// A unit's name or id.
    pub unit: String,
    /// The organization's name or id; not needed where there is one.
    #[arg(long)]
    pub organization: Option<String>,
    /// Do not ask, but print the request as JSON, for another client to send.
    #[arg(long)]
    pub print_request: bool,
    /// Which server, as whom.
    #[command(flatten)]
    pub client: ClientOptions,
}

/// What to watch.
#[derive(Args, Debug)]
pub struct WatchOptions {
    /// Only changes after this revision; 0 for all. By default those from now on.
    #[arg(long)]
    pub after: Option<u64>,
    /// Only those of this organization, by name or id. By default all that the caller may see.
    #[arg(long)]
    pub organization: Option<String>,
    /// Which server, as whom.
    #[command(flatten)]
    pub client: ClientOptions,
}

/// What to do about service accounts.
#[derive(Debug, Subcommand)]
pub enum ServiceAccountCommand {
    /// Create one that manages an organization, and print its credential, this once.
    Create(CreateServiceAccountOptions),
}

/// A service account to create.
#[derive(Args, Debug)]
pub struct CreateServiceAccountOptions {
    /// Its name.
    pub username: String,
    /// The organization that it manages, by name or id; not needed where there is one.
    #[arg(long)]
    pub organization: Option<String>,
    /// Which server, as whom.
    #[command(flatten)]
    pub client: ClientOptions,
}
