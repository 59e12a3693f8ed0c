//! What runs without a command: first start, second start, and what stands in the way.

use varco_server::credential_file::CredentialFile;

use crate::binary::{Place, complaint, mode, said};

#[tokio::test]
async fn the_first_start_shows_the_credential_once_and_keeps_it() {
    let place = Place::new();
    let server = place.start(&[]).await;
    let operator = CredentialFile::read(&place.path("data/operator.json")).unwrap();

    assert_eq!(server.banner.matches(&operator.client_secret).count(), 1);
    assert_eq!(mode(&place.path("data")), 0o700);
    for file in ["data/operator.json", "data/secret.key", "data/varco.db"] {
        assert_eq!(mode(&place.path(file)), 0o600, "{file}");
    }
    let (status, _) = server.stop().await;
    assert!(status.success());
}

#[tokio::test]
async fn the_command_that_the_first_start_shows_works_as_it_is() {
    let place = Place::new();
    let server = place.start(&[]).await;
    let line = server.banner.lines().find(|line| line.contains(" check ")).unwrap();
    let arguments: Vec<&str> = line.split_whitespace().skip(1).collect();
    let answer = place.run(&arguments).await;

    assert!(said(&answer).starts_with("ALLOWED: "), "{}{}", said(&answer), complaint(&answer));
}

#[tokio::test]
async fn a_second_start_keeps_everything_and_shows_no_secret() {
    let place = Place::new();
    let first = place.start(&[]).await;
    let before = CredentialFile::read(&place.path("data/operator.json")).unwrap();
    let question = ["check", "giulia.rossi", "privacy:register.edit", "Milan"];
    let answer = said(&place.run(&question).await);
    first.stop().await;

    let second = place.start(&[]).await;
    let after = CredentialFile::read(&place.path("data/operator.json")).unwrap();
    assert_eq!((after.service_account_id, &after.client_secret), (before.service_account_id, &before.client_secret));
    assert_eq!(said(&place.run(&question).await), answer, "the same revision: nothing was written");
    let key = std::fs::read_to_string(place.path("data/secret.key")).unwrap();
    let shown = second.banner.clone();
    let (_, errors) = second.stop().await;
    for secret in [before.client_secret.as_str(), key.trim(), "varco_secret_", "varco_token_"] {
        assert!(!shown.contains(secret) && !errors.contains(secret), "{shown}{errors}");
    }
}

#[tokio::test]
async fn the_address_in_the_credential_follows_the_server() {
    let place = Place::new();
    place.start(&["--no-demo"]).await.stop().await;
    let _second = place.start(&["--no-demo"]).await;
    let token = place.run(&["token"]).await;

    assert!(said(&token).starts_with("varco_token_"), "{}", complaint(&token));
}

#[tokio::test]
async fn a_second_process_on_the_same_data_says_what_to_do() {
    let place = Place::new();
    let _first = place.start(&["--no-demo"]).await;
    let second = place.run(&["--grpc-listen", "127.0.0.1:0", "--http-listen", "127.0.0.1:0"]).await;

    assert_eq!(second.status.code(), Some(2));
    let complaint = complaint(&second);
    assert!(complaint.contains("another process") && complaint.contains("--data-dir"), "{complaint}");
}

#[tokio::test]
async fn a_taken_port_says_what_to_do() {
    let place = Place::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (option, other) in [("--grpc-listen", "--http-listen"), ("--http-listen", "--grpc-listen")] {
        let refused = place.run(&[option, &address, other, "127.0.0.1:0"]).await;
        let complaint = complaint(&refused);

        assert_eq!(refused.status.code(), Some(2));
        assert!(complaint.contains(&address) && complaint.contains(option), "{complaint}");
    }
    assert!(!place.path("data").exists(), "nothing is made before it is clear that the server can run");
}

#[tokio::test]
async fn it_is_for_this_machine_alone() {
    let place = Place::new();
    let refused = place.run(&["--grpc-listen", "0.0.0.0:0", "--http-listen", "127.0.0.1:0"]).await;

    assert!(complaint(&refused).contains("is not loopback"), "{}", complaint(&refused));
    assert!(!place.path("data").exists());
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_says_what_to_do() {
    let place = Place::new();
    place.write("file", "");
    let options = ["--grpc-listen", "127.0.0.1:0", "--http-listen", "127.0.0.1:0", "--data-dir", "file/data"];
    let refused = place.run(&options).await;

    let complaint = complaint(&refused);
    assert!(complaint.contains("`file/data` cannot be used") && complaint.contains("--data-dir"), "{complaint}");
}

#[tokio::test]
async fn a_start_that_was_cut_off_is_finished_by_the_next() {
    let place = Place::new();
    place.start(&[]).await.stop().await;
    // As a crash leaves it: the demo not known to be whole, the operator's secret not yet written.
    place.write("data/demo.state", "loading\n");
    place.write("data/operator.json", "");

    let server = place.start(&[]).await;
    let answer = place.run(&["check", "giulia.rossi", "privacy:register.edit", "Milan"]).await;
    assert!(said(&answer).starts_with("ALLOWED: "), "{}", complaint(&answer));
    assert!(server.banner.contains("varco_secret_"), "a new secret is shown once");
    server.stop().await;
    assert!(!place.start(&[]).await.banner.contains("varco_secret_"));
}

#[tokio::test]
async fn whoever_wants_no_demo_gets_none() {
    let place = Place::new();
    let _server = place.start(&["--no-demo"]).await;
    let answer = place.run(&["check", "giulia.rossi", "privacy:register.edit", "Milan"]).await;

    assert_eq!(answer.status.code(), Some(2));
    assert!(complaint(&answer).contains("there is no organization yet"), "{}", complaint(&answer));
}
