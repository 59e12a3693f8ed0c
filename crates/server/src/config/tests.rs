use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;

use super::*;

const KEY: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str, mode: u32) -> String {
        let path = self.0.path().join(name);
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.set_permissions(std::fs::Permissions::from_mode(mode)).unwrap();
        path.display().to_string()
    }
}

/// What every test that is not about it leaves to the environment.
const TOKENS: [(&str, &str); 2] =
    [("VARCO__TOKENS__ISSUER", "https://varco.test"), ("VARCO__TOKENS__AUDIENCE", "varco")];

const MAIL: [(&str, &str); 3] = [
    ("VARCO__MAIL__TRANSPORT", "file"),
    ("VARCO__MAIL__FOLDER", "mail"),
    ("VARCO__MAIL__LINK_BASE_URL", "https://app.varco.test"),
];

fn parse(text: &str, environment: &[(&str, &str)]) -> Result<Config, Problems> {
    parse_in(text, &[TOKENS.as_slice(), MAIL.as_slice(), environment].concat())
}

fn parse_in(text: &str, environment: &[(&str, &str)]) -> Result<Config, Problems> {
    Config::parse(text, environment.iter().map(|(name, value)| ((*name).into(), (*value).into())))
}

fn problems(text: &str, environment: &[(&str, &str)]) -> Vec<String> {
    let problems = parse(text, environment).err().unwrap();
    problems.0.into_iter().map(|Problem { key, problem }| format!("{key} {problem}")).collect()
}

fn keys(text: &str) -> Vec<String> {
    parse(text, &[]).err().unwrap().0.into_iter().map(|problem| problem.key).collect()
}

#[test]
fn the_least_configuration_has_safe_defaults() {
    let files = Files::new();
    let key = files.write("key", KEY, 0o600);
    let config = parse(&format!("[database]\nsqlite_path = \"v.db\"\n[secrets]\nkey_file = \"{key}\""), &[]).unwrap();

    assert!(config.grpc.listen.is_loopback() && config.http.listen.is_loopback());
    assert!(!config.grpc.allow_plaintext && config.grpc.reflection);
    assert_eq!(config.index.max_staleness.as_secs(), 10);
    assert_eq!(config.shutdown.grace.as_secs(), 8);
}

#[test]
fn every_problem_is_reported_at_once() {
    let text = r#"
        colour = "blue"
        [grpc]
        listen = "0.0.0.0:50051"
        reflexion = true
        [http]
        listen = "here"
        [telemetry]
        log_format = "xml"
        trace_sample_ratio = 2
        [index]
        max_staleness_seconds = 0
    "#;
    let found = [
        "grpc.listen",
        "grpc.reflexion",
        "http.listen",
        "database.url_file",
        "secrets.key_file",
        "telemetry.log_format",
        "telemetry.trace_sample_ratio",
        "index.max_staleness_seconds",
        "colour",
    ];
    assert_eq!(keys(text), found);
}

#[test]
fn the_environment_overrides_the_file_key_by_key() {
    let files = Files::new();
    let key = files.write("key", KEY, 0o600);
    let text = format!(
        "[grpc]\nlisten = \"127.0.0.1:1\"\n[database]\nsqlite_path = \"v.db\"\n[secrets]\nkey_file = \"{key}\""
    );
    let config = parse(&text, &[("VARCO__GRPC__LISTEN", "127.0.0.1:2"), ("VARCO__GRPC__REFLECTION", "false")]).unwrap();
    assert_eq!(config.grpc.listen.get().port(), 2);
    assert!(!config.grpc.reflection);

    let found = problems(&text, &[("VARCO__GRPC__LISTENN", "x"), ("VARCO__GRPC", "x")]);
    assert_eq!(found.len(), 2);
    assert!(found[0].starts_with("VARCO__GRPC must be VARCO__SECTION__KEY"), "{found:?}");
    assert!(found[1].starts_with("grpc.listenn is unknown"), "{found:?}");
}

