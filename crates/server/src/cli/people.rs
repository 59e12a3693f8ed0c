use clap::Args;

use super::{ClientOptions, ServerOptions};

/// Somebody to invite.
#[derive(Args, Debug)]
pub struct InviteOptions {
    /// What the user signs in with.
    pub username: String,
    /// Where the invitation goes.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The organization's name or id; not needed where there is one.
    #[arg(long)]
    pub organization: Option<String>,
    /// Which server, as whom.
    #[command(flatten)]
    pub client: ClientOptions,
}

/// A role to assign.
#[derive(Args, Debug)]
pub struct GrantOptions {
    /// A username, or an id (user_… or sa_…).
    pub user: String,
    /// A role's name or id.
    pub role: String,
    /// A unit's name or id.
    pub unit: String,
    /// The organization's name or id; not needed where there is one.
    #[arg(long)]
    pub organization: Option<String>,
    /// Which server, as whom.
    #[command(flatten)]
    pub client: ClientOptions,
}

/// Who signs in. The password is read from standard input.
#[derive(Args, Debug)]
pub struct SignInOptions {
    /// A username or an email address.
    pub user: String,
    /// Which server.
    #[command(flatten)]
    pub server: ServerOptions,
}
