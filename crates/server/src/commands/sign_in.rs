use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use anyhow::{Context, bail};
use varco_client::v1::authentication_service_client::AuthenticationServiceClient;
use varco_client::v1::sign_in_response::Result as SignInResult;
use varco_client::v1::{ActivateAccountRequest, SignInRequest};
use varco_client::{Error, Server};
use zeroize::Zeroizing;

use super::connection::{no_server, server};
use crate::cli::{ServerOptions, SignInOptions};
use crate::lifecycle::say;

/// What a link says before its token.
const TOKEN_MARK: &str = "#token=";

/// Activates the account of an invitation. The link and a password are read from standard input, where
/// no list of processes shows them.
pub(super) async fn activate(options: &ServerOptions) -> anyhow::Result<ExitCode> {
    let mut client = connect(&server(options, None)?).await?;
    let link = ask("the link of the invitation")?;
    // As it is copied from the log, too: with its quotes.
    let link = link.trim_matches(|character: char| character.is_whitespace() || character == '"');
    let token = link.split_once(TOKEN_MARK).map_or(link, |(_, token)| token).to_owned();
    let password = ask_secretly("a password of at least 15 characters")?.to_string();
    let request = ActivateAccountRequest { token, password };
    let activated = client.activate_account(request).await.map_err(Error::from)?.into_inner();
    say(&format!("{} is active\n", activated.username))?;
    Ok(ExitCode::SUCCESS)
}

/// Signs a user in and prints its access token.
pub(super) async fn sign_in(options: &SignInOptions) -> anyhow::Result<ExitCode> {
    let mut client = connect(&server(&options.server, None)?).await?;
    let password = ask_secretly("the password")?.to_string();
    let request = SignInRequest { username: options.user.clone(), password, ..Default::default() };
    match client.sign_in(request).await.map_err(Error::from)?.into_inner().result {
        Some(SignInResult::Session(session)) => say(&format!("{}\n", session.access_token))?,
        Some(SignInResult::NextStep(step)) => {
            bail!("{} is needed next: go on with AuthenticationService.ContinueSignIn", step.kind().as_str_name())
        }
        None => bail!("the server answered with neither a session nor what is needed next"),
    }
    Ok(ExitCode::SUCCESS)
}

async fn connect(server: &Server) -> anyhow::Result<AuthenticationServiceClient<tonic::transport::Channel>> {
    let channel = server.channel().await.with_context(|| no_server(server))?;
    Ok(AuthenticationServiceClient::new(channel))
}

/// Reads a line, and says to people on standard error which.
fn ask(what: &str) -> anyhow::Result<Zeroizing<String>> {
    use std::io::Write as _;
    // Nobody is lost who does not see the prompt.
    let _ = writeln!(std::io::stderr(), "{what}:");
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line).context("could not read the standard input")?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// As `ask`, but a terminal does not show what is typed.
fn ask_secretly(what: &str) -> anyhow::Result<Zeroizing<String>> {
    if !std::io::stdin().is_terminal() {
        return ask(what);
    }
    let typed = rpassword::prompt_password(format!("{what}: ")).context("could not read from the terminal")?;
    Ok(Zeroizing::new(typed))
}