#[test]
fn a_secret_that_others_can_read_is_refused() {
    let files = Files::new();
    let key = files.write("key", KEY, 0o644);
    let found = problems(&format!("[database]\nsqlite_path = \"v.db\"\n[secrets]\nkey_file = \"{key}\""), &[]);

    assert!(found[0].contains("others than its owner can read"), "{found:?}");
}

#[test]
fn a_placeholder_is_no_key() {
    let files = Files::new();
    let key = files.write("key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 0o600);
    let found = problems(&format!("[database]\nsqlite_path = \"v.db\"\n[secrets]\nkey_file = \"{key}\""), &[]);

    assert!(found[0].contains("placeholder"), "{found:?}");
}

#[test]
fn a_password_belongs_into_a_file_or_the_environment() {
    let files = Files::new();
    let key = files.write("key", KEY, 0o600);
    let secrets = format!("[secrets]\nkey_file = \"{key}\"\n");
    let url = "postgres://varco:hunter2@db.example/varco?sslmode=verify-full";
    let found = problems(&format!("{secrets}[database]\nurl = \"{url}\""), &[]);
    assert!(found[0].starts_with("database.url holds a password") && !found[0].contains("hunter2"), "{found:?}");

    let url_file = files.write("url", url, 0o600);
    let from_file = parse(&format!("{secrets}[database]\nurl_file = \"{url_file}\""), &[]).unwrap();
    let from_environment = parse(&secrets, &[("VARCO__DATABASE__URL", url)]).unwrap();
    for config in [from_file, from_environment] {
        let DatabaseConfig::Postgres { url: read, .. } = &config.database else { panic!("no PostgreSQL") };
        assert_eq!(read.expose(), url);
        assert_eq!(read.to_string(), "postgres://db.example/varco");
        assert!(!toml::to_string(&config.effective()).unwrap().contains("hunter2"));
    }
}

#[test]
fn tokens_say_where_they_come_from_and_whom_they_are_for() {
    let files = Files::new();
    let key = files.write("key", KEY, 0o600);
    let rest = format!("[database]\nsqlite_path = \"v.db\"\n[secrets]\nkey_file = \"{key}\"\n");
    let keys = |tokens: &str| -> Vec<String> {
        let problems = parse_in(&format!("{rest}{tokens}"), &MAIL).err().unwrap();
        problems.0.into_iter().map(|problem| problem.key).collect()
    };
    assert_eq!(keys(""), ["tokens.issuer", "tokens.audience"]);
    assert_eq!(keys("[tokens]\nissuer = \"\"\naudience = \"\""), ["tokens.issuer", "tokens.audience"]);
    for issuer in ["varco", "ftp://varco.test", "https://", "https://varco.test/", "https://varco.test?a=b"] {
        assert_eq!(keys(&format!("[tokens]\nissuer = \"{issuer}\"\naudience = \"a\"")), ["tokens.issuer"], "{issuer}");
    }
    let tokens = parse(&rest, &[]).unwrap().tokens;
    assert_eq!((tokens.scope.issuer.as_str(), tokens.scope.audience.as_str()), ("https://varco.test", "varco"));
}

#[test]
fn plaintext_off_loopback_has_to_be_asked_for() {
    let files = Files::new();
    let key = files.write("key", KEY, 0o600);
    let rest = format!("[database]\nsqlite_path = \"v.db\"\n[secrets]\nkey_file = \"{key}\"\n");
    for listen in ["0.0.0.0:1", "[::]:1", "192.0.2.1:1"] {
        let grpc = format!("[grpc]\nlisten = \"{listen}\"\n");
        assert_eq!(keys(&format!("{rest}{grpc}")), ["grpc.listen"], "{listen}");
        assert!(parse(&format!("{rest}{grpc}allow_plaintext = true"), &[]).is_ok(), "{listen}");
    }
    for listen in ["127.0.0.1:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
        assert!(parse(&format!("{rest}[grpc]\nlisten = \"{listen}\""), &[]).is_ok(), "{listen}");
    }
}

#[test]
fn the_effective_configuration_is_a_configuration() {
    let files = Files::new();
    let key = files.write("key", KEY, 0o600);
    let config = parse(&format!("[database]\nsqlite_path = \"v.db\"\n[secrets]\nkey_file = \"{key}\""), &[]).unwrap();
    let effective = toml::to_string(&config.effective()).unwrap();

    assert!(!effective.contains(KEY));
    assert_eq!(parse(&effective, &[]).unwrap().effective(), config.effective());
}

#[test]
fn what_is_no_toml_is_told_by_its_line_alone() {
    let found = problems("[database]\nurl = \"postgres://varco:hunter2@db/varco", &[]);

    assert!(found[0].starts_with("line 2 is no TOML") && !found[0].contains("hunter2"), "{found:?}");
}

fn mail_keys(files: &Files, mail: &str) -> Vec<String> {
    let key = files.write("key", KEY, 0o600);
    let text = format!("[database]\nsqlite_path = \"v.db\"\n[secrets]\nkey_file = \"{key}\"\n[mail]\n{mail}");
    parse_in(&text, &TOKENS).err().map_or_else(Vec::new, |problems| problems.0.into_iter().map(|it| it.key).collect())
}

#[test]
fn mails_leave_as_the_configuration_says_or_the_server_does_not_start() {
    let files = Files::new();
    let base = "link_base_url = \"https://app.varco.test\"\n";
    let smtp = format!("{base}transport = \"smtp\"\nhost = \"mail.varco.test\"\nfrom = \"no-reply@varco.test\"\n");
    assert_eq!(mail_keys(&files, ""), ["mail.link_base_url", "mail.transport"]);
    assert_eq!(mail_keys(&files, &format!("{base}transport = \"pigeon\"\nloft = \"north\"")), ["mail.transport"]);
    assert_eq!(mail_keys(&files, &format!("{base}transport = \"file\"")), ["mail.folder"]);
    assert_eq!(mail_keys(&files, &format!("{base}transport = \"smtp\"")), ["mail.host", "mail.from"]);
    assert_eq!(mail_keys(&files, &format!("{smtp}tls = \"none\"")), ["mail.tls"]);
    assert_eq!(mail_keys(&files, &format!("{smtp}username = \"varco\"")), ["mail.password_file"]);
    assert_eq!(mail_keys(&files, &format!("{smtp}port = 70000\nca_file = \"gone\"")), ["mail.port", "mail.ca_file"]);
    let open = files.write("open", "hunter2", 0o644);
    let login = format!("{smtp}username = \"varco\"\npassword_file = \"{open}\"");
    assert_eq!(mail_keys(&files, &login), ["mail.password_file"]);
    assert!(mail_keys(&files, &smtp).is_empty());
}

#[test]
fn the_password_of_the_mail_server_is_not_shown() {
    let files = Files::new();
    let (key, password) = (files.write("key", KEY, 0o600), files.write("password", "hunter2\n", 0o600));
    let text = format!(
        "[database]\nsqlite_path = \"v.db\"\n[secrets]\nkey_file = \"{key}\"\n[mail]\ntransport = \"smtp\"\n\
         link_base_url = \"https://app.varco.test\"\nhost = \"mail.varco.test\"\nfrom = \"V <a@varco.test>\"\n\
         username = \"varco\"\npassword_file = \"{password}\""
    );
    let effective = parse_in(&text, &TOKENS).unwrap().effective();
    let shown = toml::to_string(&effective).unwrap();

    assert!(!shown.contains("hunter2") && shown.contains("port = 587") && shown.contains("starttls"), "{shown}");
    assert_eq!(parse_in(&shown, &[]).unwrap().effective(), effective);
}
