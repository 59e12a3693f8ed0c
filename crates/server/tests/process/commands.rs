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
async fn from_an_invitation_to_a_checked_permission() {
    let place = Place::new();
    let server = place.start(&[]).await;
    let created = place.run(&["service-account", "create", "my-backend"]).await;
    place.write("backend.json", &said(&created));
    let as_backend = ["--credential", "backend.json"];
    let invite = ["invite", "ada.lovelace", "ada@aurora.example", "Ada", "Lovelace"];
    let invited = place.run(&[&invite[..], &as_backend].concat()).await;
    assert!(said(&invited).contains("ada@aurora.example"), "{}", complaint(&invited));
    let grant = ["grant", "ada.lovelace", "Privacy Manager", "Milan"];
    let granted = place.run(&[&grant[..], &as_backend].concat()).await;
    assert!(granted.status.success(), "{}", complaint(&granted));
    let check = ["check", "ada.lovelace", "privacy:register.edit", "Milan"];
    assert!(said(&place.run(&check).await).contains("USER_NOT_ACTIVE"));

    let link = mailed_link(&place).await;
    let password = "three blue umbrellas";
    let activated = place.run_with(&["activate", "--address", server.grpc()], &format!("{link}\n{password}\n")).await;
    assert_eq!(said(&activated), "ada.lovelace is active\n", "{}", complaint(&activated));
    let again = place.run_with(&["activate", "--address", server.grpc()], &format!("{link}\n{password}\n")).await;
    assert!(complaint(&again).contains("LINK_INVALID"), "{}", complaint(&again));
    let signed_in =
        place.run_with(&["sign-in", "ada.lovelace", "--address", server.grpc()], &format!("{password}\n")).await;
    assert_eq!(said(&signed_in).matches('.').count(), 2, "an access token: {}", complaint(&signed_in));
    assert!(said(&place.run(&check).await).starts_with("ALLOWED"));
}

/// The link of the one mail, once it is written.
async fn mailed_link(place: &Place) -> String {
    let folder = place.path("data/mail");
    let written = async {
        loop {
            let file = std::fs::read_dir(&folder).ok().and_then(|mut files| files.next());
            let text = file.and_then(|file| std::fs::read_to_string(file.ok()?.path()).ok()).unwrap_or_default();
            if let Some(link) = text.split_whitespace().find(|word| word.contains("#token=")) {
                return link.to_owned();
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(1), written).await.expect("the mail is written")
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
