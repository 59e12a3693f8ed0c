use std::path::PathBuf;

use toml::{Table, Value};
use varco_application::PlainSecret;
use varco_outbound::{LinkBase, Sender, SmtpOptions, SmtpTls, is_this_machine};

use crate::config::secret_file::read_private;
use crate::config::section::Section;

/// The keys of `transport = "smtp"`.
pub(super) struct SmtpSection {
    host: String,
    port: u16,
    tls: SmtpTls,
    ca_file: Option<(PathBuf, Vec<u8>)>,
    login: Option<Login>,
    from: Sender,
}

struct Login {
    username: String,
    password_file: PathBuf,
    password: PlainSecret,
}

impl SmtpSection {
    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let host = section.required("host", |host| Ok::<_, String>(host.to_owned()));
        let tls = section.parse("tls", "starttls", parse_tls);
        let port = section.port("port", tls.map_or(0, default_port));
        let ca_file = read_ca(section);
        let login = read_login(section);
        let from = section.required("from", Sender::parse);
        let (host, tls) = (host?, tls?);
        if tls == SmtpTls::None && !is_this_machine(&host) {
            section.problem("tls", "must be starttls or implicit: links and passwords would cross a network in clear");
            return None;
        }
        Some(Self { host, port: port?, tls, ca_file: ca_file.ok()?, login: login.ok()?, from: from? })
    }

    pub(super) fn options(&self, link_base: LinkBase) -> SmtpOptions {
        SmtpOptions {
            host: self.host.clone(),
            port: self.port,
            tls: self.tls,
            authority: self.ca_file.as_ref().map(|(_, pem)| pem.clone()),
            login: self.login.as_ref().map(|login| (login.username.clone(), login.password.clone())),
            sender: self.from.clone(),
            limit: SmtpOptions::LIMIT,
            link_base,
        }
    }

    pub(super) fn effective(&self) -> Table {
        let text = |key: &str, value: String| (key.to_owned(), Value::String(value));
        let mut table = Table::from_iter([
            text("transport", "smtp".to_owned()),
            text("host", self.host.clone()),
            ("port".to_owned(), Value::Integer(self.port.into())),
            text("tls", show_tls(self.tls).to_owned()),
            text("from", self.from.to_string()),
        ]);
        table.extend(self.ca_file.iter().map(|(file, _)| text("ca_file", file.display().to_string())));
        if let Some(login) = &self.login {
            table.extend([text("username", login.username.clone())]);
            table.extend([text("password_file", login.password_file.display().to_string())]);
        }
        table
    }
}

fn parse_tls(text: &str) -> Result<SmtpTls, &'static str> {
    [SmtpTls::StartTls, SmtpTls::Implicit, SmtpTls::None]
        .into_iter()
        .find(|tls| show_tls(*tls) == text)
        .ok_or("must be starttls, implicit or none")
}

const fn show_tls(tls: SmtpTls) -> &'static str {
    match tls {
        SmtpTls::StartTls => "starttls",
        SmtpTls::Implicit => "implicit",
        SmtpTls::None => "none",
    }
}

/// The ports of mail submission (RFC 8314), and that of a relay on this machine.
const fn default_port(tls: SmtpTls) -> u16 {
    match tls {
        SmtpTls::StartTls => 587,
        SmtpTls::Implicit => 465,
        SmtpTls::None => 25,
    }
}

/// What was wrong is noted already.
struct Noted;

fn read_ca(section: &mut Section<'_>) -> Result<Option<(PathBuf, Vec<u8>)>, Noted> {
    let Some(file) = section.path("ca_file") else { return Ok(None) };
    match std::fs::read(&file) {
        Ok(pem) => Ok(Some((file, pem))),
        Err(error) => {
            section.problem("ca_file", format!("names `{}`, which cannot be read: {error}", file.display()));
            Err(Noted)
        }
    }
}

fn read_login(section: &mut Section<'_>) -> Result<Option<Login>, Noted> {
    let (username, password_file) = (section.text("username"), section.path("password_file"));
    let (username, password_file) = match (username, password_file) {
        (None, None) => return Ok(None),
        (Some(username), Some(password_file)) => (username, password_file),
        (Some(_), None) => {
            section.problem("password_file", "must be given together with mail.username");
            return Err(Noted);
        }
        (None, Some(_)) => {
            section.problem("username", "must be given together with mail.password_file");
            return Err(Noted);
        }
    };
    match read_private(&password_file) {
        Ok(password) => {
            let password = PlainSecret::new(password.trim_end_matches(['\n', '\r']).to_owned());
            Ok(Some(Login { username, password_file, password }))
        }
        Err(problem) => {
            section.problem("password_file", problem);
            Err(Noted)
        }
    }
}
