//! The client commands.

use crate::binary::{Place, complaint, said};

#[tokio::test]
async fn without_a_server_or_a_credential_commands_say_what_to_do() {
    let place = Place::new();
    let check = ["check", "giulia.rossi", "privacy:register.edit", "Milan"];
    let without_credential = complaint(&place.run(&check).await);
    assert!(without_credential.contains("data/operator.json") && without_credential.contains("--credential"));

    place.start(&[]).await.stop().await;
    let without_server = place.run(&check).await;
    assert_eq!(without_server.status.code(), Some(2));
    assert!(complaint(&without_server).contains("no server answers at http://127.0.0.1:"));
    let health = place.run(&["health", "--address", "127.0.0.1:1"]).await;
    assert_eq!(health.status.code(), Some(1));
}

#[tokio::test]
async fn a_check_says_yes_and_no_by_name_and_by_id() {
    let place = Place::new();
    let server = place.start(&[]).await;
    for (unit, verdict, code) in [("milan", "ALLOWED", 0), ("Rome", "DENIED", 1), ("Aurora Group", "DENIED", 1)] {
        let answer = place.run(&["check", "Giulia.Rossi", "privacy:register.edit", unit]).await;
        assert!(said(&answer).starts_with(verdict), "{unit}: {}{}", said(&answer), complaint(&answer));
        assert_eq!(answer.status.code(), Some(code), "{unit}");
    }
    let explained = said(&place.run(&["explain", "giulia.rossi", "privacy:register.edit", "Milan"]).await);
    assert!(explained.contains("Privacy Manager (grants it), inherited from Italy"), "{explained}");
    assert!(explained.contains("Milan > Italy"), "{explained}");
    for (arguments, problem) in [
        (["check", "nobody", "privacy:register.edit", "Milan"], "no user or service account `nobody`"),
        (["check", "giulia.rossi", "privacy:register.edit", "Paris"], "no unit `Paris`"),
    ] {
        let refused = place.run(&arguments).await;
        assert!(complaint(&refused).contains(problem), "{}", complaint(&refused));
    }
    drop(server);
}

#[tokio::test]
async fn a_created_service_account_manages_its_organization() {
    let place = Place::new();
    let _server = place.start(&[]).await;
    let created = place.run(&["service-account", "create", "--organization", "aurora group", "backend"]).await;
    assert!(created.status.success(), "{}", complaint(&created));
    place.write("backend.json", &said(&created));
    let arguments = ["check", "--credential", "backend.json", "backend", "privacy:register.edit", "Milan"];
    let answer = said(&place.run(&arguments).await);

    assert!(answer.contains("NO_ROLE_HERE"), "{answer}");
}

#[tokio::test]
async fn watching_shows_what_happened_and_what_happens() {
    use tokio::io::{AsyncBufReadExt, BufReader};
    let place = Place::new();
    let _server = place.start(&["--no-demo"]).await;
    let mut watch = place.command(&["watch", "--after", "0"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();

    assert!(lines.next_line().await.unwrap().unwrap().starts_with("1.0 signing_key.created "));
    assert!(lines.next_line().await.unwrap().unwrap().starts_with("2.0 service_account.created "));
    assert!(lines.next_line().await.unwrap().unwrap().starts_with("2.1 service_account.secret_created "));
}

#[tokio::test]
async fn health_is_asked_over_both_ports() {
    let place = Place::new();
    let server = place.start(&["--no-demo"]).await;
    let grpc = server.banner.lines().find_map(|line| line.trim().strip_prefix("gRPC  ")).unwrap();
    let health = place.run(&["health", "--grpc", grpc]).await;
    assert_eq!((said(&health).as_str(), health.status.code()), ("SERVING\n", Some(0)));
    for path in ["livez", "readyz"] {
        assert!(get(server.http(), path).await.starts_with("HTTP/1.1 200 "), "{path}");
    }
    assert!(get(server.http(), "").await.starts_with("HTTP/1.1 404 "));
}

/// What a plain HTTP request is answered.
pub(crate) async fn get(address: &str, path: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET /{path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
