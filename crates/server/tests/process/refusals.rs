//! What stops `varco serve` before it begins.

use varco_testkit::databases::{Backend, Fixture, TestDatabase};

use crate::binary::{Place, complaint, said};

const KEY: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

/// A configuration that works, with more in its last section.
fn configuration(place: &Place, more: &str) -> String {
    place.write("key", KEY);
    let text = format!(
        "[grpc]\nlisten = \"127.0.0.1:0\"\n[http]\nlisten = \"127.0.0.1:0\"\n[database]\nsqlite_path = \"varco.db\"\n\
         [mail]\ntransport = \"file\"\nfolder = \"mail\"\nlink_base_url = \"https://app.varco.test\"\n\
         [secrets]\nkey_file = \"key\"\n[tokens]\nissuer = \"https://varco.test\"\naudience = \"varco\"\n\
         [bootstrap]\n{more}\n"
    );
    place.write("varco.toml", &text);
    text
}

/// What `varco serve` says when it does not start.
async fn refusal(place: &Place) -> String {
    refusal_of(place, "serve").await
}

/// What `varco check-config` and `varco serve` both say, before there is a database.
async fn refusal_before_anything(place: &Place) -> String {
    let refusal = refusal_of(place, "serve").await;
    assert_eq!(refusal_of(place, "check-config").await, refusal);
    assert!(!place.path("varco.db").exists(), "nothing was created: {refusal}");
    refusal
}

async fn refusal_of(place: &Place, command: &str) -> String {
    let output = place.run(&[command, "--config", "varco.toml"]).await;
    assert_eq!(output.status.code(), Some(2), "{}", complaint(&output));
    assert_eq!(said(&output), "");
    complaint(&output)
}

#[tokio::test]
async fn an_unknown_key_stops_it() {
    let place = Place::new();
    configuration(&place, "operator_credentials_file = \"operator.json\"");

    assert!(refusal(&place).await.contains("bootstrap.operator_credentials_file is unknown"));
    assert!(!place.path("varco.db").exists());
}

#[tokio::test]
async fn a_missing_secret_stops_it() {
    let place = Place::new();
    configuration(&place, "operator_credential_file = \"operator.json\"");
    std::fs::remove_file(place.path("key")).unwrap();

    assert!(refusal(&place).await.contains("secrets.key_file names `key`, which cannot be read"));
}

#[tokio::test]
async fn every_problem_is_told_at_once() {
    let place = Place::new();
    place.write("varco.toml", "[grpc]\nlisten = \"everywhere\"\ntls_key_file = \"key\"\n[index]\nmax = 1\n");
    let refusal = refusal(&place).await;

    for key in ["grpc.listen", "grpc.tls_certificate_file", "database.url_file", "secrets.key_file", "index.max"] {
        assert!(refusal.contains(key), "{key} is not in {refusal}");
    }
}

#[tokio::test]
async fn a_missing_configuration_stops_it() {
    assert!(refusal(&Place::new()).await.contains("varco.toml cannot be read"));
}

#[tokio::test]
async fn a_certificate_that_is_none_stops_it() {
    let place = Place::new();
    let text = configuration(&place, "operator_credential_file = \"operator.json\"");
    let (certificate, key) = (include_str!("tls/certificate.pem"), include_str!("tls/key.pem"));
    for (certificate, key) in [("none", "none"), (certificate, "none"), ("none", key), (key, certificate)] {
        place.write("tls.pem", certificate);
        place.write("tls-key.pem", key);
        let tls = "[grpc]\ntls_certificate_file = \"tls.pem\"\ntls_key_file = \"tls-key.pem\"";
        place.write("varco.toml", &text.replace("[grpc]", tls));

        let refusal = refusal_before_anything(&place).await;
        assert!(refusal.contains("grpc.tls_certificate_file names `tls.pem`, which is no PEM"), "{refusal}");
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_stops_it_before_there_is_an_operator() {
    let place = Place::new();
    configuration(&place, "operator_credential_file = \"missing/operator.json\"");

    let refusal = refusal_before_anything(&place).await;
    assert!(refusal.contains("bootstrap.operator_credential_file is in `missing`, which is no folder"), "{refusal}");
}

#[tokio::test]
async fn nobody_who_could_call_stops_it() {
    let place = Place::new();
    configuration(&place, "");

    assert!(refusal(&place).await.contains("set bootstrap.operator_credential_file"));
}

#[tokio::test]
async fn a_credential_is_never_overwritten() {
    let place = Place::new();
    configuration(&place, "operator_credential_file = \"operator.json\"");
    place.write("operator.json", "{}");

    assert!(refusal(&place).await.contains("never overwritten"));
    assert_eq!(std::fs::read_to_string(place.path("operator.json")).unwrap(), "{}");
}

#[tokio::test]
async fn a_newer_schema_stops_it() {
    let database = TestDatabase::on(Backend::Sqlite).await;
    database.open().await.close().await;
    database.tamper("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99991231_235959_later', 0)");
    let place = Place::new();
    let text = configuration(&place, "operator_credential_file = \"operator.json\"");
    let path = database.path().unwrap().display().to_string();
    place.write("varco.toml", &text.replace("varco.db", &path));
    let refusal = refusal(&place).await;

    assert!(refusal.contains("newer version") && refusal.contains("m99991231_235959_later"), "{refusal}");
}

#[tokio::test]
async fn the_effective_configuration_is_shown_without_secrets() {
    let place = Place::new();
    configuration(&place, "operator_credential_file = \"operator.json\"");
    let mut command = place.command(&["check-config", "--config", "varco.toml"]);
    let shown = command.env("VARCO__INDEX__MAX_STALENESS_SECONDS", "5").output().await.unwrap();

    assert!(shown.status.success(), "{}", complaint(&shown));
    let shown = said(&shown);
    assert!(shown.contains("max_staleness_seconds = 5") && shown.contains("grace_seconds = 8"), "{shown}");
    assert!(!shown.contains(KEY), "{shown}");
}
